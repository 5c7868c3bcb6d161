package forecast

import (
	"math"
)

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
