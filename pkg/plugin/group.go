package plugin

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/impact"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// group is what one row or line of an answer is about: a promise, or all promises
// of a service or owner together.
type group struct {
	title   string
	labels  data.Labels // stable: they identify alert instances
	members []assessment
	route   *route // of a journey, whose steps the members are; nil otherwise
}

// groupBy forms groups, in the order in which their first members come.
func groupBy(by string, all []assessment) []*group {
	var groups []*group
	byKey := map[string]*group{}
	for _, a := range all {
		key, g := newGroup(by, a)
		if have, ok := byKey[key]; ok {
			have.members = append(have.members, a)
			continue
		}
		g.members = []assessment{a}
		byKey[key] = g
		groups = append(groups, g)
	}
	return groups
}

// ownLabels are the labels that answers use; a label of a query that is called like
// one gets a prefix.
var ownLabels = []string{"slo", "service", "objective", "owner", "journey", "measure", "severity"}

// fullTitle is what readers call the promise, with the group that it is about.
func (a assessment) fullTitle() string {
	if a.group == nil {
		return a.title()
	}
	return a.title() + ": " + groupName(a.group)
}

// nobody stands for SLOs without an owner or service in the labels of a group.
const nobody = "none"

func newGroup(by string, a assessment) (string, *group) {
	switch by {
	case byService, byOwner:
		name := a.slo.Service
		if by == byOwner {
			name = a.slo.Owner()
		}
		if name == "" {
			name = nobody
		}
		return name, &group{title: name, labels: data.Labels{by: name}}
	}
	labels, title := data.Labels{"slo": a.slo.Name}, a.title()
	key := a.slo.Name + "\x00" + a.name
	if by == byGroup && a.group != nil {
		var values []string
		for _, name := range slices.Sorted(maps.Keys(a.group)) {
			values = append(values, a.group[name])
			if _, taken := labels[name]; taken || slices.Contains(ownLabels, name) {
				name = "group_" + name
			}
			labels[name] = values[len(values)-1]
		}
		title = a.fullTitle()
		key += "\x00" + strings.Join(values, "\x00")
	}
	if a.slo.Service != "" {
		labels["service"] = a.slo.Service
	}
	if a.name != "" {
		labels["objective"] = a.name
	}
	return key, &group{title: title, labels: labels}
}

// figures are everything about a group at one instant.
type figures struct {
	slo.Report
	loss     *impact.Loss // nil where it is not known
	costs                 // what else is at stake
	policy   slo.Number   // number of the state that its policy is in
	warnings []string
	miss     slo.Number // probability of a miss
	gone     time.Time  // when the budget is gone in half of all futures; zero where not foreseen
	back     time.Time  // the same of an exhausted budget that is back
	route    *route     // of a journey; nil otherwise

	contradictory bool   // more of a member's events are good than there are
	worst         string // which member these are the figures of, where the worst stands for all
}

// figures judges a group at an instant, knowing what came after it until another.
func (g *group) figures(at, asOf time.Time, q question) figures {
	if g.route != nil {
		return g.travel(at, asOf, q).figures
	}
	var (
		counted []member // those whose events count
		worst   = slo.Met
		out     figures
	)
	for _, m := range g.members {
		out.warnings = append(out.warnings, m.warnings...)
		report := m.report(at, asOf, q)
		worst = slo.Worse(worst, report.Status)
		if g.countsEventsOf(m) {
			counted = append(counted, member{m, report})
		}
	}
	switch {
	case q.pool == poolWorst && len(counted) > 1:
		counted = []member{worstOf(counted)}
		out.Report, out.worst = counted[0].report, counted[0].fullTitle()
	case len(g.members) == 1:
		out.Report = counted[0].report
	default:
		out.Report = slo.Pool(pick(counted, func(m member) slo.Report { return m.report }), slo.DefaultRules)
		out.Status = worst
	}
	out.contradictory = slices.ContainsFunc(counted, func(m member) bool { return m.report.Events.Contradictory() })
	for _, w := range out.Report.Warnings {
		out.warnings = append(out.warnings, w.Text)
	}
	out.addLoss(g, counted, at)
	out.addStakes(g, counted, at, q)
	out.addPolicy(g, at, asOf, q)
	return out
}

// member is one of a group with its report.
type member struct {
	assessment
	report slo.Report
}

