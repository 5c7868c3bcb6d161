package plugin

import (
	"fmt"
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
	labels := data.Labels{"slo": a.slo.Name}
	if a.slo.Service != "" {
		labels["service"] = a.slo.Service
	}
	if a.name != "" {
		labels["objective"] = a.name
	}
	return a.slo.Name + "\x00" + a.name, &group{title: a.title(), labels: labels}
}

// figures are everything about a group at one instant.
type figures struct {
	slo.Report
	loss     *impact.Loss // nil where it is not known
	warnings []string
}

// figures judges a group at an instant, knowing what came after it until another.
func (g *group) figures(at, asOf time.Time, q question) figures {
	var (
		counted []slo.Report // of those members whose events count
		worst   = slo.Met
		out     figures
		total   impact.Loss
		priced  int
	)
	for _, m := range g.members {
		out.warnings = append(out.warnings, m.warnings...)
		report := m.report(at, asOf, q)
		worst = slo.Worse(worst, report.Status)
		if !g.countsEventsOf(m) {
			continue
		}
		counted = append(counted, report)
		if loss, ok := m.loss(at); ok {
			total = total.Add(loss)
			priced++
		}
	}
	if len(g.members) == 1 {
		out.Report = counted[0]
	} else {
		out.Report = slo.Pool(counted, slo.DefaultRules)
		out.Status = worst
	}
	for _, w := range out.Report.Warnings {
		out.warnings = append(out.warnings, w.Text)
	}
	switch currencies := g.currencies(); {
	case priced == 0:
	case len(currencies) > 1:
		out.warnings = append(out.warnings, "losses in different currencies are not added up")
	default:
		out.loss = &total
		if valued := g.valued(); priced < valued {
			out.warnings = append(out.warnings, fmt.Sprintf("the loss of %d of %d promises is not known and left out", valued-priced, valued))
		}
	}
	return out
}

// countsEventsOf reports whether a member stands for the events of its SLO. Several
// objectives of one SLO are about the same events, which must not be added up: the
// strictest stands for them.
func (g *group) countsEventsOf(m assessment) bool {
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

// valued is the number of members that somebody put a value on.
func (g *group) valued() int {
	n := 0
	for _, m := range g.members {
		if len(m.slo.Values) > 0 && g.countsEventsOf(m) {
			n++
		}
	}
	return n
}

// currencies are the different currencies of the members' ledgers.
func (g *group) currencies() []string {
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
	switch name {
	case "sli":
		return f.SLI
	case "target":
		return slo.Known(f.Target)
	case "budget_consumed":
		return f.BudgetConsumed
	case "budget_remaining":
		return f.BudgetRemaining
	case "burn_rate":
		return f.BurnRate
	case "good_events":
		return f.ifMeasured(f.Events.Good)
	case "bad_events":
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
	}
	if f.loss == nil {
		return slo.Number{}
	}
	switch name {
	case "loss":
		return slo.Known(f.loss.Gross.Base)
	case "loss_low":
		return slo.Known(f.loss.Gross.Low)
	case "loss_high":
		return slo.Known(f.loss.Gross.High)
	case "loss_accepted":
		return slo.Known(f.loss.Accepted.Base)
	case "loss_excess":
		return slo.Known(f.loss.Excess.Base)
	}
	return slo.Number{}
}

func (f figures) ifMeasured(v float64) slo.Number {
	if !f.Measured {
		return slo.Number{}
	}
	return slo.Known(v)
}
