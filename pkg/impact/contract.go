package impact

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// Tier is a promise of a contract and what breaking it costs.
type Tier struct {
	Below  float64 // the credit is due where the SLI is below this, ratio in (0, 1)
	Credit float64 // share of the fee, in (0, 1]
}

// Contract is a recurring fee with credits. It is made by [NewContract] alone.
type Contract struct {
	fee   float64
	tiers []Tier // from the mildest, with the highest bound, to the severest
}

// NewContract returns the contract with the given fee for one period and the given
// tiers in any order. Of all tiers that the SLI falls below, the largest credit is
// due, not their sum; a lower SLI must therefore give a larger credit.
func NewContract(fee float64, tiers ...Tier) (Contract, error) {
	if !(fee >= 0) || math.IsInf(fee, 1) {
		return Contract{}, fmt.Errorf("the fee is %v; expected an amount that is not negative", fee)
	}
	if len(tiers) == 0 {
		return Contract{}, fmt.Errorf("the contract has no tiers; expected at least one, such as 10 %% below 0.999")
	}
	sorted := slices.Clone(tiers)
	slices.SortFunc(sorted, func(a, b Tier) int { return cmp.Compare(b.Below, a.Below) })
	for i, t := range sorted {
		switch {
		case !(t.Below > 0 && t.Below < 1):
			return Contract{}, fmt.Errorf("a credit is due below %v; expected a ratio between 0 and 1, such as 0.999", t.Below)
		case !(t.Credit > 0 && t.Credit <= 1):
			return Contract{}, fmt.Errorf("the credit below %v is %v of the fee; expected a share above 0 and at most 1", t.Below, t.Credit)
		case i > 0 && (t.Below == sorted[i-1].Below || t.Credit <= sorted[i-1].Credit):
			return Contract{}, fmt.Errorf("the credit below %v is %v and below %v it is %v; expected a larger credit for a lower ratio", sorted[i-1].Below, sorted[i-1].Credit, t.Below, t.Credit)
		}
	}
	return Contract{fee: fee, tiers: sorted}, nil
}

// Tiers are the contract's tiers from the mildest to the severest.
func (c Contract) Tiers() []Tier { return slices.Clone(c.tiers) }

// Credit is the money due for a period that ends with the given SLI, and the tier it
// is due by; the zero Tier where none is.
func (c Contract) Credit(sli float64) (float64, Tier) {
	due := Tier{}
	for _, t := range c.tiers {
		if sli < t.Below {
			due = t
		}
	}
	return c.fee * due.Credit, due
}

// CreditToDate is the credit as if the period ended with what was counted so far;
// unknown where the SLI is.
func (c Contract) CreditToDate(counts slo.Counts) slo.Number {
	sli := counts.SLI()
	if !sli.Known {
		return slo.Number{}
	}
	credit, _ := c.Credit(sli.Value)
	return slo.Known(credit)
}

// TierProbability is how probable it is that a period ends in a tier.
type TierProbability struct {
	Tier
	Probability float64
}

// ExpectedCredit is fee x the sum over tiers of credit x probability that the period
// ends in that tier, and these probabilities from the mildest tier on. below is a
// forecast of the period's end: below(x) is the probability that the SLI ends below
// x, in [0, 1] and not falling in x.
func (c Contract) ExpectedCredit(below func(sli float64) float64) (float64, []TierProbability, error) {
	expected := 0.0
	in := make([]TierProbability, len(c.tiers))
	for i, t := range c.tiers {
		p, deeper := below(t.Below), 0.0
		if i+1 < len(c.tiers) {
			deeper = below(c.tiers[i+1].Below)
		}
		if !(p >= 0 && p <= 1 && deeper >= 0 && deeper <= p) {
			return 0, nil, fmt.Errorf("an SLI below %v has the probability %v and a lower one %v; expected ratios that do not rise", t.Below, p, deeper)
		}
		in[i] = TierProbability{Tier: t, Probability: p - deeper}
		expected += c.fee * t.Credit * (p - deeper)
	}
	return expected, in, nil
}

// Quantile says that the SLI ends below a value with a probability.
type Quantile struct {
	Probability float64 // in (0, 1)
	SLI         float64
}

// FromQuantiles makes the distribution that [Contract.ExpectedCredit] asks for out of
// quantiles in rising order. Between two of them the probability rises evenly; what
// lies beyond the outermost ones is taken to lie at them, since nothing is said of it.
func FromQuantiles(q []Quantile) (func(sli float64) float64, error) {
	if len(q) == 0 {
		return nil, fmt.Errorf("a distribution needs quantiles; there are none")
	}
	for i, one := range q {
		if !(one.Probability > 0 && one.Probability < 1) {
			return nil, fmt.Errorf("quantile %d has the probability %v; expected a ratio between 0 and 1", i+1, one.Probability)
		}
		if i > 0 && !(one.Probability > q[i-1].Probability && one.SLI >= q[i-1].SLI) {
			return nil, fmt.Errorf("quantile %d (%v at %v) does not follow the one before (%v at %v); expected rising quantiles", i+1, one.SLI, one.Probability, q[i-1].SLI, q[i-1].Probability)
		}
	}
	last := len(q) - 1
	return func(sli float64) float64 {
		switch {
		case sli <= q[0].SLI:
			return 0
		case sli > q[last].SLI:
			return 1
		}
		i := 1
		for q[i].SLI < sli {
			i++
		}
		a, b := q[i-1], q[i]
		return a.Probability + (b.Probability-a.Probability)*(sli-a.SLI)/(b.SLI-a.SLI)
	}, nil
}

// Headroom is how much may still fail before the next tier's credit is due.
type Headroom struct {
	Tier    Tier       // the next one
	Events  float64    // failures that may still happen in the period; not rounded
	Minutes slo.Number // the same as full outage at the traffic that was passed in
	ToDate  slo.Number // failures that may happen at once, the period ending right then
}

// Headroom is measured against the period's end: of the events expected in all,
// (1 - bound) may fail, less those that did. expected is the number of events in the
// whole period, perMinute the traffic that minutes are reckoned at; without traffic
// minutes are unknown.
//
// It is unknown (false) where the severest tier can no longer be avoided, the counts
// contradict each other, or fewer events are expected than were counted.
func (c Contract) Headroom(counts slo.Counts, expected, perMinute float64) (Headroom, bool) {
	if counts.Contradictory() || !(expected >= counts.Total) {
		return Headroom{}, false
	}
	for _, t := range c.tiers {
		left := budget(t.Below)*expected - counts.Bad()
		if left < 0 {
			continue
		}
		h := Headroom{Tier: t, Events: left}
		if perMinute > 0 {
			h.Minutes = slo.Known(left / perMinute)
		}
		// One more failure is one more event: good / (total + x) = bound.
		if now := counts.Good/t.Below - counts.Total; counts.Total > 0 && now >= 0 {
			h.ToDate = slo.Known(now)
		}
		return h, true
	}
	return Headroom{}, false
}

// budget is 1 - target without the noise of floating point, as an objective has it.
func budget(target float64) float64 { return math.Round((1-target)*1e12) / 1e12 }
