package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/internal/faulty"
	"github.com/stakes-slo/stakes-slo-datasource/internal/grafanatest"
	"github.com/stakes-slo/stakes-slo-datasource/internal/promtest"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/plugintest"
)

// What happens when the way to the store, or the store, fails: each row of the table in
// docs/reliability.md, with the built plugin, a real Prometheus, and between them a
// proxy that fails.

// promise is a document of an SLO on a counter, with a window.
func promise(name, bad, total, window string) string {
	return fmt.Sprintf(`---
apiVersion: openslo/v1
kind: SLO
metadata: {name: %s}
spec:
  service: shop
  budgetingMethod: Occurrences
  timeWindow: [{duration: %s, isRolling: true}]
  objectives: [{displayName: kept, target: 0.98}]
  indicator:
    metadata: {name: %s}
    spec:
      ratioMetric:
        counter: true
        bad: {metricSource: {type: Prometheus, spec: {query: '%s'}}}
        total: {metricSource: {type: Prometheus, spec: {query: '%s'}}}
`, name, window, name, bad, total)
}

var faultCatalog = promise("orders", `sum(rate(fleet_requests_total{code="500"}[5m]))`, `sum(rate(fleet_requests_total[5m]))`, "1d") +
	promise("month", `sum(rate(fleet_requests_total{code="500"}[5m]))`, `sum(rate(fleet_requests_total[5m]))`, "30d") +
	promise("sick", `sum(rate(sick_total{code="500"}[5m]))`, `sum(rate(sick_total[5m]))`, "2h") +
	promise("late", `sum(rate(late_total{code="500"}[5m]))`, `sum(rate(late_total[5m]))`, "2h") +
	promise("early", `sum(rate(early_total{code="500"}[5m]))`, `sum(rate(early_total[5m]))`, "2h") +
	promise("many", `sum by (shop) (rate(many_total{code="500"}[5m]))`, `sum by (shop) (rate(many_total[5m]))`, "1h")

// minutely is a counter that grows by one step a minute from one instant to another,
// less what change makes of its samples.
func minutely(name, code string, from, to time.Time, step float64, change func(i int, v float64) float64) promtest.Series {
	s := promtest.Series{Labels: map[string]string{"__name__": name, "code": code, "pod": "a"}}
	for i, at := 0, from; !at.After(to); i, at = i+1, at.Add(time.Minute) {
		v := float64(i) * step
		if change != nil {
			v = change(i, v)
		}
		s.Samples = append(s.Samples, promtest.Sample{At: at, Value: v})
	}
	return s
}

// stage is what the tests of faults share: one plugin process, one Prometheus.
type stage struct {
	plugin *plugintest.Plugin
	logs   *safeBuffer
	series []promtest.Series
	fleet  []promtest.Series // those of the orders
	store  string
	truth  promtest.Truth
	now    time.Time // whole minutes
}

func setStage(t *testing.T) *stage {
	t.Helper()
	s := &stage{logs: &safeBuffer{}, now: time.Now().Truncate(time.Minute)}
	fleet := promtest.Fleet{Service: "shop", PerSec: 5, Failures: 0.004, Pods: 2, Scrape: 15 * time.Second,
		Start: s.now.Add(-27 * time.Hour), End: s.now.Add(2 * time.Minute), Deploy: 11 * time.Hour, Restart: 20 * time.Hour}
	s.fleet, s.truth = fleet.Series()
	s.series = s.fleet[:len(s.fleet):len(s.fleet)]
	from := s.now.Add(-3 * time.Hour)
	sick := func(i int, v float64) float64 {
		switch i % 20 {
		case 7:
			return math.NaN()
		case 13:
			return math.Inf(1)
		}
		return v
	}
	s.series = append(s.series,
		minutely("sick_total", "200", from, s.now, 9, sick), minutely("sick_total", "500", from, s.now, 1, sick),
		minutely("late_total", "200", from, s.now.Add(-20*time.Minute), 9, nil), minutely("late_total", "500", from, s.now.Add(-20*time.Minute), 1, nil),
		minutely("early_total", "200", from, s.now.Add(30*time.Minute), 9, nil), minutely("early_total", "500", from, s.now.Add(30*time.Minute), 1, nil))
	for shop := range 1000 {
		one := minutely("many_total", "200", s.now.Add(-75*time.Minute), s.now, float64(1+shop), nil)
		one.Labels["shop"] = fmt.Sprintf("%04d", shop)
		s.series = append(s.series, one)
	}
	s.store = promtest.Server(t, s.series)
	s.plugin = s.start(t)
	return s
}

// start starts a plugin process.
func (s *stage) start(t *testing.T) *plugintest.Plugin {
	t.Helper()
	p, err := plugintest.Start(binary(t), s.logs)
	require.NoError(t, err)
	t.Cleanup(p.Close)
	return p
}

