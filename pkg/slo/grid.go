package slo

import (
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
	runs  []gridRun // the parts in whole numbers
	n     int
}

// gridRun is a part in whole numbers, which are looked up faster than times.
type gridRun struct {
	first       int   // index of its first slice
	start, step int64 // in ms, since the epoch
	n           int
}

// Part is a run of N slices of length Step from Start on.
type Part struct {
	Start time.Time
	Step  time.Duration
	N     int
}

// End is the end of the part's last slice.
func (p Part) End() time.Time { return p.Start.Add(time.Duration(p.N) * p.Step) }

// NewGrid joins parts, which must follow each other without a gap, into a grid. Slices
// are of whole milliseconds, as the samples of a store are. Parts without slices are left out.
func NewGrid(parts ...Part) (Grid, error) {
	var g Grid
	for _, p := range parts {
		if p.N == 0 {
			continue
		}
		if p.Step <= 0 || p.N < 0 {
			return Grid{}, fmt.Errorf("a grid needs slices of positive length, not %d of %s", p.N, p.Step)
		}
		if p.Step%time.Millisecond != 0 {
			return Grid{}, fmt.Errorf("slices of %s are no whole number of milliseconds", p.Step)
		}
		if !Floor(p.Start, p.Step).Equal(p.Start) {
			return Grid{}, fmt.Errorf("slices of %s cannot start at %s: it is no multiple of their length since the epoch", p.Step, p.Start.UTC().Format(time.RFC3339))
		}
		if len(g.parts) > 0 && !g.End().Equal(p.Start) {
			return Grid{}, fmt.Errorf("slices end at %s and go on at %s", g.End().UTC().Format(time.RFC3339), p.Start.UTC().Format(time.RFC3339))
		}
		g.parts = append(g.parts, p)
		g.runs = append(g.runs, gridRun{g.n, p.Start.UnixMilli(), p.Step.Milliseconds(), p.N})
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
		if first := g.runs[k].first; i >= first {
			return g.parts[k].Start.Add(time.Duration(i-first) * g.parts[k].Step)
		}
	}
	return g.Start()
}

// Index is the number of slices that end at or before t: the slice that holds t,
// where t is inside the grid, 0 before it and Len after it.
func (g Grid) Index(t time.Time) int {
	i, _ := g.locate(t)
	return i
}

// locate is [Grid.Index], and the instant of that edge in ms since the epoch.
func (g Grid) locate(t time.Time) (i int, edge int64) {
	ms := t.UnixMilli()
	for k := len(g.runs) - 1; k >= 0; k-- {
		if r := &g.runs[k]; ms >= r.start || k == 0 {
			n := min(max(0, ms-r.start)/r.step, int64(r.n))
			return r.first + int(n), r.start + n*r.step
		}
	}
	return 0, 0
}

// Coarse is the length of the slices that no window begins or ends in.
const Coarse = time.Hour

// Zone is an interval of time in which windows begin or end at multiples of Step.
// Where From and To are equal it is a single edge.
type Zone struct {
	From, To time.Time // multiples of Step
	Step     time.Duration
}

// EdgeAt is a single edge on slices of a length, or on shorter ones where the instant,
// which must be a whole minute, is no multiple of it.
func EdgeAt(t time.Time, step time.Duration) Zone {
	since := time.Duration(t.Unix()%int64(day/time.Second)) * time.Second
	if since < 0 {
		since += day
	}
	return Zone{t, t, commonStep(step, since)}
}

// Cover is the grid from the first zone to the last, with slices of each zone's step
// inside of it and slices of length coarse in between. Zones that overlap become one,
// with the longest step that divides both.
func Cover(coarse time.Duration, zones ...Zone) (Grid, error) {
	var parts []Part
	var last Zone
	for i, z := range merged(zones) {
		if i > 0 {
			parts = append(parts, between(last.To, z.From, last.Step, z.Step, coarse)...)
		}
		parts = append(parts, Part{Start: z.From, Step: z.Step, N: int(z.To.Sub(z.From) / z.Step)})
		last = z
	}
	return NewGrid(parts...)
}

// merged are zones in order of time, none of which overlaps another.
func merged(zones []Zone) []Zone {
	sorted := slices.Clone(zones)
	slices.SortFunc(sorted, func(a, b Zone) int { return a.From.Compare(b.From) })
	var all []Zone
	for _, z := range sorted {
		n := len(all) - 1
		if n < 0 || all[n].To.Before(z.From) {
			all = append(all, z)
			continue
		}
		all[n].To, all[n].Step = later(all[n].To, z.To), commonStep(all[n].Step, z.Step)
	}
	return all
}

// commonStep is the longest step that divides both.
func commonStep(a, b time.Duration) time.Duration {
	for b > 0 {
		a, b = b, a%b
	}
	return a
}

// CoverWindows is the grid on which windows of the given lengths can be read at
// every multiple of step in [from, to]. Slices are step long where such a window
// begins or ends, and [Coarse] in between.
//
// from, to and the lengths must be multiples of step.
func CoverWindows(from, to time.Time, step time.Duration, lengths ...time.Duration) (Grid, error) {
	zones := []Zone{{from, to, step}}
	for _, l := range lengths {
		if l%step != 0 {
			return Grid{}, fmt.Errorf("slices of %s do not divide a window of %s", FormatDuration(step), FormatDuration(l))
		}
		zones = append(zones, Zone{from.Add(-l), to.Add(-l), step})
	}
	return Cover(Coarse, zones...)
}

// between covers [from, to), where no window begins or ends, by coarse slices, with
// finer ones at its ends where these are not on the coarse grid.
func between(from, to time.Time, before, after, coarse time.Duration) []Part {
	a, b := Ceil(from, coarse), Floor(to, coarse)
	if !a.Before(b) {
		step := commonStep(before, after)
		return []Part{{Start: from, Step: step, N: int(to.Sub(from) / step)}}
	}
	before, after = commonStep(before, coarse), commonStep(after, coarse)
	return []Part{
		{Start: from, Step: before, N: int(a.Sub(from) / before)},
		{Start: a, Step: coarse, N: int(b.Sub(a) / coarse)},
		{Start: b, Step: after, N: int(to.Sub(b) / after)},
	}
}
