package impact_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/impact"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// Ten windows of an hour with 1000 events each and so many failures, from the oldest.
var tenHours = []float64{1, 1, 20, 1, 1, 1, 1, 1, 1, 9}

func hours(bad ...float64) []slo.Slice {
	var slices []slo.Slice
	for _, b := range bad {
		slices = append(slices, measured(b, 1000))
	}
	return slices
}

// 99.9 % (1 failure) is met in 8 of 10 hours, 99.1 % (9) in 9, 98 % (20) in all. Nine of
// ten are enough, so that 99.1 % is the highest to recommend.
//
// In the newest hour 1000 events at 2 (1 to 3) are at stake: 2000. 99.1 % accepts 18.
// From 98 % it is worth 0.011 x 2000 = 22 an hour, x 8766 hours = 192,852 a year.
func TestCandidatesAreHeldAgainstThePast(t *testing.T) {
	l := ledger(t, hours(tenHours...), impact.Range{Low: 1, Base: 2, High: 3})
	tl := timeline(t, hours(tenHours...))
	candidates := []impact.Candidate{
		{Target: 0.999, Alerts: slo.Known(7)},
		{Target: 0.991, Cost: impact.Exactly(90_000), Costed: true},
		{Target: 0.98},
		{Target: 0.97, Cost: impact.Range{Low: -80_000, Base: 0, High: 5000}, Costed: true},
	}
	past := impact.PastWindows(origin, origin.Add(10*hour), hour, hour)
	require.Len(t, past, 10)
	w, err := impact.TryTargets(tl, l, 0.98, candidates, past, slo.DefaultRules)
	require.NoError(t, err)
	require.Equal(t, 10, w.Windows)
	require.Equal(t, 10, w.Separate)
	met := []int{}
	for _, o := range w.Outcomes {
		met = append(met, o.Met)
	}
	require.Equal(t, []int{8, 9, 10, 10}, met)
	require.Equal(t, slo.Known(0.991), w.Recommended)
	require.Empty(t, w.Warnings)

	o := w.Outcomes[1]
	require.InDelta(t, 9, o.Allowed.Value, 1e-9)
	near(t, impact.Range{Low: 9, Base: 18, High: 27}, o.Accepted)
	require.InDelta(t, 192_852, o.Moving.Base, 1e-6)
	require.Equal(t, impact.Pays, o.Worth, "even the 96,426 of the low assumption is more than 90,000")
	require.Equal(t, impact.NotAsked, w.Outcomes[0].Worth)
	require.InDelta(t, 7, w.Outcomes[0].Alerts.Value, 0)

	// A lower target gives money up: 0.01 x 1000 to 3000 x 8766, with the bounds in order.
	require.InDelta(t, -262_980, w.Outcomes[3].Moving.Low, 1e-6)
	require.InDelta(t, -87_660, w.Outcomes[3].Moving.High, 1e-6)
	require.Equal(t, impact.PaysNot, w.Outcomes[3].Worth)

	// 96,426 at least is not more than 150,000 at most, and 289,278 at most not less than
	// 90,000 at least.
	candidates[1].Cost = impact.Range{Low: 90_000, Base: 100_000, High: 150_000}
	w, err = impact.TryTargets(tl, l, 0.98, candidates, past, slo.DefaultRules)
	require.NoError(t, err)
	require.Equal(t, impact.Depends, w.Outcomes[1].Worth)
}

// Windows of four hours at every hour: seven of them, but only two without an overlap.
func TestOverlappingWindowsAreNoMoreEvidence(t *testing.T) {
	tl := timeline(t, hours(tenHours...))
	past := impact.PastWindows(origin, origin.Add(10*hour), 4*hour, hour)
	w, err := impact.TryTargets(tl, nil, 0.98, []impact.Candidate{{Target: 0.9}}, past, slo.DefaultRules)
	require.NoError(t, err)
	require.Equal(t, 7, w.Windows)
	require.Equal(t, 2, w.Separate)
	require.Equal(t, 7, w.Outcomes[0].Met)
	require.False(t, w.Recommended.Known)
	require.Equal(t, "whole windows with data in the history: 2; recommending a target needs 4", w.Warnings[0].Text)
}

func TestWindowsWithoutDataSayNothingOfATarget(t *testing.T) {
	slices := append(hours(1, 1, 1, 1, 1), slo.Slice{}, measured(0, 0))
	tl := timeline(t, slices)
	past := impact.PastWindows(origin, origin.Add(7*hour), hour, hour)
	w, err := impact.TryTargets(tl, nil, 0.98, []impact.Candidate{{Target: 0.9999}}, past, slo.DefaultRules)
	require.NoError(t, err)
	require.Equal(t, 5, w.Windows)
	require.False(t, w.Recommended.Known)
	require.Equal(t, impact.NoneMet, w.Warnings[0].Kind)

	// Four whole windows are enough, three are not.
	for n, enough := range map[int]bool{6: true, 5: false} {
		w, err = impact.TryTargets(tl, nil, 0.98, []impact.Candidate{{Target: 0.9}}, past[:n], slo.DefaultRules)
		require.NoError(t, err)
		require.Equal(t, enough, w.Recommended.Known)
	}

	w, err = impact.TryTargets(tl, nil, 0.98, []impact.Candidate{{Target: 0.9}}, past[:2], slo.DefaultRules)
	require.NoError(t, err)
	require.Zero(t, w.Windows)
	require.False(t, w.Outcomes[0].Allowed.Known)

	_, err = impact.TryTargets(tl, nil, 0.98, []impact.Candidate{{Target: 99.9}}, past, slo.DefaultRules)
	require.ErrorContains(t, err, "candidate 99.9 is not a ratio")
	require.Empty(t, impact.PastWindows(origin, origin.Add(time.Hour), 2*time.Hour, time.Hour))
}
