package prom_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/internal/promtest"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/prom"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// Fleets of any traffic, churn and scrape interval, with scrapes lost for minutes and
// hours, are counted to within 0.1 % of the truth or one event, in slices of any
// length, by both roads, pooled and by pod.
func TestCountsAreTrueWhateverHappens(t *testing.T) {
	for seed := range uint64(12) {
		rng := rand.New(rand.NewPCG(seed, 77))
		pick := func(all ...time.Duration) time.Duration { return all[rng.IntN(len(all))] }
		hours := func(h float64) time.Time { return origin.Add(time.Duration(h * float64(time.Hour))) }
		f := promtest.Fleet{
			Service: "any", Seed: seed, Start: origin.Add(-26 * time.Hour), End: origin.Add(24 * time.Hour),
			Scrape: pick(10*time.Second, 15*time.Second, 30*time.Second, time.Minute, 5*time.Minute),
			Pods:   1 + rng.IntN(5), PerSec: []float64{0.01, 0.3, 4, 30}[rng.IntN(4)], Failures: []float64{0.0005, 0.01, 0.3}[rng.IntN(3)],
			Deploy: time.Duration(2+rng.IntN(40)) * time.Hour, Restart: time.Duration(8+rng.IntN(60)) * time.Hour,
			Blind:    [][2]time.Time{{hours(3), hours(3 + rng.Float64())}, {hours(12), hours(12 + 5*rng.Float64())}},
			BlindPod: [][2]time.Time{{hours(7), hours(7 + 4*rng.Float64())}},
		}
		series, truth := f.Series()
		slice := pick(time.Minute, 2*time.Minute, 5*time.Minute, 15*time.Minute, time.Hour)
		grid, err := slo.NewGrid(slo.Part{Start: origin, Step: slice, N: int(24 * time.Hour / slice)})
		require.NoError(t, err)
		good, bad := truth.Between(grid.Start(), grid.End())
		for name, url := range map[string]string{"last values": promtest.InProcess(t, series), "samples": promtest.InProcessWithRemoteRead(t, series)} {
			t.Run(fmt.Sprintf("seed %d, scrape %s, slice %s, by %s", seed, f.Scrape, slice, name), func(t *testing.T) {
				store, err := prom.NewStore(url, nil, prom.DefaultCacheSize)
				require.NoError(t, err)
				session := store.NewSession(f.Scrape)
				by := func(by string) prom.Indicator {
					return prom.Indicator{Bad: "sum " + by + `(rate(fleet_requests_total{code="500"}[5m]))`, Total: "sum " + by + "(rate(fleet_requests_total[5m]))"}
				}
				got, err := session.Events(t.Context(), by(""), grid, grid.End())
				require.NoError(t, err)
				sum := got.Timeline.Sum(grid.Start(), grid.End())
				near(t, good+bad, sum.Total)
				near(t, bad, sum.Bad())
				grouped, err := session.Groups(t.Context(), by("by (pod) "), grid, grid.End(), 1000)
				require.NoError(t, err)
				var pods slo.Counts
				for _, g := range grouped.Groups {
					pods = pods.Add(g.Timeline.Sum(grid.Start(), grid.End()).Counts)
				}
				require.InDelta(t, sum.Total, pods.Total, 1e-6)
				require.InDelta(t, sum.Bad(), pods.Bad(), 1e-6)
			})
		}
	}
}
