package export

import (
	"fmt"
	"maps"
	"regexp"
	"slices"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/catalog"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/prom"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// ruleFile is a file of rules; Mimir's have a namespace.
type ruleFile struct {
	Namespace string      `yaml:"namespace,omitempty"`
	Groups    []ruleGroup `yaml:"groups"`
}

// ruleGroup are rules that are evaluated one after the other.
type ruleGroup struct {
	Name            string `yaml:"name"`
	Interval        string `yaml:"interval"`
	PartialResponse string `yaml:"partial_response_strategy,omitempty"` // Thanos
	Rules           []rule `yaml:"rules"`
}

// rule records or alerts.
type rule struct {
	Record      string            `yaml:"record,omitempty"`
	Alert       string            `yaml:"alert,omitempty"`
	Expr        string            `yaml:"expr"`
	For         string            `yaml:"for,omitempty"`
	Labels      map[string]string `yaml:"labels,omitempty"`
	Annotations map[string]string `yaml:"annotations,omitempty"`
}

// groups are the rules of all SLOs: those that record slices, and those that alert.
func (w *writer) groups(c catalog.Catalog) []ruleGroup {
	groups := []ruleGroup{}
	recorded := map[string]string{} // by definition, whose slices they are
	for _, s := range c.SLOs {
		groups = append(groups, w.slices(s, recorded)...)
	}
	for _, s := range c.SLOs {
		if alerts := w.alerts(s); len(alerts) > 0 {
			groups = append(groups, ruleGroup{Name: "stakes-alerts-" + s.Name, Interval: "1m", Rules: alerts})
		}
	}
	return groups
}

// slices are the groups that record an SLO's slices. SLOs that count the same share what
// is recorded: twice, it would not be believed.
func (w *writer) slices(s catalog.SLO, recorded map[string]string) []ruleGroup {
	var groups []ruleGroup
	said := map[string]bool{}
	for _, o := range s.Objectives {
		written, err := prom.RulesFor(IndicatorOf(o.Indicator(s)))
		if err != nil {
			if !said[err.Error()] {
				w.note("No slices of SLO %s are recorded: %v. Stakes reads its raw data.", s.Name, err)
			}
			said[err.Error()] = true
			continue
		}
		if of, ok := recorded[written.Definition]; ok {
			if of != s.Name {
				w.note("SLO %s counts the same as SLO %s, whose slices are its own too.", s.Name, of)
			}
			continue
		}
		recorded[written.Definition] = s.Name
		group := ruleGroup{Name: "stakes-slices-" + s.Name, Interval: slo.FormatDuration(prom.RecordedEvery)}
		if len(groups) > 0 {
			group.Name += fmt.Sprintf("-%d", len(groups)+1)
		}
		for _, one := range written.Rules {
			labels := maps.Clone(one.Labels)
			labels["slo"] = s.Name
			group.Rules = append(group.Rules, rule{Record: prom.RecordedMetric, Expr: one.Expr, Labels: labels})
		}
		groups = append(groups, group)
	}
	return groups
}

// notInLabels is what the names of labels have no place for.
var notInLabels = regexp.MustCompile(`[^a-zA-Z0-9_]`)

// labelName is a name that labels may have everywhere.
func (w *writer) labelName(of catalog.SLO, name string) string {
	allowed := notInLabels.ReplaceAllString(name, "_")
	if allowed == "" || allowed[0] >= '0' && allowed[0] <= '9' {
		allowed = "_" + allowed
	}
	if allowed != name {
		w.note("The label %s of SLO %s is called %s, since labels have no such names.", name, of.Name, allowed)
	}
	return allowed
}

// alertLabels are the labels of an SLO's alerts: its own, those of the policy, and those
// that alerts of Stakes have too, which never change.
func (w *writer) alertLabels(s catalog.SLO, p catalog.AlertPolicy) map[string]string {
	labels := map[string]string{}
	for _, given := range []map[string]string{s.Labels, p.Labels} {
		for _, name := range slices.Sorted(maps.Keys(given)) {
			labels[w.labelName(s, name)] = given[name]
		}
	}
	labels["slo"], labels["service"] = s.Name, s.Service
	return labels
}
