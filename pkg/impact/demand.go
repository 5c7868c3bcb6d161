package impact

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// The hours around an incident, before it and after it, that say how strong demand is
// just then, of which so many must be usable.
const (
	levelHours = 12
	minLevel   = 6
)

// usualDemand is the demand of whole hours, and what is usual for them. Hours are
// numbered from the first one that a timeline holds.
type usualDemand struct {
	first time.Time
	weeks int
	hours []slo.Number // unknown where an hour was not wholly observed or was unusual
	ahead []int        // hours that the local clock is ahead of UTC
}

// usualDemandOf reads the hours of a timeline, those in unusual intervals left out,
// which are in order and do not overlap.
func usualDemandOf(d Demand, unusual []slo.Interval) usualDemand {
	grid := d.Timeline.Grid()
	u := usualDemand{first: slo.Floor(grid.Start(), time.Hour), weeks: d.Weeks}
	next := 0 // of the unusual intervals, the first that ends after the hour begins
	for from := u.first; from.Before(grid.End()); from = from.Add(time.Hour) {
		hour := slo.Interval{From: from, To: from.Add(time.Hour)}
		for next < len(unusual) && !unusual[next].To.After(from) {
			next++
		}
		demand := slo.Number{}
		tally := d.Timeline.Sum(hour.From, hour.To)
		isUnusual := next < len(unusual) && overlap(unusual[next], hour)
		if tally.Observed == time.Hour && !tally.Contradictory() && !isUnusual {
			demand = slo.Known(tally.Total)
		}
		_, seconds := from.In(d.Zone).Zone()
		u.hours, u.ahead = append(u.hours, demand), append(u.ahead, seconds/3600)
	}
	return u
}

// stretch is an interval of time as hours: the first, and which part of each.
type stretch struct {
	from  int
	parts []float64
}

// stretch is an interval in hours.
func (u usualDemand) stretch(i slo.Interval) stretch {
	begin := slo.Floor(i.From, time.Hour)
	s := stretch{from: int(begin.Sub(u.first) / time.Hour)}
	for h := begin; h.Before(i.To); h = h.Add(time.Hour) {
		part := slo.Interval{From: h, To: h.Add(time.Hour)}.Overlap(i)
		s.parts = append(s.parts, part.Length().Hours())
	}
	return s
}

// expect is the demand of a stretch, reckoned without looking at it, and the fewest
// weeks behind one of its hours.
func (u usualDemand) expect(s stretch) (demand float64, weeks int, ok bool) {
	weeks = math.MaxInt
	for n, part := range s.parts {
		usual, behind, known := u.usual(s.from + n)
		if !known {
			return 0, behind, false
		}
		demand += usual * part
		weeks = min(weeks, behind)
	}
	level, known := u.level(s)
	return demand * level, weeks, known
}

// usual is the median of an hour's demand in other weeks, before it and, where they are
// known already, after it. n is their number.
func (u usualDemand) usual(hour int) (median float64, n int, ok bool) {
	var room [2 * UsualWeeks]float64 // asked for very often: nothing to allocate
	seen := room[:0]
	for k := -u.weeks; k <= u.weeks; k++ {
		if k == 0 {
			continue
		}
		if v := u.count(u.shift(hour, 7*k)); v.Known {
			seen = append(seen, v.Value)
		}
	}
	if len(seen) < MinWeeks {
		return 0, len(seen), false
	}
	slices.Sort(seen)
	return inOrder(seen, 0.5), len(seen), true
}

// shift moves an hour by days of the local clock, of which some have 23 or 25 hours.
func (u usualDemand) shift(hour, days int) int {
	there := hour + 24*days
	if hour < 0 || hour >= len(u.hours) || there < 0 || there >= len(u.hours) {
		return there // nothing is known of it anyway
	}
	return there + u.ahead[hour] - u.ahead[there]
}

// count is the demand of an hour; unknown outside of the timeline.
func (u usualDemand) count(hour int) slo.Number {
	if hour < 0 || hour >= len(u.hours) {
		return slo.Number{}
	}
	return u.hours[hour]
}

// level is how strong demand was around a stretch, compared with what is usual then.
func (u usualDemand) level(s stretch) (float64, bool) {
	var ratios, weights []float64
	for i := range levelHours {
		for _, hour := range []int{s.from - 1 - i, s.from + len(s.parts) + i} {
			seen := u.count(hour)
			if !seen.Known {
				continue
			}
			if usual, _, ok := u.usual(hour); ok && usual > 0 {
				ratios, weights = append(ratios, seen.Value/usual), append(weights, usual)
			}
		}
	}
	if len(ratios) < minLevel {
		return 0, false
	}
	return weightedMedian(ratios, weights), true
}

// residuals are seen / expected of the same hours on each day of the weeks around.
func (u usualDemand) residuals(s stretch) []float64 {
	var ratios []float64
	for d := -7 * u.weeks; d <= 7*u.weeks; d++ {
		then := stretch{from: u.shift(s.from, d), parts: s.parts}
		seen, usable := 0.0, true
		for n, part := range then.parts {
			v := u.count(then.from + n)
			usable = usable && v.Known
			seen += v.Value * part
		}
		if !usable {
			continue
		}
		if expected, _, ok := u.expect(then); ok && expected > 0 {
			ratios = append(ratios, seen/expected)
		}
	}
	return ratios
}

// quantile is the value below which a share of the values lies, at the place share x
// (n + 1) among them in order (Weibull 1939), and never beyond them.
func quantile(values []float64, share float64) float64 {
	return inOrder(slices.Sorted(slices.Values(values)), share)
}

// inOrder is the quantile of values that are in order.
func inOrder(sorted []float64, share float64) float64 {
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
	half := 0.0
	for i := range order {
		order[i] = i
		half += weights[i] / 2
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(values[a], values[b]) })
	reached, i := 0.0, 0
	for ; i < len(order)-1; i++ {
		if reached += weights[order[i]]; reached >= half {
			break
		}
	}
	return values[order[i]]
}
