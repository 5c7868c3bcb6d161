package slo

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// Objective is a promise: a target for the SLI over a time window. It is made
// by [NewObjective] alone, so that an invalid promise cannot travel.
type Objective struct {
	target  float64
	window  Window
	method  Method // empty for occurrences
	slice   time.Duration
	atLeast float64 // SLI from which a time slice is good
	history []TargetChange
}

// NewObjective returns the objective with the given target, a ratio in (0, 1),
// over the given window.
//
// A target of 1 is refused: it leaves no error budget, so that the first failure
// makes every budget figure infinite.
func NewObjective(target float64, window Window) (Objective, error) {
	if err := validTarget(target); err != nil {
		return Objective{}, err
	}
	if window.Duration() <= 0 {
		return Objective{}, fmt.Errorf("an objective needs a time window, such as 28d")
	}
	return Objective{target: target, window: window}, nil
}

func validTarget(target float64) error {
	switch {
	case target == 1:
		return fmt.Errorf("target 1 (100 %%) leaves no error budget; expected a ratio below 1, such as 0.999")
	case !(target > 0 && target < 1): // also NaN
		return fmt.Errorf("target %v is not a ratio between 0 and 1, such as 0.999 for 99.9 %%", target)
	}
	return nil
}

// Target is the required SLI, a ratio in (0, 1).
func (o Objective) Target() float64 { return o.target }

// Window is the time window that the target is judged over.
func (o Objective) Window() Window { return o.window }

// BudgetRatio is the share of events that may fail, 1 - target, in (0, 1).
//
// It is rounded to 12 decimals, so that a target written as 0.999 has a budget
// of 0.001 and not of 0.0010000000000000009.
func (o Objective) BudgetRatio() float64 {
	return math.Round((1-o.target)*1e12) / 1e12
}

// Over is the same promise judged over another window.
func (o Objective) Over(w Window) (Objective, error) {
	if w.Duration() <= 0 {
		return Objective{}, fmt.Errorf("an objective needs a time window, such as 28d")
	}
	o.window = w
	return o, nil
}

// WithTarget is the same promise with another target.
func (o Objective) WithTarget(target float64) (Objective, error) {
	if err := validTarget(target); err != nil {
		return Objective{}, err
	}
	o.target, o.history = target, nil
	return o, nil
}

// TargetChange is a target that was agreed on, and since when.
type TargetChange struct {
	From   time.Time
	Target float64 // ratio in (0, 1)
}

// WithHistory is the promise with the targets that it had before. They are sorted by
// time; the first also stands for the time before it.
func (o Objective) WithHistory(changes []TargetChange) (Objective, error) {
	for i, c := range changes {
		if err := validTarget(c.Target); err != nil {
			return Objective{}, err
		}
		if i > 0 && !changes[i-1].From.Before(c.From) {
			return Objective{}, fmt.Errorf("the targets of %s and %s are not in order of time", changes[i-1].From.Format(time.DateOnly), c.From.Format(time.DateOnly))
		}
	}
	o.history = slices.Clone(changes)
	return o, nil
}

// HasHistory reports whether the target was another one before.
func (o Objective) HasHistory() bool { return len(o.history) > 0 }

// InForce is the promise with the target that was in force for a window that ends at
// an instant: one agreed on at that very instant is not yet.
func (o Objective) InForce(at time.Time) Objective {
	for i := len(o.history) - 1; i >= 0; i-- {
		if i == 0 || o.history[i].From.Before(at) {
			o.target = o.history[i].Target
			return o
		}
	}
	return o
}
