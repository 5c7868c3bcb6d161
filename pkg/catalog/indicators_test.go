package catalog

import (
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	goodQuery  = `sum(increase(checkout_requests_total{code!~"5..$"}[5m]))`
	totalQuery = `sum(increase(checkout_requests_total[5m]))`
	goodPath   = "spec.indicator.spec.ratioMetric.good.metricSource"
	totalPath  = "spec.indicator.spec.ratioMetric.total.metricSource"
)

func TestWhatIsWrongWithAnIndicator(t *testing.T) {
	const goodSource = "        good:\n          metricSource:\n            type: Prometheus\n"
	runChanges(t, []oneChange{
		{
			name: "reference to nothing", old: "indicatorRef: search-speed", new: "indicatorRef: serch-speed",
			at: "indicatorRef:", path: "spec.indicatorRef",
			message: `indicatorRef "serch-speed" names no SLI document (did you mean "search-speed"?); expected the name of one in this catalogue`,
		},
		{
			name: "no indicator", old: "  indicatorRef: search-speed\n", new: "",
			at: "spec:\n  service: search", path: "spec",
			message: "indicator is missing; expected an indicator, or an indicatorRef with the name of an SLI",
		},
		{
			name: "indicator and reference", old: "  service: checkout\n", new: "  service: checkout\n  indicatorRef: search-speed\n",
			at: "spec:\n  service: checkout", path: "spec",
			message: "indicator and indicatorRef are both given; expected one of them",
		},
		{
			name: "neither good nor bad", old: goodSource + "            spec:\n              query: " + goodQuery + "\n", new: "",
			at: "ratioMetric:\n        counter: true", path: "spec.indicator.spec.ratioMetric",
			message: "good and bad are missing; expected two of good, bad and total, or raw",
		},
		{
			name: "no total", old: "        total:\n          metricSource:\n            type: Prometheus\n            spec:\n              query: " + totalQuery + "\n", new: "",
			at: "ratioMetric:\n        counter: true", path: "spec.indicator.spec.ratioMetric",
			message: "total is missing; expected two of good, bad and total, or raw",
		},
		{
			name: "good, bad and total", old: goodSource, new: "        bad: {metricSource: {type: prometheus, spec: {query: up}}}\n" + goodSource,
			at: "ratioMetric:\n        counter: true", path: "spec.indicator.spec.ratioMetric",
			message: "good, bad and total are all given; expected two of them",
		},
		{
			name: "type of a raw ratio without one", old: goodSource, new: "        rawType: success\n" + goodSource,
			at: "rawType", path: "spec.indicator.spec.ratioMetric.rawType", severity: Warning,
			message: "rawType is given and raw is not; expected it only with raw",
		},
		{
			name: "another type", old: goodSource, new: "        good:\n          metricSource:\n            type: Datadog\n",
			at: "type: Datadog", path: goodPath + ".type",
			message: `type is "Datadog"; expected Prometheus`,
		},
		{
			name: "no type", old: goodSource, new: "        good:\n          metricSource:\n",
			at: "metricSource:\n            spec:", path: goodPath,
			message: "type is missing; expected type: Prometheus, or a metricSourceRef to a DataSource of that type",
		},
		{
			name: "reference to no data source", old: goodSource, new: "        good:\n          metricSource:\n            metricSourceRef: shop-promtheus\n",
			at: "metricSourceRef: shop-promtheus", path: goodPath + ".metricSourceRef",
			message: `metricSourceRef "shop-promtheus" names no DataSource document (did you mean "shop-prometheus"?); expected the name of one in this catalogue, or type: Prometheus`,
		},
		{
			name: "type, and a reference to no data source", old: goodSource, new: goodSource + "            metricSourceRef: thanos\n",
			at: "metricSourceRef: thanos", path: goodPath + ".metricSourceRef", severity: Warning,
			message: `metricSourceRef "thanos" names no DataSource document; expected the name of one in this catalogue, or only type: Prometheus`,
		},
		{
			name: "no query", old: "query: " + totalQuery + "\n", new: "metric: checkout_requests_total\n",
			at: "spec:\n              metric:", path: totalPath + ".spec",
			message: "query is missing; expected PromQL, such as query: sum(increase(http_requests_total[5m]))",
		},
		{
			name: "query twice", old: "query: " + totalQuery + "\n", new: "query: up\n              promql: up\n",
			at: "spec:\n              query: up", path: totalPath + ".spec",
			message: "query and promql are both given; expected one of them",
		},
		{
			name: "query that is a number", old: "query: " + totalQuery + "\n", new: "query: 42\n",
			at: "query: 42", path: totalPath + ".spec.query",
			message: "query is the number 42; expected PromQL",
		},
		{
			name: "blank query", old: "query: " + totalQuery + "\n", new: "query: ''\n",
			at: "query: ''", path: totalPath + ".spec.query",
			message: "query is empty; expected PromQL",
		},
	})
}

