// Package e2e tests the built plugin binary, started as Grafana starts it.
package e2e

import (
	"bytes"
	"encoding/json"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/internal/grafanatest"
	"github.com/stakes-slo/stakes-slo-datasource/internal/promtest"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/plugintest"
)

const catalog = `
apiVersion: openslo/v1
kind: SLO
metadata: {name: orders, displayName: Orders}
spec:
  service: shop
  budgetingMethod: Occurrences
  timeWindow: [{duration: 1d, isRolling: true}]
  objectives: [{displayName: kept, target: 0.99}]
  indicator:
    metadata: {name: orders}
    spec:
      ratioMetric:
        counter: true
        bad: {metricSource: {type: Prometheus, spec: {query: 'sum(rate(fleet_requests_total{code="500"}[5m]))'}}}
        total: {metricSource: {type: Prometheus, spec: {query: 'sum(rate(fleet_requests_total[5m]))'}}}
---
apiVersion: stakes/v1
kind: Value
metadata: {name: order}
spec: {select: {slo: [orders]}, currency: EUR, perEvent: 10, notRecovered: 0.5}
---
apiVersion: stakes/v1
kind: Agreement
metadata: {name: promise}
spec: {select: {slo: [orders]}, promise: Your order goes through., events: orders, owner: Sales}
`

// plugin starts the built binary on a real Prometheus that holds two days of a
// fleet up to now, and returns what Grafana would know of the data source.
func plugin(t *testing.T) (*plugintest.Plugin, backend.PluginContext, promtest.Truth) {
	t.Helper()
	built := binary(t)
	end := time.Now().Add(time.Minute)
	fleet := promtest.Fleet{Service: "shop", PerSec: 5, Failures: 0.004, Pods: 2, Scrape: 15 * time.Second,
		Start: end.Add(-50 * time.Hour), End: end, Deploy: 11 * time.Hour, Restart: 20 * time.Hour}
	series, truth := fleet.Series()
	url := promtest.Server(t, series)

	logs := &safeBuffer{}
	p, err := plugintest.Start(built, logs)
	require.NoError(t, err)
	t.Cleanup(func() {
		p.Close()
		require.NotContains(t, logs.String(), "panic")
	})
	source := plugintest.DataSource{PluginID: "stakes-slo-datasource", UID: "test", URL: url,
		JSONData: map[string]any{"catalog": catalog, "timeInterval": "15s"}}
	pluginContext, err := source.Context()
	require.NoError(t, err)
	return p, pluginContext, truth
}

func TestTheBinaryAnswersAsGrafanaAsks(t *testing.T) {
	p, pluginContext, truth := plugin(t)
	ctx := t.Context()

	health, err := p.CheckHealth(ctx, &backend.CheckHealthRequest{PluginContext: pluginContext})
	require.NoError(t, err)
	require.Equal(t, backend.HealthStatusOk, health.Status, health.Message)
	require.Contains(t, health.Message, "1 SLO, 1 with data in the last hour.")

	now := time.Now()
	query := func(refID, queryType string, body map[string]any) backend.DataQuery {
		text, err := json.Marshal(map[string]any{"refId": refID, "queryType": queryType, "query": body})
		require.NoError(t, err)
		return backend.DataQuery{RefID: refID, QueryType: queryType, JSON: text, MaxDataPoints: 100, Interval: time.Minute,
			TimeRange: backend.TimeRange{From: now.Add(-6 * time.Hour), To: now}}
	}
	every := []string{"sli", "target", "budget_consumed", "budget_remaining", "burn_rate", "good_events", "bad_events",
		"total_events", "loss", "loss_accepted", "loss_excess", "coverage", "sli_low", "sli_high", "status"}
	response, err := p.QueryData(ctx, &backend.QueryDataRequest{PluginContext: pluginContext, Queries: []backend.DataQuery{
		query("number", "number", map[string]any{"version": 1, "measures": every}),
		query("series", "series", map[string]any{"version": 1, "measures": every, "lookback": "1h"}),
		query("scorecard", "scorecard", map[string]any{"version": 1}),
		query("statement", "statement", map[string]any{"version": 1}),
		query("catalog", "catalog", map[string]any{"version": 1}),
		query("wrong", "number", map[string]any{"version": 1, "measures": []string{"uptime"}}),
	}})
	require.NoError(t, err)
	require.Len(t, response.Responses, 6, "every refID is answered")

	wrong := response.Responses["wrong"]
	require.ErrorContains(t, wrong.Error, `there is no measure "uptime"`)
	require.Equal(t, backend.ErrorSourceDownstream, wrong.ErrorSource)
	delete(response.Responses, "wrong")

	for refID, answer := range response.Responses {
		require.NoError(t, answer.Error, refID)
		require.NoError(t, grafanatest.ReadBack(answer.Frames), refID)
	}
	for _, refID := range []string{"number", "series"} {
		instances, err := grafanatest.Alert(response.Responses[refID].Frames)
		require.NoError(t, err)
		require.Len(t, instances, len(every))
		for _, instance := range instances {
			require.NotNil(t, instance.Value, "%s %s", refID, instance.Labels)
		}
	}

	// The counts are those of the fleet, over the window that the answer names.
	card := response.Responses["scorecard"].Frames[0]
	custom := card.Meta.Custom.(map[string]any)
	good, bad := truth.Between(time.UnixMilli(int64(custom["from"].(float64))), time.UnixMilli(int64(custom["to"].(float64))))
	figure := func(name string) float64 {
		field, _ := card.FieldByName(name)
		require.NotNil(t, field, name)
		v, err := field.NullableFloatAt(0)
		require.NoError(t, err)
		require.NotNil(t, v, name)
		return *v
	}
	require.InDelta(t, good+bad, figure("total_events"), max(1, 0.001*(good+bad)))
	require.InDelta(t, bad, figure("bad_events"), 1)
	// Half of the failures, at 10 each.
	require.InDelta(t, figure("bad_events")*5, figure("loss"), 1e-6)

	words, _ := response.Responses["statement"].Frames[0].FieldByName("executive")
	require.Contains(t, words.At(0), "orders failed; our promise of 99% allows")
}

func TestTheBinaryAnswersTheEditors(t *testing.T) {
	p, pluginContext, _ := plugin(t)
	call := func(method, path string, body string) (int, string) {
		response, err := p.CallResource(t.Context(), &backend.CallResourceRequest{PluginContext: pluginContext, Method: method, Path: path, Body: []byte(body)})
		require.NoError(t, err)
		return response.Status, string(response.Body)
	}
	status, body := call(http.MethodGet, "slos", "")
	require.Equal(t, http.StatusOK, status)
	require.JSONEq(t, `[{"name":"orders","displayName":"Orders","service":"shop","owner":"Sales","labels":{},"journeys":[],"objectives":[{"name":"","target":0.99,"window":"1d"}]}]`, body)

	status, body = call(http.MethodPost, "validate", `{"catalog":"apiVersion: openslo/v1\nkind: SLO\n"}`)
	require.Equal(t, http.StatusOK, status)
	var answer struct {
		Problems []struct {
			Line    int
			Message string
		}
	}
	require.NoError(t, json.Unmarshal([]byte(body), &answer))
	require.NotEmpty(t, answer.Problems)
	require.Positive(t, answer.Problems[0].Line)
	require.NotEmpty(t, answer.Problems[0].Message)
}

// safeBuffer is a buffer that the plugin's process writes to while a test reads.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}
