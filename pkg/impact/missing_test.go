package impact_test

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/impact"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// demand has so many weeks of hours from the origin on, and then the two days after
// it, each hour as the function says.
func demand(t *testing.T, weeks int, of func(at time.Time) slo.Slice) impact.Demand {
	t.Helper()
	var slices []slo.Slice
	for i := range weeks*7*24 + 48 {
		slices = append(slices, of(origin.Add(time.Duration(i)*hour)))
	}
	return impact.Demand{Timeline: timeline(t, slices), Zone: time.UTC}
}

// incidentAt is two hours from 10 o'clock on of the day after so many weeks.
func incidentAt(weeks int) slo.Interval {
	from := origin.Add(time.Duration(weeks)*7*day + 10*hour)
	return slo.Interval{From: from, To: from.Add(2 * hour)}
}

func within(s slo.Interval, at time.Time) bool { return !at.Before(s.From) && at.Before(s.To) }

func everything(d impact.Demand) slo.Interval {
	return slo.Interval{From: d.Timeline.Grid().Start(), To: d.Timeline.Grid().End()}
}

// 100 events an hour, always; in the incident 30 and 30, of which 45 fail. 200 were
// to come, so that 140 stayed away. The past was perfectly regular.
func TestAnOutageHidesTheDemandThatStayedAway(t *testing.T) {
	out := incidentAt(4)
	d := demand(t, 4, func(at time.Time) slo.Slice {
		if within(out, at) {
			return measured(22.5, 30)
		}
		return measured(0, 100)
	})
	d.Hurt = []slo.Interval{out}
	absent, err := impact.MissingDemand(d, everything(d))
	require.NoError(t, err)
	require.True(t, absent.Known)
	require.Empty(t, absent.Warnings)
	near(t, impact.Exactly(140), absent.Events)
	one := absent.Incidents[0]
	near(t, impact.Exactly(200), one.Expected)
	require.InDelta(t, 60, one.Seen, 1e-9)
	require.Equal(t, 4, one.Weeks)
	require.Equal(t, out, one.Interval)

	// 0 to 40 % of the 45 failures, 20 % at best, were people who tried again: of the 60
	// only 42 to 60 came for the first time, so that 140 to 158 are missing.
	d.Returning = impact.Range{Base: 0.2, High: 0.4}
	absent, err = impact.MissingDemand(d, everything(d))
	require.NoError(t, err)
	near(t, impact.Range{Low: 140, Base: 149, High: 158}, absent.Events)

	// 149 x 20 money a failure x 99 % that would have gone well.
	money, ok := absent.Loss(impact.Range{Low: 10, Base: 20, High: 30}, 0.99)
	require.True(t, ok)
	near(t, impact.Range{Low: 1386, Base: 2950.2, High: 4692.6}, money)
}

// A whole day at 40 %: nobody was hurt, nothing is missing. Had there been an outage
// of two hours that day, 2 x 40 events were to come, not 200.
func TestAHolidayIsNoOutage(t *testing.T) {
	out := incidentAt(4)
	holiday := slo.Interval{From: out.From.Add(-10 * hour), To: out.From.Add(14 * hour)}
	of := func(hurt bool) impact.Demand {
		d := demand(t, 4, func(at time.Time) slo.Slice {
			switch {
			case hurt && within(out, at):
				return measured(5, 5)
			case within(holiday, at):
				return measured(0, 40)
			}
			return measured(0, 100)
		})
		if hurt {
			d.Hurt = []slo.Interval{out}
		}
		return d
	}
	d := of(false)
	absent, err := impact.MissingDemand(d, everything(d))
	require.NoError(t, err)
	require.Equal(t, impact.Absent{Known: true}, absent)

	d = of(true)
	absent, err = impact.MissingDemand(d, everything(d))
	require.NoError(t, err)
	require.True(t, absent.Known)
	require.InDelta(t, 80-10, absent.Events.Base, 1e-9)
}

// Demand grows by half from week to week: 100, 150, 225, 337.5 in the past, so that
// 506.25 an hour are to come; the median of the past is 187.5, and demand around the
// incident 2.7 times as strong.
func TestExpectedDemandFollowsTheTrend(t *testing.T) {
	out := incidentAt(4)
	d := demand(t, 4, func(at time.Time) slo.Slice {
		n := 100.0
		for range int(at.Sub(origin) / (7 * day)) {
			n *= 1.5
		}
		if within(out, at) {
			return measured(0, 0)
		}
		return measured(0, n)
	})
	d.Hurt = []slo.Interval{out}
	absent, err := impact.MissingDemand(d, everything(d))
	require.NoError(t, err)
	require.True(t, absent.Known)
	// The level comes from the 10 hours before it on the same day, and the 12 after it.
	require.InDelta(t, 2*506.25, absent.Events.Base, 1e-9)
}

