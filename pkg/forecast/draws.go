package forecast

import (
	"math"
	"math/rand/v2"
	"slices"
	"sync/atomic"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distmv"
	"gonum.org/v1/gonum/stat/samplemv"
)

// draws are the random numbers of one simulated future. Future i of every forecast
// gets the same ones, whatever it is asked: a forecast of the next minute moves by
// what happened, not by what was drawn.
//
// They come in two kinds. What decides how a future goes (its numbers, see
// [futureDraws]) is spread evenly over all that could be drawn, so that two hundred
// futures say about what ten thousand would. How many other numbers a future needs is
// not known before; these come from the generator here.
type draws struct {
	*rand.Rand
	source *rand.PCG
}

func newDraws() draws {
	source := rand.NewPCG(0, 0)
	return draws{rand.New(source), source}
}

// seed is that of all numbers.
const seed = 0x5374616b6573

// purpose is what random numbers are for. Each has numbers of its own, so that one more
// for one purpose does not change those for another.
type purpose uint64

const (
	forFuture purpose = iota
	forSteps
	forEpisodes
	forShare
)

// start begins the numbers of future i for a purpose.
func (d draws) start(i int, p purpose) { d.source.Seed(seed+uint64(p), uint64(i)) }

// futureDraws are the numbers that one future is made of, whatever its length: a longer
// future begins like a shorter one. Those that are called normal have a mean of 0 and a
// variance of 1, the others are even in (0, 1).
type futureDraws struct {
	level, share, usual, shape float64 // normal
	fit, demandFit, rest       float64

	arrivals         gammaDraws
	length, severity lognormalDraws
	episodes         [drawnEpisodes]episodeDraws

	steps []stepDraws
	days  []dayDraws
}

// drawnEpisodes is the number of episodes that hardly a future of a month exceeds.
const drawnEpisodes = 24