// binary is the path of the built plugin.
func binary(t *testing.T) string {
	t.Helper()
	path := filepath.Join("..", "..", "dist", "gpx_stakes_slo_"+runtime.GOOS+"_"+runtime.GOARCH)
	if _, err := os.Stat(path); err != nil {
		if os.Getenv("STAKES_REQUIRE_DIST") != "" {
			t.Fatal("the plugin is not built, and STAKES_REQUIRE_DIST is set")
		}
		t.Skip("the plugin is not built: go tool mage build")
	}
	return path
}

// asker asks one data source.
type asker struct {
	*stage
	plugin *plugintest.Plugin
	ctx    backend.PluginContext
}

// open is a data source at an address, with settings beyond the usual ones.
func (s *stage) open(t *testing.T, url string, more map[string]any) *asker {
	t.Helper()
	settings := map[string]any{"catalog": faultCatalog, "timeInterval": "15s", "timeout": 1, "maxGroups": 10}
	for key, value := range more {
		settings[key] = value
	}
	ctx, err := plugintest.DataSource{PluginID: "stakes-slo-datasource", UID: t.Name(), URL: url, JSONData: settings}.Context()
	require.NoError(t, err)
	return &asker{s, s.plugin, ctx}
}

// ask asks one question about a time range of an hour that ends at an instant. alert is
// that an alert rule asks.
func (a *asker) ask(t *testing.T, queryType string, body map[string]any, to time.Time, alert bool) backend.DataResponse {
	t.Helper()
	body["version"] = 1
	text, err := json.Marshal(map[string]any{"queryType": queryType, "query": body})
	require.NoError(t, err)
	req := &backend.QueryDataRequest{PluginContext: a.ctx, Headers: map[string]string{}, Queries: []backend.DataQuery{{
		RefID: "A", QueryType: queryType, JSON: text, MaxDataPoints: 100, Interval: time.Minute, TimeRange: backend.TimeRange{From: to.Add(-time.Hour), To: to},
	}}}
	if alert {
		req.Headers["FromAlert"] = "true"
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	response, err := a.plugin.QueryData(ctx, req)
	require.NoError(t, err)
	return response.Responses["A"]
}

// figures asks for the events, the SLI and more of a promise.
func (a *asker) figures(t *testing.T, name string, to time.Time) backend.DataResponse {
	t.Helper()
	return a.ask(t, "number", map[string]any{"select": map[string]any{"slo": []string{name}}, "measures": []string{"total_events", "bad_events", "sli", "coverage", "status"}}, to, false)
}

// recovers waits until the store is asked again and answers.
func (a *asker) recovers(t *testing.T, to time.Time) {
	t.Helper()
	var response backend.DataResponse
	require.Eventually(t, func() bool {
		response = a.figures(t, "orders", to)
		return response.Error == nil && !strings.Contains(notices(response.Frames), "cannot be asked")
	}, 15*time.Second, 100*time.Millisecond, "recovery needs no restart")
	a.right(t, response)
}

// healed waits until what was missing is there.
func (a *asker) healed(t *testing.T, to time.Time) {
	t.Helper()
	var response backend.DataResponse
	require.Eventually(t, func() bool {
		response = a.figures(t, "orders", to)
		return response.Error == nil && *numbers(t, response)["coverage"] > 0.99
	}, 15*time.Second, 500*time.Millisecond, "recovery needs no restart")
	a.right(t, response)
}

// alerts are the states of a promise's alerts by severity, as an alert rule sees them.
func (a *asker) alerts(t *testing.T, name string, to time.Time) (map[string]*float64, error) {
	t.Helper()
	response := a.ask(t, "alert", map[string]any{"select": map[string]any{"slo": []string{name}}}, to, true)
	if response.Error != nil {
		return nil, response.Error
	}
	instances, err := grafanatest.Alert(response.Frames)
	require.NoError(t, err)
	states := map[string]*float64{}
	for _, i := range instances {
		states[i.Labels["severity"]] = i.Value
	}
	return states, nil
}

// numbers are the figures of an answer by measure; what is not known is nil.
func numbers(t *testing.T, response backend.DataResponse) map[string]*float64 {
	t.Helper()
	require.NoError(t, response.Error)
	instances, err := grafanatest.Alert(response.Frames)
	require.NoError(t, err)
	all := map[string]*float64{}
	for _, i := range instances {
		all[i.Labels["measure"]] = i.Value
	}
	return all
}

func notices(frames data.Frames) string {
	var all []string
	for _, frame := range frames {
		if frame.Meta != nil {
			for _, n := range frame.Meta.Notices {
				all = append(all, n.Text)
			}
		}
	}
	return strings.Join(all, "\n")
}

// windowOf is the window that an answer is about.
func windowOf(t *testing.T, response backend.DataResponse) (from, to time.Time) {
	t.Helper()
	custom := response.Frames[0].Meta.Custom.(map[string]any)
	return time.UnixMilli(int64(custom["from"].(float64))), time.UnixMilli(int64(custom["to"].(float64)))
}

// right makes sure that an answer about the orders is what happened, and complete.
func (a *asker) right(t *testing.T, response backend.DataResponse) {
	t.Helper()
	got := numbers(t, response)
	good, bad := a.truth.Between(windowOf(t, response))
	require.NotNil(t, got["total_events"])
	require.InDelta(t, good+bad, *got["total_events"], max(1, 0.001*(good+bad)))
	require.InDelta(t, bad, *got["bad_events"], 1)
	require.InDelta(t, good/(good+bad), *got["sli"], 1e-4)
	require.Greater(t, *got["coverage"], 0.99)
	require.NotContains(t, notices(response.Frames), "cannot be asked")
}

// fault is one that comes over the way to the store and goes away again.
type fault struct {
	begin func(t *testing.T, p *faulty.Proxy)
	says  string // the sentence that users see, a regular expression
	kept  bool   // what was read before stands in
}

func failing(f faulty.Fault, says string, kept bool) func(t *testing.T, s *stage) {
	return fault{func(_ *testing.T, p *faulty.Proxy) { p.Set(f) }, says, kept}.run
}

// run has a fault begin before anything was read, end, begin again while something is
// kept, and end again. The plugin runs all the time.
func (f fault) run(t *testing.T, s *stage) {
	p := faulty.New(t, s.store)
	timeout := 15
	if strings.Contains(f.says, "in time") {
		timeout = 2
	}
	a := s.open(t, p.URL, map[string]any{"timeout": timeout})
	earlier := s.now.Add(-10 * time.Minute)
	says := regexp.MustCompile("^(SLO orders: |[Tt]here|[Pp]rom|[Cc]annot|[Tt]he )*" + f.says + "[.]?$")
	end := func() {
		p.Set(nil)
		p.Down()
		p.Up(t)
	}

	f.begin(t, p)
	response := a.figures(t, "orders", earlier)
	require.Error(t, response.Error)
	require.Regexp(t, says, response.Error.Error())
	require.Equal(t, backend.ErrorSourceDownstream, response.ErrorSource)
	_, err := a.alerts(t, "orders", earlier)
	require.Error(t, err, "an alert rule that keeps its last state on errors keeps it")
	require.Regexp(t, says, err.Error())
	health, err := a.plugin.CheckHealth(t.Context(), &backend.CheckHealthRequest{PluginContext: a.ctx})
	require.NoError(t, err)
	require.Equal(t, backend.HealthStatusError, health.Status, health.Message)

	end()
	require.Eventually(t, func() bool {
		response = a.figures(t, "orders", earlier)
		return response.Error == nil
	}, 15*time.Second, 100*time.Millisecond, "recovery needs no restart")
	a.right(t, response)
	_, kept := windowOf(t, response)
	states, err := a.alerts(t, "orders", earlier)
	require.NoError(t, err)
	require.NotEmpty(t, states)
	for severity, state := range states {
		require.NotNil(t, state, severity)
	}

	f.begin(t, p)
	response = a.figures(t, "orders", s.now)
	if f.kept {
		got := numbers(t, response)
		from, _ := windowOf(t, response)
		good, bad := s.truth.Between(from, kept)
		require.LessOrEqual(t, *got["total_events"], good+bad+1, "nothing is made up")
		require.Greater(t, *got["total_events"], 0.9*(good+bad), "all but the slice, of an hour at most, that was not over")
		require.InDelta(t, bad/(good+bad), *got["bad_events"]/(*got["total_events"]), 5e-4)
		require.Less(t, *got["coverage"], 0.998, "what is not known lowers coverage")
		require.Regexp(t, `orders: Prometheus cannot be asked at the moment; these figures rest on what was read until \d{4}-\d\d-\d\d \d\d:\d\d UTC, \d+ minutes ago`, notices(response.Frames))
		require.Regexp(t, "# orders: .*"+f.says, response.Frames[0].Meta.ExecutedQueryString, "the query inspector says why")
	} else {
		require.Error(t, response.Error)
		require.Regexp(t, says, response.Error.Error())
	}
	_, err = a.alerts(t, "orders", s.now)
	require.Error(t, err, "people are not called by what is kept")
	require.Regexp(t, says, err.Error())
	remaining := a.ask(t, "number", map[string]any{"select": map[string]any{"slo": []string{"orders"}}}, s.now, true)
	require.Error(t, remaining.Error, "nor by a budget of what is kept")

	end()
	a.recovers(t, s.now)
}

const notPrometheus = "the server at the URL does not answer like Prometheus; check the URL of the data source"

// faults are the rows of the table.
var faults = map[string]func(t *testing.T, s *stage){
	"connection refused": fault{func(_ *testing.T, p *faulty.Proxy) { p.Down() }, "cannot reach Prometheus: (connect: connection refused|EOF|read: connection reset by peer|write: broken pipe)", true}.run,
	"unreachable":        fault{func(t *testing.T, p *faulty.Proxy) { p.Vanish(t) }, "Prometheus did not answer in time; a longer timeout can be set in the data source", true}.run,
	"DNS failure":        noSuchHost,
	"wrong TLS":          wrongTLS,
	"401":                failing(faulty.Status(401, "who are you"), `Prometheus refused the credentials \(HTTP 401\)`, false),
	"403":                failing(faulty.Status(403, "not for you"), `Prometheus refused the credentials \(HTTP 403\)`, false),
	"404":                failing(faulty.Status(404, "not here"), `there is no Prometheus API at the URL of the data source \(HTTP 404\)`, true),
	"422": failing(faulty.APIError(422, "execution", "query processing would load too many samples into memory in query execution"),
		"Prometheus refused the query: query processing would load too many samples into memory in query execution", false),
	"429 with Retry-After": failing(faulty.Status(429, "", "Retry-After", "1"), `Prometheus is asked too much \(HTTP 429\); it wants to be asked again in 1 s`, true),
	"500":                  failing(faulty.Status(500, "boom"), `Prometheus answered with HTTP 500`, true),
	"503":                  failing(faulty.Status(503, "starting"), `Prometheus is overloaded or not available \(HTTP 503\)`, true),
	"HTML page":            failing(faulty.Status(200, "<html>Log in</html>", "Content-Type", "text/html"), notPrometheus, true),
	"garbage JSON":         failing(faulty.Status(200, `{"status":"success","data":{]}`, "Content-Type", "application/json"), notPrometheus, true),
	"cut body":             failing(faulty.CutBody, "the answer of Prometheus was cut off", true),
	"slow headers":         failing(faulty.SlowHeaders, "Prometheus did not answer in time; a longer timeout can be set in the data source", true),
	"slow body":            failing(faulty.SlowBody, "Prometheus did not answer in time; a longer timeout can be set in the data source", true),
	"duplicate series":     failing(faulty.Rewritten(faulty.Twice), "the store answered with the same series twice, which cannot be counted; .*", true),
	"samples out of order": failing(faulty.Rewritten(faulty.OutOfOrder), "the store answered with samples out of order, which cannot be counted", true),

	"empty result":                emptyResult,
	"partial response":            partialResponse,
	"NaN and Inf":                 sickSamples,
	"time zones off":              otherTimeZone,
	"clock skew":                  clockSkew,
	"retention below window":      shortRetention,
	"store emptied":               storeEmptied,
	"label explosion":             labelExplosion,
	"11,000 points":               manyPoints,
	"sample limit":                sampleLimit,
	"restart amid a refresh":      restartAmid,
	"killed amid a refresh":       killedAmid,
	"plugin started without it":   startedWithout,
	"one promise of many refused": oneOfMany,
}

func TestFaults(t *testing.T) {
	s := setStage(t)
	t.Cleanup(func() { require.NotContains(t, s.logs.String(), "panic") })
	for name, run := range faults {
		t.Run(name, func(t *testing.T) {
			if name != "time zones off" { // which sets an environment variable
				t.Parallel()
			}
			run(t, s)
		})
	}
}

// refuses makes sure that a data source at an address says a sentence, to everybody.
func refuses(t *testing.T, a *asker, says string) {
	t.Helper()
	response := a.figures(t, "orders", a.now)
	require.Error(t, response.Error)
	require.Regexp(t, "^("+says+")$", response.Error.Error())
	_, err := a.alerts(t, "orders", a.now)
	require.Error(t, err)
	require.Regexp(t, "^("+says+")$", err.Error())
}

// A name that cannot exist (RFC 2606).
func noSuchHost(t *testing.T, s *stage) {
	refuses(t, s.open(t, "http://prometheus.invalid:9090", nil), `there is no host prometheus\.invalid; check the URL of the data source|the host name prometheus\.invalid cannot be looked up at the moment|Prometheus did not answer in time; .*`)
	forgottenName(t, s)
}

// A name that was known, and that no name server knows any more. The plugin's process has
// files of its own that say where names are, which takes a system that lets it.
func forgottenName(t *testing.T, s *stage) {
	if exec.Command("unshare", "--map-root-user", "--mount", "true").Run() != nil {
		t.Log("names cannot be changed here")
		return
	}
	p := faulty.New(t, s.store)
	dir := t.TempDir()
	hosts, servers, program := filepath.Join(dir, "hosts"), filepath.Join(dir, "resolv.conf"), filepath.Join(dir, "plugin")
	require.NoError(t, os.WriteFile(hosts, []byte("127.0.0.1 localhost store.invalid\n"), 0o600))
	require.NoError(t, os.WriteFile(servers, []byte("nameserver 127.0.0.1\n"), 0o600)) // where none is
	path, err := filepath.Abs(binary(t))
	require.NoError(t, err)
	script := fmt.Sprintf("#!/bin/sh\nexec unshare --map-root-user --mount sh -c 'mount --bind %s /etc/hosts && mount --bind %s /etc/resolv.conf && exec %s'\n", hosts, servers, path)
	require.NoError(t, os.WriteFile(program, []byte(script), 0o700)) //nolint:gosec // it is to be run
	a := s.open(t, strings.Replace(p.URL, "127.0.0.1", "store.invalid", 1), map[string]any{"timeout": 10})
	a.plugin, err = plugintest.Start(program, s.logs)
	require.NoError(t, err)
	t.Cleanup(a.plugin.Close)
	a.right(t, a.figures(t, "orders", s.now.Add(-10*time.Minute)))

	require.NoError(t, os.WriteFile(hosts, []byte("127.0.0.1 localhost\n"), 0o600))
	p.Up(t)                     // without the connections that there are
	time.Sleep(6 * time.Second) // the file is believed for five
	response := a.figures(t, "orders", s.now)
	require.Contains(t, notices(response.Frames), "orders: Prometheus cannot be asked at the moment")
	require.Contains(t, response.Frames[0].Meta.ExecutedQueryString, "the host name store.invalid cannot be looked up at the moment")
	require.Less(t, *numbers(t, response)["coverage"], 0.998)
	_, err = a.alerts(t, "orders", s.now)
	require.EqualError(t, err, "the host name store.invalid cannot be looked up at the moment")

	require.NoError(t, os.WriteFile(hosts, []byte("127.0.0.1 localhost store.invalid\n"), 0o600))
	a.recovers(t, s.now)
}

func wrongTLS(t *testing.T, s *stage) {
	p := faulty.New(t, s.store)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.URL.Host, r.URL.Scheme, r.RequestURI = strings.TrimPrefix(p.URL, "http://"), "http", ""
		answer, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		defer func() { _ = answer.Body.Close() }()
		for name, values := range answer.Header {
			w.Header()[name] = values
		}
		w.WriteHeader(answer.StatusCode)
		_, _ = copyAll(w, answer.Body)
	}))
	server.Config.ErrorLog = quiet()
	server.StartTLS()
	t.Cleanup(server.Close)
	a := s.open(t, server.URL, nil)
	refuses(t, a, "the certificate of Prometheus is signed by an unknown authority; add its CA in the data source")
	plain := s.open(t, strings.Replace(server.URL, "https", "http", 1), nil)
	plain.ctx.DataSourceInstanceSettings.UID += "plain"
	refuses(t, plain, notPrometheus)
	// Mended in the settings: a new instance in the same process.
	a = s.open(t, server.URL, map[string]any{"tlsSkipVerify": true})
	a.ctx.DataSourceInstanceSettings.Updated = time.Now()
	a.right(t, a.figures(t, "orders", s.now))
}

