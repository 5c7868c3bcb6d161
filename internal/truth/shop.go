package truth

import (
	"math"
	"math/rand/v2"
	"time"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/impact"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// What the shop is like. Minutes are the steps of the simulation.
const (
	SliceLength = 5 * time.Minute
	Window      = 28 * 24 * time.Hour // what is asked about: the last days of the history

	minutesPerDay = 24 * 60
	z80           = 1.2815515655446004 // 90th percentile of the normal distribution
)

// Start is when the history begins, a Monday.
var Start = time.Date(2026, time.January, 5, 0, 0, 0, 0, time.UTC)

// Assumed is what the business declares. Each range is honest: it holds the shop's own
// value in 80 of 100 shops.
type Assumed struct {
	Value     impact.Value
	Returning impact.Range // share of failures that come again while it still fails
}

// Shop is one shop: what it declares, what its counters say, and what really happened.
type Shop struct {
	Assumed  Assumed
	Timeline *slo.Timeline
	Truth    Truth
}

// Truth is what was really lost in the last [Window].
type Truth struct {
	Failed  float64 // money of orders that failed and never came back
	Missing float64 // money of orders that were kept away and never came back
	Away    float64 // customers that were kept away
	Again   float64 // share of the failures in outages that came again before the outage ended

	PerFailure float64 // what a failure really cost on average: value of an order x share that never comes back
	Outages    int     // that began in the window
}

// outage is a time in which orders fail.
type outage struct {
	from, to int     // minutes
	failing  float64 // share of orders that fail
	away     float64 // share of customers that do not even try
}

// shop is a shop at work.
type shop struct {
	random  *rand.Rand
	minutes int
	outages []outage

	hourly     float64   // orders in a usual hour
	weekly     float64   // growth from week to week
	days       []float64 // how strong each day is
	hours      []float64 // noise of each hour
	background float64   // share of orders that fail at any time

	lost    float64 // true share of failures that never come back
	value   float64 // true mean value of an order
	scatter float64 // standard deviation of the logarithm of a value
	delay   float64 // mean minutes until somebody tries again

	again [][]float64 // values of orders that are tried again in a minute
	good  []float64
	total []float64
	truth Truth

	outageFailures, outageReturns float64
}

// Open simulates a shop; the same seed gives the same one.
func Open(seed uint64) (Shop, error) {
	s := &shop{random: rand.New(rand.NewPCG(seed, 20260105))}
	weeks := 8 + s.random.IntN(4)
	s.minutes = weeks * 7 * minutesPerDay
	assumed := s.assume()
	s.plan(weeks)
	s.again = make([][]float64, s.minutes)
	s.good, s.total = make([]float64, s.minutes), make([]float64, s.minutes)
	for m := range s.minutes {
		s.work(m)
	}
	s.truth.PerFailure = s.value * s.lost
	if s.outageFailures > 0 {
		s.truth.Again = s.outageReturns / s.outageFailures
	}
	timeline, err := s.timeline()
	return Shop{Assumed: assumed, Timeline: timeline, Truth: s.truth}, err
}

// assume draws what the business declares and then, around it, what is true.
func (s *shop) assume() Assumed {
	order := s.between(20, 100)
	value := impact.Range{Low: order * s.between(0.75, 0.95), Base: order, High: order * s.between(1.05, 1.3)}
	share := s.between(0.3, 0.7)
	lost := impact.Range{Low: share - s.between(0.08, 0.2), Base: share, High: share + s.between(0.08, 0.2)}
	s.value, s.lost = s.around(value), min(0.98, max(0.02, s.around(lost)))
	s.scatter, s.delay = s.between(0.3, 0.9), s.between(20, 120)
	return Assumed{
		Value:     impact.Value{PerOrder: value, NotRecovered: lost},
		Returning: impact.Range{Low: 0, Base: 0.2, High: 0.5},
	}
}

// around draws a true value of which a range is an honest one: it lies outside in one
// of five shops, and as often below as above.
func (s *shop) around(r impact.Range) float64 {
	z := s.random.NormFloat64() / z80
	if z < 0 {
		return r.Base + z*(r.Base-r.Low)
	}
	return r.Base + z*(r.High-r.Base)
}

// plan draws how busy the shop is and when it fails.
func (s *shop) plan(weeks int) {
	s.hourly, s.weekly, s.background = s.between(60, 600), s.between(0.97, 1.05), s.between(0.0002, 0.002)
	spread := s.between(0.03, 0.1)
	for range weeks * 7 {
		strength := math.Exp(spread * s.random.NormFloat64())
		switch s.random.IntN(30) {
		case 0:
			strength *= s.between(0.3, 0.6) // a holiday
		case 1:
			strength *= s.between(1.3, 1.8) // a sale
		}
		s.days = append(s.days, strength)
		for range 24 {
			s.hours = append(s.hours, math.Exp(0.04*s.random.NormFloat64()))
		}
	}
	window := s.minutes - int(Window/time.Minute)
	for range 1 + s.random.IntN(3) {
		s.fail(s.random.IntN(window))
	}
	for range 1 + s.random.IntN(4) {
		s.fail(window + s.random.IntN(s.minutes-window-5*60))
		s.truth.Outages++
	}
}

// fail plans an outage of a quarter of an hour to four hours. The more fails, the more
// customers stay away.
func (s *shop) fail(from int) {
	failing := s.between(0.2, 1)
	s.outages = append(s.outages, outage{
		from: from, to: from + int(math.Round(15*math.Pow(16, s.random.Float64()))),
		failing: failing, away: failing * s.between(0, 0.7),
	})
}

// at is the outage that a minute lies in.
func (s *shop) at(minute int) (outage, bool) {
	for _, o := range s.outages {
		if o.from <= minute && minute < o.to {
			return o, true
		}
	}
	return outage{failing: s.background}, false
}

// work lets customers come in one minute.
func (s *shop) work(m int) {
	o, failing := s.at(m)
	for _, value := range s.again[m] {
		s.try(m, value, o)
	}
	coming := distuv.Poisson{Lambda: s.demand(m), Src: s.random}.Rand()
	for range int(coming) {
		value := s.value * math.Exp(s.scatter*s.random.NormFloat64()-s.scatter*s.scatter/2)
		if failing && s.random.Float64() < o.away {
			s.stayAway(m, value, o)
			continue
		}
		s.try(m, value, o)
	}
}

// demand is how many customers a minute brings on average: fewer at night and on
// weekends.
func (s *shop) demand(m int) float64 {
	day, hour := m/minutesPerDay, float64(m%minutesPerDay)/60
	daily := 1 - 0.75*math.Cos((hour-3)/24*2*math.Pi)
	if day%7 >= 5 {
		daily *= 0.7
	}
	growth := math.Pow(s.weekly, float64(day)/7)
	return s.hourly / 60 * daily * growth * s.days[day] * s.hours[m/60]
}

// try lets an order go through or fail. A customer whose order failed may never try
// again.
func (s *shop) try(m int, value float64, o outage) {
	s.total[m]++
	if s.random.Float64() >= o.failing {
		s.good[m]++
		return
	}
	if s.random.Float64() < s.lost {
		if s.asked(m) {
			s.truth.Failed += value
		}
		if o.to > 0 {
			s.outageFailures++
		}
		return
	}
	next := s.later(m, value)
	if o.to > 0 {
		s.outageFailures++
		if next < o.to {
			s.outageReturns++
		}
	}
}

// stayAway keeps a customer away, who looks again once it works, or never.
func (s *shop) stayAway(m int, value float64, o outage) {
	if s.asked(m) {
		s.truth.Away++
	}
	if s.random.Float64() >= s.lost {
		s.later(o.to, value)
	} else if s.asked(m) {
		s.truth.Missing += value
	}
}

// later lets a customer come again some time after a minute, and says when.
func (s *shop) later(m int, value float64) int {
	if m += 1 + int(s.random.ExpFloat64()*s.delay); m < s.minutes {
		s.again[m] = append(s.again[m], value)
	}
	return m
}

func (s *shop) asked(m int) bool { return m >= s.minutes-int(Window/time.Minute) }

func (s *shop) between(a, b float64) float64 { return a + (b-a)*s.random.Float64() }

// timeline is what the shop's counters say.
func (s *shop) timeline() (*slo.Timeline, error) {
	per := int(SliceLength / time.Minute)
	grid, err := slo.NewGrid(slo.Part{Start: Start, Step: SliceLength, N: s.minutes / per})
	if err != nil {
		return nil, err
	}
	slices := make([]slo.Slice, grid.Len())
	for i := range slices {
		slices[i].State = slo.Measured
		for m := i * per; m < (i+1)*per; m++ {
			slices[i].Good += s.good[m]
			slices[i].Total += s.total[m]
		}
	}
	return slo.NewTimeline(grid, slices)
}
