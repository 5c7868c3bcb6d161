package plugin

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/impact"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/words"
)

// reviewed is a promise with all that a review talks about.
type reviewed struct {
	assessment
	impact.Agreed
	report   slo.Report
	ruling   *impact.Ruling // nil without a policy, and where its state is not known
	calls    calls
	findings []impact.Finding
	warnings []string
}

// review answers with a row for each promise, those with the gravest finding first: what
// was agreed, what came of it, and what its policy says now. Names of people are in its
// cells only.
func (a *answer) review(groups []*group) {
	var rows []reviewed
	for _, g := range groups {
		for _, m := range g.members {
			rows = append(rows, a.reviewed(g, m))
		}
	}
	findings := impact.Review(pick(rows, func(r reviewed) impact.Agreed { return r.Agreed }), a.span.to)
	place := func(r reviewed) int {
		i := slices.IndexFunc(findings, func(f impact.Finding) bool { return f.Name == r.Name })
		if i < 0 {
			return len(findings)
		}
		return i
	}
	slices.SortStableFunc(rows, func(x, y reviewed) int { return cmp.Compare(place(x), place(y)) })
	for i := range rows {
		rows[i].findings = slices.DeleteFunc(slices.Clone(findings), func(f impact.Finding) bool { return f.Name != rows[i].Name })
	}
	a.frames = data.Frames{a.reviewTable(rows)}
}

// reviewed looks at one promise.
func (a *answer) reviewed(g *group, m assessment) reviewed {
	r := reviewed{assessment: m, Agreed: m.agreed(a.zone)}
	r.Name = m.slo.Name + "\x00" + m.name
	r.report = m.report(a.span.to, a.span.to, a.question)
	r.warnings = slices.Concat(m.warnings, texts(r.report.Warnings))
	oldest := r.report.From
	if m.err == nil {
		for _, past := range a.span.past(a.question, m.promise) {
			r.look(m.report(past.To, past.To, a.question))
			oldest = earlier(oldest, past.From)
		}
		r.calls = a.calls(m.promise, m.evidence, m.objective)
		if felt := m.stakes.felt; felt != nil {
			r.CustomersFeel = felt.Feeling
			r.warnings = append(r.warnings, texts(felt.Warnings)...)
		}
	}
	if m.slo.Policy != nil {
		if ruling, known := m.ruling(r.report, a.span.to, a.zone); known {
			r.ruling = &ruling
		} else {
			r.warnings = append(r.warnings, "the state of its policy is not known")
		}
	}
	if m.err == nil && r.Windows < impact.MinReviewed {
		r.warnings = append(r.warnings, "whole windows of the past with a verdict: "+writeCount(float64(r.Windows))+"; what is always or never so takes "+writeCount(impact.MinReviewed))
	}
	a.rest(m.since(oldest, a.span.to))
	a.warn(g, r.warnings)
	return r
}

// agreed is what was agreed on a promise, by the calendar of a zone.
func (p promise) agreed(zone *time.Location) impact.Agreed {
	var out impact.Agreed
	if a := p.slo.Agreement; a != nil {
		out = impact.Agreed{Promise: a.Promise, Owner: a.Owner, Approver: a.Approver, AgreedOn: dayOf(a.AgreedOn, zone)}
		due := a.Review.Due()
		if due.IsZero() && !out.AgreedOn.IsZero() && !a.Review.Every.IsZero() { // never since it was agreed on
			due = a.Review.Every.After(out.AgreedOn)
		}
		out.NextReview = dayOf(due.Format(time.DateOnly), zone)
		if due.IsZero() {
			out.NextReview = due
		}
	}
	for _, v := range p.slo.Values {
		out.Assumptions = append(out.Assumptions, impact.Assumption{Name: v.Name, SetBy: v.SetBy, SetOn: dayOf(v.SetOn, zone), Expires: dayAfter(v.Expires, zone)})
	}
	return out
}

// look adds a window that is over; it counts where it has a verdict.
//
// A window that was seen well enough and yet has no verdict, because chance may have
// decided it, has consumed what it consumed all the same.
func (r *reviewed) look(past slo.Report) {
	if c := past.BudgetConsumed; c.Known && past.Coverage >= slo.DefaultRules.MinCoverage && (!r.MostConsumed.Known || c.Value > r.MostConsumed.Value) {
		r.MostConsumed = c
	}
	if past.Status == slo.CannotTell {
		return
	}
	r.Windows++
	if past.Status != slo.Missed {
		r.Met++
	}
}

// has reports whether a review found something of a kind.
func (r reviewed) has(kind impact.FindingKind) bool {
	return slices.ContainsFunc(r.findings, func(f impact.Finding) bool { return f.Kind == kind })
}

// judged is whether a review found something that only enough windows of the past tell;
// nil where there are too few.
func (r reviewed) judged(kind impact.FindingKind) *bool {
	if r.Windows < impact.MinReviewed {
		return nil
	}
	found := r.has(kind)
	return &found
}

// inWords are a review's findings in a language.
func (r reviewed) inWords(l *words.Language, zone *time.Location) string {
	return words.Statement(pick(r.findings, func(f impact.Finding) words.Sentence {
		return words.Sentence{Text: l.Finding(f, zone)}
	})).String()
}

// daysOverdue is how long ago a promise should have been looked at again; unknown where it
// is not overdue.
func (r reviewed) daysOverdue() slo.Number {
	for _, f := range r.findings {
		if f.Kind == impact.Overdue {
			return slo.Known(float64(f.Days))
		}
	}
	return slo.Number{}
}