// worstOf is the member with the worst verdict, and of those the one with the least
// budget left.
func worstOf(members []member) member {
	return slices.MinFunc(members, func(a, b member) int {
		if a.report.Status != b.report.Status {
			if slo.Worse(a.report.Status, b.report.Status) == a.report.Status {
				return -1
			}
			return 1
		}
		return cmp.Compare(a.report.BudgetRemaining.Value, b.report.BudgetRemaining.Value)
	})
}

// addLoss adds up the losses of members.
func (f *figures) addLoss(g *group, members []member, at time.Time) {
	var lost []priced
	valued := 0
	for _, m := range members {
		if len(m.slo.Values) > 0 {
			valued++
		}
		if loss, ok := m.loss(at); ok {
			lost = append(lost, priced{m.assessment, loss})
		}
	}
	total, shared := together(lost)
	switch {
	case len(lost) == 0:
	case len(g.currencies()) > 1:
		f.warnings = append(f.warnings, "losses in different currencies are not added up")
	default:
		f.loss = &total
		if shared {
			f.warnings = append(f.warnings, maybeTheSame)
		}
		if len(lost) < valued {
			f.warnings = append(f.warnings, fmt.Sprintf("the loss of %d of %d promises is not known and left out", valued-len(lost), valued))
		}
	}
}

// countsEventsOf reports whether a member stands for the events of its SLO. Several
// objectives of one SLO are about the same events, which must not be added up: the
// strictest stands for them.
func (g *group) countsEventsOf(m assessment) bool {
	if m.own.Own != nil {
		return true // an objective of a composite SLO has events of its own
	}
	for _, other := range g.members {
		if other.slo.Name != m.slo.Name {
			continue
		}
		if other.objective.Target() > m.objective.Target() || other.objective.Target() == m.objective.Target() && other.name < m.name {
			return false
		}
	}
	return true
}

// currencies are the different currencies of the members' ledgers.
func (g *group) currencies() []string {
	if g.route != nil {
		return g.route.currencies()
	}
	var all []string
	seen := map[string]bool{}
	for _, m := range g.members {
		if m.ledger != nil && !seen[m.currency] {
			seen[m.currency] = true
			all = append(all, m.currency)
		}
	}
	return all
}

// value is a figure under the name of its measure.
func (f figures) value(name string) slo.Number {
	if f.route != nil && !f.route.tells(name) {
		return slo.Number{}
	}
	switch name {
	case "sli":
		return f.SLI
	case "target":
		return slo.Known(f.Target)
	case "budget_consumed":
		return f.BudgetConsumed
	case "budget_remaining":
		return f.BudgetRemaining
	case "budget_remaining_events":
		return f.BudgetRemainingUnits
	case "budget_remaining_minutes":
		return over(f.BudgetRemainingTime, 60)
	case "budget_consumed_to_date":
		return f.BudgetConsumedToDate
	case "budget_remaining_to_date":
		return f.BudgetRemainingToDate
	case "sli_uncorrected", "budget_remaining_uncorrected", "forgiven_events":
		return f.uncorrected(name)
	case "burn_rate":
		return f.BurnRate
	case "miss_probability":
		return f.miss
	case "good_events":
		return f.ifMeasured(f.Events.Good)
	case "bad_events":
		if f.contradictory {
			return slo.Number{}
		}
		return f.ifMeasured(f.Events.Bad())
	case "total_events":
		return f.ifMeasured(f.Events.Total)
	case "coverage":
		return slo.Known(f.Coverage)
	case "sli_low":
		return f.SLILow
	case "sli_high":
		return f.SLIHigh
	case "status":
		return slo.Known(float64(f.Status))
	case "policy_state":
		return f.policy
	}
	return f.stake(name)
}

// uncorrected is a figure about corrections; unknown where there are none.
func (f figures) uncorrected(name string) slo.Number {
	raw := f.Uncorrected
	switch {
	case raw == nil:
		return slo.Number{}
	case name == "sli_uncorrected":
		return raw.SLI
	case name == "budget_remaining_uncorrected":
		return raw.BudgetRemaining
	}
	return slo.Known(raw.Events.Bad() - f.Events.Bad())
}

// over is a number divided by another; unknown where it is.
func over(n slo.Number, by float64) slo.Number {
	if !n.Known {
		return n
	}
	return slo.Known(n.Value / by)
}

func (f figures) ifMeasured(v float64) slo.Number {
	if !f.Measured {
		return slo.Number{}
	}
	return slo.Known(v)
}
