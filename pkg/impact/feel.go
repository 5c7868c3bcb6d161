package impact

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// Feeling says whether customers feel an indicator.
type Feeling string

// Whether a customers' metric moves with an indicator.
const (
	Moves       Feeling = "moves"         // the interval of the correlation does not hold 0
	DoesNotMove Feeling = "does-not-move" // it holds 0 and nothing as large as [Clear]
	Unclear     Feeling = "unclear"       // it holds 0, but also large correlations, or there are too few points
)

// MinPoints is the number of pairs, and MinIndependent the number of pairs that are
// worth as much as independent ones, below which nothing is said. Clear is the
// correlation that an interval must leave out for "does not move" to be said.
const (
	MinPoints      = 30
	MinIndependent = 10
	Clear          = 0.5
)

// Felt is how a customers' metric moves with an SLI.
type Felt struct {
	Feeling     Feeling
	Lag         int        // steps that the metric comes after the SLI
	Correlation slo.Number // Spearman's, in [-1, 1], at that lag; negative for a metric such as contacts
	Low, High   slo.Number // its interval at 95 %, for the choice among lags too
	Points      int        // pairs at that lag
	Independent float64    // so many independent pairs would tell as much

	// Threshold is the SLI below which the metric changes, a suggestion for the target;
	// unknown where the metric does not move with it, or moves with all of it alike.
	// ThresholdLow and ThresholdHigh hold the others that fit about as well (80 %).
	Threshold, ThresholdLow, ThresholdHigh slo.Number

	Warnings []slo.Warning
}

// Wrongly reports whether customers seem better off when the indicator is worse. A metric
// is better when it is higher, or when it is lower, as contacts are.
func (f Felt) Wrongly(higher bool) bool {
	return f.Feeling == Moves && (f.Correlation.Value > 0) != higher
}

// Feel asks whether customers feel an indicator: it correlates the SLI of each step
// with their metric of the same step and of up to maxLag steps later, by ranks
// (Spearman 1904), and takes the lag with the strongest correlation. Pairs of which
// either is unknown are left out.
//
// The interval is Fisher's z for ranks with a variance of 1.06 / (n - 3) (Fieller,
// Hartley and Pearson 1957). n is what the pairs are worth, fewer than there are where
// both series linger (Bartlett 1935); and the confidence is shared among all lags
// looked at (Bonferroni), because the best of many always looks good.
func Feel(sli, metric []slo.Number, maxLag int) (Felt, error) {
	if len(sli) != len(metric) {
		return Felt{}, fmt.Errorf("%d values of the customers' metric for %d of the SLI", len(metric), len(sli))
	}
	if maxLag < 0 {
		return Felt{}, fmt.Errorf("a lag of up to %d steps; expected none or more", maxLag)
	}
	best := Felt{Feeling: Unclear}
	var x, y []float64
	for lag := range maxLag + 1 {
		px, py := pairs(sli, metric, lag)
		rho, known := spearman(px, py)
		if len(px) < MinPoints || !known {
			continue
		}
		if !best.Correlation.Known || math.Abs(rho) > math.Abs(best.Correlation.Value) {
			best.Lag, best.Correlation, best.Points = lag, slo.Known(rho), len(px)
			x, y = px, py
		}
	}
	if best.Correlation.Known {
		best.Independent = worth(ranks(x), ranks(y))
	}
	if best.Independent < MinIndependent {
		best.Warnings = append(best.Warnings, slo.Warning{Kind: TooFewPoints, Text: fmt.Sprintf("too few points to say whether customers feel this; expected at least %d that change and do not only follow the one before", MinPoints)})
		return best, nil
	}
	best.interval(maxLag + 1)
	if best.Feeling == Moves {
		best.threshold(x, y)
	}
	return best, nil
}

// interval puts bounds on the correlation, for the best of so many lags.
func (f *Felt) interval(lags int) {
	z := distuv.UnitNormal.Quantile(1-0.05/2/float64(lags)) * math.Sqrt(1.06/(f.Independent-3))
	centre := math.Atanh(max(-1+1e-12, min(1-1e-12, f.Correlation.Value))) // ranks may agree perfectly
	f.Low, f.High = slo.Known(math.Tanh(centre-z)), slo.Known(math.Tanh(centre+z))
	switch {
	case f.Low.Value > 0 || f.High.Value < 0:
		f.Feeling = Moves
	case f.Low.Value > -Clear && f.High.Value < Clear:
		f.Feeling = DoesNotMove
	}
}

