package slo

import "time"

// Kept is how a promise came out in one calendar period.
type Kept struct {
	Interval
	Report      // judged at the end of the period, or at the last instant that is known
	Over   bool // the period is over, so that the verdict is final
}

// History judges an objective by calendar periods, whatever its own window is: each
// against the target then in force, each with the budget of its own events. as are the
// periods; until is the last instant that is known. A period is left out where nothing
// of it has passed or the timeline does not reach back to its start.
func History(e Evidence, o Objective, as Window, from, until time.Time, rules Rules) ([]Kept, error) {
	o, err := o.Over(as)
	if err != nil {
		return nil, err
	}
	var all []Kept
	for _, p := range as.Periods(from, until) {
		if p.From.Before(e.Events.grid.Start()) {
			continue
		}
		at := earlier(p.To, until)
		all = append(all, Kept{Interval: p, Report: Judge(e, o, Moment{At: at}, rules), Over: !p.To.After(until)})
	}
	return all, nil
}
