package forecast

import "math"

// Prior is what to believe of an SLO whose history is short. It weighs as much as
// the days and episodes that it stands for, and a long history outweighs it.
type Prior struct {
	arrivals arrivals
	length   lognormal // of episodes, hours
	severity lognormal // of episodes, share of demand that fails, relative to severityScale

	walk  []float64 // logarithm of the weight of each of walks
	noise []float64 // logarithm of the weight of each of noises
}

// arrivals is a gamma distribution of how many episodes begin in a day: what as many
// episodes in so many days would teach.
type arrivals struct{ episodes, days float64 }

// unsteady is the variance, relative to the square of the mean, of how often episodes
// begin in weeks to come compared with those seen: incidents come in clusters, and
// services change.
const unsteady = 0.6

// draw picks a number of episodes a day: a gamma distribution with the learnt mean and
// with the relative variance of what was learnt and of how unsteady it is.
func (a arrivals) draw(d draws, first gammaDraws) float64 {
	shape := 1 / (1/a.episodes + unsteady)
	return d.gamma(shape, first) / shape * a.episodes / a.days
}

// lognormal is a normal-inverse-gamma distribution of the mean and the variance of a
// logarithm.
type lognormal struct {
	mean   float64
	weight float64 // number of values that the mean is worth
	shape  float64 // of the variance; half the number of values that it is worth
	scale  float64 // of the variance; its mean is scale / (shape - 1)
}

// BuiltIn is the prior that holds where a fleet teaches no better: an episode in three
// weeks, but perhaps one every other day or hardly ever; about two hours long; and of
// any severity between what the objective barely notices and an outage. Its numbers
// were chosen on the tuning set of the back-test.
func BuiltIn() *Prior {
	return &Prior{
		arrivals: arrivals{episodes: 0.45, days: 8},
		length:   lognormal{mean: math.Log(2), weight: 2, shape: 3, scale: 0.8},
		severity: lognormal{mean: -0.25, weight: 2, shape: 2.2, scale: 1.6},
		walk:     []float64{0, 0.2, 0.4, 0.6, 0.8},
		noise:    []float64{0, 0.1, 0.2, 0.3},
	}
}

// severityScale is the severity in the middle, in orders of magnitude, between what
// an objective barely notices, three times its budget ratio, and everything failing.
func severityScale(budget float64) float64 { return math.Sqrt(min(1, 3*budget)) }

// with is the belief after having seen the logarithms of some values.
func (l lognormal) with(logs []float64) lognormal {
	n := float64(len(logs))
	if n == 0 {
		return l
	}
	mean, squares := 0.0, 0.0
	for _, v := range logs {
		mean += v / n
	}
	for _, v := range logs {
		squares += (v - mean) * (v - mean)
	}
	off := mean - l.mean
	return lognormal{
		mean:   (l.weight*l.mean + n*mean) / (l.weight + n),
		weight: l.weight + n,
		shape:  l.shape + n/2,
		scale:  l.scale + squares/2 + l.weight*n*off*off/(2*(l.weight+n)),
	}
}

// draw picks the mean and the standard deviation of the logarithm.
func (l lognormal) draw(d draws, drawn lognormalDraws) (mean, sd float64) {
	variance := l.scale / d.gamma(l.shape, drawn.variance)
	return l.mean + math.Sqrt(variance/l.weight)*drawn.mean, math.Sqrt(variance)
}
