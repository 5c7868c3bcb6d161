package backtest

import (
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/forecast"
)

// Horizons are the days ahead that methods are judged at.
var Horizons = []int{1, 3, 7, 14}

// levels are the quantiles that a method gives: the median and the bounds of the
// bands of 50, 80 and 95 %.
var levels = []float64{0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975}

// said is what a method says of consumed budget at one horizon.
type said struct {
	quantiles [7]float64 // at levels
	miss      float64    // probability that consumed is above 1
}

// exactly is what a method says that knows no doubt.
func exactly(consumed float64) (s said) {
	for i := range s.quantiles {
		s.quantiles[i] = consumed
	}
	if consumed > 1 {
		s.miss = 1
	}
	return s
}

// method foretells a story from a slot on, at every horizon. It may look at nothing
// after the slot.
type method struct {
	name string
	say  func(s story, slot int) []said
}

const bootstrapName = "bootstrap of days"

// methods are those compared; ours is the first, and what none can do better than the last.
var methods = []method{
	{"forecast", ours},
	{"unchanged", unchanged},
	{"pace", pace},
	{"remaining/rate", remainingOverRate},
	{bootstrapName, bootstrap},
	{"chance alone", chance},
}

// place is where a method stands among them.
func place(name string) int {
	return slices.IndexFunc(methods, func(m method) bool { return m.name == name })
}

// chance is no method but the end of all: it knows what demand will be and what share of
// it is meant to fail, and only not which events will. No forecast loses less.
func chance(s story, slot int) []said {
	answers := make([]said, len(Horizons))
	for i, h := range Horizons {
		end := slot + h*slotsPerDay
		from := s.windowFrom(end)
		whole := s.budget * max(1, s.sumTotal[end]-s.sumTotal[from])
		known := s.sumBad[slot] - s.sumBad[min(from, slot)]
		bad := distuv.Poisson{Lambda: max(1e-9, s.sumMeant[end]-s.sumMeant[max(from, slot)])}
		for k, level := range levels {
			answers[i].quantiles[k] = (known + poissonQuantile(bad, level)) / whole
		}
		answers[i].miss = bad.Survival(whole - known)
	}
	return answers
}

// poissonQuantile is the smallest number of events that as many as p do not exceed.
func poissonQuantile(d distuv.Poisson, p float64) float64 {
	n := math.Floor(max(0, d.Lambda+5*math.Sqrt(d.Lambda)*(p-0.5))) // about there
	for n > 0 && d.CDF(n-1) >= p {
		n--
	}
	for d.CDF(n) < p {
		n++
	}
	return n
}

// ours asks the forecast.
func ours(s story, slot int) []said { return oursWith(s, slot, nil) }

// oursWith asks the forecast with a prior; nil is the built-in one.
func oursWith(s story, slot int, prior *forecast.Prior) []said {
	f, err := forecast.Predict(forecast.Question{
		Timeline: s.timeline(slot), Budget: s.budget, Now: s.at(slot),
		Horizon: time.Duration(slices.Max(Horizons)) * 24 * time.Hour, Step: 24 * time.Hour,
		Window: forecast.Rolling(Window), Prior: prior,
	})
	if err != nil {
		panic(err) // the questions are all alike and valid
	}
	answers := make([]said, len(Horizons))
	for i, h := range Horizons {
		step := f.Steps[h]
		answers[i] = said{
			quantiles: [7]float64{step.Band95.Low, step.Band80.Low, step.Band50.Low, step.Median, step.Band50.High, step.Band80.High, step.Band95.High},
			miss:      step.MissProbability,
		}
	}
	return answers
}

// unchanged says that consumption stays as it is.
func unchanged(s story, slot int) []said {
	answers := make([]said, len(Horizons))
	for i := range answers {
		answers[i] = exactly(s.consumed(slot))
	}
	return answers
}

// pace lets the window's mean burn rate go on, and nothing age out.
func pace(s story, slot int) []said {
	now := s.consumed(slot)
	return straight(now, now)
}

// remainingOverRate lets the last day's burn rate go on, and nothing age out: what is
// left lasts for remaining over rate.
func remainingOverRate(s story, slot int) []said {
	from := max(0, slot-slotsPerDay)
	burn := 0.0
	if total := s.sumTotal[slot] - s.sumTotal[from]; total > 0 {
		burn = (s.sumBad[slot] - s.sumBad[from]) / total / s.budget
	}
	return straight(s.consumed(slot), burn)
}

// straight is consumption that grows from now on by a burn rate.
func straight(now, burn float64) []said {
	answers := make([]said, len(Horizons))
	for i, h := range Horizons {
		answers[i] = exactly(now + burn*float64(h)/(Window.Hours()/24))
	}
	return answers
}

// bootstrap draws the days to come from the past ones, with replacement, and knows
// what ages out.
func bootstrap(s story, slot int) []said {
	past := (slot - s.born) / slotsPerDay
	answers := make([]said, len(Horizons))
	if past == 0 {
		return unchanged(s, slot)
	}
	const paths = 400
	rng := rand.New(rand.NewPCG(1, 2))
	values := make([][]float64, len(Horizons))
	for range paths {
		total, bad, done := 0.0, 0.0, 0
		for i, h := range Horizons {
			for ; done < h; done++ {
				k := slot - (1+rng.IntN(past))*slotsPerDay
				total += s.sumTotal[k+slotsPerDay] - s.sumTotal[k]
				bad += s.sumBad[k+slotsPerDay] - s.sumBad[k]
			}
			from := min(slot, s.windowFrom(slot+h*slotsPerDay))
			n, b := total+s.sumTotal[slot]-s.sumTotal[from], bad+s.sumBad[slot]-s.sumBad[from]
			values[i] = append(values[i], b/(s.budget*max(n, 1)))
		}
	}
	for i, v := range values {
		slices.Sort(v)
		for k, level := range levels {
			answers[i].quantiles[k] = v[int(level*float64(len(v)-1)+0.5)]
		}
		for _, c := range v {
			if c > 1 {
				answers[i].miss += 1.0 / paths
			}
		}
	}
	return answers
}
