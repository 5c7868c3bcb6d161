package export

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/stakes-slo/stakes-slo-datasource/internal/promtest"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/catalog"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/prom"
)

// everything is a catalogue of every kind of document that there is.
func everything(t *testing.T) catalog.Catalog {
	t.Helper()
	files, err := filepath.Glob("../../examples/*/*.yaml")
	require.NoError(t, err)
	require.Greater(t, len(files), 20)
	var texts []string
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		texts = append(texts, string(text))
	}
	parsed := catalog.Parse("catalog", strings.Join(texts, "\n---\n"))
	require.Greater(t, len(parsed.SLOs), 30)
	return parsed
}

func written(t *testing.T, c catalog.Catalog, format string) File {
	t.Helper()
	file, err := Write(c, format, "stakes")
	require.NoError(t, err)
	return file
}

// sloOf is a catalogue of one SLO whose indicator and objective are given as YAML.
func sloOf(t *testing.T, indicator, more string) catalog.Catalog {
	t.Helper()
	c := catalog.Parse("catalog", `
apiVersion: openslo/v1
kind: SLO
metadata: {name: orders, labels: {team: [shop]}}
spec:
  service: checkout
  budgetingMethod: Occurrences
  timeWindow: [{duration: 30d, isRolling: true}]
  objectives: [{target: 0.999}]
  indicator: {metadata: {name: orders}, spec: `+indicator+`}
`+more)
	require.Empty(t, c.Problems)
	return c
}

const orders = `{ratioMetric: {counter: true, bad: {metricSource: {type: Prometheus, spec: {query: 'sum(rate(errors_total[5m]))'}}}, total: {metricSource: {type: Prometheus, spec: {query: 'sum(rate(requests_total[5m]))'}}}}}`

// plainRules is a file as Prometheus takes it: without what only Mimir and Thanos know.
func plainRules(t *testing.T, text string) string {
	t.Helper()
	var file ruleFile
	require.NoError(t, yaml.Unmarshal([]byte(text), &file))
	file.Namespace = ""
	for i := range file.Groups {
		file.Groups[i].PartialResponse = ""
	}
	plain, err := encoded(file)
	require.NoError(t, err)
	return plain
}

func TestPromtoolAcceptsTheRules(t *testing.T) {
	c := everything(t)
	for _, format := range []string{Prometheus, Mimir, Thanos} {
		text := written(t, c, format).Text
		if format == Prometheus {
			require.Equal(t, plainRules(t, text), text[strings.Index(text, "groups:"):], "nothing but what Prometheus knows")
		}
		out, err := promtest.Promtool(t, map[string]string{"rules.yml": plainRules(t, text)}, "check", "rules", "rules.yml")
		require.NoError(t, err, out)
		require.Contains(t, out, "SUCCESS")
		require.NotContains(t, out, "duplicate")
	}
	broken := strings.Replace(written(t, c, Prometheus).Text, "last_over_time(", "last_over_time((", 1)
	_, err := promtest.Promtool(t, map[string]string{"rules.yml": broken}, "check", "rules", "rules.yml")
	require.Error(t, err, "the check can fail")
}

func TestMimirHasANamespaceAndThanosRecordsNoPartialAnswers(t *testing.T) {
	c := sloOf(t, orders, "")
	require.Contains(t, written(t, c, Mimir).Text, "\nnamespace: stakes\ngroups:\n")
	require.Contains(t, written(t, c, Thanos).Text, "    partial_response_strategy: abort\n")
}

// A real Prometheus loads all rules and evaluates them, on no data, without an error.
func TestPrometheusLoadsTheRules(t *testing.T) {
	c := everything(t)
	var file ruleFile
	text := written(t, c, Prometheus).Text
	require.NoError(t, yaml.Unmarshal([]byte(text), &file))
	url := promtest.Ruler(t, text)
	response, err := http.Get(url + "/api/v1/rules") //nolint:noctx // a test's own server
	require.NoError(t, err)
	defer func() { require.NoError(t, response.Body.Close()) }()
	var answer struct {
		Data struct {
			Groups []struct {
				Name     string
				Interval float64
				Rules    []struct{ Name, LastError string }
			}
		}
	}
	require.NoError(t, json.NewDecoder(response.Body).Decode(&answer))
	require.Len(t, answer.Data.Groups, len(file.Groups))
	for _, group := range answer.Data.Groups {
		require.Contains(t, []float64{60, 300}, group.Interval)
		require.NotEmpty(t, group.Rules)
		for _, rule := range group.Rules {
			require.Empty(t, rule.LastError, "%s %s", group.Name, rule.Name)
		}
	}
}

