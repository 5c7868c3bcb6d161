package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/internal/faulty"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/plugintest"
)

// What may be nowhere but on the way to the store; the last is how basic authentication
// begins with it.
var canaries = []string{"canary-password", "canary-header", "canary-cookie", "canary-oauth", "canary-login", "Y2FuYXJ5LWxvZ2lu"}

// What only the query inspector shows, and what is asked of the store: what an event is
// worth, who said so, PromQL.
var confidences = []string{"canary_price", "271828", "canary-finance", "canary-stakeholder", "canary-parameter", "canary_total"}

// confidential is a catalogue that stands in the secure settings.
var confidential = `---
apiVersion: stakes/v1
kind: Value
metadata: {name: worth}
spec: {select: {slo: [orders]}, currency: EUR, perEvent: {low: 1, base: 'sum(canary_price)', high: 271828}, setBy: canary-finance}
---
apiVersion: stakes/v1
kind: Agreement
metadata: {name: agreed}
spec: {select: {slo: [orders]}, promise: Orders go through., owner: Shop, stakeholders: [canary-stakeholder]}
` + promise("hidden", `sum(rate(canary_total{code="500"}[5m]))`, `sum(rate(canary_total[5m]))`, "1d")

// guarded is a data source with a secret in each of its settings.
func (s *stage) guarded(t *testing.T, uid, url, role string) *asker {
	t.Helper()
	ctx, err := plugintest.DataSource{
		PluginID: "stakes-slo-datasource", UID: uid, URL: strings.Replace(url, "http://", "http://canary-login:canary-password@", 1), Role: role, BasicAuthUser: "reader",
		JSONData: map[string]any{"catalog": faultCatalog, "timeInterval": "15s", "timeout": 15, "httpHeaderName1": "X-Token", "customQueryParameters": "token=canary-parameter"},
		Secure:   map[string]string{"basicAuthPassword": "canary-password", "httpHeaderValue1": "canary-header", "catalog": confidential},
	}.Context()
	require.NoError(t, err)
	return &asker{s, s.plugin, ctx}
}

// hides makes sure that a text holds no secret.
func hides(t *testing.T, where, text string, more ...string) {
	t.Helper()
	for _, canary := range append(more, canaries...) {
		require.NotContains(t, text, canary, where)
	}
}

// echo answers with the request that it got, headers and all, as some proxies do.
func echo(status int) faulty.Fault {
	return func(w http.ResponseWriter, r *http.Request, _ http.HandlerFunc) {
		w.WriteHeader(status)
		_ = r.Write(w)
	}
}

// echoError answers with a refusal of the API that holds the credentials it came with.
func echoError(w http.ResponseWriter, r *http.Request, _ http.HandlerFunc) {
	text, _ := json.Marshal(map[string]string{"status": "error", "errorType": "execution", "error": "broken: " + r.Header.Get("X-Token") + r.Header.Get("Authorization")})
	w.WriteHeader(http.StatusUnprocessableEntity)
	_, _ = w.Write(text)
}

var everyQueryType = []string{"number", "series", "scorecard", "history", "forecast", "alert", "incidents", "impact", "journey", "whatif", "priorities", "contracts", "risks", "review", "statement", "catalog"}

func TestSecretsLeaveThePluginNowhere(t *testing.T) {
	s := setStage(t)
	p := faulty.New(t, s.store)
	faults := map[string]faulty.Fault{
		"none": nil, "echoed 200": echo(200), "echoed 400": echo(400), "echoed 401": echo(401), "echoed 500": echo(500), "echoed 503": echo(503),
		"cut": faulty.CutBody, "garbage": faulty.Status(200, "{]"), "empty": faulty.Empty(), "partial": faulty.Rewritten(faulty.Partial), "twice": faulty.Rewritten(faulty.Twice),
		"refused and echoed": echoError, "patience": faulty.Status(429, "", "Retry-After", "0"),
	}
	asked := 0
	for name, fault := range faults {
		p.Set(fault)
		a := s.guarded(t, "guarded "+name, p.URL, "Viewer")
		for _, queryType := range everyQueryType {
			for _, alert := range []bool{false, true} {
				response := a.ask(t, queryType, map[string]any{"measures": []string{"sli", "loss"}}, s.now, alert)
				where := fmt.Sprint(name, " ", queryType, " ", alert)
				if response.Error != nil {
					hides(t, where, response.Error.Error(), confidences...)
				}
				for _, frame := range response.Frames {
					if frame.Meta != nil {
						hides(t, where, frame.Meta.ExecutedQueryString)
						frame.Meta.ExecutedQueryString = "" // which viewers of public dashboards do not get
					}
				}
				public, err := json.Marshal(response)
				require.NoError(t, err)
				shown := string(public)
				if queryType == "impact" || queryType == "review" || queryType == "catalog" { // these name who set a value, and who agreed
					shown = strings.NewReplacer("canary-finance", "", "canary-stakeholder", "").Replace(shown)
				}
				hides(t, where, shown, confidences...)
				asked++
			}
		}
		health, err := a.plugin.CheckHealth(t.Context(), &backend.CheckHealthRequest{PluginContext: a.ctx})
		require.NoError(t, err)
		hides(t, name, health.Message+string(health.JSONDetails), confidences...)
	}
	require.Equal(t, len(faults)*len(everyQueryType)*2, asked)

	a := s.guarded(t, "guarded none", p.URL, "Admin")
	for _, path := range []string{"vocabulary", "slos", "services", "labels", "journeys", "nothing", "../../etc/passwd", "slos?x=canary-header"} {
		hides(t, path, strings.ReplaceAll(a.resource(t, http.MethodGet, path, "").text, "x=canary-header", ""), confidences...)
	}
	body, err := json.Marshal(map[string]string{"catalog": "kind: x\n" + confidential})
	require.NoError(t, err)
	hides(t, "validate", a.resource(t, http.MethodPost, "validate", string(body)).text, confidences...)
	metrics, err := s.plugin.CollectMetrics(t.Context())
	require.NoError(t, err)
	hides(t, "metrics", metrics, confidences...)
	hides(t, "log", s.logs.String(), confidences...)
	require.NotContains(t, s.logs.String(), "panic")
}

