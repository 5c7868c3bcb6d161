package plugin

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/catalog"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/impact"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// incidentRow is one entry of the ledger: an episode in which a promise's budget burnt, or
// an incident that somebody declared.
type incidentRow struct {
	*group
	slo.Incident
	figures  figures
	declared *catalog.Incident // nil for an episode
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
	rows = append(rows, a.declared(groups)...)
	slices.SortStableFunc(rows, func(x, y incidentRow) int { return y.From.Compare(x.From) })
	a.frames = data.Frames{a.ledger(rows)}
}

// declared are the declared incidents of the time range, each once: of the promises that
// the question is about, and those about none where it is about all.
func (a *answer) declared(groups []*group) []incidentRow {
	within := slo.Interval{From: a.span.from, To: a.span.to}
	var incidents []catalog.Incident
	about := map[string][]*group{}
	add := func(in catalog.Incident) {
		if !slices.ContainsFunc(incidents, func(have catalog.Incident) bool { return have.Name == in.Name }) {
			incidents = append(incidents, in)
		}
	}
	for _, g := range groups {
		for _, in := range declaredIn(g.members[0].slo.Incidents, within) {
			add(in)
			about[in.Name] = append(about[in.Name], g)
		}
	}
	if a.everything() {
		for _, in := range declaredIn(unattached(a.catalog), within) {
			add(in)
		}
	}
	return pick(incidents, func(in catalog.Incident) incidentRow {
		of := func(name func(*group) string) string { return join(pick(about[in.Name], name)) }
		return incidentRow{
			group: &group{
				title: cmp.Or(of(func(g *group) string { return g.members[0].slo.DisplayName }), in.Kind),
				labels: data.Labels{
					"slo": of(func(g *group) string { return g.labels["slo"] }), "service": of(func(g *group) string { return g.labels["service"] }),
				},
			},
			Incident: slo.Incident{Interval: in.Interval, Ongoing: in.Interval.To.After(a.span.to)},
			declared: &in,
		}
	})
}

func (a *answer) ledger(rows []incidentRow) *data.Frame {
	var currencies []string
	for _, r := range rows {
		currencies = append(currencies, r.currency(a.currency))
	}
	currency := only(distinct(currencies))
	counted := func(of func(incidentRow) float64) []slo.Number { // nothing is counted of what was declared
		return pick(rows, func(r incidentRow) slo.Number {
			if r.declared != nil {
				return slo.Number{}
			}
			return slo.Known(of(r))
		})
	}
	stated := func(of func(catalog.Incident) string) []string {
		return pick(rows, func(r incidentRow) string {
			if r.declared == nil {
				return ""
			}
			return of(*r.declared)
		})
	}
	t := newTable("incidents")
	t.time("time", "Start", pick(rows, func(r incidentRow) time.Time { return r.From }))
	t.time("timeEnd", "End", pick(rows, func(r incidentRow) time.Time { return r.To }))
	t.text("title", "Name", pick(rows, func(r incidentRow) string { return r.title }))
	t.text("text", "What happened", pick(rows, func(r incidentRow) string { return r.words(r.currency(a.currency)) }))
	t.text("tags", "Tags", pick(rows, func(r incidentRow) string { return r.labels["service"] }))
	t.text("id", "Id", pick(rows, func(r incidentRow) string { return r.id() }))
	t.text("slo", "SLO", pick(rows, func(r incidentRow) string { return r.labels["slo"] }))
	if slices.ContainsFunc(rows, func(r incidentRow) bool { return r.labels["objective"] != "" }) {
		t.text("objective", "Objective", pick(rows, func(r incidentRow) string { return r.labels["objective"] }))
	}
	t.text("service", "Service", pick(rows, func(r incidentRow) string { return r.labels["service"] }))
	t.number("duration", pick(rows, func(r incidentRow) slo.Number { return slo.Known(r.Length().Seconds()) }), titled("Duration", "s", 0))
	t.number("bad_events", counted(func(r incidentRow) float64 { return r.Events.Bad() }), titled("Failures", "short", 0))
	t.number("total_events", counted(func(r incidentRow) float64 { return r.Events.Total }), titled("Events", "short", 0))
	t.number("share", pick(rows, func(r incidentRow) slo.Number { return r.Share }), titled("Share of the budget", "percentunit", 0))
	t.number("peak", pick(rows, func(r incidentRow) slo.Number { return r.Peak }), titled("Highest burn rate", "suffix: ×", 1))
	for _, name := range []string{"loss", "loss_low", "loss_high"} {
		values := pick(rows, func(r incidentRow) slo.Number { return r.figures.value(name) })
		config := field(name, currency, values, 0)
		explainMoney(config, values, pick(rows, func(r incidentRow) *group { return r.group }))
		config.DisplayNameFromDS = map[string]string{"loss": "Loss", "loss_low": "Loss, low", "loss_high": "Loss, high"}[name]
		t.number(name, values, config)
	}
	t.flag("ongoing", "Ongoing", pick(rows, func(r incidentRow) bool { return r.Ongoing }))
	t.flag("declared", "Declared", pick(rows, func(r incidentRow) bool { return r.declared != nil }))
	t.text("kind", "Kind", stated(func(in catalog.Incident) string { return in.Kind }))
	t.money("declared_cost", "Declared cost", currency, pick(rows, func(r incidentRow) *impact.Range {
		if r.declared == nil {
			return nil
		}
		cost := rangeOf(r.declared.Cost)
		return &cost
	}))
	for _, f := range t.Fields[len(t.Fields)-3:] {
		f.Config.NoValue = "none"
	}
	t.number("customers", pick(rows, func(r incidentRow) slo.Number {
		if r.declared == nil {
			return slo.Number{}
		}
		return r.declared.Customers
	}), titled("Customers, as declared", "short", 0))
	t.text("source", "Declared by", stated(func(in catalog.Incident) string { return in.Source }))
	if currency == "" && len(distinct(currencies)) > 1 {
		t.text("currency", "Currency", currencies)
	}
	return t.Frame
}

// id tells entries of the ledger apart, whenever they are asked for.
func (r incidentRow) id() string {
	if r.declared != nil {
		return "declared-" + r.declared.Name
	}
	name := r.labels["slo"]
	if objective := r.labels["objective"]; objective != "" {
		name += "-" + objective
	}
	return fmt.Sprintf("%s-%d", name, r.From.Unix())
}

// currency is that of an entry's money; empty where it has none.
func (r incidentRow) currency(otherwise string) string {
	if r.declared != nil {
		return cmp.Or(r.declared.Currency, otherwise)
	}
	return only(r.currencies())
}

// words say what an incident amounts to, for a reader who knows the business.
func (r incidentRow) words(currency string) string {
	if r.declared != nil {
		return r.declaredWords(currency)
	}
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

// declaredWords say what was declared, and by whom.
func (r incidentRow) declaredWords(currency string) string {
	words := strings.TrimSuffix(r.declared.Description, ".")
	if n := r.declared.Customers; n.Known {
		words += fmt.Sprintf("; customers: %s", writeCount(n.Value))
	}
	return fmt.Sprintf("%s; about %s, as declared by: %s.", words, writeMoneyRange(rangeOf(r.declared.Cost), currency), r.declared.Source)
}
