package impact

import (
	"cmp"
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
// the number below which nothing is expected, and the hours around an incident, before
// it and after it, that say how strong demand is just then, of which so many must be usable.
const (
	UsualWeeks  = 6
	MinWeeks    = 3
	levelHours  = 12
	minLevel    = 6
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
	m := demandModel{demand: d, unusual: merge(append(slices.Clone(hurt), d.Excluded...))}
	absent := Absent{Known: true}
	unknown := 0
	for _, h := range hurt {
		h = slo.Interval{From: latest(h.From, asked.From), To: earliest(h.To, asked.To)}
		if !h.From.Before(h.To) {
			continue
		}
		one := m.incident(h)
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

// demandModel expects demand hour by hour.
type demandModel struct {
	demand  Demand
	unusual []slo.Interval // hours that say nothing of usual demand
}

// piece is part of an hour.
type piece struct {
	slo.Interval
	hour time.Time
}

// share is the part of its hour that a piece is.
func (p piece) share() float64 { return p.Length().Hours() }

// pieces cuts a span into hours of the epoch.
func pieces(s slo.Interval) []piece {
	var all []piece
	for h := slo.Floor(s.From, time.Hour); h.Before(s.To); h = h.Add(time.Hour) {
		all = append(all, piece{slo.Interval{From: latest(h, s.From), To: earliest(h.Add(time.Hour), s.To)}, h})
	}
	return all
}

// incident reckons one interval in which customers were hurt.
func (m demandModel) incident(h slo.Interval) AbsentIncident {
	h = m.whole(h)
	one := AbsentIncident{Interval: h}
	tally := m.demand.Timeline.Sum(h.From, h.To)
	if tally.Observed != h.Length() || tally.Contradictory() {
		return one
	}
	expected, weeks, ok := m.expect(h, h)
	if !ok {
		return one
	}
	ratios := m.residuals(h)
	if len(ratios) < minResidual {
		return one
	}
	r := m.demand.Returning
	one.Known, one.Seen, one.Weeks, one.Days = true, tally.Total, weeks, len(ratios)
	one.Expected = m.spread(h, expected, ratios)
	one.demand = deviation{one.Expected.Base - one.Expected.Low, one.Expected.High - one.Expected.Base}
	one.again = deviation{(r.Base - r.Low) * tally.Bad(), (r.High - r.Base) * tally.Bad()}
	fresh := tally.Total - r.Base*tally.Bad() // what came for the first time
	one.Events = around(expected-fresh, one.demand, one.again)
	return one
}

// spread is an expectation with its interval.
func (m demandModel) spread(h slo.Interval, expected float64, ratios []float64) Range {
	below := expected * max(0, 1-quantile(ratios, 0.1))
	above := expected * max(0, quantile(ratios, 0.9)-1)
	// Of an hour's events a share s falls into part of it by chance, with a variance
	// of s (1 - s) x events; each hour is taken to be as busy as the others.
	part, cut := 0.0, 0.0
	for _, p := range pieces(h) {
		part += p.share()
		cut += p.share() * (1 - p.share())
	}
	chance := z80 * math.Sqrt(expected*cut/part)
	return Range{Low: expected - math.Hypot(below, chance), Base: expected, High: expected + math.Hypot(above, chance)}
}

// z80 is the 90th percentile of the normal distribution: a two-sided interval at 80 %.
const z80 = 1.2815515655446004

// whole widens a span to whole slices of the timeline.
func (m demandModel) whole(s slo.Interval) slo.Interval {
	g := m.demand.Timeline.Grid()
	from, to := g.Index(s.From), g.Index(s.To)
	if to < g.Len() && g.Edge(to).Before(s.To) {
		to++
	}
	return slo.Interval{From: g.Edge(from), To: g.Edge(to)}
}

// expect is the demand of a span, and the fewest weeks behind one of its hours. apart
// is the time whose own demand must not be looked at.
func (m demandModel) expect(s, apart slo.Interval) (demand float64, weeks int, ok bool) {
	weeks = math.MaxInt
	for _, p := range pieces(s) {
		usual, n, known := m.usual(p.hour, apart)
		if !known {
			return 0, n, false
		}
		demand += usual * p.share()
		weeks = min(weeks, n)
	}
	level, known := m.level(apart)
	return demand * level, weeks, known
}

// usual is the median of an hour's demand in other weeks, before it and, where they
// are known already, after it. n is their number.
func (m demandModel) usual(hour time.Time, apart slo.Interval) (median float64, n int, ok bool) {
	var seen []float64
	for k := -m.demand.Weeks; k <= m.demand.Weeks; k++ {
		if k == 0 {
			continue
		}
		if v, known := m.count(m.shift(hour, 7*k), apart); known {
			seen = append(seen, v)
		}
	}
	if len(seen) < MinWeeks {
		return 0, len(seen), false
	}
	return quantile(seen, 0.5), len(seen), true
}

// shift moves an hour by days of the local clock.
func (m demandModel) shift(hour time.Time, days int) time.Time {
	return slo.Floor(hour.In(m.demand.Zone).AddDate(0, 0, days), time.Hour)
}

// count is the demand of a whole hour that was observed, and in which nothing unusual
// happened.
func (m demandModel) count(hour time.Time, apart slo.Interval) (float64, bool) {
	h := slo.Interval{From: hour, To: hour.Add(time.Hour)}
	if overlap(h, apart) {
		return 0, false
	}
	next, _ := slices.BinarySearchFunc(m.unusual, h.From, func(s slo.Interval, t time.Time) int {
		return cmp.Or(s.To.Compare(t), -1) // the first that ends after it begins
	})
	if next < len(m.unusual) && overlap(m.unusual[next], h) {
		return 0, false
	}
	tally := m.demand.Timeline.Sum(h.From, h.To)
	return tally.Total, tally.Observed == time.Hour && !tally.Contradictory()
}

// level is how strong demand was around a span, compared with what was expected then.
func (m demandModel) level(apart slo.Interval) (float64, bool) {
	var ratios, weights []float64
	first := slo.Floor(apart.From, time.Hour)
	last := slo.Ceil(apart.To, time.Hour)
	for i := range levelHours {
		for _, hour := range []time.Time{first.Add(-time.Duration(i+1) * time.Hour), last.Add(time.Duration(i) * time.Hour)} {
			seen, known := m.count(hour, apart)
			if !known {
				continue
			}
			if usual, _, ok := m.usual(hour, apart); ok && usual > 0 {
				ratios, weights = append(ratios, seen/usual), append(weights, usual)
			}
		}
	}
	if len(ratios) < minLevel {
		return 0, false
	}
	return weightedMedian(ratios, weights), true
}

// residuals are seen / expected of the same hours on each day of the weeks around.
func (m demandModel) residuals(s slo.Interval) []float64 {
	var ratios []float64
	for d := -7 * m.demand.Weeks; d <= 7*m.demand.Weeks; d++ {
		seen, usable := 0.0, true
		from := m.shift(slo.Floor(s.From, time.Hour), d)
		then := slo.Interval{From: from.Add(s.From.Sub(slo.Floor(s.From, time.Hour)))}
		then.To = then.From.Add(s.Length())
		for _, p := range pieces(then) {
			n, known := m.count(p.hour, slo.Interval{})
			usable = usable && known
			seen += n * p.share()
		}
		if !usable {
			continue
		}
		if expected, _, ok := m.expect(then, then); ok && expected > 0 {
			ratios = append(ratios, seen/expected)
		}
	}
	return ratios
}

// quantile is the value below which a share of the values lies, at the place share x
// (n + 1) among them in order (Weibull 1939), and never beyond them.
func quantile(values []float64, share float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	place := share*float64(len(sorted)+1) - 1
	i := int(math.Floor(place))
	switch {
	case i < 0:
		return sorted[0]
	case i+1 >= len(sorted):
		return sorted[len(sorted)-1]
	}
	return sorted[i] + (place-float64(i))*(sorted[i+1]-sorted[i])
}

// weightedMedian is the value at which half of the weight is reached.
func weightedMedian(values, weights []float64) float64 {
	order := make([]int, len(values))
	total := 0.0
	for i := range order {
		order[i] = i
		total += weights[i]
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(values[a], values[b]) })
	reached := 0.0
	for _, i := range order {
		reached += weights[i]
		if reached >= total/2 {
			return values[i]
		}
	}
	return values[order[len(order)-1]]
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earliest(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
