package plugin

import (
	"time"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/catalog"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/impact"
)

// perMinute is the money lost with one minute in which everything fails: what the
// accepted loss of the promise's window says that all its events are worth, divided by
// the minutes of it that were observed. It is unknown without a value of events.
func (a assessment) perMinute(at time.Time) (impact.Range, bool) {
	from, to := a.objective.Window().Bounds(at)
	loss, known := a.loss(at)
	observed := a.evidence.Events.Sum(from, to).Observed
	if !known || observed <= 0 {
		return impact.Range{}, false
	}
	return loss.Accepted.Scale(1 / a.objective.InForce(to).BudgetRatio() / observed.Minutes()), true
}

// riskOf is a risk of the catalogue, with the money that a minute is worth.
func riskOf(r catalog.Risk, perMinute impact.Range) impact.Risk {
	risk := impact.Risk{
		Name: r.Name, PerYear: impact.Exactly(r.IncidentsPerYear), Users: impact.Exactly(r.ShareOfUsers),
		Detect: impact.Exactly(r.TimeToDetect.Minutes()), Repair: impact.Exactly(r.TimeToRepair.Minutes()),
		PerMinute: perMinute,
	}
	if r.CostPerIncident != nil {
		risk.PerIncident = rangeOf(*r.CostPerIncident)
	}
	return risk
}
