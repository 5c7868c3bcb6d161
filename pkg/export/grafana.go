package export

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"strings"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/catalog"
)

// grafanaFile is a file of Grafana's provisioning.
type grafanaFile struct {
	APIVersion int            `yaml:"apiVersion"`
	Groups     []grafanaGroup `yaml:"groups"`
}

type grafanaGroup struct {
	OrgID    int           `yaml:"orgId"`
	Name     string        `yaml:"name"`
	Folder   string        `yaml:"folder"`
	Interval string        `yaml:"interval"`
	Rules    []grafanaRule `yaml:"rules"`
}

// grafanaRule keeps its last state where there is no data and where a question fails: an
// outage of the monitoring neither fires nor resolves.
type grafanaRule struct {
	UID          string            `yaml:"uid"`
	Title        string            `yaml:"title"`
	Condition    string            `yaml:"condition"`
	For          string            `yaml:"for"`
	NoDataState  string            `yaml:"noDataState"`
	ExecErrState string            `yaml:"execErrState"`
	Labels       map[string]string `yaml:"labels,omitempty"`
	Annotations  map[string]string `yaml:"annotations"`
	Data         []grafanaQuery    `yaml:"data"`
}

type grafanaQuery struct {
	RefID             string         `yaml:"refId"`
	DatasourceUID     string         `yaml:"datasourceUid"`
	RelativeTimeRange map[string]int `yaml:"relativeTimeRange,omitempty"`
	Model             map[string]any `yaml:"model"`
}

// grafana are three rules for each SLO, as provisioning/alerting has them for all at once:
// so that each has the labels and annotations of its SLO.
func (w *writer) grafana(c catalog.Catalog, datasource string) grafanaFile {
	file := grafanaFile{APIVersion: 1, Groups: []grafanaGroup{}}
	for _, s := range c.SLOs {
		group := grafanaGroup{OrgID: 1, Name: strings.ReplaceAll(literal(s.Name), "/", "-"), Folder: "Stakes", Interval: "1m"}
		ask := func(kind, title, holds string, question grafanaQuery, op string, bound float64) *grafanaRule {
			group.Rules = append(group.Rules, grafanaRule{
				UID: uid(kind, s.Name), Title: literal(s.Name + ": " + title), Condition: "B", For: holds,
				NoDataState: "KeepLast", ExecErrState: "KeepLast",
				Data: []grafanaQuery{question, threshold(op, bound)},
			})
			return &group.Rules[len(group.Rules)-1]
		}
		if policies := w.grafanaPolicies(s); len(policies) > 0 {
			rule := ask("burn", "the error budget burns too fast", "0s", question(datasource, s, "alert"), "gt", 0)
			rule.Labels, rule.Annotations = w.grafanaLabels(s, "", policies), map[string]string{}
			for _, p := range policies {
				maps.Copy(rule.Annotations, p.Annotations)
			}
			w.braces(s, rule.Annotations)
			if rule.Annotations["summary"] == "" {
				rule.Annotations["summary"] = s.Name + ": the error budget burns too fast ({{ $labels.severity }})"
			}
		}
		rule := ask("budget", "the error budget is spent", "5m", question(datasource, s, "number", "budget_remaining"), "lt", 0)
		rule.Labels, rule.Annotations = w.grafanaLabels(s, "ticket", nil), map[string]string{"summary": s.Name + ": more has failed than the promise allows"}
		rule = ask("miss", "the promise is likely to be missed", "30m", question(datasource, s, "number", "miss_probability"), "gt", 0.5)
		rule.Labels, rule.Annotations = w.grafanaLabels(s, "ticket", nil), map[string]string{"summary": s.Name + ": a miss is more likely than not"}
		file.Groups = append(file.Groups, group)
	}
	return file
}

// grafanaPolicies are the policies by which any row of an SLO alerts.
func (w *writer) grafanaPolicies(s catalog.SLO) []catalog.AlertPolicy {
	var all []catalog.AlertPolicy
	for _, p := range policiesOf(s) {
		for _, o := range s.Objectives {
			if len(rows(s, p, o)) > 0 {
				all = append(all, p)
				break
			}
		}
	}
	if len(all) > 1 {
		w.note("SLO %s has %d alert policies and one rule for all of them, with the labels and annotations of all.", s.Name, len(all))
	}
	return all
}

// grafanaLabels are labels of a rule; instances have slo, service, objective and severity
// of their own.
func (w *writer) grafanaLabels(s catalog.SLO, severity string, policies []catalog.AlertPolicy) map[string]string {
	labels := map[string]string{}
	for _, p := range append(policies, catalog.AlertPolicy{}) {
		maps.Copy(labels, w.alertLabels(s, p))
	}
	for _, own := range []string{"slo", "service", "objective", "severity"} {
		delete(labels, own)
	}
	for name, value := range labels {
		labels[name] = literal(value)
	}
	if severity != "" {
		labels["severity"] = severity
	}
	return labels
}

// braces notes what Grafana takes for a variable of its environment.
func (w *writer) braces(s catalog.SLO, annotations map[string]string) {
	for _, text := range annotations {
		if strings.Contains(text, "${") {
			w.note("Annotations of SLO %s have ${…}, which Grafana fills in from its environment.", s.Name)
		}
	}
}

// literal keeps Grafana from taking a text for a variable of its environment.
func literal(text string) string { return strings.ReplaceAll(text, "$", "$$") }

// uid is a rule's own name, the same each time.
func uid(kind, of string) string {
	sum := sha256.Sum256([]byte(of))
	return "stakes-" + kind + "-" + hex.EncodeToString(sum[:8])
}

// question asks Stakes about an SLO.
func question(datasource string, s catalog.SLO, queryType string, measures ...string) grafanaQuery {
	query := map[string]any{"version": 1, "select": map[string]any{"slo": []string{s.Name}}}
	if len(measures) > 0 {
		query["measures"] = measures
	}
	return grafanaQuery{
		RefID: "A", DatasourceUID: literal(datasource), RelativeTimeRange: map[string]int{"from": 3600, "to": 0},
		Model: map[string]any{"refId": "A", "queryType": queryType, "query": query},
	}
}

// threshold is a condition on a question's answer.
func threshold(op string, bound float64) grafanaQuery {
	return grafanaQuery{RefID: "B", DatasourceUID: "__expr__", Model: map[string]any{
		"refId": "B", "type": "threshold", "expression": "A",
		"conditions": []any{map[string]any{"evaluator": map[string]any{"type": op, "params": []any{bound}}}},
	}}
}