// A store that answers with nothing is not one without failures.
func emptyResult(t *testing.T, s *stage) {
	p := faulty.New(t, s.store)
	p.Set(faulty.Empty())
	a := s.open(t, p.URL, nil)
	earlier := s.now.Add(-10 * time.Minute)
	unknown := func(to time.Time) {
		t.Helper()
		got := numbers(t, a.figures(t, "orders", to))
		require.Nil(t, got["sli"])
		require.InDelta(t, 3, *got["status"], 0, "cannot tell")
		require.Zero(t, *got["coverage"])
		states, err := a.alerts(t, "orders", to)
		require.NoError(t, err)
		require.NotEmpty(t, states)
		for severity, state := range states {
			require.Nil(t, state, "%s: no value, and so the last state", severity)
		}
	}
	// A history of nothing is read anew after five seconds.
	unknown(earlier)
	p.Set(nil)
	a.healed(t, earlier.Add(time.Minute))
	// With history kept, the newest minutes are gaps, and history that is gone when it is
	// asked for more finely is an error: either way alerts keep their state.
	p.Set(faulty.Empty())
	states, err := a.alerts(t, "orders", s.now.Add(-5*time.Minute))
	if err == nil {
		require.Nil(t, states["page"])
	} else {
		require.EqualError(t, err, "Prometheus no longer has data that it had before; it is read anew with the next question")
	}
	p.Set(nil)
	a.healed(t, s.now)
}

