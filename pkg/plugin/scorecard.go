package plugin

import (
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"
	"golang.org/x/sync/errgroup"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/prom"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// row is a group with its figures.
type row struct {
	*group
	figures
}

// rows judges groups, as many at a time as there are processors: a forecast takes about
// a millisecond.
func (a *answer) rows(groups []*group) []row {
	rows := make([]row, len(groups))
	var work errgroup.Group
	work.SetLimit(runtime.GOMAXPROCS(0))
	for i, g := range groups {
		work.Go(prom.Safely(func() error {
			rows[i] = row{g, g.figures(a.span.to, a.span.to, a.question)}
			rows[i].lookAhead(g, a.span.to, a.question, a.zone)
			return nil
		}))
	}
	if err := work.Wait(); err != nil {
		panic(err) // which it was already, elsewhere
	}
	for i, g := range groups {
		a.rest(rows[i].figures)
		a.warn(g, rows[i].figures.warnings)
	}
	return rows
}

// scorecardNumbers are the numeric columns of a scorecard, in order.
var scorecardNumbers = []string{
	"status", "sli", "target", "budget_remaining", "budget_consumed", "burn_rate",
	"bad_events", "good_events", "total_events",
	"loss", "loss_low", "loss_high", "loss_accepted", "loss_excess", "budget_remaining_value", "loss_missing_demand", "customers_affected",
	"coverage", "sli_low", "sli_high", "forgiven_events", "miss_probability",
}

// scorecard answers with a table of one row for each group.
func (a *answer) scorecard(groups []*group) {
	rows := a.rows(groups)
	frame := data.NewFrame("scorecard")
	text := func(name, title string, of func(row) string) {
		values := make([]string, len(rows))
		for i, r := range rows {
			values[i] = of(r)
		}
		f := data.NewField(name, nil, values)
		f.Config = &data.FieldConfig{DisplayNameFromDS: title}
		frame.Fields = append(frame.Fields, f)
	}
	if a.question.by == bySLO || a.question.by == byGroup {
		text("slo", "SLO", func(r row) string { return r.labels["slo"] })
		if slices.ContainsFunc(rows, func(r row) bool { return r.labels["objective"] != "" }) {
			text("objective", "Objective", func(r row) string { return r.labels["objective"] })
		}
		text("title", "Name", func(r row) string { return r.title })
		text("service", "Service", func(r row) string { return r.labels["service"] })
		text("promise", "What we promised", promiseText)
	} else {
		grouping, _ := find(groupings, a.question.by)
		text(a.question.by, grouping.Title, func(r row) string { return r.title })
	}
	a.scorecardNumbers(frame, rows)
	ahead := make([]*time.Time, len(rows))
	for i, r := range rows {
		if !r.gone.IsZero() {
			ahead[i] = &r.gone
		}
	}
	frame.Fields = append(frame.Fields, data.NewField("exhaustion", nil, ahead).SetConfig(&data.FieldConfig{DisplayNameFromDS: "Budget gone", NoValue: "not foreseen"}))
	if a.question.by == bySLO || a.question.by == byGroup {
		text("method", "Method", func(r row) string { return string(r.members[0].objective.Method()) })
		text("window", "Window", func(r row) string { return r.members[0].objective.Window().String() })
		text("owner", "Owner", func(r row) string { return r.members[0].slo.Owner() })
	}
	if slices.ContainsFunc(rows, func(r row) bool { return r.Uncorrected != nil }) {
		text("corrections", "Corrections", func(r row) string { return r.corrections() })
	}
	if a.question.pool == poolWorst {
		text("worst", "Worst member", func(r row) string { return r.worst })
	}
	text("reason", "Note", func(r row) string { return reasons(r.figures.warnings) })
	a.frames = data.Frames{frame}
}

// scorecardNumbers adds the numeric columns. Columns of money share one unit: with
// several currencies they have none, and a column says which is meant.
func (a *answer) scorecardNumbers(frame *data.Frame, rows []row) {
	var currencies []string
	strictest := 0.0
	for _, r := range rows {
		strictest = max(strictest, r.Target)
		for _, c := range r.currencies() {
			if !slices.Contains(currencies, c) {
				currencies = append(currencies, c)
			}
		}
	}
	for _, name := range scorecardNumbers {
		values := make([]slo.Number, len(rows))
		shown := make([]*float64, len(rows))
		for i, r := range rows {
			values[i] = r.value(name)
			shown[i] = nullable(values[i])
		}
		f := data.NewField(name, nil, shown)
		f.Config = field(name, only(currencies), values, strictest)
		explainMoney(f.Config, values, pick(rows, func(r row) *group { return r.group }))
		if name == "sli" { // rows have targets of their own
			f.Config.Thresholds = nil
		}
		frame.Fields = append(frame.Fields, f)
	}
	if len(currencies) > 1 {
		codes := make([]string, len(rows))
		for i, r := range rows {
			codes[i] = only(r.currencies())
		}
		f := data.NewField("currency", nil, codes)
		f.Config = &data.FieldConfig{DisplayNameFromDS: "Currency"}
		frame.Fields = append(frame.Fields, f)
	}
}

// promiseText is the promise in the customers' words; empty where no agreement
// has any.
func promiseText(r row) string {
	if agreement := r.members[0].slo.Agreement; agreement != nil {
		return agreement.Promise
	}
	return ""
}

// corrections are the reasons and authors of the corrections that changed a row.
func (r row) corrections() string {
	if r.Uncorrected == nil {
		return ""
	}
	var all []string
	window := slo.Interval{From: r.From, To: r.To}
	for _, m := range r.members {
		for _, c := range m.corrected {
			text := c.Reason + " (" + c.Author + ")"
			if c.Interval().Overlap(window).Length() > 0 && !slices.Contains(all, text) {
				all = append(all, text)
			}
		}
	}
	return strings.Join(all, "; ")
}
