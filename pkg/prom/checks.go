package prom

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/prometheus/promql/parser"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// operators are the comparisons of a threshold, in PromQL.
var operators = map[string]string{"lt": "<", "lte": "<=", "gt": ">", "gte": ">="}

// compileThreshold understands a value that is compared.
func (c *compiled) compileThreshold() error {
	if operators[c.Op] == "" {
		return fmt.Errorf("the operator of a threshold is %q; expected lt, lte, gt or gte", c.Op)
	}
	c.method = Checked
	return c.readValue(c.Threshold)
}

// compileRaw understands a ratio. One of two counters is counted, and so is the share
// of a native histogram's events.
func (c *compiled) compileRaw() error {
	if err := c.readValue(c.Raw); err != nil {
		return err
	}
	c.method = RatioOnly
	tree, err := promql.ParseExpr(c.Raw)
	if err != nil || c.AbsentIsBad {
		return err
	}
	ratio, rest := tree, false
	if x, ok := oneMinus(tree); ok {
		ratio, rest = x, true
	}
	part, all, ok := shareTerms(ratio)
	if !ok {
		if part, all, ok = quotientTerms(ratio); !ok {
			return nil
		}
	}
	c.method = Counted
	c.total.terms = all
	if rest == c.RawFailure {
		c.good = expression{terms: part, written: c.Raw}
	} else {
		c.bad = expression{terms: part, written: c.Raw}
	}
	return nil
}

// shareTerms are the events that a share of a native histogram's counts, and all.
func shareTerms(ratio parser.Expr) (part, all []term, ok bool) {
	x, bound, ok := fraction(ratio)
	if !ok {
		return nil, nil, false
	}
	if part, ok = histogramTerm(x, histogramBelow, bound); !ok {
		return nil, nil, false
	}
	all = slices.Clone(part)
	for i := range all {
		all[i].kind = histogramCount
	}
	return part, all, true
}

// quotientTerms are the events above and below the line of a quotient of counters that
// are summed by the same labels.
func quotientTerms(ratio parser.Expr) (part, all []term, ok bool) {
	n, ok := quotient(ratio)
	if !ok {
		return nil, nil, false
	}
	part, partOK := counters(n.LHS)
	all, allOK := counters(n.RHS)
	return part, all, partOK && allOK && sameGroups(n)
}

func quotient(node parser.Expr) (*parser.BinaryExpr, bool) {
	if paren, ok := node.(*parser.ParenExpr); ok {
		return quotient(paren.Expr)
	}
	n, ok := node.(*parser.BinaryExpr)
	return n, ok && n.Op == parser.DIV
}

// CountedRatio takes a quotient of counters apart, which is the ratio of some events to
// all of them or, where rest is true, one minus that. It is not ok for queries whose
// events cannot be counted.
func CountedRatio(query string) (part, total string, rest, ok bool) {
	tree, err := promql.ParseExpr(query)
	if err != nil {
		return "", "", false, false
	}
	if x, isRest := oneMinus(tree); isRest {
		tree, rest = x, true
	}
	if _, _, ok := quotientTerms(tree); !ok {
		return "", "", false, false
	}
	n, _ := quotient(tree)
	return n.LHS.String(), n.RHS.String(), rest, true
}

// oneMinus recognises 1 - x.
func oneMinus(node parser.Expr) (parser.Expr, bool) {
	if paren, ok := node.(*parser.ParenExpr); ok {
		return oneMinus(paren.Expr)
	}
	n, ok := node.(*parser.BinaryExpr)
	if !ok || n.Op != parser.SUB {
		return nil, false
	}
	one, ok := number(n.LHS)
	return n.RHS, ok && one == 1
}

// readValue understands a query whose value is looked at.
func (c *compiled) readValue(query string) error {
	tree, err := promql.ParseExpr(query)
	if err != nil {
		return fmt.Errorf("PromQL %s: %w", query, err)
	}
	if strings.Contains(query, "#") {
		query = tree.String() // a comment at its end would hide what is put around it
	}
	c.total = expression{written: query}
	switch tree.Type() {
	case parser.ValueTypeScalar:
		c.total.written = "vector(" + query + ")"
	case parser.ValueTypeVector:
	default:
		return fmt.Errorf("PromQL %s is no value that can be looked at; expected one value per series", query)
	}
	c.by, c.byErr = groupingOf(query)
	return nil
}

