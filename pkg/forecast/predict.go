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

// futures are the simulated ones.
type futures struct {
	at       []time.Time
	shown    []int       // those of the instants that are described, and the last
	consumed [][]float64 // budget, by shown instant and path
	events   []float64   // in the window that ends at the last instant, by path

	// The hours from now at which paths consumed the whole budget, and those at which
	// they no longer had, of as many as began without any left.
	exhausted, recovered []float64
	begun                int
}

// simulate draws the futures. In a calendar window the last instant is its end, also
// where the horizon is not, since the budget is that of the whole period.
func simulate(q Question, m model) futures {
	f := futures{at: q.instants()}
	ahead := len(f.at) // to the horizon
	if last := f.at[len(f.at)-1]; !q.Window.rolling() && last.Before(q.Window.End) {
		f.at = append(f.at, q.Window.End)
	}
	for k := range f.at {
		if !q.Brief || k == 0 || k >= ahead-1 {
			f.shown = append(f.shown, k)
		}
	}
	f.consumed = make([][]float64, len(f.shown))
	cells := make([]float64, len(f.shown)*q.Paths)
	for n := range f.consumed {
		f.consumed[n] = cells[n*q.Paths : (n+1)*q.Paths]
	}
	f.events = make([]float64, q.Paths)
	s := newSimulation(q, m, f.at)
	known := knownParts(q, m.hours, f.at)
	path := make([]float64, len(f.at))
	for i := range q.Paths {
		s.path(i)
		for k := range path {
			path[k], f.events[i] = s.consumed(known, k)
		}
		for n, k := range f.shown {
			f.consumed[n][i] = path[k]
		}
		f.cross(path[:ahead], s.hour)
	}
	return f
}

// cross notes when a path crosses the whole budget.
func (f *futures) cross(path, hour []float64) {
	if path[0] < 1 {
		if at, ok := firstCrossing(path, hour, true); ok {
			f.exhausted = append(f.exhausted, at)
		}
		return
	}
	f.begun++
	f.exhausted = append(f.exhausted, 0)
	if at, ok := firstCrossing(path, hour, false); ok {
		f.recovered = append(f.recovered, at)
	}
}

// firstCrossing is the first hour from now at which a path crosses 1, upwards or
// downwards, by a line between instants.
func firstCrossing(path, hour []float64, up bool) (at float64, ok bool) {
	for k := 1; k < len(path); k++ {
		if a, b := path[k-1], path[k]; up == (b >= 1) {
			return hour[k-1] + (1-a)/(b-a)*(hour[k]-hour[k-1]), true
		}
	}
	return 0, false
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
	if s.length > 0 {
		// A window shorter than the way from now to k begins in the future.
		if from := s.hour[k] - s.length; from > 0 {
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
	f.Exhaustion = newCrossing(q, all.exhausted, q.Paths)
	if all.begun > 0 {
		f.Recovery = newCrossing(q, all.recovered, all.begun)
	}
	slices.Sort(all.events)
	f.Events = Band{Low: quantile(all.events, 0.1), High: quantile(all.events, 0.9)}
	for n, k := range all.shown {
		at, values := all.at[k], all.consumed[n]
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
		s.Mean += v
	}
	s.Mean /= float64(len(values))
	return s
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