// At ten o'clock 90 and 110 come, in turn from day to day and, seven being odd, from
// week to week. Four weeks expect 100. Where 90 came, the other three weeks say 110
// (of 110, 90, 110), where 110 came they say 90: the past was wrong by 90/110 or
// 110/90, half of the time each.
func TestTheIntervalIsHowWrongThePastWouldHaveBeen(t *testing.T) {
	out := incidentAt(4)
	out.To = out.From.Add(hour)
	d := demand(t, 4, func(at time.Time) slo.Slice {
		switch {
		case within(out, at):
			return measured(0, 0)
		case at.Hour() != 10:
			return measured(0, 100)
		case int(at.Sub(origin)/day)%2 == 0:
			return measured(0, 90)
		}
		return measured(0, 110)
	})
	d.Hurt = []slo.Interval{out}
	absent, err := impact.MissingDemand(d, everything(d))
	require.NoError(t, err)
	require.True(t, absent.Known)
	near(t, impact.Range{Low: 100 * 90. / 110, Base: 100, High: 100 * 110. / 90}, absent.Events)

	// A second hour in which nothing was missing, and nothing ever scattered.
	d.Hurt = append(d.Hurt, slo.Interval{From: out.From.Add(5 * hour), To: out.To.Add(5 * hour)})
	absent, err = impact.MissingDemand(d, everything(d))
	require.NoError(t, err)
	require.Len(t, absent.Incidents, 2)
	near(t, impact.Exactly(0), absent.Incidents[1].Events, "nothing is missing at three o'clock, where it was always 100")
	near(t, impact.Range{Low: 100 * 90. / 110, Base: 100, High: 100 * 110. / 90}, absent.Events)
}

// Two such hours, on days that have nothing to do with each other: the deviations add up
// as squares, to 1.414 times as much and not to twice as much.
func TestErrorsOfSeparateIncidentsAddUpAsSquares(t *testing.T) {
	first := incidentAt(4)
	first.To = first.From.Add(hour)
	second := slo.Interval{From: first.From.Add(day), To: first.To.Add(day)}
	d := demand(t, 4, func(at time.Time) slo.Slice {
		switch {
		case within(first, at), within(second, at):
			return measured(0, 0)
		case at.Hour() != 10:
			return measured(0, 100)
		case int(at.Sub(origin)/day)%2 == 0:
			return measured(0, 90)
		}
		return measured(0, 110)
	})
	d.Hurt = []slo.Interval{first, second}
	absent, err := impact.MissingDemand(d, everything(d))
	require.NoError(t, err)
	require.True(t, absent.Known)
	below, above := 100*(1-90./110), 100*(110./90-1)
	near(t, impact.Range{Low: 200 - math.Sqrt2*below, Base: 200, High: 200 + math.Sqrt2*above}, absent.Events)
}

// Three weeks in which ten o'clock had 100; in a fourth an incident left 10, in a fifth a
// load test made 900.
func TestEarlierIncidentsAndExcludedTimesSayNothingOfUsualDemand(t *testing.T) {
	out := incidentAt(5)
	earlier := incidentAt(3)
	test := incidentAt(2)
	d := demand(t, 5, func(at time.Time) slo.Slice {
		switch {
		case within(out, at), within(earlier, at):
			return measured(10, 10)
		case within(test, at):
			return measured(0, 900)
		}
		return measured(0, 100)
	})
	d.Hurt = []slo.Interval{out, earlier}
	d.Excluded = []slo.Interval{test}
	absent, err := impact.MissingDemand(d, slo.Interval{From: out.From.Add(-day), To: out.To})
	require.NoError(t, err)
	require.Len(t, absent.Incidents, 1, "the earlier one was not asked about")
	require.Equal(t, 3, absent.Incidents[0].Weeks)
	near(t, impact.Exactly(180), absent.Events)

	// Two of five weeks are left: that is too few.
	d.Excluded = append(d.Excluded, incidentAt(1))
	absent, err = impact.MissingDemand(d, everything(d))
	require.NoError(t, err)
	require.False(t, absent.Known)
	require.Equal(t, impact.Range{}, absent.Events)
	require.Contains(t, absent.Warnings[0].Text, "unknown for 2 of 2 intervals")
	_, ok := absent.Loss(impact.Exactly(1), 1)
	require.False(t, ok)
}

