package plugin

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/backend/log"
	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/prom"
)

// secret is what must be nowhere: not in an answer, an error, or a log.
var secret = map[string]any{
	"basicAuthPassword": "canary-password", "httpHeaderValue1": "canary-header",
}

// inside is what only the query inspector may show, and who edits the catalogue:
// PromQL, what an event is worth and who said so.
var inside = []string{"canary_metric", "canary_price", "31337", "canary-finance", "canary-stakeholder", "canary-parameter", "canary-user", "canary-host"}

// guarded is a catalogue of which hardly anything may be shown.
const guarded = `
apiVersion: openslo/v1
kind: SLO
metadata: {name: open}
spec:
  service: shop
  budgetingMethod: Occurrences
  timeWindow: [{duration: 4h, isRolling: true}]
  objectives: [{target: 0.99}]
  indicator:
    metadata: {name: open}
    spec:
      ratioMetric:
        counter: true
        bad: {metricSource: {type: Prometheus, spec: {query: 'sum(rate(canary_metric_failed_total[5m]))'}}}
        total: {metricSource: {type: Prometheus, spec: {query: 'sum(rate(canary_metric_total[5m]))'}}}
---
apiVersion: openslo/v1
kind: SLO
metadata: {name: estimated}
spec:
  service: shop
  budgetingMethod: Occurrences
  timeWindow: [{duration: 4h, isRolling: true}]
  objectives: [{target: 0.99}]
  indicator:
    metadata: {name: estimated}
    spec:
      ratioMetric:
        counter: true
        bad: {metricSource: {type: Prometheus, spec: {query: 'max(rate(canary_metric_failed_total[5m]))'}}}
        total: {metricSource: {type: Prometheus, spec: {query: 'max(rate(canary_metric_total[5m]))'}}}
---
apiVersion: stakes/v1
kind: Value
metadata: {name: worth}
spec:
  select: {service: [shop]}
  currency: EUR
  perEvent: {low: 1, base: 'sum(canary_price)', high: 31337}
  setBy: canary-finance
  expires: 2020-01-01
---
apiVersion: stakes/v1
kind: Agreement
metadata: {name: promise}
spec:
  select: {slo: [open]}
  promise: We are open.
  owner: Shop team
  stakeholders: [canary-stakeholder]
---
apiVersion: stakes/v1
kind: Journey
metadata: {name: way}
spec:
  displayName: Way through
  steps:
    - {name: in, slo: open}
    - {name: out, slo: estimated}
  counter:
    good: sum(rate(canary_metric_total[5m]))
    total: sum(rate(canary_metric_total[5m]))
  value: worth
---
apiVersion: stakes/v1
kind: Incident
metadata: {name: hush-incident}
spec:
  select: {slo: [open]}
  description: hush
  kind: breach
  start: 2026-03-02T11:00:00Z
  end: 2026-03-02T11:30:00Z
  cost: 4711
  currency: EUR
  source: hush
---
apiVersion: stakes/v1
kind: Risk
metadata: {name: hush-risk}
spec:
  select: {slo: [open]}
  description: hush
  incidentsPerYear: 2
  timeToDetect: 10m
  timeToRepair: 20m
  shareOfUsers: 0.5
  costPerIncident: 4711
  currency: EUR
`

// logs is a logger that keeps what it is told.
type logs struct {
	log.Logger
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logs) keep(msg string, args []any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	fmt.Fprintln(&l.text, append([]any{msg}, args...)...)
}

func (l *logs) Debug(msg string, args ...any)          { l.keep(msg, args) }
func (l *logs) Info(msg string, args ...any)           { l.keep(msg, args) }
func (l *logs) Warn(msg string, args ...any)           { l.keep(msg, args) }
func (l *logs) Error(msg string, args ...any)          { l.keep(msg, args) }
func (l *logs) With(args ...any) log.Logger            { l.keep("with", args); return l }
func (l *logs) FromContext(context.Context) log.Logger { return l }

// listen keeps what is logged until the end of a test.
func listen(t *testing.T) *logs {
	t.Helper()
	before := backend.Logger
	l := &logs{Logger: before}
	backend.Logger = l
	t.Cleanup(func() { backend.Logger = before })
	return l
}

// openGuarded is a data source with secrets in all of its settings.
func openGuarded(t *testing.T, address string) *Datasource {
	t.Helper()
	jsonData, err := json.Marshal(map[string]any{
		"catalog": guarded, "queryDelay": "0s", "httpHeaderName1": "X-Token", "customQueryParameters": "token=canary-parameter",
	})
	require.NoError(t, err)
	secure := map[string]string{}
	for key, value := range secret {
		secure[key] = value.(string)
	}
	instance, err := NewDatasource(t.Context(), backend.DataSourceInstanceSettings{
		Type: ID, UID: "guarded", Name: "guarded", URL: address, JSONData: jsonData, DecryptedSecureJSONData: secure,
		BasicAuthEnabled: true, BasicAuthUser: "canary-user",
	})
	require.NoError(t, err)
	ds := instance.(*Datasource)
	t.Cleanup(ds.Dispose)
	return ds
}

