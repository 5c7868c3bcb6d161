package impact_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/impact"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

func step(name string, sli float64) impact.Step { return impact.Step{Name: name, SLI: slo.Known(sli)} }

// 99.94, 99.87 and 99.91 % in series: at least 1 - 0.0006 - 0.0013 - 0.0009 = 99.72 %,
// at most 99.87 %; independent 0.9994 x 0.9987 x 0.9991 = 99.7203 %. Their mean,
// 99.907 %, is more than any journey can reach.
func TestAJourneyIsWithinWhatProbabilityAllows(t *testing.T) {
	steps := []impact.Step{step("cart", 0.9994), step("payment", 0.9987), step("confirmation", 0.9991)}
	j, err := impact.Travel(steps, slo.Counts{})
	require.NoError(t, err)
	require.InDelta(t, 0.9972, j.Low, 1e-12)
	require.InDelta(t, 0.9987, j.High, 1e-12)
	require.InDelta(t, 0.99720249, j.Independent.Value, 1e-8)
	require.False(t, j.Counted.Known)
	require.Empty(t, j.Warnings)

	score, err := impact.Score(steps, []float64{1, 1, 1})
	require.NoError(t, err)
	require.InDelta(t, 0.999066667, score.Value, 1e-9)
	require.Greater(t, score.Value, j.High)

	// 10,000 journeys: 13 to 28 failed, 27.98 if independent. An order counts once.
	near(t, impact.Range{Low: 13, Base: 10_000 * (1 - j.Independent.Value), High: 28}, j.Failed(10_000))
}

// Three providers at 90, 80 and 20 %: any of them 90 to 100 %; independent
// 1 - 0.1 x 0.2 x 0.8 = 98.4 %. Two at 30 and 20 %: 30 to 50 %, 1 - 0.7 x 0.8 = 44 %.
func TestAlternativesStandInForEachOther(t *testing.T) {
	check := func(low, high, independent float64, steps ...impact.Step) {
		t.Helper()
		j, err := impact.Travel([]impact.Step{{Name: "pay", Instead: steps}}, slo.Counts{})
		require.NoError(t, err)
		require.InDelta(t, low, j.Low, 1e-12)
		require.InDelta(t, high, j.High, 1e-12)
		require.InDelta(t, independent, j.Independent.Value, 1e-12)
	}
	check(0.9, 1, 0.984, step("card", 0.9), step("wallet", 0.8), step("invoice", 0.2))
	check(0.3, 0.5, 0.44, step("card", 0.3), step("wallet", 0.2))
	check(0.3, 0.5, 0.44, impact.Step{Name: "card", SLI: slo.Known(0.3), Share: 0.7}, step("wallet", 0.2))
}

// A voucher step that 20 % take and that fails half the time fails 10 % of journeys:
// with a cart at 95 %: 1 - 0.05 - 0.1 = 85 % to 90 %; independent 0.95 x 0.9 = 85.5 %.
func TestAnOptionalStepFailsThoseWhoTakeIt(t *testing.T) {
	j, err := impact.Travel([]impact.Step{step("cart", 0.95), {Name: "voucher", SLI: slo.Known(0.5), Share: 0.2}}, slo.Counts{})
	require.NoError(t, err)
	require.InDelta(t, 0.85, j.Low, 1e-12)
	require.InDelta(t, 0.9, j.High, 1e-12)
	require.InDelta(t, 0.855, j.Independent.Value, 1e-12)
	require.InDelta(t, 0.1, j.Steps[1].Failed.Value, 1e-12)
}

// The gift wrap fails for everybody and stops nobody.
func TestWhatIsNiceToHaveFailsNoJourney(t *testing.T) {
	j, err := impact.Travel([]impact.Step{
		step("cart", 0.9), {Name: "wrap", SLI: slo.Known(0), NiceToHave: true}, {Name: "card", NiceToHave: true},
	}, slo.Counts{})
	require.NoError(t, err)
	require.InDelta(t, 0.9, j.Low, 1e-12)
	require.InDelta(t, 0.9, j.Independent.Value, 1e-12)
	require.Empty(t, j.Warnings)
	require.InDelta(t, 1, j.Steps[1].Failed.Value, 0)
	require.InDelta(t, 0, j.Steps[1].Shapley.Value, 0)
	require.InDelta(t, 1, j.Steps[0].Shapley.Value, 1e-12)
}

