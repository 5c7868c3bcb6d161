package plugin

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/catalog"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// promise is one objective of an SLO, over the window that is asked for.
type promise struct {
	slo       catalog.SLO
	own       catalog.Objective // as the catalogue has it
	name      string            // of the objective; empty where the SLO has only one
	objective slo.Objective
	selected  bool              // by its own name, and not only as one of many
	contract  *catalog.Contract // that it is judged for; nil for the promise itself
	journey   string            // whose customers its events are; empty for an objective
}

// title is what readers call the promise.
func (p promise) title() string {
	if p.name == "" {
		return p.slo.DisplayName
	}
	return p.slo.DisplayName + " (" + p.name + ")"
}

// rules are the thresholds of verdicts on the promise.
func (p promise) rules() slo.Rules { return p.slo.Rules.Or(slo.DefaultRules) }

// choose are the promises that a question is answered from.
func choose(c catalog.Catalog, q question) ([]promise, error) {
	selected, err := selectPromises(c, q)
	if err != nil {
		return nil, err
	}
	if q.aboutJourneys() {
		return promisesOfJourneys(c, q, selected)
	}
	switch q.queryType {
	case typeContracts:
		return promisesOfContracts(selected)
	case typePriorities:
		contracts, err := underContract(selected)
		return append(selected, contracts...), err
	}
	return selected, nil
}

// groupsOf are the groups that a question is about.
func groupsOf(c catalog.Catalog, q question, all []assessment) []*group {
	if q.aboutJourneys() {
		return journeyGroups(c, all)
	}
	return groupBy(q.by, all)
}

// selectPromises are the promises that a question is about. Whoever names an SLO, a
// service or a label that does not exist is told so.
func selectPromises(c catalog.Catalog, q question) ([]promise, error) {
	if len(c.SLOs) == 0 {
		return nil, fmt.Errorf("the catalogue of this data source defines no SLO%s", becauseOf(c))
	}
	for _, name := range q.slos {
		if !slices.ContainsFunc(c.SLOs, func(s catalog.SLO) bool { return s.Name == name }) {
			return nil, fmt.Errorf("there is no SLO %q in the catalogue%s", name, becauseOf(c))
		}
	}
	for _, name := range q.services {
		if !slices.ContainsFunc(c.SLOs, func(s catalog.SLO) bool { return s.Service == name }) {
			return nil, fmt.Errorf("no SLO in the catalogue belongs to a service %q", name)
		}
	}
	steps, err := stepsOf(c, q.journeys)
	if err != nil {
		return nil, err
	}
	var selected []promise
	for _, s := range c.SLOs {
		if !matches(s, q) || len(q.journeys) > 0 && !steps[s.Name] {
			continue
		}
		for _, o := range s.Objectives {
			objective := o.Objective
			if q.window != nil {
				var err error
				if objective, err = objective.Over(*q.window); err != nil {
					return nil, err
				}
			}
			selected = append(selected, promise{slo: s, own: o, name: o.Name, objective: objective, selected: len(q.slos) > 0})
		}
	}
	if len(selected) == 0 {
		return nil, fmt.Errorf("no SLO in the catalogue has %s", describe(q))
	}
	return selected, nil
}

func matches(s catalog.SLO, q question) bool {
	for key, values := range q.labels {
		if len(values) > 0 && !slices.ContainsFunc(s.LabelValues(key), func(have string) bool { return slices.Contains(values, have) }) {
			return false
		}
	}
	return (len(q.slos) == 0 || slices.Contains(q.slos, s.Name)) &&
		(len(q.services) == 0 || slices.Contains(q.services, s.Service))
}

// describe says what a question selects by.
func describe(q question) string {
	var parts []string
	if len(q.slos) > 0 {
		parts = append(parts, "the name "+strings.Join(q.slos, " or "))
	}
	if len(q.services) > 0 {
		parts = append(parts, "the service "+strings.Join(q.services, " or "))
	}
	if len(q.journeys) > 0 {
		parts = append(parts, "a step in the journey "+strings.Join(q.journeys, " or "))
	}
	var labels []string
	for key, values := range q.labels {
		labels = append(labels, fmt.Sprintf("the label %s=%s", key, strings.Join(values, " or ")))
	}
	sort.Strings(labels)
	return strings.Join(append(parts, labels...), " and ")
}

// becauseOf points at the catalogue's problems, which may have hidden an SLO.
func becauseOf(c catalog.Catalog) string {
	errors := 0
	for _, p := range c.Problems {
		if p.Severity == catalog.Error {
			errors++
		}
	}
	switch errors {
	case 0:
		return ""
	case 1:
		return "; it has a problem that may have hidden it: see the data source's settings"
	}
	return fmt.Sprintf("; it has %d problems that may have hidden it: see the data source's settings", errors)
}
