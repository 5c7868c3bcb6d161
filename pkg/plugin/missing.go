package plugin

import (
	"time"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/impact"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// missingHistory is how far before a window demand is looked at, to tell what would have
// come while customers were hurt.
const missingHistory = impact.UsualWeeks * 7 * 24 * time.Hour

// missing is the money that stayed away with customers in the promise's window at an
// instant: it is no part of the loss, and unknown without a value of events, or where
// there is too little history. Customers are hurt in the incidents of the promise.
func (a assessment) missing(at time.Time) (cost impact.Range, warnings []string, known bool) {
	if a.ledger == nil {
		return impact.Range{}, nil, false
	}
	from, to := a.objective.Window().Bounds(at)
	events := a.evidence.Events
	if tally := events.Sum(from, to); tally.Observed == 0 || tally.Contradictory() {
		return impact.Range{}, nil, false
	}
	demand := impact.Demand{Timeline: events, Zone: a.stakes.zone}
	usual := events.Sum(from, to).Counts // without what happened in incidents
	for _, in := range slo.Incidents(a.evidence, a.objective, events.Grid().Start(), to, slo.DefaultIncidentRule) {
		demand.Hurt = append(demand.Hurt, in.Interval)
		inside := events.Sum(laterOf(in.From, from), laterOf(in.To, from))
		usual = slo.Counts{Good: usual.Good - inside.Good, Total: usual.Total - inside.Total}
	}
	absent, err := impact.MissingDemand(demand, slo.Interval{From: from, To: to})
	if err != nil {
		return impact.Range{}, nil, false
	}
	if len(absent.Incidents) == 0 {
		return impact.Range{}, nil, true
	}
	each, valued := a.ledger.PerEvent(from, to)
	well := usual.SLI()
	if !valued || !well.Known {
		return impact.Range{}, texts(absent.Warnings), false
	}
	cost, known = absent.Loss(each, well.Value)
	return cost, texts(absent.Warnings), known
}

func laterOf(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
