package plugin

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/catalog"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/impact"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// needsPolicy reports whether the answer has the number of a policy's state.
func (q question) needsPolicy() bool {
	return slices.ContainsFunc(q.measures, func(m measure) bool { return m.Name == "policy_state" })
}

// policyOf is a policy of the catalogue. The last day of an exception is over when the
// next one begins in the zone.
func policyOf(p catalog.Policy, zone *time.Location) (impact.Policy, error) {
	states := pick(p.States, func(s catalog.PolicyState) impact.PolicyState {
		return impact.PolicyState{
			Name: s.Name, RemainingBelow: s.When.BudgetRemainingBelow, BurnAbove: s.When.BurnRateAbove,
			Consequence: s.Consequence, Owner: s.Owner,
		}
	})
	exceptions := pick(p.Exceptions, func(e catalog.PolicyException) impact.PolicyException {
		return impact.PolicyException{Interval: slo.Interval{To: dayAfter(e.Until, zone)}, Reason: e.Reason, By: e.By}
	})
	return impact.NewPolicy(states, exceptions)
}

// dayAfter is the beginning of the day after a date in a zone; the zero time without a
// date.
func dayAfter(date string, zone *time.Location) time.Time {
	if day := dayOf(date, zone); !day.IsZero() {
		return day.AddDate(0, 0, 1)
	}
	return time.Time{}
}

// dayOf is the beginning of a date in a zone; the zero time without a date.
func dayOf(date string, zone *time.Location) time.Time {
	day, err := time.ParseInLocation(time.DateOnly, date, zone)
	if err != nil {
		return time.Time{}
	}
	return day
}

// ruling is what the policy of a promise says, given a report on it; unknown (false)
// without a policy, and where it hangs on what is not known. A report without a verdict
// tells nothing of the budget.
func (a assessment) ruling(r slo.Report, at time.Time, zone *time.Location) (impact.Ruling, bool) {
	if a.slo.Policy == nil {
		return impact.Ruling{}, false
	}
	policy, err := policyOf(*a.slo.Policy, zone)
	if err != nil {
		return impact.Ruling{}, false // the catalogue has checked it
	}
	remaining := r.BudgetRemaining
	if r.Status == slo.CannotTell {
		remaining = slo.Number{}
	}
	return policy.Rule(remaining, r.BurnRate, at)
}

// stateNumber is the number of a ruling's state: its place in the order of declaration,
// from 0, which is the gravest. No state at all is calmer than all: it is numbered after
// them, so that "below 1" always means the gravest.
func stateNumber(p catalog.Policy, r impact.Ruling) slo.Number {
	if r.Index < 0 {
		return slo.Known(float64(len(p.States)))
	}
	return slo.Known(float64(r.Index))
}

// addPolicy adds the state that the policy of a group's members is in: the gravest one
// of theirs. It is unknown where their policies have states of different names, and
// where a member of which nothing is known may be in a graver one.
func (f *figures) addPolicy(g *group, at, asOf time.Time, q question) {
	if !q.needsPolicy() {
		return
	}
	if _, same := g.states(); !same {
		f.warnings = append(f.warnings, "its promises have policies with different states, which have no number in common")
		return
	}
	unknown := false
	for _, m := range g.members {
		if m.slo.Policy == nil {
			continue
		}
		r, known := m.ruling(m.report(at, asOf, q), at, m.zone())
		if !known {
			unknown = true
			continue
		}
		if n := stateNumber(*m.slo.Policy, r); !f.policy.Known || n.Value < f.policy.Value {
			f.policy = n
		}
	}
	if unknown && f.policy.Value > 0 {
		f.policy = slo.Number{}
	}
}

// states are the names of the states that a group's policies have, the gravest first;
// false where members differ. There are none without a policy.
func (g *group) states() (names []string, same bool) {
	for _, m := range g.members {
		if m.slo.Policy == nil {
			continue
		}
		own := pick(m.slo.Policy.States, func(s catalog.PolicyState) string { return s.Name })
		if names != nil && !slices.Equal(names, own) {
			return nil, false
		}
		names = own
	}
	return names, true
}

// zone is whose clock an assessment's customers and policies live by.
func (a assessment) zone() *time.Location {
	if a.stakes.zone == nil { // it could not be evaluated
		return time.UTC
	}
	return a.stakes.zone
}

// noState is what a policy is in where none of its conditions holds.
const noState = "No state"

// showStates makes numbers of states read as their names: the gravest red, the calmest
// green.
func showStates(config *data.FieldConfig, names []string) {
	if len(names) == 0 {
		return
	}
	mapper := data.ValueMapper{strconv.Itoa(len(names)): {Text: noState, Color: grey, Index: len(names)}}
	for i, name := range names {
		color := orange
		switch i {
		case len(names) - 1:
			color = green
		case 0:
			color = red
		}
		mapper[strconv.Itoa(i)] = data.ValueMappingResult{Text: name, Color: color, Index: i}
	}
	config.Mappings = data.ValueMappings{mapper}
}

// consequence is what the policy of a promise says is done now, as the end of a sentence;
// empty where nobody knows.
func (a assessment) consequence(r slo.Report, at time.Time, zone *time.Location) string {
	ruling, known := a.ruling(r, at, zone)
	if !known {
		return ""
	}
	return strings.TrimRight(ruling.State.Consequence, " .。")
}

// exceptionWords say why a policy's state is another one than the budget's, for how
// long, and who allowed it.
func exceptionWords(r impact.Ruling, zone *time.Location) string {
	if r.Exception == nil {
		return ""
	}
	last := r.Exception.To.In(zone).AddDate(0, 0, -1).Format(time.DateOnly)
	return fmt.Sprintf("%s (%s, until %s)", r.Exception.Reason, r.Exception.By, last)
}
