package forecast

import (
	"math"
	"math/rand/v2"
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
)

// start begins the numbers of future i for a purpose.
func (d draws) start(i int, p purpose) { d.source.Seed(0x5374616b6573+uint64(p), uint64(i)) }

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

// poisson draws a number of events from their mean: exactly where it is small, and
// from the normal distribution where that is as good.
func (d draws) poisson(mean float64) float64 {
	if mean <= 0 {
		return 0
	}
	if mean > 20 {
		return max(0, mean+math.Sqrt(mean)*d.NormFloat64())
	}
	limit, product, n := math.Exp(-mean), 1-d.Float64(), 0.0
	for product > limit {
		product *= 1 - d.Float64()
		n++
	}
	return n
}
