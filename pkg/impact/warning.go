package impact

import "github.com/stakes-slo/stakes-slo-datasource/pkg/slo"

// What an answer about money, customers or a journey can warn of.
const (
	Straddles     slo.WarningKind = "bucket-straddles" // a bucket holds latencies of several steps of a curve
	Independence  slo.WarningKind = "independence"     // failures are taken to be independent of each other
	TooFewWeeks   slo.WarningKind = "too-few-weeks"    // no demand to expect: too few usable weeks
	NotObserved   slo.WarningKind = "not-observed"     // part of what is asked about was not observed
	OutsideBounds slo.WarningKind = "outside-bounds"   // a counter says what no steps can add up to
	UnknownStep   slo.WarningKind = "unknown-step"     // a step of a journey was not measured
	TooFewPoints  slo.WarningKind = "too-few-points"   // too few points for a correlation
	TooFewWindows slo.WarningKind = "too-few-windows"  // too few past windows for a recommendation
	NoneMet       slo.WarningKind = "no-target-met"    // no candidate was met often enough
	MissUnknown   slo.WarningKind = "miss-unknown"     // nobody knows how probable a miss is
)
