package catalog

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// fuzzFormat checks one format: what it says is a field of a document that is valid
// otherwise, so that a fuzzer gets beyond the first line.
func fuzzFormat(f *testing.F, before, after string, seeds ...string) {
	for _, seed := range seeds {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c := Parse("catalog", before+text+after)
		require.Equal(t, c, Parse("catalog", before+text+after))
		for _, p := range c.Problems {
			require.Positive(t, p.Line)
			require.NotEmpty(t, p.Message)
		}
		for _, s := range c.SLOs {
			for _, o := range s.Objectives {
				complete(t, o.Indicator(s))
				target := o.Target()
				require.True(t, target > 0 && target < 1, target)
			}
		}
	})
}

// documentsIn are the files in a folder, for seeds.
func documentsIn(f *testing.F, pattern string) (all []string) {
	files, err := filepath.Glob(pattern)
	require.NoError(f, err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(f, err)
		all = append(all, string(text))
	}
	return all
}

func FuzzSloth(f *testing.F) {
	fuzzFormat(f, "version: prometheus/v1\nservice: shop\nslos:\n", "",
		"  - {name: a, objective: 99.9, sli: {events: {error_query: 'sum(rate(x{code=\"500\"}[{{.window}}]))', total_query: 'sum(rate(x[{{.window}}]))'}}, alerting: {name: A}}\n",
		"  - {name: a, objective: 99.9, sli: {raw: {error_ratio_query: 'x'}}}\n",
		"  - name: a\n    objective: 101\n", "  - &a {name: a, sli: *a}\n", "[]")
}

func FuzzSlothKubernetes(f *testing.F) {
	fuzzFormat(f, "apiVersion: sloth.slok.dev/v1\nkind: PrometheusServiceLevel\nmetadata: {name: a}\nspec:\n", "",
		"  service: shop\n  slos:\n    - {name: a, objective: 99, sli: {events: {errorQuery: 'sum(rate(x[{{.window}}]))', totalQuery: 'sum(rate(y[{{.window}}]))'}}}\n")
}

func FuzzPyrra(f *testing.F) {
	fuzzFormat(f, "apiVersion: pyrra.dev/v1alpha1\nkind: ServiceLevelObjective\nmetadata: {name: a}\nspec:\n", "",
		"  target: '99'\n  window: 2w\n  indicator: {ratio: {errors: {metric: 'x{code=\"500\"}'}, total: {metric: x}, grouping: [pod]}}\n",
		"  target: '99'\n  window: 2w\n  indicator: {latency: {success: {metric: 'x_bucket{le=\"1\"}'}, total: {metric: x_count}}}\n",
		"  target: '99'\n  window: 4w\n  indicator: {bool_gauge: {metric: up}}\n",
		"  target: '99'\n  window: 4w\n  indicator: {latencyNative: {latency: 100ms, total: {metric: x}}}\n")
}

func FuzzOpenSLO(f *testing.F) {
	fuzzFormat(f, "apiVersion: openslo/v1\nkind: SLO\nmetadata: {name: a}\nspec:\n", "",
		"  service: shop\n  budgetingMethod: Occurrences\n  timeWindow: [{duration: 4w, isRolling: true}]\n  objectives: [{target: 0.99}]\n  indicator: {metadata: {name: a}, spec: {ratioMetric: {counter: true, bad: {metricSource: {type: Prometheus, spec: {query: x}}}, total: {metricSource: {type: Prometheus, spec: {query: y}}}}}}\n")
}

func FuzzStakesDocuments(f *testing.F) {
	fuzzFormat(f, promiseToSelect+"---\napiVersion: stakes/v1\n", "", append(documentsIn(f, filepath.Join(kinds, "*.yaml")),
		"kind: Value\nmetadata: {name: v}\nspec: {select: {slo: [a]}, currency: EUR, perEvent: {low: 1, base: 2, high: 3}}\n",
		"kind: Correction\nmetadata: {name: c}\nspec: {select: {slo: [a]}, start: 2026-01-01, end: 2026-01-02, recur: 'FREQ=DAILY', effect: exclude, reason: r}\n",
		"kind: Contract\nmetadata: {name: c}\nspec: {select: {slo: [a]}, customer: c, fee: 1, currency: EUR, timezone: UTC, tiers: [{below: 0.99, credit: 0.1}]}\n")...)
}

// promiseToSelect is an SLO for other documents to point at.
const promiseToSelect = `apiVersion: openslo/v1
kind: SLO
metadata: {name: a}
spec:
  service: shop
  budgetingMethod: Occurrences
  timeWindow: [{duration: 28d, isRolling: true}]
  objectives: [{target: 0.99}]
  indicator:
    metadata: {name: a}
    spec:
      ratioMetric:
        counter: true
        bad: {metricSource: {type: Prometheus, spec: {query: 'sum(rate(x_total{code="500"}[5m]))'}}}
        total: {metricSource: {type: Prometheus, spec: {query: 'sum(rate(x_total[5m]))'}}}
`
