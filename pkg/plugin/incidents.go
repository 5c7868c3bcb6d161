package plugin

import (
	"fmt"
	"slices"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// incidentRow is one entry of the ledger.
type incidentRow struct {
	*group
	slo.Incident
	figures figures
}

// incidents answers with the ledger of burn episodes, the newest first. The columns
// time, timeEnd, title, text, tags and id are those that Grafana makes annotations of.
func (a *answer) incidents(groups []*group) {
	var rows []incidentRow
	for _, g := range groups {
		member := g.members[0]
		if member.err != nil {
			a.warn(g, member.warnings)
			continue
		}
		f := g.figures(a.span.to, a.span.to, a.question)
		a.rest(f)
		a.warn(g, f.warnings)
		for _, in := range slo.Incidents(member.evidence, member.objective, a.span.from, a.span.to, slo.DefaultIncidentRule) {
			row := incidentRow{group: g, Incident: in}
			if loss, ok := member.lossIn(in.Interval); ok {
				row.figures.loss = &loss
			}
			rows = append(rows, row)
		}
	}
	slices.SortStableFunc(rows, func(x, y incidentRow) int { return y.From.Compare(x.From) })
	a.frames = data.Frames{a.ledger(rows)}
}

func (a *answer) ledger(rows []incidentRow) *data.Frame {
	currency := only(currenciesOf(pick(rows, func(r incidentRow) *group { return r.group })))
	known := func(of func(incidentRow) float64) []slo.Number {
		return pick(rows, func(r incidentRow) slo.Number { return slo.Known(of(r)) })
	}
	t := newTable("incidents")
	t.time("time", "Start", pick(rows, func(r incidentRow) time.Time { return r.From }))
	t.time("timeEnd", "End", pick(rows, func(r incidentRow) time.Time { return r.To }))
	t.text("title", "Name", pick(rows, func(r incidentRow) string { return r.title }))
	t.text("text", "What happened", pick(rows, func(r incidentRow) string { return r.words(currency) }))
	t.text("tags", "Tags", pick(rows, func(r incidentRow) string { return r.labels["service"] }))
	t.text("id", "Id", pick(rows, func(r incidentRow) string { return fmt.Sprintf("%s-%d", r.labels["slo"], r.From.Unix()) }))
	t.text("slo", "SLO", pick(rows, func(r incidentRow) string { return r.labels["slo"] }))
	t.text("service", "Service", pick(rows, func(r incidentRow) string { return r.labels["service"] }))
	t.number("duration", known(func(r incidentRow) float64 { return r.Length().Seconds() }), titled("Duration", "s", 0))
	t.number("bad_events", known(func(r incidentRow) float64 { return r.Events.Bad() }), titled("Failures", "short", 0))
	t.number("total_events", known(func(r incidentRow) float64 { return r.Events.Total }), titled("Events", "short", 0))
	t.number("share", pick(rows, func(r incidentRow) slo.Number { return r.Share }), titled("Share of the budget", "percentunit", 0))
	t.number("peak", pick(rows, func(r incidentRow) slo.Number { return r.Peak }), titled("Highest burn rate", "suffix: ×", 1))
	for _, name := range []string{"loss", "loss_low", "loss_high"} {
		values := pick(rows, func(r incidentRow) slo.Number { return r.figures.value(name) })
		config := field(name, currency, values, 0)
		config.DisplayNameFromDS = map[string]string{"loss": "Loss", "loss_low": "Loss, low", "loss_high": "Loss, high"}[name]
		t.number(name, values, config)
	}
	t.flag("ongoing", "Ongoing", pick(rows, func(r incidentRow) bool { return r.Ongoing }))
	return t.Frame
}

// words say what an incident amounts to, for a reader who knows the business.
func (r incidentRow) words(currency string) string {
	events, failed := "requests", "failed"
	if agreement := r.members[0].slo.Agreement; agreement != nil {
		events, failed = agreement.Events, agreement.Failed
	}
	words := fmt.Sprintf("%s of %s %s %s", writeCount(r.Events.Bad()), writeCount(r.Events.Total), events, failed)
	if r.Share.Known {
		words += fmt.Sprintf("; %s of the failures that the promise allows", writeShare(r.Share.Value))
	}
	if loss := r.figures.loss; loss != nil && loss.Gross.High > 0 {
		words += "; about " + writeMoneyRange(loss.Gross, currency)
	}
	if r.Ongoing {
		words += "; it goes on"
	}
	return words + "."
}
