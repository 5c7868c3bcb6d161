package forecast

import (
	"math"
)

// model is everything learnt from one history.
type model struct {
	hours    hours
	calendar calendar
	demand   *Demand
	failures failures
	present  underWay

	background background
	arrivals   arrivals
	week       [7]float64 // how often episodes begin on each weekday, 1 on average
	length     lognormal  // hours
	severity   lognormal  // share of demand
}

// learn learns a model from a question's history.
func learn(q Question) model {
	m := model{hours: hourly(q.Timeline, q.Now)}
	if m.hours.days() == 0 {
		return m
	}
	m.calendar = newCalendar(m.hours.start, len(m.hours.total), q.Location)
	m.demand = learnDemand(m.hours, m.calendar, q.Now, q.Location)
	m.failures = findFailures(m.hours, m.demand.past(m.calendar))
	m.present = m.failures.presently(q.Timeline, m.hours, q.Now)
	m.background = learnBackground(blocks(m.hours, m.failures.inEpisode), q.Prior)
	m.learnEpisodes(q)
	return m
}

// knowsSomething reports whether any event was seen.
func (m *model) knowsSomething() bool { return len(m.background.fits) > 0 }

// past is the demand of every hour of the history.
func (d *Demand) past(cal calendar) []float64 {
	rates := make([]float64, len(cal.day))
	if len(d.levels) == 0 {
		return rates // nothing ever happened
	}
	perHour := make([]float64, cal.days)
	for k := range perHour {
		perHour[k] = math.Exp(d.levels[k])
	}
	for i, k := range cal.day {
		rates[i] = perHour[k] * d.shape[cal.weekday(i)][cal.hour[i]]
	}
	return rates
}

// forgetting is the number of days after which what happened counts half for how
// often episodes begin.
const forgetting = 25.0

// learnEpisodes updates the prior by the episodes of the history. One under way
// counts as begun, and its length is not known yet.
func (m *model) learnEpisodes(q Question) {
	m.arrivals, m.length, m.severity = q.Prior.arrivals, q.Prior.length, q.Prior.severity
	m.severity.mean += math.Log(severityScale(q.Budget))
	// An hour weighs by a little more than the one before it.
	weight, more := m.memory(0)/24, math.Exp2(1.0/24/forgetting)
	for i, seen := range m.hours.seen {
		if !m.failures.inEpisode[i] {
			m.arrivals.days += seen * weight
		}
		weight *= more
	}
	var lengths, severities []float64
	for i, e := range m.failures.episodes {
		m.arrivals.episodes += m.memory(e.first)
		if e.severity > 0 {
			severities = append(severities, math.Log(e.severity))
		}
		if !m.present.yes || i < len(m.failures.episodes)-1 {
			lengths = append(lengths, math.Log(e.length()))
		}
	}
	m.week = m.weekdays()
	m.length = m.length.with(lengths)
	m.severity = m.severity.with(severities)
}

// memory is the weight of an hour of the history, in (0, 1].
func (m *model) memory(hour int) float64 {
	return math.Exp2(-(m.hours.now - float64(hour)) / 24 / forgetting)
}

// weekdayEpisodes is the number of episodes to be expected of a weekday at which its
// own number counts half: releases and jobs have their days.
const weekdayEpisodes = 0.5

// weekdays is how often episodes begin on each weekday, compared with the mean.
func (m *model) weekdays() (factors [7]float64) {
	var begun, seen [7]float64
	for i, s := range m.hours.seen {
		seen[m.calendar.weekday(i)] += s / 24
	}
	for _, e := range m.failures.episodes {
		begun[m.calendar.weekday(e.first)]++
	}
	perDay, sum := float64(len(m.failures.episodes))/m.hours.days(), 0.0
	for w := range factors {
		factors[w] = (begun[w] + weekdayEpisodes) / (perDay*seen[w] + weekdayEpisodes)
		sum += factors[w] / 7
	}
	for w := range factors {
		factors[w] /= sum
	}
	return factors
}
