package forecast

import (
	"math"
	"slices"
	"sort"
	"time"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// simulation draws futures from a model.
type simulation struct {
	q     Question
	model model
	draws draws

	hour   []float64 // hours from now to each instant
	ahead  []float64 // running sums of demand by hours, from the hour that holds now
	offset float64   // hours from the start of that hour to now
	length float64   // of a rolling window, in hours; 0 of a calendar window

	clock   calendar   // of every hour, from the one that holds now
	present slo.Counts // over the lookback
	steps   []step
	worst   float64 // how often episodes begin on the worst weekday

	// The future of one path: events and bad events up to each instant, and by how much the
	// logarithm of the level of demand differs there from what is expected.
	total, bad, level []float64
}

// step is what all futures have in common between two instants.
type step struct {
	demand float64 // events to expect
	root   float64 // of its length in days
	left   float64 // share of a level's distance from home that is left after its length
	wander float64 // standard deviation of a level after its length, in that of a day's change
	noise  float64 // share of a day's noise that is left over its length
	day    int     // that it ends in, counted from now
}

func newSimulation(q Question, m model, at []time.Time) *simulation {
	s := &simulation{q: q, model: m, draws: newDraws(), present: q.Timeline.Sum(q.Now.Add(-q.Lookback), q.Now).Counts}
	s.hour = make([]float64, len(at))
	for i, t := range at {
		s.hour[i] = t.Sub(q.Now).Hours()
	}
	s.length = q.Window.Length.Hours()
	s.offset = q.Now.Sub(slo.Floor(q.Now, time.Hour)).Hours()
	n := int(s.hour[len(at)-1]) + 2
	s.clock = newCalendar(slo.Floor(q.Now, time.Hour), n, q.Location)
	s.ahead = m.demand.hourlyAhead(s.clock)
	s.worst = slices.Max(m.week[:])
	s.steps = make([]step, len(at))
	for k := 1; k < len(at); k++ {
		days := (s.hour[k] - s.hour[k-1]) / 24
		left := leftAfter(days)
		s.steps[k] = step{
			demand: s.expected(s.hour[k-1], s.hour[k]), root: math.Sqrt(days), left: left, wander: math.Sqrt(wandered(left)),
			noise: 1 / math.Sqrt(max(1, days)), day: int((s.hour[k] - 1e-9) / 24),
		}
	}
	s.total, s.bad, s.level = make([]float64, len(at)), make([]float64, len(at)), make([]float64, len(at))
	return s
}

// expected is the demand between two instants, in hours from now.
func (s *simulation) expected(from, to float64) float64 {
	return before(s.ahead, s.offset+to) - before(s.ahead, s.offset+from)
}

// path draws future i.
func (s *simulation) path(i int) {
	drawn := s.draws.future(i, max(len(s.steps), s.steps[len(s.steps)-1].day+1))
	// By how much demand differs at present from what is expected.
	off := s.model.demand.off(drawn)
	switch s.q.Scenario.Kind {
	case AsNow:
		s.hold(s.presentShare(i, drawn), exp(off.level))
	case Own:
		share := s.q.Scenario.Ratio
		if s.q.Scenario.ByFactor {
			share = min(1, s.q.Scenario.Factor*s.presentShare(i, drawn))
		}
		s.hold(share, exp(off.level))
	default:
		s.flow(drawn, off)
		s.draws.start(i, forEpisodes)
		s.fails(drawn)
	}
	for k := 1; k < len(s.total); k++ {
		s.total[k] += s.total[k-1]
		s.bad[k] += s.bad[k-1]
	}
}

// presentShare draws the share of failures that the events of the lookback speak for: a
// beta distribution, from Jeffreys' prior.
func (s *simulation) presentShare(i int, drawn *futureDraws) float64 {
	if s.present.Total <= 0 || s.present.Contradictory() {
		return 0
	}
	s.draws.start(i, forShare)
	// No episodes begin where the present share goes on: their numbers are free.
	bad, good := s.draws.gamma(s.present.Bad()+0.5, drawn.arrivals), s.draws.gamma(s.present.Good+0.5, drawn.severity.variance)
	return bad / (bad + good)
}

// hold lets the same share of events fail in every step.
func (s *simulation) hold(share, level float64) {
	for k := 1; k < len(s.hour); k++ {
		s.total[k] = s.steps[k].demand * level
		s.bad[k] = share * s.total[k]
	}
}

// fails draws the episodes: the rest of one under way, and those that begin.
func (s *simulation) fails(drawn *futureDraws) {
	kind := s.q.Scenario.Kind
	if kind == IncidentStops {
		return
	}
	from := 0.0
	length, lengthSD := s.model.length.draw(s.draws, drawn.length)
	if s.model.present.yes && kind != Typical {
		from = s.model.present.rest(drawn.rest, length, lengthSD)
		if kind == IncidentGoesOn {
			from = math.Inf(1)
		}
		s.fail(0, from, s.model.present.severity)
	}
	s.begin(drawn, from, length, lengthSD)
}

// rest draws how many hours an episode under way still lasts: the rest of a length
// that is longer than its age.
func (u underWay) rest(chance, mean, sd float64) float64 {
	shorter := normalCDF((math.Log(u.age) - mean) / sd)
	p := shorter + (1-shorter)*chance
	if p > 1-1e-12 {
		return u.age
	}
	return max(0, math.Exp(mean+sd*normalQuantile(p))-u.age)
}

// flow draws demand and background of every step.
func (s *simulation) flow(drawn *futureDraws, off offDemand) {
	demand := s.model.demand
	fit := s.model.background.fits.draw(drawn.fit)
	share := fit.mean + fit.sd*drawn.share
	dayOf, demandNoise, shareNoise := -1, 0.0, 0.0
	noise := demand.noiseFrom(drawn.usual)
	for k := 1; k < len(s.steps); k++ {
		step, z := &s.steps[k], &drawn.steps[k]
		share += fit.walk * step.root * z.share
		off.pass(step, z.demand)
		// Noise is new every day, however many steps a day or days a step has.
		if step.day != dayOf {
			demandNoise = 0
			for n := step.day - dayOf; dayOf < step.day; dayOf++ {
				demandNoise += noise.next(drawn.days[dayOf+1]) / float64(n)
			}
			shareNoise = fit.noise * step.noise * z.noise
		}
		total := step.demand * exp(off.level+demandNoise)
		s.level[k] = off.level
		s.total[k], s.bad[k] = total, min(total, z.events(total*exp(share+shareNoise)))
	}
}

// begin draws the episodes that begin after an instant.
func (s *simulation) begin(drawn *futureDraws, from, length, lengthSD float64) {
	perHour := s.model.arrivals.draw(s.draws, drawn.arrivals) / 24
	severity, severitySD := s.model.severity.draw(s.draws, drawn.severity)
	most, end := s.worst, s.hour[len(s.hour)-1]
	for at, n := from, 0; ; n++ {
		e := s.draws.episode(drawn, n)
		// Candidates come as often as on the worst weekday; on others some are left out.
		at += e.wait / (perHour * most)
		if !(at < end) {
			return
		}
		if e.keep*most > s.model.week[s.weekday(at)] {
			continue
		}
		hours := exp(length + lengthSD*e.length)
		share := min(1, exp(severity+severitySD*e.severity))
		s.fail(at, at+hours, share)
		at += hours
	}
}

// weekday is that of an instant, in hours from now.
func (s *simulation) weekday(hour float64) int {
	return s.clock.weekday(min(int(s.offset+hour), len(s.clock.day)-1))
}

// fail adds an episode that fails a share of demand between two instants.
func (s *simulation) fail(from, to, share float64) {
	first := max(1, sort.SearchFloat64s(s.hour, from)) // ends at from, or is the first that ends later
	for k := first; k < len(s.hour) && s.hour[k-1] < to; k++ {
		if s.hour[k] > from {
			s.bad[k] += share * exp(s.level[k]) * s.expected(max(from, s.hour[k-1]), min(to, s.hour[k]))
		}
	}
}
