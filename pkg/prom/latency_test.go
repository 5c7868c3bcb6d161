package prom_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/prom"
)

func TestGoodEventsAreToldByLatencyWhereAHistogramIsCounted(t *testing.T) {
	check := func(ind prom.Indicator, of map[string]string, want prom.Indicator, upTo float64) {
		t.Helper()
		got, end, ok := prom.ByLatency(ind, of)
		require.True(t, ok)
		require.Equal(t, want, got)
		require.InDelta(t, upTo, end, 0)
		labels, err := prom.GroupLabels(got)
		require.NoError(t, err)
		require.Equal(t, []string{"le"}, labels)
	}
	inf := math.Inf(1)
	// Whether it was answered: all latencies are good, if the answer is.
	check(prom.Indicator{Total: `sum(rate(http_seconds_count[5m]))`, Bad: `sum(rate(http_seconds_count{code=~"5.."}[5m]))`}, nil,
		prom.Indicator{Total: `sum by (le) (rate(http_seconds_bucket[5m]))`, Bad: `sum by (le) (rate(http_seconds_bucket{code=~"5.."}[5m]))`}, inf)
	// Whether it was fast enough: nothing above the threshold is good.
	check(prom.Indicator{Total: `sum(rate(http_seconds_count[5m]))`, Good: `sum(rate(http_seconds_bucket{le="0.5"}[5m]))`}, nil,
		prom.Indicator{Total: `sum by (le) (rate(http_seconds_bucket[5m]))`, Good: `sum by (le) (rate(http_seconds_bucket[5m]))`}, 0.5)
	// One group of several, and a query without any sum.
	check(prom.Indicator{Total: `sum by (tier) (rate(http_seconds_count[5m]))`, Good: `rate(http_seconds_bucket{le="+Inf",code="200"}[5m])`}, map[string]string{"tier": "gold"},
		prom.Indicator{Total: `sum by (le) (rate(http_seconds_bucket{code="200",tier="gold"}[5m]))`, Good: `sum by (le) (rate(http_seconds_bucket{code="200",tier="gold"}[5m]))`}, inf)
}

func TestOtherEventsHaveNoLatency(t *testing.T) {
	for _, ind := range []prom.Indicator{
		{Total: `sum(rate(http_requests_total[5m]))`, Bad: `sum(rate(http_requests_total{code=~"5.."}[5m]))`},
		{Total: `sum(rate(http_seconds_count[5m]))`, Bad: `sum(rate(http_errors_total[5m]))`},
		// The slow ones are bad: how slow the good ones are, no bucket of theirs tells.
		{Total: `sum(rate(http_seconds_count[5m]))`, Bad: `sum(rate(http_seconds_count[5m])) - sum(rate(http_seconds_bucket{le="0.5"}[5m]))`},
		{Good: `sum without (pod) (rate(http_seconds_bucket{le="1"}[5m]))`, Total: `x`},
		{Good: `sum(rate(http_seconds_bucket{le=~"1|2"}[5m]))`, Total: `x`},
		{Good: `sum(`, Total: `x`},
		{Raw: `availability`},
	} {
		_, _, ok := prom.ByLatency(ind, nil)
		require.False(t, ok, "%+v", ind)
	}
}
