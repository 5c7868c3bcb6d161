package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

const alphaRatio = `
apiVersion: openslo/v1alpha
kind: SLO
metadata:
  name: basket
  displayName: Baskets are kept
spec:
  service: shop
  description: What is in the basket stays there.
  budgetingMethod: Occurrences
  objectives:
    - ratioMetrics:
        incremental: true
        good: {source: prometheus, queryType: promql, query: 'sum(rate(basket_total{code!~"5.."}[{{.window}}]))'}
        total: {source: prometheus, queryType: promql, query: 'sum(rate(basket_total[{{.window}}]))'}
      target: 0.995
  timeWindows:
    - {count: 30, unit: Day}
`

func TestAnSLOOfTheFirstOpenSLOIsRead(t *testing.T) {
	c := Parse("catalog", alphaRatio)
	require.Empty(t, c.Problems)
	require.Len(t, c.SLOs, 1)
	s := c.SLOs[0]
	require.Equal(t, "Baskets are kept", s.DisplayName)
	require.Equal(t, "shop", s.Service)
	require.Equal(t, Indicator{Good: `sum(rate(basket_total{code!~"5.."}[5m]))`, Total: `sum(rate(basket_total[5m]))`}, s.Indicator)
	require.Len(t, s.Objectives, 1)
	require.InDelta(t, 0.995, s.Objectives[0].Target(), 0)
	require.Equal(t, 30*24*time.Hour, s.Objectives[0].Window().Duration(), "without a calendar it is rolling")
	require.Equal(t, []Definition{{Kind: "SLO", Name: "basket", Place: Place{"catalog", 1, 2}}}, c.Definitions)
}

// Each objective of that version has metrics of its own.
func TestObjectivesOfTheFirstOpenSLOHaveTheirOwnIndicators(t *testing.T) {
	text := change(t, alphaRatio, "  timeWindows:", `    - ratioMetrics:
        good: {source: prometheus, queryType: promql, query: 'sum(rate(basket_seconds_bucket{le="0.4"}[5m]))'}
        total: {source: prometheus, queryType: promql, query: 'sum(rate(basket_seconds_count[5m]))'}
      target: 0.9
  timeWindows:`)
	c := Parse("catalog", text)
	require.Empty(t, c.Problems)
	s := c.SLOs[0]
	require.True(t, s.Composite())
	require.Len(t, s.Objectives, 2)
	require.Equal(t, []string{"basket-0", "basket-1"}, []string{s.Objectives[0].Name, s.Objectives[1].Name})
	require.Equal(t, `sum(rate(basket_seconds_bucket{le="0.4"}[5m]))`, s.Objectives[1].Indicator(s).Good)
}

func TestAThresholdOfTheFirstOpenSLOIsReadByTheCalendar(t *testing.T) {
	c := Parse("catalog", `
apiVersion: openslo/v1alpha
kind: SLO
metadata: {name: quick}
spec:
  service: shop
  budgetingMethod: Occurrences
  indicator:
    thresholdMetric: {source: Prometheus, queryType: promql, query: 'max(latency_seconds)'}
  timeWindows:
    - {unit: Week, count: 1, isRolling: false, calendar: {startTime: 2026-01-05 00:00:00, timeZone: Europe/Berlin}}
  objectives:
    - {displayName: Good, op: lte, value: 0.4, target: 0.98}
`)
	require.Empty(t, c.Problems)
	s := c.SLOs[0]
	require.Equal(t, Indicator{Threshold: "max(latency_seconds)", Op: slo.LTE, Value: 0.4}, s.Objectives[0].Indicator(s))
	require.True(t, s.Objectives[0].Window().IsCalendar())
}

// Problems stand where the document has what is wrong, under its own names.
func TestProblemsOfTheFirstOpenSLOHaveItsOwnPaths(t *testing.T) {
	check := func(text, want string) {
		t.Helper()
		require.Equal(t, []string{want}, texts(Parse("catalog", text).Problems))
	}
	check(change(t, alphaRatio, "total: {source: prometheus", "total: {source: datadog"),
		`catalog, document 1, line 15, spec.objectives[0].ratioMetrics.total.source: type is "datadog"; expected Prometheus`)
	check(change(t, alphaRatio, "sum(rate(basket_total[{{.window}}]))", "sum("),
		`catalog, document 1, line 15, spec.objectives[0].ratioMetrics.total.query: query is not valid PromQL: unclosed left parenthesis`)
	check(change(t, alphaRatio, "unit: Day", "unit: Fortnight"),
		`catalog, document 1, line 18, spec.timeWindows[0].duration: duration is "30 Fortnight"; expected a number of days or weeks, such as 28d or 4w`)
	check("apiVersion: openslo/v1alpha\nkind: SLI\nmetadata: {name: x}\n",
		`catalog, document 1, line 2, kind: kind "SLI" is not one of openslo/v1alpha that this version of Stakes reads (did you mean "SLO"?); expected SLO or Service`)
}

func TestServicesOfTheFirstOpenSLOAreRead(t *testing.T) {
	c := Parse("catalog", "apiVersion: openslo/v1alpha\nkind: Service\nmetadata: {name: shop, displayName: The shop}\nspec: {description: Sells.}\n---"+alphaRatio)
	require.Empty(t, c.Problems)
	require.Equal(t, []Service{{"shop", "The shop"}}, c.Services)
}

func TestRulesAreNoDefinitions(t *testing.T) {
	const want = `catalog, document 1, line 1: these are rules, such as Sloth and Pyrra make, and no definitions; expected what they were made of, or the discovery of what they record (discover)`
	require.Equal(t, []string{want}, texts(Parse("catalog", "groups:\n- name: sloth-slo-meta-recordings-a\n  rules: []\n").Problems))
	require.Equal(t, []string{want}, texts(Parse("catalog", "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata: {name: a}\n").Problems))
}
