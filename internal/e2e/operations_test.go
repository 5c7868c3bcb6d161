package e2e

import (
	"bufio"
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/internal/faulty"
)

// metrics are the plugin's own metrics, by their names and labels.
func (s *stage) metrics(t *testing.T) map[string]float64 {
	t.Helper()
	text, err := s.plugin.CollectMetrics(t.Context())
	require.NoError(t, err)
	all := map[string]float64{}
	for lines := bufio.NewScanner(strings.NewReader(text)); lines.Scan(); {
		name, value, found := strings.Cut(lines.Text(), " ")
		if i := strings.LastIndex(lines.Text(), " "); i > 0 {
			name, value = lines.Text()[:i], lines.Text()[i+1:]
		}
		if v, err := strconv.ParseFloat(value, 64); found && err == nil && strings.HasPrefix(name, "stakes_") {
			all[name] = v
		}
	}
	return all
}

// What operators see of the plugin, on Grafana's endpoint for its metrics.
func TestThePluginHasMetricsOfItsOwn(t *testing.T) {
	s := setStage(t)
	p := faulty.New(t, s.store)
	a := s.open(t, p.URL, map[string]any{"timeout": 15})
	earlier := s.now.Add(-10 * time.Minute)
	a.right(t, a.figures(t, "orders", earlier))
	cold := s.metrics(t)
	require.Positive(t, cold[`stakes_store_requests_total{outcome="200"}`])
	require.Positive(t, cold[`stakes_store_samples_total`])
	require.Positive(t, cold[`stakes_cache_bytes`])
	require.Positive(t, cold[`stakes_store_request_duration_seconds_count`])
	require.InDelta(t, 1, cold[`stakes_answers_total{outcome="ok",type="number"}`], 0)
	require.InDelta(t, 1, cold[`stakes_cache_uses_total{result="miss"}`], 0)

	require.NoError(t, a.figures(t, "orders", earlier).Error)
	require.InDelta(t, 1, s.metrics(t)[`stakes_cache_uses_total{result="hit"}`], 0)

	p.Down()
	require.NoError(t, a.figures(t, "orders", s.now).Error)
	_, err := a.alerts(t, "orders", s.now)
	require.Error(t, err)
	down := s.metrics(t)
	require.Positive(t, down[`stakes_store_requests_total{outcome="unreachable"}`])
	require.GreaterOrEqual(t, down[`stakes_kept_answers_total`], 1.0)
	require.InDelta(t, 1, down[`stakes_answers_total{outcome="store",type="alert"}`], 0)
	require.Positive(t, down[`stakes_data_age_seconds_count`])

	// At debug there is a line for each answer, and above it nothing but what the SDK says.
	answers := 0
	for lines := bufio.NewScanner(strings.NewReader(s.logs.String())); lines.Scan(); {
		var line struct {
			Level   string `json:"@level"`
			Message string `json:"@message"`
			Outcome string `json:"outcome"`
		}
		if json.Unmarshal(lines.Bytes(), &line) != nil {
			continue
		}
		if line.Message == "Answered a query" {
			require.Equal(t, "debug", line.Level)
			require.Contains(t, []string{"ok", "store"}, line.Outcome)
			answers++
		} else if line.Level != "debug" && line.Level != "trace" {
			require.Contains(t, []string{"Plugin Request Completed", "Partial data response error"}, line.Message, "which the SDK says")
		}
	}
	require.Equal(t, 4, answers)
}
