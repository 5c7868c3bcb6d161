package e2e

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/internal/promtest"
)

// What happens when rules record slices otherwise than they should: the third table in
// docs/reliability.md. Each would give a wrong number to who believed what is recorded.

// recording is what rules recorded of the orders: the truth, every five minutes, times a
// factor, where they ran.
type recording struct {
	definition, replica string
	times               float64
	ran                 func(i int, at time.Time) bool
}

// series is what the store has of it. What is recorded six minutes after the beginning of
// five minutes of the clock is what they held.
func (r recording) series(s *stage) []promtest.Series {
	kinds := map[string]func(good, bad float64) float64{
		"ran":   func(float64, float64) float64 { return 1 },
		"seen":  func(float64, float64) float64 { return 4 },
		"total": func(good, bad float64) float64 { return r.times * (good + bad) },
		"bad":   func(_, bad float64) float64 { return r.times * bad },
	}
	var all []promtest.Series
	for kind, value := range kinds {
		one := promtest.Series{Labels: map[string]string{"__name__": "stakes_slice_events", "slo": "orders", "definition": r.definition, "kind": kind}}
		if r.replica != "" {
			one.Labels["replica"] = r.replica
		}
		for i, from := 0, s.now.Add(-26*time.Hour).Truncate(5*time.Minute); from.Add(7 * time.Minute).Before(s.now); i, from = i+1, from.Add(5*time.Minute) {
			if r.ran == nil || r.ran(i, from) {
				good, bad := s.truth.Between(from, from.Add(5*time.Minute))
				one.Samples = append(one.Samples, promtest.Sample{At: from.Add(6*time.Minute + 20*time.Second), Value: value(good, bad)})
			}
		}
		all = append(all, one)
	}
	return all
}

// definition is what rules call what the orders count.
func definition(t *testing.T, s *stage) string {
	t.Helper()
	a := s.open(t, s.store, map[string]any{"catalog": fetched, "discover": []string{}})
	a.ctx.User = &backend.User{Role: "Admin"}
	rules := a.resource(t, http.MethodGet, "export/prometheus", "")
	require.Equal(t, http.StatusOK, rules.status)
	_, rest, found := strings.Cut(rules.text, "definition: ")
	require.True(t, found)
	name, _, _ := strings.Cut(rest, "\n")
	return strings.Trim(name, `"`)
}

// slicesOf tests that the orders are counted right whatever was recorded. method is how most
// of them are counted.
func slicesOf(method string, recordings ...recording) func(t *testing.T, s *stage) {
	return func(t *testing.T, s *stage) {
		all := s.fleet
		name := definition(t, s)
		for _, r := range recordings {
			if r.definition == "" {
				r.definition = name
			}
			all = append(all[:len(all):len(all)], r.series(s)...)
		}
		a := s.open(t, promtest.Server(t, all), map[string]any{"timeout": 20, "catalog": fetched, "discover": []string{}})
		a.ctx.DataSourceInstanceSettings.UID += " recorded"
		response := a.figures(t, "orders", s.now)
		a.right(t, response)
		require.Equal(t, method, response.Frames[0].Meta.Custom.(map[string]any)["method"])
		states, err := a.alerts(t, "orders", s.now)
		require.NoError(t, err)
		for severity, state := range states {
			require.NotNil(t, state, severity)
		}
	}
}

// recordedFaults are the rows of the third table.
var recordedFaults = map[string]func(t *testing.T, s *stage){
	"none": slicesOf("recorded", recording{times: 1}),
	"ruler stopped a day ago": func(t *testing.T, s *stage) {
		slicesOf("counted", recording{times: 1, ran: func(_ int, at time.Time) bool { return at.Before(s.now.Add(-24 * time.Hour)) }})(t, s)
	},
	"ruler stopped for hours": func(t *testing.T, s *stage) {
		slicesOf("recorded", recording{times: 1, ran: func(_ int, at time.Time) bool {
			return at.Before(s.now.Add(-16*time.Hour)) || at.After(s.now.Add(-8*time.Hour))
		}})(t, s)
	},
	"two rulers":                   slicesOf("counted", recording{times: 1, replica: "a"}, recording{times: 1, replica: "b"}),
	"rules of an older definition": slicesOf("counted", recording{times: 10, definition: "0123456789abcdef"}),
	"older and newer rules":        slicesOf("recorded", recording{times: 10, definition: "0123456789abcdef"}, recording{times: 1}),
	"gaps in every hour":           slicesOf("counted", recording{times: 1, ran: func(i int, _ time.Time) bool { return i%7 != 3 }}),
}

func TestFaultsOfRecordedSlices(t *testing.T) {
	s := setStage(t)
	for name, run := range recordedFaults {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run(t, s)
		})
	}
}
