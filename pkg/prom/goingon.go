package prom

import (
	"math"
)

// addAll takes the samples of a chunk: as add, one after the other. Nearly all are the
// next values of a counter that goes on; these are counted without a detour.
func (s *seriesGrowth) addAll(c numbers) {
	all := c.stretches
	if !s.known {
		s.addEach(&all[0])
		all = all[1:]
	}
	g := s.growth
	switch {
	case len(all) == 0:
	case !s.known, g.term.kind != counterGrowth, g.term.lag != 0, !c.inOrder(), all[0].at <= s.at, c.last() >= g.end:
		for i := range all {
			s.addEach(&all[i])
		}
	case c.last() < g.start:
		s.pass(all)
	case all[0].at < g.start:
		for i := range all {
			s.addEach(&all[i])
		}
	default:
		s.goOn(all)
	}
}

func (s *seriesGrowth) addEach(r *stretch) {
	for i := range int64(r.n) {
		s.add(r.at+i*r.step, r.value)
	}
}

// follows reports that a stretch is the next of a counter that went on from a sample: no
// restart, no scrape missed that matters, nothing but numbers.
func (r *stretch) follows(at int64, value float64, missed int64) bool {
	return r.value >= value && r.value <= math.MaxFloat64 && r.at-at <= missed && (r.n == 1 || r.step <= missed)
}

// longestGap is above which distance between samples a scrape was missed, where that
// matters.
func (s *seriesGrowth) longestGap() int64 {
	if s.process == "" {
		return never
	}
	return s.missed
}

// pass takes samples of before the first minute, in order of time: what they grew by is
// not counted.
func (s *seriesGrowth) pass(all []stretch) {
	g, missed := s.growth, s.longestGap()
	for i := range all {
		r := &all[i]
		if !r.follows(s.at, s.value, missed) {
			s.addEach(r)
			continue
		}
		s.at, s.value = r.last(), r.value
		g.readings += r.n
		g.before = true
	}
	g.last, s.column.last = max(g.last, s.at), max(s.column.last, s.at)
}

// goOn takes samples in order of time that all lie in the minutes that are counted.
func (s *seriesGrowth) goOn(all []stretch) {
	g, missed := s.growth, s.longestGap()
	first, events := uint64(0), []float64(nil)
	if g.open != nil {
		first, events = uint64(g.open.first), g.open.events
	}
	from := int64(never)      // the first of the samples that are to be marked: at most a minute apart
	minute, pending := 0, 0.0 // what is to be counted where, in place of several small amounts
	at, value, n := s.at, s.value, 0
	for i := range all {
		r := &all[i]
		if !r.follows(at, value, missed) {
			s.markRun(from, at)
			s.at, s.value = at, value
			s.addEach(r)
			at, value = s.at, s.value
			from = never
			continue
		}
		if from == never || r.at-at > fineMs {
			s.markRun(from, at)
			from = r.at
		}
		switch grown := r.value - value; {
		case events != nil:
			events[uint64(r.at)/uint64(fineMs)-first] += grown
		case grown > 0:
			if place := g.place(r.at); place != minute {
				s.column.events.add(minute, pending)
				minute, pending = place, 0
			}
			pending += grown
		}
		n += r.n
		at, value = r.at, r.value
		if r.n > 1 {
			if r.step > fineMs {
				for i := range int64(r.n) {
					s.markRun(r.at+i*r.step, r.at+i*r.step)
				}
				from = r.last()
			}
			at = r.last()
		}
	}
	s.markRun(from, at)
	s.column.events.add(minute, pending)
	s.at, s.value = at, value
	g.readings += n
	g.last, s.column.last = max(g.last, at), max(s.column.last, at)
}

// markRun marks the minutes from one instant to another, both in them, as seen; none
// where the first is never.
func (s *seriesGrowth) markRun(from, to int64) {
	if from == never {
		return
	}
	g := s.growth
	first, last := int(from/fineMs), int(to/fineMs)
	if g.open != nil {
		setBits(g.open.seen, first-g.open.first, last-g.open.first+1)
		return
	}
	if g.coarse {
		for minute := first; minute <= last; minute++ {
			g.mark(s.column, int64(minute)*fineMs)
		}
		return
	}
	g.seen.setRun(first, last+1)
	if g.groupOf != nil {
		s.column.seen.setRun(first, last+1)
	}
}
