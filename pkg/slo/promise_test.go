package slo_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

func objective(t *testing.T, target float64, window string) slo.Objective {
	t.Helper()
	o, err := slo.NewObjective(target, rolling(t, window))
	require.NoError(t, err)
	return o
}

func TestWhatIsNoSliceIsRefused(t *testing.T) {
	o := objective(t, 0.99, "28d")
	check := func(m slo.Method, slice time.Duration, target float64, want string) {
		t.Helper()
		_, err := o.Sliced(m, slice, target)
		require.EqualError(t, err, want)
	}
	check(slo.Occurrences, time.Minute, 0.9, `method "occurrences" has no slices; expected timeslices or ratio-timeslices`)
	check(slo.Timeslices, 30*time.Second, 0.9, "time slices of 30s; expected whole minutes that divide a day, such as 1m or 5m")
	check(slo.Timeslices, 7*time.Minute, 0.9, "time slices of 7m; expected whole minutes that divide a day, such as 1m or 5m")
	check(slo.Timeslices, time.Minute, 1.1, "the target 1.1 of a time slice is not a ratio above 0 and up to 1, such as 0.95")
	check(slo.Timeslices, time.Minute, 0, "the target 0 of a time slice is not a ratio above 0 and up to 1, such as 0.95")
}

// Three targets over time: each holds for windows that end after it was agreed on.
func TestTheTargetInForceIsTheOneAgreedOnBefore(t *testing.T) {
	o, err := objective(t, 0.99, "28d").WithHistory([]slo.TargetChange{
		{From: instant(t, "2026-01-01T00:00:00Z"), Target: 0.9},
		{From: instant(t, "2026-02-01T00:00:00Z"), Target: 0.95},
		{From: instant(t, "2026-03-01T00:00:00Z"), Target: 0.99},
	})
	require.NoError(t, err)
	require.True(t, o.HasHistory())
	for at, want := range map[string]float64{
		"2025-12-01T00:00:00Z": 0.9, "2026-02-01T00:00:00Z": 0.9, "2026-02-01T00:01:00Z": 0.95,
		"2026-03-01T00:00:00Z": 0.95, "2026-06-01T00:00:00Z": 0.99,
	} {
		require.InDelta(t, want, o.InForce(instant(t, at)).Target(), 0, at)
	}
	other, err := o.WithTarget(0.5)
	require.NoError(t, err)
	require.InDelta(t, 0.5, other.InForce(instant(t, "2026-02-01T00:00:00Z")).Target(), 0)

	_, err = o.WithHistory([]slo.TargetChange{{From: origin.Add(time.Hour), Target: 0.9}, {From: origin, Target: 0.9}})
	require.ErrorContains(t, err, "are not in order of time")
	_, err = o.WithHistory([]slo.TargetChange{{From: origin, Target: 99}})
	require.ErrorContains(t, err, "target 99 is not a ratio")
	_, err = o.WithTarget(1)
	require.ErrorContains(t, err, "leaves no error budget")
}

// timeline is slices of an hour with the given bad events of a thousand.
func timeline(t *testing.T, bad ...float64) *slo.Timeline {
	t.Helper()
	slices := make([]slo.Slice, len(bad))
	for i, b := range bad {
		slices[i] = slo.Slice{Counts: slo.Counts{Good: 1000 - b, Total: 1000}, State: slo.Measured}
	}
	g, err := slo.NewGrid(slo.Part{Start: origin, Step: time.Hour, N: len(bad)})
	require.NoError(t, err)
	tl, err := slo.NewTimeline(g, slices)
	require.NoError(t, err)
	return tl
}

