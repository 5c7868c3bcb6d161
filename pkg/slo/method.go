package slo

import (
	"fmt"
	"time"
)

// Method is what a target is a share of: OpenSLO's budgeting method.
type Method string

// The methods. Occurrences weigh every event alike, the others every slice of time.
const (
	Occurrences     Method = "occurrences"      // good events of all events
	Timeslices      Method = "timeslices"       // good slices of all slices; a slice is good or bad
	RatioTimeslices Method = "ratio-timeslices" // the mean SLI of all slices
)

// day is what lengths of slices divide, so that they fit into every window.
const day = 24 * time.Hour

// Sliced is the promise judged by slices of time, whole minutes that divide a day.
// A slice is good where its own SLI is at least sliceTarget, a ratio in (0, 1];
// [RatioTimeslices] takes the slice's SLI as it is and needs no target for slices.
func (o Objective) Sliced(m Method, slice time.Duration, sliceTarget float64) (Objective, error) {
	switch {
	case m != Timeslices && m != RatioTimeslices:
		return Objective{}, fmt.Errorf("method %q has no slices; expected %s or %s", m, Timeslices, RatioTimeslices)
	case slice < time.Minute || slice%time.Minute != 0 || day%slice != 0:
		return Objective{}, fmt.Errorf("time slices of %s; expected whole minutes that divide a day, such as 1m or 5m", FormatDuration(slice))
	case m == Timeslices && !(sliceTarget > 0 && sliceTarget <= 1):
		return Objective{}, fmt.Errorf("the target %v of a time slice is not a ratio above 0 and up to 1, such as 0.95", sliceTarget)
	}
	o.method, o.slice, o.atLeast = m, slice, sliceTarget
	return o, nil
}

// Method is what the target is a share of.
func (o Objective) Method() Method {
	if o.method == "" {
		return Occurrences
	}
	return o.method
}

// SliceLength is how long the time slices are that the target counts; zero for
// occurrences.
func (o Objective) SliceLength() time.Duration { return o.slice }

// SliceTarget is the SLI from which a time slice is good; zero where slices are not
// good or bad.
func (o Objective) SliceTarget() float64 { return o.atLeast }

// Units is the timeline of what the target is a share of: the events themselves for
// occurrences; otherwise one unit for each slice of time, good as the method says.
//
// A slice without any event is no unit: nothing failed in it and nothing worked. A
// slice is known where at least half of what was not excluded was measured.
func (o Objective) Units(events *Timeline) (*Timeline, error) {
	if o.Method() == Occurrences {
		return events, nil
	}
	from, to := Ceil(events.grid.Start(), o.slice), Floor(events.grid.End(), o.slice)
	if !from.Before(to) {
		return NewTimeline(Grid{}, nil)
	}
	grid, err := NewGrid(Part{Start: from, Step: o.slice, N: int(to.Sub(from) / o.slice)})
	if err != nil {
		return nil, err
	}
	units := make([]Slice, grid.Len())
	for i := range units {
		units[i] = o.unit(events.Sum(grid.Edge(i), grid.Edge(i+1)))
	}
	return NewTimeline(grid, units)
}

// unit is the time slice in which the tally was counted.
func (o Objective) unit(t Tally) Slice {
	left := o.slice - t.Excluded
	switch {
	case t.NotYet > 0:
		return Slice{State: NotYet}
	case left == 0:
		return Slice{State: Excluded}
	case t.Observed == 0 || t.Observed < left/2 || t.Contradictory():
		return Slice{State: Gap}
	case t.Total == 0:
		return Slice{State: Measured}
	}
	good := t.Good / t.Total
	if o.method == Timeslices {
		good = 0
		// As many good events as the target asks for, however it is written in binary.
		if t.Good >= o.atLeast*t.Total*(1-1e-12) {
			good = 1
		}
	}
	return Slice{Counts: Counts{Good: good, Total: 1}, State: Measured}
}
