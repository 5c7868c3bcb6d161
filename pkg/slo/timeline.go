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
	counts []Counts // counts[i] are those of the measured slices of [0, i)
	// known[i] is what is known of slices [0, i); nil where all slices are measured, which
	// is what their edges tell.
	known []knowledge
}

// knowledge is of which slices how much is known.
type knowledge struct {
	observed, notYet, excluded time.Duration
	gaps                       int
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
	t := &Timeline{grid: grid, slices: slices, counts: make([]Counts, len(slices)+1)}
	var sum Counts
	all := true
	for i := range slices {
		if s := &slices[i]; s.State == Measured {
			sum = sum.Add(s.Counts)
		} else {
			all = false
		}
		t.counts[i+1] = sum
	}
	if !all {
		t.learn()
	}
	return t, nil
}

// learn fills in what is known.
func (t *Timeline) learn() {
	t.known = make([]knowledge, len(t.slices)+1)
	i := 0
	for _, p := range t.grid.Parts() {
		for range p.N {
			sum := t.known[i]
			switch t.slices[i].State {
			case Measured:
				sum.observed += p.Step
			case NotYet:
				sum.notYet += p.Step
			case Excluded:
				sum.excluded += p.Step
			case Gap:
				sum.gaps++
			}
			i++
			t.known[i] = sum
		}
	}
}

// Grid is the grid that the slices stand on.
func (t *Timeline) Grid() Grid { return t.grid }

// Slices are the slices in order of time. They must not be changed.
func (t *Timeline) Slices() []Slice { return t.slices }

// Sum is the tally of the slices in [from, to). Both are taken as edges of the
// grid; an instant inside a slice stands for the start of that slice. Time outside
// the grid is neither observed nor a gap.
func (t *Timeline) Sum(from, to time.Time) Tally {
	i, begin := t.grid.locate(from)
	k, end := t.grid.locate(to)
	a, b := t.counts[i], t.counts[k]
	sum := Tally{Counts: Counts{Good: b.Good - a.Good, Total: b.Total - a.Total}}
	if t.known == nil {
		sum.Observed = time.Duration(end-begin) * time.Millisecond
		return sum
	}
	have, had := &t.known[k], &t.known[i]
	sum.Observed, sum.NotYet, sum.Excluded = have.observed-had.observed, have.notYet-had.notYet, have.excluded-had.excluded
	sum.Gaps = have.gaps - had.gaps
	return sum
}

// Since is the timeline from the slice on that holds an instant.
func (t *Timeline) Since(from time.Time) (*Timeline, error) {
	first := t.grid.Index(from)
	var parts []Part
	for i, p := range t.grid.parts {
		skip := min(max(first-t.grid.runs[i].first, 0), p.N)
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
