package slo_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

var origin = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)

const day = 24 * time.Hour

func TestSlicesStandOnTheEpoch(t *testing.T) {
	check := func(text string, step time.Duration, floor, ceil string) {
		t.Helper()
		at, err := time.Parse(time.RFC3339Nano, text)
		require.NoError(t, err)
		require.Equal(t, floor, slo.Floor(at, step).Format(time.RFC3339Nano))
		require.Equal(t, ceil, slo.Ceil(at, step).Format(time.RFC3339Nano))
	}
	check("2026-01-01T10:07:31.5Z", 5*time.Minute, "2026-01-01T10:05:00Z", "2026-01-01T10:10:00Z")
	check("2026-01-01T10:05:00Z", 5*time.Minute, "2026-01-01T10:05:00Z", "2026-01-01T10:05:00Z")
	check("2026-01-01T10:07:31+02:00", time.Hour, "2026-01-01T08:00:00Z", "2026-01-01T09:00:00Z")
	check("1969-12-31T23:59:59Z", time.Hour, "1969-12-31T23:00:00Z", "1970-01-01T00:00:00Z")
}

func TestAGridHasNoHolesAndStandsOnItsStep(t *testing.T) {
	hour := slo.Part{Start: origin, Step: time.Hour, N: 2}
	check := func(want string, parts ...slo.Part) {
		t.Helper()
		_, err := slo.NewGrid(parts...)
		require.ErrorContains(t, err, want)
	}
	check("slices end at 2026-01-01T02:00:00Z and go on at 2026-01-01T03:00:00Z",
		hour, slo.Part{Start: origin.Add(3 * time.Hour), Step: time.Minute, N: 1})
	check("no multiple of their length", slo.Part{Start: origin.Add(time.Minute), Step: time.Hour, N: 1})
	check("positive length", slo.Part{Start: origin, Step: 0, N: 1})
	check("no whole number of milliseconds", slo.Part{Start: origin, Step: time.Millisecond / 2, N: 1})
}

func TestInstantsAndSlicesFindEachOther(t *testing.T) {
	g, err := slo.NewGrid(
		slo.Part{Start: origin, Step: 5 * time.Minute, N: 12},
		slo.Part{Start: origin.Add(time.Hour), Step: time.Hour, N: 23},
		slo.Part{Start: origin.Add(day), Step: 5 * time.Minute, N: 3})
	require.NoError(t, err)
	require.Equal(t, 38, g.Len())
	require.Equal(t, origin, g.Start())
	require.Equal(t, origin.Add(day+15*time.Minute), g.End())
	for i := range g.Len() {
		require.Equal(t, i, g.Index(g.Edge(i)))
		require.Equal(t, i, g.Index(g.Edge(i+1).Add(-time.Millisecond)), "a slice holds the time before its end")
	}
	require.Equal(t, 0, g.Index(origin.Add(-time.Hour)))
	require.Equal(t, g.Len(), g.Index(g.End()))
	require.Equal(t, g.Len(), g.Index(g.End().Add(time.Hour)))
	require.Equal(t, g.End(), g.Edge(g.Len()))
}

func TestSlicesAreFineOnlyWhereWindowsBeginOrEnd(t *testing.T) {
	// 28 days, asked at one instant that is not on the hour, with a lookback of an hour.
	at := origin.Add(40*day + 25*time.Minute)
	g, err := slo.CoverWindows(at, at, 5*time.Minute, 28*day, time.Hour)
	require.NoError(t, err)
	require.Equal(t, at.Add(-28*day), g.Start())
	require.Equal(t, at, g.End())
	// 35 minutes to the hour, 671 hours until 00:25 an hour before the end, and on.
	require.Less(t, g.Len(), 700)
	for _, edge := range []time.Time{at, at.Add(-time.Hour), at.Add(-28 * day)} {
		require.Equal(t, edge, g.Edge(g.Index(edge)), "a window begins or ends on an edge")
	}

	// A week of points every ten minutes: each window's bounds are edges.
	from := at.Add(-7 * day).Add(5 * time.Minute)
	to := at.Add(5 * time.Minute)
	g, err = slo.CoverWindows(from, to, 10*time.Minute, 28*day, time.Hour)
	require.NoError(t, err)
	for p := from; !p.After(to); p = p.Add(10 * time.Minute) {
		for _, l := range []time.Duration{0, time.Hour, 28 * day} {
			require.Equal(t, p.Add(-l), g.Edge(g.Index(p.Add(-l))))
		}
	}
	require.Less(t, g.Len(), 2*1008+21*24+20)

	// Steps of a day need nothing finer.
	g, err = slo.CoverWindows(origin.Add(30*day), origin.Add(60*day), day, 28*day)
	require.NoError(t, err)
	require.Equal(t, 58, g.Len())

	_, err = slo.CoverWindows(at, at, 5*time.Minute, 7*time.Minute)
	require.ErrorContains(t, err, "slices of 5m do not divide a window of 7m")
}
