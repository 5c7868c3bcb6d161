package forecast

import (
	"fmt"
	"math"
	"time"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// Demand is how many events to expect at any hour: a level that moves slowly, times
// the shape of the days of a week in a time zone. Outages, launches and holidays
// are too few to move it.
type Demand struct {
	location *time.Location
	now      time.Time

	firstDay int       // local day number of the first level
	levels   []float64 // logarithm of events per hour, by local day of the history
	level    float64   // the same at now
	slope    float64   // its change per day at now; it fades

	shape [7][24]float64 // of an hour of a weekday, relative to the level

	seen   float64   // standard deviation of a day's logarithm around its level, in the history
	noise  float64   // the same of a day to come
	days   []float64 // what the noise was on the days of the history
	unsure float64   // standard deviation of the logarithm of the level itself, now
	walk   float64   // standard deviation of its change in a day
}

const (
	otherDays    = 7    // number of days not seen that are as likely as one seen each
	likeBefore   = 0.4  // correlation of the noise of a day and of the day before
	slopeFade    = 14.0 // days after which a trend has gone on by as much as it ever will, but for 1/e
	shapeWeeks   = 3.0  // weeks after which a weekday's own shape counts half
	trimmed      = 0.2  // share of days left out at either end of an hour's mean
	minDayHours  = 6    // observed hours that make a day's level
	unknownShape = 0.30 // how far a day's shape may be off that was not seen whole
	unknownWeek  = 0.20 // the same of the week's

	assumedNoise   = 0.15 // standard deviation of a day's logarithm, where it was not seen
	weekdaysDiffer = 0.30 // standard deviation of the logarithms of weekdays
)

// LearnDemand learns demand from what a timeline holds before now. The time zone
// is UTC where it is nil.
func LearnDemand(t *slo.Timeline, now time.Time, location *time.Location) (*Demand, error) {
	if t == nil {
		return nil, fmt.Errorf("demand needs a timeline")
	}
	if location == nil {
		location = time.UTC
	}
	h := hourly(t, now)
	if h.days() == 0 {
		return nil, fmt.Errorf("nothing was observed before %s: there is no demand to learn", now.Format(time.RFC3339))
	}
	return learnDemand(h, now, location), nil
}

// ExpectedDemand is the number of events to expect in [from, to), in the past or in
// the future, with an interval at 80 %, given what a timeline holds before now. In
// the past it is what would have been expected had nothing special happened.
func ExpectedDemand(t *slo.Timeline, now, from, to time.Time, location *time.Location) (events float64, interval Band, err error) {
	d, err := LearnDemand(t, now, location)
	if err != nil {
		return 0, Band{}, err
	}
	events, interval = d.Between(from, to)
	return events, interval, nil
}

// Between is the number of events to expect in [from, to), with an interval at 80 %.
func (d *Demand) Between(from, to time.Time) (events float64, interval Band) {
	for at := slo.Floor(from, time.Hour); at.Before(to); at = at.Add(time.Hour) {
		begin, end := later(at, from), earlier(at.Add(time.Hour), to)
		events += d.rate(at) * end.Sub(begin).Hours()
	}
	days := max(to.Sub(from).Hours()/24, 1.0/24)
	sd := math.Sqrt(d.noise*d.noise/max(1, days*(1-likeBefore)/(1+likeBefore)) + d.unsure*d.unsure + d.walk*d.walk*d.wandered(from, to))
	reach := math.Exp(1.2815515655446004 * sd) // the 90th percentile of the normal distribution
	return events, Band{Low: events / reach, High: events * reach}
}

// rate is the number of events to expect in the hour that starts at an instant.
func (d *Demand) rate(at time.Time) float64 {
	day, hour := local(at, d.location)
	return math.Exp(d.levelOn(day, at)) * d.shape[weekday(day)][hour]
}

// levelOn is the logarithm of the level on a local day.
func (d *Demand) levelOn(day int, at time.Time) float64 {
	if at.Before(d.now) && len(d.levels) > 0 {
		return d.levels[min(max(day-d.firstDay, 0), len(d.levels)-1)]
	}
	ahead := max(0, at.Sub(d.now).Hours()/24)
	return d.level + d.slope*slopeFade*(1-math.Exp(-ahead/slopeFade))
}

// wandered is the number of days by which a level has wandered on average over
// [from, to): those to its start and a third of its own, as a random walk's mean does.
func (d *Demand) wandered(from, to time.Time) float64 {
	begin, end := max(0, from.Sub(d.now).Hours()/24), max(0, to.Sub(d.now).Hours()/24)
	return begin + (end-begin)/3
}

// hourlyAhead is the demand of every hour from the one that holds now, as running
// sums over n hours.
func (d *Demand) hourlyAhead(n int) []float64 {
	s := make([]float64, n+1)
	at := slo.Floor(d.now, time.Hour)
	for i := range n {
		s[i+1] = s[i] + d.rate(at.Add(time.Duration(i)*time.Hour))
	}
	return s
}

// learnDemand learns demand from hours of which at least one was observed.
func learnDemand(h hours, now time.Time, location *time.Location) *Demand {
	d := &Demand{location: location, now: now}
	cal := newCalendar(h, location)
	d.firstDay = cal.first
	common := dayShape(h, cal)
	levels := dayLevels(h, cal, common)
	week := weekShape(levels, cal.first)
	d.shape = hourShape(h, cal, common, week, levels)
	plain := d.fitLevel(levels, week, now)
	d.fitNoise(d.totals(h, cal, plain))
	d.unsure = math.Hypot(d.unsure, ignorance(h.days()))
	return d
}

// ignorance is how far demand may be off whose day or week was not seen whole.
func ignorance(days float64) float64 {
	switch {
	case days < 1:
		return unknownShape
	case days < 7:
		return unknownWeek
	}
	return 0
}

// calendar says to which local day and hour each hour of the history belongs.
type calendar struct {
	first, days int   // number of the first local day, and how many there are
	day         []int // days since the first
	hour        []int // hour of the day
}

func newCalendar(h hours, location *time.Location) calendar {
	c := calendar{day: make([]int, len(h.total)), hour: make([]int, len(h.total))}
	for i := range h.total {
		day, hour := local(h.start.Add(time.Duration(i)*time.Hour), location)
		if i == 0 {
			c.first = day
		}
		c.day[i], c.hour[i] = day-c.first, hour
		c.days = day - c.first + 1
	}
	return c
}

// local is the number of the local day since 1 January 1970 and the local hour of an
// instant.
func local(at time.Time, location *time.Location) (day, hour int) {
	_, offset := at.In(location).Zone()
	seconds := at.Unix() + int64(offset)
	day = int(math.Floor(float64(seconds) / 86400))
	return day, int(seconds-int64(day)*86400) / 3600
}

// weekday of a local day number; 1 January 1970 was a Thursday.
func weekday(day int) int { return ((day+4)%7 + 7) % 7 }

// dayShape is the share of each hour of the day in demand, with a mean of 1.
func dayShape(h hours, cal calendar) (shape [24]float64) {
	var byHour [24][]float64
	for i, seen := range h.seen {
		if seen >= 0.5 {
			byHour[cal.hour[i]] = append(byHour[cal.hour[i]], h.total[i]/seen)
		}
	}
	sum, n := 0.0, 0
	for k, values := range byHour {
		if len(values) > 0 {
			shape[k] = trimmedMean(values, trimmed)
			sum += shape[k]
			n++
		}
	}
	for k := range shape {
		switch {
		case sum == 0 || len(byHour[k]) == 0:
			shape[k] = 1
		default:
			shape[k] *= float64(n) / sum
		}
	}
	return shape
}

// dayLevels is the level of each local day in events per hour: the middle, over its
// hours, of events over what the shape of a day says, so that an outage of part of the
// day does not lower it. Where hours hold few events it is the ratio of the sums. It is
// 0 where too little was observed, unless no day has enough.
func dayLevels(h hours, cal calendar, shape [24]float64) []float64 {
	days := make([]dayHours, cal.days)
	enough := 0.0
	for i, seen := range h.seen {
		if usual := shape[cal.hour[i]] * seen; usual > 0 {
			days[cal.day[i]].add(h.total[i], usual, seen)
			enough = max(enough, min(minDayHours, days[cal.day[i]].seen))
		}
	}
	levels := make([]float64, cal.days)
	for k, d := range days {
		if d.seen >= enough && d.seen > 0 {
			levels[k] = d.level()
		}
	}
	return levels
}

// dayHours are the observed hours of a local day.
type dayHours struct {
	ratios              []weighted // of events over what the shape says
	events, usual, seen float64
}

func (d *dayHours) add(events, usual, seen float64) {
	d.ratios = append(d.ratios, weighted{events / usual, usual})
	d.events += events
	d.usual += usual
	d.seen += seen
}

// fewPerHour is the number of events an hour below which chance makes the middle of
// hours differ from their mean.
const fewPerHour = 20

func (d *dayHours) level() float64 {
	if d.events < fewPerHour*d.seen {
		return d.events / d.usual
	}
	return weightedMedian(d.ratios)
}

// around is the median of the positive values of the seven days around day k, which
// hold each weekday once; at the ends of the history they are the first or the last
// seven. Day k itself is left out where own is false.
func around(levels []float64, k int, own bool) float64 {
	from := max(0, min(k-3, len(levels)-7))
	near := make([]float64, 0, 7)
	for i := from; i < min(len(levels), from+7); i++ {
		if levels[i] > 0 && (own || i != k) {
			near = append(near, levels[i])
		}
	}
	return median(near)
}

// weekShape is the factor of each weekday. It is drawn towards 1 by as much as days of
// the same name differ, compared with how much weekdays usually do.
func weekShape(levels []float64, first int) (week [7]float64) {
	for w := range week {
		week[w] = 1
	}
	if len(levels) < 7 {
		return week
	}
	var logs [7][]float64
	for k, level := range levels {
		if c := around(levels, k, true); level > 0 && c > 0 {
			w := weekday(first + k)
			logs[w] = append(logs[w], math.Log(level/c))
		}
	}
	var centre [7]float64
	var off []float64
	for w := range week {
		centre[w] = median(logs[w])
		if len(logs[w]) > 1 {
			for _, v := range logs[w] {
				off = append(off, v-centre[w])
			}
		}
	}
	noise := assumedNoise
	if len(off) > 0 {
		noise = spread(off, 0)
	}
	sum := 0.0
	for w := range week {
		n := float64(len(logs[w]))
		centre[w] *= n / (n + noise*noise/(weekdaysDiffer*weekdaysDiffer))
		sum += centre[w]
	}
	for w := range week {
		week[w] = math.Exp(centre[w] - sum/7)
	}
	return week
}

// few reports whether hours hold so few events that chance is all that tells one
// Monday's morning from another.
func few(h hours) bool {
	events, seen := 0.0, 0.0
	for i, s := range h.seen {
		events += h.total[i]
		seen += s
	}
	return events < fewPerHour*seen
}

// hourShape is the shape of the week by hours: each weekday's own shape as far as it
// was seen often, else the common one.
func hourShape(h hours, cal calendar, common [24]float64, week [7]float64, levels []float64) (shape [7][24]float64) {
	if few(h) {
		for w := range shape {
			for k := range shape[w] {
				shape[w][k] = week[w] * common[k]
			}
		}
		return shape
	}
	var cells [7][24][]float64
	weeks := cal.days/7 + 2
	backing := make([]float64, 7*24*weeks)
	for i, seen := range h.seen {
		if level := levels[cal.day[i]]; seen >= 0.5 && level > 0 {
			cell := &cells[weekday(cal.first+cal.day[i])][cal.hour[i]]
			if *cell == nil {
				*cell, backing = backing[:0:weeks], backing[weeks:]
			}
			*cell = append(*cell, h.total[i]/seen/level)
		}
	}
	for w := range shape {
		for k, values := range cells[w] {
			n := float64(len(values))
			shape[w][k] = week[w] * (n*middle(values, common[k]) + shapeWeeks*common[k]) / (n + shapeWeeks)
		}
	}
	return shape
}

// middle is the median of three or more values, so that one of an outage or a launch
// does not count. Fewer cannot outvote one: each counts at least half and at most
// twice what is usual.
func middle(values []float64, usual float64) float64 {
	if len(values) >= 3 {
		return median(values)
	}
	sum := 0.0
	for _, v := range values {
		sum += min(max(v, usual/2), usual*2)
	}
	return sum / max(1, float64(len(values)))
}

// fitLevel finds the level by day, its present value and trend, and returns the
// levels without the factors of weekdays.
func (d *Demand) fitLevel(levels []float64, week [7]float64, now time.Time) []float64 {
	today, _ := local(now, d.location)
	plain := make([]float64, len(levels)) // without the weekday's factor
	var logs []float64
	var days []float64
	for k, level := range levels {
		if level > 0 {
			plain[k] = level / week[weekday(d.firstDay+k)]
			logs = append(logs, math.Log(plain[k]))
			days = append(days, float64(d.firstDay+k-today))
		}
	}
	if len(logs) == 0 { // observed, and nothing happened: no demand
		d.level, d.levels = math.Inf(-1), nil
		return plain
	}
	d.levels = smoothLevels(plain)
	d.filter(days, logs)
	d.slope = trend(days, logs, d.seen, d.walk)
	if d.slope != 0 {
		for i, day := range days {
			logs[i] -= d.slope * day // as it would be today
		}
		d.filter(days, logs)
	}
	return plain
}

// totals are the logarithms of the events of whole days over what the days around
// them, and the shape of the week, say. They hold what levels leave out: launches,
// holidays, outages.
func (d *Demand) totals(h hours, cal calendar, plain []float64) []float64 {
	events, usual, seen := make([]float64, cal.days), make([]float64, cal.days), make([]float64, cal.days)
	for i, s := range h.seen {
		k := cal.day[i]
		events[k] += h.total[i]
		usual[k] += s * d.shape[weekday(cal.first+k)][cal.hour[i]]
		seen[k] += s
	}
	var off []float64
	for k := range events {
		if c := around(plain, k, false); seen[k] >= 18 && events[k] > 0 && c > 0 && usual[k] > 0 {
			off = append(off, math.Log(events[k]/(usual[k]*c)))
		}
	}
	return off
}

// The grid of what a level may do: standard deviations of its change in a day, and of
// a day's noise around it.
var (
	demandWalks  = []float64{0.03, 0.06, 0.1, 0.18}
	demandNoises = []float64{0.03, 0.06, 0.1, 0.16, 0.25, 0.4}
)

// outlier is the number of standard deviations beyond which a day is a launch, a
// holiday or an outage, and moves the level no further.
const outlier = 3.0

// filter finds the present level by the same model as that of the background: every
// pair of the grid is weighed by how well it foresaw the history.
func (d *Demand) filter(days, logs []float64) {
	start := make([]float64, 0, 7)
	start = append(start, logs[:min(7, len(logs))]...)
	var fits []levelFit
	best := math.Inf(-1)
	first := median(start)
	for _, walk := range demandWalks {
		for _, noise := range demandNoises {
			fit := levelFit{walk: walk, noise: noise, mean: first, sd: math.Hypot(noise, assumedNoise)}
			for i, log := range logs {
				if i > 0 {
					fit.wait(days[i] - days[i-1])
				}
				fit.see(log, noise*noise, outlier)
			}
			fit.wait(max(0, -days[len(days)-1]))
			fits = append(fits, fit)
			best = max(best, fit.score)
		}
	}
	whole := 0.0
	for i := range fits {
		fits[i].weight = math.Exp(fits[i].score - best)
		whole += fits[i].weight
	}
	level, unsure, noise, walk := 0.0, 0.0, 0.0, 0.0
	for _, f := range fits {
		w := f.weight / whole
		level += w * f.mean
		unsure += w * (f.sd*f.sd + f.mean*f.mean)
		noise += w * f.noise * f.noise
		walk += w * f.walk * f.walk
	}
	d.level, d.unsure = level, math.Sqrt(max(0, unsure-level*level))
	d.seen, d.walk = math.Sqrt(noise), math.Sqrt(walk)
}

// fitNoise finds how much a day to come will differ from its level, from how much past
// days did. The factors of weekdays have taken a share of that, all of it in the first
// week, and are as unsure themselves as few days of each name make them. Where days
// usually hold more than their hours' middles say, in bursts, the shape is raised.
func (d *Demand) fitNoise(off []float64) {
	n := float64(len(off))
	if n >= 7 {
		usual := median(off)
		for i := range off {
			off[i] -= usual
		}
		for w := range d.shape {
			for k := range d.shape[w] {
				d.shape[w][k] *= math.Exp(usual)
			}
		}
	}
	weeks := max(1, n/7)
	more, noise := 0.0, 0.0 // days beyond the first week, and their variance
	if weeks > 1 {
		more = n - 7
		s := spread(off, 0)
		for _, v := range off {
			// As variance of a normal distribution with some days far off: these count as if
			// they were three standard deviations off. A median of six days is noisy too.
			noise += min(v*v, 9*s*s) / n / 1.25 / (1 - 1/weeks)
		}
	}
	noise = (otherDays*assumedNoise*assumedNoise + more*noise) / (otherDays + more)
	d.noise = math.Sqrt(noise * (1 + 1/weeks))
	if weeks >= 2 {
		d.days = off
	}
}

// draw picks the noise of a day: that of a day of the history, launches and holidays
// included, or, the likelier the shorter the history, one that is usual.
func (d *Demand) draw(draws draws) float64 {
	n := len(d.days)
	if k := draws.IntN(n + int(otherDays)); k < n {
		return d.days[k]
	}
	return d.noise * draws.NormFloat64()
}

// smoothLevels is the logarithm of the centred median of each day's level; days
// without one get their neighbour's.
func smoothLevels(plain []float64) []float64 {
	smooth := make([]float64, len(plain))
	last, known := 0.0, false
	for k := range plain {
		c := around(plain, k, true)
		if c > 0 {
			if last = math.Log(c); !known {
				for i := range k {
					smooth[i] = last
				}
				known = true
			}
		}
		smooth[k] = last
	}
	return smooth
}

// trend is the change per day of logarithms: the median of slopes between days half
// a history apart (Siegel's idea with fewer pairs), drawn to 0 as far as noise and a
// wandering level explain it without one. There is none in less than three weeks.
func trend(days, logs []float64, noise, walk float64) float64 {
	n := len(logs)
	if n < 21 {
		return 0
	}
	half := n / 2
	slopes := make([]float64, 0, n-half)
	for i := range n - half {
		slopes = append(slopes, (logs[i+half]-logs[i])/(days[i+half]-days[i]))
	}
	slope := median(slopes)
	// The standard error of the slope of n noisy days is √12 noise / n^1.5, and that of n
	// days of a random walk √1.2 walk / √n.
	length := float64(n)
	unsure := math.Hypot(3.46*noise/math.Pow(length, 1.5), 1.1*walk/math.Sqrt(length))
	t := slope / max(unsure, 1e-9)
	return slope * t * t / (t*t + 4)
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