// Every minute there are 60 requests, of which 6 fail from 1:00 on: the counter of
// failures is born then, at 6. Of 1:00 to 1:05, 300 requests and 30 failures are recorded
// at 1:10.
//
// At 1:40, what is recorded ends at 1:35: 7 x 30 = 210 failures. 210 of the hour's 12 x 300
// requests are 5.8 %, above 14.4 x 0.1 %, and five minutes have 10 %. 210 of the day's
// 19 x 300 are 3.7 %, above 3 x 0.1 %, and so are those of two hours.
func TestRecordedSlicesAndAlertsHaveTheRightNumbers(t *testing.T) {
	c := sloOf(t, orders, "")
	rules, err := prom.RulesFor(IndicatorOf(c.SLOs[0].Indicator))
	require.NoError(t, err)
	tests := `
rule_files: [rules.yml]
evaluation_interval: 5m
tests:
  - interval: 1m
    input_series:
      - {series: 'requests_total{pod="a"}', values: '1000+60x120'}
      - {series: 'errors_total{pod="a"}', values: '_x60 6+6x60'}
    promql_expr_test:
      - expr: sum by (slo, kind) (stakes_slice_events{definition="DEFINITION"})
        eval_time: 70m
        exp_samples:
          - {labels: '{slo="orders", kind="seen"}', value: 1}
          - {labels: '{slo="orders", kind="ran"}', value: 1}
          - {labels: '{slo="orders", kind="total"}', value: 300}
          - {labels: '{slo="orders", kind="bad"}', value: 30}
    alert_rule_test:
      - {eval_time: 60m, alertname: ErrorBudgetBurn, exp_alerts: []}
      - eval_time: 100m
        alertname: ErrorBudgetBurn
        exp_alerts:
          - exp_labels: {slo: orders, service: checkout, team: shop, severity: page}
            exp_annotations: {summary: 'orders: the error budget burns too fast (page)'}
          - exp_labels: {slo: orders, service: checkout, team: shop, severity: ticket}
            exp_annotations: {summary: 'orders: the error budget burns too fast (ticket)'}
`
	tests = strings.ReplaceAll(tests, "DEFINITION", rules.Definition)
	text := written(t, c, Prometheus).Text
	out, err := promtest.Promtool(t, map[string]string{"rules.yml": text, "tests.yml": tests}, "test", "rules", "tests.yml")
	require.NoError(t, err, out)
	_, err = promtest.Promtool(t, map[string]string{"rules.yml": text, "tests.yml": strings.Replace(tests, "value: 30}", "value: 24}", 1)}, "test", "rules", "tests.yml")
	require.Error(t, err, "the test can fail")
}

