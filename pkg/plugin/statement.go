package plugin

import (
	"cmp"
	"strings"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/impact"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/words"
)

// statement answers with sentences, one row for each promise, in a column for each
// audience.
func (a *answer) statement(groups []*group) {
	rows := a.rows(groups)
	language := a.question.language
	t := newTable("statement")
	t.text("slo", "SLO", pick(rows, func(r row) string { return r.labels["slo"] }))
	t.text("title", "Name", pick(rows, func(r row) string { return r.title }))
	t.text("service", "Service", pick(rows, func(r row) string { return r.labels["service"] }))
	t.text("promise", "What we promised", pick(rows, promiseText))
	t.number("status", pick(rows, func(r row) slo.Number { return r.value("status") }), field("status", "", nil, 0))
	for _, audience := range audiences {
		if a.question.audience != "" && a.question.audience != audience.Name {
			continue
		}
		t.text(audience.Name, audience.Title, pick(rows, func(r row) string {
			return speak(language, audience.Name, a.facts(r)).String()
		}))
	}
	t.text("consequence", "What is done now", pick(rows, a.doneNow))
	a.frames = data.Frames{t.Frame}
}

// doneNow is what the policy of a promise says is done now; nothing where it has none, or
// where the data cannot tell.
func (a *answer) doneNow(r row) string {
	ruling, known := r.members[0].ruling(r.Report, a.span.to, a.zone)
	if !known {
		return ""
	}
	return ruling.State.Consequence
}

// speak is what an audience is told.
func speak(l *words.Language, audience string, f words.Facts) words.Statement {
	switch audience {
	case audienceProduct:
		return l.Product(f)
	case audienceEngineer:
		return l.Engineer(f)
	}
	return l.Executive(f)
}

// facts are what can be said about a promise.
func (a *answer) facts(r row) words.Facts {
	m := r.members[0]
	f := words.Facts{
		Failed: m.err != nil, Report: r.Report, Zone: a.zone, Lookback: a.question.lookback,
		Slice: m.objective.SliceLength(), Currency: only(r.currencies()),
	}
	if window := m.objective.Window(); !window.IsCalendar() {
		f.Window = window.Duration()
	}
	if agreement := m.slo.Agreement; agreement != nil {
		f.Events, f.FailedWord = agreement.Events, agreement.Failed
	}
	f.Policy = m.consequence(r.Report, a.span.to, a.zone)
	if r.loss != nil {
		f.Loss, f.Priced = *r.loss, true
	}
	if r.customers != nil {
		f.Customers, f.CustomersKnown = *r.customers, true
	}
	if r.missing != nil && r.missing.High > 0 {
		f.Missing, f.MissingKnown = *r.missing, true
	}
	for _, in := range declaredIn(m.slo.Incidents, slo.Interval{From: r.From, To: r.To}) {
		f.Declared++
		f.DeclaredCost = f.DeclaredCost.Add(rangeOf(in.Cost))
		f.Currency = cmp.Or(f.Currency, m.moneyCurrency(a.currency))
	}
	switch r.Status { // what lies ahead of a promise that is broken is when it is kept again
	case slo.Missed:
		f.Recovers = r.back
	case slo.CannotTell:
	default:
		f.Miss, f.Exhausted = r.miss, r.gone
	}
	return f
}

// reasons are warnings as one clause.
func reasons(warnings []string) string { return strings.Join(distinct(warnings), "; ") }

// english is the language of notices and of texts that no question chooses one for.
var english = func() *words.Language {
	l, err := words.In("en")
	if err != nil {
		panic(err) // it is the one that is always there
	}
	return l
}()

// The words for numbers in notices and ledgers.
func writeCount(n float64) string                            { return english.Count(n) }
func writeShare(share float64) string                        { return english.Share(share) }
func writeRatio(ratio float64, decimals int) string          { return english.Percent(ratio, decimals) }
func writeMoneyRange(r impact.Range, currency string) string { return english.MoneyRange(r, currency) }
