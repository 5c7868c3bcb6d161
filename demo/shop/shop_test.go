package shop

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestTheSameShopHappensAgain(t *testing.T) {
	end := at(t, "2026-03-04T10:17:30Z")
	digest := func(o Options, step time.Duration) (sum float64, samples int) {
		s := New(o)
		for to := s.Start(); to.Before(end); to = to.Add(step) {
			s.Advance(to, func(series *Series, at int64, v float64) {
				if v == v { // staleness markers are NaN
					sum += v * float64(at%100_003) * float64(series.Labels.Hash()%1009)
				}
				samples++
			})
		}
		return sum, samples
	}

	once, n := digest(Options{Seed: 7, End: end, Days: 3}, time.Hour)
	again, m := digest(Options{Seed: 7, End: end, Days: 3}, 20*time.Minute)
	require.Equal(t, n, m, "however often it advances")
	require.Equal(t, once, again)

	other, _ := digest(Options{Seed: 8, End: end, Days: 3}, time.Hour)
	require.NotEqual(t, once, other, "another seed is another shop")
}

func TestAShopGoesOnAfterItsEnd(t *testing.T) {
	s := lived(Options{Seed: 1, End: at(t, "2026-03-04T10:17:30Z"), Days: 1})
	later := s.End().Add(90 * time.Second)
	n := 0
	s.Advance(later, func(_ *Series, at int64, _ float64) {
		require.Less(t, at, s.End().Add(time.Minute).UnixMilli(), "a minute appears when it is over")
		n++
	})
	require.NotZero(t, n)
	require.NotZero(t, s.Truth().Between(s.End(), later)["storefront-availability"].Total)
}

func TestTheDaysBeforeTheEndAreTheOnesAskedFor(t *testing.T) {
	end := at(t, "2026-03-04T10:17:30Z")
	s := lived(Options{End: end, Days: 2})
	require.Equal(t, at(t, "2026-03-04T10:17:00Z"), s.End())
	require.Equal(t, at(t, "2026-03-02T10:17:00Z"), s.Start())
}