func TestWhatIsWrongWithPromQL(t *testing.T) {
	query := func(name, new, at, message string) oneChange {
		return oneChange{name: name, old: "query: " + totalQuery + "\n", new: "query: " + new + "\n",
			at: at, path: totalPath + ".spec.query", message: message}
	}
	runChanges(t, []oneChange{
		query("open bracket", "sum(up", "query: sum(up", "query is not valid PromQL: unclosed left parenthesis"),
		query("line of a literal block", "|\n                sum(\n                  upp{a=1}\n                )", "upp{a=1}",
			`query is not valid PromQL: unexpected character inside braces: '1'`),
		query("line of a folded block", ">\n                sum(\n                  upp{a=1}\n                )", "upp{a=1}",
			`query is not valid PromQL: unexpected character inside braces: '1'`),
		query("line of a plain text", "sum(\n                  upp{a=1}\n                )", "upp{a=1}",
			`query is not valid PromQL: unexpected character inside braces: '1'`),
		query("line of a quoted text", "'sum(\n                  upp{a=1}\n                )'", "upp{a=1}",
			`query is not valid PromQL: unexpected character inside braces: '1'`),
		query("end of a block", "|\n                sum(\n                  up +\n", "up +",
			"query is not valid PromQL: unclosed left parenthesis"),
		query("unknown function", "summ(up)", "summ(up)", `query is not valid PromQL: unknown function with name "summ"`),
		query("range of samples", "up[5m]", "up[5m]",
			"query gives a range of samples; expected one value per series, such as sum(increase(http_requests_total[5m]))"),
		query("text", `'"up"'`, `'"up"'`, "query gives a text; expected a number or one value per series"),
		query("variable as a range", "increase(up[$__range])", "$__range",
			`query has the variable "$__range", which nothing fills in here; expected PromQL as Prometheus runs it, with a range such as [5m]`),
		query("variable in braces", "increase(up[${window}])", "${window}",
			`query has the variable "${window}", which nothing fills in here; expected PromQL as Prometheus runs it, with a range such as [5m]`),
		query("template", "increase(up[{{.range}}])", "{{.range}}",
			`query has the variable "{{.range}}", which nothing fills in here; expected PromQL as Prometheus runs it, with a range such as [5m]`),
		query("variable in a matcher", `up{job="$job"}`, "$job",
			`query has the variable "$job", which nothing fills in here; expected PromQL as Prometheus runs it, with a range such as [5m]`),
		query("old variable in a matcher", `up{job=~"[[job]]"}`, "[[job]]",
			`query has the variable "[[job]]", which nothing fills in here; expected PromQL as Prometheus runs it, with a range such as [5m]`),
	})
}

func TestPromQLThatIsFine(t *testing.T) {
	for _, query := range []string{
		`1`,
		`up{job=~"a$|b$"}`,
		`label_replace(up, "zone", "$1", "instance", "(.*)")`,
		`label_replace(up, "zone", "${zone}", "instance", "(?P<zone>.*)")`,
		`limitk(1, up)`, // experimental: the store decides
		`up{"a.b"="c"}`,
	} {
		text := change(t, valid(t), "query: "+totalQuery+"\n", "query: '"+query+"'\n")
		require.Empty(t, Parse("catalog", text).Problems, query)
	}
}

func TestSLIWithoutAMetric(t *testing.T) {
	text := lines("apiVersion: openslo/v1", "kind: SLI", "metadata: {name: empty}", "spec:", "  description: Nothing yet.")
	require.Equal(t, []string{
		"catalog, document 1, line 4, spec: ratioMetric and thresholdMetric are missing; expected one of them",
	}, texts(Parse("catalog", text).Problems))
}

func TestDataSourceOfAnotherType(t *testing.T) {
	text := change(t, valid(t), "type: prometheus", "type: Datadog")
	require.Equal(t, []string{
		`catalog, document 2, line 15, spec.type: type is "Datadog", and SLIs of this DataSource cannot be read; expected Prometheus or one of its kind`,
		`catalog, document 3, line 28, spec.ratioMetric.bad.metricSource.metricSourceRef: metricSourceRef names the DataSource "shop-prometheus" of type "Datadog" (catalog, document 2, line 10); expected one of type Prometheus`,
		`catalog, document 3, line 36, spec.ratioMetric.total.metricSource.metricSourceRef: metricSourceRef names the DataSource "shop-prometheus" of type "Datadog" (catalog, document 2, line 10); expected one of type Prometheus`,
		`catalog, document 4, line 49, spec.indicatorRef: indicatorRef names the SLI "search-speed", which has problems itself (catalog, document 3, line 19); expected an SLI without`,
	}, texts(Parse("catalog", text).Problems))
}

func TestDataSourceWithAProblem(t *testing.T) {
	text := change(t, valid(t), "  type: prometheus\n", "")
	problems := texts(Parse("catalog", text).Problems)
	require.Equal(t, "catalog, document 2, line 14, spec.type: type is missing; OpenSLO requires it", problems[0])
	require.Equal(t, `catalog, document 3, line 27, spec.ratioMetric.bad.metricSource.metricSourceRef: metricSourceRef names the DataSource "shop-prometheus", which has problems itself (catalog, document 2, line 10); expected one without`, problems[1])
}
