package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

func TestSLOsOfPyrra(t *testing.T) {
	library := example(t, "pyrra")
	require.Len(t, library, 4)
	errors := library["library-errors"]
	require.Equal(t, "library-errors", errors.DisplayName)
	require.Equal(t, "Pages of books open.", errors.Description)
	require.Equal(t, "library", errors.Service, "the namespace, where no label names a service")
	require.Equal(t, FromPyrra, errors.Origin)
	require.Equal(t, map[string]string{"prometheus": "k8s", "pyrra.dev/team": "books"}, errors.Labels)
	require.InDelta(t, 0.999, errors.Objectives[0].Target(), 0)
	require.Equal(t, "28d", errors.Objectives[0].Window().String())
	require.Equal(t, "reading-room", library["library-probe"].Service)
}

func TestIndicatorsOfPyrra(t *testing.T) {
	library := example(t, "pyrra")
	require.Equal(t, Indicator{
		Bad:   `sum by (handler, method) (increase(library_requests_total{job="library",code=~"5.."}[5m]))`,
		Total: `sum by (handler, method) (increase(library_requests_total{job="library"}[5m]))`,
	}, library["library-errors"].Indicator)
	require.Equal(t, Indicator{
		Good:  `sum(increase(library_request_duration_seconds_bucket{job="library",le="0.5"}[5m]))`,
		Total: `sum(increase(library_request_duration_seconds_count{job="library"}[5m]))`,
	}, library["library-latency"].Indicator)
	const histogram = `sum by (handler) (increase(library_request_duration_seconds{job="library"}[5m]))`
	require.Equal(t, Indicator{
		Good:  "histogram_fraction(0, 0.2, " + histogram + ") * histogram_count(" + histogram + ")",
		Total: "histogram_count(" + histogram + ")",
	}, library["library-latency-native"].Indicator)
	require.Equal(t, Indicator{
		Good:  `sum by (target) (sum_over_time(probe_success{job="library"}[5m]))`,
		Total: `sum by (target) (count_over_time(probe_success{job="library"}[5m]))`,
	}, library["library-probe"].Indicator)
	for name, s := range library {
		for _, query := range []string{s.Indicator.Good, s.Indicator.Bad, s.Indicator.Total} {
			if query != "" {
				_, err := promQL.ParseExpr(query)
				require.NoError(t, err, name)
			}
		}
	}
}

func TestAlertsOfPyrra(t *testing.T) {
	library := example(t, "pyrra")
	const d = 24 * time.Hour
	require.Equal(t, []slo.AlertWindow{
		{Severity: "critical", Long: time.Hour, Short: 5 * time.Minute, Factor: 14, After: 150 * time.Second},
		{Severity: "critical", Long: 6 * time.Hour, Short: 30 * time.Minute, Factor: 7, After: 15 * time.Minute},
		{Severity: "warning", Long: d, Short: 2 * time.Hour, Factor: 2, After: time.Hour},
		{Severity: "warning", Long: 4 * d, Short: 6 * time.Hour, Factor: 1, After: 3 * time.Hour},
	}, library["library-errors"].AlertWindows)
	// Two weeks are half of four: everything is half as long, and 2.5 minutes are 3.
	require.Equal(t, []slo.AlertWindow{
		{Severity: "page", Long: 30 * time.Minute, Short: 3 * time.Minute, Factor: 14, After: 90 * time.Second},
		{Severity: "critical", Long: 3 * time.Hour, Short: 15 * time.Minute, Factor: 7, After: 450 * time.Second},
		{Severity: "warning", Long: 12 * time.Hour, Short: time.Hour, Factor: 2, After: 30 * time.Minute},
		{Severity: "ticket", Long: 2 * d, Short: 3 * time.Hour, Factor: 1, After: 90 * time.Minute},
	}, library["library-latency"].AlertWindows)
	require.Equal(t, "LibrarySlow", library["library-latency"].AlertPolicies[0].Name)
	require.Equal(t, 30*time.Minute, library["library-latency"].AlertPolicies[0].Conditions[2].After)
	require.Equal(t, "ErrorBudgetBurn", library["library-errors"].AlertPolicies[0].Name)
	require.True(t, library["library-latency-native"].AlertsOff)
	require.Empty(t, library["library-latency-native"].AlertPolicies)

	day := defined(t, change(t, kind(t, "pyrra"), "window: 7d", "window: 1d"))["library-probe"]
	require.Equal(t, time.Minute, day.AlertWindows[0].Short, "5 minutes / 28 would be none")
	off := defined(t, change(t, kind(t, "pyrra"), "    burnrates: false\n", "    disabled: true\n"))["library-latency-native"]
	require.True(t, off.AlertsOff)
}

func TestTargetOfPyrraThatIsANumber(t *testing.T) {
	s := defined(t, change(t, kind(t, "pyrra"), `target: "99.9"`, "target: 99.9"))["library-errors"]
	require.InDelta(t, 0.999, s.Objectives[0].Target(), 0)
}