// talkative is a store whose answers carry warnings that hold what was asked.
func talkative(t *testing.T) string {
	t.Helper()
	behind := shop(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ParseForm() != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		// The shop's orders under another name.
		query := strings.NewReplacer("canary_metric_failed_total", "orders_failed_total", "canary_metric_total", "orders_total", "canary_price", "payment_euros").Replace(r.Form.Get("query"))
		form := url.Values{"query": {query}}
		for _, name := range []string{"time", "start", "end", "step"} {
			form.Set(name, r.Form.Get(name))
		}
		answer, err := http.PostForm(behind+r.URL.Path, form)
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		defer func() { _ = answer.Body.Close() }()
		body, _ := io.ReadAll(answer.Body)
		w.WriteHeader(answer.StatusCode)
		_, _ = w.Write(bytes.Replace(body, []byte(`"status":"success"`),
			[]byte(`"status":"success","warnings":["PromQL info: metric might not be a counter: \"canary_metric_total\" (1:6)", "partial answer of 'canary-host:9090'"]`), 1))
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// What viewers of a public dashboard receive: all of the frames but the queries
// that ran.
func TestNothingConfidentialIsShownToViewers(t *testing.T) {
	logged := listen(t)
	ds := openGuarded(t, talkative(t))
	for _, queryType := range []string{typeNumber, typeSeries, typeScorecard, typeStatement, typeHistory, typeForecast, typeAlert, typeIncidents, typeImpact, typePriorities, typeRisks, typeReview, typeWhatIf} {
		for _, by := range []string{bySLO, byService, byOwner} {
			response := ask(t, ds, queryType, `{"measures":["sli","loss","loss_accepted","status"],"by":"`+by+`"}`)
			if queryType == typeAlert { // nobody is called by an answer in part
				require.ErrorIs(t, response.Error, prom.ErrPartial)
				hidesAll(t, response.Error.Error(), queryType)
				continue
			}
			require.NoError(t, response.Error)
			require.Contains(t, response.Frames[0].Meta.ExecutedQueryString, "canary_metric_total", "the inspector shows what ran")
			for _, text := range secret {
				require.NotContains(t, response.Frames[0].Meta.ExecutedQueryString, text)
			}
			require.NotEmpty(t, noticesOf(response.Frames))
			for _, frame := range response.Frames {
				frame.Meta.ExecutedQueryString = ""
			}
			public, err := json.Marshal(response)
			require.NoError(t, err)
			shown := string(public)
			if queryType == typeImpact { // whose assumption it rests on is a column of it
				shown = strings.ReplaceAll(shown, "canary-finance", "")
				require.NotContains(t, strings.Join(noticesOf(response.Frames), " "), "canary-finance")
			}
			if queryType == typeReview { // and to whom a promise matters one of a review
				shown = strings.ReplaceAll(shown, "canary-stakeholder", "")
				require.NotContains(t, strings.Join(noticesOf(response.Frames), " "), "canary-stakeholder")
			}
			hidesAll(t, shown, queryType)
		}
	}
	response := ask(t, ds, typeCatalog, `{}`)
	require.NoError(t, response.Error)
	public, err := json.Marshal(response)
	require.NoError(t, err)
	hidesAll(t, string(public), typeCatalog)
	hidesAll(t, logged.text.String(), "log")
}

func hidesAll(t *testing.T, text, where string) {
	t.Helper()
	for _, canary := range inside {
		require.NotContains(t, text, canary, where)
	}
	for _, canary := range secret {
		require.NotContains(t, text, canary, where)
	}
}

// Errors are shown to everybody, whatever goes wrong on the way to the store.
func TestErrorsHoldNoSecrets(t *testing.T) {
	logged := listen(t)
	echo := func(status int) string {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(status)
			_ = r.Write(w) // a proxy that shows the request that it did not like
		}))
		t.Cleanup(server.Close)
		return server.URL
	}
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	hangsUp := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	t.Cleanup(hangsUp.Close)
	for _, address := range []string{echo(200), echo(400), echo(401), echo(403), echo(405), echo(500), echo(503), gone.URL, hangsUp.URL} {
		ds := openGuarded(t, strings.Replace(address, "http://", "http://canary-user:canary-password@", 1)+"/?token=canary-parameter")
		for _, queryType := range []string{typeNumber, typeSeries, typeScorecard, typeStatement, typeHistory, typeForecast, typeAlert, typeIncidents, typeImpact, typePriorities, typeRisks, typeReview, typeWhatIf} {
			response := ask(t, ds, queryType, `{"select":{"slo":["estimated"]},"measures":["loss"]}`)
			require.Error(t, response.Error)
			hidesAll(t, response.Error.Error(), address)
			for _, frame := range response.Frames {
				for _, text := range secret {
					require.NotContains(t, frame.Meta.ExecutedQueryString, text)
				}
			}
		}
		health, err := ds.CheckHealth(t.Context(), &backend.CheckHealthRequest{})
		require.NoError(t, err)
		hidesAll(t, health.Message+string(health.JSONDetails), address)
	}
	hidesAll(t, logged.text.String(), "log")
}

// Every viewer of a dashboard may ask for the resources.
func TestResourcesHoldNothingConfidential(t *testing.T) {
	ds := openGuarded(t, "http://127.0.0.1:1")
	for _, path := range []string{"vocabulary", "slos", "services", "labels", "journeys"} {
		status, body := resource(t, ds, "GET", path, "")
		require.Equal(t, 200, status)
		hidesAll(t, body, path)
		for _, text := range []string{"hush", "4711"} { // which tables show
			require.NotContains(t, body, text, path)
		}
	}
}

// What a frame says about its fields stays public too.
func TestFieldsHoldNoLinksAndNoNamesOfMetrics(t *testing.T) {
	ds := openGuarded(t, talkative(t))
	for _, frame := range answered(t, ds, typeNumber, `{"measures":["sli","loss"]}`) {
		for _, field := range frame.Fields {
			require.Empty(t, field.Config.Links)
			require.Empty(t, field.Config.Custom)
			require.Subset(t, []string{"slo", "service", "objective", "measure"}, keys(field.Labels))
		}
	}
}

func keys(labels data.Labels) (all []string) {
	for key := range labels {
		all = append(all, key)
	}
	return all
}
