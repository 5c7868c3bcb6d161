package plugin

import (
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// alert answers whether budgets burn too fast. As numbers it has one instance for each
// promise and severity, whose labels never change: 1 firing, 0 not, and no value where
// the data cannot tell, so that an alert rule that keeps its last state keeps it.
func (a *answer) alert(groups []*group) {
	if a.question.format == formatTable {
		a.alertTable(groups)
		return
	}
	a.frameType = data.FrameTypeNumericMulti
	for _, g := range groups {
		states := a.alertsOf(g)
		for _, state := range states {
			labels := g.labels.Copy()
			labels["severity"] = state.Severity
			value := data.NewField("alert", labels, []*float64{nullable(state.Firing)})
			value.Config = firingConfig()
			value.Config.DisplayNameFromDS = g.title + ": " + state.Severity
			a.frames = append(a.frames, data.NewFrame("alert", value))
		}
	}
}

// alertsOf are the states of a promise. One that could not be evaluated has a state
// for each severity all the same, which cannot tell: an instance that vanishes would
// be taken as resolved.
func (a *answer) alertsOf(g *group) []slo.Alert {
	member := g.members[0]
	windows := member.alertWindows()
	if len(windows) == 0 && !member.slo.AlertsOff {
		a.warn(g, []string{"it has no alerts: every lookback is at least as long as its window"})
	}
	if member.err != nil {
		a.warn(g, member.warnings)
		return slo.UnknownAlerts(windows)
	}
	rules := member.rules()
	states := slo.Alerts(member.evidence, member.objective, a.span.to, windows, rules)
	f := g.figures(a.span.to, a.span.to, a.question)
	a.rest(f)
	for _, state := range states {
		for _, row := range state.Rows {
			if !row.Firing.Known {
				a.warn(g, []string{state.Severity + " cannot tell: " + row.Why})
			}
		}
	}
	return states
}

func firingConfig() *data.FieldConfig {
	config := &data.FieldConfig{NoValue: statusWords[slo.CannotTell]}
	config.SetDecimals(0)
	config.Mappings = data.ValueMappings{data.ValueMapper{
		"0": {Text: "No", Color: green, Index: 0}, "1": {Text: "Yes", Color: red, Index: 1},
	}}
	config.Thresholds = thresholds(-1, green, 1, red)
	return config
}

// alertTable tells each row of alerting: what it asks for, what it costs, how soon it
// fires, and how it stands.
func (a *answer) alertTable(groups []*group) {
	type line struct {
		*group
		slo.AlertRow
	}
	var lines []line
	for _, g := range groups {
		for _, state := range a.alertsOf(g) {
			for _, row := range state.Rows {
				lines = append(lines, line{g, row})
			}
		}
	}
	objective := func(l line) slo.Objective { return l.members[0].objective.InForce(a.span.to) }
	minutes := func(failing float64) func(line) slo.Number {
		return func(l line) slo.Number {
			if d, ok := l.FiresAfter(objective(l), failing); ok {
				return slo.Known(d.Minutes())
			}
			return slo.Number{}
		}
	}
	t := newTable("alert")
	t.text("slo", "SLO", pick(lines, func(l line) string { return l.labels["slo"] }))
	t.text("title", "Name", pick(lines, func(l line) string { return l.title }))
	t.text("severity", "Severity", pick(lines, func(l line) string { return l.Severity }))
	firing := firingConfig()
	firing.DisplayNameFromDS = "Firing"
	t.number("firing", pick(lines, func(l line) slo.Number { return l.Firing }), firing)
	t.text("long", "Long lookback", pick(lines, func(l line) string { return slo.FormatDuration(l.AlertWindow.Long) }))
	t.text("short", "Short lookback", pick(lines, func(l line) string { return slo.FormatDuration(l.AlertWindow.Short) }))
	t.number("factor", pick(lines, func(l line) slo.Number { return slo.Known(l.BurnFactor) }), titled("Fires above", "suffix: ×", 2))
	t.number("burn_long", pick(lines, func(l line) slo.Number { return l.Long }), titled("Burn rate, long", "suffix: ×", 2))
	t.number("burn_short", pick(lines, func(l line) slo.Number { return l.Short }), titled("Burn rate, short", "suffix: ×", 2))
	t.number("share", pick(lines, func(l line) slo.Number { return slo.Known(l.EffectiveShare(objective(l))) }), titled("Budget spent when it fires", "percentunit", 1))
	t.number("failing", pick(lines, func(l line) slo.Number { return slo.Known(l.BurnFactor * objective(l).BudgetRatio()) }), titled("Fires above this failure rate", "percentunit", 2))
	t.number("after_all", pick(lines, minutes(1)), titled("Fires after, when all fails", "m", 1))
	t.number("after_tenth", pick(lines, minutes(0.1)), titled("Fires after, when a tenth fails", "m", 1))
	t.text("note", "Note", pick(lines, func(l line) string { return l.Why }))
	a.frames = data.Frames{t.Frame}
}

// alertWindows are the rows by which a promise alerts: those of its alert policies, or
// the usual ones.
func (p promise) alertWindows() []slo.AlertWindow {
	if p.slo.AlertsOff {
		return nil
	}
	windows := p.slo.AlertWindows
	if len(windows) == 0 {
		windows = slo.DefaultAlertWindows
	}
	windows = slo.Usable(windows, p.objective)
	if least := p.slo.Rules.MinFailures; least > 0 {
		for i := range windows {
			windows[i].MinBad = least
		}
	}
	return windows
}

// corrections are those that touch an interval.
func (p promise) corrections(from, to time.Time) []slo.Correction {
	var all []slo.Correction
	for _, c := range p.slo.Corrections {
		all = append(all, c.Between(from, to)...)
	}
	return all
}

// masked reports a correction that the store tells, slice by slice.
func (p promise) masked() bool {
	for _, c := range p.slo.Corrections {
		if c.Mask != "" {
			return true
		}
	}
	return false
}