// Data that the store says is missing is shown with that, and calls nobody.
func partialResponse(t *testing.T, s *stage) {
	p := faulty.New(t, s.store)
	p.Set(faulty.Rewritten(faulty.Partial))
	a := s.open(t, p.URL, map[string]any{"timeout": 10})
	response := a.figures(t, "orders", s.now)
	require.NoError(t, response.Error)
	require.Contains(t, notices(response.Frames), "Prometheus warns: No StoreAPIs matched for this query")
	_, err := a.alerts(t, "orders", s.now)
	require.EqualError(t, err, "Prometheus answered in part only, and says that data is missing")
	remaining := a.ask(t, "number", map[string]any{"select": map[string]any{"slo": []string{"orders"}}}, s.now, true)
	require.EqualError(t, remaining.Error, "Prometheus answered in part only, and says that data is missing")
	// That it is read anew later is a test of pkg/prom, which need not wait for it.
}

// Of 9 and 1 a minute, of which some minutes are NaN and some infinite.
func sickSamples(t *testing.T, s *stage) {
	for _, f := range []faulty.Fault{nil, faulty.OnlyPromQL(func(w http.ResponseWriter, r *http.Request, pass http.HandlerFunc) { pass(w, r) })} {
		p := faulty.New(t, s.store)
		p.Set(f)
		a := s.open(t, p.URL, map[string]any{"timeInterval": "1m"})
		a.ctx.DataSourceInstanceSettings.UID += fmt.Sprint(f == nil)
		response := a.figures(t, "sick", s.now.Add(-2*time.Minute))
		got := numbers(t, response)
		// 120 minutes of ten events; where the window begins or ends on a minute without
		// a value, its events are those of the next one.
		require.InDelta(t, 1200, *got["total_events"], 10)
		require.InDelta(t, 120, *got["bad_events"], 1)
	}
}

