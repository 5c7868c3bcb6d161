package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/stretchr/testify/require"
)

// publicDashboard is the one that is made to be shared with everybody.
const publicDashboard = "promises.json"

// mayName are the query types that have names in columns of their own: customers of
// contracts, who set a value, who agreed to a promise, who declared an incident, who owns
// a journey.
var mayName = map[string]bool{"contracts": true, "impact": true, "review": true, "incidents": true, "journey": true}

// What viewers of a public dashboard and readers of a snapshot receive of every query of
// every dashboard: frames, notices and meta.custom. Grafana drops the queries that ran,
// for viewers of public dashboards, and they are the only place with PromQL.
func TestAnswersThatAreSharedKeepConfidences(t *testing.T) {
	ctx, s, plugin := openShop(t, 2, embedded)
	_, text := builtPlugin(t)
	names := namesIn(t, text)
	files, err := filepath.Glob("../provisioning/dashboards/*.json")
	require.NoError(t, err)
	require.Len(t, files, 7)
	ran, named := 0, map[string]bool{}
	for _, file := range files {
		content, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, one := range checkDashboard(ctx, t, plugin, content, s.End()) {
			where := filepath.Base(file) + ", " + one.QueryType
			frames := sharedFrames(ctx, t, plugin, one, backend.TimeRange{From: s.End().Add(-28 * 24 * time.Hour), To: s.End()})
			for _, frame := range frames {
				if strings.Contains(frame.Meta.ExecutedQueryString, "shop_http_requests_total") {
					ran++
				}
				frame.Meta.ExecutedQueryString = ""
			}
			shown, err := json.Marshal(frames)
			require.NoError(t, err)
			for _, confidence := range confidences {
				require.NotRegexp(t, confidence, strings.ReplaceAll(string(shown), `"name":"setBy"`, ""), where)
			}
			for _, name := range names {
				if strings.Contains(string(shown), name) {
					require.True(t, mayName[one.QueryType], "%s names %s", where, name)
					named[one.QueryType] = true
				}
			}
			if filepath.Base(file) == publicDashboard {
				require.False(t, mayName[one.QueryType] || one.QueryType == "catalog", where)
			}
		}
	}
	require.Greater(t, ran, 20, "PromQL ran, and the inspector shows it to those who may see it")
	require.Equal(t, mayName, named, "the names that were looked for are there to be found")
}

// confidences are PromQL, the words of a catalogue, and of what an event is worth.
var confidences = []*regexp.Regexp{
	regexp.MustCompile(`shop_\w+|\b(rate|increase|sum|sum by \(\w+\)) ?\(|_total\b|\bcode[!=]~`),
	regexp.MustCompile(`apiVersion|openslo/v1|stakes/v1|metricSource|indicatorRef`),
	regexp.MustCompile(`perEvent|notRecovered|"setBy"|missingDemand`),
}

// namesIn are the names of people, departments and customers in a catalogue.
func namesIn(t *testing.T, text string) []string {
	var names []string
	for _, found := range regexp.MustCompile(`(?m)^ *(?:customer|setBy|approver|source): (.+)$`).FindAllStringSubmatch(text, -1) {
		names = append(names, strings.TrimSpace(found[1]))
	}
	for _, found := range regexp.MustCompile(`(?m)^ *stakeholders: \[(.+)\]$`).FindAllStringSubmatch(text, -1) {
		names = append(names, strings.Split(found[1], ", ")...)
	}
	slices.Sort(names)
	names = slices.Compact(names)
	require.Greater(t, len(names), 5)
	return names
}

// sharedFrames are the frames that answer a saved query.
func sharedFrames(ctx context.Context, t *testing.T, plugin *asker, one target, asked backend.TimeRange) data.Frames {
	t.Helper()
	var query bytes.Buffer
	require.NoError(t, json.Compact(&query, one.Query))
	body, err := json.Marshal(map[string]any{"refId": one.RefID, "queryType": one.QueryType, "query": json.RawMessage(chosen.Replace(query.String()))})
	require.NoError(t, err)
	response, err := plugin.QueryData(ctx, &backend.QueryDataRequest{PluginContext: plugin.source, Queries: []backend.DataQuery{{
		RefID: one.RefID, QueryType: one.QueryType, JSON: body, MaxDataPoints: 50, Interval: 24 * time.Hour, TimeRange: asked,
	}}})
	require.NoError(t, err)
	return response.Responses[one.RefID].Frames
}
