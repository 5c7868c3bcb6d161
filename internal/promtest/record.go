package promtest

import (
	"slices"
	"testing"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/util/teststorage"
	"github.com/stretchr/testify/require"
)

// Rule is a recording rule.
type Rule struct {
	Record string
	Labels map[string]string
	Expr   string
}

// Record is what rules record of some series: they are evaluated one after the other at
// the first instant and every so often, each with what had been scraped and recorded
// until then.
func Record(t testing.TB, all []Series, rules []Rule, first, last time.Time, every time.Duration) []Series {
	t.Helper()
	db := teststorage.New(t)
	engine := newEngine()
	type scraped struct {
		labels labels.Labels
		Sample
	}
	var samples []scraped
	for _, s := range all {
		for _, one := range s.Samples {
			samples = append(samples, scraped{labels.FromMap(s.Labels), one})
		}
	}
	slices.SortStableFunc(samples, func(a, b scraped) int { return a.At.Compare(b.At) })
	recorded := map[string]*Series{}
	var order []string
	for at := first; !at.After(last); at = at.Add(every) {
		app := db.Appender(t.Context())
		for len(samples) > 0 && !samples[0].At.After(at) {
			require.NoError(t, store(app, samples[0].labels, samples[0].Sample))
			samples = samples[1:]
		}
		require.NoError(t, app.Commit())
		for _, rule := range rules {
			query, err := engine.NewInstantQuery(t.Context(), db, nil, rule.Expr, at)
			require.NoError(t, err, rule.Expr)
			vector, err := query.Exec(t.Context()).Vector()
			require.NoError(t, err, rule.Expr)
			app := db.Appender(t.Context())
			for _, sample := range vector {
				l := labels.NewBuilder(sample.Metric).Set(model.MetricNameLabel, rule.Record)
				for name, value := range rule.Labels {
					l.Set(name, value)
				}
				one := Sample{At: at, Value: sample.F}
				require.NoError(t, store(app, l.Labels(), one))
				key := l.Labels().String()
				if recorded[key] == nil {
					recorded[key] = &Series{Labels: l.Labels().Map()}
					order = append(order, key)
				}
				recorded[key].Samples = append(recorded[key].Samples, one)
			}
			require.NoError(t, app.Commit())
			query.Close()
		}
	}
	out := make([]Series, len(order))
	for i, key := range order {
		out[i] = *recorded[key]
	}
	return out
}

func newEngine() *promql.Engine {
	return promql.NewEngine(promql.EngineOpts{
		MaxSamples: 50_000_000, Timeout: 2 * time.Minute, LookbackDelta: 5 * time.Minute,
		EnableAtModifier: true, EnableNegativeOffset: true, Parser: parser.NewParser(parser.Options{}),
	})
}
