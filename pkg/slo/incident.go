package slo

import "time"

// IncidentRule says what an incident is.
type IncidentRule struct {
	Burn     float64       // burn rate of a slice above which it is part of an incident
	Quiet    time.Duration // without such a slice, after which the incident was over
	MinBad   float64       // bad units below which an incident is left out
	MinShare float64       // share of the budget below which an incident is left out, ratio
}

// DefaultIncidentRule holds where nobody says otherwise: what burnt the budget at least
// twice as fast as it lasts, in episodes that half an hour of quiet sets apart, and
// that took a hundredth of the budget or more.
var DefaultIncidentRule = IncidentRule{Burn: 2, Quiet: 30 * time.Minute, MinBad: 2, MinShare: 0.01}

// Incident is an episode in which a budget burnt.
type Incident struct {
	Interval        // from the first slice that burnt to the end of the last
	Ongoing  bool   // not yet quiet for long enough at the end of what is known
	Units    Counts // in the interval
	Events   Counts // in the interval
	Peak     Number // highest burn rate of a slice
	Share    Number // of the budget of the objective's window at the incident's end, ratio
}

// Incidents are the episodes of [from, until) in which an objective's budget burnt,
// in order of time. Slices that were not measured neither begin an incident nor end
// one: nobody saw whether it was quiet. Time that was excluded ends it.
func Incidents(e Evidence, o Objective, from, until time.Time, rule IncidentRule) []Incident {
	var all []Incident
	var open *Incident
	finish := func(ongoing bool) {
		if open == nil {
			return
		}
		open.Ongoing = ongoing
		if in := measure(e, o, *open); in.Units.Bad() >= rule.MinBad && in.Share.Value >= rule.MinShare {
			all = append(all, in)
		}
		open = nil
	}
	grid, slices := e.Units.grid, e.Units.slices
	quiet := time.Duration(0) // measured since the open incident last burnt
	for i := grid.Index(from); i < grid.Index(until); i++ {
		start, end, s := grid.Edge(i), grid.Edge(i+1), slices[i]
		if open != nil && (s.State == Excluded || quiet >= rule.Quiet) {
			finish(false)
		}
		if s.State != Measured || s.Contradictory() {
			continue
		}
		burning := burn(s.Counts, o.InForce(end).BudgetRatio()*s.Total)
		if !burning.Known || burning.Value <= rule.Burn {
			quiet += end.Sub(start)
			continue
		}
		if open == nil {
			open = &Incident{Interval: Interval{From: start}}
		}
		open.To, quiet = end, 0
		if !open.Peak.Known || burning.Value > open.Peak.Value {
			open.Peak = burning
		}
	}
	finish(quiet < rule.Quiet)
	return all
}

// measure fills in what an incident amounts to.
func measure(e Evidence, o Objective, in Incident) Incident {
	in.Units = e.Units.Sum(in.From, in.To).Counts
	in.Events = e.Events.Sum(in.From, in.To).Counts
	r := Judge(e, o, Moment{At: in.To}, DefaultRules)
	in.Share = burn(in.Units, r.Allowed)
	return in
}
