package slotest

import (
	"time"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/impact"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// Origin is the instant that a scenario's times count from where it does not name one.
// It is a midnight, so that slices of every length start there.
var Origin = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)

// Load is what was measured.
type Load struct {
	Origin time.Time
	Step   time.Duration
	Bad    bool         // the second counter counts bad events, not good ones
	Total  []slo.Number // events per slice; unknown where nothing was measured
	Other  []slo.Number // bad or good events per slice
}

// Slices are the events as slices of the core.
func (l Load) Slices() []slo.Slice {
	slices := make([]slo.Slice, len(l.Total))
	for i, total := range l.Total {
		if !total.Known {
			continue
		}
		good := l.Other[i].Value
		if l.Bad {
			good = total.Value - good
		}
		slices[i] = slo.Slice{Counts: slo.Counts{Good: good, Total: total.Value}, State: slo.Measured}
	}
	return slices
}

// SLO is a promise on what was loaded, as written: it may be invalid.
type SLO struct {
	Name         string
	Target       float64
	Window       string // a duration, or a unit of the calendar
	Zone         string // of the calendar; empty for UTC
	Method       slo.Method
	Slice        time.Duration // of time-slice methods
	SliceTarget  float64
	History      []slo.TargetChange
	Corrections  []slo.Correction
	Value        *impact.Range // money per event; nil without a value
	NotRecovered impact.Range  // share of failures lost for good
	Requests     float64       // that one order takes, at least 1
	Customers    float64       // for each failed event; 0 where nobody said
}

// Kind is the form of a question.
type Kind string

// The forms of questions.
const (
	Eval      Kind = "eval"      // measures, at an instant or over time
	History   Kind = "history"   // one value per calendar period
	Incidents Kind = "incidents" // one value per incident
	Alert     Kind = "alert"     // one value per row of alerting, and the state per severity
)

// Question is what a scenario asks.
type Question struct {
	Kind         Kind
	SLO          SLO
	By           slo.Unit // of a history
	Origin       time.Time
	From, To     time.Time // equal for a single instant
	Step         time.Duration
	Lookback     time.Duration
	Window       string // overrides the SLO's own; may be empty
	MeasureNames []string
}

// Instants are the instants that the question is about.
func (q Question) Instants() []time.Time {
	if q.Step == 0 {
		return []time.Time{q.To}
	}
	var all []time.Time
	for at := q.From; !at.After(q.To); at = at.Add(q.Step) {
		all = append(all, at)
	}
	return all
}

// Answer holds one number per instant for each measure.
type Answer struct {
	Values   map[string][]slo.Number
	Warnings []string
}

// Engine answers questions about what was loaded.
type Engine interface {
	Eval(load Load, q Question) (Answer, error)
}
