package forecast_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/forecast"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// oddHistory is a history as no test would think of: of any length and volume, with
// silences, gaps, and hours and days in which everything fails.
func oddHistory(t *testing.T, rng *rand.Rand) *slo.Timeline {
	t.Helper()
	volume := math.Pow(10, 6*rng.Float64()-1)
	gap, silent, broken := 0.3*rng.Float64(), 0.3*rng.Float64(), 0.1*rng.Float64()
	share, badDay := math.Pow(10, -4*rng.Float64()), rng.IntN(40)
	return history(t, time.Duration(2+rng.IntN(40*24))*time.Hour, func(ago time.Duration) slo.Slice {
		switch total := math.Round(volume * rng.ExpFloat64()); {
		case rng.Float64() < gap:
			return slo.Slice{}
		case rng.Float64() < silent:
			return measured(0, 0)
		case rng.Float64() < broken || int(ago/day) == badDay:
			return measured(total, total)
		default:
			return measured(math.Round(total*share*rng.Float64()), total)
		}
	})
}

func TestNoHistoryMakesNonsense(t *testing.T) {
	kinds := []forecast.Kind{forecast.Expected, forecast.AsNow, forecast.Typical, forecast.IncidentStops, forecast.IncidentGoesOn}
	foreseen := 0
	for seed := range uint64(150) {
		rng := rand.New(rand.NewPCG(seed, 1))
		q := forecast.Question{
			Timeline: oddHistory(t, rng), Budget: math.Pow(10, -5*rng.Float64()) * 0.99, Now: now.Add(-time.Duration(rng.IntN(90)) * time.Minute),
			Window: forecast.Rolling(time.Duration(1+rng.IntN(40)) * day), Horizon: time.Duration(1+rng.IntN(40*24)) * time.Hour, Paths: 50,
			Scenario: forecast.Scenario{Kind: kinds[rng.IntN(len(kinds))]},
		}
		if rng.IntN(2) == 0 {
			q.Window = forecast.Calendar(now.AddDate(0, 0, -rng.IntN(30)-1), now.AddDate(0, 0, 1+rng.IntN(30)))
		}
		f, err := forecast.Predict(q)
		require.NoError(t, err, seed)
		require.Equal(t, len(f.Steps) > 0, f.MissProbability.Known, seed)
		for i, s := range f.Steps {
			foreseen++
			values := []float64{0, s.Band95.Low, s.Band80.Low, s.Band50.Low, s.Median, s.Band50.High, s.Band80.High, s.Band95.High, math.MaxFloat64}
			require.True(t, slices.IsSorted(values), "seed %d: %v", seed, values)
			require.False(t, math.IsNaN(s.Mean) || math.IsInf(s.Mean, 0), seed)
			require.True(t, s.MissProbability >= 0 && s.MissProbability <= 1, seed)
			if i > 0 && q.Window.Length == 0 {
				require.GreaterOrEqual(t, s.Median, f.Steps[i-1].Median, "seed %d: what a period consumed does not come back", seed)
			}
		}
		for _, c := range []forecast.Crossing{f.Exhaustion, f.Recovery} {
			require.True(t, c.Probability >= 0 && c.Probability <= 1, seed)
			if !c.Latest.IsZero() {
				require.False(t, c.Earliest.After(c.Median) || c.Median.After(c.Latest) || c.Earliest.Before(q.Now), seed)
			}
		}
	}
	require.Greater(t, foreseen, 1000)
}

// What fails twice as often, all else being equal, consumes more at every instant.
func TestMoreFailuresConsumeMore(t *testing.T) {
	for seed := range uint64(20) {
		q := forecast.Question{Budget: 0.005, Now: now, Window: forecast.Rolling(28 * day), Horizon: 14 * day}
		answers := make([]forecast.Forecast, 2)
		for i := range answers {
			rng := rand.New(rand.NewPCG(seed, 2))
			q.Timeline = history(t, 35*day, func(time.Duration) slo.Slice {
				bad := 10 * rng.ExpFloat64()
				if rng.IntN(200) == 0 {
					bad *= 20
				}
				return measured(float64(i+1)*math.Round(bad), 10000)
			})
			answers[i] = predict(t, q)
		}
		for k, s := range answers[1].Steps {
			require.Greater(t, s.Median, answers[0].Steps[k].Median, seed)
			require.GreaterOrEqual(t, s.MissProbability, answers[0].Steps[k].MissProbability, seed)
		}
	}
}

// A hundred times the events are the same shares of them: where the share that fails is
// given, the same budget. Where it is learnt, from ten failures an hour already, about the same.
func TestTheNumberOfEventsIsNoShare(t *testing.T) {
	busy := func(times float64) *slo.Timeline {
		rng := rand.New(rand.NewPCG(7, 3))
		return history(t, 35*day, func(time.Duration) slo.Slice {
			return measured(times*float64(rng.IntN(20)), times*float64(5000+rng.IntN(5000)))
		})
	}
	q := forecast.Question{Budget: 0.005, Now: now, Window: forecast.Rolling(28 * day), Horizon: 14 * day, Scenario: forecast.OwnRatio(0.004)}
	q.Timeline = busy(1)
	one := predict(t, q)
	q.Timeline = busy(100)
	hundred := predict(t, q)
	for k, s := range hundred.Steps {
		require.InDelta(t, one.Steps[k].Median, s.Median, 1e-9)
		require.InDelta(t, one.Steps[k].Band80.High, s.Band80.High, 1e-9)
	}
	q.Scenario, q.Paths = forecast.Scenario{}, 20000 // so many that luck does not matter
	hundred = predict(t, q)
	q.Timeline = busy(1)
	one = predict(t, q)
	require.InEpsilon(t, at(one).Median, at(hundred).Median, 0.05)
	require.InEpsilon(t, at(one).Band80.High-at(one).Band80.Low, at(hundred).Band80.High-at(hundred).Band80.Low, 0.12)
}

// Scenarios asked about together, in any order, are those asked about alone.
func TestTheOrderOfScenariosChangesNothing(t *testing.T) {
	q := forecast.Question{Timeline: oddHistory(t, rand.New(rand.NewPCG(5, 1))), Budget: 0.01, Now: now, Window: forecast.Rolling(28 * day), Horizon: 7 * day}
	scenarios := []forecast.Scenario{{}, {Kind: forecast.AsNow}, forecast.OwnFactor(2), {Kind: forecast.IncidentGoesOn}}
	there, err := forecast.PredictEach(q, scenarios...)
	require.NoError(t, err)
	slices.Reverse(scenarios)
	back, err := forecast.PredictEach(q, scenarios...)
	require.NoError(t, err)
	slices.Reverse(back)
	require.Equal(t, there, back)
	for i, f := range there {
		q.Scenario = scenarios[len(scenarios)-1-i]
		require.Equal(t, predict(t, q), f)
	}
}
