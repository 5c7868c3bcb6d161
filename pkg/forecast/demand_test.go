package forecast_test

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/forecast"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// shop is demand by the local hour: 1,000 an hour, up to 900 more or less by the time
// of day with its peak at 15:00, and half of all that at weekends.
func shop(at time.Time) float64 {
	hour := float64(at.Hour()) - 15
	events := 1000 + 900*math.Cos(hour*math.Pi/12)
	if at.Weekday() == time.Saturday || at.Weekday() == time.Sunday {
		return events / 2
	}
	return events
}

func berlin(t *testing.T) *time.Location {
	t.Helper()
	location, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	return location
}

func TestDemandHasTheShapeOfDaysAndWeeks(t *testing.T) {
	timeline := history(t, 35*day, func(ago time.Duration) slo.Slice { return measured(0, shop(now.Add(-ago))) })
	d, err := forecast.LearnDemand(timeline, now, nil)
	require.NoError(t, err)
	// Two Thursdays' peaks, one ahead and one behind, a night, and a Saturday's peak.
	for _, at := range []time.Time{now.Add(3 * time.Hour), now.Add(-7*day + 3*time.Hour), now.Add(15 * time.Hour), now.Add(2*day + 3*time.Hour)} {
		events, band := d.Between(at, at.Add(time.Hour))
		require.InDelta(t, shop(at), events, 60, at)
		require.True(t, band.Holds(events))
	}
	// A week holds five whole days and two halves: 6 days of 24,000.
	events, _ := d.Between(now, now.Add(7*day))
	require.InEpsilon(t, 144000, events, 0.01)
	// An hour's demand splits into that of its parts.
	whole, _ := d.Between(now, now.Add(time.Hour))
	first, _ := d.Between(now, now.Add(20*time.Minute))
	second, _ := d.Between(now.Add(20*time.Minute), now.Add(time.Hour))
	require.InEpsilon(t, whole, first+second, 1e-9)
}

// What would have been expected is the same with and without an outage of six hours
// that keeps everybody away, a launch that brings five times as many, and a holiday.
func TestOutagesLaunchesAndHolidaysDoNotMoveDemand(t *testing.T) {
	disturbed := func(ago time.Duration) float64 {
		usual := shop(now.Add(-ago))
		switch {
		case ago <= 50*time.Hour && ago > 44*time.Hour:
			return 0
		case ago <= 230*time.Hour && ago > 224*time.Hour:
			return 5 * usual
		case ago <= 15*day+12*time.Hour && ago > 14*day+12*time.Hour: // a local day
			return usual / 3
		}
		return usual
	}
	calm, err := forecast.LearnDemand(history(t, 28*day, func(ago time.Duration) slo.Slice { return measured(0, shop(now.Add(-ago))) }), now, nil)
	require.NoError(t, err)
	rough, err := forecast.LearnDemand(history(t, 28*day, func(ago time.Duration) slo.Slice { return measured(0, disturbed(ago)) }), now, nil)
	require.NoError(t, err)
	for _, from := range []time.Duration{-50 * time.Hour, -230 * time.Hour, 0, 3 * day} {
		want, _ := calm.Between(now.Add(from), now.Add(from+6*time.Hour))
		got, _ := rough.Between(now.Add(from), now.Add(from+6*time.Hour))
		require.InEpsilon(t, want, got, 0.08, from)
	}
}

// On 29 March 2026 Berlin puts its clocks forward: the peak at 15:00 moves from 14:00
// UTC to 13:00.
func TestDemandFollowsTheClocksOfItsTimeZone(t *testing.T) {
	location := berlin(t)
	at := time.Date(2026, time.March, 27, 0, 0, 0, 0, time.UTC)
	n := 28 * 24
	grid, err := slo.NewGrid(slo.Part{Start: at.Add(-28 * day), Step: time.Hour, N: n})
	require.NoError(t, err)
	all := make([]slo.Slice, n)
	for i := range all {
		all[i] = measured(0, shop(grid.Edge(i).In(location)))
	}
	timeline, err := slo.NewTimeline(grid, all)
	require.NoError(t, err)
	before := time.Date(2026, time.March, 27, 15, 0, 0, 0, location)
	after := time.Date(2026, time.March, 30, 15, 0, 0, 0, location)
	require.Equal(t, 14, before.UTC().Hour())
	require.Equal(t, 13, after.UTC().Hour())
	for _, peak := range []time.Time{before, after} {
		events, _, err := forecast.ExpectedDemand(timeline, at, peak, peak.Add(time.Hour), location)
		require.NoError(t, err)
		require.InEpsilon(t, 1900, events, 0.02)
	}
}

