package impact

import (
	"fmt"
	"math"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// Step is one thing that has to work for a customer's journey to succeed.
type Step struct {
	Name string
	SLI  slo.Number // share of its events that were good, in [0, 1]

	// Instead are redundant alternatives: the step succeeds where any of them does.
	// Its own SLI is not looked at then, and neither are their shares: who takes which
	// of them matters little where each stands in for the others.
	Instead []Step

	// Share is the share of journeys that take the step, in (0, 1]; zero stands for
	// all of them. A journey that does not take the step does not fail by it.
	Share float64

	// NiceToHave is a step without which the journey goes on: it is listed, and makes
	// no journey fail.
	NiceToHave bool
}

// Journey is what the steps say about journeys as a whole. All are shares of
// journeys, in [0, 1].
type Journey struct {
	// Low and High are the bounds that probability allows, however the failures of
	// the steps hang together (Fréchet 1935). A step that was not measured may have
	// failed always or never.
	Low, High float64
	// Independent takes the steps as independent of each other; unknown where a step
	// was not measured.
	Independent slo.Number
	// Counted is the truth, where a counter of journeys exists.
	Counted slo.Number

	Steps    []StepFailures
	Warnings []slo.Warning
}

// StepFailures is a step's part in the failures of a journey.
type StepFailures struct {
	Name       string
	NiceToHave bool
	Failed     slo.Number // share of all journeys that the step made fail: share taken x (1 - success)

	// ByRatio is the step's part in the failures in proportion to Failed, and Shapley
	// its fair part where failures are independent: what a step adds to the failures,
	// averaged over all orders in which steps could be put right. Each adds up to 1
	// over the steps; both are unknown where a step was not measured or nothing failed.
	ByRatio, Shapley slo.Number
}

// Travel reckons a journey whose steps follow each other. counted is the counter of
// journeys where there is one, and the zero Counts otherwise.
//
// For steps in series with failures e_k the success lies in [max(0, 1 - sum e_k),
// 1 - max e_k]; for alternatives with success s_k in [max s_k, min(1, sum s_k)].
func Travel(steps []Step, counted slo.Counts) (Journey, error) {
	if len(steps) == 0 {
		return Journey{}, fmt.Errorf("the journey has no steps; expected at least one")
	}
	j := Journey{High: 1, Independent: slo.Known(1), Counted: counted.SLI()}
	failed, unknown := 0.0, 0
	for _, s := range steps {
		b, err := s.bounds()
		if err != nil {
			return Journey{}, err
		}
		part := StepFailures{Name: s.Name, NiceToHave: s.NiceToHave}
		if s.NiceToHave {
			if b.independent.Known {
				part.Failed = slo.Known(1 - b.independent.Value)
			}
			j.Steps = append(j.Steps, part)
			continue
		}
		failed += 1 - b.low
		j.High = min(j.High, b.high)
		if b.independent.Known {
			j.Independent.Value *= b.independent.Value
			part.Failed = slo.Known(1 - b.independent.Value)
		} else {
			unknown++
		}
		j.Steps = append(j.Steps, part)
	}
	j.Low = max(0, 1-failed)
	if unknown > 0 {
		j.Independent = slo.Number{}
		j.Warnings = append(j.Warnings, slo.Warning{Kind: UnknownStep, Text: fmt.Sprintf("%d of %d steps of the journey were not measured", unknown, len(steps))})
	} else {
		attribute(j.Steps)
	}
	if c := j.Counted; c.Known && (c.Value < j.Low-1e-9 || c.Value > j.High+1e-9) {
		j.Warnings = append(j.Warnings, slo.Warning{Kind: OutsideBounds, Text: "the counter of journeys and the steps do not count the same customers: no way of failing adds up to both"})
	}
	return j, nil
}

// bounds are what a step's success can be among all journeys.
type bounds struct {
	low, high   float64
	independent slo.Number
}

func (s Step) bounds() (bounds, error) {
	share := s.Share
	if share == 0 {
		share = 1
	}
	if !(share > 0 && share <= 1) {
		return bounds{}, fmt.Errorf("step %q is taken by a share of %v; expected a ratio above 0 and at most 1", s.Name, s.Share)
	}
	b, err := s.success()
	if err != nil {
		return bounds{}, err
	}
	// Those who do not take the step do not fail by it.
	b.low, b.high = 1-share*(1-b.low), 1-share*(1-b.high)
	if b.independent.Known {
		b.independent.Value = 1 - share*(1-b.independent.Value)
	}
	return b, nil
}

// success is what a step's success can be among the journeys that take it.
func (s Step) success() (bounds, error) {
	if len(s.Instead) == 0 {
		switch {
		case !s.SLI.Known:
			return bounds{low: 0, high: 1}, nil
		case !(s.SLI.Value >= 0 && s.SLI.Value <= 1):
			return bounds{}, fmt.Errorf("step %q succeeds with %v; expected a ratio between 0 and 1", s.Name, s.SLI.Value)
		}
		return bounds{low: s.SLI.Value, high: s.SLI.Value, independent: s.SLI}, nil
	}
	together := bounds{}
	allFail, known := 1.0, true
	for _, alternative := range s.Instead {
		b, err := alternative.success()
		if err != nil {
			return bounds{}, err
		}
		together.low = max(together.low, b.low)
		together.high = min(1, together.high+b.high)
		known = known && b.independent.Known
		allFail *= 1 - b.independent.Value
	}
	if known {
		together.independent = slo.Known(1 - allFail)
	}
	return together, nil
}

// attribute divides the failures of a journey among its steps, all of them measured.
func attribute(steps []StepFailures) {
	ratio, shapley := 0.0, 0.0
	for _, s := range steps {
		ratio += s.counts()
	}
	if ratio == 0 {
		return
	}
	fair := make([]float64, len(steps))
	for k := range steps {
		fair[k] = shapleyValue(steps, k)
		shapley += fair[k]
	}
	for k := range steps {
		steps[k].ByRatio = slo.Known(steps[k].counts() / ratio)
		steps[k].Shapley = slo.Known(fair[k] / shapley)
	}
}

// shapleyValue is step k's Shapley value in the game whose worth is the share of
// journeys that fail, 1 - prod (1 - e_j), by its multilinear extension (Owen 1972):
// the integral over t from 0 to 1 of e_k prod_{j != k} (1 - e_j t). The integrand is
// a polynomial in t, so that it is exact; the values add up to the share that fails.
func shapleyValue(steps []StepFailures, k int) float64 {
	polynomial := []float64{1} // coefficients of 1, t, t^2, ...
	for j, s := range steps {
		if j == k {
			continue
		}
		next := make([]float64, len(polynomial)+1)
		for i, c := range polynomial {
			next[i] += c
			next[i+1] -= c * s.counts()
		}
		polynomial = next
	}
	integral := 0.0
	for i, c := range polynomial {
		integral += c / float64(i+1)
	}
	return steps[k].counts() * integral
}

// counts is the share of journeys that the step makes fail: none where it is nice to have.
func (s StepFailures) counts() float64 {
	if s.NiceToHave {
		return 0
	}
	return s.Failed.Value
}

// Failed is how many of the journeys that were started failed: by the counter where
// there is one, otherwise within the bounds, with the independent estimate as Base
// (the middle where a step was not measured). An order counts once, however many
// steps it failed at: the failures of the steps must not be added up.
func (j Journey) Failed(started float64) Range {
	if j.Counted.Known {
		return Exactly(started * (1 - j.Counted.Value))
	}
	base := (j.Low + j.High) / 2
	if j.Independent.Known {
		base = j.Independent.Value
	}
	return Range{Low: started * (1 - j.High), Base: started * (1 - base), High: started * (1 - j.Low)}
}

// LossBySteps divides a journey's loss among its steps by their Shapley parts, which
// add up to the whole. It is unknown (false) where the parts are.
func (j Journey) LossBySteps(loss Range) ([]Range, bool) {
	parts := make([]Range, len(j.Steps))
	for i, s := range j.Steps {
		if !s.Shapley.Known {
			return nil, false
		}
		parts[i] = loss.Scale(s.Shapley.Value)
	}
	return parts, true
}

// Score is the mean of steps' SLIs by weights that are not negative. It is a number
// to compare teams by and no share of anything: it can lie outside of what
// probability allows, and no promise must be judged by it. It is unknown where a step
// was not measured or nothing has weight.
func Score(steps []Step, weights []float64) (slo.Number, error) {
	if len(weights) != len(steps) {
		return slo.Number{}, fmt.Errorf("%d weights for %d steps", len(weights), len(steps))
	}
	sum, weight := 0.0, 0.0
	for i, s := range steps {
		if !(weights[i] >= 0) || math.IsInf(weights[i], 1) {
			return slo.Number{}, fmt.Errorf("step %q has the weight %v; expected a number that is not negative", s.Name, weights[i])
		}
		b, err := s.success()
		if err != nil {
			return slo.Number{}, err
		}
		if weights[i] > 0 && !b.independent.Known {
			return slo.Number{}, nil
		}
		sum += weights[i] * b.independent.Value
		weight += weights[i]
	}
	if weight == 0 {
		return slo.Number{}, nil
	}
	return slo.Known(sum / weight), nil
}
