package prom

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/promql/parser"
	"golang.org/x/sync/errgroup"
)

// newest are the newest samples of groups, by their values, in ms since the epoch.
type newest map[string]int64

// newestOf asks for the newest samples of a selector's series, by group.
func (s *Session) newestOf(ctx context.Context, r *Reading, selector string, by []string, to time.Time) (newest, error) {
	query := "max by (" + strings.Join(by, ", ") + ") (timestamp(" + selector + "))"
	got, err := once(ctx, s, "newest "+query+stamp(to), func(t *Trace) (model.Vector, error) {
		return s.store.vector(ctx, t, query, lastInstant(to))
	})
	if err != nil {
		return nil, err
	}
	r.addTrace(&got.trace)
	all := newest{}
	for _, sample := range got.value {
		values := make([]string, len(by))
		for i, name := range by {
			values[i] = string(sample.Metric[model.LabelName(name)])
		}
		all[groupKey(values)] = int64(float64(sample.Value) * 1000)
	}
	return all, nil
}

// of sets the newest samples of groups, which slices do not tell to the second. Where
// the store knows none in its last five minutes, the last slice that has anything has
// to do.
func (n newest) of(groups []gathered) {
	for i, g := range groups {
		at, ok := n[groupKey(g.values)]
		if !ok {
			continue
		}
		for k := range g.tallies {
			if g.tallies[k].last > 0 {
				groups[i].tallies[k].last = at
			}
		}
	}
}

// first is the selector of the first counter of a count's total.
func (q *counting) first() string {
	for _, x := range q.lower {
		if len(x.terms) > 0 {
			return x.terms[0].selector
		}
	}
	return ""
}

// withNewest counts, and asks for the newest samples meanwhile.
func (s *Session) withNewest(ctx context.Context, r *Reading, q *counting, count func(context.Context) error) error {
	var at newest
	group, gctx := errgroup.WithContext(ctx)
	group.Go(Safely(func() (err error) {
		at, err = s.newestOf(gctx, r, q.first(), q.by, q.to)
		return err
	}))
	group.Go(Safely(func() error { return count(gctx) }))
	if err := group.Wait(); err != nil {
		return err
	}
	at.of(q.groups)
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
