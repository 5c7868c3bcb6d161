package impact_test

import (
	"math"
	"math/rand"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/impact"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

func known(values ...float64) []slo.Number {
	all := make([]slo.Number, len(values))
	for i, v := range values {
		all[i] = slo.Known(v)
	}
	return all
}

// 30 ranks of which each two neighbours have changed places: every difference is 1, and
// 1 - 6 x 30 / (30 x (30^2 - 1)) = 1 - 6/899. They come in random order, so that they
// do not linger.
func TestRanksAreCorrelated(t *testing.T) {
	order := rand.New(rand.NewSource(1)).Perm(30)
	var sli, metric []float64
	for _, i := range order {
		sli = append(sli, float64(i))
		metric = append(metric, math.Exp(float64(i^1))) // any rising function has the same ranks
	}
	f, err := impact.Feel(known(sli...), known(metric...), 0)
	require.NoError(t, err)
	require.InDelta(t, 1-6./899, f.Correlation.Value, 1e-12)
	require.Equal(t, impact.Moves, f.Feeling)

	// atanh(0.99332591) = 2.850, and 1.96 x sqrt(1.06 / (n - 3)) around it.
	z := math.Atanh(1-6./899) - 1.959963984540054*math.Sqrt(1.06/(f.Independent-3))
	require.InDelta(t, math.Tanh(z), f.Low.Value, 1e-9)

	// Contacts rise as the indicator falls.
	for i := range metric {
		metric[i] = -metric[i]
	}
	f, err = impact.Feel(known(sli...), known(metric...), 0)
	require.NoError(t, err)
	require.InDelta(t, 6./899-1, f.Correlation.Value, 1e-12)
	require.Less(t, f.High.Value, 0.0)
	require.Equal(t, impact.Moves, f.Feeling)
}

// Satisfaction, three steps later, is 80 with a little noise while the SLI is above
// 0.99, and falls by 3 for each 0.001 below.
func TestTheLagAndTheLevelThatCustomersFeelAreFound(t *testing.T) {
	random := rand.New(rand.NewSource(2))
	sli, metric := make([]slo.Number, 400), make([]slo.Number, 400)
	for i := range sli {
		sli[i] = slo.Known(1 - 0.02*random.Float64())
	}
	for i := range metric {
		if i >= 3 {
			metric[i] = slo.Known(80 - 3000*max(0, 0.99-sli[i-3].Value) + random.NormFloat64())
		}
	}
	sli[17], metric[200] = slo.Number{}, slo.Number{}
	f, err := impact.Feel(sli, metric, 7)
	require.NoError(t, err)
	require.Equal(t, impact.Moves, f.Feeling)
	require.Equal(t, 3, f.Lag)
	require.Equal(t, 395, f.Points, "400 less three for the lag and two unknown ones")
	require.True(t, f.Threshold.Known)
	require.InDelta(t, 0.99, f.Threshold.Value, 0.001)
	require.LessOrEqual(t, f.ThresholdLow.Value, f.Threshold.Value)
	require.GreaterOrEqual(t, f.ThresholdHigh.Value, f.Threshold.Value)
	require.Less(t, f.ThresholdHigh.Value-f.ThresholdLow.Value, 0.003)
}

// A metric that follows the SLI all the way has no level below which it falls.
func TestAStraightLineHasNoThreshold(t *testing.T) {
	random := rand.New(rand.NewSource(3))
	sli, metric := make([]slo.Number, 300), make([]slo.Number, 300)
	for i := range sli {
		v := 1 - 0.02*random.Float64()
		sli[i], metric[i] = slo.Known(v), slo.Known(3000*v+3*random.NormFloat64())
	}
	f, err := impact.Feel(sli, metric, 0)
	require.NoError(t, err)
	require.Equal(t, impact.Moves, f.Feeling)
	require.False(t, f.Threshold.Known)
}

// Two series that linger and have nothing to do with each other, each value 0.7 of the
// one before and noise: of 400 such pairs over six lags at most 5 % may seem to move
// together; 8 % leaves room for chance (three standard errors are 3.3 %). Without a
// regard for lags and for lingering it is 182 of the 400.
func TestTheBestOfManyLagsIsNotMistakenForAFeeling(t *testing.T) {
	random := rand.New(rand.NewSource(4))
	lingering := func() []slo.Number {
		all := make([]slo.Number, 200)
		v := 0.0
		for i := range all {
			v = 0.7*v + random.NormFloat64()
			all[i] = slo.Known(v)
		}
		return all
	}
	moves, not := 0, 0
	for range 400 {
		f, err := impact.Feel(lingering(), lingering(), 5)
		require.NoError(t, err)
		switch f.Feeling {
		case impact.Moves:
			moves++
		case impact.DoesNotMove:
			not++
		}
	}
	t.Logf("of 400 unrelated pairs %d seem to move together, %d are told not to", moves, not)
	require.LessOrEqual(t, moves, 32)
	require.Greater(t, not, 100)
}

func TestTooLittleIsNoFeeling(t *testing.T) {
	check := func(sli, metric []slo.Number) {
		t.Helper()
		f, err := impact.Feel(sli, metric, 0)
		require.NoError(t, err)
		require.Equal(t, impact.Unclear, f.Feeling)
		require.False(t, f.Low.Known)
		require.Equal(t, impact.TooFewPoints, f.Warnings[0].Kind)
	}
	random := rand.New(rand.NewSource(5))
	noise := func(n int) []slo.Number {
		var all []slo.Number
		for range n {
			all = append(all, slo.Known(random.Float64()))
		}
		return all
	}
	check(noise(29), noise(29))
	check(make([]slo.Number, 100), noise(100))
	check(known(make([]float64, 100)...), noise(100)) // always 0: never changes
	drift := make([]float64, 40)
	for i := range drift {
		drift[i] = float64(i)
	}
	check(known(drift...), known(drift...)) // two straight lines are one observation

	_, err := impact.Feel(noise(3), noise(4), 0)
	require.ErrorContains(t, err, "4 values of the customers' metric for 3 of the SLI")
	_, err = impact.Feel(nil, nil, -1)
	require.ErrorContains(t, err, "a lag of up to -1 steps")

	// 40 points that seem to have nothing in common may still hide a correlation above 0.5.
	f, err := impact.Feel(noise(40), noise(40), 20)
	require.NoError(t, err)
	require.NotEqual(t, impact.DoesNotMove, f.Feeling)
}
