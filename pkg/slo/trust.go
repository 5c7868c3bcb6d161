package slo

import (
	"fmt"
	"time"
)

const (
	flatFor      = 6 * time.Hour // without any event, after which a counter is suspect
	flatExpected = 50.0          // events that would have been expected in that time
	sameFor      = 24            // hours that are looked at for a burn that never changes
	sameAtLeast  = 5.0           // failures an hour below which chance explains anything
	sameSpread   = 0.1           // of the spread that chance gives, below which it is none
)

// Suspicions are what is odd about events in the time up to an instant, by the
// behaviour of the counters themselves.
func Suspicions(events *Timeline, from, at time.Time) []Warning {
	var all []Warning
	if hours, usual, ok := flat(events, from, at); ok {
		all = append(all, Warning{CounterFlat, fmt.Sprintf("no events for %d hours, where there were about %.0f an hour before: is the counter still fed?", hours, usual)})
	}
	if constant(events, at) {
		all = append(all, Warning{ConstantBurn, fmt.Sprintf("the same share of events failed in each of the last %d hours, more evenly than chance explains: is a probe or a robot counted?", sameFor)})
	}
	return all
}

// flat reports a counter that was scraped and did not grow for hours, although at the
// rate before it would have grown by many events.
func flat(t *Timeline, from, at time.Time) (hours int, usual float64, _ bool) {
	quiet := t.Sum(at.Add(-flatFor), at)
	before := t.Sum(from, at.Add(-flatFor))
	if quiet.Total != 0 || quiet.Observed < flatFor/2 || before.Observed <= 0 {
		return 0, 0, false
	}
	usual = before.Total / before.Observed.Hours()
	if usual*quiet.Observed.Hours() < flatExpected {
		return 0, 0, false
	}
	for start := at.Add(-flatFor); start.After(from) && t.Sum(start, at).Total == 0; start = start.Add(-time.Hour) {
		hours = int(at.Sub(start) / time.Hour)
	}
	return hours, usual, true
}

// constant reports failures whose share is the same hour after hour: their index of
// dispersion is far below the 1 that independent failures have.
func constant(t *Timeline, at time.Time) bool {
	whole := t.Sum(at.Add(-sameFor*time.Hour), at)
	p := whole.Bad() / whole.Total
	if whole.Total == 0 || whole.Contradictory() || p <= 0 || p >= 1 {
		return false
	}
	spread := 0.0
	for i := range sameFor {
		end := at.Add(-time.Duration(i) * time.Hour)
		hour := t.Sum(end.Add(-time.Hour), end)
		if hour.Total == 0 || hour.Bad() < sameAtLeast {
			return false
		}
		d := hour.Bad() - p*hour.Total
		spread += d * d / (p * (1 - p) * hour.Total)
	}
	return spread/(sameFor-1) < sameSpread
}
