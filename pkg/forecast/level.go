package forecast

import (
	"math"
	"slices"
	"time"
)

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
	d.slope = trend(days, logs)
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

const (
	// Of its distance from home, a level has so much left after a day: weeks are more alike
	// than what one day says of the next.
	dayLeft = 0.7

	// Home itself is where the level was of late, half of it in so many days, and moves on.
	homeHalf = 12.0
	homeWalk = 0.03 // standard deviation of its change in a day
)

// leftAfter is the share of its distance from home that a level has left after some days.
func leftAfter(days float64) float64 { return exp(days * leftLog) }

var leftLog = math.Log(dayLeft)

// wandered is how many days' changes are in a level that goes home, once so much is left
// of what it was: the variance of an autoregressive process, in that of a day's change.
func wandered(left float64) float64 { return (1 - left*left) / (1 - dayLeft*dayLeft) }

// filter finds the present level by the same model as that of the background, but for a
// level that goes back home: every pair of the grid is weighed by how well it foresaw the history.
func (d *Demand) filter(days, logs []float64) {
	start := make([]float64, 0, 7)
	start = append(start, logs[:min(7, len(logs))]...)
	home, n := homeOf(days, logs)
	n /= 2 // days that follow each other are alike
	first := median(start)
	d.fits = d.fits[:0]
	for _, walk := range demandWalks {
		for _, noise := range demandNoises {
			fit := levelFit{
				walk: walk, noise: noise, mean: first, sd: math.Hypot(noise, assumedNoise),
				goesHome: true, home: home, homeSD: math.Hypot(walk/(1-dayLeft), noise) / math.Sqrt(n),
			}
			for i, log := range logs {
				if i > 0 {
					fit.wait(days[i] - days[i-1])
				}
				fit.see(log, noise*noise, outlier)
			}
			fit.wait(max(0, -days[len(days)-1]))
			d.fits = append(d.fits, fit)
		}
	}
	d.fits.weigh()
	d.average()
}

// homeOf is the mean of logarithms by days counted back from now, the later the more, and
// the number of days that it is worth.
func homeOf(days, logs []float64) (home, n float64) {
	weights, squares := 0.0, 0.0
	for i, log := range logs {
		w := math.Exp2(days[i] / homeHalf)
		weights += w
		squares += w * w
		home += w * log
	}
	return home / weights, weights * weights / squares
}

// average makes one of all fits, for who asks for the demand that is likely.
func (d *Demand) average() {
	level, unsure, walk, homeVariance, before := 0.0, 0.0, 0.0, 0.0, 0.0
	for _, f := range d.fits {
		w := f.weight - before
		before = f.weight
		level += w * f.mean
		unsure += w * (f.sd*f.sd + f.mean*f.mean)
		walk += w * f.walk * f.walk
		homeVariance += w * f.homeSD * f.homeSD
	}
	d.level, d.unsure = level, math.Sqrt(max(0, unsure-level*level))
	d.walk, d.home, d.homeUnsure = math.Sqrt(walk), d.fits[0].home, math.Sqrt(homeVariance)
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

// dayNoise is the noise of the days of one future, one after the other.
type dayNoise struct {
	demand *Demand
	day    int     // of the history, that the present one is like; none where it is not one
	usual  float64 // where none, the noise drawn instead
}

// noiseFrom begins with the day that follows the history.
func (d *Demand) noiseFrom(usual float64) dayNoise {
	return dayNoise{demand: d, day: len(d.days) - 1, usual: d.noise * usual}
}

// next picks the noise of the next day: bursts and holidays come as in the history, and
// last as long as they did, or, the likelier the shorter the history, days are usual.
func (n *dayNoise) next(drawn dayDraws) float64 {
	days := len(n.demand.days)
	like := drawn.like < likeBefore // and a usual day stays as it is
	switch {
	case like && n.day >= 0 && n.day+1 < days:
		n.day++
	case !like || n.day >= 0:
		if n.day = int(drawn.pick * float64(days+otherDays)); n.day >= days {
			n.day, n.usual = -1, n.demand.noise*drawn.usual
		}
	}
	if n.day < 0 {
		return n.usual
	}
	return n.demand.days[n.day]
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
// a history apart (Siegel's idea with fewer pairs), drawn to 0 as far as what is off that
// line and a wandering home explain it without one. There is none in less than three weeks.
func trend(days, logs []float64) float64 {
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
	off := make([]float64, n)
	for i, log := range logs {
		off[i] = log - slope*days[i]
	}
	// Days that are like the one before tell less than as many others.
	noise := spread(off, median(slices.Clone(off))) * math.Sqrt((1+dayLeft)/(1-dayLeft))
	// The standard error of the slope of n noisy days is √12 noise / n^1.5, and that of n
	// days of a random walk √1.2 walk / √n.
	length := float64(n)
	unsure := math.Hypot(3.46*noise/math.Pow(length, 1.5), 1.1*homeWalk/math.Sqrt(length))
	t := slope / max(unsure, 1e-9)
	return slope * t * t / (t*t + 4)
}

// offDemand is by how much logarithms on one path differ from what is expected: that of
// the level, and that of its home.
type offDemand struct {
	level, home float64
	walk        float64 // standard deviation of the level's change in a day
}

// off draws the difference now.
func (d *Demand) off(drawn *futureDraws) offDemand {
	if len(d.fits) == 0 {
		return offDemand{} // nothing ever happened
	}
	f, strange := d.fits.draw(drawn.demandFit), d.strange*drawn.shape
	return offDemand{f.mean - d.level + f.sd*drawn.level + strange, f.homeSD*drawn.level + strange, f.walk}
}

// pass lets a step pass.
func (o *offDemand) pass(s *step, normal float64) {
	o.home += homeWalk * s.root * normal
	o.level = o.home + (o.level-o.home)*s.left + o.walk*s.wander*normal
}
