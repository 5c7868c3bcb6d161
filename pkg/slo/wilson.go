package slo

import "math"

// z95 is the 97.5th percentile of the normal distribution: a two-sided interval
// at 95 % confidence.
const z95 = 1.959963984540054

// Wilson is the Wilson score interval, at 95 % confidence, for the share of good
// events that the counts stand for, both bounds in [0, 1] (Wilson 1927). It takes
// the events as independent; failures come in bursts, so that the true
// uncertainty is larger. Both bounds are unknown where the SLI is.
func (c Counts) Wilson() (low, high Number) {
	sli := c.SLI()
	if !sli.Known {
		return Number{}, Number{}
	}
	n, z2 := c.Total, z95*z95
	p := min(sli.Value, 1) // at most a rounding error above 1
	centre := (p + z2/(2*n)) / (1 + z2/n)
	half := z95 / (1 + z2/n) * math.Sqrt(p*(1-p)/n+z2/(4*n*n))
	// At p = 0 and p = 1 the exact bounds are 0 and 1; floating-point noise must
	// not put them beyond.
	return Known(max(0, centre-half)), Known(min(1, centre+half))
}
