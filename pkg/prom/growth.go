package prom

import (
	"math"
	"slices"
	"time"

	"github.com/prometheus/prometheus/model/labels"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// fine is the length of the slices that growth is kept in: windows, lookbacks and
// steps are whole minutes.
const fine = time.Minute

const fineMs = int64(fine / time.Millisecond)

// growth is a counter's growth per minute, counted from every sample of its series
// as they stream by. It can go on where it was with later samples. All instants are
// in ms since the epoch.
type growth struct {
	start  int64 // of the first minute
	missed int64 // between samples above which a scrape was missed

	events  minutes // growth, without what births brought
	seen    []bool  // something was seen in the minute
	before  bool    // something was seen before start
	births  []birth
	falls   map[string][]fallAt
	returns map[string][]returned
	series  map[uint64]*seriesGrowth

	readings int
}

// birth is the first sample of a series. It counts where the indicator had been
// seen before.
type birth struct {
	at    int64
	value float64
}

// fallAt is a restart that was seen: a series of the process fell at an instant,
// and was scraped before at another.
type fallAt struct{ at, before int64 }

// returned is a series that missed at least one scrape and came back no lower. If
// its process restarted meanwhile, its last value before is missing in the growth.
type returned struct {
	before, at int64 // last and next sample
	last       float64
}

func newGrowth(start time.Time, scrape time.Duration) *growth {
	return &growth{
		start: start.UnixMilli(), missed: scrape.Milliseconds() * 3 / 2,
		falls: map[string][]fallAt{}, returns: map[string][]returned{}, series: map[uint64]*seriesGrowth{},
	}
}

// end is the end of the last minute that there is room for.
func (g *growth) end() int64 { return g.start + int64(len(g.seen))*fineMs }

// extend makes room up to an instant.
func (g *growth) extend(to time.Time) {
	if n := int((to.UnixMilli() - g.end()) / fineMs); n > 0 {
		g.events.extend(n)
		g.seen = append(g.seen, make([]bool, n)...)
	}
}

// forget lets go of what lies before an instant, and of series that have not been
// seen for so long that they would count as born if they came back.
func (g *growth) forget(from, to time.Time) {
	if n := int((from.UnixMilli() - g.start) / fineMs); n > 0 && n <= len(g.seen) {
		for _, seen := range g.seen[:n] {
			g.before = g.before || seen
		}
		g.events.drop(n)
		g.seen = append([]bool(nil), g.seen[n:]...)
		g.start += int64(n) * fineMs
	}
	for id, s := range g.series {
		if s.at < to.Add(-lookbehind).UnixMilli() {
			delete(g.series, id)
		}
	}
	dropBefore(g.falls, func(f fallAt) bool { return f.at < g.start })
	dropBefore(g.returns, func(r returned) bool { return r.at < g.start })
	kept := g.births[:0]
	for _, b := range g.births {
		if b.at >= g.start {
			kept = append(kept, b)
		}
	}
	g.births = kept
}

// dropBefore drops what lies too far back from lists by process.
func dropBefore[T any](lists map[string][]T, old func(T) bool) {
	for process, list := range lists {
		kept := list[:0]
		for _, one := range list {
			if !old(one) {
				kept = append(kept, one)
			}
		}
		if lists[process] = kept; len(kept) == 0 {
			delete(lists, process)
		}
	}
}

// bytes is about how much memory the growth holds.
func (g *growth) bytes() int64 {
	const perSeries, perEvent = 160, 32 // with their share of maps and strings
	n := len(g.births)
	for _, list := range g.falls {
		n += len(list)
	}
	for _, list := range g.returns {
		n += len(list)
	}
	return g.events.bytes() + int64(cap(g.seen)) + int64(len(g.series))*perSeries + int64(n)*perEvent
}

// of is the series with the given labels. Asked again, it goes on where it was.
func (g *growth) of(l labels.Labels) *seriesGrowth {
	id := l.Hash()
	s, ok := g.series[id]
	if !ok {
		s = &seriesGrowth{growth: g, process: processOfLabels(l)}
		g.series[id] = s
	}
	return s
}

// seriesGrowth is one series of a counter.
type seriesGrowth struct {
	*growth
	process string
	known   bool
	at      int64
	value   float64
}

// add takes the next sample. Staleness markers and other NaNs are no values; a
// sample that was taken before is not taken again.
func (s *seriesGrowth) add(at int64, value float64) {
	if math.IsNaN(value) || s.known && at <= s.at || at >= s.end() {
		return
	}
	s.readings++
	inside := at >= s.start
	minute := 0
	if inside {
		minute = int((at - s.start) / fineMs)
		s.seen[minute] = true
	} else {
		s.before = true
	}
	grown := value
	switch {
	case !s.known:
		grown = 0
		if inside {
			s.births = append(s.births, birth{at, value})
		}
	case value < s.value:
		if s.process != "" {
			s.falls[s.process] = append(s.falls[s.process], fallAt{at, s.at})
		}
	default:
		grown = value - s.value
		if s.process != "" && at-s.at > s.missed {
			s.returns[s.process] = append(s.returns[s.process], returned{s.at, at, s.value})
		}
	}
	if inside {
		s.events.add(minute, grown)
	}
	s.known, s.at, s.value = true, at, value
}

// never is the first instant at which anything was seen where nothing was.
const never = math.MaxInt64

// firstSeen is the end of the first minute in which anything was seen: what is born
// after it was born while somebody watched.
func (g *growth) firstSeen() int64 {
	if g.before {
		return g.start
	}
	for i, seen := range g.seen {
		if seen {
			return g.start + int64(i+1)*fineMs
		}
	}
	return never
}

// onGrid is the growth per slice of a grid. Births count from firstSeen on; series
// that came back after their process restarted, which falls tell, count from zero.
func (g *growth) onGrid(grid slo.Grid, firstSeen int64, falls map[string][]fallAt) tally {
	out := tally{events: make([]float64, grid.Len()), seen: make([]bool, grid.Len())}
	i := 0
	for _, part := range grid.Parts() {
		minute, n := int((part.Start.UnixMilli()-g.start)/fineMs), int(part.Step/fine)
		for range part.N {
			from, to := max(minute, 0), min(minute+n, len(g.seen))
			if from < to {
				out.events[i] = g.events.sum(from, to)
				out.seen[i] = slices.Contains(g.seen[from:to], true)
			}
			minute += n
			i++
		}
	}
	from, to := grid.Start().UnixMilli(), grid.End().UnixMilli()
	add := func(at int64, value float64) {
		if at >= from && at < to {
			out.events[grid.Index(time.UnixMilli(at))] += value
		}
	}
	for _, b := range g.births {
		if b.at >= firstSeen {
			add(b.at, b.value)
		}
	}
	for process, list := range g.returns {
		for _, r := range list {
			for _, f := range falls[process] {
				// Scraped together before, and gone at the very scrape that shows the
				// restart.
				if f.before == r.before && f.at < r.at {
					add(r.at, r.last)
					break
				}
			}
		}
	}
	return out
}

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
