package slo

import "time"

// Status is the verdict on a promise.
type Status uint8

// The verdicts. Their numbers are what queries return.
const (
	Met        Status = 0 // kept, with budget to spare
	AtRisk     Status = 1 // kept, with little budget left
	Missed     Status = 2 // not kept
	CannotTell Status = 3 // the data supports no verdict
)

// Rules are the thresholds of a verdict.
type Rules struct {
	MinCoverage float64 // share of the window that must have been observed, in [0, 1]
	AtRiskBelow float64 // budget remaining below which a kept promise is at risk, ratio of the budget
}

// DefaultRules hold where nobody says otherwise.
var DefaultRules = Rules{MinCoverage: 0.9, AtRiskBelow: 0.25}

// Report is everything about one objective at one instant. What is unknown is a
// [Number] that is not known, and Warnings say why.
type Report struct {
	From, To time.Time // the window, half-open
	Target   float64   // ratio in (0, 1)

	Counts   Counts  // meaningless where Measured is false
	Allowed  float64 // bad events that the objective allows among those, (1 - target) x total
	Measured bool    // some of the window was observed
	Coverage float64 // share of the window that was observed, in [0, 1]

	Recent        Counts  // over the lookback
	RecentAllowed float64 // bad events that the objective allows among those

	SLI             Number // ratio
	SLILow, SLIHigh Number // its Wilson interval at 95 %
	BudgetConsumed  Number // ratio of the budget; above 1 is overspent
	BudgetRemaining Number // 1 - consumed; negative is overspent
	BurnRate        Number // over the lookback; 1 spends the budget in exactly one window

	Status   Status
	Warnings []Warning
}

// Judge reports on an objective at an instant, from the events on a timeline that
// reaches back far enough for the objective's window and for the lookback, which
// is what the burn rate is measured over.
func Judge(t *Timeline, o Objective, at time.Time, lookback time.Duration, rules Rules) Report {
	from, to := o.Window().Bounds(at)
	tally := t.Sum(from, to)
	r := Report{
		From: from, To: to,
		Target:   o.Target(),
		Counts:   tally.Counts,
		Allowed:  o.BudgetRatio() * tally.Total,
		Measured: tally.Observed > 0,
		Coverage: tally.Observed.Seconds() / to.Sub(from).Seconds(),
		Recent:   t.Sum(at.Add(-lookback), at).Counts,
	}
	r.RecentAllowed = o.BudgetRatio() * r.Recent.Total
	return r.derive(rules)
}

// derive fills in all that follows from a report's counts.
func (r Report) derive(rules Rules) Report {
	r.SLI = r.Counts.SLI()
	r.SLILow, r.SLIHigh = r.Counts.Wilson()
	r.BudgetConsumed = burn(r.Counts, r.Allowed)
	if r.BudgetConsumed.Known {
		r.BudgetRemaining = Known(1 - r.BudgetConsumed.Value)
	}
	r.BurnRate = burn(r.Recent, r.RecentAllowed)
	r.Warnings = warnings(r, rules)
	r.Status = verdict(r, rules)
	return r
}

// burn is the bad events over those that the objective allows among as many. Over
// the objective's own window it is the budget consumed; over a lookback it is the
// burn rate, (1 - SLI) / (1 - target).
func burn(c Counts, allowed float64) Number {
	if !c.SLI().Known {
		return Number{}
	}
	return Known(c.Bad() / allowed)
}

// verdict is the status that a report's figures support.
func verdict(r Report, rules Rules) Status {
	switch {
	case !r.SLI.Known || r.Coverage < rules.MinCoverage:
		return CannotTell
	case r.SLIHigh.Value < r.Target:
		return Missed
	case r.SLILow.Value < r.Target: // the interval straddles the target
		return CannotTell
	case r.BudgetRemaining.Value < rules.AtRiskBelow:
		return AtRisk
	}
	return Met
}
