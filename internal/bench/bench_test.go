// Package bench compares Stakes with the PromQL that a user would have written, on
// the same real Prometheus in the same run. It prints ratios: absolute times are
// those of the machine.
package bench

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/api"
	v1 "github.com/prometheus/client_golang/api/prometheus/v1"
	"github.com/prometheus/common/model"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/stakes-slo/stakes-slo-datasource/internal/promtest"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/prom"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

const (
	days   = 35
	window = 28 * 24 * time.Hour
	scrape = time.Minute
)

// services differ in how busy they are and in how often their pods are replaced.
func services(start, end time.Time) []promtest.Fleet {
	var all []promtest.Fleet
	for i, perSec := range []float64{0.02, 0.1, 0.5, 1, 2, 3, 5, 8, 12, 20} {
		all = append(all, promtest.Fleet{
			Service: fmt.Sprintf("s%d", i), Seed: uint64(100 + i), Start: start, End: end, Scrape: scrape,
			Pods: 3, PerSec: perSec, Failures: 0.002, Deploy: time.Duration(30+5*i) * time.Hour, Restart: 200 * time.Hour,
		})
	}
	return all
}

func TestBenchmarks(t *testing.T) {
	if os.Getenv("STAKES_BENCH") == "" {
		t.Skip("a benchmark, not a test: go tool mage bench")
	}
	end := slo.Floor(time.Date(2026, time.June, 20, 9, 40, 0, 0, time.UTC), time.Hour)
	var (
		series []promtest.Series
		truths []promtest.Truth
		fleets = services(end.Add(-days*24*time.Hour), end)
		total  int
	)
	for _, f := range fleets {
		s, truth := f.Series()
		series, truths = append(series, s...), append(truths, truth)
		for _, one := range s {
			total += len(one.Samples)
		}
	}
	url := promtest.Server(t, series)
	store, err := prom.NewStore(url, http.DefaultClient, prom.DefaultCacheSize)
	require.NoError(t, err)
	client, err := api.NewClient(api.Config{Address: url})
	require.NoError(t, err)
	promAPI := v1.NewAPI(client)
	t.Logf("%d services, %d days, %d series, %d samples", len(fleets), days, len(series), total)

	// Read everything once, so that neither side pays for a cold disk.
	_, _, err = promAPI.Query(t.Context(), "sum(increase(fleet_requests_total[35d]))", end)
	require.NoError(t, err)

	grid, err := slo.CoverWindows(end, end, 2*time.Minute, window, time.Hour)
	require.NoError(t, err)
	var sums []slo.Tally
	status := func() {
		session := store.NewSession(scrape)
		sums = make([]slo.Tally, len(fleets))
		each(fleets, func(i int, f promtest.Fleet) { sums[i] = sum(t, session, f, grid, end) })
	}
	now, warm := clock(status), clock(status)
	var increases []float64
	promNow := clock(func() {
		increases = make([]float64, len(fleets))
		each(fleets, func(i int, f promtest.Fleet) {
			_ = instant(t, promAPI, "sum(increase("+selector(f, "")+"[28d]))", end)
			increases[i] = instant(t, promAPI, "sum(increase("+selector(f, `,code="500"`)+"[28d]))", end)
		})
	})
	t.Logf("status now, %d SLOs, 28 days, cold:      Stakes %6s, sum(increase(x[28d])) %6s, ratio %.1f", len(fleets), now, promNow, ratio(promNow, now))
	t.Logf("status now, %d SLOs, 28 days, warm:      Stakes %6s, sum(increase(x[28d])) %6s, ratio %.0f", len(fleets), warm, promNow, ratio(promNow, warm))

	for _, points := range []int{168, 1008} {
		step := 7 * 24 * time.Hour / time.Duration(points)
		slice := min(step, slo.Coarse)
		rolling, err := slo.CoverWindows(end.Add(-7*24*time.Hour), end, slice, window)
		require.NoError(t, err)
		panel := func() {
			session := store.NewSession(scrape)
			each(fleets, func(_ int, f promtest.Fleet) {
				events := count(t, session, f, rolling, end)
				for at := end.Add(-7 * 24 * time.Hour); !at.After(end); at = at.Add(step) {
					_ = events.Timeline.Sum(at.Add(-window), at).SLI()
				}
			})
		}
		store.Forget()
		cold, warm := clock(panel), clock(panel)
		theirs := clock(func() {
			each(fleets, func(_ int, f promtest.Fleet) {
				query := fmt.Sprintf("1 - sum(increase(%s[28d])) / sum(increase(%s[28d]))", selector(f, `,code="500"`), selector(f, ""))
				_, _, err := promAPI.QueryRange(t.Context(), query, v1.Range{Start: end.Add(-7 * 24 * time.Hour), End: end, Step: step})
				require.NoError(t, err)
			})
		})
		t.Logf("28-day rolling SLI over 7 days, %4d points: Stakes cold %6s, warm %6s, PromQL panel %6s, ratios %.0f and %.0f", points, cold, warm, theirs, ratio(theirs, cold), ratio(theirs, warm))
	}

	table := &strings.Builder{}
	fmt.Fprintf(table, "failures in 28 days\n%-8s %10s %10s %14s %18s\n", "service", "truth", "Stakes", "increase[28d]", "sum of increase[5m]")
	for i, f := range fleets {
		_, bad := truths[i].Between(end.Add(-window), end)
		short := instant(t, promAPI, "sum(sum_over_time((sum(increase("+selector(f, `,code="500"`)+"[5m])))[28d:5m]))", end)
		fmt.Fprintf(table, "%-8s %10.0f %10.0f %9.0f (%+3.0f %%) %9.0f (%+3.0f %%)\n", f.Service, bad, sums[i].Bad(), increases[i], off(increases[i], bad), short, off(short, bad))
		require.InDelta(t, bad, sums[i].Bad(), max(1, 0.001*bad), f.Service)
	}
	t.Log(table)
}

