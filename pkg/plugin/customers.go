package plugin

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/catalog"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/impact"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// clientele is how an assessment's failures become customers.
type clientele struct {
	catalog.Customers
	users []slo.Number // at work in each slice, where a metric counts them
}

// hurt are the customers that failures reached in a window.
type hurt struct {
	number   impact.Range
	known    bool
	byName   bool
	names    []string // of all of them where each has a name; confidential
	warnings []string
}

// meetCustomers finds out how an assessment's failures become customers, by the first
// value document that says so.
func (a assessor) meetCustomers(ctx context.Context, out *assessment) error {
	i := slices.IndexFunc(out.slo.Values, func(v catalog.Value) bool { return v.Customers != nil })
	if i < 0 {
		return nil
	}
	c := &clientele{Customers: *out.slo.Values[i].Customers}
	switch {
	case c.Label != "" && !out.has(c.Label):
		out.warn(fmt.Sprintf("customers are told by the label %s, by which the queries of the indicator are not summed; expected sum by (%s)", c.Label, c.Label))
		return nil
	case c.Label != "" && out.stakes.leftOut > 0:
		out.warn(fmt.Sprintf("%d groups beyond the largest are not among the customers", out.stakes.leftOut))
	case c.UniqueUsers != "" && out.group != nil:
		return nil // they are the users of all groups
	case c.UniqueUsers != "":
		var err error
		if c.users, err = a.perSlice(ctx, out, c.UniqueUsers, out.events.Timeline.Grid()); err != nil {
			return err
		}
	}
	out.stakes.customers = c
	return nil
}

// customers are those that failures reached in the promise's window at an instant.
func (a assessment) customers(at time.Time) hurt {
	c := a.stakes.customers
	if c == nil {
		return hurt{}
	}
	from, to := a.objective.Window().Bounds(at)
	w := slo.Interval{From: from, To: to}
	switch {
	case c.Label != "":
		return a.namedCustomers(w)
	case c.UniqueUsers != "":
		return a.uniqueUsers(w)
	}
	number, known := impact.AffectedByEvent(a.evidence.Events.Sum(from, to).Counts, impact.Exactly(c.PerEvent))
	return hurt{number: number, known: known}
}

// namedCustomers are the values of a label of whose events more failed than the promise
// allows.
func (a assessment) namedCustomers(w slo.Interval) hurt {
	label, threshold := a.stakes.customers.Label, a.objective.InForce(w.To).BudgetRatio()
	byName := map[string]slo.Counts{}
	out := hurt{known: a.evidence.Events.Sum(w.From, w.To).Observed > 0, byName: true}
	for _, s := range a.customerSegments() {
		name := s.labels[label]
		byName[name] = byName[name].Add(s.evidence.Events.Sum(w.From, w.To).Counts)
	}
	var groups []impact.Group
	for name, counts := range byName {
		groups = append(groups, impact.Group{Name: name, Counts: counts})
	}
	affected := impact.AffectedGroups(groups, threshold)
	out.number, out.names = impact.Exactly(float64(affected.Affected)), affected.Names
	return out
}

// customerSegments are the events by customer: of a group, those of the one customer
// that it is of.
func (a assessment) customerSegments() []segment {
	if a.group != nil {
		return []segment{{labels: a.group, evidence: a.evidence}}
	}
	return a.stakes.segments
}

// uniqueUsers are the users that failures reached, hour by hour: those of every hour in
// which more events failed than the promise allows. Nobody knows whether the users of
// two hours are the same, so that there may be as few as in the worst hour alone.
func (a assessment) uniqueUsers(w slo.Interval) hurt {
	c, events := a.stakes.customers, a.evidence.Events
	threshold := a.objective.InForce(w.To).BudgetRatio()
	out := hurt{}
	hours, unknown := 0, 0
	for from := w.From; from.Before(w.To); from = slo.Floor(from, slo.Coarse).Add(slo.Coarse) {
		to := earlier(slo.Floor(from, slo.Coarse).Add(slo.Coarse), w.To)
		sli := events.Sum(from, to).SLI()
		if !sli.Known {
			continue
		}
		users := c.users[events.Grid().Index(from)]
		if !users.Known || users.Value < 0 {
			if 1-sli.Value > threshold {
				unknown++
			}
			continue
		}
		out.known = true
		if 1-sli.Value <= threshold {
			continue
		}
		number, warned, err := impact.AffectedUsers(users.Value, c.RequestsPerUser, 1-sli.Value)
		if err != nil {
			continue // all of it was checked
		}
		hours++
		out.number = impact.Range{Low: max(out.number.Low, number.Low), Base: out.number.Base + number.Base, High: out.number.High + number.High}
		for _, text := range texts(warned) {
			if !slices.Contains(out.warnings, text) {
				out.warnings = append(out.warnings, text)
			}
		}
	}
	if hours > 1 {
		out.warnings = append(out.warnings, "a customer who met failures in several hours is counted in each; the lower bound is the worst hour alone")
	}
	if unknown > 0 {
		out.warnings = append(out.warnings, fmt.Sprintf("the number of users is not known for %d hours with failures", unknown))
	}
	return out
}

// customerMinutes are the minutes that customers lost in the promise's window at an
// instant. One with a name is at work in each slice in which it has events. It is unknown
// where customers are reckoned from failures.
func (a assessment) customerMinutes(at time.Time) (minutes slo.Number, warnings []string) {
	c := a.stakes.customers
	if c == nil {
		return slo.Number{}, nil
	}
	from, to := a.objective.Window().Bounds(at)
	w := slo.Interval{From: from, To: to}
	switch {
	case c.Label != "":
		for _, s := range a.customerSegments() {
			one, _ := minutesLost(s.evidence.Events, w, func(int) slo.Number { return slo.Known(1) })
			minutes = plusNumber(minutes, one)
		}
	case c.UniqueUsers != "":
		return minutesLost(a.evidence.Events, w, func(i int) slo.Number { return c.users[i] })
	}
	return minutes, nil
}

// minutesLost are the minutes that customers lost in a window; active are those at work
// in a slice.
func minutesLost(t *slo.Timeline, w slo.Interval, active func(slice int) slo.Number) (slo.Number, []string) {
	g := t.Grid()
	first, end := g.Index(w.From), g.Index(w.To)
	var parts []slo.Part
	var working []slo.Number
	for i := first; i < end; i++ {
		step := g.Edge(i + 1).Sub(g.Edge(i))
		if last := len(parts) - 1; last >= 0 && parts[last].Step == step {
			parts[last].N++
		} else {
			parts = append(parts, slo.Part{Start: g.Edge(i), Step: step, N: 1})
		}
		working = append(working, active(i))
	}
	grid, err := slo.NewGrid(parts...)
	if err != nil {
		return slo.Number{}, nil
	}
	within, err := slo.NewTimeline(grid, t.Slices()[first:end])
	if err != nil {
		return slo.Number{}, nil
	}
	minutes, warned, err := impact.CustomerMinutes(within, working)
	if err != nil {
		return slo.Number{}, nil
	}
	return minutes, texts(warned)
}