// pairs are the known values of both series with the metric so many steps later.
func pairs(sli, metric []slo.Number, lag int) (x, y []float64) {
	for i := 0; i+lag < len(sli); i++ {
		if a, b := sli[i], metric[i+lag]; a.Known && b.Known {
			x, y = append(x, a.Value), append(y, b.Value)
		}
	}
	return x, y
}

// spearman is the correlation of ranks; unknown where one side never changes.
func spearman(x, y []float64) (float64, bool) {
	if len(x) < 2 {
		return 0, false
	}
	rx, ry := ranks(x), ranks(y)
	sx, sy := covariance(rx, rx, 0), covariance(ry, ry, 0)
	if sx == 0 || sy == 0 {
		return 0, false
	}
	return covariance(rx, ry, 0) / math.Sqrt(sx*sy), true
}

// ranks are the places of values from the smallest on, equal values sharing the mean
// of theirs, and less their mean.
func ranks(v []float64) []float64 {
	order := make([]int, len(v))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(v[a], v[b]) })
	r := make([]float64, len(v))
	for i := 0; i < len(order); {
		j := i
		for j < len(order) && v[order[j]] == v[order[i]] {
			j++
		}
		for _, k := range order[i:j] {
			r[k] = float64(i+j-1)/2 - float64(len(v)-1)/2
		}
		i = j
	}
	return r
}

// covariance is the sum of products of centred values, the second so many steps later.
func covariance(a, b []float64, lag int) float64 {
	sum := 0.0
	for i := 0; i+lag < len(a); i++ {
		sum += a[i] * b[i+lag]
	}
	return sum
}

// worth is how many independent pairs would tell as much: n / (1 + 2 sum over lags of
// (1 - lag/n) x autocorrelation of one x autocorrelation of the other), over lags up
// to a quarter of the points.
func worth(x, y []float64) float64 {
	n := float64(len(x))
	vx, vy := covariance(x, x, 0), covariance(y, y, 0)
	sum := 0.0
	for lag := 1; lag <= len(x)/4; lag++ {
		sum += (1 - float64(lag)/n) * covariance(x, x, lag) / vx * covariance(y, y, lag) / vy
	}
	return n / max(1, 1+2*sum)
}

// threshold finds the SLI below which the metric changes: the bend t of the line that
// is flat above t and straight below it, metric = a + b x max(0, t - SLI), with the
// least squared error. A line without a bend is one that bends at the best SLI seen:
// where that fits about as well, there is no threshold.
func (f *Felt) threshold(x, y []float64) {
	candidates := slices.Clone(x)
	slices.Sort(candidates)
	candidates = slices.Compact(candidates)
	if len(candidates) < 4 {
		return
	}
	candidates = candidates[1:] // nothing is below the worst
	errors := make([]float64, len(candidates))
	least := 0
	for i, t := range candidates {
		errors[i] = bendError(x, y, t)
		if errors[i] < errors[least] {
			least = i
		}
	}
	freedom := f.Independent - 3
	limit := errors[least] * (1 + distuv.F{D1: 1, D2: freedom}.Quantile(0.8)/freedom)
	last := len(candidates) - 1
	if errors[last] <= limit {
		return
	}
	low, high := least, least
	for low > 0 && errors[low-1] <= limit {
		low--
	}
	for errors[high+1] <= limit { // the last is above the limit
		high++
	}
	f.Threshold = slo.Known(candidates[least])
	f.ThresholdLow, f.ThresholdHigh = slo.Known(candidates[low]), slo.Known(candidates[high])
}

// bendError is the squared error of the best line that is flat above t.
func bendError(x, y []float64, t float64) float64 {
	n := float64(len(x))
	var sh, sy, shh, shy, syy float64
	for i := range x {
		h := max(0, t-x[i])
		sh, sy, shh, shy, syy = sh+h, sy+y[i], shh+h*h, shy+h*y[i], syy+y[i]*y[i]
	}
	vh, vy, c := shh-sh*sh/n, syy-sy*sy/n, shy-sh*sy/n
	if vh <= 0 {
		return vy
	}
	return max(0, vy-c*c/vh)
}
