package plugin

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

func promiseOver(t testing.TB, window time.Duration) promise {
	t.Helper()
	w, err := slo.Rolling(window)
	require.NoError(t, err)
	objective, err := slo.NewObjective(0.99, w)
	require.NoError(t, err)
	return promise{objective: objective}
}

// span is the plan for a series of burn rates over a time range before now, with
// counters scraped every minute.
func planned(t testing.TB, length time.Duration, more func(*question)) (span, error) {
	t.Helper()
	q := question{
		queryType: typeSeries, measures: []measure{{Name: "burn_rate", Lookback: true}}, lookback: time.Hour,
		timeRange: backend.TimeRange{From: noon.Add(-length), To: noon},
	}
	if more != nil {
		more(&q)
	}
	return planSpan(q, []promise{promiseOver(t, 28*24*time.Hour)}, settings{scrape: time.Minute}, noon)
}

// What must hold for every question.
func TestEveryPlanCanBeReadOnItsGrid(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 2))
	minutes := func(most int) time.Duration { return time.Duration(1+rng.IntN(most)) * time.Minute }
	for range 3000 {
		s := settings{scrape: time.Duration(1+rng.IntN(300)) * time.Second, delay: time.Duration(rng.IntN(300)) * time.Second}
		now := noon.Add(time.Duration(rng.Int64N(int64(100 * 24 * time.Hour))))
		to := now.Add(time.Duration(rng.Int64N(int64(48*time.Hour))) - 36*time.Hour) // also in the future
		q := question{
			queryType: []string{typeNumber, typeSeries}[rng.IntN(2)], lookback: minutes(300),
			timeRange: backend.TimeRange{From: to.Add(-time.Duration(rng.Int64N(int64(60 * 24 * time.Hour)))), To: to},
			interval:  time.Duration(rng.Int64N(int64(3 * time.Hour))),
			maxPoints: rng.IntN(3000) - 10,
		}
		if rng.IntN(2) == 0 {
			q.measures = []measure{{Name: "burn_rate", Lookback: true}}
		}
		promises := []promise{promiseOver(t, minutes(60*24*60)), promiseOver(t, 28*24*time.Hour)}
		if rng.IntN(2) == 0 {
			promises = []promise{promiseOver(t, []time.Duration{time.Hour, 24 * time.Hour, 7 * 24 * time.Hour}[rng.IntN(3)])}
		}
		got, err := planSpan(q, promises, s, now)
		if err != nil {
			if q.timeRange.From.After(now) {
				require.ErrorContains(t, err, "still to come")
			} else {
				require.ErrorContains(t, err, "too many to count")
			}
			continue
		}
		complete := now.Add(-s.delay)
		require.Equal(t, complete, got.complete)
		for _, l := range q.lengths(promises) {
			require.Zero(t, l%got.slice, "slices of %s and a window of %s", got.slice, l)
		}
		require.Zero(t, got.step%got.slice)
		instants := got.instants()
		for _, at := range instants {
			require.True(t, slo.Floor(at, max(got.step, got.slice)).Equal(at), "%s is not a multiple of %s", at, got.step)
			require.False(t, at.After(complete), "the data at %s is not complete", at)
			require.False(t, at.After(to))
		}
		require.LessOrEqual(t, len(instants), maxSeriesPoints+1)
		if q.maxPoints > 0 {
			require.LessOrEqual(t, len(instants), q.maxPoints+1, "both ends of the range are points")
		}
		if !q.timeRange.From.After(complete) {
			require.NotEmpty(t, instants, "a range that has begun has a point")
			for _, p := range promises {
				grid, err := got.grid(q, p)
				require.NoError(t, err)
				require.True(t, grid.End().Equal(got.to))
				require.False(t, grid.Start().After(instants[0].Add(-p.objective.Window().Duration())), "the first window is on the grid")
			}
		}
		if q.queryType == typeSeries {
			require.GreaterOrEqual(t, got.step, min(q.interval, 24*time.Hour))
			require.GreaterOrEqual(t, got.step, min(2*s.scrape, 24*time.Hour))
		}
	}
}

func TestStepsAndSlicesAreNiceLengths(t *testing.T) {
	check := func(length, step, slice time.Duration, more func(*question)) {
		t.Helper()
		got, err := planned(t, length, more)
		require.NoError(t, err)
		require.Equal(t, step, got.step)
		require.Equal(t, slice, got.slice)
	}
	const day = 24 * time.Hour
	points := func(n int) func(*question) { return func(q *question) { q.maxPoints = n } }
	check(time.Hour, 2*time.Minute, 2*time.Minute, points(1000)) // two scrapes
	check(6*time.Hour, 2*time.Minute, 2*time.Minute, points(300))
	check(24*time.Hour, 5*time.Minute, 5*time.Minute, points(300)) // 4.8 minutes
	check(7*day, 30*time.Minute, 30*time.Minute, points(500))      // 20.16 minutes
	check(30*day, time.Hour, time.Hour, points(1000))
	check(90*day, 24*time.Hour, time.Hour, points(100)) // 21.6 hours
	check(1000*day, 10*day, time.Hour, points(100))
	check(24*time.Hour, time.Hour, time.Hour, func(q *question) { q.interval = 40 * time.Minute })
	// A lookback of 45 minutes begins within the hour.
	check(24*time.Hour, time.Hour, 15*time.Minute, func(q *question) { q.interval, q.lookback = time.Hour, 45*time.Minute })
	check(24*time.Hour, time.Hour, time.Minute, func(q *question) { q.interval, q.lookback = time.Hour, 7*time.Minute })
}

