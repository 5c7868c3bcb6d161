package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/internal/faulty"
	"github.com/stakes-slo/stakes-slo-datasource/internal/promtest"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/plugin"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/plugintest"
)

// The load: 50 dashboards and 500 alert rules that ask at once.
const (
	dashboards = 50
	alertRules = 500
)

// load is the built plugin before a real Prometheus, and a proxy that counts requests.
type load struct {
	t      *testing.T
	plugin *plugintest.Plugin
	proxy  *faulty.Proxy
	ctx    backend.PluginContext
	end    time.Time

	mu     sync.Mutex
	took   []time.Duration
	failed []string
}

// document is an SLO of one of the services.
func document(i int) string {
	return fmt.Sprintf(`---
apiVersion: openslo/v1
kind: SLO
metadata: {name: slo-%02d}
spec:
  service: s%02d
  budgetingMethod: Occurrences
  timeWindow: [{duration: 1d, isRolling: true}]
  objectives: [{displayName: kept, target: 0.99}]
  indicator:
    metadata: {name: slo-%02d}
    spec:
      ratioMetric:
        counter: true
        bad: {metricSource: {type: Prometheus, spec: {query: 'sum(rate(fleet_requests_total{service="s%02d",code="500"}[5m]))'}}}
        total: {metricSource: {type: Prometheus, spec: {query: 'sum(rate(fleet_requests_total{service="s%02d"}[5m]))'}}}
`, i, i, i, i, i)
}

func newLoad(t *testing.T) *load {
	t.Helper()
	binary := filepath.Join("..", "..", "dist", "gpx_stakes_slo_"+runtime.GOOS+"_"+runtime.GOARCH)
	if _, err := os.Stat(binary); err != nil {
		if os.Getenv("STAKES_REQUIRE_DIST") != "" {
			t.Fatal("the plugin is not built, and STAKES_REQUIRE_DIST is set")
		}
		t.Skip("the plugin is not built: go tool mage build")
	}
	l := &load{t: t, end: time.Now().Truncate(time.Minute)}
	var (
		series  []promtest.Series
		catalog strings.Builder
	)
	for i := range dashboards {
		fleet := promtest.Fleet{Service: fmt.Sprintf("s%02d", i), Seed: uint64(i), Start: l.end.Add(-27 * time.Hour), End: l.end.Add(time.Hour), Scrape: time.Minute,
			Pods: 1, PerSec: 2, Failures: 0.002, Deploy: 13 * time.Hour, Restart: 100 * time.Hour}
		all, _ := fleet.Series()
		series = append(series, all...)
		catalog.WriteString(document(i))
	}
	l.proxy = faulty.New(t, promtest.Server(t, series))
	var err error
	l.plugin, err = plugintest.Start(binary, io.Discard)
	require.NoError(t, err)
	t.Cleanup(l.plugin.Close)
	l.ctx = l.source("load", l.proxy.URL, catalog.String())
	return l
}

func (l *load) source(uid, url, catalog string) backend.PluginContext {
	ctx, err := plugintest.DataSource{PluginID: plugin.ID, UID: uid, URL: url,
		JSONData: map[string]any{"catalog": catalog, "timeInterval": "1m", "timeout": 30}}.Context()
	require.NoError(l.t, err)
	return ctx
}

// ask sends queries of some types about one SLO and notes how long it took.
func (l *load) ask(ctx context.Context, source backend.PluginContext, slo int, alert bool, types ...string) {
	req := &backend.QueryDataRequest{PluginContext: source, Headers: map[string]string{}}
	if alert {
		req.Headers["FromAlert"] = "true"
	}
	for i, queryType := range types {
		text, err := json.Marshal(map[string]any{"queryType": queryType, "query": map[string]any{"version": 1, "select": map[string]any{"slo": []string{fmt.Sprintf("slo-%02d", slo)}}}})
		require.NoError(l.t, err)
		now := time.Now()
		req.Queries = append(req.Queries, backend.DataQuery{RefID: fmt.Sprint(i), QueryType: queryType, JSON: text, MaxDataPoints: 200, Interval: time.Minute,
			TimeRange: backend.TimeRange{From: now.Add(-2 * time.Hour), To: now}})
	}
	began := time.Now()
	response, err := l.plugin.QueryData(ctx, req)
	took := time.Since(began)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.took = append(l.took, took)
	if err != nil {
		l.failed = append(l.failed, err.Error())
		return
	}
	for _, one := range response.Responses {
		if one.Error != nil {
			l.failed = append(l.failed, one.Error.Error())
		}
	}
}

// panels are the queries of one dashboard.
var panels = []string{"number", "series", "scorecard", "statement", "history", "incidents"}

// all has everybody ask at once, and says what it took.
func (l *load) all(what string) (requests int) {
	l.t.Helper()
	l.proxy.Asked()
	l.took, l.failed = nil, nil
	began := time.Now()
	var group sync.WaitGroup
	for i := range dashboards {
		group.Go(func() { l.ask(l.t.Context(), l.ctx, i, false, panels...) })
	}
	for i := range alertRules {
		group.Go(func() { l.ask(l.t.Context(), l.ctx, i%dashboards, true, "alert") })
	}
	group.Wait()
	asked := l.proxy.Asked()
	slices.Sort(l.took)
	l.t.Logf("%s: %d dashboards and %d alert rules at once in %s; p50 %s, p99 %s; %d errors; %d requests to Prometheus; %d MiB resident",
		what, dashboards, alertRules, time.Since(began).Round(time.Millisecond), l.took[len(l.took)/2].Round(time.Millisecond),
		l.took[len(l.took)*99/100].Round(time.Millisecond), len(l.failed), len(asked), l.resident()>>20)
	require.Empty(l.t, l.failed)
	return len(asked)
}

