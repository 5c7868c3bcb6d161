package slo_test

import (
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	require.NoError(t, err)
	return loc
}

func calendarOf(t *testing.T, unit slo.Unit, zoneName string, weekStart time.Weekday) slo.Window {
	t.Helper()
	w, err := slo.CalendarOf(unit, zone(t, zoneName), weekStart)
	require.NoError(t, err)
	return w
}

func instant(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	require.NoError(t, err)
	return at
}

// The period around an instant, with its start and end as local clocks show them, and
// its length in hours, which is where the change of clocks is seen.
func TestCalendarPeriodsFollowTheClocksOfTheirZone(t *testing.T) {
	check := func(unit slo.Unit, zoneName, at, wantStart, wantEnd string, wantHours float64) {
		t.Helper()
		w := calendarOf(t, unit, zoneName, time.Monday)
		start, end := mustPeriod(w, instant(t, at))
		const clock = "2006-01-02 15:04"
		loc := zone(t, zoneName)
		require.Equal(t, []string{wantStart, wantEnd}, []string{start.In(loc).Format(clock), end.In(loc).Format(clock)})
		require.InDelta(t, wantHours, end.Sub(start).Hours(), 0)
	}
	// Leap years: 2024 has a 29 February, 2026 and 2100 have none.
	check(slo.Month, "UTC", "2024-02-15T00:00:00Z", "2024-02-01 00:00", "2024-03-01 00:00", 29*24)
	check(slo.Month, "UTC", "2026-02-15T00:00:00Z", "2026-02-01 00:00", "2026-03-01 00:00", 28*24)
	check(slo.Month, "UTC", "2100-02-15T00:00:00Z", "2100-02-01 00:00", "2100-03-01 00:00", 28*24)
	check(slo.Day, "UTC", "2024-02-29T12:00:00Z", "2024-02-29 00:00", "2024-03-01 00:00", 24)
	check(slo.Year, "UTC", "2024-06-01T00:00:00Z", "2024-01-01 00:00", "2025-01-01 00:00", 366*24)

	// Europe/Berlin: forward on 29 March 2026 at 01:00 UTC, back on 25 October.
	check(slo.Day, "Europe/Berlin", "2026-03-29T12:00:00Z", "2026-03-29 00:00", "2026-03-30 00:00", 23)
	check(slo.Day, "Europe/Berlin", "2026-10-25T12:00:00Z", "2026-10-25 00:00", "2026-10-26 00:00", 25)
	check(slo.Week, "Europe/Berlin", "2026-03-29T12:00:00Z", "2026-03-23 00:00", "2026-03-30 00:00", 7*24-1)
	check(slo.Month, "Europe/Berlin", "2026-03-10T00:00:00Z", "2026-03-01 00:00", "2026-04-01 00:00", 743)
	check(slo.Month, "Europe/Berlin", "2026-10-10T00:00:00Z", "2026-10-01 00:00", "2026-11-01 00:00", 745)
	check(slo.Quarter, "Europe/Berlin", "2026-01-10T00:00:00Z", "2026-01-01 00:00", "2026-04-01 00:00", 90*24-1)
	check(slo.Year, "Europe/Berlin", "2026-01-10T00:00:00Z", "2026-01-01 00:00", "2027-01-01 00:00", 365*24)

	// America/New_York: forward on 8 March 2026 at 07:00 UTC, back on 1 November.
	check(slo.Day, "America/New_York", "2026-03-08T12:00:00Z", "2026-03-08 00:00", "2026-03-09 00:00", 23)
	check(slo.Day, "America/New_York", "2026-11-01T12:00:00Z", "2026-11-01 00:00", "2026-11-02 00:00", 25)
	check(slo.Month, "America/New_York", "2026-03-10T00:00:00Z", "2026-03-01 00:00", "2026-04-01 00:00", 743)
	check(slo.Month, "America/New_York", "2026-11-10T00:00:00Z", "2026-11-01 00:00", "2026-12-01 00:00", 721)
	check(slo.Quarter, "America/New_York", "2026-11-10T00:00:00Z", "2026-10-01 00:00", "2027-01-01 00:00", 92*24+1)

	// Half-hour and quarter-hour zones: midnight is at 18:30 and 18:15 UTC.
	check(slo.Day, "Asia/Kolkata", "2026-05-05T18:30:01Z", "2026-05-06 00:00", "2026-05-07 00:00", 24)
	check(slo.Day, "Asia/Kathmandu", "2026-05-05T18:15:01Z", "2026-05-06 00:00", "2026-05-07 00:00", 24)
	// Lord Howe puts its clocks back by half an hour, on 5 April 2026.
	check(slo.Day, "Australia/Lord_Howe", "2026-04-05T00:00:00Z", "2026-04-05 00:00", "2026-04-06 00:00", 24.5)

	// Clocks that change at midnight. Santiago skips 00:00 on 6 September 2026: the day
	// begins at 01:00. Havana has 00:00 twice on 1 November 2026: it begins at the first.
	check(slo.Day, "America/Santiago", "2026-09-06T12:00:00Z", "2026-09-06 01:00", "2026-09-07 00:00", 23)
	check(slo.Day, "America/Havana", "2026-11-01T12:00:00Z", "2026-11-01 00:00", "2026-11-02 00:00", 25)
}

