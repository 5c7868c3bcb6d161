package forecast

import (
	"cmp"
	"math"
	"slices"
)

// quantile is the q-quantile, q in [0, 1], of ascending values. The k-th of n values
// stands for k / (n + 1), so that a new value is below it as often as q says, also
// where there are few (type 6 of Hyndman and Fan, 1996); it is never beyond them.
func quantile(sorted []float64, q float64) float64 {
	last := len(sorted) - 1
	at := min(max(q*float64(len(sorted)+1)-1, 0), float64(last))
	i := min(int(at), max(last-1, 0))
	if i == last {
		return sorted[i]
	}
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}

// shareAbove is the share of ascending values that are greater than v.
func shareAbove(sorted []float64, v float64) float64 {
	i, _ := slices.BinarySearchFunc(sorted, v, func(a, b float64) int {
		if a <= b {
			return -1
		}
		return 1
	})
	return float64(len(sorted)-i) / float64(len(sorted))
}

// median is the middle of the values, which it sorts; 0 of none.
func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	slices.Sort(values)
	return quantile(values, 0.5)
}

// trimmedMean is the mean of the values, which it sorts, without the given share of
// them at either end: an hour of an outage or of a launch does not move it.
func trimmedMean(values []float64, share float64) float64 {
	slices.Sort(values)
	cut := int(math.Ceil(share*float64(len(values)) - 1e-9))
	if 2*cut >= len(values) {
		cut = (len(values) - 1) / 2
	}
	sum, n := 0.0, 0
	for _, v := range values[cut : len(values)-cut] {
		sum += v
		n++
	}
	if n == 0 {
		return 0
	}
	return sum / float64(n)
}

// weighted is a value with the weight that it has among others.
type weighted struct{ value, weight float64 }

// weightedMedian is the value below which half of the weight lies; 0 of none.
func weightedMedian(values []weighted) float64 {
	slices.SortFunc(values, func(a, b weighted) int { return cmp.Compare(a.value, b.value) })
	whole := 0.0
	for _, v := range values {
		whole += v.weight
	}
	sum := 0.0
	for _, v := range values {
		if sum += v.weight; sum >= whole/2 {
			return v.value
		}
	}
	return 0
}

// spread is a robust standard deviation: 1.4826 times the median distance from the
// centre, which is the standard deviation of normal values.
func spread(values []float64, centre float64) float64 {
	distances := make([]float64, len(values))
	for i, v := range values {
		distances[i] = math.Abs(v - centre)
	}
	return 1.4826 * median(distances)
}

// normalCDF is the standard normal distribution function.
func normalCDF(x float64) float64 { return 0.5 * math.Erfc(-x/math.Sqrt2) }

// normalQuantile is its inverse, for p in (0, 1).
func normalQuantile(p float64) float64 { return -math.Sqrt2 * math.Erfcinv(2*p) }
