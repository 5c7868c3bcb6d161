package prom_test

import (
	"fmt"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/api"
	v1 "github.com/prometheus/client_golang/api/prometheus/v1"
	"github.com/prometheus/common/model"
	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/internal/promtest"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/prom"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// Counters of fleets whose pods are replaced, restart, and are not scraped for a
// while are counted to within 0.1 % of the truth, or one event, by the queries that
// a real Prometheus answers.
func TestCountsAreTrueOnARealPrometheus(t *testing.T) {
	countsAreTrue(t, promtest.Server, prom.RemoteRead, prom.LastValues)
}

// VictoriaMetrics offers no remote read, and moves the instants of range queries where
// it may.
func TestCountsAreTrueOnARealVictoriaMetrics(t *testing.T) {
	countsAreTrue(t, promtest.VictoriaMetrics, prom.LastValues)
}

// begin and end of the data that counts are checked on.
var (
	dataEnd   = time.Date(2026, time.March, 20, 11, 37, 0, 0, time.UTC)
	dataBegin = dataEnd.Add(-9 * 24 * time.Hour)
)

// hiddenData are counters of fleets that everything happens to, with the truth.
func hiddenData() ([]promtest.Series, []promtest.Fleet, map[string]promtest.Truth) {
	hour := func(h float64) time.Time { return dataBegin.Add(time.Duration(h * float64(time.Hour))) }
	fleets := []promtest.Fleet{
		{Service: "busy", PerSec: 8, Failures: 0.004, Pods: 3},
		{Service: "quiet", PerSec: 0.02, Failures: 0.05, Pods: 2},
		{Service: "rare-errors", PerSec: 1, Failures: 0.0005, Pods: 4},
	}
	var all []promtest.Series
	truths := map[string]promtest.Truth{}
	for i, f := range fleets {
		f.Seed, f.Start, f.End, f.Scrape = uint64(i), dataBegin, dataEnd, 30*time.Second
		f.Deploy, f.Restart = 37*time.Hour, 50*time.Hour
		f.Blind = [][2]time.Time{{hour(100), hour(100.4)}, {hour(140), hour(143)}}
		f.BlindPod = [][2]time.Time{{hour(60), hour(64)}}
		series, truth := f.Series()
		all = append(all, series...)
		truths[f.Service] = truth
	}
	return all, fleets, truths
}

func countsAreTrue(t *testing.T, start func(testing.TB, []promtest.Series) string, roads ...string) {
	t.Helper()
	end := dataEnd
	all, fleets, truths := hiddenData()
	url := start(t, all)
	from := end.Add(-7 * 24 * time.Hour)
	grid, err := slo.CoverWindows(end, end, time.Minute, 7*24*time.Hour, time.Hour)
	require.NoError(t, err)
	for _, road := range roads {
		client := http.DefaultClient
		if road != prom.RemoteRead {
			client = &http.Client{Transport: withoutRemoteRead{}}
		}
		store, err := prom.NewStore(url, client, prom.DefaultCacheSize)
		require.NoError(t, err)
		for _, f := range fleets {
			t.Run(f.Service+" by "+road, func(t *testing.T) {
				good, bad := truths[f.Service].Between(from, end)
				selector := fmt.Sprintf(`fleet_requests_total{service=%q}`, f.Service)
				errors := fmt.Sprintf(`fleet_requests_total{service=%q,code=~"5.."}`, f.Service)
				events, err := store.NewSession(30*time.Second).Events(t.Context(), prom.Indicator{
					Bad:   "sum(rate(" + errors + "[5m]))",
					Total: "sum(rate(" + selector + "[5m]))",
				}, grid, end)
				require.NoError(t, err)
				require.Equal(t, prom.Counted, events.Method)
				require.Equal(t, road, events.Road)
				require.Empty(t, events.Warnings)
				sum := events.Timeline.Sum(from, end)
				t.Logf("total: truth %.0f, counted %.0f, increase[7d] %.0f", good+bad, sum.Total, increase(t, url, selector, end))
				t.Logf("bad:   truth %.0f, counted %.0f, increase[7d] %.0f", bad, sum.Bad(), increase(t, url, errors, end))
				near(t, good+bad, sum.Total)
				near(t, bad, sum.Bad())

				// The same grid a minute later, and windows inside of it.
				for _, back := range []time.Duration{time.Hour, 30 * time.Minute} {
					g, b := truths[f.Service].Between(end.Add(-back), end)
					recent := events.Timeline.Sum(end.Add(-back), end)
					near(t, g+b, recent.Total)
					near(t, b, recent.Bad())
				}
			})
		}
	}
}

// Where even last values are too many, the store's own increase() counts: that of
// VictoriaMetrics to about a hundredth, that of Prometheus with much less of the
// failures of quiet services. Both say so.
func TestTooManySamplesAreCountedByTheStore(t *testing.T) {
	all, fleets, truths := hiddenData()
	from := dataEnd.Add(-7 * 24 * time.Hour)
	grid, err := slo.CoverWindows(dataEnd, dataEnd, time.Minute, 7*24*time.Hour, time.Hour)
	require.NoError(t, err)
	for name, start := range map[string]func(testing.TB, []promtest.Series) string{"VictoriaMetrics": promtest.VictoriaMetrics, "Prometheus": promtest.Server} {
		t.Run(name, func(t *testing.T) {
			store, err := prom.NewStore(start(t, all), http.DefaultClient, prom.DefaultCacheSize, prom.MaxSamples(1000))
			require.NoError(t, err)
			for _, f := range fleets {
				_, bad := truths[f.Service].Between(from, dataEnd)
				events, err := store.NewSession(30*time.Second).Events(t.Context(), prom.Indicator{
					Bad:   fmt.Sprintf(`sum(rate(fleet_requests_total{service=%q,code=~"5.."}[5m]))`, f.Service),
					Total: fmt.Sprintf(`sum(rate(fleet_requests_total{service=%q}[5m]))`, f.Service),
				}, grid, dataEnd)
				require.NoError(t, err)
				require.Equal(t, prom.Increase, events.Road)
				require.Equal(t, []slo.WarningKind{prom.Coarser}, kinds(events.Reading))
				require.Contains(t, events.Plan, "values are too many to be read")
				require.Positive(t, events.Estimated)
				got := events.Timeline.Sum(from, dataEnd).Bad()
				t.Logf("%s: truth %.0f, counted %.0f", f.Service, bad, got)
				if name == "VictoriaMetrics" {
					require.LessOrEqual(t, math.Abs(got-bad), max(2, 0.01*bad))
				}
			}
		})
	}
}

// withoutRemoteRead is the way to a store that offers no remote read.
type withoutRemoteRead struct{}

func (withoutRemoteRead) RoundTrip(req *http.Request) (*http.Response, error) {
	if strings.HasSuffix(req.URL.Path, "/api/v1/read") {
		return &http.Response{StatusCode: http.StatusNotFound, Body: http.NoBody, Request: req}, nil
	}
	return http.DefaultTransport.RoundTrip(req)
}

// near is the accuracy that Stakes promises.
func near(t *testing.T, want, got float64) {
	t.Helper()
	require.LessOrEqual(t, math.Abs(got-want), max(1, 0.001*want), "truth %v, counted %v", want, got)
}

func increase(t *testing.T, url, selector string, at time.Time) float64 {
	t.Helper()
	client, err := api.NewClient(api.Config{Address: url})
	require.NoError(t, err)
	v, _, err := v1.NewAPI(client).Query(t.Context(), "sum(increase("+selector+"[7d]))", at)
	require.NoError(t, err)
	vector := v.(model.Vector)
	if len(vector) == 0 {
		return 0
	}
	return float64(vector[0].Value)
}
