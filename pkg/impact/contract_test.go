package impact_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/impact"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// 10 % below 99.9 %, 25 % below 99 %, of a fee of 8000.
func hosting(t *testing.T) impact.Contract {
	t.Helper()
	c, err := impact.NewContract(8000, impact.Tier{Below: 0.99, Credit: 0.25}, impact.Tier{Below: 0.999, Credit: 0.1})
	require.NoError(t, err)
	return c
}

func TestTheLargestCreditIsDue(t *testing.T) {
	c := hosting(t)
	for sli, want := range map[float64]float64{1: 0, 0.999: 0, 0.9989: 800, 0.99: 800, 0.9899: 2000, 0: 2000} {
		credit, _ := c.Credit(sli)
		require.InDelta(t, want, credit, 1e-9, sli)
	}
	require.Equal(t, slo.Known(800), c.CreditToDate(slo.Counts{Good: 995, Total: 1000}))
	require.Equal(t, slo.Number{}, c.CreditToDate(slo.Counts{}))
}

// The month ends below 99.9 % with 40 % and below 99 % with 10 %: 8000 x (0.1 x 0.3 +
// 0.25 x 0.1) = 8000 x 0.055 = 440.
func TestACreditIsExpectedByItsProbability(t *testing.T) {
	c := hosting(t)
	below := func(sli float64) float64 { return map[float64]float64{0.999: 0.4, 0.99: 0.1}[sli] }
	expected, in, err := c.ExpectedCredit(below)
	require.NoError(t, err)
	require.InDelta(t, 440, expected, 1e-9)
	require.Equal(t, 0.999, in[0].Below) //nolint:testifylint // as it was written
	require.InDelta(t, 0.3, in[0].Probability, 1e-12)
	require.InDelta(t, 0.1, in[1].Probability, 1e-12)

	_, _, err = c.ExpectedCredit(func(sli float64) float64 { return 1 - sli/2 })
	require.ErrorContains(t, err, "expected ratios that do not rise")
}

// Quantiles 10 % at 0.98, 50 % at 0.995, 90 % at 0.9995. Below 0.99: 10 % + 40 % x
// 10/15 = 0.36667. Below 0.999: 50 % + 40 % x 4/4.5 = 0.85556. So 8000 x (0.1 x 0.48889 +
// 0.25 x 0.36667) = 1124.44.
func TestQuantilesMakeADistribution(t *testing.T) {
	below, err := impact.FromQuantiles([]impact.Quantile{{0.1, 0.98}, {0.5, 0.995}, {0.9, 0.9995}})
	require.NoError(t, err)
	require.InDelta(t, 11./30, below(0.99), 1e-9)
	require.InDelta(t, 0.5+0.4*4/4.5, below(0.999), 1e-9)
	require.Zero(t, below(0.98))
	require.InDelta(t, 1, below(0.9996), 0)
	expected, _, err := hosting(t).ExpectedCredit(below)
	require.NoError(t, err)
	require.InDelta(t, 1124.4444444, expected, 1e-6)

	for want, q := range map[string][]impact.Quantile{
		"there are none":               nil,
		"quantile 1 has the probabili": {{1.5, 0.9}},
		"quantile 2 (0.9 at 0.5) does": {{0.4, 0.95}, {0.5, 0.9}},
	} {
		_, err = impact.FromQuantiles(q)
		require.ErrorContains(t, err, want)
	}
}

// 1,000,000 events are expected; 99.9 % lets 1000 of them fail. 250 of 600,000 failed
// so far: 750 more, which is 75 minutes of outage at 10 a minute. If the month ended
// now: 599,750 / 0.999 - 600,000 = 350.35 more.
func TestHeadroomIsWhatMayStillFail(t *testing.T) {
	c := hosting(t)
	h, ok := c.Headroom(slo.Counts{Good: 599_750, Total: 600_000}, 1e6, 10)
	require.True(t, ok)
	require.Equal(t, impact.Tier{Below: 0.999, Credit: 0.1}, h.Tier)
	require.InDelta(t, 750, h.Events, 1e-6)
	require.InDelta(t, 75, h.Minutes.Value, 1e-6)
	require.InDelta(t, 350.35035, h.ToDate.Value, 1e-4)

	// 4000 failed: the first tier is lost, 10,000 - 4000 are left to the second.
	h, ok = c.Headroom(slo.Counts{Good: 596_000, Total: 600_000}, 1e6, 0)
	require.True(t, ok)
	require.InDelta(t, 0.99, h.Tier.Below, 0)
	require.InDelta(t, 6000, h.Events, 1e-6)
	require.False(t, h.Minutes.Known, "without traffic an outage loses nothing, however long")

	_, ok = c.Headroom(slo.Counts{Good: 580_000, Total: 600_000}, 1e6, 10)
	require.False(t, ok, "no tier is left to lose")
	_, ok = c.Headroom(slo.Counts{Good: 11, Total: 10}, 1e6, 10)
	require.False(t, ok)
}

func TestContractsThatContradictThemselvesAreRefused(t *testing.T) {
	check := func(want string, fee float64, tiers ...impact.Tier) {
		t.Helper()
		_, err := impact.NewContract(fee, tiers...)
		require.ErrorContains(t, err, want)
	}
	check("the fee is -1", -1, impact.Tier{Below: 0.9, Credit: 0.1})
	check("the contract has no tiers", 100)
	check("a credit is due below 99.9; expected a ratio", 100, impact.Tier{Below: 99.9, Credit: 0.1})
	check("the credit below 0.99 is 10 of the fee", 100, impact.Tier{Below: 0.99, Credit: 10})
	check("expected a larger credit for a lower ratio", 100, impact.Tier{Below: 0.999, Credit: 0.25}, impact.Tier{Below: 0.99, Credit: 0.1})
	check("expected a larger credit for a lower ratio", 100, impact.Tier{Below: 0.99, Credit: 0.1}, impact.Tier{Below: 0.99, Credit: 0.2})
}