// Growth of 3 % a day is more than a wandering level explains, and goes on: a week ahead
// demand is between what it is today and what it would be at full growth, 1.25 times
// that, because a trend fades.
func TestGrowthGoesOn(t *testing.T) {
	timeline := history(t, 35*day, func(ago time.Duration) slo.Slice {
		return measured(0, 1000*math.Exp(-0.03*ago.Hours()/24)) // 1000 an hour now
	})
	d, err := forecast.LearnDemand(timeline, now, nil)
	require.NoError(t, err)
	events, _ := d.Between(now, now.Add(day))
	require.InEpsilon(t, 24000*1.015, events, 0.03)
	events, _ = d.Between(now.Add(7*day), now.Add(8*day))
	require.Greater(t, events, 24000*1.08)
	require.Less(t, events, 24000*1.25)
}

// The fewer days, the wider the interval; and it holds the truth at any length of history.
func TestDemandNeedsNoMoreThanADay(t *testing.T) {
	width := math.Inf(1)
	for _, days := range []time.Duration{1, 3, 7, 35, 90} {
		timeline := history(t, days*day, func(ago time.Duration) slo.Slice { return measured(0, shop(now.Add(-ago))) })
		events, band, err := forecast.ExpectedDemand(timeline, now, now.Add(3*time.Hour), now.Add(4*time.Hour), nil)
		require.NoError(t, err)
		require.InEpsilon(t, 1900, events, 0.1, days)
		require.True(t, band.Holds(1900), days)
		require.LessOrEqual(t, band.High/band.Low, width, days)
		width = band.High / band.Low
	}
}

// Days that differ by 20 % (standard deviation of the logarithm) are inside intervals
// at 80 % about as often as that.
func TestIntervalsOfDemandHoldAsOftenAsTheySay(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	held, n := 0.0, 0.0
	for range 200 {
		var factors [30]float64
		for i := range factors {
			factors[i] = math.Exp(0.2 * rng.NormFloat64())
		}
		timeline := history(t, 28*day, func(ago time.Duration) slo.Slice {
			at := now.Add(-ago)
			return measured(0, shop(at)*factors[int(now.Truncate(day).Add(day).Sub(at)/day)])
		})
		tomorrow := now.Truncate(day).Add(day)
		_, band, err := forecast.ExpectedDemand(timeline, now, tomorrow, tomorrow.Add(day), nil)
		require.NoError(t, err)
		n++
		if band.Holds(24000 * math.Exp(0.2*rng.NormFloat64())) {
			held++
		}
	}
	require.InDelta(t, 0.8, held/n, 0.08)
}

func TestWhatWasNotObservedTeachesNothing(t *testing.T) {
	// Every second day is a gap, and demand is what it is on the others.
	timeline := history(t, 28*day, func(ago time.Duration) slo.Slice {
		if int(ago/day)%2 == 1 {
			return slo.Slice{}
		}
		return measured(0, 1000)
	})
	events, _, err := forecast.ExpectedDemand(timeline, now, now.Add(time.Hour), now.Add(2*time.Hour), nil)
	require.NoError(t, err)
	require.InEpsilon(t, 1000, events, 0.01)

	_, _, err = forecast.ExpectedDemand(history(t, day, func(time.Duration) slo.Slice { return slo.Slice{} }), now, now, now.Add(day), nil)
	require.ErrorContains(t, err, "nothing was observed before 2026-03-12T12:00:00Z")
	_, err = forecast.LearnDemand(nil, now, nil)
	require.ErrorContains(t, err, "needs a timeline")
}

// A service that nobody ever came to has no demand, however far ahead is looked.
func TestWhereNobodyCameNobodyIsExpected(t *testing.T) {
	timeline := history(t, 10*day, func(time.Duration) slo.Slice { return measured(0, 0) })
	d, err := forecast.LearnDemand(timeline, now, nil)
	require.NoError(t, err)
	for _, ahead := range []time.Duration{0, 30 * day, 4000 * day} {
		events, _ := d.Between(now.Add(ahead), now.Add(ahead+day))
		require.Zero(t, events, ahead)
	}
}