// The process runs on the other side of the world.
func otherTimeZone(t *testing.T, s *stage) {
	t.Setenv("TZ", "Pacific/Kiritimati") // UTC+14
	a := s.open(t, s.store, map[string]any{"timeout": 10})
	here := numbers(t, a.figures(t, "orders", s.now))
	b := s.open(t, s.store, map[string]any{"timeout": 10})
	b.plugin = s.start(t)
	there := b.figures(t, "orders", s.now)
	b.right(t, there)
	require.Equal(t, here, numbers(t, there))
}

// Targets whose clocks, or a store whose clock, is not Grafana's.
func clockSkew(t *testing.T, s *stage) {
	a := s.open(t, s.store, map[string]any{"timeInterval": "1m", "timeout": 10})
	late := a.figures(t, "late", s.now)
	require.Regexp(t, "late: the newest data is (19|2[0-3]) minutes old", notices(late.Frames))
	states, err := a.alerts(t, "late", s.now)
	require.NoError(t, err)
	require.Nil(t, states["page"], "the last minutes are not known")
	// What the store has of the future is not counted: 120 minutes of ten.
	early := numbers(t, a.figures(t, "early", s.now.Add(-time.Minute)))
	require.InDelta(t, 1200, *early["total_events"], 10)
	require.InDelta(t, 120, *early["bad_events"], 1)
}

