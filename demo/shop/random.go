package shop

import (
	"math"
	"math/rand/v2"
)

// few is the mean up to which counts are drawn exactly; above it a normal
// distribution is close enough for a shop.
const few = 30

// poisson draws how many independent events happen when mean are expected.
func poisson(r *rand.Rand, mean float64) int64 {
	if mean <= 0 {
		return 0
	}
	if mean > few {
		return max(0, int64(math.Round(mean+math.Sqrt(mean)*r.NormFloat64())))
	}
	n, limit := int64(0), math.Exp(-mean)
	for p := r.Float64(); p > limit; p *= r.Float64() {
		n++
	}
	return n
}

// binomial draws how many of n events have something that each has with a share.
// Rare things are drawn as Poisson counts, common ones normally.
func binomial(r *rand.Rand, n int64, share float64) int64 {
	if share > 0.5 {
		return n - binomial(r, n, 1-share)
	}
	mean := float64(n) * share
	if mean <= few {
		return min(n, poisson(r, mean))
	}
	drawn := int64(math.Round(mean + math.Sqrt(mean*(1-share))*r.NormFloat64()))
	return min(n, max(0, drawn))
}