// Excluding wins over counting as good, whichever comes first, and a slice counts where
// its middle lies.
func TestCorrectionsOverlap(t *testing.T) {
	tl := timeline(t, 10, 20, 30, 40)
	exclude := slo.Correction{From: origin.Add(time.Hour), To: origin.Add(2 * time.Hour), Effect: slo.Exclude}
	good := slo.Correction{From: origin.Add(40 * time.Minute), To: origin.Add(3 * time.Hour), Effect: slo.CountGood}
	for _, order := range [][]slo.Correction{{exclude, good}, {good, exclude}} {
		got, err := slo.Correct(tl, order)
		require.NoError(t, err)
		sum := got.Sum(origin, origin.Add(4*time.Hour))
		// 10 in the first hour, whose middle is outside; none in the third; 40 in the last.
		require.Equal(t, slo.Counts{Good: 2950, Total: 3000}, sum.Counts)
		require.Equal(t, time.Hour, sum.Excluded)
	}
	same, err := slo.Correct(tl, nil)
	require.NoError(t, err)
	require.Same(t, tl, same)
	require.Equal(t, 40.0, tl.Slices()[3].Bad(), "the measured slices stay as they were")
}

// A factor that a policy gives is taken as it is; how soon it fires follows.
func TestAPolicyGivesItsOwnFactor(t *testing.T) {
	o := objective(t, 0.99, "28d")
	w := slo.AlertWindow{Severity: "page", Long: time.Hour, Short: time.Hour, Factor: 2}
	require.InDelta(t, 2, w.BurnFactor(o), 0)
	require.InDelta(t, 2.0/(28*24), w.EffectiveShare(o), 1e-12)
	// 2 % of the hour's events have to fail: at 10 % that is a fifth of the hour.
	after, ok := w.FiresAfter(o, 0.1)
	require.True(t, ok)
	require.Equal(t, 12*time.Minute, after)
	_, ok = w.FiresAfter(o, 0.02)
	require.False(t, ok, "at the factor itself it never does")
}

// Five failures of eight are many, and yet chance could have it at a target of a half: the
// lower bound of the failure ratio, 0.306, is below 0.5.
func TestAnAlertNeedsEvidence(t *testing.T) {
	g, err := slo.NewGrid(slo.Part{Start: origin, Step: time.Hour, N: 1})
	require.NoError(t, err)
	o := objective(t, 0.5, "28d")
	fires := func(good, total float64) slo.AlertRow {
		tl, err := slo.NewTimeline(g, []slo.Slice{{Counts: slo.Counts{Good: good, Total: total}, State: slo.Measured}})
		require.NoError(t, err)
		e, err := slo.Gather(o, tl, nil)
		require.NoError(t, err)
		w := slo.AlertWindow{Severity: "page", Long: time.Hour, Short: time.Hour, Factor: 1.1, MinBad: 5}
		return slo.Alerts(e, o, g.End(), []slo.AlertWindow{w}, slo.DefaultRules)[0].Rows[0]
	}
	row := fires(3, 8)
	require.Equal(t, slo.Known(0), row.Firing)
	require.Equal(t, "too few events to be sure that the budget burns", row.Why)
	require.Equal(t, slo.Known(1), fires(300, 800).Firing)
	row = fires(3, 7)
	require.Equal(t, "fewer than 5 failures", row.Why)
	require.Equal(t, slo.Number{}, fires(9, 8).Firing, "counts that contradict each other tell nothing")
}

// What is expected of a period that is over is what came, and of one without any data
// nothing.
func TestNothingIsExpectedOfNothing(t *testing.T) {
	tl := timeline(t, 0, 0)
	whole := slo.Interval{From: origin, To: origin.Add(2 * time.Hour)}
	require.InDelta(t, 2000, slo.Expected(tl, whole, origin.Add(5*time.Hour)), 0)
	require.InDelta(t, 2000, slo.Expected(tl, whole, origin.Add(time.Hour)), 0, "the second hour as the first")
	before := slo.Interval{From: origin.Add(-48 * time.Hour), To: origin.Add(-24 * time.Hour)}
	require.InDelta(t, 0, slo.Expected(tl, before, origin.Add(-30*time.Hour)), 0)
}

func TestATimelineCanBeginLater(t *testing.T) {
	tl := timeline(t, 10, 20, 30, 40)
	later, err := tl.Since(origin.Add(150 * time.Minute))
	require.NoError(t, err)
	require.Equal(t, origin.Add(2*time.Hour), later.Grid().Start())
	require.InDelta(t, 70, later.Sum(origin, origin.Add(4*time.Hour)).Bad(), 0)
	all, err := tl.Since(origin.Add(-time.Hour))
	require.NoError(t, err)
	require.Equal(t, 4, all.Grid().Len())
}
