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
