package export

import (
	"errors"
	"fmt"
	"time"

	"github.com/prometheus/prometheus/promql/parser"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/catalog"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/prom"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// ratios is the PromQL of how much of an indicator fails over a lookback.
type ratios struct {
	of       catalog.Indicator
	recorded *prom.SliceRules // nil where nothing is
}

// shortest is the shortest lookback that is read from recorded slices: they come up to
// eleven minutes late, which is too long to wait for where five minutes are looked at.
const shortest = 30 * time.Minute

func (w *writer) ratiosOf(s catalog.SLO, o catalog.Objective) (ratios, error) {
	r := ratios{of: o.Indicator(s)}
	written, err := prom.RulesFor(IndicatorOf(r.of))
	switch {
	case err == nil:
		r.recorded = &written
		return r, nil
	case errors.As(err, new(prom.QueryError)):
		return r, err
	}
	w.note("Alerts of SLO %s estimate its failures from its queries over each lookback, and ask for no fewest number of them.", s.Name)
	if r.of.AbsentIsBad {
		w.note("Alerts of SLO %s do not count absence as failed.", s.Name)
	}
	return r, nil
}

// failing is the share of events that fail over a lookback.
func (r ratios) failing(over time.Duration) string {
	i := r.of
	switch {
	case r.recorded != nil:
	case i.Threshold != "":
		return fmt.Sprintf("(1 - avg(avg_over_time(((%s) %s bool %s)[%s:1m])))", uncommented(i.Threshold), i.Op.PromQL(), plain(i.Value), slo.FormatDuration(over))
	case i.Raw != "" && i.RawFailure:
		return "avg(" + windowed(i.Raw, over) + ")"
	case i.Raw != "":
		return "(1 - avg(" + windowed(i.Raw, over) + "))"
	}
	switch {
	case !r.has("total"):
		return fmt.Sprintf("(%s / (%s + %[1]s))", r.orZero("bad", over), r.orZero("good", over))
	case r.has("good"):
		return fmt.Sprintf("((%s - %s) / %[1]s)", r.events("total", over), r.orZero("good", over))
	}
	return fmt.Sprintf("(%s / %s)", r.orZero("bad", over), r.events("total", over))
}

// failures is how many events fail over a lookback; empty where that is not known.
func (r ratios) failures(over time.Duration) string {
	switch {
	case r.recorded == nil:
		return ""
	case r.has("good") && r.has("total"):
		return fmt.Sprintf("(%s - %s)", r.events("total", over), r.orZero("good", over))
	}
	return r.events("bad", over)
}

// query is the indicator's own query for events of a kind; empty where it has none.
func (r ratios) query(kind string) string {
	return map[string]string{"total": r.of.Total, "good": r.of.Good, "bad": r.of.Bad}[kind]
}

func (r ratios) has(kind string) bool {
	if r.recorded != nil {
		return r.recorded.Has(kind)
	}
	return r.query(kind) != ""
}

// events are the events of a kind over a lookback: recorded ones where they are there
// soon enough, else those of the query.
func (r ratios) events(kind string, over time.Duration) string {
	switch {
	case r.recorded == nil:
		return "sum(" + windowed(r.query(kind), over) + ")"
	case over < shortest:
		return "(" + r.recorded.Over(kind, over) + ")"
	}
	return fmt.Sprintf("sum(sum_over_time(%s{definition=%q,kind=%q}[%s]))", prom.RecordedMetric, r.recorded.Definition, kind, slo.FormatDuration(over))
}

// orZero are events of a kind, none where their counter is not born yet. A bucket that is
// not there leaves it open how many there are.
func (r ratios) orZero(kind string, over time.Duration) string {
	if r.recorded != nil && r.recorded.OfBuckets(kind) {
		return r.events(kind, over)
	}
	return "(" + r.events(kind, over) + " or vector(0))"
}

var promQL = parser.NewParser(parser.Options{EnableExperimentalFunctions: true})

// uncommented is a query without comments, which would end what is put around it.
func uncommented(query string) string {
	tree, err := promQL.ParseExpr(query)
	if err != nil {
		return query // the catalogue has parsed it
	}
	return tree.String()
}

// windowed is a query over a lookback: with it in the place of each range, or averaged
// over it where there is none.
func windowed(query string, over time.Duration) string {
	tree, err := promQL.ParseExpr(query)
	if err != nil {
		return query // the catalogue has parsed it
	}
	ranges := 0
	parser.Inspect(tree, func(node parser.Node, _ []parser.Node) error {
		if m, ok := node.(*parser.MatrixSelector); ok {
			m.Range = over
			ranges++
		}
		return nil
	})
	if ranges > 0 {
		return tree.String()
	}
	return fmt.Sprintf("avg_over_time((%s)[%s:1m])", tree, slo.FormatDuration(over))
}
