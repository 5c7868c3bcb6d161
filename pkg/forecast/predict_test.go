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

// service is a history with 1,000 events an hour, one in a thousand of them bad, and
// what the given hours before now have instead.
func service(t *testing.T, length time.Duration, bad map[time.Duration]float64) *slo.Timeline {
	t.Helper()
	return history(t, length, func(ago time.Duration) slo.Slice {
		if b, ok := bad[ago]; ok {
			return measured(b, 1000)
		}
		return measured(1, 1000)
	})
}

func predict(t *testing.T, q forecast.Question) forecast.Forecast {
	t.Helper()
	f, err := forecast.Predict(q)
	require.NoError(t, err)
	require.NotEmpty(t, f.Steps)
	for _, s := range f.Steps {
		require.LessOrEqual(t, s.Band95.Low, s.Band80.Low)
		require.LessOrEqual(t, s.Band80.Low, s.Band50.Low)
		require.LessOrEqual(t, s.Band50.Low, s.Median)
		require.LessOrEqual(t, s.Median, s.Band50.High)
		require.LessOrEqual(t, s.Band50.High, s.Band80.High)
		require.LessOrEqual(t, s.Band80.High, s.Band95.High)
		require.False(t, math.IsNaN(s.Mean) || math.IsInf(s.Mean, 0))
	}
	return f
}

func at(f forecast.Forecast) forecast.Step { return f.Steps[len(f.Steps)-1] }

func TestTheSameHistoryGivesTheSameForecast(t *testing.T) {
	q := forecast.Question{
		Timeline: service(t, 35*day, map[time.Duration]float64{100 * time.Hour: 200}), Budget: 0.005, Now: now,
		Window: forecast.Rolling(28 * day),
	}
	require.Equal(t, predict(t, q), predict(t, q))
}

// A forecast at an instant in the past, for a back-test, sees nothing of what came.
func TestTheFutureIsNotSeen(t *testing.T) {
	q := forecast.Question{Budget: 0.005, Now: now.Add(-5*day - 17*time.Minute), Window: forecast.Rolling(28 * day)}
	q.Timeline = service(t, 40*day, nil)
	calm := predict(t, q)
	bad := map[time.Duration]float64{}
	for ago := time.Hour; ago <= 5*day; ago += time.Hour {
		bad[ago] = 900
	}
	q.Timeline = service(t, 40*day, bad)
	require.Equal(t, calm, predict(t, q))
}

// 28 days of 1,000 an hour allow 0.002 × 672,000 = 1,344 bad events. From now on 4 of
// 1,000 fail, where 1 did: after d days the window holds 96 d + 24 (28 - d), which is
// (672 + 72 d) / 1,344 of the budget: it is gone at d = 9.33.
func TestAnOwnScenarioIsArithmetic(t *testing.T) {
	q := forecast.Question{
		Timeline: service(t, 35*day, nil), Budget: 0.002, Now: now, Window: forecast.Rolling(28 * day),
		Horizon: 14 * day, Step: 6 * time.Hour, Scenario: forecast.OwnRatio(0.004),
	}
	f := predict(t, q)
	require.InDelta(t, 0.5, f.Steps[0].Median, 1e-9)
	require.InDelta(t, 0.5+72*7.0/1344, f.Steps[28].Median, 0.01)
	require.InDelta(t, 9.33, f.Exhaustion.Median.Sub(now).Hours()/24, 0.3)
	require.Equal(t, 1.0, f.MissProbability.Value)

	// A factor is of the lookback's share, here of 0.001.
	q.Scenario, q.Lookback = forecast.OwnFactor(4), 35*day
	f = predict(t, q)
	require.InDelta(t, 0.5+72*7.0/1344, f.Steps[28].Median, 0.02)

	// Without failures the 1 of 1,000 age out: half the budget's half is left after 14 days.
	q.Scenario = forecast.OwnRatio(0)
	f = predict(t, q)
	require.InDelta(t, 0.25, at(f).Median, 0.01)
	require.Zero(t, f.Exhaustion.Probability)
	require.True(t, f.Exhaustion.Median.IsZero())
}

// An incident 27 days ago consumed one and a half budgets. It leaves a window of 28 days
// tomorrow, and the budget recovers.
func TestAnExhaustedBudgetRecoversWhenTheIncidentAgesOut(t *testing.T) {
	f := predict(t, forecast.Question{
		Timeline: service(t, 35*day, map[time.Duration]float64{27 * day: 1000, 27*day - time.Hour: 1000}), Budget: 0.002, Now: now,
		Window: forecast.Rolling(28 * day), Step: time.Hour, Horizon: 7 * day,
	})
	// 2,000 and 670 of the background, of 1,344.
	require.InDelta(t, 2670.0/1344, f.Steps[0].Median, 1e-9)
	require.Equal(t, 1.0, f.Exhaustion.Probability)
	require.Equal(t, now, f.Exhaustion.Median)
	require.InDelta(t, 26, f.Recovery.Median.Sub(now).Hours(), 2)
	require.Greater(t, f.Recovery.Probability, 0.9)

	f = predict(t, forecast.Question{Timeline: service(t, 35*day, nil), Budget: 0.002, Now: now, Window: forecast.Rolling(28 * day)})
	require.Zero(t, f.Recovery.Probability)
	require.True(t, f.Recovery.Median.IsZero())
}

