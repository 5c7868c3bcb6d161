package prom

import (
	"math"
	"strings"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
)

// seriesID names a series. Buckets that are written "1" and "1.0" are the same: the
// text changes with the version of Prometheus, and not the counter.
func seriesID(l labels.Labels) uint64 {
	le := l.Get(labels.BucketLabel)
	if le == "" || le == canonicalBucket(le) {
		return l.Hash()
	}
	return labels.NewBuilder(l).Set(labels.BucketLabel, canonicalBucket(le)).Labels().Hash()
}

// seriesGrowth is one series of a growth.
type seriesGrowth struct {
	*growth
	column    *column
	process   string
	group     string
	known     bool
	at        int64
	value     float64
	histogram *histogram.FloatHistogram // the last, of native histograms
}

// join puts a series into its group.
func (s *seriesGrowth) join(l labels.Labels) {
	values := make([]string, len(s.by))
	for i, name := range s.by {
		values[i] = l.Get(name)
	}
	s.group = groupKey(values)
	s.column = s.growth.column(s.group, values)
	if s.groupOf == nil {
		return
	}
	if other, ok := s.groupOf[s.process]; ok && other != s.group {
		s.shared = true
	}
	s.groupOf[s.process] = s.group
}

func groupKey(values []string) string { return strings.Join(values, "\xff") }

// see notes a sample and returns the minute that it counts in; inside is false
// where it lies before the first.
func (s *seriesGrowth) see(at int64) (minute int, inside bool) {
	g := s.growth
	g.readings++
	g.last, s.column.last = max(g.last, at), max(s.column.last, at)
	if at < g.start {
		g.before = true
		return 0, false
	}
	return g.mark(s.column, at), true
}

// isValue reports whether a sample says anything about a counter: staleness markers,
// other NaNs and infinities do not.
func isValue(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// add takes the next sample. One that was taken before is not taken again.
func (s *seriesGrowth) add(at int64, value float64) {
	at -= s.term.lag.Milliseconds()
	if !isValue(value) || s.known && at <= s.at || at >= s.end {
		return
	}
	minute, inside := s.see(at)
	grown := value
	switch s.term.kind {
	case counterGrowth:
		grown = s.grow(at, value, inside)
	case sampleCount:
		grown = 1
	case sampleSum:
	default: // a histogram is no number
		return
	}
	if inside {
		s.count(minute, grown)
	}
	s.known, s.at, s.value = true, at, value
}

// count counts events in a minute.
func (s *seriesGrowth) count(minute int, events float64) {
	if s.open != nil {
		s.open.events[minute-s.open.first] += events
		return
	}
	s.column.events.add(minute, events)
}

// grow is what a counter grew by with its next sample, as far as it is known yet.
func (s *seriesGrowth) grow(at int64, value float64, inside bool) float64 {
	switch {
	case !s.known:
		if inside {
			s.column.births = append(s.column.births, birth{at, value})
		}
		return 0
	case value < s.value:
		if s.process != "" {
			s.falls[s.process] = append(s.falls[s.process], fallAt{at, s.at, value})
		}
		return value
	}
	if s.process != "" && at-s.at > s.missed && s.value > 0 {
		s.column.returns = append(s.column.returns, returned{s.process, s.at, at, s.value, value})
	}
	return value - s.value
}

// never is the first instant at which anything was seen where nothing was.
const never = math.MaxInt64

// processOfLabels names the process that a series is of; empty where no label says.
func processOfLabels(l labels.Labels) string {
	process := ""
	for _, name := range processLabels {
		if value := l.Get(string(name)); value != "" {
			process += string(name) + "=" + value + ","
		}
	}
	return process
}

// labelsOf are the labels of a metric, without its name.
func labelsOf(m model.Metric) labels.Labels {
	builder := labels.NewScratchBuilder(len(m))
	for name, value := range m {
		if name != model.MetricNameLabel {
			builder.Add(string(name), string(value))
		}
	}
	builder.Sort()
	return builder.Labels()
}