// Of thirty days the store has one.
func shortRetention(t *testing.T, s *stage) {
	a := s.open(t, s.store, map[string]any{"timeout": 10})
	response := a.figures(t, "month", s.now)
	got := numbers(t, response)
	require.InDelta(t, 3, *got["status"], 0, "cannot tell")
	require.InDelta(t, 27.0/720, *got["coverage"], 0.002)
	require.Regexp(t, `month: .*data for .* of the window|month: .*%.*window`, notices(response.Frames))
	states, err := a.alerts(t, "month", s.now)
	require.NoError(t, err)
	require.Nil(t, states["ticket"], "a lookback of three days is not known")

	// A server that keeps six hours of a window of a day, in blocks of two.
	a = s.open(t, promtest.ServerKeeping(t, s.fleet, 6*time.Hour), map[string]any{"timeout": 10})
	a.ctx.DataSourceInstanceSettings.UID += " keeping"
	response = a.figures(t, "orders", s.now)
	got = numbers(t, response)
	require.InDelta(t, 3, *got["status"], 0, "cannot tell")
	require.Greater(t, *got["coverage"], 5.9/24)
	require.Less(t, *got["coverage"], 10.1/24)
	_, to := windowOf(t, response)
	known := time.Duration(*got["coverage"] * float64(24*time.Hour))
	for _, edge := range []time.Duration{-2 * time.Minute, 2 * time.Minute} {
		good, bad := s.truth.Between(to.Add(-known+edge), to)
		require.InDelta(t, good+bad, *got["total_events"], 5*240+1, "what is there is counted, and nothing else: five a second at most")
		require.InDelta(t, bad, *got["bad_events"], 0.02*240*5, "and nothing that was thrown away is a birth")
	}
	states, err = a.alerts(t, "orders", s.now)
	require.NoError(t, err)
	require.NotNil(t, states["page"], "lookbacks that are known are as ever")
}

