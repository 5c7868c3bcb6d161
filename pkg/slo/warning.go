package slo

import (
	"fmt"
	"math"
)

// WarningKind tells warnings apart.
type WarningKind string

// What a report can warn of.
const (
	NoData           WarningKind = "no-data"            // nothing was observed in the window
	LowCoverage      WarningKind = "low-coverage"       // too little of the window was observed for a verdict
	NoEvents         WarningKind = "no-events"          // observed, but nothing happened
	TooFewEvents     WarningKind = "too-few-events"     // the interval of the SLI straddles the target
	GoodAboveTotal   WarningKind = "good-above-total"   // more good events than events
	ApproximateCount WarningKind = "approximate-counts" // events were not counted one by one
	MemberUnknown    WarningKind = "member-unknown"     // one of those pooled has no verdict
)

// Warning is what a reader should know about a number. It is a result, not a
// failure: the analysis goes on. Its text holds no names and no queries, because
// viewers of public dashboards see it.
type Warning struct {
	Kind WarningKind
	Text string
}

// String is the warning's text.
func (w Warning) String() string { return w.Text }

// warnings are what a reader should know about a report. At most one of them says
// why there is no verdict: the first cause.
func warnings(r Report, rules Rules) []Warning {
	switch {
	case !r.Measured:
		return []Warning{{NoData, "no data in the window"}}
	case r.Counts.Contradictory():
		return []Warning{{GoodAboveTotal, "more good events than events in total: the two queries do not count the same thing"}}
	case r.Coverage < rules.MinCoverage:
		return []Warning{{LowCoverage, fmt.Sprintf("data for only %s %% of the window; a verdict needs %s %%", percent(r.Coverage), percent(rules.MinCoverage))}}
	case r.Counts.Total == 0:
		return []Warning{{NoEvents, "no events in the window"}}
	case r.SLILow.Value < r.Target && r.Target <= r.SLIHigh.Value:
		return []Warning{{TooFewEvents, "too few events to tell whether the target is met"}}
	}
	return nil
}

// percent writes a ratio as a percentage with at most one decimal, rounded down:
// 89.99 % must not read as the 90 % that it falls short of.
func percent(ratio float64) string {
	return fmt.Sprintf("%g", math.Floor(ratio*1000+1e-9)/10)
}
