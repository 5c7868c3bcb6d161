package backtest

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/forecast"
)

// What a fleet teaches of a service of a week or two: twenty services of the same family
// and of 35 days each, at the same instant. It is the best that a fleet can do, since
// all of it fails in the same way.
func TestAFleetsPriorHelpsShortHistories(t *testing.T) {
	var alone, taught [2]tally
	const slot = 40 * slotsPerDay
	for f, family := range TuningFamilies {
		for k := range 12 {
			rng := rand.New(rand.NewPCG(11, uint64(100*f+k)))
			histories := make([]forecast.History, 20)
			for i := range histories {
				s := tell(rng, family, TuningDemand(rng)).bornBefore(slot, 35)
				histories[i] = forecast.History{Timeline: s.timeline(slot), Budget: s.budget, Now: s.at(slot)}
			}
			prior, err := forecast.LearnPrior(histories...)
			require.NoError(t, err)
			for range 12 {
				s := tell(rng, family, TuningDemand(rng)).bornBefore(slot, 7+rng.IntN(8))
				for i, days := range []int{7, 14} {
					came := s.consumed(slot + days*slotsPerDay)
					alone[i].add(oursWith(s, slot, nil)[slices.Index(Horizons, days)], came)
					taught[i].add(oursWith(s, slot, prior)[slices.Index(Horizons, days)], came)
				}
			}
		}
	}
	for i := range alone {
		a, b := alone[i].score(), taught[i].score()
		t.Logf("alone %+v, taught %+v: pinball loss %.1f %% less", a, b, 100*(1-b.Pinball/a.Pinball))
		require.Less(t, b.Pinball, a.Pinball)
	}
}
