package plugin

import (
	"fmt"
	"slices"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/impact"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// tried is a candidate for a promise with what it would have meant.
type tried struct {
	assessment
	impact.Outcome
	impact.WhatIf            // of the promise with all candidates of its kind
	latency       slo.Number // seconds up to which an event is good; unknown where the promise is not about latency
	other         bool       // the latency is a candidate, and not the target
	current       bool       // it is what the promise says today
	recommended   *bool      // nil where history is too short for a recommendation
	calls         calls
	seen          time.Duration // of the time range that calls were counted over
	warnings      []string
}

// whatif answers with a row for each promise and candidate: targets, and the latencies
// that the buckets of its histogram allow.
func (a *answer) whatif(groups []*group) error {
	var rows []tried
	for _, g := range groups {
		for _, m := range g.members {
			if m.err != nil {
				a.warn(g, m.warnings)
				continue
			}
			more, err := a.tryAll(g, m)
			if err != nil {
				return invalid(fmt.Errorf("%s: %w", m.slo.Name, err))
			}
			rows = append(rows, more...)
		}
	}
	a.frames = data.Frames{a.whatifTable(rows)}
	return nil
}

// tryAll tries all candidates for one promise.
func (a *answer) tryAll(g *group, m assessment) ([]tried, error) {
	past := a.span.past(a.question, m.promise)
	oldest := a.span.from
	if len(past) > 0 {
		oldest = earlier(oldest, past[len(past)-1].From)
	}
	a.rest(m.since(oldest, a.span.to))
	targets, w, err := a.tryTargets(m, past)
	if err != nil {
		return nil, err
	}
	warnings := slices.Concat(m.warnings, texts(w.Warnings))
	if len(m.alertWindows()) == 0 {
		warnings = append(warnings, "it has no alerts, so that none can be counted")
	}
	a.warn(g, warnings)
	latencies, err := a.tryLatencies(m, past)
	if err != nil {
		return nil, err
	}
	rows := append(targets, latencies...)
	for i := range rows {
		rows[i].warnings = slices.Clone(warnings)
		if text := rows[i].calls.always(a.span.to.Sub(a.span.from)); text != "" {
			rows[i].warnings = append(rows[i].warnings, text)
		}
	}
	return rows, nil
}

// tryTargets tries the targets that the question names, or the usual ones, and the one
// that is in force.
func (a *answer) tryTargets(m assessment, past []slo.Interval) ([]tried, impact.WhatIf, error) {
	current := m.objective.InForce(a.span.to).Target()
	targets := a.question.targets
	if len(targets) == 0 {
		targets = usualTargets
	}
	targets = slices.Concat(targets, []float64{current})
	slices.Sort(targets)
	var rows []tried
	var candidates []impact.Candidate
	for _, target := range slices.Compact(targets) {
		o, err := m.objective.WithTarget(target)
		if err != nil {
			return nil, impact.WhatIf{}, err
		}
		row := tried{assessment: m, latency: m.stakes.latency, current: target == current, calls: a.calls(m.promise, m.evidence, o)}
		row.seen = m.evidence.Units.Sum(a.span.from, a.span.to).Observed
		candidate := impact.Candidate{Target: target, Alerts: row.calls.count(func(c calls) int { return c.alerts })}
		if target > current { // nobody pays for promising less
			candidate.Cost, candidate.Costed = impact.Exactly(a.question.cost.Value), a.question.cost.Known
		}
		rows, candidates = append(rows, row), append(candidates, candidate)
	}
	w, err := impact.TryTargets(m.evidence.Units, m.ledger, current, candidates, past, m.rules())
	if err != nil {
		return nil, w, err
	}
	for i, o := range w.Outcomes {
		rows[i].Outcome, rows[i].WhatIf = o, w
		if w.Separate >= impact.MinSeparate {
			best := w.Recommended.Known && w.Recommended.Value == o.Target
			rows[i].recommended = &best
		}
	}
	return rows, w, nil
}

// tryLatencies tries other latencies with the target that is in force. The shortest one
// that was met often enough is recommended.
func (a *answer) tryLatencies(m assessment, past []slo.Interval) ([]tried, error) {
	o := m.objective.InForce(a.span.to)
	var rows []tried
	best := -1
	for i, l := range m.stakes.latencies {
		w, err := impact.TryTargets(l.evidence.Units, m.ledger, o.Target(), []impact.Candidate{{Target: o.Target()}}, past, m.rules())
		if err != nil {
			return nil, err
		}
		current, err := o.WithTarget(o.Target())
		if err != nil {
			return nil, err
		}
		row := tried{assessment: m, Outcome: w.Outcomes[0], WhatIf: w, latency: slo.Known(l.upTo), other: true, calls: a.calls(m.promise, l.evidence, current)}
		row.seen = l.evidence.Units.Sum(a.span.from, a.span.to).Observed
		if best < 0 && w.Recommended.Known {
			best = i
		}
		rows = append(rows, row)
	}
	for i := range rows {
		if is := i == best; rows[i].Separate >= impact.MinSeparate {
			rows[i].recommended = &is
		}
	}
	return rows, nil
}

// priced reports whether money is known of a row.
func (r tried) priced() bool { return r.ledger != nil && r.Allowed.Known }

// accepted is the money that a candidate accepts to lose in a window.
func (r tried) accepted() *impact.Range {
	if !r.priced() {
		return nil
	}
	return &r.Outcome.Accepted
}

// moving is the money a year that it is worth to move to a candidate. What another
// latency is worth nobody knows: it is another indicator.
func (r tried) moving() *impact.Range {
	if !r.priced() || r.other {
		return nil
	}
	return &r.Outcome.Moving
}

// responseYear is what answering pages costs in a year, if it goes on as in the time
// range.
func (r tried) responseYear() *impact.Range {
	if r.calls.response == nil || r.seen <= 0 {
		return nil
	}
	year := r.calls.response.Money.Scale(impact.MinutesPerYear / r.seen.Minutes())
	return &year
}

func (a *answer) whatifTable(rows []tried) *data.Frame {
	text := func(of func(tried) string) []string { return pick(rows, of) }
	number := func(of func(tried) slo.Number) []slo.Number { return pick(rows, of) }
	currency := only(distinct(text(func(r tried) string { return r.currency })))
	strictest := 0.0
	for _, r := range rows {
		strictest = max(strictest, r.Target)
	}
	target := titled("Target", "percentunit", targetDecimals(strictest))
	t := newTable("whatif")
	t.text("slo", "SLO", text(func(r tried) string { return r.slo.Name }))
	if slices.ContainsFunc(rows, func(r tried) bool { return r.name != "" }) {
		t.text("objective", "Objective", text(func(r tried) string { return r.name }))
	}
	t.text("title", "Name", text(func(r tried) string { return r.title() }))
	t.text("service", "Service", text(func(r tried) string { return r.slo.Service }))
	t.text("kind", "What changes", text(func(r tried) string {
		if r.other {
			return "Latency"
		}
		return "Target"
	}))
	t.number("target", number(func(r tried) slo.Number { return slo.Known(r.Target) }), target)
	t.number("latency", number(func(r tried) slo.Number { return r.latency }), titled("Good up to", "s", 3))
	t.flag("current", "As promised today", pick(rows, func(r tried) bool { return r.current }))
	t.maybe("recommended", "Recommended", pick(rows, func(r tried) *bool { return r.recommended }))
	t.number("windows", number(func(r tried) slo.Number { return slo.Known(float64(r.Windows)) }), titled("Windows of the past", "none", 0))
	t.number("separate", number(func(r tried) slo.Number { return slo.Known(float64(r.Separate)) }), titled("Windows without an overlap", "none", 0))
	t.number("met", number(func(r tried) slo.Number { return known(r.Windows > 0, float64(r.Met)) }), titled("Met in", "none", 0))
	t.number("met_share", number(func(r tried) slo.Number { return known(r.Windows > 0, float64(r.Met)/float64(r.Windows)) }), titled("Share of windows in which it was met", "percentunit", 0))
	t.number("budget", number(func(r tried) slo.Number { return slo.Known(r.Budget) }), titled("Share that may fail", "percentunit", targetDecimals(strictest)))
	t.number("allowed", number(func(r tried) slo.Number { return r.Allowed }), titled("Failures allowed in a window", "short", 0))
	t.money("accepted", "Money accepted in a window", currency, pick(rows, tried.accepted))
	t.money("moving", "Value of moving, a year", currency, pick(rows, tried.moving))
	t.number("cost", number(func(r tried) slo.Number { return known(r.Costed, r.Cost.Base) }), titled("Cost, a year", currencyUnit(currency), 0))
	t.text("worth", "Worth it?", text(func(r tried) string { return a.question.language.Worth(r.Worth) }))
	calling := only(distinct(text(func(r tried) string { return r.calls.currency })))
	addCalls(t, rows, func(r tried) calls { return r.calls }, calling)
	t.money("response_year", "Cost of response, a year", calling, pick(rows, tried.responseYear))
	t.text("reason", "Note", text(func(r tried) string { return reasons(r.warnings) }))
	return t.Frame
}
