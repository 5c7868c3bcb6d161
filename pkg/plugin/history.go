package plugin

import (
	"fmt"
	"slices"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// periodRow is a promise in one calendar period.
type periodRow struct {
	*group
	slo.Kept
	figures figures
	name    string // of the period, as a calendar would say
}

// history answers with a row, or a point, for each promise and calendar period.
func (a *answer) history(groups []*group) error {
	var rows []periodRow
	for _, g := range groups {
		member := g.members[0]
		if member.err != nil {
			a.warn(g, member.warnings)
			continue
		}
		kept, err := slo.History(member.evidence, member.objective, a.question.period, a.span.from, a.span.to, member.rules())
		if err != nil {
			return fmt.Errorf("%s: %w", member.slo.Name, err)
		}
		for _, k := range kept {
			row := periodRow{group: g, Kept: k, figures: figures{Report: k.Report}, name: periodName(a.question.period, k.Interval.From, a.zone)}
			if loss, ok := member.lossIn(slo.Interval{From: k.Report.From, To: k.Report.To}); ok {
				row.figures.loss = &loss
			}
			rows = append(rows, row)
			a.rest(row.figures)
		}
		if n := len(kept); n > 0 { // what holds now
			a.warn(g, slices.Concat(member.warnings, texts(kept[n-1].Warnings)))
		}
	}
	if a.question.format == formatSeries {
		a.historySeries(rows)
		return nil
	}
	a.historyTable(rows)
	return nil
}

// historyNumbers are the numeric columns of a history, in order; loss only where
// somebody put a value on events.
var historyNumbers = []string{"status", "sli", "target", "budget_consumed", "budget_remaining", "bad_events", "total_events", "loss", "coverage"}

func (a *answer) historyTable(rows []periodRow) {
	t := newTable("history")
	t.text("slo", "SLO", pick(rows, func(r periodRow) string { return r.labels["slo"] }))
	t.text("title", "Name", pick(rows, func(r periodRow) string { return r.title }))
	t.text("service", "Service", pick(rows, func(r periodRow) string { return r.labels["service"] }))
	t.text("period", "Period", pick(rows, func(r periodRow) string { return r.name }))
	t.time("start", "Start", pick(rows, func(r periodRow) time.Time { return r.Interval.From }))
	t.time("end", "End", pick(rows, func(r periodRow) time.Time { return r.Interval.To }))
	currency := only(currenciesOf(pick(rows, func(r periodRow) *group { return r.group })))
	strictest := 0.0
	for _, r := range rows {
		strictest = max(strictest, r.Target)
	}
	for _, name := range historyNumbers {
		values := pick(rows, func(r periodRow) slo.Number { return r.figures.value(name) })
		config := field(name, currency, values, strictest)
		explainMoney(config, values, pick(rows, func(r periodRow) *group { return r.group }))
		if name == "sli" { // rows have targets of their own
			config.Thresholds = nil
		}
		t.number(name, values, config)
	}
	t.flag("over", "Over", pick(rows, func(r periodRow) bool { return r.Over }))
	t.text("reason", "Note", pick(rows, func(r periodRow) string { return reasons(texts(r.Warnings)) }))
	a.frames = data.Frames{t.Frame}
}

// historySeries has a line for each promise and a point at the start of each period.
func (a *answer) historySeries(rows []periodRow) {
	a.frameType = data.FrameTypeTimeSeriesMulti
	for len(rows) > 0 {
		n := 1
		for n < len(rows) && rows[n].group == rows[0].group {
			n++
		}
		g, points := rows[0].group, rows[:n]
		rows = rows[n:]
		times := pick(points, func(r periodRow) time.Time { return r.Interval.From })
		for _, name := range []string{"status", "sli"} {
			m, _ := find(measures, name)
			values := pick(points, func(r periodRow) slo.Number { return r.figures.value(name) })
			labels := g.labels.Copy()
			labels["measure"] = name
			field := data.NewField(name, labels, pick(values, nullable))
			field.Config = a.field(g, m, values, points[n-1].Target)
			field.Config.DisplayNameFromDS = g.title + ": " + m.Title
			a.frames = append(a.frames, data.NewFrame(name, data.NewField("time", nil, times), field))
		}
	}
}

// periodName is what a calendar calls a period that starts at an instant.
func periodName(w slo.Window, start time.Time, zone *time.Location) string {
	local := start.In(zone)
	switch w.String() {
	case string(slo.Year):
		return local.Format("2006")
	case string(slo.Quarter):
		return fmt.Sprintf("%d Q%d", local.Year(), (int(local.Month())+2)/3)
	case string(slo.Month):
		return local.Format("2006-01")
	case string(slo.Week):
		return "week of " + local.Format(time.DateOnly)
	}
	return local.Format(time.DateOnly)
}

func texts(warnings []slo.Warning) []string {
	return pick(warnings, slo.Warning.String)
}

// currenciesOf are the different currencies of groups.
func currenciesOf(groups []*group) []string {
	var all []string
	for _, g := range groups {
		for _, c := range g.currencies() {
			if !slices.Contains(all, c) {
				all = append(all, c)
			}
		}
	}
	return all
}
