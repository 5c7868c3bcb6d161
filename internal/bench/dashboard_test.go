package bench

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/internal/promtest"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/plugin"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// scorecard asks the plugin for a hundred SLOs, as a dashboard does.
func (b *bench) scorecard() {
	jsonData, err := json.Marshal(map[string]any{"catalog": b.catalogue(), "timeInterval": b.scrape.String(), "queryDelay": "0s"})
	require.NoError(b.t, err)
	instance, err := plugin.NewDatasource(b.t.Context(), backend.DataSourceInstanceSettings{Type: plugin.ID, UID: "bench", URL: b.url, JSONData: jsonData})
	require.NoError(b.t, err)
	ds := instance.(*plugin.Datasource)
	defer ds.Dispose()
	ask := func() {
		response, err := ds.QueryData(b.t.Context(), &backend.QueryDataRequest{Queries: []backend.DataQuery{{
			RefID: "A", QueryType: "scorecard", JSON: []byte(`{"query":{"version":1}}`),
			TimeRange: backend.TimeRange{From: b.end.Add(-time.Hour), To: b.end}, Interval: time.Minute, MaxDataPoints: 100,
		}}})
		require.NoError(b.t, err)
		require.NoError(b.t, response.Responses["A"].Error)
		require.Equal(b.t, 100, response.Responses["A"].Frames[0].Rows())
	}
	cold := best(1, nil, ask)
	warm := best(5, nil, ask)
	b.t.Logf("3. scorecard of 100 SLOs in the plugin: cold %s, warm %s (target at most 50ms)", cold, warm)
}

// catalogue is ten SLOs of each service, of failures that are told by ten different
// matchers.
func (b *bench) catalogue() string {
	var text strings.Builder
	for _, f := range b.fleets {
		for i := range 10 {
			fmt.Fprintf(&text, `---
apiVersion: openslo/v1
kind: SLO
metadata: {name: %[1]s-%[2]d}
spec:
  service: %[1]s
  indicator:
    metadata: {name: %[1]s-%[2]d}
    spec:
      ratioMetric:
        counter: true
        bad: {metricSource: {type: Prometheus, spec: {query: 'sum(rate(fleet_requests_total{service="%[1]s",code=~"5..|9%[2]d."}[5m]))'}}}
        total: {metricSource: {type: Prometheus, spec: {query: 'sum(rate(fleet_requests_total{service="%[1]s"}[5m]))'}}}
  timeWindow: [{duration: 28d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: 0.995}]
`, f.Service, i)
		}
	}
	return text.String()
}

// dashboard is twenty panels, two for each service, that are refreshed every half
// minute for ten minutes: what the store reads for it, by its own statistics.
func (b *bench) dashboard() {
	// The data ends at the end; the ten minutes before it are watched.
	const refreshes = 20
	store := b.dataSet.start(b.t, b.url, b.fleets, b.truths).store
	ours, requests := 0.0, 0.0
	for i := range refreshes + 1 {
		read := store.SamplesRead()
		at := slo.Floor(b.end.Add(-10*time.Minute).Add(time.Duration(i)*30*time.Second), time.Minute)
		session := store.NewSession(b.scrape)
		now, err := slo.CoverWindows(at, at, 2*time.Minute, window)
		if at.Minute()%2 == 1 {
			now, err = slo.CoverWindows(at, at, time.Minute, window)
		}
		require.NoError(b.t, err)
		to := slo.Floor(at, 10*time.Minute)
		week, err := slo.CoverWindows(to.Add(-7*24*time.Hour), to, 10*time.Minute, window)
		require.NoError(b.t, err)
		asked := queriesOf(b.t, b.url)
		b.each(func(_ int, f promtest.Fleet) {
			_ = b.count(session, f, now)
			_ = b.count(session, f, week)
		})
		if i > 0 { // the first loading is not a refresh
			ours += float64(store.SamplesRead() - read)
			requests += queriesOf(b.t, b.url) - asked
		}
	}
	// Every refresh of the panels in PromQL costs the same: two of the ten services are
	// measured, once.
	theirs := 0.0
	for _, f := range b.fleets[:2] {
		failed, all := "sum(increase("+selector(f, `,code="500"`)+"[28d]))", "sum(increase("+selector(f, "")+"[28d]))"
		theirs += b.samplesOf("/api/v1/query", url.Values{"query": {"1 - " + failed + " / " + all}, "time": {fmt.Sprint(b.end.Unix())}})
		theirs += b.samplesOf("/api/v1/query_range", url.Values{
			"query": {"1 - " + failed + " / " + all},
			"start": {fmt.Sprint(b.end.Add(-7 * 24 * time.Hour).Unix())}, "end": {fmt.Sprint(b.end.Unix())}, "step": {"600"},
		})
	}
	theirs *= float64(len(b.fleets)) / 2 * refreshes
	b.t.Logf("4. 20 panels refreshed %d times: Stakes reads %.0f samples in %.0f requests, the PromQL dashboard %.3g samples in %d; %.4f %% (target at most 1 %%)",
		refreshes, ours, requests, theirs, 20*refreshes, 100*ours/theirs)
	b.t.Logf("5. memory of the store: %d KiB for 10 SLOs over %d days, %d bytes for each SLO-day; 100 SLOs take %.1f MiB (target 64 MiB)",
		store.Held()/1024, days, store.Held()/int64(10*days), float64(store.Held())*10/(1<<20))
}