func mustPeriod(w slo.Window, at time.Time) (start, end time.Time) {
	start, _ = w.Bounds(at)
	return start, w.End(at)
}

// At the very end of a period the window is that whole period; a moment later the next
// one has begun.
func TestThePeriodThatEndsNowIsWhole(t *testing.T) {
	w := calendarOf(t, slo.Month, "UTC", time.Monday)
	midnight := instant(t, "2026-05-01T00:00:00Z")
	from, to := w.Bounds(midnight)
	require.Equal(t, []time.Time{instant(t, "2026-04-01T00:00:00Z"), midnight}, []time.Time{from, to})
	require.Equal(t, midnight, w.End(midnight))
	require.Equal(t, instant(t, "2026-06-01T00:00:00Z"), w.Next(midnight))

	from, _ = w.Bounds(midnight.Add(time.Minute))
	require.Equal(t, midnight, from)
	require.Equal(t, instant(t, "2026-06-01T00:00:00Z"), w.End(midnight.Add(time.Minute)))
}

func TestWeeksStartOnTheDayThatIsAskedFor(t *testing.T) {
	wednesday := instant(t, "2026-05-06T10:00:00Z")
	for day, want := range map[time.Weekday]string{
		time.Monday: "2026-05-04", time.Tuesday: "2026-05-05", time.Wednesday: "2026-05-06", time.Thursday: "2026-04-30",
		time.Friday: "2026-05-01", time.Saturday: "2026-05-02", time.Sunday: "2026-05-03",
	} {
		from, _ := calendarOf(t, slo.Week, "UTC", day).Bounds(wednesday)
		require.Equal(t, want, from.Format(time.DateOnly), day)
	}
}

// Months reckoned from the 31st start on the last day of those that have none, and no
// period is lost or counted twice on the way.
func TestPeriodsFollowTheirAnchor(t *testing.T) {
	months, err := slo.Calendar(1, slo.Month, time.Date(2026, 1, 31, 9, 30, 0, 0, time.UTC))
	require.NoError(t, err)
	var starts []string
	for _, p := range months.Periods(instant(t, "2026-01-31T09:30:00Z"), instant(t, "2026-06-01T00:00:00Z")) {
		starts = append(starts, p.From.Format("01-02 15:04"))
	}
	require.Equal(t, []string{"01-31 09:30", "02-28 09:30", "03-31 09:30", "04-30 09:30", "05-31 09:30"}, starts)

	fortnights, err := slo.Calendar(2, slo.Week, time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC))
	require.NoError(t, err)
	from, _ := fortnights.Bounds(instant(t, "2026-01-01T00:00:00Z"))
	require.Equal(t, "2025-12-22", from.Format(time.DateOnly), "before the anchor too")
	require.Equal(t, "2 weeks", fortnights.String())

	fiscal, err := slo.Calendar(1, slo.Year, time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC))
	require.NoError(t, err)
	from, _ = fiscal.Bounds(instant(t, "2026-03-31T23:00:00Z"))
	require.Equal(t, "2025-04-01", from.Format(time.DateOnly))
}

// Forty years of every unit in zones of all sorts: each period ends where the next
// begins, and an instant lies in the one that says so.
func TestPeriodsFollowEachOtherWithoutAGap(t *testing.T) {
	for _, name := range []string{"UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "America/Santiago", "America/Havana", "Australia/Lord_Howe"} {
		for _, unit := range slo.Units {
			w := calendarOf(t, unit, name, time.Sunday)
			periods := w.Periods(instant(t, "2000-01-01T00:00:00Z"), instant(t, "2040-01-01T00:00:00Z"))
			for i, p := range periods {
				require.True(t, p.From.Before(p.To), "%s %s %v", name, unit, p)
				require.True(t, i == 0 || periods[i-1].To.Equal(p.From), "%s %s %v", name, unit, p)
				middle := p.From.Add(p.Length() / 2)
				from, _ := w.Bounds(middle)
				require.True(t, from.Equal(p.From) && w.End(middle).Equal(p.To), "%s %s %v", name, unit, p)
				require.Zero(t, p.From.Unix()%60, "%s %s %v", name, unit, p)
			}
		}
	}
}

func TestWhatIsNoCalendarWindowIsRefused(t *testing.T) {
	check := func(n int, unit slo.Unit, anchor time.Time, want string) {
		t.Helper()
		_, err := slo.Calendar(n, unit, anchor)
		require.EqualError(t, err, want)
	}
	check(1, "decade", origin, `"decade" is no unit of the calendar; expected day, week, month, quarter or year`)
	check(0, slo.Month, origin, "a calendar window of 0 months; expected 1 to 1000")
	check(1, slo.Month, origin.Add(time.Second), "a calendar window that starts at 00:00:01; expected a whole minute")
}
