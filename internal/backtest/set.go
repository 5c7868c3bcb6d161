package backtest

import (
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/forecast"
)

// Set is what methods are judged on.
type Set struct {
	Name     string
	Seed     uint64
	Families []Family
	Demand   func(rng *rand.Rand) Demand
	Stories  int // of each family
	Asked    int // instants in each story
}

// Tuning is the set that the forecast was tuned on: made-up demand, or real demand that
// is not in the hold-out set.
func Tuning(stories int, real ...Demand) Set {
	s := Set{"tuning set: made-up demand, families of the tuning set", 1, TuningFamilies, TuningDemand, stories, 4}
	if len(real) > 0 {
		s.Name, s.Seed = "tuning set: real demand, families of the tuning set", 2_000_003
		all := slices.Clone(real)
		for i := range all {
			all[i].from = 0 // nothing is kept back
		}
		s.Demand = oneOf(all)
	}
	return s
}

// oneOf draws one of some series.
func oneOf(real []Demand) func(rng *rand.Rand) Demand {
	return func(rng *rand.Rand) Demand { return real[rng.IntN(len(real))] }
}

// HoldOut is the set that the verdict is on: real demand where there is some, else
// made-up demand of other shapes.
func HoldOut(stories int, real ...Demand) Set {
	s := Set{"hold-out set: made-up demand of other shapes, other families", 4_000_037, HoldOutFamilies, HoldOutDemand, stories, 4}
	if len(real) > 0 {
		s.Name = "hold-out set: real demand, other families"
		s.Demand = oneOf(real)
	}
	return s
}

// Result is how every method did, by family, method and horizon.
type Result struct {
	set     Set
	tallies map[string][][]tally // by family: method, horizon

	pairs [][]pair // by horizon, of every story

	asked, demandHeld []float64 // by horizon: demand was compared, and was inside its interval at 80 %
}

// minHistory is the shortest history asked with, in days; maxHistory the longest.
const minHistory, maxHistory = 7, 60

// Run judges the methods on a set. It is the same on every run.
func Run(set Set) Result {
	r := Result{set: set, tallies: map[string][][]tally{}, pairs: make([][]pair, len(Horizons)), asked: make([]float64, len(Horizons)), demandHeld: make([]float64, len(Horizons))}
	for f, family := range set.Families {
		tallies := newTallies()
		for k := range set.Stories {
			rng := rand.New(rand.NewPCG(set.Seed+uint64(f), uint64(k)))
			demand := set.Demand(rng)
			s := tell(rng, family, demand)
			told := newTallies()
			for _, slot := range asked(rng, set.Asked, demand) {
				s := s.bornBefore(slot, minHistory+rng.IntN(maxHistory-minHistory+1))
				r.addDemand(s, slot)
				for m, method := range methods {
					for h, answer := range method.say(s, slot) {
						// What was not observed cannot be compared.
						if end := slot + Horizons[h]*slotsPerDay; s.observed(slot-1, end) {
							told[m][h].add(answer, s.consumed(end))
						}
					}
				}
			}
			for m := range methods {
				for h := range Horizons {
					tallies[m][h] = tallies[m][h].plus(told[m][h])
				}
			}
			for h := range Horizons {
				r.pairs[h] = append(r.pairs[h], pair{told[0][h], told[place(bootstrapName)][h]})
			}
		}
		r.tallies[family.Name] = tallies
	}
	return r
}

// newTallies are empty ones by method and horizon.
func newTallies() [][]tally {
	tallies := make([][]tally, len(methods))
	for m := range tallies {
		tallies[m] = make([]tally, len(Horizons))
	}
	return tallies
}

// addDemand compares the demand that was to be expected with what came.
func (r *Result) addDemand(s story, slot int) {
	demand, err := forecast.LearnDemand(s.timeline(slot), s.at(slot), nil)
	if err != nil {
		return // nothing was observed, and nothing can be held
	}
	for h, days := range Horizons {
		end := slot + days*slotsPerDay
		if !s.observed(slot-1, end) {
			continue
		}
		r.asked[h]++
		if _, band := demand.Between(s.at(slot), s.at(end)); band.Holds(s.sumTotal[end] - s.sumTotal[slot]) {
			r.demandHeld[h]++
		}
	}
}

