package slo

import (
	"fmt"
	"math"
	"time"
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
	BucketMismatch   WarningKind = "bucket-mismatch"    // a threshold of latency is no bucket's boundary
	CounterFlat      WarningKind = "counter-flat"       // no events for long, where there were many before
	ConstantBurn     WarningKind = "constant-burn"      // failures are the same share hour after hour
	StaleData        WarningKind = "stale-data"         // the newest sample is old
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
// why there is no verdict: the first cause. left is the length of the window that was
// not excluded.
func warnings(r Report, rules Rules, left time.Duration) []Warning {
	low, high := r.consumedBetween()
	switch {
	case left <= 0:
		return []Warning{{NoData, "all of the window is excluded by corrections"}}
	case !r.Measured:
		return []Warning{{NoData, "no data in the window"}}
	case r.Counts.Contradictory() || r.Events.Contradictory():
		return []Warning{{GoodAboveTotal, "more good events than events in total: the two queries do not count the same thing"}}
	case r.Coverage < rules.MinCoverage:
		return []Warning{{LowCoverage, fmt.Sprintf("data for only %s %% of the window; a verdict needs %s %%", percent(r.Coverage), percent(rules.MinCoverage))}}
	case r.Counts.Total == 0:
		return []Warning{{NoEvents, "no events in the window"}}
	case r.Events.Total < rules.MinEvents:
		return []Warning{{TooFewEvents, fmt.Sprintf("%.0f events in the window; a verdict needs %.0f", r.Events.Total, rules.MinEvents)}}
	case low <= 1 && high > 1:
		return []Warning{{TooFewEvents, "too few " + r.units() + " to tell whether the target is met"}}
	}
	return nil
}

// units are what the target is a share of, in words.
func (r Report) units() string {
	if r.Method == Timeslices || r.Method == RatioTimeslices {
		return "time slices"
	}
	return "events"
}

// percent writes a ratio as a percentage with at most one decimal, rounded down:
// 89.99 % must not read as the 90 % that it falls short of.
func percent(ratio float64) string {
	return fmt.Sprintf("%g", math.Floor(ratio*1000+1e-9)/10)
}
