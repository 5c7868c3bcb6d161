package prom

import (
	"fmt"
	"slices"

	"github.com/prometheus/prometheus/promql/parser"
)

// sameGroups reports two operands that are summed by the same labels, so that
// PromQL's matching of labels leaves nothing out but groups that one side does not
// have, whose events are zero there.
func sameGroups(n *parser.BinaryExpr) bool {
	left, leftOK := grouping(n.LHS)
	right, rightOK := grouping(n.RHS)
	return leftOK && rightOK && slices.Equal(left, right) && comparesAll(n.VectorMatching, left)
}

// comparesAll reports a matching that compares all labels that the series of both
// operands have: on(...) all of them, or ignoring(...) others only.
func comparesAll(m *parser.VectorMatching, by []string) bool {
	switch {
	case m == nil:
		return true
	case m.Card != parser.CardOneToOne && len(by) > 0:
		return false
	case m.On:
		return !slices.ContainsFunc(by, func(label string) bool { return !slices.Contains(m.MatchingLabels, label) })
	}
	return !slices.ContainsFunc(by, func(label string) bool { return slices.Contains(m.MatchingLabels, label) })
}

// grouping are the labels, sorted, that the series of an expression have; ok is
// false where it does not say.
func grouping(node parser.Expr) (by []string, ok bool) {
	switch n := node.(type) {
	case *parser.ParenExpr:
		return grouping(n.Expr)
	case *parser.AggregateExpr:
		if n.Without {
			return nil, false
		}
		by = slices.Clone(n.Grouping)
		slices.Sort(by)
		return slices.Compact(by), true
	case *parser.BinaryExpr:
		left, leftOK := grouping(n.LHS)
		switch {
		case n.Op == parser.LOR || n.RHS.Type() == parser.ValueTypeScalar:
			return left, leftOK
		case n.LHS.Type() == parser.ValueTypeScalar:
			return grouping(n.RHS)
		}
		right, rightOK := grouping(n.RHS)
		return left, leftOK && rightOK && slices.Equal(left, right)
	case *parser.Call:
		for _, arg := range n.Args {
			if arg.Type() == parser.ValueTypeVector {
				return grouping(arg)
			}
		}
		return nil, n.Type() == parser.ValueTypeScalar || n.Func.Name == "vector"
	case *parser.NumberLiteral, *parser.UnaryExpr:
		return nil, true
	}
	return nil, false
}

// groupingOf are the labels that a query's series are grouped by: none where it
// does not aggregate, since all of its series are one indicator's then.
func groupingOf(query string) ([]string, error) {
	tree, err := promql.ParseExpr(query)
	if err != nil {
		return nil, fmt.Errorf("PromQL %s: %w", query, err)
	}
	by, _ := grouping(tree)
	without := false
	parser.Inspect(tree, func(node parser.Node, _ []parser.Node) error {
		if n, ok := node.(*parser.AggregateExpr); ok && n.Without {
			without = true
		}
		return nil
	})
	if len(by) == 0 && without {
		return nil, fmt.Errorf("PromQL %s aggregates without labels, which does not say what groups there are; expected by", query)
	}
	return by, nil
}
