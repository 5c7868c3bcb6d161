package impact

import "time"

// Remaining is what the error budget is still worth: accepted loss - gross loss,
// negative where more was lost than accepted.
//
// Both rest on the same assumptions, so that the low end of one belongs to the low
// end of the other: were they taken as independent, the range would be far too wide.
// Where the budget is overspent, the high assumption gives the lowest amount, and the
// bounds are put in order again.
func (l Loss) Remaining() Range { return l.Accepted.Sub(l.Gross).ordered() }

// ordered puts amounts at the low, best and high assumption in order: the smallest is
// Low, the largest High. Base stays.
func (r Range) ordered() Range {
	return Range{Low: min(r.Low, r.Base, r.High), Base: r.Base, High: max(r.Low, r.Base, r.High)}
}

// Rate is the money lost per hour over [from, to), such as a lookback, both edges of
// the timeline's grid. It divides by the time that was observed, not by the time that
// passed. It is unknown (false) where nothing was observed or the counts contradict
// each other.
func (l *Ledger) Rate(from, to time.Time) (Range, bool) {
	tally := l.timeline.Sum(from, to)
	if tally.Observed == 0 || tally.Contradictory() {
		return Range{}, false
	}
	a, b := l.timeline.Grid().Index(from), l.timeline.Grid().Index(to)
	return l.bad[b].Sub(l.bad[a]).Scale(1 / tally.Observed.Hours()), true
}
