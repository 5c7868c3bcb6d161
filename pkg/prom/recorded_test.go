package prom_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/internal/promtest"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/prom"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// Rules recorded 50 requests and 5 failures every five minutes from hour 1 to 3, in
// which raw counters would give 60 and 6 an hour: so that it can be seen which were
// used. They did not run at 2:30.
func recordedAndRaw(t testing.TB) []promtest.Series {
	return []promtest.Series{
		scraped(t, time.Hour, 5*time.Minute, `stakes_slice_events{slo="api",kind="total"} 50+0x17 _ 50+0x16`),
		scraped(t, time.Hour, 5*time.Minute, `stakes_slice_events{slo="api",kind="bad"} 5+0x17 _ 5+0x16`),
		scraped(t, -time.Hour, scrape, `requests_total{pod="a"} 1000+1x299`),
		scraped(t, -time.Hour, scrape, `errors_total{pod="a"} 100+0.1x299`),
	}
}

func TestWhatRulesRecordedIsUsedAndTheRestCounted(t *testing.T) {
	ind := badOfTotal
	ind.Recorded = "api"
	for _, start := range []func(testing.TB, []promtest.Series) string{promtest.InProcess, promtest.InProcessWithRemoteRead} {
		got, err := session(t, start(t, recordedAndRaw(t))).Events(t.Context(), ind, hourly(t, 4), origin.Add(4*time.Hour))
		require.NoError(t, err)
		require.Equal(t, prom.Recorded, got.Method)
		require.Equal(t, prom.Slices, got.Road)
		// Hour 0 was not recorded, hour 1 was, hour 2 not all the time, hour 3 was.
		require.Equal(t, []float64{60, 600, 60, 600}, totals(got))
		require.InDeltaSlice(t, []float64{6, 60, 6, 60}, bads(got), 1e-6)
		require.NotEmpty(t, got.Plan)
	}
}

func TestMinutesThatRulesDoNotRecordAreCounted(t *testing.T) {
	ind := badOfTotal
	ind.Recorded = "api"
	grid, err := slo.NewGrid(
		slo.Part{Start: origin.Add(time.Hour), Step: time.Hour, N: 1},
		slo.Part{Start: origin.Add(2 * time.Hour), Step: time.Minute, N: 2})
	require.NoError(t, err)
	got, err := session(t, promtest.InProcess(t, recordedAndRaw(t))).Events(t.Context(), ind, grid, grid.End())
	require.NoError(t, err)
	require.Equal(t, []float64{600, 1, 1}, totals(got))
}

func TestWithoutRecordedSlicesQueriesAreUsed(t *testing.T) {
	ind := badOfTotal
	ind.Recorded = "other"
	got, err := session(t, promtest.InProcess(t, recordedAndRaw(t))).Events(t.Context(), ind, hourly(t, 2), origin.Add(2*time.Hour))
	require.NoError(t, err)
	require.Equal(t, prom.Counted, got.Method)
	require.Equal(t, []float64{60, 60}, totals(got))
}

// Rules of a real Prometheus record the differences of a counter's values from hour 1
// on; a pod is replaced at 2:10. Before and in minutes, raw counters are read.
func TestWhatRulesOfARealPrometheusRecordedIsUsed(t *testing.T) {
	series := []promtest.Series{
		scraped(t, -time.Hour, scrape, `requests_total{pod="a"} 1000+6x190`), // until 2:10
		scraped(t, 131*time.Minute, scrape, `requests_total{pod="b"} 6+6x109`),
		scraped(t, -time.Hour, scrape, `errors_total{pod="a"} 10+1x190`),
		scraped(t, 131*time.Minute, scrape, `errors_total{pod="b"} 1+1x109`),
	}
	const rules = `
groups:
  - name: stakes
    interval: 5m
    rules:
      - {record: stakes_slice_events, labels: {slo: api, kind: total}, expr: "sum((last_over_time(requests_total[5m]) - last_over_time(requests_total[5m] offset 5m)) or last_over_time(requests_total[5m]))"}
      - {record: stakes_slice_events, labels: {slo: api, kind: bad}, expr: "sum((last_over_time(errors_total[5m]) - last_over_time(errors_total[5m] offset 5m)) or last_over_time(errors_total[5m]))"}
`
	url := promtest.ServerWithRules(t, series, rules, origin.Add(time.Hour), origin.Add(4*time.Hour), 5*time.Minute)
	ind := badOfTotal
	ind.Recorded = "api"
	got, err := session(t, url).Events(t.Context(), ind, hourly(t, 4), origin.Add(4*time.Hour))
	require.NoError(t, err)
	require.Equal(t, prom.Recorded, got.Method)
	require.InDeltaSlice(t, []float64{360, 360, 360, 360}, totals(got), 6, "what rules record lands up to five minutes late")
	require.InDeltaSlice(t, []float64{60, 60, 60, 60}, bads(got), 1)
	require.InDelta(t, 4*360, sum(totals(got)), 6)
}