// asked draws instants that leave a shortest history before and the longest horizon
// after them.
func asked(rng *rand.Rand, n int, d Demand) []int {
	first, last := max(minHistory*slotsPerDay, d.from), len(d.Events)-slices.Max(Horizons)*slotsPerDay-1
	found := make([]int, n)
	for i := range found {
		found[i] = first + rng.IntN(last-first)
	}
	return found
}

// Score is how a method did at horizon h over all families, or over one.
func (r Result) Score(name string, h int, family string) Score {
	return r.tally(name, h, family).score()
}

func (r Result) tally(name string, h int, family string) (all tally) {
	m := place(name)
	for _, f := range r.set.Families {
		if family == "" || family == f.Name {
			all = all.plus(r.tallies[f.Name][m][h])
		}
	}
	return all
}

// Print writes the tables.
func (r Result) Print(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%d stories of each of %s, %d instants each\n", r.set.Name, r.set.Stories, names(r.set.Families), r.set.Asked)
	for h, days := range Horizons {
		fmt.Fprintf(&b, "\n%-18s  in 50 %%  in 80 %%  in 95 %%   pinball    Brier\n", fmt.Sprintf("%d days ahead", days))
		for _, m := range methods {
			printScore(&b, m.name, r.Score(m.name, h, ""))
		}
		for _, f := range r.set.Families {
			printScore(&b, "  "+f.Name, r.Score("forecast", h, f.Name))
		}
		fmt.Fprintf(&b, "outcomes below the quantiles")
		for i, n := range r.tally("forecast", h, "").below {
			fmt.Fprintf(&b, "  %.1f: %.1f %%", 100*levels[i], 100*n/float64(r.Score("forecast", h, "").N))
		}
		fmt.Fprintf(&b, "\npinball loss below")
		for _, m := range methods[1 : len(methods)-1] {
			fmt.Fprintf(&b, "  %s %.1f %%", m.name, 100*r.Less(m.name, h))
		}
		less, brier := compare(r.pairs[h])
		fmt.Fprintf(&b, "\nagainst the bootstrap, and the standard error over stories: pinball loss %.1f ± %.1f %%, Brier score %.4f ± %.4f below\n",
			100*less.mean, 100*less.error, brier.mean, brier.error)
	}
	fmt.Fprintf(&b, "\ndemand inside its interval of 80 %%:")
	for h, days := range Horizons {
		fmt.Fprintf(&b, "  %d d %.1f", days, 100*r.demandHeld[h]/r.asked[h])
	}
	r.printReliability(&b)
	_, err := fmt.Fprintln(w, b.String())
	return err
}

func printScore(w io.Writer, name string, s Score) {
	fmt.Fprintf(w, "%-18s %7.1f  %7.1f  %7.1f   %.5f   %.4f\n", name, 100*s.Held50, 100*s.Held80, 100*s.Held95, s.Pinball, s.Brier)
}

// Less is by what share the forecast's pinball loss is below that of another method.
func (r Result) Less(name string, h int) float64 {
	return 1 - r.Score("forecast", h, "").Pinball/r.Score(name, h, "").Pinball
}

// printReliability writes how often a miss came for each probability that was said.
func (r Result) printReliability(w io.Writer) {
	fmt.Fprintf(w, "\n\nprobability of a miss: said, happened (number), at each horizon\n")
	for b := range bins {
		fmt.Fprintf(w, "%3d-%3d %%", b*100/bins, (b+1)*100/bins)
		for h := range Horizons {
			t := r.tally("forecast", h, "")
			if t.said[b] == 0 {
				fmt.Fprintf(w, "  %23s", "-")
				continue
			}
			fmt.Fprintf(w, "   %5.1f  %5.1f  (%5.0f)", 100*t.probabilities[b]/t.said[b], 100*t.happened[b]/t.said[b], t.said[b])
		}
		fmt.Fprintln(w)
	}
}

func names(families []Family) string {
	all := make([]string, len(families))
	for i, f := range families {
		all[i] = f.Name
	}
	return strings.Join(all, ", ")
}
