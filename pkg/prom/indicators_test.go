package prom_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/internal/promtest"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/prom"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// Nine good requests and a bad one a minute, told in every way that there is.
func TestTheSameEventsAreCountedHoweverTheyAreTold(t *testing.T) {
	series := []promtest.Series{
		scraped(t, -time.Hour, scrape, `http_total{code="200"} 900+9x239`),
		scraped(t, -time.Hour, scrape, `http_total{code="500"} 100+1x239`),
		// Classic histograms count each request in every bucket that it fits into.
		scraped(t, -time.Hour, scrape, `latency_bucket{le="0.1"} 500+5x239`),
		scraped(t, -time.Hour, scrape, `latency_bucket{le="0.3"} 900+9x239`),
		scraped(t, -time.Hour, scrape, `latency_bucket{le="+Inf"} 1000+10x239`),
		scraped(t, -time.Hour, scrape, `latency_count 1000+10x239`),
	}
	const (
		good  = `sum(rate(http_total{code!~"5.."}[5m]))`
		bad   = `sum(rate(http_total{code=~"5.."}[5m]))`
		total = `sum(rate(http_total[5m]))`
	)
	url := promtest.InProcess(t, series)
	check := func(ind prom.Indicator) {
		t.Helper()
		got, err := session(t, url).Events(t.Context(), ind, hourly(t, 3), origin.Add(3*time.Hour))
		require.NoError(t, err)
		require.Equal(t, prom.Counted, got.Method)
		require.Equal(t, []float64{600, 600, 600}, totals(got))
		require.Equal(t, []float64{60, 60, 60}, bads(got))
	}
	check(prom.Indicator{Good: good, Total: total})
	check(prom.Indicator{Bad: bad, Total: total})
	check(prom.Indicator{Good: good, Bad: bad})
	check(prom.Indicator{Bad: `sum(increase(http_total{code="500"}[1h])) or vector(0)`, Total: `sum by (code) (irate(http_total[2m]))`})
	check(prom.Indicator{Bad: `http_total{code="500"}`, Total: `http_total`})
	check(prom.Indicator{Good: `sum(rate(http_total[5m])) - sum(rate(http_total{code="500"}[5m]))`, Total: total})
	check(prom.Indicator{Good: good, Total: `sum(rate(http_total{code="200"}[5m])) + sum(rate(http_total{code="500"}[5m]))`})
	check(prom.Indicator{Good: `sum(rate(latency_bucket{le="0.3"}[5m]))`, Total: `sum(rate(latency_count[5m]))`})
	check(prom.Indicator{Bad: `sum(rate(latency_count[5m])) - sum(rate(latency_bucket{le="0.3"}[5m]))`, Total: `sum(rate(latency_bucket{le="+Inf"}[5m]))`})
}

// The total says whether a slice was measured: errors without it are none, and
// where it is there, errors that nobody counts are zero.
func TestTheTotalSaysWhatWasMeasured(t *testing.T) {
	// Errors are scraped all the time, the total only in the second hour.
	errors := scraped(t, -time.Hour, scrape, `errors_total 10+1x239`)
	total := scraped(t, -time.Hour, scrape, `requests_total 1000+0x59 _x60 1600+10x59 _x60`)
	got := count(t, hourly(t, 3), badOfTotal, errors, total)
	require.Equal(t, []float64{-1, 1190, -1}, totals(got)) // 1600 + 10 x 59 - 1000
	// Without a total, either of the others will do.
	got = count(t, hourly(t, 3), prom.Indicator{Good: "sum(rate(requests_total[5m]))", Bad: "sum(rate(errors_total[5m]))"}, errors, total)
	require.Equal(t, []float64{60, 1250, 60}, totals(got))
	require.Equal(t, []float64{60, 60, 60}, bads(got))
}

// 10 requests a minute, of which a tenth fails. What is evaluated as written is an
// estimate, and says so.
func TestQueriesEvaluatedAsWrittenEstimateAndSaySo(t *testing.T) {
	url := promtest.InProcess(t, []promtest.Series{
		scraped(t, -2*time.Hour, scrape, `http_total{code="200"} 0+9x300`),
		scraped(t, -2*time.Hour, scrape, `http_total{code="500"} 0+1x300`),
		scraped(t, -2*time.Hour, scrape, `requests 10+0x300`), // a gauge: the events of a minute
		scraped(t, -2*time.Hour, scrape, `failures 1+0x300`),
	})
	check := func(ind prom.Indicator, step time.Duration, bad, total float64) {
		t.Helper()
		grid, err := slo.NewGrid(slo.Part{Start: origin, Step: step, N: 2})
		require.NoError(t, err)
		got, err := session(t, url).Events(t.Context(), ind, grid, grid.End())
		require.NoError(t, err)
		require.Equal(t, prom.AsWritten, got.Method)
		require.Equal(t, []slo.Warning{{Kind: slo.ApproximateCount, Text: "events are estimated from a query that is evaluated as written, not counted one by one"}}, got.Warnings)
		require.NotEmpty(t, got.Queries)
		require.InDeltaSlice(t, []float64{total, total}, totals(got), 1e-6)
		require.InDeltaSlice(t, []float64{bad, bad}, bads(got), 1e-6)
	}
	// Per second, over an hour.
	check(prom.Indicator{Bad: `sum(rate(http_total{code="500"}[5m])) * 1`, Total: `sum(rate(http_total[5m]))`}, time.Hour, 60, 600)
	// Several series are added up.
	check(prom.Indicator{Bad: `rate(http_total{code="500"}[5m]) * 1`, Total: `rate(http_total[5m]) * 1`}, time.Hour, 60, 600)
	// Per window of 20 minutes, over ten.
	check(prom.Indicator{Bad: `sum(increase(http_total{code="500"}[20m])) * 1`, Total: `sum(increase(http_total[20m])) * 1`}, 10*time.Minute, 10, 100)
	// A value is the events of its slice.
	check(prom.Indicator{Bad: `sum(failures)`, Total: `sum(requests)`}, time.Minute, 1, 10)
}

