package forecast

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

func TestTheQuickExponentialIsExactToElevenDigits(t *testing.T) {
	for x := -690.0; x < 690; x += 0.0317 {
		require.InEpsilon(t, math.Exp(x), exp(x), 1e-11, x)
	}
	require.Equal(t, 1.0, exp(0))
	require.Zero(t, exp(math.Inf(-1)))
	require.Equal(t, math.Inf(1), exp(math.Inf(1)))
	require.Equal(t, math.Inf(1), exp(1000))
	require.True(t, math.IsNaN(exp(math.NaN())))
}

// A Poisson distribution's mean and variance are the same. Ten thousand numbers, evenly
// between 0 and 1, leave out one in ten thousand of the far end.
func TestFewEventsAreOfAPoissonDistribution(t *testing.T) {
	for _, mean := range []float64{0.1, 1, 7, fewExpected} {
		const n = 10_000
		sum, squares, last := 0.0, 0.0, 0.0
		for i := range n {
			events := poisson(mean, (float64(i)+0.5)/n)
			require.GreaterOrEqual(t, events, last, "the greater the number, the more events")
			last = events
			sum += events
			squares += events * events
		}
		require.InEpsilon(t, mean, sum/n, 1e-3)
		require.InEpsilon(t, mean, squares/n-sum/n*sum/n, 1e-2)
	}
	require.Zero(t, poisson(0, 0.99))
	// The chance of none is e^-1 = 0.3679, of one as much again.
	require.Equal(t, []float64{0, 1, 1, 2}, []float64{poisson(1, 0.367), poisson(1, 0.368), poisson(1, 0.735), poisson(1, 0.736)})
	require.Less(t, poisson(fewExpected, math.Nextafter(1, 0)), 100.0, "the far end is an end")
}

// What was asked before must not be seen in an answer: a future has the same numbers
// whether it was drawn before, for fewer steps, or is too long to be kept.
func TestALongerFutureBeginsLikeAShorterOne(t *testing.T) {
	d := newDraws()
	for _, i := range []int{3, keptFutures - 1, keptFutures + 3} {
		short := d.future(i, 5)
		for _, steps := range []int{5, usualSteps + 8, keptSteps + 1, keptSteps + 20, 5} {
			f := d.future(i, steps)
			require.GreaterOrEqual(t, len(f.steps), steps)
			require.Equal(t, short.steps[:5], f.steps[:5])
			require.Equal(t, short.days[:5], f.days[:5])
			require.Equal(t, short.episodes, f.episodes)
			require.Equal(t, []float64{short.level, short.share, short.usual, short.fit}, []float64{f.level, f.share, f.usual, f.fit})
		}
		require.Equal(t, d.future(i, keptSteps+20).steps[:keptSteps+1], d.future(i, keptSteps+1).steps[:keptSteps+1])
		require.NotEqual(t, short.steps[0], d.future(i+1, 5).steps[0])
	}
	require.Len(t, d.future(0, 1).steps, keptSteps, "of what is kept nothing is lost, nor grows")
}

// Where in the distribution of 5,000 futures the quantiles of 200 lie, over forty services
// that fail in different ways: 1.4 points off in the mean where numbers are drawn by
// chance, and in every forecast the same way.
func TestTwoHundredFuturesSayWhatThousandsDo(t *testing.T) {
	const services = 40
	shares := []float64{0.1, 0.25, 0.5, 0.75, 0.9}
	steps := []int{1, 3, 7, 14}
	var sum [4][5]float64
	for i := range services {
		rng := rand.New(rand.NewPCG(11, uint64(i)))
		q, err := Question{
			Timeline: restless(t, rng), Budget: 0.002, Now: restlessNow, Window: Rolling(28 * day),
			Horizon: 14 * day, Step: day, Location: time.UTC,
		}.complete()
		require.NoError(t, err)
		m := learn(q)
		few := simulate(q, m)
		q.Paths = 5000
		many := simulate(q, m)
		for h, k := range steps {
			slices.Sort(few.consumed[k])
			slices.Sort(many.consumed[k])
			for n, share := range shares {
				v := quantile(few.consumed[k], share)
				sum[h][n] += 1 - (shareAbove(many.consumed[k], v-1e-12)+shareAbove(many.consumed[k], v+1e-12))/2
			}
		}
	}
	off := 0.0
	for h := range steps {
		for n, share := range shares {
			off += math.Abs(sum[h][n]/services - share)
			require.InDelta(t, share, sum[h][n]/services, 0.025, "%d days, %v", steps[h], share)
		}
	}
	require.Less(t, off/20, 0.009)
}

var restlessNow = time.Date(2026, time.March, 2, 7, 0, 0, 0, time.UTC)

// restless is a service of 20 days with any rate of episodes and background.
func restless(t *testing.T, rng *rand.Rand) *slo.Timeline {
	t.Helper()
	const hours = 20 * 24
	grid, err := slo.NewGrid(slo.Part{Start: restlessNow.Add(-hours * time.Hour), Step: time.Hour, N: hours})
	require.NoError(t, err)
	all := make([]slo.Slice, hours)
	often, background, left, share := 0.02*rng.Float64(), 0.002*rng.Float64(), 0, 0.0
	for i := range all {
		if left--; left < 0 && rng.Float64() < often {
			left, share = rng.IntN(5), 0.3*rng.Float64()
		}
		total := float64(500 + rng.IntN(1000))
		bad := math.Round(total * background * 2 * rng.Float64())
		if left >= 0 {
			bad = math.Round(total * share)
		}
		all[i] = slo.Slice{Counts: slo.Counts{Good: total - bad, Total: total}, State: slo.Measured}
	}
	timeline, err := slo.NewTimeline(grid, all)
	require.NoError(t, err)
	return timeline
}

// The mean of 200 even numbers is off by 0.02 where they are drawn by chance. That they
// are even in each of the numbers is what lets 200 futures do.
func TestTwoHundredFuturesAreEven(t *testing.T) {
	d, want := newDraws(), 0.0
	var waits, kept, tenths [10]float64
	for i := range defaultPaths {
		f := d.future(i, 5)
		want += f.episodes[0].severity / defaultPaths
		waits[int(math.Exp(-f.episodes[0].wait)*10)]++
		kept[int(f.fit*10)]++
		tenths[int(normalCDF(f.steps[0].share)*10)]++
	}
	require.InDelta(t, 0, want, 0.02)
	for k := range 10 {
		require.InDelta(t, 20, waits[k], 1, k)
		require.InDelta(t, 20, kept[k], 4, k)
		require.InDelta(t, 20, tenths[k], 8, k)
	}
}