// The secrets do arrive where they belong.
func TestSecretsArriveAtTheStore(t *testing.T) {
	s := setStage(t)
	p := faulty.New(t, s.store)
	seen := make(chan string, 1000)
	p.Set(func(w http.ResponseWriter, r *http.Request, pass http.HandlerFunc) {
		_, password, _ := r.BasicAuth()
		seen <- password + " " + r.Header.Get("X-Token") + " " + r.URL.Query().Get("token")
		pass(w, r)
	})
	a := s.guarded(t, "arrives", p.URL, "Viewer")
	require.NoError(t, a.figures(t, "orders", s.now).Error)
	close(seen)
	for got := range seen {
		require.Equal(t, "canary-password canary-header canary-parameter", got)
	}
}

// answered is what a resource gave.
type answered struct {
	status int
	text   string
}

func (a *asker) resource(t *testing.T, method, path, body string) answered {
	t.Helper()
	response, err := a.plugin.CallResource(t.Context(), &backend.CallResourceRequest{PluginContext: a.ctx, Method: method, Path: path, URL: path, Body: []byte(body)})
	require.NoError(t, err)
	return answered{response.Status, string(response.Body)}
}

// Who may only look cannot make work, and nobody can write.
func TestResourcesAreForReading(t *testing.T) {
	s := &stage{logs: &safeBuffer{}, now: time.Now()}
	s.plugin = s.start(t)
	viewer, editor := s.guarded(t, "roles", "http://127.0.0.1:1", "Viewer"), s.guarded(t, "roles", "http://127.0.0.1:1", "Editor")
	for _, path := range []string{"validate", "refresh", "preview"} {
		require.Equal(t, answered{http.StatusForbidden, `{"message":"this is for editors and administrators"}`}, viewer.resource(t, http.MethodPost, path, `{"catalog":""}`))
	}
	require.Equal(t, http.StatusOK, editor.resource(t, http.MethodPost, "validate", `{"catalog":""}`).status)
	require.Equal(t, http.StatusOK, editor.resource(t, http.MethodPost, "refresh", "").status)
	require.Equal(t, http.StatusTooManyRequests, editor.resource(t, http.MethodPost, "refresh", "").status, "once a minute")
	for _, path := range []string{"vocabulary", "slos", "services", "labels", "journeys"} {
		require.Equal(t, http.StatusOK, viewer.resource(t, http.MethodGet, path, "").status, path)
		for _, method := range []string{http.MethodPut, http.MethodPost, http.MethodPatch, http.MethodDelete} {
			require.GreaterOrEqual(t, viewer.resource(t, method, path, "{}").status, 400, "%s %s", method, path)
		}
	}
	huge := editor.resource(t, http.MethodPost, "validate", `{"catalog":"`+strings.Repeat("x", 5<<20)+`"}`)
	require.Equal(t, http.StatusBadRequest, huge.status)
}

// A redirect takes no credentials to another host, and to no other scheme at all.
func TestRedirectsTakeNoSecretsAlong(t *testing.T) {
	s := setStage(t)
	other := faulty.New(t, s.store)
	leaked := make(chan http.Header, 100)
	other.Set(func(w http.ResponseWriter, r *http.Request, pass http.HandlerFunc) {
		leaked <- r.Header.Clone()
		pass(w, r)
	})
	p := faulty.New(t, s.store)
	for _, target := range []string{strings.Replace(other.URL, "127.0.0.1", "localhost", 1), "file:///etc/passwd", "gopher://127.0.0.1"} {
		p.Set(func(w http.ResponseWriter, r *http.Request, _ http.HandlerFunc) {
			http.Redirect(w, r, target+r.URL.Path, http.StatusTemporaryRedirect)
		})
		a := s.guarded(t, "redirected "+target, p.URL, "Viewer")
		response := a.figures(t, "orders", s.now)
		require.Error(t, response.Error, target)
		hides(t, target, response.Error.Error(), confidences...)
		require.EqualError(t, response.Error, "cannot reach Prometheus: the server at the URL redirects to another address; set that address as the URL of the data source")
	}
	require.Empty(t, leaked)
}
