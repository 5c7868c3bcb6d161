package prom

import (
	"fmt"
	"regexp"
	"slices"
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
	// reach is how far back one evaluation looks, where slices that are longer have to
	// be evaluated several times; 0 where once is all.
	reach time.Duration
}

// term is one counter, all of whose series count, with a sign.
type term struct {
	selector string // such as http_requests_total{code="500"}
	sign     float64
	kind     kind
	bound    float64 // of histograms: up to where events are counted
	bucket   bool    // the selector asks for the bucket that ends at bound
	// lag is how much later than it counts a sample is written.
	lag time.Duration
}

// kind is what of a series is counted.
type kind uint8

const (
	counterGrowth  kind = iota // what its value grew by
	sampleCount                // its samples
	sampleSum                  // the sum of its samples, which are 0 or 1
	histogramCount             // events of a native histogram
	histogramBelow             // those in buckets that end at or before a bound
	histogramUpTo              // those in buckets that begin before it
)

func (t term) ofHistogram() bool { return t.kind >= histogramCount }

// key names what a term counts.
func (t term) key() string {
	if t.kind == counterGrowth {
		return t.selector
	}
	return fmt.Sprintf("%s %d %v", t.selector, t.kind, t.bound)
}

var promql = parser.NewParser(parser.Options{})

// compile understands a query for a number of events. It recognises counters
// inside rate, irate or increase, with sum around them, sums and differences of
// such, and "or vector(0)" behind them; a bare or summed metric whose name says that
// it is a counter; the samples of probes; and the events of native histograms.
func compile(query string) (expression, error) {
	tree, err := promql.ParseExpr(query)
	if err != nil {
		return expression{}, fmt.Errorf("PromQL %s: %w", query, err)
	}
	if kind := tree.Type(); kind != parser.ValueTypeVector && kind != parser.ValueTypeScalar {
		return expression{}, fmt.Errorf("PromQL %s is no number of events; expected one value per series", query)
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
				if length := lengthOf(n.Args[0]); length > 0 {
					e.looksBack(length)
				}
			case "increase", "sum_over_time", "count_over_time":
				if length := lengthOf(n.Args[0]); length > 0 {
					e.window = length
					e.looksBack(length)
				}
			}
		case *parser.VectorSelector:
			if isRecordedRate(nameOf(n)) && !inRange(path) {
				e.rate = true
				e.looksBack(fine)
			}
			if looksLikeCounter(nameOf(n)) && !inRange(path) {
				err = fmt.Errorf("PromQL %s uses the counter %s as it stands; expected rate(%s[5m])", e.written, nameOf(n), nameOf(n))
			}
		}
		return nil
	})
	if tree.Type() != parser.ValueTypeVector {
		e.reach = 0
	}
	return err
}

// lengthOf is how far a range or a subquery reaches back; 0 where that is not fixed.
func lengthOf(node parser.Expr) time.Duration {
	switch n := node.(type) {
	case *parser.MatrixSelector:
		return n.Range
	case *parser.SubqueryExpr:
		return n.Range
	}
	return 0
}

// looksBack notes that a part of the query looks back so far.
func (e *expression) looksBack(length time.Duration) {
	if e.reach == 0 || length < e.reach {
		e.reach = length
	}
}

// recordedRate ends the names of rates that rules record: those of Prometheus' naming
// rules, level:metric:rate5m, and Grafana's, metric_rate_5m.
var recordedRate = regexp.MustCompile(`:rate[^:]*$|_rate_?[0-9]+[smhd]$`)

func isRecordedRate(name string) bool { return recordedRate.MatchString(name) }

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

// isProbe tells gauges that are 1 for a check that succeeded and 0 for one that
// failed, with a sample for each check.
func isProbe(name string) bool {
	return name == "up" || name == "probe_success" || strings.HasSuffix(name, "_up")
}

// bareGauge reports a query that is such a gauge and nothing else.
func bareGauge(query string) bool {
	tree, err := promql.ParseExpr(query)
	if err != nil {
		return false
	}
	v, ok := tree.(*parser.VectorSelector)
	return ok && isProbe(nameOf(v))
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
	return []term{bucketTerm(v)}, true
}

// onlyCounted reports an expression that cannot be evaluated as written: a gauge
// whose samples are counted.
func (e expression) onlyCounted() bool {
	return slices.ContainsFunc(e.terms, func(t term) bool { return t.kind == sampleSum || t.kind == sampleCount })
}

// events turns a value of an expression evaluated as written into the events of a
// slice of the given length.
func (e expression) events(value float64, slice time.Duration) float64 {
	switch {
	case e.rate:
		return value * e.each(slice).Seconds()
	case e.window > 0:
		return value * e.each(slice).Seconds() / e.window.Seconds()
	}
	return value
}

// each is how far apart the evaluations of a slice are: as far as each of them looks
// back, or the next shorter length that divides the slice; the slice where it is
// evaluated once.
func (e expression) each(slice time.Duration) time.Duration {
	if e.reach == 0 || e.reach >= slice {
		return slice
	}
	best := fine
	for _, minutes := range []time.Duration{2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60} {
		if d := minutes * time.Minute; d <= e.reach && slice%d == 0 {
			best = d
		}
	}
	return best
}

// over is the query whose value at the end of a slice stands for the slice: the sum of
// all evaluations in it that gave a number.
func (e expression) over(slice time.Duration) string {
	each := e.each(slice)
	if each == slice {
		return e.written
	}
	return "sum_over_time(((" + e.written + ") < +Inf)[" + seconds(slice) + ":" + seconds(each) + "])"
}