// A dashboard that is refreshed asks for the same slices again.
func TestTheSameQuestionASecondLaterHasTheSameGrid(t *testing.T) {
	for _, queryType := range []string{typeNumber, typeSeries} {
		plan := func(later time.Duration) span {
			now := noon.Add(17*time.Second + later)
			q := question{
				queryType: queryType, maxPoints: 500,
				timeRange: backend.TimeRange{From: now.Add(-24 * time.Hour), To: now},
			}
			got, err := planSpan(q, []promise{promiseOver(t, 28*24*time.Hour)}, settings{scrape: time.Minute}, now)
			require.NoError(t, err)
			got.complete = time.Time{}
			return got
		}
		require.Equal(t, plan(0), plan(time.Second))
		require.NotEqual(t, plan(0), plan(10*time.Minute))
	}
}

func TestAShortRangeStillHasItsLastPoint(t *testing.T) {
	for _, length := range []time.Duration{0, time.Second, 30 * time.Second, 90 * time.Second} {
		got, err := planned(t, length, func(q *question) {
			q.timeRange.From, q.timeRange.To = q.timeRange.From.Add(-30*time.Second), q.timeRange.To.Add(-30*time.Second)
		})
		require.NoError(t, err)
		require.Equal(t, []time.Time{noon.Add(-2 * time.Minute)}, got.instants(), length)
	}
}

func TestInstantsEndWhereTheDataIsComplete(t *testing.T) {
	s := settings{scrape: time.Minute, delay: 5 * time.Minute}
	q := question{queryType: typeNumber, timeRange: backend.TimeRange{From: noon.Add(-time.Hour), To: noon.Add(time.Hour)}}
	promises := []promise{promiseOver(t, 28*24*time.Hour)}
	got, err := planSpan(q, promises, s, noon)
	require.NoError(t, err)
	require.Equal(t, []time.Time{noon.Add(-6 * time.Minute)}, got.instants()) // in slices of two minutes

	q.timeRange = backend.TimeRange{From: noon.Add(-3 * time.Hour), To: noon.Add(-2 * time.Hour)}
	got, err = planSpan(q, promises, s, noon)
	require.NoError(t, err)
	require.Equal(t, []time.Time{noon.Add(-2 * time.Hour)}, got.instants())

	q = question{queryType: typeSeries, timeRange: backend.TimeRange{From: noon.Add(time.Hour), To: noon.Add(2 * time.Hour)}}
	_, err = planSpan(q, promises, s, noon)
	require.EqualError(t, err, "the time range begins at "+noon.Add(time.Hour).UTC().Format(time.RFC3339)+", which is still to come; expected one that has begun, or a question of the type forecast")
}

func TestARangeOfTooManySlicesIsRefused(t *testing.T) {
	_, err := planned(t, 90*24*time.Hour, func(q *question) { q.lookback, q.maxPoints = 7*time.Minute, 1000 })
	require.EqualError(t, err, "slices of 1m over a time range of 2160h0m0s are too many to count; ask for a shorter range or a longer lookback")
}

// Next month's figures are not this month's: a time range that is still to come has none,
// and says so. A browser's clock may be minutes ahead, and a forecast speaks of what is to come.
func TestWhatIsStillToComeHasNoFigures(t *testing.T) {
	ds := openStakes(t)
	begin := func(queryType, text string, ahead time.Duration) error {
		q := query("A", queryType, text)
		q.TimeRange = backend.TimeRange{From: time.Now().Add(ahead), To: time.Now().Add(ahead + 24*time.Hour)}
		return askAll(t, ds, nil, q)["A"].Error
	}
	for _, kind := range []string{typeNumber, typeSeries, typeScorecard, typeStatement, typePriorities} {
		require.NoError(t, begin(kind, `{}`, 4*time.Minute), kind)
		require.ErrorContains(t, begin(kind, `{}`, 48*time.Hour), "which is still to come; expected one that has begun", kind)
	}
	require.NoError(t, begin(typeForecast, `{}`, 48*time.Hour))
	require.NoError(t, begin(typeIncidents, `{}`, 48*time.Hour))
}