// A calendar window fills up: what is consumed of the period's whole budget never
// falls, and at its end it is the share that the target allows.
func TestACalendarWindowFillsUp(t *testing.T) {
	q := forecast.Question{
		Timeline: service(t, 60*day, map[time.Duration]float64{150 * time.Hour: 300}), Budget: 0.002, Now: now,
		Window: forecast.Calendar(time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, time.April, 1, 0, 0, 0, 0, time.UTC)),
	}
	f := predict(t, q)
	require.Equal(t, q.Window.End, at(f).At)
	// 276 hours of 1,000 events have passed, with 275 + 300 bad of 744,000 × 0.002.
	require.InDelta(t, 575.0/1488, f.Steps[0].Median, 0.02)
	for i, s := range f.Steps[1:] {
		require.GreaterOrEqual(t, s.Median, f.Steps[i].Median)
		require.GreaterOrEqual(t, s.Band95.Low, f.Steps[i].Band95.Low)
	}
	// Another 468 hours of background are the least.
	require.Greater(t, at(f).Band95.Low, 0.9*(575.0+468)/1488)
	require.Equal(t, at(f).MissProbability, f.MissProbability.Value)
	require.InEpsilon(t, 744000, (f.Events.Low+f.Events.High)/2, 0.02)

	// A horizon short of the end: still the whole period's budget, and its miss.
	q.Horizon = 2 * day
	short := predict(t, q)
	require.Equal(t, now.Add(2*day), at(short).At)
	require.InDelta(t, f.MissProbability.Value, short.MissProbability.Value, 0.06)
}

// An episode is under way for three hours: if it ends now that is best, if it goes on
// that is worst, and what is expected lies between. That it happened at all makes an
// ordinary future a little worse than the best.
func TestScenariosAreInOrder(t *testing.T) {
	q := forecast.Question{
		Timeline: service(t, 35*day, map[time.Duration]float64{time.Hour: 150, 2 * time.Hour: 150, 3 * time.Hour: 150}), Budget: 0.005, Now: now,
		Window: forecast.Rolling(28 * day), Horizon: 3 * day,
	}
	kinds := []forecast.Kind{forecast.IncidentStops, forecast.Typical, forecast.Expected, forecast.IncidentGoesOn}
	scenarios := make([]forecast.Scenario, len(kinds))
	for i, kind := range kinds {
		scenarios[i].Kind = kind
	}
	answers, err := forecast.PredictEach(q, scenarios...)
	require.NoError(t, err)
	for i, f := range answers {
		require.True(t, f.UnderWay)
		require.Equal(t, kinds[i], f.Scenario.Kind)
		if i > 0 {
			require.Greater(t, at(f).Mean, at(answers[i-1]).Mean, kinds[i])
		}
	}
	// 672 hours allow 3,360; the window holds 669 + 450, and 72 hours of 150 come: 10,800.
	require.InEpsilon(t, (669+450-72+10800)/3360.0, at(answers[3]).Median, 0.1)
	require.InEpsilon(t, (669.0+450)/3360, at(answers[0]).Median, 0.05)

	// The same incident a day ago is over.
	q.Timeline = service(t, 35*day, map[time.Duration]float64{25 * time.Hour: 150, 26 * time.Hour: 150, 27 * time.Hour: 150})
	require.False(t, predict(t, q).UnderWay)
}

func TestAShortHistoryWidensTheBandAndSaysSo(t *testing.T) {
	width := math.Inf(1)
	for _, days := range []time.Duration{1, 3, 7, 35, 90} {
		f := predict(t, forecast.Question{
			Timeline: service(t, days*day, nil), Budget: 0.005, Now: now, Window: forecast.Rolling(28 * day), Horizon: 7 * day, Paths: 5000,
		})
		band := at(f).Band80
		require.Less(t, band.High-band.Low, width, days)
		width = band.High - band.Low
		require.InDelta(t, float64(days), f.HistoryDays, 1e-9)
		require.Equal(t, days < 14, hasWarning(f, forecast.ShortHistory), days)
		require.True(t, hasWarning(f, forecast.FewEpisodes))
	}
	f := predict(t, forecast.Question{Timeline: service(t, 3*day, nil), Budget: 0.005, Now: now, Window: forecast.Rolling(28 * day)})
	require.Equal(t, "3 days of history; needs 14 days for the days of a week", f.Warnings[0].Text)
}