// resident is the memory of the plugin's process, in bytes; 0 where the system does not
// tell.
func (l *load) resident() int64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", l.plugin.PID()))
	if err != nil {
		return 0
	}
	pages, err := strconv.ParseInt(strings.Fields(string(text))[1], 10, 64)
	require.NoError(l.t, err)
	return pages * int64(os.Getpagesize())
}

// mostResident is what the process may take under this load: what is kept, and what
// answers take on their way.
const mostResident = 768 << 20

// Fifty dashboards and five hundred alert rules share what they read. Under
// STAKES_BENCH they ask for five minutes, dashboards and rules every half minute.
func TestBenchLoad(t *testing.T) {
	l := newLoad(t)
	// Each counter is read once, others wait for it: an indicator takes its number of
	// series and a share of a read, and what is asked more finely a second one.
	require.LessOrEqual(t, l.all("cold"), 8*dashboards)
	require.LessOrEqual(t, l.all("warm"), 3*dashboards, "at most the newest minute")
	if os.Getenv("STAKES_BENCH") != "" {
		for until := time.Now().Add(5 * time.Minute); time.Now().Before(until); {
			next := time.Now().Add(30 * time.Second)
			require.LessOrEqual(t, l.all("warm"), 3*dashboards)
			time.Sleep(time.Until(next))
		}
	}
	require.Less(t, l.resident(), int64(mostResident))
}

// A Prometheus that does not answer keeps no other data source waiting.
func TestBenchASlowPrometheusBlocksNobodyElse(t *testing.T) {
	l := newLoad(t)
	slow := faulty.New(t, "http://127.0.0.1:1")
	slow.Set(faulty.SlowHeaders)
	sick := l.source("sick", slow.URL, document(0))
	ctx, cancel := context.WithCancel(t.Context())
	var group sync.WaitGroup
	for range 200 {
		group.Go(func() { l.ask(ctx, sick, 0, false, "number") })
	}
	require.Eventually(t, func() bool { return len(slow.Asked()) > 0 }, 10*time.Second, 10*time.Millisecond)
	l.mu.Lock()
	l.took, l.failed = nil, nil
	l.mu.Unlock()
	began := time.Now()
	l.ask(t.Context(), l.ctx, 0, false, panels...)
	took := time.Since(began)
	require.Empty(t, l.failed)
	t.Logf("with 200 queries that wait for another Prometheus, a dashboard takes %s", took.Round(time.Millisecond))
	require.Less(t, took, 10*time.Second)
	cancel()
	group.Wait()
}

// Grafana makes a data source anew with every change of its settings. A hundred that come
// and go leave no goroutine, no connection and no memory behind.
func TestBenchInstancesLeaveNothingBehind(t *testing.T) {
	l := newLoad(t)
	use := func() {
		settings, err := json.Marshal(map[string]any{"catalog": document(0), "timeInterval": "1m"})
		require.NoError(t, err)
		instance, err := plugin.NewDatasource(t.Context(), backend.DataSourceInstanceSettings{URL: l.proxy.URL, JSONData: settings})
		require.NoError(t, err)
		ds := instance.(*plugin.Datasource)
		now := time.Now()
		response, err := ds.QueryData(t.Context(), &backend.QueryDataRequest{Queries: []backend.DataQuery{{
			RefID: "A", QueryType: "number", JSON: []byte(`{"query":{"version":1}}`), TimeRange: backend.TimeRange{From: now.Add(-time.Hour), To: now}}}})
		require.NoError(t, err)
		require.NoError(t, response.Responses["A"].Error)
		ds.Dispose()
	}
	use()
	http.DefaultClient.CloseIdleConnections()
	settled := func() (goroutines int, heap uint64) {
		if os.Getenv("STAKES_BENCH") != "" {
			time.Sleep(75 * time.Second) // sessions are dropped after 15 s, connections closed for the last time after a minute
		} else {
			time.Sleep(500 * time.Millisecond)
		}
		var m runtime.MemStats
		runtime.GC()
		runtime.GC()
		runtime.ReadMemStats(&m)
		return runtime.NumGoroutine(), m.HeapAlloc
	}
	goroutines, heap := settled()
	const instances = 100
	for range instances {
		use()
	}
	goroutinesAfter, heapAfter := settled()
	grown := int64(heapAfter) - int64(heap)
	t.Logf("%d instances made and disposed: %d goroutines before and %d after, %d connections, heap grown by %d KiB",
		instances, goroutines, goroutinesAfter, l.proxy.Connections(), grown/1024)
	require.LessOrEqual(t, goroutinesAfter, goroutines+5)
	require.LessOrEqual(t, l.proxy.Connections(), 2)
	limit := int64(instances * 256 << 10) // sessions live on for 15 seconds
	if os.Getenv("STAKES_BENCH") != "" {
		limit = 2 << 20
	}
	require.Less(t, grown, limit)
}
