package prom

import (
	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/value"
)

// addHistogram takes the next sample of a native histogram: as add, for the events
// in its buckets.
func (s *seriesGrowth) addHistogram(at int64, h *histogram.FloatHistogram) {
	if s.known && at <= s.at || at >= s.end || value.IsStaleNaN(h.Sum) || !s.term.ofHistogram() {
		return
	}
	minute, inside := s.see(at)
	grown := 0.0
	switch {
	case !s.known:
		if inside {
			s.column.births = append(s.column.births, birth{at, s.term.measure(h)})
		}
	case h.DetectReset(s.histogram):
		if s.process != "" {
			s.falls[s.process] = append(s.falls[s.process], fallAt{at, s.at, s.term.measure(h)})
		}
		grown = s.term.measure(h)
	default:
		// Buckets may have become coarser since; the difference is in buckets that
		// both have.
		if delta, _, _, err := h.Copy().Sub(s.histogram); err == nil {
			grown = s.term.measure(delta)
		}
		if s.process != "" && at-s.at > s.missed {
			s.column.returns = append(s.column.returns, returned{s.process, s.at, at, s.term.measure(s.histogram), s.term.measure(h)})
		}
	}
	if inside {
		s.count(minute, grown)
	}
	s.known, s.at, s.histogram = true, at, h
}

// measure is the number of events of a histogram that a term counts: all of them,
// or those in the buckets that end at or before its bound, or those in the buckets
// that begin before it.
func (t term) measure(h *histogram.FloatHistogram) float64 {
	if t.kind == histogramCount {
		return h.Count
	}
	total := 0.0
	for buckets := h.AllBucketIterator(); buckets.Next(); {
		b := buckets.At()
		if b.Upper <= t.bound || t.kind == histogramUpTo && b.Lower < t.bound {
			total += b.Count
		}
	}
	return total
}

// around are the bounds of the bucket that a value lies inside of, in the histogram
// that was read last; ok is false where it is a bound itself.
func (g *growth) around(bound float64) (lower, upper float64, ok bool) {
	newest := int64(0)
	for _, s := range g.series {
		if s.histogram == nil || s.at < newest {
			continue
		}
		for buckets := s.histogram.AllBucketIterator(); buckets.Next(); {
			if b := buckets.At(); b.Lower < bound && bound < b.Upper {
				newest, lower, upper, ok = s.at, b.Lower, b.Upper, true
			}
		}
	}
	return lower, upper, ok
}
