package catalog

import (
	"fmt"
	"strconv"
	"time"

	v1 "github.com/OpenSLO/go-sdk/pkg/openslo/v1"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// AlertPolicy says when to alert of an SLO: OpenSLO's AlertPolicy with its conditions.
type AlertPolicy struct {
	Name        string
	DisplayName string // never empty
	Description string
	// When an alert is sent: there is no data, the condition holds, it holds no more.
	WhenNoData, WhenBreaching, WhenResolved bool
	Conditions                              []AlertCondition
	Targets                                 []string          // names of whom to notify; may be empty
	Labels, Annotations                     map[string]string // of the alerts, where another tool has them; may be nil
	Place                                   Place

	part bool // that is to be joined with the one before, of the same name
}

// AlertCondition is a burn rate over a lookback that an alert fires at.
//
// OpenSLO knows one lookback only. It is the long one and the short one, which is what
// a condition says: nothing but the burn rate over that lookback.
type AlertCondition struct {
	Name string
	slo.AlertWindow
	Op slo.Op // slo.GT or slo.GTE
}

// condition reads the spec of an AlertCondition at a path.
func (d *document) condition(path, name string, spec v1.AlertConditionSpec) AlertCondition {
	c := AlertCondition{Name: name, Op: slo.Op(spec.Condition.Operator)}
	c.Severity = spec.Severity
	path += ".condition"
	// OpenSLO's own examples say lte where they mean that the threshold is at most the
	// burn rate; an alert on a budget that is kept makes no sense.
	if turned, ok := map[slo.Op]slo.Op{slo.LT: slo.GT, slo.LTE: slo.GTE}[c.Op]; ok {
		d.warn(path+".op", "op %s would alert while the error budget is kept, and is read as %s; expected gt or gte", c.Op, turned)
		c.Op = turned
	}
	if factor := spec.Condition.Threshold; factor != nil {
		c.Factor = *factor
		if !(c.Factor > 0) {
			d.fail(path+".threshold", "threshold is %v; expected a burn rate above 0, such as 14.4", c.Factor)
		}
	}
	c.Long = d.span(path+".lookbackWindow", false)
	c.Short = c.Long
	c.AtFactor = c.Op == slo.GTE
	c.After = d.span(path+".alertAfter", true)
	return c
}

// span is a duration in units that are equally long everywhere. It is zero where
// there is none; what OpenSLO itself says of a duration is left to it.
func (d *document) span(path string, zeroIsFine bool) time.Duration {
	node, _ := d.find(path)
	parts := openSLODuration.FindStringSubmatch(textOf(node))
	if parts == nil {
		return 0
	}
	unit := map[string]time.Duration{"m": time.Minute, "h": time.Hour, "d": 24 * time.Hour, "w": 7 * 24 * time.Hour}[parts[2]]
	n, _ := strconv.Atoi(parts[1])
	length := time.Duration(n) * unit
	if unit == 0 || length == 0 && !zeroIsFine {
		d.fail(path, "%s is %s; expected a number of minutes, hours, days or weeks, such as 1h", leaf(path), quote(textOf(node)))
	}
	return length
}

// policy reads the spec of an AlertPolicy at a path.
func (r *reader) policy(d *document, path string, metadata v1.Metadata, spec v1.AlertPolicySpec) AlertPolicy {
	p := AlertPolicy{
		Name:          metadata.Name,
		DisplayName:   orName(metadata.DisplayName, metadata.Name),
		Description:   spec.Description,
		WhenNoData:    spec.AlertWhenNoData,
		WhenBreaching: spec.AlertWhenBreaching,
		WhenResolved:  spec.AlertWhenResolved,
		Place:         d.place,
	}
	for _, target := range spec.NotificationTargets {
		switch {
		case target.AlertPolicyNotificationTargetRef != nil:
			p.Targets = append(p.Targets, target.TargetRef)
		case target.AlertPolicyNotificationTargetInline != nil:
			p.Targets = append(p.Targets, target.Metadata.Name)
		}
	}
	if !p.WhenBreaching {
		d.warn(path+".alertWhenBreaching", "alertWhenBreaching is not true, so that no burn rate fires this alert; expected alertWhenBreaching: true")
	}
	for i, c := range spec.Conditions {
		at := index(path+".conditions", i)
		switch {
		case c.AlertPolicyConditionInline != nil:
			p.Conditions = append(p.Conditions, d.condition(at+".spec", c.Metadata.Name, c.Spec))
		case c.AlertPolicyConditionRef != nil:
			if condition, ok := referred(r, d.fail, at+".conditionRef", "AlertCondition", c.ConditionRef, r.conditions); ok {
				p.Conditions = append(p.Conditions, condition)
			}
		}
	}
	d.readBeyond(path, &p, metadata.Annotations)
	return p
}

// referred is what a name at a path refers to; ok is false, and it is reported, where
// that is nothing.
func referred[T any](r *reader, report func(path, format string, args ...any), path, kind, name string, good map[string]T) (found T, ok bool) {
	found, ok = good[name]
	if ok || name == "" {
		return found, ok
	}
	if bad := r.claimant(kind, name); bad != nil {
		report(path, "%s names the %s %s, which has problems itself (%s); expected one without", leaf(path), kind, quote(name), bad.place)
	} else {
		report(path, "%s %s names no %s document%s; expected the name of one in this catalogue", leaf(path), quote(name), kind, didYouMean(name, r.namesOf(kind)))
	}
	return found, false
}

// alert gives an SLO the alert policies that it lists. One that cannot be read does not
// hide the SLO.
func (r *reader) alert(d *document, s *SLO, given []v1.SLOAlertPolicy) {
	for i, g := range given {
		at := index("spec.alertPolicies", i)
		policy, ok := AlertPolicy{}, false
		switch {
		case g.SLOAlertPolicyInline != nil:
			policy, ok = r.policy(d, at+".spec", g.Metadata, g.Spec), true
		case g.SLOAlertPolicyRef != nil:
			policy, ok = referred(r, d.warn, at+".alertPolicyRef", "AlertPolicy", g.AlertPolicyRef, r.policies)
		}
		if !ok {
			continue
		}
		s.join(policy)
		for _, c := range policy.Conditions {
			d.reachable(at, c, policy, s.Objectives)
			if policy.WhenBreaching {
				if s.Rules.MinFailures > 0 {
					c.MinBad = s.Rules.MinFailures
				}
				s.AlertWindows = append(s.AlertWindows, c.AlertWindow)
			}
		}
	}
}

// join gives an SLO a policy, as one of its own or as more conditions of the last one.
func (s *SLO) join(p AlertPolicy) {
	n := len(s.AlertPolicies) - 1
	if p.part && n >= 0 && s.AlertPolicies[n].Name == p.Name {
		s.AlertPolicies[n].Conditions = append(s.AlertPolicies[n].Conditions, p.Conditions...)
		return
	}
	p.part = false
	s.AlertPolicies = append(s.AlertPolicies, p)
}

// reachable warns of a burn rate that none of the objectives allows: where everything
// fails, the budget burns 1 / (1 - target) times faster than it may.
func (d *document) reachable(path string, c AlertCondition, p AlertPolicy, objectives []Objective) {
	highest := 0.0
	for _, o := range objectives {
		highest = max(highest, 1/o.BudgetRatio())
	}
	if len(objectives) > 0 && c.Factor >= highest {
		d.warn(path, "AlertPolicy %s fires at a burn rate of %v, and even if everything fails it is %s here; expected a lower threshold",
			quote(p.Name), c.Factor, fmt.Sprintf("%.3g", highest))
	}
}
