package slo_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// minutes is evidence of 100 events in each minute, of which so many fail; below zero
// nothing was seen.
func minutes(t *testing.T, failing ...float64) (slo.Evidence, time.Time) {
	t.Helper()
	g, err := slo.NewGrid(slo.Part{Start: origin, Step: time.Minute, N: len(failing)})
	require.NoError(t, err)
	slices := make([]slo.Slice, len(failing))
	for i, bad := range failing {
		if bad >= 0 {
			slices[i] = slo.Slice{Counts: slo.Counts{Good: 100 - bad, Total: 100}, State: slo.Measured}
		}
	}
	tl, err := slo.NewTimeline(g, slices)
	require.NoError(t, err)
	return slo.Evidence{Events: tl, Units: tl}, g.End()
}

// alertOf is the state of one row on a target of 99 % over an hour.
func alertOf(t *testing.T, w slo.AlertWindow, failing ...float64) slo.Alert {
	t.Helper()
	o, err := slo.NewObjective(0.99, rolling(t, "1h"))
	require.NoError(t, err)
	e, end := minutes(t, failing...)
	all := slo.Alerts(e, o, end, []slo.AlertWindow{w}, slo.DefaultRules)
	require.Len(t, all, 1)
	return all[0]
}

// Over two minutes the burn rate is half of the failures of both in percent.
func TestAnAlertMayHaveToHoldForAWhile(t *testing.T) {
	w := slo.AlertWindow{Severity: "page", Long: 2 * time.Minute, Short: 2 * time.Minute, Factor: 10}
	check := func(want slo.Number, why string, failing ...float64) {
		t.Helper()
		got := alertOf(t, w, failing...)
		require.Equal(t, want, got.Firing)
		require.Equal(t, why, got.Rows[0].Why)
	}
	on, off, unknown := slo.Known(1), slo.Known(0), slo.Number{}
	check(on, "", 0, 0, 0, 0, 50, 50)
	w.After = 2 * time.Minute
	// 50 / 2 = 25 two minutes ago, 50 and 50 since.
	check(on, "", 0, 0, 0, 50, 50, 50)
	check(off, "not yet for 2m", 0, 0, 0, 0, 50, 50)
	check(off, "not yet for 2m", 50, 50, 0, 0, 50, 50)
	check(off, "", 50, 50, 50, 50, 0, 0)
	// A minute ago only one of two minutes was seen.
	check(unknown, "data for only 50 % of the last 2m, 1m ago", 50, 50, 50, -1, 50, 50)
	check(unknown, "data for only 50 % of the last 2m", 50, 50, 50, 50, -1, 50)
}

func TestAnAlertFiresAboveItsFactorOrAtIt(t *testing.T) {
	w := slo.AlertWindow{Severity: "page", Long: 2 * time.Minute, Short: 2 * time.Minute, Factor: 25}
	require.Equal(t, slo.Known(0), alertOf(t, w, 0, 25, 25).Firing)
	require.Equal(t, slo.Known(1), alertOf(t, w, 0, 25, 26).Firing)
	w.AtFactor = true
	require.Equal(t, slo.Known(1), alertOf(t, w, 0, 25, 25).Firing)
	require.Equal(t, slo.Known(0), alertOf(t, w, 0, 25, 24).Firing)
}

// At 100 % failing, 10 x 0.01 = a tenth of the ten minutes, and what it must hold.
func TestHowSoonAnAlertFiresIsSaidWithTheTimeItMustHold(t *testing.T) {
	o, err := slo.NewObjective(0.99, rolling(t, "1h"))
	require.NoError(t, err)
	w := slo.AlertWindow{Long: 10 * time.Minute, Short: 10 * time.Minute, Factor: 10, After: 5 * time.Minute}
	after, ok := w.FiresAfter(o, 1)
	require.True(t, ok)
	require.Equal(t, 6*time.Minute, after)
	_, ok = w.FiresAfter(o, 0.1)
	require.False(t, ok, "at the factor and not above it")
}

func TestSeveritiesOfWhichNothingIsKnownAreOneEach(t *testing.T) {
	require.Equal(t, []slo.Alert{{Severity: "page"}, {Severity: "ticket"}},
		slo.UnknownAlerts([]slo.AlertWindow{{Severity: "page"}, {Severity: "ticket"}, {Severity: "page"}}))
}
