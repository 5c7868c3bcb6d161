package prom_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/prometheus/prometheus/promql/parser"
	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/internal/promtest"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/prom"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// origin is where the grids of these tests begin: a midnight, so that slices of
// every length start there.
var origin = time.Date(2026, time.March, 2, 0, 0, 0, 0, time.UTC)

// scrape is how far apart the samples of these tests are, unless they say otherwise.
const scrape = time.Minute

// scraped is a series in the notation of Prometheus' own tests, such as
// `a_total{pod="x"} 0+2x9 _x5 7`: from a first scrape, relative to the origin, on.
func scraped(t testing.TB, first, every time.Duration, description string) promtest.Series {
	t.Helper()
	labels, values, err := parser.NewParser(parser.Options{}).ParseSeriesDesc(description)
	require.NoError(t, err, description)
	series := promtest.Series{Labels: labels.Map()}
	for i, v := range values {
		if !v.Omitted {
			series.Samples = append(series.Samples, promtest.Sample{At: origin.Add(first + time.Duration(i)*every), Value: v.Value})
		}
	}
	return series
}

// hourly is a grid of n hours from the origin on.
func hourly(t testing.TB, n int) slo.Grid {
	t.Helper()
	grid, err := slo.NewGrid(slo.Part{Start: origin, Step: time.Hour, N: n})
	require.NoError(t, err)
	return grid
}

// session is a session with a store.
func session(t testing.TB, url string) *prom.Session {
	t.Helper()
	store, err := prom.NewStore(url, http.DefaultClient, prom.DefaultCacheSize)
	require.NoError(t, err)
	return store.NewSession(scrape)
}

// count counts an indicator's events in series, with all of the grid complete. Both
// roads must give the same.
func count(t testing.TB, grid slo.Grid, ind prom.Indicator, all ...promtest.Series) *prom.Events {
	t.Helper()
	lastValues, remoteRead := countBoth(t, grid, ind, all...)
	require.Equal(t, totals(lastValues), totals(remoteRead), "by remote read")
	require.Equal(t, bads(lastValues), bads(remoteRead), "by remote read")
	require.Equal(t, lastValues.Warnings, remoteRead.Warnings, "by remote read")
	return lastValues
}

// countBoth counts by each road.
func countBoth(t testing.TB, grid slo.Grid, ind prom.Indicator, all ...promtest.Series) (lastValues, remoteRead *prom.Events) {
	t.Helper()
	by := func(url, road string) *prom.Events {
		events, err := session(t, url).Events(t.Context(), ind, grid, grid.End())
		require.NoError(t, err)
		if events.Method == prom.Counted {
			require.Equal(t, road, events.Road)
		}
		return events
	}
	return by(promtest.InProcess(t, all), prom.LastValues), by(promtest.InProcessWithRemoteRead(t, all), prom.RemoteRead)
}

// badOfTotal is the usual indicator of these tests.
var badOfTotal = prom.Indicator{Bad: "sum(rate(errors_total[5m]))", Total: "sum(rate(requests_total[5m]))"}

// totals and bads are the events of each slice; -1 stands for a slice that was not
// measured.
func totals(e *prom.Events) []float64 {
	return perSlice(e, func(c slo.Counts) float64 { return c.Total })
}

func bads(e *prom.Events) []float64 { return perSlice(e, slo.Counts.Bad) }

func perSlice(e *prom.Events, of func(slo.Counts) float64) []float64 {
	var all []float64
	for _, s := range e.Timeline.Slices() {
		if s.State != slo.Measured {
			all = append(all, -1)
			continue
		}
		all = append(all, of(s.Counts))
	}
	return all
}