func TestWhatKubernetesAddsIsLeftAlone(t *testing.T) {
	text := change(t, kind(t, "pyrra"), "  name: library-probe\n", "  name: library-probe\n  uid: 1234\n  managedFields: []\n")
	require.Contains(t, defined(t, text), "library-probe")
}

func TestServiceOfAnSLOOfPyrraWithoutAny(t *testing.T) {
	s := defined(t, change(t, kind(t, "pyrra"), "  labels:\n    pyrra.dev/service: reading-room\n", ""))["library-probe"]
	require.Equal(t, "pyrra", s.Service)
}

func TestWhatIsWrongWithAnSLOOfPyrra(t *testing.T) {
	runChangesOf(t, kind(t, "pyrra"), []oneChange{
		{
			name: "no target", old: "  target: \"99.9\"\n", new: "", at: "spec:\n  description", path: "spec.target",
			message: `target is empty; expected a percentage in quotes, such as "99.9"`,
		},
		{
			name: "target in words", old: `target: "99.9"`, new: "target: high", at: "target: high", path: "spec.target",
			message: `target is the text "high"; expected a percentage in quotes, such as "99.9"`,
		},
		{
			name: "no error allowed", old: `target: "99.9"`, new: `target: "100"`, at: `target: "100"`, path: "spec.target",
			message: "target 100 leaves no error budget; expected a percentage below 100, such as 99.9",
		},
		{
			name: "window in words", old: "window: 4w", new: "window: a month", at: "window: a month", path: "spec.window",
			message: `window is "a month"; expected a duration of whole minutes, such as 28d`,
		},
		{
			name: "no window", old: "  window: 4w\n", new: "", at: "spec:\n  description", path: "spec.window",
			message: "window is missing; expected a duration of whole minutes, such as 28d",
		},
		{
			name: "query for a metric", old: `metric: library_requests_total{job="library"}`, new: `metric: sum(library_requests_total)`, at: "metric: sum", path: "spec.indicator.ratio.total.metric",
			message: `metric is "sum(library_requests_total)"; expected a metric with matchers and nothing else, such as http_requests_total{job="api"}`,
		},
		{
			name: "metric that does not parse", old: `metric: library_requests_total{job="library"}`, new: `metric: library_requests_total{job=}`, at: "{job=}", path: "spec.indicator.ratio.total.metric",
			message: `metric is not valid PromQL: unexpected "}" in label matching, expected string`,
		},
		{
			name: "no metric", old: "      total:\n        metric: library_requests_total{job=\"library\"}\n", new: "", at: "ratio:", path: "spec.indicator.ratio.total.metric",
			message: "metric is missing; expected PromQL for the series that are counted",
		},
		{
			name: "latency without a bucket", old: `,le="0.5"}`, new: "}", at: "_bucket", path: "spec.indicator.latency.success.metric",
			message: `metric has no matcher for one bucket; expected one such as le="0.3"`,
		},
		{
			name: "label with a dot", old: "- handler\n", new: "- http.handler\n", at: "- http.handler", path: "spec.indicator.ratio.grouping[0]",
			message: `label is the text "http.handler"; expected the name of a label, such as tier`,
		},
		{
			name: "latency in words", old: "latency: 200ms", new: "latency: fast", at: "latency: fast", path: "spec.indicator.latencyNative.latency",
			message: `latency is "fast"; expected a duration such as 10m, 1h30m or 2d`,
		},
		{
			name: "no latency", old: "      latency: 200ms\n", new: "", at: "latencyNative:", path: "spec.indicator.latencyNative.latency",
			message: "latency is missing; expected the latency that is fast enough, such as 10m",
		},
		{
			name: "unknown field", old: "  alerting:\n    burnrates", new: "  alertings:\n    burnrates", at: "alertings:", path: "spec.alertings", severity: Warning,
			message: `spec has no field "alertings" (did you mean "alerting"?); expected description, target, window, indicator, alerting, partial_response_strategy, performanceOverAccuracy or ruleOutput`,
		},
		{
			name: "two indicators", old: "    bool_gauge:\n", new: "    latencyNative: {latency: 1s, total: {metric: x}}\n    bool_gauge:\n", at: "indicator:\n    latencyNative: {", path: "spec.indicator",
			message: "indicator has none or several of ratio, latency, latencyNative and bool_gauge; expected one of them",
		},
		{
			name: "name that is taken", old: "name: library-latency\n", new: "name: library-probe\n", at: "name: library-probe\n  labels", path: "metadata.name",
			message: `the name of the SLO "library-probe" is taken (catalog, document 2, line 24); expected a name that no other SLO has`,
		},
		{
			name: "no name", old: "  name: library-probe\n", new: "", at: "metadata:\n  labels:\n    pyrra.dev/service", path: "metadata.name",
			message: "name is missing; expected a name, such as api-errors",
		},
	})
}