// episodeDraws are those of one episode: how long until it begins, exponential with a
// mean of 1, whether it does on the weekday that it falls on, and what it is like.
type episodeDraws struct {
	wait, keep       float64
	length, severity float64 // normal
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

// numbers gives numbers that are even in (0, 1), one after the other.
type numbers func() float64

func (next numbers) even() float64   { return min(max(next(), 1e-12), 1-1e-12) }
func (next numbers) normal() float64 { return normalQuantile(next.even()) }

// wait is exponential with a mean of 1.
func (next numbers) wait() float64 { return -math.Log(next.even()) }

func (next numbers) gamma() gammaDraws { return gammaDraws{next.normal(), next.even(), next.even()} }

// future draws a future's numbers but for its steps. The first are the most even, so that
// they are those that matter most: when the next episode begins and what it is like, then
// the background.
func (next numbers) future() (f futureDraws) {
	first := &f.episodes[0]
	first.wait, f.arrivals.normal, f.arrivals.low = next.wait(), next.normal(), next.even()
	first.severity, f.severity.mean, first.length = next.normal(), next.normal(), next.normal()
	f.share, f.fit, f.level, f.length.mean = next.normal(), next.even(), next.normal(), next.normal()
	f.usual, f.demandFit, f.rest, f.shape = next.normal(), next.even(), next.even(), next.normal()
	first.keep, f.arrivals.accept = next.even(), next.even()
	f.severity.variance, f.length.variance = next.gamma(), next.gamma()
	for k := 1; k < drawnEpisodes; k++ {
		f.episodes[k] = episodeDraws{next.wait(), next.even(), next.normal(), next.normal()}
	}
	return f
}

// step draws the numbers of one step and of one day.
func (next numbers) step() (stepDraws, dayDraws) {
	return stepDraws{next.normal(), next.normal(), next.normal(), next.normal(), next.even()},
		dayDraws{next.even(), next.even(), next.normal()}
}

// grow draws steps and days until there are so many of both.
func (f *futureDraws) grow(next numbers, n int) {
	for len(f.steps) < n {
		s, d := next.step()
		f.steps, f.days = append(f.steps, s), append(f.days, d)
	}
}

// Futures that are drawn once for all forecasts: those of a forecast's lines, in steps of
// a day over a quarter. They take 3 MB for a month and 8 for a quarter.
const (
	keptFutures = 1000
	keptSteps   = 100
	usualSteps  = 32 // a month's, drawn at once

	numbersOfFuture, numbersOfStep = 18 + 4*drawnEpisodes, 8
)

var kept atomic.Pointer[[]futureDraws]

// future has the numbers of future i, for at least so many steps and days.
func (d draws) future(i, n int) *futureDraws {
	if i >= keptFutures {
		d.start(i, forFuture)
		f := numbers(d.Float64).future()
		d.start(i, forSteps)
		f.grow(d.Float64, n)
		return &f
	}
	have := kept.Load()
	if have == nil || len((*have)[i].steps) < min(n, keptSteps) {
		steps := usualSteps
		if n > steps {
			steps = keptSteps
		}
		made := evenFutures(steps)
		kept.CompareAndSwap(have, &made) // of two at once, one is enough
		have = &made
	}
	f := &(*have)[i]
	if n <= len(f.steps) {
		return f
	}
	longer := *f
	longer.steps, longer.days = slices.Clip(f.steps), slices.Clip(f.days)
	d.start(i, forSteps)
	longer.grow(d.Float64, n)
	return &longer
}

// evenFutures are the kept futures. What decides most is a Halton sequence: any part of
// what could be drawn has its share of all futures, and of the first of them (Owen, A
// randomized Halton algorithm, 2017). It is good for some dozens of numbers only; those of
// steps are a Latin hypercube: each alone is even over any two hundred futures.
func evenFutures(steps int) []futureDraws {
	heads := mat.NewDense(keptFutures, numbersOfFuture, nil)
	samplemv.Halton{Kind: samplemv.Owen, Q: distmv.NewUnitUniform(numbersOfFuture, nil), Src: rand.NewPCG(seed, 0)}.Sample(heads)
	all := make([]futureDraws, keptFutures)
	for i := range all {
		all[i] = row(heads, i).future()
	}
	width := steps * numbersOfStep
	for from := 0; from < keptFutures; from += defaultPaths {
		tails := mat.NewDense(defaultPaths, width, nil)
		samplemv.LatinHypercube{Q: distmv.NewUnitUniform(width, nil), Src: rand.NewPCG(seed, uint64(from))}.Sample(tails)
		for i := range defaultPaths {
			all[from+i].grow(row(tails, i), steps)
		}
	}
	return all
}

// row are the numbers of one row.
func row(m *mat.Dense, i int) numbers {
	left := m.RawRowView(i)
	return func() float64 { u := left[0]; left = left[1:]; return u }
}

// episode has the numbers of a future's n-th episode.
func (d draws) episode(f *futureDraws, n int) episodeDraws {
	if n < drawnEpisodes {
		return f.episodes[n]
	}
	return episodeDraws{d.ExpFloat64(), d.Float64(), d.NormFloat64(), d.NormFloat64()}
}

// gammaDraws are the numbers that one of a gamma distribution is usually made of.
type gammaDraws struct {
	normal      float64
	accept, low float64
}

// lognormalDraws are those that the mean and the variance of a logarithm are made of.
type lognormalDraws struct {
	mean     float64 // normal
	variance gammaDraws
}

// gamma draws from the gamma distribution with the given shape and a mean of shape
// (rate 1). Marsaglia and Tsang, 2000: of what it tries, the first is taken nineteen
// times in twenty or more, and the more even the numbers of that, the more even the result.
func (d draws) gamma(shape float64, first gammaDraws) float64 {
	if shape < 1 {
		// A gamma of shape + 1 times a power of a uniform.
		return d.gamma(shape+1, first) * math.Pow(first.low, 1/shape)
	}
	a := shape - 1.0/3
	c := 1 / math.Sqrt(9*a)
	for x, u := first.normal, first.accept; ; x, u = d.NormFloat64(), 1-d.Float64() {
		v := 1 + c*x
		if v <= 0 {
			continue
		}
		v = v * v * v
		if math.Log(u) < 0.5*x*x+a-a*v+a*math.Log(v) {
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
