package prom

import (
	"fmt"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

// expression is a PromQL query for a number of events, understood as far as it
// allows events to be counted.
type expression struct {
	// terms are counters whose growth adds up to the events; empty where the query
	// is anything else and has to be evaluated as written.
	terms []term
	// written is the query as the catalogue has it.
	written string
	// rate and window tell how to read a query that is evaluated as written: as
	// events per second, as events in a window, or as the events of one slice.
	rate   bool
	window time.Duration
}

// term is one counter, all of whose series count, with a sign.
type term struct {
	selector string // such as http_requests_total{code="500"}
	sign     float64
}

var promql = parser.NewParser(parser.Options{})

// compile understands a query for a number of events. It recognises counters
// inside rate, irate or increase, with sum around them, sums and differences of
// such, and "or vector(0)" behind them; and a bare or summed metric whose name
// says that it is a counter.
func compile(query string) (expression, error) {
	tree, err := promql.ParseExpr(query)
	if err != nil {
		return expression{}, fmt.Errorf("PromQL %s: %w", query, err)
	}
	e := expression{written: query}
	if terms, ok := counters(tree); ok {
		e.terms = terms
		return e, nil
	}
	return e, e.readAsWritten()
}

// readAsWritten finds out how to read the value of the query: as events per second
// where it holds a rate, as events in a window where it holds an increase over
// one, and otherwise as the events of a slice. A counter as it stands is refused:
// its value is what happened since its process started.
func (e *expression) readAsWritten() error {
	tree, err := promql.ParseExpr(e.written)
	if err != nil {
		return fmt.Errorf("PromQL %s: %w", e.written, err)
	}
	parser.Inspect(tree, func(node parser.Node, path []parser.Node) error {
		switch n := node.(type) {
		case *parser.Call:
			switch n.Func.Name {
			case "rate", "irate":
				e.rate = true
			case "increase":
				if m, ok := n.Args[0].(*parser.MatrixSelector); ok {
					e.window = m.Range
				}
			}
		case *parser.VectorSelector:
			// Recorded by the naming rules of Prometheus: level:metric:operation.
			if parts := strings.Split(nameOf(n), ":"); len(parts) > 1 && strings.HasPrefix(parts[len(parts)-1], "rate") {
				e.rate = true
			}
			if looksLikeCounter(nameOf(n)) && !inRange(path) {
				err = fmt.Errorf("PromQL %s uses the counter %s as it stands; expected rate(%s[5m])", e.written, nameOf(n), nameOf(n))
			}
		}
		return nil
	})
	return err
}

// looksLikeCounter tells counters by the names that Prometheus gives them.
func looksLikeCounter(name string) bool {
	for _, suffix := range []string{"_total", "_count", "_bucket"} {
		if strings.HasSuffix(name, suffix) && !strings.Contains(name, ":") {
			return true
		}
	}
	return false
}

// inRange reports a selector that stands inside a range, such as x[5m].
func inRange(path []parser.Node) bool {
	for _, node := range path {
		switch node.(type) {
		case *parser.MatrixSelector, *parser.SubqueryExpr:
			return true
		}
	}
	return false
}

// counters are the counters whose growth adds up to an expression.
func counters(node parser.Expr) ([]term, bool) {
	switch n := node.(type) {
	case *parser.ParenExpr:
		return counters(n.Expr)
	case *parser.AggregateExpr:
		// By and without change which series come out and not what they add up to.
		if n.Op == parser.SUM {
			return counters(n.Expr)
		}
	case *parser.Call:
		switch n.Func.Name {
		case "rate", "irate", "increase":
			if m, ok := n.Args[0].(*parser.MatrixSelector); ok {
				return counter(m.VectorSelector.(*parser.VectorSelector))
			}
		}
	case *parser.VectorSelector:
		if looksLikeCounter(nameOf(n)) {
			return counter(n)
		}
	case *parser.BinaryExpr:
		return combined(n)
	}
	return nil, false
}

// combined recognises a + b and a - b of single series, and a or vector(0).
func combined(n *parser.BinaryExpr) ([]term, bool) {
	left, ok := counters(n.LHS)
	if !ok {
		return nil, false
	}
	if n.Op == parser.LOR && n.RHS.String() == "vector(0)" {
		return left, true
	}
	right, ok := counters(n.RHS)
	if !ok || !single(n.LHS) || !single(n.RHS) {
		return nil, false
	}
	switch n.Op {
	case parser.ADD:
	case parser.SUB:
		for i := range right {
			right[i].sign = -right[i].sign
		}
	default:
		return nil, false
	}
	return append(left, right...), true
}

// single reports an expression that gives one series without labels, so that
// PromQL's matching of labels leaves nothing out of a sum or difference.
func single(node parser.Expr) bool {
	switch n := node.(type) {
	case *parser.ParenExpr:
		return single(n.Expr)
	case *parser.AggregateExpr:
		return !n.Without && len(n.Grouping) == 0
	case *parser.BinaryExpr:
		return n.Op != parser.LOR && single(n.LHS) && single(n.RHS) || n.Op == parser.LOR && single(n.LHS)
	}
	return false
}

// nameOf is the metric that a selector names, before its braces or inside of them;
// empty where it names none or several.
func nameOf(v *parser.VectorSelector) string {
	for _, m := range v.LabelMatchers {
		if m.Name == model.MetricNameLabel && m.Type == labels.MatchEqual {
			return m.Value
		}
	}
	return ""
}

func counter(v *parser.VectorSelector) ([]term, bool) {
	plain := v.OriginalOffset == 0 && v.OriginalOffsetExpr == nil && v.Timestamp == nil && v.StartOrEnd == 0 && !v.Anchored && !v.Smoothed
	// Without a fixed name, series of different counters could carry equal labels.
	if !plain || nameOf(v) == "" {
		return nil, false
	}
	return []term{{selector: v.String(), sign: 1}}, true
}

// events turns a value of an expression evaluated as written into the events of a
// slice of the given length.
func (e expression) events(value float64, slice time.Duration) float64 {
	switch {
	case e.rate:
		return value * slice.Seconds()
	case e.window > 0:
		return value * slice.Seconds() / e.window.Seconds()
	}
	return value
}
