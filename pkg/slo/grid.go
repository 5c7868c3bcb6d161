package slo

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// Grid cuts an interval of time into contiguous slices. It consists of parts,
// each with slices of one length: fine ones where windows begin and end, coarse
// ones in between. Every edge is a multiple of its part's step since the Unix
// epoch, so that the same question asked a moment later meets the same slices.
type Grid struct {
	parts []Part
	first []int // index of the first slice of each part
	n     int
}

// Part is a run of N slices of length Step from Start on.
type Part struct {
	Start time.Time
	Step  time.Duration
	N     int
}

// End is the end of the part's last slice.
func (p Part) End() time.Time { return p.Start.Add(time.Duration(p.N) * p.Step) }

// NewGrid joins parts, which must follow each other without a gap, into a grid.
// Parts without slices are left out.
func NewGrid(parts ...Part) (Grid, error) {
	var g Grid
	for _, p := range parts {
		if p.N == 0 {
			continue
		}
		if p.Step <= 0 || p.N < 0 {
			return Grid{}, fmt.Errorf("a grid needs slices of positive length, not %d of %s", p.N, p.Step)
		}
		if !Floor(p.Start, p.Step).Equal(p.Start) {
			return Grid{}, fmt.Errorf("slices of %s cannot start at %s: it is no multiple of their length since the epoch", p.Step, p.Start.UTC().Format(time.RFC3339))
		}
		if len(g.parts) > 0 && !g.End().Equal(p.Start) {
			return Grid{}, fmt.Errorf("slices end at %s and go on at %s", g.End().UTC().Format(time.RFC3339), p.Start.UTC().Format(time.RFC3339))
		}
		g.parts = append(g.parts, p)
		g.first = append(g.first, g.n)
		g.n += p.N
	}
	return g, nil
}

// Floor is the last multiple of step since the Unix epoch that is not after t.
func Floor(t time.Time, step time.Duration) time.Time {
	ms, s := t.UnixMilli(), step.Milliseconds()
	rest := ms % s
	if rest < 0 {
		rest += s
	}
	return time.UnixMilli(ms - rest).UTC()
}

// Ceil is the first multiple of step since the Unix epoch that is not before t.
func Ceil(t time.Time, step time.Duration) time.Time {
	f := Floor(t, step)
	if f.Before(t) {
		return f.Add(step)
	}
	return f
}

// Parts are the runs of equal slices, in order of time.
func (g Grid) Parts() []Part { return g.parts }

// Len is the number of slices.
func (g Grid) Len() int { return g.n }

// Start is the start of the first slice; the zero time for an empty grid.
func (g Grid) Start() time.Time {
	if g.n == 0 {
		return time.Time{}
	}
	return g.parts[0].Start
}

// End is the end of the last slice; the zero time for an empty grid.
func (g Grid) End() time.Time {
	if g.n == 0 {
		return time.Time{}
	}
	return g.parts[len(g.parts)-1].End()
}

// Edge is the start of slice i, and the end of the grid for i = Len.
func (g Grid) Edge(i int) time.Time {
	for k := len(g.parts) - 1; k >= 0; k-- {
		if i >= g.first[k] {
			return g.parts[k].Start.Add(time.Duration(i-g.first[k]) * g.parts[k].Step)
		}
	}
	return g.Start()
}

// Index is the number of slices that end at or before t: the slice that holds t,
// where t is inside the grid, 0 before it and Len after it.
func (g Grid) Index(t time.Time) int {
	for k := len(g.parts) - 1; k >= 0; k-- {
		p := g.parts[k]
		if !t.Before(p.Start) {
			return g.first[k] + min(int(t.Sub(p.Start)/p.Step), p.N)
		}
	}
	return 0
}

// Coarse is the length of the slices that no window begins or ends in.
const Coarse = time.Hour

// CoverWindows is the grid on which windows of the given lengths can be read at
// every multiple of step in [from, to]. Slices are step long where such a window
// begins or ends, and [Coarse] in between.
//
// from, to and the lengths must be multiples of step.
func CoverWindows(from, to time.Time, step time.Duration, lengths ...time.Duration) (Grid, error) {
	for _, l := range lengths {
		if l%step != 0 {
			return Grid{}, fmt.Errorf("slices of %s do not divide a window of %s", FormatDuration(step), FormatDuration(l))
		}
	}
	// Windows end in [from, to] and one of length l begins in [from-l, to-l]:
	// walk these intervals in order of time.
	starts := append([]time.Duration{0}, lengths...)
	slices.SortFunc(starts, func(a, b time.Duration) int { return cmp.Compare(b, a) })
	var parts []Part
	done := from.Add(-starts[0])
	for _, l := range starts {
		begin, end := from.Add(-l), to.Add(-l)
		if done.Before(begin) {
			parts = append(parts, between(done, begin, step)...)
			done = begin
		}
		if done.Before(end) {
			parts = append(parts, Part{Start: done, Step: step, N: int(end.Sub(done) / step)})
			done = end
		}
	}
	return NewGrid(parts...)
}

// between covers [from, to), where no window begins or ends, by coarse slices
// with fine ones at its ends where these are not on the coarse grid.
func between(from, to time.Time, step time.Duration) []Part {
	a, b := Ceil(from, Coarse), Floor(to, Coarse)
	if step >= Coarse || !a.Before(b) {
		return []Part{{Start: from, Step: step, N: int(to.Sub(from) / step)}}
	}
	return []Part{
		{Start: from, Step: step, N: int(a.Sub(from) / step)},
		{Start: a, Step: Coarse, N: int(b.Sub(a) / Coarse)},
		{Start: b, Step: step, N: int(to.Sub(b) / step)},
	}
}