func hasWarning(f forecast.Forecast, kind slo.WarningKind) bool {
	for _, w := range f.Warnings {
		if w.Kind == kind {
			return true
		}
	}
	return false
}

func TestWithoutHistoryThereIsNoForecast(t *testing.T) {
	f, err := forecast.Predict(forecast.Question{
		Timeline: history(t, day, func(time.Duration) slo.Slice { return slo.Slice{} }), Budget: 0.01, Now: now, Window: forecast.Rolling(7 * day),
	})
	require.NoError(t, err)
	require.Empty(t, f.Steps)
	require.False(t, f.MissProbability.Known)
	require.False(t, f.ProbabilityOfSLIBelow(0.9).Known)
	require.True(t, hasWarning(f, forecast.NothingObserved))

	// Observed, but nothing happened: no share of nothing can be consumed.
	f, err = forecast.Predict(forecast.Question{
		Timeline: history(t, day, func(time.Duration) slo.Slice { return measured(0, 0) }), Budget: 0.01, Now: now, Window: forecast.Rolling(7 * day),
	})
	require.NoError(t, err)
	require.False(t, f.MissProbability.Known)
	require.True(t, hasWarning(f, forecast.NothingObserved))
}

// A contract's tiers have targets of their own.
func TestTheEndsDistributionAnswersForOtherTargets(t *testing.T) {
	f := predict(t, forecast.Question{
		Timeline: service(t, 35*day, map[time.Duration]float64{100 * time.Hour: 300, 300 * time.Hour: 500}), Budget: 0.003, Now: now,
		Window: forecast.Rolling(28 * day),
	})
	own := f.ProbabilityOfSLIBelow(0.997)
	require.InDelta(t, f.MissProbability.Value, own.Value, 0.01)
	require.GreaterOrEqual(t, own.Value, f.ProbabilityOfSLIBelow(0.99).Value)
	require.Equal(t, 1.0, f.ProbabilityOfSLIBelow(0.9999).Value, "more than one in ten thousand fails already")
	require.Zero(t, f.ProbabilityOfSLIBelow(0.0).Value)
}

// Where 0.6 % fail and 0.3 % may, twice the budget is consumed: one budget beyond it. In
// an uncertain future the mean is what the distribution of the SLI integrates to.
func TestTheExpectedOverspendIsTheMeanBeyondTheBudget(t *testing.T) {
	question := forecast.Question{
		Timeline: service(t, 35*day, map[time.Duration]float64{100 * time.Hour: 300, 300 * time.Hour: 500}), Budget: 0.003, Now: now,
		Window: forecast.Rolling(7 * day), Horizon: 14 * day, Step: day, Scenario: forecast.OwnRatio(0.006),
	}
	require.InDelta(t, 1, predict(t, question).ExpectedOverspend().Value, 1e-6)

	question.Scenario = forecast.Scenario{}
	f := predict(t, question)
	integral, dx := 0.0, 1e-5
	for sli := 0.9; sli < 0.997; sli += dx {
		integral += f.ProbabilityOfSLIBelow(sli+dx/2).Value * dx
	}
	require.Positive(t, integral)
	require.InEpsilon(t, integral/0.003, f.ExpectedOverspend().Value, 0.02)
	require.False(t, forecast.Forecast{}.ExpectedOverspend().Known)
}

// A window of a week, two weeks ahead: nothing of the past is left in it.
func TestAHorizonBeyondTheWindowIsAllFuture(t *testing.T) {
	f := predict(t, forecast.Question{
		Timeline: service(t, 35*day, map[time.Duration]float64{30 * time.Hour: 1000}), Budget: 0.002, Now: now,
		Window: forecast.Rolling(7 * day), Horizon: 14 * day, Step: day, Scenario: forecast.OwnRatio(0.001),
	})
	require.InDelta(t, 0.5, at(f).Median, 1e-6)
	require.InEpsilon(t, 168000, (f.Events.Low+f.Events.High)/2, 0.03)
}

// A hundred services with two bad events a day on average, and nothing else. A week ahead
// a window of seven days holds 14: the forecasts' middle is that on average, within four
// standard errors of 14 × 1/√(56 × 100), which is what 28 days of each can teach. The
// middle of a Poisson distribution is a third below its mean.
func TestFewFailuresAreNotTakenForMore(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	sum := 0.0
	for range 100 {
		timeline := history(t, 28*day, func(time.Duration) slo.Slice {
			bad := 0.0
			for range 10 { // ten chances in an hour
				if rng.Float64() < 2.0/240 {
					bad++
				}
			}
			return measured(bad, 1000)
		})
		f := predict(t, forecast.Question{
			Timeline: timeline, Budget: 0.001, Now: now, Window: forecast.Rolling(7 * day), Horizon: 7 * day,
			Scenario: forecast.Scenario{Kind: forecast.IncidentStops}, Paths: 500,
		})
		sum += at(f).Median * 168 / 100 // budgets of 168 events
	}
	require.InDelta(t, 14-0.33, sum, 4*14/math.Sqrt(5600))
}