// e = 0.2 and 0.5: together 1 - 0.8 x 0.5 = 0.6 fail. Put first, cart fails 0.2; put
// second, 0.6 - 0.5 = 0.1: 0.15 on average. Payment: (0.5 + 0.4) / 2 = 0.45. Of 0.6
// that is 25 and 75 %; in proportion it would be 2/7 and 5/7.
func TestLossIsDividedAmongStepsWithoutCountingAnOrderTwice(t *testing.T) {
	j, err := impact.Travel([]impact.Step{step("cart", 0.8), step("payment", 0.5)}, slo.Counts{Good: 40, Total: 100})
	require.NoError(t, err)
	require.InDelta(t, 0.25, j.Steps[0].Shapley.Value, 1e-12)
	require.InDelta(t, 0.75, j.Steps[1].Shapley.Value, 1e-12)
	require.InDelta(t, 2./7, j.Steps[0].ByRatio.Value, 1e-12)
	require.InDelta(t, 5./7, j.Steps[1].ByRatio.Value, 1e-12)

	near(t, impact.Exactly(60), j.Failed(100), "counted")
	parts, ok := j.LossBySteps(impact.Range{Low: 100, Base: 200, High: 400})
	require.True(t, ok)
	near(t, impact.Range{Low: 25, Base: 50, High: 100}, parts[0])
	near(t, impact.Range{Low: 75, Base: 150, High: 300}, parts[1])
}

// Three steps by all six orders: e = 0.1, 0.2, 0.5.
// First: 0.1. After b: 0.1 x 0.8. After c: 0.1 x 0.5. After both: 0.1 x 0.4.
// (2 x 0.1 + 0.08 + 0.05 + 2 x 0.04) / 6 = 0.41 / 6.
func TestTheFairPartIsTheMeanOverAllOrders(t *testing.T) {
	j, err := impact.Travel([]impact.Step{step("a", 0.9), step("b", 0.8), step("c", 0.5)}, slo.Counts{})
	require.NoError(t, err)
	require.InDelta(t, 0.41/6/(1-0.9*0.8*0.5), j.Steps[0].Shapley.Value, 1e-12)
	sum := 0.0
	for _, s := range j.Steps {
		sum += s.Shapley.Value
	}
	require.InDelta(t, 1, sum, 1e-12)
}

func TestWhatWasNotMeasuredMayHaveFailedAlwaysOrNever(t *testing.T) {
	j, err := impact.Travel([]impact.Step{step("cart", 0.9), {Name: "payment"}}, slo.Counts{})
	require.NoError(t, err)
	require.InDelta(t, 0, j.Low, 0)
	require.InDelta(t, 0.9, j.High, 1e-12)
	require.False(t, j.Independent.Known)
	require.Equal(t, "1 of 2 steps of the journey were not measured", j.Warnings[0].Text)
	near(t, impact.Range{Low: 10, Base: 55, High: 100}, j.Failed(100))
	_, ok := j.LossBySteps(impact.Exactly(1))
	require.False(t, ok)

	// One alternative that works is enough to know the least.
	j, err = impact.Travel([]impact.Step{{Name: "pay", Instead: []impact.Step{step("card", 0.9), {Name: "wallet"}}}}, slo.Counts{})
	require.NoError(t, err)
	require.InDelta(t, 0.9, j.Low, 1e-12)
	require.InDelta(t, 1, j.High, 0)

	score, err := impact.Score([]impact.Step{step("cart", 0.9), {Name: "payment"}}, []float64{1, 1})
	require.NoError(t, err)
	require.False(t, score.Known)
}

func TestACounterThatNoFailuresExplainIsPointedOut(t *testing.T) {
	j, err := impact.Travel([]impact.Step{step("cart", 0.9), step("payment", 0.8)}, slo.Counts{Good: 85, Total: 100})
	require.NoError(t, err)
	require.Len(t, j.Warnings, 1, "85 % is more than the 80 % of payment alone")
	require.Equal(t, impact.OutsideBounds, j.Warnings[0].Kind)

	j, err = impact.Travel([]impact.Step{step("cart", 1), step("payment", 1)}, slo.Counts{Good: 10, Total: 10})
	require.NoError(t, err)
	require.Empty(t, j.Warnings)
	require.False(t, j.Steps[0].Shapley.Known, "nothing failed: nothing to divide")
}

func TestJourneysThatCannotBeAreRefused(t *testing.T) {
	check := func(want string, steps ...impact.Step) {
		t.Helper()
		_, err := impact.Travel(steps, slo.Counts{})
		require.ErrorContains(t, err, want)
	}
	check("the journey has no steps")
	check(`step "cart" succeeds with 99.9; expected a ratio`, step("cart", 99.9))
	check(`step "cart" is taken by a share of 1.5`, impact.Step{Name: "cart", SLI: slo.Known(1), Share: 1.5})
	check(`step "card" succeeds with -1`, impact.Step{Name: "pay", Instead: []impact.Step{step("card", -1)}})
	_, err := impact.Score([]impact.Step{step("cart", 1)}, nil)
	require.ErrorContains(t, err, "0 weights for 1 steps")
	_, err = impact.Score([]impact.Step{step("cart", 1)}, []float64{-1})
	require.ErrorContains(t, err, `step "cart" has the weight -1`)
}
