package prom

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// overhearing is a store that knows nothing and remembers what it was asked.
type overhearing struct {
	mu      sync.Mutex
	queries []string
}

func (o *overhearing) RoundTrip(r *http.Request) (*http.Response, error) {
	answer := func(status int, body string) *http.Response {
		return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body)), Request: r}
	}
	kind := map[string]string{"/api/v1/query": "vector", "/api/v1/query_range": "matrix"}[r.URL.Path]
	if kind == "" {
		return answer(http.StatusNotFound, ""), nil
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, err
	}
	o.mu.Lock()
	o.queries = append(o.queries, form.Get("query"))
	o.mu.Unlock()
	return answer(http.StatusOK, `{"status":"success","data":{"resultType":"`+kind+`","result":[]}}`), nil
}

// asksOnly makes sure that what was asked is PromQL, and selects nothing but what the
// indicator selects: by the same matchers, but for those of buckets.
func (o *overhearing) asksOnly(t *testing.T, queries ...string) {
	t.Helper()
	may := map[string]bool{`__name__="up"`: true}
	for _, query := range queries {
		for _, m := range matchersIn(t, query) {
			may[m.String()] = true
		}
	}
	for _, asked := range o.queries {
		// What only VictoriaMetrics knows, and what rules record of all indicators.
		if strings.Contains(asked, "increase_pure(up[1m])") || strings.Contains(asked, RecordedMetric+`{kind="ran"}`) {
			continue
		}
		for _, m := range matchersIn(t, asked) {
			require.True(t, may[m.String()] || m.Name == labels.BucketLabel, "%s in %s, of %q", m, asked, queries)
		}
	}
}

func matchersIn(t *testing.T, query string) (all []*labels.Matcher) {
	t.Helper()
	tree, err := promql.ParseExpr(query)
	require.NoError(t, err, query)
	parser.Inspect(tree, func(node parser.Node, _ []parser.Node) error {
		if v, ok := node.(*parser.VectorSelector); ok {
			all = append(all, v.LabelMatchers...)
		}
		return nil
	})
	return all
}

// rewritten counts an indicator by every road and checks what was asked for it. What it
// refuses, it refuses with an error.
func rewritten(t *testing.T, ind Indicator) {
	t.Helper()
	heard := &overhearing{}
	store, err := NewStore("http://store", &http.Client{Transport: heard}, DefaultCacheSize)
	require.NoError(t, err)
	at := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	grid, err := slo.NewGrid(slo.Part{Start: at, Step: time.Hour, N: 2})
	require.NoError(t, err)
	session := store.NewSession(time.Minute)
	_, err = session.Events(t.Context(), ind, grid, at.Add(3*time.Hour))
	if err != nil {
		require.ErrorAs(t, err, new(QueryError), "%+v", ind)
	}
	_, _ = session.Groups(t.Context(), ind, grid, at.Add(3*time.Hour), 10)
	given := []string{}
	for _, query := range []string{ind.Good, ind.Bad, ind.Total, ind.Raw, ind.Threshold} {
		if query != "" && len(heard.queries) > 0 {
			given = append(given, query)
		}
	}
	heard.asksOnly(t, given...)
}

// FuzzRewriting checks that whatever stands in a catalogue, the store is asked for
// PromQL that selects what the catalogue selects.
func FuzzRewriting(f *testing.F) {
	for _, seed := range []string{
		`sum(rate(x_total{a="b"}[5m]))`, `sum by (a) (increase(x_total[5m])) or vector(0)`, `x_total - y_total`, `up`, `sum(x_bucket{le="0.3"})`,
		`histogram_count(rate(x[5m]))`, `histogram_fraction(0, 0.3, rate(x[5m]))`, `1 - x / y`, `x # a comment`, "x # a comment\n", `x{a="#"}`, `x{a=~"a|b"} offset 5m`,
		`{"a.b", c="d"}`, `x @ 5`, `(x)`, `avg_over_time(x[5m])`, `1`, `"text"`, `x[5m]`, `sum(rate(x{a='"'}[5m]))`, "x{a=`\\`}", `x{a="\u2028\""}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, query string) {
		const total = `sum(rate(requests_total[5m]))`
		rewritten(t, Indicator{Bad: query, Total: total})
		rewritten(t, Indicator{Good: query, Total: query})
		rewritten(t, Indicator{Raw: query})
		rewritten(t, Indicator{Raw: query, RawFailure: true, AbsentIsBad: true})
		rewritten(t, Indicator{Threshold: query, Op: "gt", Value: 1})
	})
}

// FuzzLabelValues checks that no value of a label gets out of its quotes, and that it
// arrives as it is.
func FuzzLabelValues(f *testing.F) {
	for _, seed := range []string{`a`, `"`, `\`, `"} or vector(1) or x{a="`, "\n", "'", "`", "#", "\x00", "\u2028", "{{.x}}", "a|b", "𝛑"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		if !isText(value) {
			return
		}
		selector := (&parser.VectorSelector{Name: "x_total", LabelMatchers: []*labels.Matcher{
			labels.MustNewMatcher(labels.MatchEqual, "__name__", "x_total"), labels.MustNewMatcher(labels.MatchEqual, "a", value),
		}}).String()
		x, err := compile("sum(rate(" + selector + "[5m]))")
		require.NoError(t, err)
		require.Len(t, x.terms, 1)
		for _, m := range matchersOf(x.terms[0].selector) {
			if m.Name == "a" {
				require.Equal(t, value, m.Value)
			}
		}
		rewritten(t, Indicator{Bad: "sum(rate(" + selector + "[5m]))", Total: "sum(rate(x_total[5m]))"})
		rewritten(t, Indicator{Threshold: selector, Op: "gt", Value: 1})
		ruled(t, Indicator{Bad: "sum(rate(" + selector + "[5m]))", Total: "sum(rate(x_total[5m]))"}, value)
	})
}

// ruled checks that the rules that record an indicator are PromQL, in which the label a
// has the value given or none.
func ruled(t *testing.T, ind Indicator, value string) {
	t.Helper()
	rules, err := RulesFor(ind)
	require.NoError(t, err)
	for _, rule := range rules.Rules {
		for _, m := range matchersIn(t, rule.Expr) {
			if m.Name == "a" {
				require.Equal(t, value, m.Value, rule.Expr)
			}
		}
	}
}

// isText reports text that can be the value of a label: UTF-8.
func isText(value string) bool { return strings.ToValidUTF8(value, "") == value }

// A comment at the end of a query is no end of what is put around it.
func TestACommentEndsWithItsQuery(t *testing.T) {
	rewritten(t, Indicator{Threshold: "x # in seconds", Op: "gt", Value: 1})
	rewritten(t, Indicator{Raw: "x # a ratio", AbsentIsBad: true})
}
