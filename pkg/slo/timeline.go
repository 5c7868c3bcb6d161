package slo

import (
	"fmt"
	"time"
)

// State says what is known of a slice.
type State uint8

// The states of a slice. The zero State is Gap: what nobody filled in is unknown.
const (
	Gap      State = iota // nothing was seen; neither zero nor good
	Measured              // it was watched; its counts may well be zero
	NotYet                // it ends after the data is complete
	Excluded              // a correction takes it out; as if it had not been
)

// Slice is what happened in one slice of a grid. Counts mean something only where
// the slice was measured.
type Slice struct {
	Counts
	State State
}

// Timeline is the events of one indicator on a grid. It answers for any window by
// a difference of two prefix sums, however long the window is.
type Timeline struct {
	grid   Grid
	slices []Slice
	sums   []Tally // sums[i] is the tally of slices [0, i)
}

// Tally is what a timeline holds in an interval of time.
type Tally struct {
	Counts
	Observed time.Duration // length of the measured slices
	NotYet   time.Duration // length of the slices that are not yet complete
	Excluded time.Duration // length of the slices that corrections took out
	Gaps     int           // number of slices in which nothing was seen
}

// NewTimeline returns the timeline with the given slices, one for each of the grid.
func NewTimeline(grid Grid, slices []Slice) (*Timeline, error) {
	if len(slices) != grid.Len() {
		return nil, fmt.Errorf("%d slices on a grid of %d", len(slices), grid.Len())
	}
	t := &Timeline{grid: grid, slices: slices, sums: make([]Tally, len(slices)+1)}
	i := 0
	for _, p := range grid.Parts() {
		for range p.N {
			sum := t.sums[i]
			switch slices[i].State {
			case Measured:
				sum.Counts = sum.Add(slices[i].Counts)
				sum.Observed += p.Step
			case NotYet:
				sum.NotYet += p.Step
			case Excluded:
				sum.Excluded += p.Step
			case Gap:
				sum.Gaps++
			}
			i++
			t.sums[i] = sum
		}
	}
	return t, nil
}

// Grid is the grid that the slices stand on.
func (t *Timeline) Grid() Grid { return t.grid }

// Slices are the slices in order of time. They must not be changed.
func (t *Timeline) Slices() []Slice { return t.slices }

// Sum is the tally of the slices in [from, to). Both are taken as edges of the
// grid; an instant inside a slice stands for the start of that slice. Time outside
// the grid is neither observed nor a gap.
func (t *Timeline) Sum(from, to time.Time) Tally {
	a, b := t.sums[t.grid.Index(from)], t.sums[t.grid.Index(to)]
	return Tally{
		Counts:   Counts{Good: b.Good - a.Good, Total: b.Total - a.Total},
		Observed: b.Observed - a.Observed,
		NotYet:   b.NotYet - a.NotYet,
		Excluded: b.Excluded - a.Excluded,
		Gaps:     b.Gaps - a.Gaps,
	}
}

// Since is the timeline from the slice on that holds an instant.
func (t *Timeline) Since(from time.Time) (*Timeline, error) {
	first := t.grid.Index(from)
	var parts []Part
	for i, p := range t.grid.parts {
		skip := min(max(first-t.grid.first[i], 0), p.N)
		parts = append(parts, Part{Start: p.Start.Add(time.Duration(skip) * p.Step), Step: p.Step, N: p.N - skip})
	}
	grid, err := NewGrid(parts...)
	if err != nil {
		return nil, err
	}
	return NewTimeline(grid, t.slices[first:])
}

// Add is the events of both timelines together, which must stand on the same
// grid. A slice counts as measured where both are: what one of them did not see
// is missing from the sum.
func (t *Timeline) Add(o *Timeline) (*Timeline, error) {
	if len(t.slices) != len(o.slices) || !t.grid.Start().Equal(o.grid.Start()) || !t.grid.End().Equal(o.grid.End()) {
		return nil, fmt.Errorf("timelines on different grids cannot be added")
	}
	sum := make([]Slice, len(t.slices))
	for i, a := range t.slices {
		b := o.slices[i]
		switch {
		case a.State == Measured && b.State == Measured:
			sum[i] = Slice{Counts: a.Add(b.Counts), State: Measured}
		case a.State == NotYet || b.State == NotYet:
			sum[i].State = NotYet
		case a.State == Excluded || b.State == Excluded:
			sum[i].State = Excluded
		}
	}
	return NewTimeline(t.grid, sum)
}
