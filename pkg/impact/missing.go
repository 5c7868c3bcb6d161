package impact

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// Demand is what missing demand is reckoned from.
type Demand struct {
	Timeline *slo.Timeline
	Hurt     []slo.Interval // when customers were hurt, of all the past too
	Excluded []slo.Interval // other times that say nothing of usual demand, such as load tests
	Zone     *time.Location // whose clock customers live by: the same hour of a week is one of this clock
	Shadow   time.Duration  // how long after they were hurt customers may stay away
	Weeks    int            // how many past weeks to look at; zero stands for [UsualWeeks]

	// Returning is the share of failed events that come again while customers are
	// still hurt. They are in the count, but they are no fresh demand. Zero where
	// nobody said.
	Returning Range
}

// The number of past weeks that demand is expected from where nobody says otherwise,
// the number below which nothing is expected, and the number of past days that an
// interval needs.
const (
	UsualWeeks  = 6
	MinWeeks    = 3
	minResidual = 5
)

// Absent is the demand that failures drove away: events that no counter shows.
type Absent struct {
	Known     bool  // everything that was asked about is known
	Events    Range // of all incidents that are known; holds them with 80 %
	Incidents []AbsentIncident
	Warnings  []slo.Warning
}

// AbsentIncident is the missing demand of one interval in which customers were hurt.
type AbsentIncident struct {
	slo.Interval       // with its shadow
	Known        bool  // where false, nothing else is
	Expected     Range // events that would have come; holds them with 80 %
	Seen         float64
	Events       Range // expected - seen + seen before, at least 0
	Weeks        int   // the fewest usable weeks behind an expected hour
	Days         int   // past days whose same hours the interval rests on

	demand, again deviation // of the expectation, and of those who came again
}

// deviation is how far a number may lie below and above its best estimate.
type deviation struct{ below, above float64 }

// around are the bounds of an estimate with two deviations that have nothing to do with
// each other. No demand is negative.
func around(estimate float64, a, b deviation) Range {
	return positive(Range{estimate - math.Hypot(a.below, b.below), estimate, estimate + math.Hypot(a.above, b.above)})
}

// MissingDemand reckons what stayed away while customers were hurt in asked. For each
// hour it expects the median of the same hours of other weeks (by the local clock),
// hours in which customers were hurt or that are excluded left out, times how strong
// demand was around the incident: the median, weighted by what was expected, of seen /
// expected over the usable hours among the 12 before and the 12 after it. That one
// factor carries the trend of weeks and a day that is weak of its own, such as a
// holiday. A weak day on which nobody was hurt is no outage: it is not looked at.
//
// The interval comes from the past: the same hours of each day of the weeks looked at
// are expected in the same way, from all other weeks, and the 10th and the 90th
// percentile of seen / expected scale the expectation. Where an incident takes part of
// an hour, the scatter of single events within the hour (Poisson) comes on top. The
// interval says how well demand can be known, not how right the assumptions on money
// are; the range of those who come again is added to it as squares.
//
// Less than three usable weeks for an hour, too few usable hours around the incident,
// or an incident that was itself not observed, leave its demand unknown. The demand is
// that of whole incidents: where more came than expected in one hour, it makes up for
// another hour of the same incident.
func MissingDemand(d Demand, asked slo.Interval) (Absent, error) {
	if d.Zone == nil {
		return Absent{}, fmt.Errorf("missing demand needs a time zone; expected one, such as Europe/Berlin")
	}
	if err := d.Returning.check("the share of failures that come again", 0, 1); err != nil {
		return Absent{}, err
	}
	if d.Weeks == 0 {
		d.Weeks = UsualWeeks
	}
	hurt := merge(d.shadowed())
	usual := usualDemandOf(d, merge(append(slices.Clone(hurt), d.Excluded...)))
	absent := Absent{Known: true}
	unknown := 0
	for _, h := range hurt {
		if h = h.Overlap(asked); h.Length() <= 0 {
			continue
		}
		one := d.incident(h, usual)
		absent.Incidents = append(absent.Incidents, one)
		if !one.Known {
			unknown++
		}
	}
	absent.total()
	if unknown > 0 {
		absent.Known = false
		absent.Warnings = append(absent.Warnings, slo.Warning{Kind: TooFewWeeks, Text: fmt.Sprintf(
			"missing demand is unknown for %d of %d intervals in which customers were hurt: it needs %d usable weeks and the hours around", unknown, len(absent.Incidents), MinWeeks)})
	}
	return absent, nil
}