// samplesOf is how many samples Prometheus reads for a query, by its own statistics.
func (b *bench) samplesOf(path string, query url.Values) float64 {
	b.t.Helper()
	query.Set("stats", "all")
	response, err := http.Get(b.url + path + "?" + query.Encode()) //nolint:noctx // a benchmark's own server
	require.NoError(b.t, err)
	defer func() { require.NoError(b.t, response.Body.Close()) }()
	var answer struct {
		Data struct {
			Stats struct {
				Samples struct{ TotalQueryableSamples float64 }
			}
		}
	}
	require.NoError(b.t, json.NewDecoder(response.Body).Decode(&answer))
	require.Positive(b.t, answer.Data.Stats.Samples.TotalQueryableSamples)
	return answer.Data.Stats.Samples.TotalQueryableSamples
}

// queriesOf is how many requests for data Prometheus has answered.
func queriesOf(t *testing.T, url string) (total float64) {
	for _, handler := range []string{"/api/v1/query", "/api/v1/query_range", "/api/v1/read"} {
		total += metric(t, url, `prometheus_http_requests_total{code="200",handler="`+handler+`"}`)
	}
	return total
}

// metric is one of Prometheus' own metrics; 0 where it has not written it yet.
func metric(t *testing.T, url, name string) float64 {
	t.Helper()
	response, err := http.Get(url + "/metrics") //nolint:noctx // a benchmark's own server
	require.NoError(t, err)
	defer func() { require.NoError(t, response.Body.Close()) }()
	for lines := bufio.NewScanner(response.Body); lines.Scan(); {
		if rest, ok := strings.CutPrefix(lines.Text(), name+" "); ok {
			v, err := strconv.ParseFloat(rest, 64)
			require.NoError(t, err)
			return v
		}
	}
	return 0
}

// core is the pure core alone: a hundred SLOs of thirty days of minutes.
func core(t *testing.T) {
	end := sets[0].end
	grid, err := slo.NewGrid(slo.Part{Start: end.Add(-30 * 24 * time.Hour), Step: time.Minute, N: 43_200})
	require.NoError(t, err)
	slices := make([]slo.Slice, grid.Len())
	for i := range slices {
		slices[i] = slo.Slice{Counts: slo.Counts{Good: float64(i % 97), Total: float64(i%97 + i%2)}, State: slo.Measured}
	}
	took := best(3, nil, func() {
		for range 100 {
			timeline, err := slo.NewTimeline(grid, slices)
			require.NoError(t, err)
			for at := end.Add(-2 * 24 * time.Hour); !at.After(end); at = at.Add(time.Hour) {
				_ = timeline.Sum(at.Add(-28*24*time.Hour), at).SLI()
			}
		}
	})
	t.Logf("6. pure core, 100 SLOs x 43,200 slices: %s", took)
}