// check looks at a value once per scrape interval, or at a ratio once per minute,
// and counts how often and how often it was good, in the store: an answer has one
// point for each slice. All series of the query are pooled.
func (s *Session) check(ctx context.Context, r *Reading, c *compiled, by []string, grid slo.Grid, complete time.Time, limit int) ([]gathered, int, error) {
	interval, value, isGood := c.checks(s.scrape)
	r.Method = Checked
	if c.Raw != "" {
		r.Method = RatioOnly
		r.warn(EventsUnknown, "only a ratio is known and not its events: every minute weighs the same, however much happened in it")
	}
	per := func(outer, function, inner string) func(time.Duration) string {
		return func(slice time.Duration) string {
			text := function + "((" + inner + ")[" + seconds(slice) + ":" + seconds(interval) + "])"
			if outer == "" {
				return text
			}
			return outer + " (" + text + ")"
		}
	}
	grouped := "sum by (" + strings.Join(by, ", ") + ")"
	total, err := s.readWritten(ctx, r, per(grouped, "count_over_time", value), by, grid, complete)
	if err != nil {
		return nil, 0, err
	}
	good, err := s.readWritten(ctx, r, per(grouped, "sum_over_time", isGood), by, grid, complete)
	if err != nil {
		return nil, 0, err
	}
	if c.Raw != "" && c.RawFailure {
		for key, g := range good.groups {
			for i, failed := range g.events {
				if all := total.groups[key]; all != nil {
					g.events[i] = all.events[i] - failed
				}
			}
		}
	}
	if c.AbsentIsBad {
		present := per("", "count_over_time", "group by ("+strings.Join(by, ", ")+") ("+value+")")
		if err := s.absent(ctx, r, total, present, per("", "count_over_time", "group(up)"), interval, by, grid, complete); err != nil {
			return nil, 0, err
		}
	}
	if c.Raw != "" {
		if err := s.outside(ctx, r, c.total.written, grid, complete); err != nil {
			return nil, 0, err
		}
	}
	groups, left := tabulate(grid, []*table{total, good, nil}, limit)
	return groups, left, s.lastWritten(ctx, r, c, by, grid, complete, groups)
}

// slack is how far outside of [0, 1] a ratio may be: rates are extrapolated, and one
// may exceed another that it is a part of.
const slack = "0.01"

// checks are how often a value is looked at, what of it counts as a value, which NaN
// does not, and how good it is.
func (c *compiled) checks(scrape time.Duration) (interval time.Duration, value, isGood string) {
	if c.Raw != "" {
		value = "((" + c.total.written + ") >= -" + slack + ") <= 1" + strings.TrimPrefix(slack, "0")
		return fine, value, "clamp(" + value + ", 0, 1)"
	}
	value = "(" + c.total.written + ") >= -Inf"
	return scrape, value, "(" + value + ") " + operators[c.Op] + " bool " + strconv.FormatFloat(c.Value, 'g', -1, 64)
}

// absent counts as checks, which are not good, those at which a query gave nothing
// although the store was fed: although there was any up, which Prometheus writes with
// every scrape. Where nobody writes up at all, the store is taken to be fed always.
func (s *Session) absent(ctx context.Context, r *Reading, total *table, present, beats func(time.Duration) string, interval time.Duration, by []string, grid slo.Grid, complete time.Time) error {
	alive, err := s.readWritten(ctx, r, beats, nil, grid, complete)
	if err != nil {
		return err
	}
	there, err := s.readWritten(ctx, r, present, by, grid, complete)
	if err != nil {
		return err
	}
	fed := func(i int) float64 {
		if beating := alive.groups[""]; beating != nil {
			return beating.events[i]
		}
		return float64(grid.Edge(i+1).Sub(grid.Edge(i)) / interval)
	}
	if len(by) == 0 {
		total.group("", nil, grid.Len())
	}
	for key, g := range total.groups {
		for i := range g.events {
			missing := fed(i)
			if t := there.groups[key]; t != nil {
				missing -= t.events[i]
			}
			if missing > 0 && !grid.Edge(i+1).After(complete) {
				g.events[i] += missing
				g.seen[i] = true
			}
		}
	}
	return nil
}

// outside warns of a ratio that is none now, such as one in percent.
func (s *Session) outside(ctx context.Context, r *Reading, query string, grid slo.Grid, complete time.Time) error {
	at := lastInstant(earliest(grid.End(), complete))
	strange := "count(((" + query + ") < -" + slack + ") or ((" + query + ") > 1" + strings.TrimPrefix(slack, "0") + "))"
	got, err := once(ctx, s, "outside "+strange+stamp(at), func(t *Trace) (bool, error) {
		vector, err := s.store.vector(ctx, t, strange, at)
		return len(vector) > 0, err
	})
	if err != nil {
		return err
	}
	r.addTrace(&got.trace)
	if got.value {
		r.warn(RatioOutside, "the ratio is outside of 0 to 1, where it is no ratio; expected one such as 0.999, not in percent")
	}
	return nil
}