// Both new services have had one calm day. Where the fleet has an outage every other
// day, more is to be feared than where it never has one.
func TestAFleetTeachesWhatAShortHistoryCannot(t *testing.T) {
	fleet := func(every time.Duration) *forecast.Prior {
		histories := make([]forecast.History, 12)
		for i := range histories {
			bad := map[time.Duration]float64{}
			for ago := every - time.Duration(i)*time.Hour; ago <= 35*day && every > 0; ago += every {
				bad[ago] = 300 + 20*float64(i)
			}
			histories[i] = forecast.History{Timeline: service(t, 35*day, bad), Budget: 0.01, Now: now}
		}
		prior, err := forecast.LearnPrior(histories...)
		require.NoError(t, err)
		return prior
	}
	q := forecast.Question{Timeline: service(t, day, nil), Budget: 0.01, Now: now, Window: forecast.Rolling(7 * day), Horizon: 5 * day}
	builtIn := at(predict(t, q))
	q.Prior = fleet(2 * day)
	feared := at(predict(t, q))
	q.Prior = fleet(0)
	calm := at(predict(t, q))
	require.Greater(t, feared.Median, 2*calm.Median)
	require.Less(t, calm.Band80.High, builtIn.Band80.High)
	require.Less(t, builtIn.Median, feared.Median)

	same, err := forecast.LearnPrior()
	require.NoError(t, err)
	require.Equal(t, forecast.BuiltIn(), same)
	_, err = forecast.LearnPrior(forecast.History{Timeline: q.Timeline, Budget: 1, Now: now})
	require.ErrorContains(t, err, "history 1 of 1: budget 1 is not a ratio")
}

// A valid question, and one thing wrong with it.
func TestQuestionsThatCannotBeAnsweredAreRefused(t *testing.T) {
	check := func(want string, spoil func(*forecast.Question)) {
		t.Helper()
		q := forecast.Question{Timeline: service(t, day, nil), Budget: 0.01, Now: now, Window: forecast.Rolling(7 * day), Horizon: day}
		predict(t, q)
		spoil(&q)
		_, err := forecast.Predict(q)
		require.ErrorContains(t, err, want)
	}
	check("needs a timeline", func(q *forecast.Question) { q.Timeline = nil })
	check("budget 1 is not a ratio between 0 and 1", func(q *forecast.Question) { q.Budget = 1 })
	check("budget NaN is not", func(q *forecast.Question) { q.Budget = math.NaN() })
	check("needs a window", func(q *forecast.Question) { q.Window = forecast.Window{} })
	check("outside of the period from", func(q *forecast.Question) { q.Window = forecast.Calendar(now.Add(time.Hour), now.Add(day)) })
	check("outside of the period from", func(q *forecast.Question) { q.Window = forecast.Calendar(now.Add(-day), now) })
	check("must not be negative", func(q *forecast.Question) { q.Step = -time.Hour })
	check("makes 86400 instants", func(q *forecast.Question) { q.Step = time.Second })
	check("100000 paths; expected at most 20000", func(q *forecast.Question) { q.Paths = 100000 })
	check(`scenario "rosy" is unknown; expected one of as-now`, func(q *forecast.Question) { q.Scenario.Kind = "rosy" })
	check("failure ratio 2 of a scenario is not in [0, 1]", func(q *forecast.Question) { q.Scenario = forecast.OwnRatio(2) })
	check("factor -1 of a scenario", func(q *forecast.Question) { q.Scenario = forecast.OwnFactor(-1) })
}

// A brief answer is the whole one without the steps between.
func TestABriefAnswerIsTheSameButForItsSteps(t *testing.T) {
	q := forecast.Question{Timeline: oddHistory(t, rand.New(rand.NewPCG(5, 1))), Budget: 0.01, Now: now}
	for _, window := range []forecast.Window{forecast.Rolling(28 * day), forecast.Rolling(day), forecast.Calendar(now.Add(-10*day), now.Add(20*day))} {
		for _, horizon := range []time.Duration{0, 7 * day} {
			q.Window, q.Horizon, q.Brief = window, horizon, false
			whole := predict(t, q)
			q.Brief = true
			brief := predict(t, q)
			require.Equal(t, []forecast.Step{whole.Steps[0], whole.Steps[len(whole.Steps)-1]}, brief.Steps)
			brief.Steps = whole.Steps
			require.Equal(t, whole, brief)
		}
	}
}
