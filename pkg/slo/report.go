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
	MinEvents   float64 // events below which there is no verdict
}

// DefaultRules hold where nobody says otherwise.
var DefaultRules = Rules{MinCoverage: 0.9, AtRiskBelow: 0.25}

// Report is everything about one objective at one instant. What is unknown is a
// [Number] that is not known, and Warnings say why.
//
// The target is a share of units: of events, or of slices of time where the method
// says so. The budget is that of the whole window. A rolling window is always whole; a
// calendar period that is not over is taken with the units that it is expected to hold
// by its end, so that its budget does not grow with every good event, and is given to
// date besides.
type Report struct {
	From, To time.Time // the window so far, half-open
	End      time.Time // when the window ends; after To in a calendar period that is not over
	Target   float64   // ratio in (0, 1)
	Method   Method

	Counts        Counts  // units so far; meaningless where Measured is false
	Events        Counts  // events so far, the same as Counts for occurrences
	Expected      float64 // units by End
	Allowed       float64 // bad units that the objective allows by End, (1 - target) x expected
	AllowedToDate float64 // bad units that it allows among those so far
	Measured      bool    // some of the window was observed
	Coverage      float64 // share of the window so far that was observed, less what was excluded, in [0, 1]

	Recent        Counts        // units over the lookback
	RecentAllowed float64       // bad units that the objective allows among those
	RecentTime    time.Duration // how much of the lookback was observed

	SLI                   Number // ratio
	SLILow, SLIHigh       Number // its Wilson interval at 95 %
	BudgetConsumed        Number // ratio of the whole window's budget; above 1 is overspent
	BudgetRemaining       Number // 1 - consumed; negative is overspent
	BudgetConsumedToDate  Number // ratio of the budget of the units so far
	BudgetRemainingToDate Number
	BudgetRemainingUnits  Number // bad units that are left, negative where overspent
	BudgetRemainingTime   Number // seconds of failing altogether that are left at the lookback's traffic
	BurnRate              Number // over the lookback; 1 spends the budget in exactly one window

	// Uncorrected is the same without corrections; nil where none touches the window.
	Uncorrected *Report

	Status   Status
	Warnings []Warning
}

// Judge reports on an objective at a moment, from evidence that reaches back far
// enough for the objective's window and for the lookback. The target is the one that
// was in force then.
func Judge(e Evidence, o Objective, m Moment, rules Rules) Report {
	o = o.InForce(m.At)
	from, to := o.Window().Bounds(m.At)
	tally := e.Units.Sum(from, to)
	r := Report{
		From: from, To: to, End: o.Window().End(m.At),
		Target: o.Target(), Method: o.Method(),
		Counts: tally.Counts, Events: e.Events.Sum(from, to).Counts, Expected: tally.Total,
		AllowedToDate: o.BudgetRatio() * tally.Total,
		Measured:      tally.Observed > 0,
		Coverage:      coverage(tally, to.Sub(from)),
	}
	if r.End.After(to) {
		r.Expected = Expected(e.Units, Interval{from, r.End}, later(m.At, m.AsOf))
	}
	r.Allowed = o.BudgetRatio() * r.Expected
	recent := e.Units.Sum(m.At.Add(-m.Lookback), m.At)
	r.Recent, r.RecentTime = recent.Counts, recent.Observed
	r.RecentAllowed = o.BudgetRatio() * recent.Total
	if e.RawUnits != nil && e.RawUnits.Sum(from, to) != tally {
		raw := Judge(e.uncorrected(), o, m, rules)
		r.Uncorrected = &raw
	}
	return r.derive(rules, to.Sub(from)-tally.Excluded)
}

// coverage is the share of a length of time that was observed, less what was excluded.
func coverage(t Tally, length time.Duration) float64 {
	if length <= t.Excluded {
		return 0
	}
	return t.Observed.Seconds() / (length - t.Excluded).Seconds()
}

// derive fills in all that follows from a report's counts. left is the length of the
// window that was not excluded.
func (r Report) derive(rules Rules, left time.Duration) Report {
	r.SLI = r.Counts.SLI()
	r.SLILow, r.SLIHigh = r.Counts.Wilson()
	r.BudgetConsumed = burn(r.Counts, r.Allowed)
	r.BudgetRemaining = rest(r.BudgetConsumed)
	r.BudgetConsumedToDate = burn(r.Counts, r.AllowedToDate)
	r.BudgetRemainingToDate = rest(r.BudgetConsumedToDate)
	r.BurnRate = burn(r.Recent, r.RecentAllowed)
	if r.SLI.Known {
		r.BudgetRemainingUnits = Known(r.Allowed - r.Counts.Bad())
		if r.Recent.Total > 0 {
			r.BudgetRemainingTime = Known(r.BudgetRemainingUnits.Value / r.Recent.Total * r.RecentTime.Seconds())
		}
	}
	r.Warnings = warnings(r, rules, left)
	r.Status = verdict(r, rules)
	return r
}

// burn is the bad units over those that the objective allows. Over the objective's
// own window it is the budget consumed; over a lookback it is the burn rate,
// (1 - SLI) / (1 - target).
func burn(c Counts, allowed float64) Number {
	if !c.SLI().Known || allowed <= 0 {
		return Number{}
	}
	return Known(c.Bad() / allowed)
}

func rest(consumed Number) Number {
	if !consumed.Known {
		return consumed
	}
	return Known(1 - consumed.Value)
}

// verdict is the status that a report's figures support.
func verdict(r Report, rules Rules) Status {
	low, high := r.consumedBetween()
	switch {
	case !r.SLI.Known || r.Events.Contradictory() || r.Coverage < rules.MinCoverage || r.Events.Total < rules.MinEvents:
		return CannotTell
	case low > 1:
		return Missed
	case high > 1: // the interval straddles the target
		return CannotTell
	case r.BudgetRemaining.Value < rules.AtRiskBelow:
		return AtRisk
	}
	return Met
}

// consumedBetween is the interval of the budget consumed that goes with the SLI's. It
// holds 1 exactly where, in a window that is over, the SLI's holds the target.
func (r Report) consumedBetween() (low, high float64) {
	if !r.SLI.Known {
		return 0, 0
	}
	return (1 - r.SLIHigh.Value) * r.Counts.Total / r.Allowed, (1 - r.SLILow.Value) * r.Counts.Total / r.Allowed
}
