package export

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/catalog"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// policiesOf are the policies that an SLO alerts by: its own, or the usual one.
func policiesOf(s catalog.SLO) []catalog.AlertPolicy {
	if s.AlertsOff {
		return nil
	}
	if len(s.AlertWindows) > 0 {
		return slices.DeleteFunc(slices.Clone(s.AlertPolicies), func(p catalog.AlertPolicy) bool { return !p.WhenBreaching })
	}
	usual := catalog.AlertPolicy{Name: "ErrorBudgetBurn", WhenBreaching: true}
	for _, w := range slo.DefaultAlertWindows {
		usual.Conditions = append(usual.Conditions, catalog.AlertCondition{AlertWindow: w, Op: slo.GT})
	}
	return []catalog.AlertPolicy{usual}
}

// rows are the rows of a policy that an objective alerts by.
func rows(s catalog.SLO, p catalog.AlertPolicy, o catalog.Objective) []slo.AlertWindow {
	var all []slo.AlertWindow
	for _, c := range p.Conditions {
		window := c.AlertWindow
		if least := s.Rules.MinFailures; least > 0 {
			window.MinBad = least
		}
		all = append(all, window)
	}
	return slo.Usable(all, o.Objective)
}

// alerts are the burn-rate alerts of an SLO: for each policy, objective, severity and
// time that it must hold, one.
func (w *writer) alerts(s catalog.SLO) []rule {
	var all []rule
	if len(s.Corrections) > 0 {
		w.note("Alerts of SLO %s do not know its corrections.", s.Name)
	}
	for _, p := range policiesOf(s) {
		if p.WhenNoData {
			w.note("AlertPolicy %s of SLO %s alerts where there is no data, too; no rule does.", p.Name, s.Name)
		}
		for _, o := range s.Objectives {
			all = append(all, w.alertsOf(s, p, o)...)
		}
	}
	return all
}

func (w *writer) alertsOf(s catalog.SLO, p catalog.AlertPolicy, o catalog.Objective) []rule {
	usable := rows(s, p, o)
	if len(usable) == 0 {
		return nil
	}
	ratios, err := w.ratiosOf(s, o)
	if err != nil {
		w.note("There are no alerts of SLO %s: %v.", s.Name, err)
		return nil
	}
	if o.Method() != slo.Occurrences {
		w.note("Alerts of SLO %s look at events, and its budget is in slices of time.", s.Name)
	}
	var all []rule
	for _, row := range usable {
		expr := ratios.burns(row, o.Objective)
		labels := w.alertLabels(s, p)
		labels["severity"] = row.Severity
		if o.Name != "" {
			labels["objective"] = o.Name
		}
		lasting := ""
		if row.After > 0 {
			lasting = slo.FormatDuration(row.After)
		}
		if usable[0].After != row.After {
			labels["long"] = slo.FormatDuration(row.Long) // else it would be the same alert twice
		}
		same := slices.IndexFunc(all, func(r rule) bool { return r.Labels["severity"] == row.Severity && r.For == lasting })
		if same >= 0 {
			all[same].Expr += "\nor\n" + expr
			continue
		}
		all = append(all, rule{Alert: p.Name, Expr: expr, For: lasting, Labels: labels, Annotations: annotationsOf(s, p, row.Severity)})
	}
	return all
}

// annotationsOf are a policy's annotations, with a summary where it has none.
func annotationsOf(s catalog.SLO, p catalog.AlertPolicy, severity string) map[string]string {
	annotations := map[string]string{}
	maps.Copy(annotations, p.Annotations)
	if annotations["summary"] == "" {
		annotations["summary"] = fmt.Sprintf("%s: the error budget burns too fast (%s)", s.Name, severity)
	}
	if annotations["description"] == "" && p.Description != "" {
		annotations["description"] = p.Description
	}
	return annotations
}

// burns is the PromQL of a row: the burn rate of both lookbacks above the factor, and at
// least so many failures, where they can be counted.
func (r ratios) burns(row slo.AlertWindow, o slo.Objective) string {
	op := ">"
	if row.AtFactor {
		op = ">="
	}
	highest := plain(row.BurnFactor(o) * o.BudgetRatio())
	parts := []string{fmt.Sprintf("%s %s %s", r.failing(row.Long), op, highest)}
	if row.Short != row.Long {
		parts = append(parts, fmt.Sprintf("%s %s %s", r.failing(row.Short), op, highest))
	}
	if failures := r.failures(row.Long); row.MinBad > 0 && failures != "" {
		parts = append(parts, fmt.Sprintf("%s >= %s", failures, plain(row.MinBad)))
	}
	return "(\n  " + strings.Join(parts, "\n  and\n  ") + "\n)"
}

// plain is a number without the noise of its last digits: 14.4 times 0.001 is 0.0144.
func plain(v float64) string {
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 12, 64), 64)
	if err != nil {
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	return strconv.FormatFloat(rounded, 'f', -1, 64)
}
