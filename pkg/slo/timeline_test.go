package slo_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

func TestMeasuredZeroGapAndNotYetAreApart(t *testing.T) {
	g, err := slo.NewGrid(slo.Part{Start: origin, Step: time.Minute, N: 4})
	require.NoError(t, err)
	tl, err := slo.NewTimeline(g, []slo.Slice{
		{State: slo.Measured},
		{}, // a gap
		{Counts: slo.Counts{Good: 9, Total: 10}, State: slo.Measured},
		{Counts: slo.Counts{Good: 7, Total: 7}, State: slo.NotYet}, // not to be counted
	})
	require.NoError(t, err)
	require.Equal(t, slo.Tally{
		Counts:   slo.Counts{Good: 9, Total: 10},
		Observed: 2 * time.Minute, NotYet: time.Minute, Gaps: 1,
	}, tl.Sum(origin, g.End()))
	require.Equal(t, slo.Tally{Observed: time.Minute}, tl.Sum(origin, origin.Add(time.Minute)))
	require.Equal(t, slo.Tally{}, tl.Sum(origin.Add(-time.Hour), origin), "time outside of the grid is nothing")

	_, err = slo.NewTimeline(g, make([]slo.Slice, 3))
	require.ErrorContains(t, err, "3 slices on a grid of 4")
}

// What a sum must satisfy for any timeline: the parts of a split window add up,
// and no order of the failures inside the window matters.
func TestSplitWindowsAddUp(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	g, err := slo.NewGrid(
		slo.Part{Start: origin, Step: time.Minute, N: 60},
		slo.Part{Start: origin.Add(time.Hour), Step: time.Hour, N: 10})
	require.NoError(t, err)
	for range 50 {
		slices := make([]slo.Slice, g.Len())
		for i := range slices {
			total := float64(rng.IntN(1000))
			slices[i] = slo.Slice{Counts: slo.Counts{Good: float64(rng.IntN(int(total) + 1)), Total: total}, State: slo.State(rng.IntN(3))}
		}
		tl, err := slo.NewTimeline(g, slices)
		require.NoError(t, err)
		cut := rng.IntN(g.Len() + 1)
		a, b, whole := tl.Sum(g.Start(), g.Edge(cut)), tl.Sum(g.Edge(cut), g.End()), tl.Sum(g.Start(), g.End())
		require.Equal(t, whole.Counts, a.Add(b.Counts))
		require.Equal(t, whole.Observed, a.Observed+b.Observed)
		require.Equal(t, g.End().Sub(g.Start()), whole.Observed+whole.NotYet+gapLength(g, slices))
	}
}

// A sum is that of the slices which end after its start and at or before its end, wherever
// both are, and whether all slices were measured or not.
func TestASumIsThatOfItsSlices(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 2))
	g, err := slo.NewGrid(
		slo.Part{Start: origin, Step: 10 * time.Minute, N: 12},
		slo.Part{Start: origin.Add(2 * time.Hour), Step: time.Hour, N: 10},
		slo.Part{Start: origin.Add(12 * time.Hour), Step: time.Minute, N: 60})
	require.NoError(t, err)
	at := func() time.Time { return origin.Add(time.Duration(rng.IntN(15*3600)-3600) * time.Second) }
	for n := range 200 {
		states := 1 + n%4 // in half of the cases all are measured
		slices := make([]slo.Slice, g.Len())
		for i := range slices {
			slices[i] = slo.Slice{Counts: slo.Counts{Good: float64(rng.IntN(9)), Total: 10}, State: []slo.State{slo.Measured, slo.Measured, slo.Gap, slo.NotYet, slo.Excluded}[rng.IntN(states+1)]}
		}
		tl, err := slo.NewTimeline(g, slices)
		require.NoError(t, err)
		from, to := at(), at()
		if to.Before(from) {
			from, to = to, from
		}
		var want slo.Tally
		for i := range slices {
			length := g.Edge(i + 1).Sub(g.Edge(i))
			if !g.Edge(i+1).After(from) || g.Edge(i+1).After(to) {
				continue
			}
			switch slices[i].State {
			case slo.Measured:
				want.Counts, want.Observed = want.Add(slices[i].Counts), want.Observed+length
			case slo.NotYet:
				want.NotYet += length
			case slo.Excluded:
				want.Excluded += length
			case slo.Gap:
				want.Gaps++
			}
		}
		require.Equal(t, want, tl.Sum(from, to), "from %s to %s", from, to)
	}
}

func gapLength(g slo.Grid, slices []slo.Slice) (d time.Duration) {
	for i, s := range slices {
		if s.State == slo.Gap {
			d += g.Edge(i + 1).Sub(g.Edge(i))
		}
	}
	return d
}

func TestASumOfTimelinesKnowsWhatBothKnow(t *testing.T) {
	g, err := slo.NewGrid(slo.Part{Start: origin, Step: time.Minute, N: 3})
	require.NoError(t, err)
	one := slo.Slice{Counts: slo.Counts{Good: 1, Total: 2}, State: slo.Measured}
	a, err := slo.NewTimeline(g, []slo.Slice{one, one, one})
	require.NoError(t, err)
	b, err := slo.NewTimeline(g, []slo.Slice{one, {}, {State: slo.NotYet}})
	require.NoError(t, err)
	sum, err := a.Add(b)
	require.NoError(t, err)
	require.Equal(t, []slo.Slice{{Counts: slo.Counts{Good: 2, Total: 4}, State: slo.Measured}, {}, {State: slo.NotYet}}, sum.Slices())
}

// Scaling good and total alike changes no ratio; more failures never leave more budget.
func TestRatiosDoNotDependOnTheScale(t *testing.T) {
	o, err := slo.NewObjective(0.99, rolling(t, "10m"))
	require.NoError(t, err)
	report := func(bad, total float64) slo.Report {
		g, err := slo.NewGrid(slo.Part{Start: origin, Step: time.Minute, N: 10})
		require.NoError(t, err)
		slices := make([]slo.Slice, 10)
		for i := range slices {
			slices[i] = slo.Slice{Counts: slo.Counts{Good: total - bad, Total: total}, State: slo.Measured}
		}
		tl, err := slo.NewTimeline(g, slices)
		require.NoError(t, err)
		e, err := slo.Gather(o, tl, nil)
		require.NoError(t, err)
		return slo.Judge(e, o, slo.Moment{At: g.End(), Lookback: 5 * time.Minute}, slo.DefaultRules)
	}
	before := report(0, 1000)
	for bad := 1.0; bad <= 1000; bad++ {
		r := report(bad, 1000)
		require.Less(t, r.BudgetRemaining.Value, before.BudgetRemaining.Value)
		require.InDelta(t, r.SLI.Value, report(10*bad, 10000).SLI.Value, 1e-12)
		require.InDelta(t, r.BurnRate.Value, r.BudgetConsumed.Value, 1e-9, "an even failure rate burns at the same speed everywhere")
		require.LessOrEqual(t, r.SLILow.Value, r.SLI.Value)
		require.GreaterOrEqual(t, r.SLIHigh.Value, r.SLI.Value)
		before = r
	}
}