// What cannot be recorded is said, and its alerts are estimated from its own queries: with
// each lookback in the place of their ranges, and what stands in comments left out.
func TestWhatCannotBeRecordedIsSaidAndEstimated(t *testing.T) {
	query := func(text string) string {
		return `{metricSource: {type: Prometheus, spec: {query: '` + text + `'}}}`
	}
	for _, one := range []struct{ indicator, note, expr string }{
		{
			`{ratioMetric: {counter: true, bad: ` + query("max(rate(errors_total[5m]))") + `, total: ` + query("max(rate(requests_total[5m]))") + `}}`,
			"No slices of SLO orders are recorded: its queries are no plain sums of counters, and are evaluated as they are written. Stakes reads its raw data.",
			"((sum(max(rate(errors_total[1h]))) or vector(0)) / sum(max(rate(requests_total[1h])))) > 0.0144",
		},
		{
			`{ratioMetric: {counter: false, raw: ` + query("job:errors:ratio") + `, rawType: failure}}`,
			"No slices of SLO orders are recorded: its ratio does not tell how many events there were. Stakes reads its raw data.",
			"avg(avg_over_time((job:errors:ratio)[1h:1m])) > 0.0144",
		},
	} {
		file := written(t, sloOf(t, one.indicator, ""), Prometheus)
		require.Contains(t, file.Notes, one.note)
		require.Contains(t, file.Text, "# - "+one.note+"\n")
		require.Contains(t, file.Text, one.expr)
		require.NotContains(t, file.Text, "record:")
		out, err := promtest.Promtool(t, map[string]string{"rules.yml": file.Text}, "check", "rules", "rules.yml")
		require.NoError(t, err, out)
	}
	slow := `
apiVersion: openslo/v1
kind: SLO
metadata: {name: slow}
spec:
  service: checkout
  budgetingMethod: Occurrences
  timeWindow: [{duration: 30d, isRolling: true}]
  objectives: [{target: 0.99, op: lt, value: 1}]
  indicator: {metadata: {name: slow}, spec: {thresholdMetric: ` + query("latency_seconds # the slowest") + `}}
`
	file := written(t, catalog.Parse("catalog", slow), Prometheus)
	require.Contains(t, file.Text, "(1 - avg(avg_over_time(((latency_seconds) < bool 1)[1h:1m]))) > 0.144")
	out, err := promtest.Promtool(t, map[string]string{"rules.yml": file.Text}, "check", "rules", "rules.yml")
	require.NoError(t, err, out)
}

// SLOs that count the same share what is recorded: twice, it would not be believed.
func TestTheSameIsRecordedOnce(t *testing.T) {
	again := `---
apiVersion: openslo/v1
kind: SLO
metadata: {name: orders-again}
spec:
  service: checkout
  budgetingMethod: Occurrences
  timeWindow: [{duration: 7d, isRolling: true}]
  objectives: [{target: 0.9}]
  indicator: {metadata: {name: orders-again}, spec: ` + orders + `}
`
	file := written(t, sloOf(t, orders, again), Prometheus)
	require.Equal(t, 1, strings.Count(file.Text, "kind: total"))
	require.Contains(t, file.Notes, "SLO orders-again counts the same as SLO orders, whose slices are its own too.")
}

// Grafana's rules keep their last state, and take nothing of an SLO for a variable.
func TestGrafanaRulesKeepTheirState(t *testing.T) {
	c := sloOf(t, orders, "")
	c.SLOs[0].Labels["cost"] = "$HOME"
	file := written(t, c, Grafana)
	var read grafanaFile
	require.NoError(t, yaml.Unmarshal([]byte(file.Text), &read))
	require.Len(t, read.Groups, 1)
	require.Len(t, read.Groups[0].Rules, 3)
	for _, rule := range read.Groups[0].Rules {
		require.Equal(t, "KeepLast", rule.NoDataState)
		require.Equal(t, "KeepLast", rule.ExecErrState)
		require.LessOrEqual(t, len(rule.UID), 40, "as long as Grafana allows")
		require.Equal(t, "$$HOME", rule.Labels["cost"])
		require.Equal(t, "shop", rule.Labels["team"])
		require.Equal(t, "stakes", rule.Data[0].DatasourceUID)
		require.Equal(t, []any{"orders"}, rule.Data[0].Model["query"].(map[string]any)["select"].(map[string]any)["slo"])
	}
	off := sloOf(t, orders, "")
	off.SLOs[0].AlertsOff = true
	require.NotContains(t, written(t, off, Grafana).Text, "stakes-burn-")
	require.NotContains(t, written(t, off, Prometheus).Text, "alert:")
}

func TestAnExportThatDoesNotExist(t *testing.T) {
	_, err := Write(catalog.Catalog{}, "nagios", "stakes")
	require.EqualError(t, err, `there is no export "nagios"; expected prometheus, mimir, thanos, grafana, openslo`)
}