// total adds up the incidents. What is wrong with the expectation of one day says
// nothing of another one, so that these deviations add up as squares; the share of
// those who come again is one assumption for all of them, and adds up as it is.
func (a *Absent) total() {
	var demand, again deviation
	estimate := 0.0
	for _, one := range a.Incidents {
		estimate += one.Events.Base
		demand = deviation{math.Hypot(demand.below, one.demand.below), math.Hypot(demand.above, one.demand.above)}
		again = deviation{again.below + one.again.below, again.above + one.again.above}
	}
	a.Events = around(estimate, demand, again)
}

// Loss is the money that missing demand stands for: missing events x share of them
// that would have gone well x money lost with one failure. It stands beside the loss
// of failures and is not part of it.
func (a Absent) Loss(perFailure Range, goodOtherwise float64) (Range, bool) {
	return a.Events.Times(perFailure).Scale(goodOtherwise), a.Known
}

// shadowed are the intervals in which customers were hurt with their shadows.
func (d Demand) shadowed() []slo.Interval {
	spans := make([]slo.Interval, len(d.Hurt))
	for i, h := range d.Hurt {
		spans[i] = slo.Interval{From: h.From, To: h.To.Add(d.Shadow)}
	}
	return spans
}

// incident reckons one interval in which customers were hurt.
func (d Demand) incident(h slo.Interval, u usualDemand) AbsentIncident {
	h = d.whole(h)
	one := AbsentIncident{Interval: h}
	tally := d.Timeline.Sum(h.From, h.To)
	if tally.Observed != h.Length() || tally.Contradictory() {
		return one
	}
	s := u.stretch(h)
	expected, weeks, ok := u.expect(s)
	if !ok {
		return one
	}
	ratios := u.residuals(s)
	if len(ratios) < minResidual {
		return one
	}
	r := d.Returning
	one.Known, one.Seen, one.Weeks, one.Days = true, tally.Total, weeks, len(ratios)
	one.Expected = s.spread(expected, ratios)
	one.demand = deviation{one.Expected.Base - one.Expected.Low, one.Expected.High - one.Expected.Base}
	one.again = deviation{(r.Base - r.Low) * tally.Bad(), (r.High - r.Base) * tally.Bad()}
	fresh := tally.Total - r.Base*tally.Bad() // what came for the first time
	one.Events = around(expected-fresh, one.demand, one.again)
	return one
}

// spread is an expectation for a stretch with its interval.
func (s stretch) spread(expected float64, ratios []float64) Range {
	below := expected * max(0, 1-quantile(ratios, 0.1))
	above := expected * max(0, quantile(ratios, 0.9)-1)
	// Of an hour's events a share s falls into part of it by chance, with a variance
	// of s (1 - s) x events; each hour is taken to be as busy as the others.
	length, cut := 0.0, 0.0
	for _, part := range s.parts {
		length += part
		cut += part * (1 - part)
	}
	chance := z80 * math.Sqrt(expected*cut/length)
	return Range{Low: expected - math.Hypot(below, chance), Base: expected, High: expected + math.Hypot(above, chance)}
}

// z80 is the 90th percentile of the normal distribution: a two-sided interval at 80 %.
const z80 = 1.2815515655446004

// whole widens an interval to whole slices of the timeline.
func (d Demand) whole(s slo.Interval) slo.Interval {
	g := d.Timeline.Grid()
	from, to := g.Index(s.From), g.Index(s.To)
	if to < g.Len() && g.Edge(to).Before(s.To) {
		to++
	}
	return slo.Interval{From: g.Edge(from), To: g.Edge(to)}
}
