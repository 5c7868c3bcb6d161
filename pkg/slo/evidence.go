package slo

import "time"

// Evidence is what a promise is judged by.
type Evidence struct {
	Events *Timeline // what happened, as corrected
	Units  *Timeline // what the target is a share of: events, or slices of time
	// Both as they were measured; nil where nothing was corrected.
	RawEvents, RawUnits *Timeline
}

// Gather makes the evidence for an objective of the events that were measured and of
// the corrections to them.
func Gather(o Objective, measured *Timeline, corrections []Correction) (Evidence, error) {
	events, err := Correct(measured, corrections)
	if err != nil {
		return Evidence{}, err
	}
	e := Evidence{Events: events}
	if e.Units, err = o.Units(events); err != nil {
		return Evidence{}, err
	}
	if events != measured {
		e.RawEvents = measured
		e.RawUnits, err = o.Units(measured)
	}
	return e, err
}

// Moment is when a promise is judged.
type Moment struct {
	At       time.Time
	Lookback time.Duration // what the burn rate is measured over; zero for no burn rate
	// AsOf is until when is known what came after At; zero stands for At. It fixes how
	// much a calendar period is expected to hold, so that all points of one line rest
	// on the same budget.
	AsOf time.Time
}

// uncorrected is the evidence without its corrections.
func (e Evidence) uncorrected() Evidence { return Evidence{Events: e.RawEvents, Units: e.RawUnits} }