// A division without traffic is 0/0 and no reading at all.
func TestWhatIsNotANumberIsNotMeasured(t *testing.T) {
	total := scraped(t, -time.Hour, scrape, `requests_total 0+0x119 0+1x59`)
	ratio := `sum(rate(requests_total[5m])) / sum(rate(requests_total[5m]))`
	got := count(t, hourly(t, 2), prom.Indicator{Good: ratio, Total: ratio}, total)
	// 1 per second, in the eleven of twelve evaluations of five minutes that are numbers.
	require.Equal(t, []float64{-1, 3300}, totals(got))
}

func TestValuesAreWhatAQueryGivesAtTheEndOfEachHour(t *testing.T) {
	url := promtest.InProcess(t, []promtest.Series{
		scraped(t, 0, scrape, `price{shop="a"} 20+0x59 _x60 30+0x30 40+0x28`),
		scraped(t, 0, scrape, `orders_total 0+0x119 0+1x59`),
	})
	check := func(query string, want ...slo.Number) {
		t.Helper()
		got, err := session(t, url).Values(t.Context(), query, hourly(t, 3), origin.Add(1000*time.Hour))
		require.NoError(t, err)
		require.Equal(t, want, got.PerSlice)
		require.Len(t, got.Queries, 1)
	}
	unknown := slo.Number{}
	check(`price`, slo.Known(20), unknown, slo.Known(40))
	check(`sum(price) / 4`, slo.Known(5), unknown, slo.Known(10))
	check(`missing`, unknown, unknown, unknown)
	// 0/0 until the third hour, and a division by zero is no number either.
	check(`sum(rate(orders_total[1h])) / sum(rate(orders_total[1h]))`, unknown, unknown, slo.Known(1))
	check(`1 / (orders_total > bool 1e9)`, unknown, unknown, unknown)
}

func TestAValueOfSeveralSeriesIsRefused(t *testing.T) {
	url := promtest.InProcess(t, []promtest.Series{
		scraped(t, 0, scrape, `price{shop="a"} 20+0x59`),
		scraped(t, 0, scrape, `price{shop="b"} 20+0x59`),
	})
	_, err := session(t, url).Values(t.Context(), `price * 2`, hourly(t, 1), origin.Add(1000*time.Hour))
	require.EqualError(t, err, "PromQL price * 2 gives 2 series; expected one, such as by sum() around it")
}

// Ten minutes with 6 failures each, in the middle of an hour of 60 requests a minute: a rate at
// the end of the hour knows nothing of them.
func TestWhatHappensInTheMiddleOfASliceIsEstimatedToo(t *testing.T) {
	url := promtest.InProcess(t, []promtest.Series{
		scraped(t, -2*time.Hour, scrape, `http_total 0+60x300`),
		scraped(t, -2*time.Hour, scrape, `failed_total 0+0x139 6+6x9 60+0x150`),
		// The same as rules record it, per second: 1, and 0.1 while it fails.
		scraped(t, -2*time.Hour, scrape, `all:rate5m 1+0x300`),
		scraped(t, -2*time.Hour, scrape, `tool_failed_rate_5m 0+0x139 0.1+0x9 0+0x150`),
	})
	check := func(bad, total string, about float64) {
		t.Helper()
		got, err := session(t, url).Events(t.Context(), prom.Indicator{Bad: bad, Total: total}, hourly(t, 2), origin.Add(2*time.Hour))
		require.NoError(t, err)
		require.Equal(t, prom.AsWritten, got.Method)
		require.InDeltaSlice(t, []float64{3600, 3600}, totals(got), 1e-6)
		require.InDeltaSlice(t, []float64{60, 0}, bads(got), about)
	}
	// A counter that rises from zero is not extrapolated to below it: a few are lost.
	check(`max(rate(failed_total[5m]))`, `max(rate(http_total[5m]))`, 2)
	check(`max(increase(failed_total[5m]))`, `max(increase(http_total[5m]))`, 2)
	check(`sum(tool_failed_rate_5m)`, `sum(all:rate5m)`, 1e-6)
}
