package slo

import (
	"fmt"
	"math"
)

// Objective is a promise: a target for the SLI over a time window. It is made
// by [NewObjective] alone, so that an invalid promise cannot travel.
type Objective struct {
	target float64
	window Window
}

// NewObjective returns the objective with the given target, a ratio in (0, 1),
// over the given window.
//
// A target of 1 is refused: it leaves no error budget, so that the first failure
// makes every budget figure infinite.
func NewObjective(target float64, window Window) (Objective, error) {
	switch {
	case target == 1:
		return Objective{}, fmt.Errorf("target 1 (100 %%) leaves no error budget; expected a ratio below 1, such as 0.999")
	case !(target > 0 && target < 1): // also NaN
		return Objective{}, fmt.Errorf("target %v is not a ratio between 0 and 1, such as 0.999 for 99.9 %%", target)
	case window.Duration() <= 0:
		return Objective{}, fmt.Errorf("an objective needs a time window, such as 28d")
	}
	return Objective{target: target, window: window}, nil
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

// Over is the same target judged over another window.
func (o Objective) Over(w Window) (Objective, error) { return NewObjective(o.target, w) }