// each does something for every service, as many at a time as one data source asks
// of its store.
func each(fleets []promtest.Fleet, do func(int, promtest.Fleet)) {
	var group errgroup.Group
	group.SetLimit(4)
	for i, f := range fleets {
		group.Go(func() error {
			do(i, f)
			return nil
		})
	}
	_ = group.Wait() // nothing fails but the test
}

func selector(f promtest.Fleet, more string) string {
	return fmt.Sprintf("fleet_requests_total{service=%q%s}", f.Service, more)
}

func count(t *testing.T, session *prom.Session, f promtest.Fleet, grid slo.Grid, end time.Time) *prom.Events {
	t.Helper()
	events, err := session.Events(t.Context(), prom.Indicator{Bad: "sum(rate(" + selector(f, `,code="500"`) + "[5m]))", Total: "sum(rate(" + selector(f, "") + "[5m]))"}, grid, end)
	require.NoError(t, err)
	return events
}

func sum(t *testing.T, session *prom.Session, f promtest.Fleet, grid slo.Grid, end time.Time) slo.Tally {
	t.Helper()
	return count(t, session, f, grid, end).Timeline.Sum(end.Add(-window), end)
}

func instant(t *testing.T, promAPI v1.API, query string, at time.Time) float64 {
	t.Helper()
	v, _, err := promAPI.Query(context.Background(), query, at)
	require.NoError(t, err)
	if vector := v.(model.Vector); len(vector) > 0 {
		return float64(vector[0].Value)
	}
	return 0
}

func clock(f func()) time.Duration {
	start := time.Now()
	f()
	return time.Since(start).Round(100 * time.Microsecond)
}

func ratio(a, b time.Duration) float64 { return a.Seconds() / b.Seconds() }

// off is how far a figure is from the truth, in percent.
func off(figure, truth float64) float64 {
	if truth == 0 {
		return 0
	}
	return 100 * (figure - truth) / truth
}
