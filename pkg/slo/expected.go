package slo

import "time"

// weeksBack is how many past weeks tell what is yet to come.
const weeksBack = 4

// Expected is how many units an interval will hold by its end, as known at an
// instant: those that were counted, and for the rest as many as in the same hours of
// up to four weeks before. Where no week before was observed, the rest goes on at the
// average of the interval so far; where nothing was, no more are expected.
func Expected(units *Timeline, whole Interval, asOf time.Time) float64 {
	so := units.Sum(whole.From, earlier(asOf, whole.To))
	total := so.Total
	for from := asOf; from.Before(whole.To); {
		to := earlier(from.Add(7*day), whole.To)
		total += ahead(units, Interval{from, to}, asOf, so)
		from = to
	}
	return total
}

// ahead is how many units an interval of at most a week after asOf is expected to
// hold; so is what the period holds until then.
func ahead(units *Timeline, i Interval, asOf time.Time, so Tally) float64 {
	shift := 7 * day
	for i.To.Add(-shift).After(asOf) {
		shift += 7 * day
	}
	seen := Tally{}
	for range weeksBack {
		t := units.Sum(i.From.Add(-shift), i.To.Add(-shift))
		seen.Counts, seen.Observed = seen.Add(t.Counts), seen.Observed+t.Observed
		shift += 7 * day
	}
	if seen.Observed < i.Length()/2 {
		seen = so
	}
	if seen.Observed == 0 {
		return 0
	}
	return seen.Total / seen.Observed.Seconds() * i.Length().Seconds()
}