func storeEmptied(t *testing.T, s *stage) {
	p := faulty.New(t, s.store)
	a := s.open(t, p.URL, map[string]any{"timeout": 10})
	earlier := s.now.Add(-100 * time.Minute) // of which an hour at least is a slice of its own
	a.right(t, a.figures(t, "orders", earlier))
	p.Before(promtest.Server(t, s.series[len(s.series)-1:]))
	response := a.figures(t, "orders", s.now.Add(-5*time.Minute))
	got := numbers(t, response)
	require.Less(t, *got["coverage"], 0.99, "what is not known lowers coverage")
	require.Regexp(t, `orders: the newest data is (9[3-9]|10[0-4]) minutes old`, notices(response.Frames))
	states, err := a.alerts(t, "orders", s.now.Add(-5*time.Minute))
	require.NoError(t, err)
	require.Nil(t, states["page"], "no value, and so the last state")
	p.Before(s.store)
	a.healed(t, s.now) // with what was missing meanwhile
}

// A thousand groups where ten are shown, and too many samples to be read.
func labelExplosion(t *testing.T, s *stage) {
	a := s.open(t, s.store, map[string]any{"timeInterval": "1m", "timeout": 20})
	response := a.ask(t, "number", map[string]any{"select": map[string]any{"slo": []string{"many"}}, "by": "group", "measures": []string{"total_events"}}, s.now, false)
	instances, err := grafanatest.Alert(response.Frames)
	require.NoError(t, err)
	require.Len(t, instances, 10)
	require.Contains(t, notices(response.Frames), "only the 10 groups with the most events are shown; 990 more are left out")

	a = s.open(t, s.store, map[string]any{"timeInterval": "1m", "timeout": 20, "maxSamples": 1000})
	a.ctx.DataSourceInstanceSettings.UID += "few"
	response = a.figures(t, "many", s.now)
	got := numbers(t, response)
	// 60 minutes of 1 + 2 + … + 1000.
	require.InEpsilon(t, 60*500500, *got["total_events"], 0.02)
	require.Contains(t, notices(response.Frames), "there are too many samples to be counted one by one")
}

// No request asks for more points than Prometheus gives.
func manyPoints(t *testing.T, s *stage) {
	p := faulty.New(t, s.store)
	p.Set(faulty.OnlyPromQL(func(w http.ResponseWriter, r *http.Request, pass http.HandlerFunc) { pass(w, r) }))
	a := s.open(t, p.URL, map[string]any{"timeout": 20})
	series := func(from time.Duration) backend.DataResponse {
		text := []byte(`{"queryType":"series","query":{"version":1,"select":{"slo":["orders"]},"measures":["sli"],"window":"1h","lookback":"1m"}}`)
		response, err := a.plugin.QueryData(t.Context(), &backend.QueryDataRequest{PluginContext: a.ctx, Queries: []backend.DataQuery{{
			RefID: "A", QueryType: "series", JSON: text, MaxDataPoints: 100_000, Interval: time.Second, TimeRange: backend.TimeRange{From: s.now.Add(-from), To: s.now},
		}}})
		require.NoError(t, err)
		return response.Responses["A"]
	}
	response := series(10 * 24 * time.Hour)
	require.NoError(t, response.Error)
	points := 0
	for _, asked := range p.Asked() {
		if !strings.HasSuffix(asked.Path, "/query_range") {
			continue
		}
		n := (seconds(t, asked.Form.Get("end")) - seconds(t, asked.Form.Get("start"))) / seconds(t, asked.Form.Get("step"))
		require.LessOrEqual(t, n, 11_000.0)
		points += int(n)
	}
	require.Positive(t, points)
	require.ErrorContains(t, series(20*365*24*time.Hour).Error, "are too many to count; ask for a shorter range or a longer lookback")
}

// A Prometheus that may load a hundred samples for one query.
func sampleLimit(t *testing.T, s *stage) {
	limited := promtest.ServerWithFlags(t, s.series[:len(s.series)-1000], "--query.max-samples=100")
	p := faulty.New(t, limited)
	p.Set(faulty.OnlyPromQL(func(w http.ResponseWriter, r *http.Request, pass http.HandlerFunc) { pass(w, r) }))
	a := s.open(t, p.URL, map[string]any{"timeout": 10})
	refuses(t, a, "Prometheus refused the query: query processing would load too many samples into memory in query execution")
	p.Before(s.store)
	a.right(t, a.figures(t, "orders", s.now))
}