// Customers live by the clock of Berlin: noon is 11:00 UTC in winter and 10:00 UTC from
// 29 March 2026 on. The outage is at noon of 31 March.
func TestTheSameHourIsOneOfTheLocalClock(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	noon := time.Date(2026, time.March, 31, 12, 0, 0, 0, berlin)
	out := slo.Interval{From: noon.UTC(), To: noon.UTC().Add(hour)}
	d := demand(t, 13, func(at time.Time) slo.Slice {
		switch {
		case within(out, at):
			return measured(0, 0)
		case at.In(berlin).Hour() == 12:
			return measured(0, 1000)
		}
		return measured(0, 100)
	})
	d.Hurt, d.Zone = []slo.Interval{out}, berlin
	absent, err := impact.MissingDemand(d, everything(d))
	require.NoError(t, err)
	near(t, impact.Exactly(1000), absent.Events)

	d.Zone = time.UTC
	absent, err = impact.MissingDemand(d, everything(d))
	require.NoError(t, err)
	require.Less(t, absent.Events.Base, 200.0, "a clock that nobody lives by expects a quiet hour")
}

// A quarter of an hour, of an hour with 400: 100 are expected, give or take what chance
// makes of a quarter: 1.28155 x sqrt(400 x 1/4 x 3/4) = 11.1.
func TestPartOfAnHourIsExpectedToScatter(t *testing.T) {
	at := origin.Add(28 * day)
	g, err := slo.NewGrid(slo.Part{Start: origin, Step: hour, N: 28*24 + 10}, slo.Part{Start: at.Add(10 * hour), Step: 15 * time.Minute, N: 8})
	require.NoError(t, err)
	slices := make([]slo.Slice, g.Len())
	for i := range slices {
		slices[i] = measured(0, 400*g.Edge(i+1).Sub(g.Edge(i)).Hours())
	}
	slices[g.Index(at.Add(10*hour+15*time.Minute))] = measured(30, 40)
	tl, err := slo.NewTimeline(g, slices)
	require.NoError(t, err)
	// It began and ended within the slice, which is taken whole.
	hurt := slo.Interval{From: at.Add(10*hour + 17*time.Minute), To: at.Add(10*hour + 28*time.Minute)}
	d := impact.Demand{Timeline: tl, Zone: time.UTC, Hurt: []slo.Interval{hurt}}
	absent, err := impact.MissingDemand(d, everything(d))
	require.NoError(t, err)
	require.Equal(t, 15*time.Minute, absent.Incidents[0].Length())
	require.InDelta(t, 60, absent.Events.Base, 1e-9)
	require.InDelta(t, 60-11.09856, absent.Events.Low, 1e-4)
	require.InDelta(t, 60+11.09856, absent.Events.High, 1e-4)
}

// Customers stay away for another hour, with 60 instead of 100.
func TestAShadowCountsWhatStaysAwayAfterwards(t *testing.T) {
	out := incidentAt(4)
	d := demand(t, 4, func(at time.Time) slo.Slice {
		switch {
		case within(out, at):
			return measured(30, 30)
		case within(slo.Interval{From: out.To, To: out.To.Add(hour)}, at):
			return measured(0, 60)
		}
		return measured(0, 100)
	})
	d.Hurt, d.Shadow = []slo.Interval{out}, hour
	absent, err := impact.MissingDemand(d, everything(d))
	require.NoError(t, err)
	near(t, impact.Exactly(180), absent.Events)
}

func TestDemandThatWasNotObservedIsUnknown(t *testing.T) {
	out := incidentAt(4)
	d := demand(t, 4, func(at time.Time) slo.Slice {
		if at.Equal(out.From) {
			return slo.Slice{}
		}
		return measured(0, 100)
	})
	d.Hurt = []slo.Interval{out}
	absent, err := impact.MissingDemand(d, everything(d))
	require.NoError(t, err)
	require.False(t, absent.Known)

	d.Zone = nil
	_, err = impact.MissingDemand(d, everything(d))
	require.ErrorContains(t, err, "missing demand needs a time zone")
	d.Zone, d.Returning = time.UTC, impact.Exactly(2)
	_, err = impact.MissingDemand(d, everything(d))
	require.ErrorContains(t, err, "the share of failures that come again is 2 to 2")
}
