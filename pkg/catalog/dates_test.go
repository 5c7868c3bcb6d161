package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

func TestCadence(t *testing.T) {
	check := func(c Cadence, from, to time.Time, words string) {
		t.Helper()
		require.Equal(t, to, c.After(from))
		require.Equal(t, words, c.String())
	}
	check(Cadence{90, slo.Day}, day(2026, 1, 1), day(2026, 4, 1), "90 days") // 31 + 28 + 31
	check(Cadence{2, slo.Week}, day(2026, 2, 20), day(2026, 3, 6), "2 weeks")
	check(Cadence{1, slo.Month}, day(2026, 1, 31), day(2026, 2, 28), "month") // February has no 31st
	check(Cadence{1, slo.Month}, day(2027, 12, 31), day(2028, 1, 31), "month")
	check(Cadence{1, slo.Month}, day(2028, 1, 30), day(2028, 2, 29), "month") // a leap year
	check(Cadence{2, slo.Quarter}, day(2026, 5, 15), day(2026, 11, 15), "2 quarters")
	check(Cadence{1, slo.Year}, day(2028, 2, 29), day(2029, 2, 28), "year")
	require.True(t, Cadence{}.IsZero())
}

func TestMoments(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	d := &document{}
	check := func(text string, zone *time.Location, want time.Time) {
		t.Helper()
		got, ok := d.moment("spec.from", text, zone)
		require.True(t, ok)
		require.True(t, want.Equal(got), "%s", got)
	}
	noon := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
	check("2026-07-01T12:00:00Z", nil, noon)
	check("2026-07-01T14:00:00+02:00", nil, noon)
	check("2026-07-01T12:00:00Z", berlin, noon)
	check("2026-07-01 14:00", berlin, noon) // two hours ahead in summer
	check("2026-07-01 14:00:00", berlin, noon)
	check("2026-07-01T14:00", berlin, noon)
	check("2026-07-01T14:00:00", berlin, noon)
	check("2026-07-01", berlin, noon.Add(-14*time.Hour))
	check("2026-10-25 02:30", berlin, time.Date(2026, 10, 25, 0, 30, 0, 0, time.UTC)) // shown twice
	check("2026-10-25 03:00", berlin, time.Date(2026, 10, 25, 2, 0, 0, 0, time.UTC))
	require.Empty(t, d.problems)
}
