package slo_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// firings are the minutes in which one row fires, of a target of 99 % over an hour, from
// a minute on.
func firings(t *testing.T, from int, failing ...float64) [][2]int {
	t.Helper()
	o, err := slo.NewObjective(0.99, rolling(t, "1h"))
	require.NoError(t, err)
	e, end := minutes(t, failing...)
	w := slo.AlertWindow{Severity: "page", Long: 2 * time.Minute, Short: 2 * time.Minute, Factor: 10}
	var all [][2]int
	for _, f := range slo.Firings(e, o, origin.Add(time.Duration(from)*time.Minute), end, []slo.AlertWindow{w}, slo.DefaultRules) {
		require.Equal(t, "page", f.Severity)
		require.Equal(t, f.From.Equal(origin.Add(time.Duration(from)*time.Minute)), f.Before)
		all = append(all, [2]int{int(f.From.Sub(origin).Minutes()), int(f.To.Sub(origin).Minutes())})
	}
	return all
}

// Over two minutes the burn rate is half of the failures of both in percent; the row
// fires above ten times the budget.
func TestFiringsBeginWhenAnAlertRises(t *testing.T) {
	require.Empty(t, firings(t, 2, 0, 0, 0, 0, 20, 0), "10 is not above 10")
	// Minutes 5 and 8 fail: 15 from the end of minute 5 until minute 7 is over.
	require.Equal(t, [][2]int{{5, 7}}, firings(t, 2, 0, 0, 0, 0, 30, 0, 0, 0))
	// Two failures with two quiet minutes between them are two calls, and one without.
	require.Equal(t, [][2]int{{5, 7}, {8, 10}}, firings(t, 2, 0, 0, 0, 0, 30, 0, 0, 30, 0, 0))
	require.Equal(t, [][2]int{{5, 9}}, firings(t, 2, 0, 0, 0, 0, 30, 0, 30, 0, 0, 0))
	require.Equal(t, [][2]int{{5, 6}}, firings(t, 2, 0, 0, 0, 0, 30, 30), "it still fires at the end")
}

func TestAnAlertThatFiredBeforeCalledBefore(t *testing.T) {
	failing := []float64{0, 0, 30, 30, 30, 0, 0, 30, 0, 0}
	require.Equal(t, [][2]int{{3, 7}, {8, 10}}, firings(t, 2, failing...))
	require.Equal(t, [][2]int{{4, 7}, {8, 10}}, firings(t, 4, failing...), "the first is marked as one from before")
}

// Minutes 6 to 8 are not seen: nobody knows that the alert ended, and it is the same one
// that fires after them.
func TestAGapNeitherEndsAnAlertNorMakesASecondOne(t *testing.T) {
	require.Equal(t, [][2]int{{5, 11}}, firings(t, 2, 0, 0, 0, 0, 30, -1, -1, -1, 30, 0, 0))
}

// The failures of different severities are told apart.
func TestEachSeverityFiresByItself(t *testing.T) {
	o, err := slo.NewObjective(0.99, rolling(t, "1h"))
	require.NoError(t, err)
	e, end := minutes(t, 0, 0, 0, 30, 30, 0, 0, 0)
	all := slo.Firings(e, o, origin.Add(2*time.Minute), end, []slo.AlertWindow{
		{Severity: "page", Long: 2 * time.Minute, Short: 2 * time.Minute, Factor: 20},
		{Severity: "ticket", Long: 2 * time.Minute, Short: 2 * time.Minute, Factor: 10},
	}, slo.DefaultRules)
	at := func(from, to int) slo.Interval {
		return slo.Interval{From: origin.Add(time.Duration(from) * time.Minute), To: origin.Add(time.Duration(to) * time.Minute)}
	}
	require.Equal(t, []slo.Firing{{at(4, 7), "ticket", false}, {at(5, 6), "page", false}}, all)
}
