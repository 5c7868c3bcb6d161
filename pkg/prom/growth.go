package prom

import (
	"math"
	"time"

	"github.com/prometheus/prometheus/model/labels"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// growth counts a counter's growth per slice from every sample of its series.
type growth struct {
	edges  []int64 // of the slices, in ms since the epoch; one more than there are slices
	missed int64   // ms between samples above which a scrape was missed

	events   []float64 // growth, without what births brought
	births   []reading // first values of series; they count where the indicator was seen before
	seen     []bool    // per slice: something was seen
	before   bool      // something was seen before the grid
	falls    map[string][]fallAt
	returns  map[string][]returned
	series   map[uint64]*seriesGrowth
	readings int
}

// fallAt is a restart that was seen: a series of the process fell at an instant,
// and was scraped before at another. Both in ms.
type fallAt struct{ at, before int64 }

// returned is a series that missed at least one scrape and came back no lower. If
// its process restarted meanwhile, its last value before is missing in the growth.
type returned struct {
	before, at int64 // last and next sample, in ms
	slice      int
	last       float64
}

func newGrowth(grid slo.Grid, scrape time.Duration) *growth {
	g := &growth{
		edges: make([]int64, grid.Len()+1), missed: scrape.Milliseconds() * 3 / 2,
		events: make([]float64, grid.Len()), seen: make([]bool, grid.Len()),
		falls: map[string][]fallAt{}, returns: map[string][]returned{}, series: map[uint64]*seriesGrowth{},
	}
	for i := range g.edges {
		g.edges[i] = grid.Edge(i).UnixMilli()
	}
	return g
}

// of is the series with the given labels. Asked again, it goes on where it was.
func (g *growth) of(l labels.Labels) *seriesGrowth {
	id := l.Hash()
	s, ok := g.series[id]
	if !ok {
		s = &seriesGrowth{growth: g, process: processOfLabels(l), slice: beforeGrid}
		g.series[id] = s
	}
	return s
}

// seriesGrowth is one series of a counter.
type seriesGrowth struct {
	*growth
	process string
	slice   int // that the last sample was in
	known   bool
	at      int64
	value   float64
}

// add takes the next sample. Staleness markers and other NaNs are no values.
func (s *seriesGrowth) add(at int64, value float64) {
	if math.IsNaN(value) || s.known && at <= s.at {
		return
	}
	s.readings++
	for s.slice+1 < len(s.events) && at >= s.edges[s.slice+1] {
		s.slice++
	}
	if s.slice == beforeGrid {
		s.before = true
	} else {
		s.seen[s.slice] = true
	}
	switch {
	case !s.known:
		if s.slice != beforeGrid {
			s.births = append(s.births, reading{s.slice, value})
		}
	case value < s.value:
		s.count(value)
		if s.process != "" {
			s.falls[s.process] = append(s.falls[s.process], fallAt{at, s.at})
		}
	default:
		s.count(value - s.value)
		if s.process != "" && at-s.at > s.missed && s.slice != beforeGrid {
			s.returns[s.process] = append(s.returns[s.process], returned{s.at, at, s.slice, s.value})
		}
	}
	s.known, s.at, s.value = true, at, value
}

func (s *seriesGrowth) count(grown float64) {
	if s.slice != beforeGrid {
		s.events[s.slice] += grown
	}
}

// firstSeen is the first slice in which anything was seen, beforeGrid where that
// was earlier, and the number of slices where never.
func (g *growth) firstSeen() int {
	if g.before {
		return beforeGrid
	}
	for i, seen := range g.seen {
		if seen {
			return i
		}
	}
	return len(g.seen)
}

// total is the growth per slice: births count where they came after the first slice
// in which anything of the indicator was seen, and series that came back after
// their process restarted count from zero.
func (g *growth) total(firstSeen int, falls map[string][]fallAt) []float64 {
	all := append([]float64(nil), g.events...)
	for _, b := range g.births {
		if b.slice > firstSeen {
			all[b.slice] += b.value
		}
	}
	for process, list := range g.returns {
		for _, r := range list {
			for _, f := range falls[process] {
				// Scraped together before, and gone at the very scrape that shows the
				// restart.
				if f.before == r.before && f.at < r.at {
					all[r.slice] += r.last
					break
				}
			}
		}
	}
	return all
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