// stale are the assumptions that have expired.
func (r reviewed) stale() string {
	var names []string
	for _, f := range r.findings {
		if f.Kind == impact.StaleAssumption {
			names = append(names, f.About)
		}
	}
	return strings.Join(names, ", ")
}

func (a *answer) reviewTable(rows []reviewed) *data.Frame {
	text := func(of func(reviewed) string) []string { return pick(rows, of) }
	t := newTable("review")
	t.text("slo", "SLO", text(func(r reviewed) string { return r.slo.Name }))
	if slices.ContainsFunc(rows, func(r reviewed) bool { return r.name != "" }) {
		t.text("objective", "Objective", text(func(r reviewed) string { return r.name }))
	}
	t.text("title", "Name", text(func(r reviewed) string { return r.title() }))
	t.text("service", "Service", text(func(r reviewed) string { return r.slo.Service }))
	t.text("findings", "To talk about", text(func(r reviewed) string { return r.inWords(a.question.language, a.zone) }))
	t.text("promise", "What we promised", text(func(r reviewed) string { return r.Promise }))
	t.text("owner", "Owner", text(func(r reviewed) string { return r.Owner }))
	t.text("stakeholders", "Stakeholders", text(func(r reviewed) string { return r.stakeholders() }))
	t.text("approver", "Approved by", text(func(r reviewed) string { return r.Approver }))
	t.date("agreed_on", "Agreed on", pick(rows, func(r reviewed) time.Time { return r.AgreedOn }))
	t.date("next_review", "Next review", pick(rows, func(r reviewed) time.Time { return r.NextReview }))
	t.flag("overdue", "Overdue", pick(rows, func(r reviewed) bool { return r.has(impact.Overdue) }))
	t.number("days_overdue", pick(rows, reviewed.daysOverdue), titled("Days overdue", "none", 0))
	t.flag("unowned", "Nobody owns it", pick(rows, func(r reviewed) bool { return r.has(impact.Unowned) }))
	t.text("stale", "Expired assumptions", text(reviewed.stale))
	a.reviewPast(t, rows)
	a.reviewFeelings(t, rows)
	a.reviewPolicy(t, rows)
	currency := only(distinct(text(func(r reviewed) string { return r.calls.currency })))
	addCalls(t, rows, func(r reviewed) calls { return r.calls }, currency)
	t.text("reason", "Note", text(func(r reviewed) string { return reasons(r.warnings) }))
	return t.Frame
}

// stakeholders are whom the promise matters to.
func (p promise) stakeholders() string {
	if p.slo.Agreement == nil {
		return ""
	}
	return strings.Join(p.slo.Agreement.Stakeholders, ", ")
}

// reviewPast adds columns of what came of promises in windows that are over.
func (a *answer) reviewPast(t table, rows []reviewed) {
	t.number("windows", pick(rows, func(r reviewed) slo.Number { return known(r.err == nil, float64(r.Windows)) }), titled("Windows with a verdict", "none", 0))
	t.number("met", pick(rows, func(r reviewed) slo.Number { return known(r.err == nil, float64(r.Met)) }), titled("Kept in", "none", 0))
	t.number("most_consumed", pick(rows, func(r reviewed) slo.Number { return r.MostConsumed }), titled("Error budget consumed, at most", "percentunit", 0))
	t.maybe("never_burned", "Never used", pick(rows, func(r reviewed) *bool { return r.judged(impact.NeverBurned) }))
	t.maybe("always_missed", "Always missed", pick(rows, func(r reviewed) *bool { return r.judged(impact.AlwaysMissed) }))
}

// known is a number that is known or not.
func known(is bool, v float64) slo.Number {
	if !is {
		return slo.Number{}
	}
	return slo.Known(v)
}

// reviewPolicy adds columns of what policies say now.
func (a *answer) reviewPolicy(t table, rows []reviewed) {
	ruled := func(of func(reviewed) string) []string {
		return pick(rows, func(r reviewed) string {
			if r.ruling == nil {
				return ""
			}
			return of(r)
		})
	}
	t.number("status", pick(rows, func(r reviewed) slo.Number { return slo.Known(float64(r.report.Status)) }), field("status", "", nil, 0))
	t.number("budget_remaining", pick(rows, func(r reviewed) slo.Number { return r.report.BudgetRemaining }), field("budget_remaining", "", nil, 0))
	states := pick(rows, func(r reviewed) slo.Number {
		if r.ruling == nil {
			return slo.Number{}
		}
		return stateNumber(*r.slo.Policy, *r.ruling)
	})
	config := field("policy_state", "", nil, 0)
	if names, same := (&group{members: pick(rows, func(r reviewed) assessment { return r.assessment })}).states(); same {
		showStates(config, names)
	}
	t.number("policy_state", states, config)
	t.text("policy", "Policy", ruled(func(r reviewed) string { return cmp.Or(r.ruling.State.Name, noState) }))
	t.text("consequence", "What is done now", ruled(func(r reviewed) string { return r.ruling.State.Consequence }))
	t.text("policy_owner", "Who sees to it", ruled(func(r reviewed) string { return r.ruling.State.Owner }))
	t.text("policy_budget", "State by the budget alone", ruled(func(r reviewed) string { return r.ruling.ByPolicy }))
	t.text("exception", "Exception", ruled(func(r reviewed) string { return exceptionWords(*r.ruling, a.zone) }))
}
