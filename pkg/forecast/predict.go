package forecast

import (
	"fmt"
	"slices"
	"sort"
	"time"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// method is how forecasts are made, in words.
const method = "background and episodes learnt from the history, simulated"

// Predict answers a question.
func Predict(q Question) (Forecast, error) {
	answers, err := PredictEach(q, q.Scenario)
	if err != nil {
		return Forecast{}, err
	}
	return answers[0], nil
}

// PredictEach answers a question under several scenarios, learning from the history
// once. The answers are in the order of the scenarios.
func PredictEach(q Question, scenarios ...Scenario) ([]Forecast, error) {
	q, err := q.complete()
	if err != nil {
		return nil, err
	}
	m := learn(q)
	answers := make([]Forecast, len(scenarios))
	for i, scenario := range scenarios {
		if err := scenario.check(); err != nil {
			return nil, err
		}
		q.Scenario = scenario
		answers[i] = predict(q, m)
	}
	return answers, nil
}

func predict(q Question, m model) Forecast {
	f := Forecast{
		Scenario: q.Scenario, Method: method, budget: q.Budget,
		HistoryDays: m.hours.days(), Episodes: len(m.failures.episodes), UnderWay: m.present.yes,
		Warnings: m.warnings(q),
	}
	present := q.Timeline.Sum(q.Now.Add(-q.Lookback), q.Now).Counts
	if sli := present.SLI(); sli.Known {
		f.BurnRate = slo.Known((1 - sli.Value) / q.Budget)
	}
	if !m.knowsSomething() {
		return f
	}
	futures := simulate(q, m)
	f.describe(q, futures)
	return f
}

// futures are the simulated ones: consumed budget by instant and path.
type futures struct {
	at       []time.Time
	consumed [][]float64
	events   []float64 // in the window that ends at the last instant, by path
}

// simulate draws the futures. In a calendar window the last instant is its end, also
// where the horizon is not, since the budget is that of the whole period.
func simulate(q Question, m model) futures {
	f := futures{at: q.instants()}
	if last := f.at[len(f.at)-1]; !q.Window.rolling() && last.Before(q.Window.End) {
		f.at = append(f.at, q.Window.End)
	}
	f.consumed = make([][]float64, len(f.at))
	cells := make([]float64, len(f.at)*q.Paths)
	for k := range f.consumed {
		f.consumed[k] = cells[k*q.Paths : (k+1)*q.Paths]
	}
	f.events = make([]float64, q.Paths)
	s := newSimulation(q, m, f.at)
	known := knownParts(q, m.hours, f.at)
	for i := range q.Paths {
		s.path(i)
		for k := range f.at {
			c, events := s.consumed(known, k)
			f.consumed[k][i] = c
			f.events[i] = events
		}
	}
	return f
}

// knownParts are the events that the window of each instant holds of the past.
func knownParts(q Question, h hours, at []time.Time) []slo.Counts {
	whole := q.Timeline.Sum(q.Window.from(q.Now), q.Now).Counts
	total, bad := sums(h.total), sums(h.bad)
	begin := q.Window.from(q.Now).Sub(h.start).Hours()
	known := make([]slo.Counts, len(at))
	for k, t := range at {
		// What has aged out by then, even within an hour.
		out := min(q.Window.from(t).Sub(h.start).Hours(), h.now)
		n := whole.Total - (before(total, out) - before(total, begin))
		b := whole.Bad() - (before(bad, out) - before(bad, begin))
		if out >= h.now {
			n, b = 0, 0
		}
		known[k] = slo.Counts{Good: n - b, Total: n}
	}
	return known
}

// consumed is the budget consumed at instant k on the present path, and the events in
// the window.
func (s *simulation) consumed(known []slo.Counts, k int) (consumed, events float64) {
	n, b := known[k].Total+s.total[k], known[k].Bad()+s.bad[k]
	if s.q.Window.rolling() {
		// A window shorter than the way from now to k begins in the future.
		if from := s.hour[k] - s.q.Window.Length.Hours(); from > 0 {
			n -= between(s.hour, s.total, from)
			b -= between(s.hour, s.bad, from)
		}
	} else {
		n = known[k].Total + s.total[len(s.total)-1]
	}
	if n <= 0 {
		return 0, 0
	}
	return b / (s.q.Budget * n), n
}

// between is the value of a running sum at an hour between instants.
func between(hour, running []float64, at float64) float64 {
	i := sort.SearchFloat64s(hour, at)
	if i == 0 {
		return running[0]
	}
	if i == len(hour) {
		return running[len(hour)-1]
	}
	part := (at - hour[i-1]) / (hour[i] - hour[i-1])
	return running[i-1] + part*(running[i]-running[i-1])
}

// describe turns the futures into the answer.
func (f *Forecast) describe(q Question, all futures) {
	f.cross(q, all)
	slices.Sort(all.events)
	f.Events = Band{Low: quantile(all.events, 0.1), High: quantile(all.events, 0.9)}
	for k, at := range all.at {
		values := all.consumed[k]
		slices.Sort(values)
		f.end = values
		if !at.After(q.Now.Add(q.Horizon)) {
			f.Steps = append(f.Steps, newStep(at, values))
		}
	}
	f.MissProbability = slo.Known(shareAbove(f.end, 1))
}

// newStep describes ascending values of consumed budget.
func newStep(at time.Time, values []float64) Step {
	s := Step{
		At: at, Median: quantile(values, 0.5),
		Band50:          Band{quantile(values, 0.25), quantile(values, 0.75)},
		Band80:          Band{quantile(values, 0.1), quantile(values, 0.9)},
		Band95:          Band{quantile(values, 0.025), quantile(values, 0.975)},
		MissProbability: shareAbove(values, 1),
	}
	for _, v := range values {
		s.Mean += v / float64(len(values))
	}
	return s
}

// cross finds when the futures cross the whole budget.
func (f *Forecast) cross(q Question, all futures) {
	exhausted := make([]float64, 0, q.Paths) // hours
	recovered := make([]float64, 0, q.Paths)
	begun := 0
	for i := range q.Paths {
		if all.consumed[0][i] >= 1 {
			begun++
			if hour, ok := firstCrossing(all, i, q, false); ok {
				recovered = append(recovered, hour)
			}
			exhausted = append(exhausted, 0)
			continue
		}
		if hour, ok := firstCrossing(all, i, q, true); ok {
			exhausted = append(exhausted, hour)
		}
	}
	f.Exhaustion = newCrossing(q, exhausted, q.Paths)
	if begun > 0 {
		f.Recovery = newCrossing(q, recovered, begun)
	}
}

// firstCrossing is the first hour from now at which path i crosses 1, upwards or
// downwards, by a line between instants. It looks no further than the horizon.
func firstCrossing(all futures, i int, q Question, up bool) (hours float64, ok bool) {
	for k := 1; k < len(all.at) && !all.at[k].After(q.Now.Add(q.Horizon)); k++ {
		a, b := all.consumed[k-1][i], all.consumed[k][i]
		if up && b >= 1 || !up && b < 1 {
			from, to := all.at[k-1].Sub(q.Now).Hours(), all.at[k].Sub(q.Now).Hours()
			return from + (1-a)/(b-a)*(to-from), true
		}
	}
	return 0, false
}

// newCrossing describes the hours from now at which some of a number of paths cross.
func newCrossing(q Question, hours []float64, paths int) Crossing {
	slices.Sort(hours)
	c := Crossing{Probability: float64(len(hours)) / float64(paths)}
	when := func(share float64) time.Time {
		k := int(share*float64(paths-1) + 0.5)
		if k >= len(hours) {
			return time.Time{}
		}
		return q.Now.Add(time.Duration(hours[k] * float64(time.Hour))).Round(time.Second)
	}
	c.Earliest, c.Median, c.Latest = when(0.1), when(0.5), when(0.9)
	return c
}

// warnings say what makes the band wide, and what would narrow it.
func (m *model) warnings(q Question) (all []slo.Warning) {
	days := m.hours.days()
	if !m.knowsSomething() {
		return []slo.Warning{{Kind: NothingObserved, Text: "no events were observed before now; a forecast needs a day of history"}}
	}
	switch {
	case days < 1:
		all = append(all, slo.Warning{Kind: ShortHistory, Text: "less than a day of history; needs 1 day for the hours of a day, 14 days for those of a week"})
	case days < 14:
		all = append(all, slo.Warning{Kind: ShortHistory, Text: fmt.Sprintf("%.0f days of history; needs 14 days for the days of a week", days)})
	}
	if n := len(m.failures.episodes); n < 3 {
		all = append(all, slo.Warning{Kind: FewEpisodes, Text: fmt.Sprintf("episodes of failures in %.0f days: %d; needs 3 for a forecast that rests on this history alone", days, n)})
	}
	return all
}
