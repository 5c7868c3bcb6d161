package forecast

import (
	"math"
	"math/rand/v2"
	"sync/atomic"
)

// draws are the random numbers of one simulated future. Future i of every forecast
// gets the same ones, whatever it is asked: a forecast of the next minute moves by
// what happened, not by what was drawn.
type draws struct {
	*rand.Rand
	source *rand.PCG
}

func newDraws() draws {
	source := rand.NewPCG(0, 0)
	return draws{rand.New(source), source}
}

// purpose is what random numbers are for. Each has numbers of its own, so that one more
// of demand does not change which episodes come.
type purpose uint64

const (
	forFlow purpose = iota
	forEpisodes
	forDays
	forShare
)

// start begins the numbers of future i for a purpose.
func (d draws) start(i int, p purpose) { d.source.Seed(0x5374616b6573+uint64(p), uint64(i)) }

// flowDraws are the numbers that one future's demand and background are made of,
// whatever its length: a longer future begins like a shorter one. Those that are
// called normal have a mean of 0 and a variance of 1, the others are even in [0, 1).
type flowDraws struct {
	level, share, usual float64 // normal
	fit                 float64

	steps []stepDraws
	days  []dayDraws
}

// stepDraws are those of one step.
type stepDraws struct {
	share, demand, noise, count float64 // normal
	few                         float64 // instead of count, where few events are to be expected
}

// dayDraws are those of one day.
type dayDraws struct {
	like, pick float64
	usual      float64 // normal
}

// Futures that are drawn once for all forecasts: those of a forecast's lines, in steps of
// a day over a quarter. They take 2 MB for a month and 6 for a quarter.
const (
	keptFutures = 1000
	keptSteps   = 100
	usualSteps  = 32 // a month's, drawn at once
)

var kept [keptFutures]atomic.Pointer[flowDraws]

// flowOf are the numbers of future i, for at least so many steps and days.
func (d draws) flowOf(i, steps, days int) *flowDraws {
	if i >= keptFutures || max(steps, days) > keptSteps {
		return d.drawFlow(i, steps, days)
	}
	if have := kept[i].Load(); have != nil && len(have.steps) >= steps && len(have.days) >= days {
		return have
	}
	made := d.drawFlow(i, max(steps, usualSteps), max(days, usualSteps))
	kept[i].Store(made)
	return made
}

func (d draws) drawFlow(i, steps, days int) *flowDraws {
	f := &flowDraws{steps: make([]stepDraws, steps), days: make([]dayDraws, days)}
	d.start(i, forFlow)
	f.level, f.share, f.usual, f.fit = d.NormFloat64(), d.NormFloat64(), d.NormFloat64(), d.Float64()
	for k := range f.steps {
		f.steps[k] = stepDraws{d.NormFloat64(), d.NormFloat64(), d.NormFloat64(), d.NormFloat64(), d.Float64()}
	}
	d.start(i, forDays)
	for k := range f.days {
		f.days[k] = dayDraws{d.Float64(), d.Float64(), d.NormFloat64()}
	}
	return f
}

// gamma draws from the gamma distribution with the given shape and a mean of shape
// (rate 1). Marsaglia and Tsang, 2000.
func (d draws) gamma(shape float64) float64 {
	if shape < 1 {
		// A gamma of shape + 1 times a power of a uniform.
		return d.gamma(shape+1) * math.Pow(1-d.Float64(), 1/shape)
	}
	a := shape - 1.0/3
	c := 1 / math.Sqrt(9*a)
	for {
		x := d.NormFloat64()
		v := 1 + c*x
		if v <= 0 {
			continue
		}
		v = v * v * v
		if math.Log(1-d.Float64()) < 0.5*x*x+a-a*v+a*math.Log(v) {
			return a * v
		}
	}
}

// fewExpected is the mean up to which numbers of events are drawn exactly; beyond it the
// normal distribution is as good.
const fewExpected = 20

// events is a number of events from their mean.
func (s stepDraws) events(mean float64) float64 {
	if mean > fewExpected {
		return max(0, mean+math.Sqrt(mean)*s.count)
	}
	return poisson(mean, s.few)
}

// poisson is the smallest number of events that as many of a Poisson distribution as u
// says, in [0, 1), do not exceed.
func poisson(mean, u float64) float64 {
	if !(mean > 0) {
		return 0
	}
	n, chance := 0.0, exp(-mean)
	for sum := chance; u >= sum && chance > 1e-18; sum += chance {
		n++
		chance *= mean / n
	}
	return n
}
