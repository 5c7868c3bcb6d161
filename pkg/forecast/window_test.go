package forecast_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/forecast"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// A window of 30 days with 10,000 events an hour, so 7.2 million, and a budget of 0.1 %
// of them: 7,200 bad events. 85 % of it, 6,120, is consumed, and the present burn
// rate is 1.2: 12 bad events an hour. Most of what is consumed was one incident.
//
// Pace says 30 d / 1.2 = 25 d, remaining over rate 0.15 × 30 d / 1.2 = 3.75 d, both
// whenever the incident was. But of a rolling window the incident leaves.
func burning(t *testing.T, incident time.Duration) forecast.Question {
	t.Helper()
	const usual, present = 0.4625, 12.0 // bad events an hour: 0.0462 and 1.2 of what the budget allows
	return forecast.Question{
		Timeline: history(t, 30*day, func(ago time.Duration) slo.Slice {
			switch {
			case ago == time.Hour:
				return measured(present, 10000)
			case ago == incident:
				return measured(6120-present-718*usual, 10000)
			}
			return measured(usual, 10000)
		}),
		Budget: 0.001, Now: now, Window: forecast.Rolling(30 * day), Step: 6 * time.Hour,
		Scenario: forecast.Scenario{Kind: forecast.AsNow},
	}
}

// At 288 bad events a day and 11.1 usual ones leaving, the 1,080 that are left last
// 1,080 / 276.9 = 3.9 days if the incident stays. If it leaves after one day, the
// window starts anew: after d days it holds 288 d + 11.1 (30 - d), which is 7,200 at
// d = (7,200 - 333) / 276.9 = 24.8.
func TestWhatAgesOutOfARollingWindowIsNoLongerConsumed(t *testing.T) {
	check := func(incident time.Duration, days float64) {
		t.Helper()
		f, err := forecast.Predict(burning(t, incident))
		require.NoError(t, err)
		require.InDelta(t, 0.85, f.Steps[0].Median, 1e-9)
		require.InDelta(t, 1.2, f.BurnRate.Value, 1e-9)
		at := func(when time.Time) float64 { return when.Sub(now).Hours() / 24 }
		t.Logf("exhausted in %.1f d (%.1f to %.1f) where %v d is right", at(f.Exhaustion.Median), at(f.Exhaustion.Earliest), at(f.Exhaustion.Latest), days)
		require.InEpsilon(t, days, at(f.Exhaustion.Median), 0.05)
		require.Less(t, at(f.Exhaustion.Earliest), days)
		if !f.Exhaustion.Latest.IsZero() { // later than the horizon
			require.Greater(t, at(f.Exhaustion.Latest), days)
		}
	}
	check(29*day, 24.8)
	check(2*day, 3.9)
}
