package prom

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/promql/parser"
)

// lastSamples finds the newest samples of a counted total, where slices do not say
// it to the second.
func (s *Session) lastSamples(ctx context.Context, r *Reading, q *counting) error {
	for _, x := range q.lower {
		if len(x.terms) > 0 {
			return s.newestOf(ctx, r, x.terms[0].selector, q.by, q.to, q.groups)
		}
	}
	return nil
}

// newestOf asks for the newest sample of a selector's series, by group. Where the
// store knows none in its last five minutes, the last slice that has anything has to
// do.
func (s *Session) newestOf(ctx context.Context, r *Reading, selector string, by []string, to time.Time, groups []gathered) error {
	if len(groups) == 0 {
		return nil
	}
	query := "max by (" + strings.Join(by, ", ") + ") (timestamp(" + selector + "))"
	got, err := once(ctx, s, "newest "+query+stamp(to), func(t *Trace) (model.Vector, error) {
		return s.store.vector(ctx, t, query, lastInstant(to))
	})
	if err != nil {
		return err
	}
	r.addTrace(&got.trace)
	newest := map[string]int64{}
	for _, sample := range got.value {
		values := make([]string, len(by))
		for i, name := range by {
			values[i] = string(sample.Metric[model.LabelName(name)])
		}
		newest[groupKey(values)] = int64(float64(sample.Value) * 1000)
	}
	for i, g := range groups {
		at, ok := newest[groupKey(g.values)]
		if !ok {
			continue
		}
		for k := range g.tallies {
			if g.tallies[k].last > 0 {
				groups[i].tallies[k].last = at
			}
		}
	}
	return nil
}

// firstSelector is the first plain selector in a query; empty where it has none.
func firstSelector(query string) (selector string) {
	tree, err := promql.ParseExpr(query)
	if err != nil {
		return ""
	}
	parser.Inspect(tree, func(node parser.Node, _ []parser.Node) error {
		if v, ok := node.(*parser.VectorSelector); ok && selector == "" {
			plain := &parser.VectorSelector{Name: v.Name, LabelMatchers: v.LabelMatchers}
			selector = plain.String()
		}
		return nil
	})
	return selector
}

// seconds writes a length as PromQL does, to the millisecond.
func seconds(d time.Duration) string { return fmt.Sprint(model.Duration(d)) }