// The store goes away in the middle of an answer, and comes back.
func restartAmid(t *testing.T, s *stage) {
	p := faulty.New(t, s.store)
	a := s.open(t, p.URL, map[string]any{"timeout": 10})
	earlier := s.now.Add(-10 * time.Minute)
	a.right(t, a.figures(t, "orders", earlier))
	p.Asked()
	p.Set(faulty.SlowBody)
	answer := make(chan backend.DataResponse)
	go func() { answer <- a.figures(t, "orders", s.now) }()
	require.Eventually(t, func() bool {
		for _, asked := range p.Asked() {
			if strings.HasSuffix(asked.Path, "/read") {
				return true
			}
		}
		return false
	}, 5*time.Second, 10*time.Millisecond)
	time.Sleep(100 * time.Millisecond) // half of the answer is on its way
	p.Down()
	response := <-answer
	require.Contains(t, notices(response.Frames), "orders: Prometheus cannot be asked at the moment")
	_, err := a.alerts(t, "orders", s.now)
	require.Error(t, err)
	p.Set(nil)
	p.Up(t)
	a.right(t, a.figures(t, "orders", s.now))
}

// A real server is killed with the question that it was about to answer, and started anew
// on its data.
func killedAmid(t *testing.T, s *stage) {
	server := promtest.Restartable(t, s.fleet)
	a := s.open(t, server.URL, map[string]any{"timeout": 20})
	a.right(t, a.figures(t, "orders", s.now.Add(-10*time.Minute)))
	server.Freeze(t)
	answers, rules := make(chan backend.DataResponse, 1), make(chan error, 1)
	go func() { answers <- a.figures(t, "orders", s.now) }()
	go func() {
		_, err := a.alerts(t, "orders", s.now)
		rules <- err
	}()
	time.Sleep(500 * time.Millisecond) // the questions are on their way
	server.Kill(t)
	response, told := <-answers, <-rules
	if !strings.Contains(notices(response.Frames), "cannot be asked") { // then it needed nothing new
		a.right(t, response)
		return
	}
	require.Contains(t, notices(response.Frames), "orders: Prometheus cannot be asked at the moment")
	require.Less(t, *numbers(t, response)["coverage"], 0.998)
	require.Error(t, told)
	_, err := a.alerts(t, "orders", s.now)
	require.ErrorContains(t, err, "cannot reach Prometheus")
	server.Start(t)
	a.recovers(t, s.now)
}

// The plugin starts while Prometheus is away: nothing is kept, and nothing is made up.
func startedWithout(t *testing.T, s *stage) {
	server := promtest.Restartable(t, s.fleet)
	a := s.open(t, server.URL, map[string]any{"timeout": 10})
	first := s.start(t)
	a.plugin = first
	a.right(t, a.figures(t, "orders", s.now.Add(-10*time.Minute)))
	server.Kill(t)
	require.Contains(t, notices(a.figures(t, "orders", s.now).Frames), "cannot be asked at the moment")
	first.Kill()
	require.Eventually(t, first.Exited, 10*time.Second, 10*time.Millisecond)
	a.plugin = s.start(t)
	refuses(t, a, "cannot reach Prometheus: connect: connection refused")
	_, err := a.instances(t, s.now)
	require.Error(t, err, "no alert resolves")
	require.Contains(t, a.reread(t), "annot reach Prometheus: connect: connection refused")
	server.Start(t)
	require.Eventually(t, func() bool { return a.figures(t, "orders", s.now).Error == nil }, 15*time.Second, 100*time.Millisecond, "recovery needs no restart")
	a.right(t, a.figures(t, "orders", s.now))
	states, err := a.alerts(t, "orders", s.now)
	require.NoError(t, err)
	require.NotNil(t, states["page"])
}

// Where one promise of many cannot be evaluated, it is blank and the others are not.
func oneOfMany(t *testing.T, s *stage) {
	p := faulty.New(t, s.store)
	refuse := faulty.APIError(422, "execution", "no sick series today")
	p.Set(faulty.OnlyPromQL(func(w http.ResponseWriter, r *http.Request, pass http.HandlerFunc) {
		if strings.Contains(r.FormValue("query"), "sick_total") {
			refuse(w, r, pass)
			return
		}
		r.Body = formBody(r)
		pass(w, r)
	}))
	a := s.open(t, p.URL, map[string]any{"timeout": 20})
	states := a.ask(t, "alert", map[string]any{}, s.now, true)
	require.NoError(t, states.Error)
	instances, err := grafanatest.Alert(states.Frames)
	require.NoError(t, err)
	severities := map[string]int{}
	for _, i := range instances {
		severities[i.Labels["slo"]]++
		if i.Labels["slo"] == "sick" {
			require.Nil(t, i.Value, "no value, and so the last state")
		}
	}
	require.Len(t, severities, 5, "no instance vanishes; the windows of many are too short for alerts")
	require.Positive(t, severities["sick"])
	require.Contains(t, notices(states.Frames), "sick: could not be evaluated; the query inspector says why")
}
