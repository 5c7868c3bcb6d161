package prom

import (
	"slices"

	"github.com/prometheus/prometheus/promql/parser"
)

// counters are the counters whose growth adds up to an expression.
func counters(node parser.Expr) ([]term, bool) {
	switch n := node.(type) {
	case *parser.ParenExpr:
		return counters(n.Expr)
	case *parser.AggregateExpr:
		// By and without change which series come out and not what they add up to.
		switch n.Op {
		case parser.SUM:
			return counters(n.Expr)
		case parser.COUNT:
			if v, ok := n.Expr.(*parser.VectorSelector); ok && isProbe(nameOf(v)) {
				return ofKind(sampleCount, v)
			}
		}
	case *parser.Call:
		if v, ok := rangeOf(n, "rate", "irate", "increase"); ok {
			return counter(v)
		}
		if v, ok := rangeOf(n, "sum_over_time"); ok && isProbe(nameOf(v)) {
			return ofKind(sampleSum, v)
		}
		if v, ok := rangeOf(n, "count_over_time"); ok {
			return ofKind(sampleCount, v)
		}
		if n.Func.Name == "histogram_count" {
			return histogramTerm(n.Args[0], histogramCount, 0)
		}
	case *parser.VectorSelector:
		switch {
		case looksLikeCounter(nameOf(n)):
			return counter(n)
		case isProbe(nameOf(n)):
			return ofKind(sampleSum, n)
		}
	case *parser.BinaryExpr:
		return combined(n)
	}
	return nil, false
}

// rangeOf is the selector of a call of one of some functions on a plain range.
func rangeOf(n *parser.Call, names ...string) (*parser.VectorSelector, bool) {
	if !slices.Contains(names, n.Func.Name) {
		return nil, false
	}
	m, ok := n.Args[0].(*parser.MatrixSelector)
	if !ok {
		return nil, false
	}
	v, ok := m.VectorSelector.(*parser.VectorSelector)
	return v, ok
}

func ofKind(k kind, v *parser.VectorSelector) ([]term, bool) {
	terms, ok := counter(v)
	for i := range terms {
		terms[i].kind = k
	}
	return terms, ok
}

// histogramTerm recognises a native histogram: a rate or increase, with sum around
// it.
func histogramTerm(node parser.Expr, k kind, bound float64) ([]term, bool) {
	switch n := node.(type) {
	case *parser.ParenExpr:
		return histogramTerm(n.Expr, k, bound)
	case *parser.AggregateExpr:
		if n.Op == parser.SUM {
			return histogramTerm(n.Expr, k, bound)
		}
	case *parser.Call:
		if v, ok := rangeOf(n, "rate", "irate", "increase"); ok {
			terms, ok := ofKind(k, v)
			for i := range terms {
				terms[i].bound = bound
			}
			return terms, ok
		}
	}
	return nil, false
}

// fraction recognises histogram_fraction(0, bound, x) and returns x and the bound.
func fraction(node parser.Expr) (x parser.Expr, bound float64, ok bool) {
	if paren, isParen := node.(*parser.ParenExpr); isParen {
		return fraction(paren.Expr)
	}
	n, isCall := node.(*parser.Call)
	if !isCall || n.Func.Name != "histogram_fraction" {
		return nil, 0, false
	}
	lower, lowerOK := number(n.Args[0])
	bound, boundOK := number(n.Args[1])
	return n.Args[2], bound, lowerOK && boundOK && lower <= 0
}

func number(node parser.Expr) (float64, bool) {
	switch n := node.(type) {
	case *parser.ParenExpr:
		return number(n.Expr)
	case *parser.NumberLiteral:
		return n.Val, true
	case *parser.UnaryExpr:
		v, ok := number(n.Expr)
		if n.Op == parser.SUB {
			v = -v
		}
		return v, ok
	}
	return 0, false
}

// combined recognises a + b and a - b of what is grouped alike, a or vector(0), and
// a share of a native histogram's events times all of them.
func combined(n *parser.BinaryExpr) ([]term, bool) {
	if n.Op == parser.MUL {
		if terms, ok := shareOfEvents(n.LHS, n.RHS); ok {
			return terms, true
		}
		return shareOfEvents(n.RHS, n.LHS)
	}
	left, ok := counters(n.LHS)
	if !ok {
		return nil, false
	}
	if n.Op == parser.LOR && isZero(n.RHS) {
		return left, true
	}
	right, ok := counters(n.RHS)
	if !ok || !sameGroups(n) {
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

// isZero recognises what stands behind "or" in place of series that are not there:
// vector(0), and anything times 0.
func isZero(node parser.Expr) bool {
	switch n := node.(type) {
	case *parser.ParenExpr:
		return isZero(n.Expr)
	case *parser.Call:
		return n.String() == "vector(0)"
	case *parser.BinaryExpr:
		if n.Op != parser.MUL {
			return false
		}
		left, leftOK := number(n.LHS)
		right, rightOK := number(n.RHS)
		return leftOK && left == 0 || rightOK && right == 0
	}
	return false
}

// shareOfEvents recognises histogram_fraction(0, bound, x) and histogram_count(x).
func shareOfEvents(share, events parser.Expr) ([]term, bool) {
	x, bound, ok := fraction(share)
	if !ok {
		return nil, false
	}
	below, ok := histogramTerm(x, histogramBelow, bound)
	if !ok {
		return nil, false
	}
	all, ok := counters(events)
	return below, ok && len(all) == 1 && all[0].kind == histogramCount && all[0].selector == below[0].selector
}

func counter(v *parser.VectorSelector) ([]term, bool) {
	plain := v.OriginalOffset == 0 && v.OriginalOffsetExpr == nil && v.Timestamp == nil && v.StartOrEnd == 0 && !v.Anchored && !v.Smoothed
	// Without a fixed name, series of different counters could carry equal labels.
	if !plain || nameOf(v) == "" {
		return nil, false
	}
	return []term{bucketTerm(v)}, true
}
