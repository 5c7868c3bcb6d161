package slo_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// Whatever the zones: every edge that was asked for is one, nothing is left out, and no
// slice is longer than the coarse ones.
func TestAGridHasEveryEdgeThatIsAskedFor(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	steps := []time.Duration{time.Minute, 2 * time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour}
	for range 300 {
		var zones []slo.Zone
		for range 1 + rng.IntN(5) {
			step := steps[rng.IntN(len(steps))]
			from := slo.Floor(origin.Add(time.Duration(rng.IntN(10_000))*time.Minute), step)
			zones = append(zones, slo.Zone{From: from, To: from.Add(time.Duration(rng.IntN(200)) * step), Step: step})
		}
		for range rng.IntN(4) {
			zones = append(zones, slo.EdgeAt(origin.Add(time.Duration(rng.IntN(10_000))*time.Minute), 15*time.Minute))
		}
		g, err := slo.Cover(slo.Coarse, zones...)
		require.NoError(t, err, "%v", zones)
		if g.Len() == 0 {
			continue // a single edge cuts nothing
		}
		at := func(want time.Time) bool { return g.Edge(g.Index(want)).Equal(want) }
		for _, z := range zones {
			for edge := z.From; !edge.After(z.To); edge = edge.Add(z.Step) {
				require.True(t, at(edge), "%s of %v", edge, z)
			}
		}
		for i := range g.Len() {
			length := g.Edge(i + 1).Sub(g.Edge(i))
			require.Positive(t, length)
			require.LessOrEqual(t, length, slo.Coarse)
		}
	}
	empty, err := slo.Cover(slo.Coarse)
	require.NoError(t, err)
	require.Zero(t, empty.Len())
}

// Midnight in Kolkata is at 18:30 UTC: no hour begins there, a half one does.
func TestAnEdgeHasSlicesThatMeetIt(t *testing.T) {
	check := func(at string, step, want time.Duration) {
		t.Helper()
		require.Equal(t, want, slo.EdgeAt(instant(t, at), step).Step)
	}
	check("2026-05-05T18:00:00Z", time.Hour, time.Hour)
	check("2026-05-05T18:30:00Z", time.Hour, 30*time.Minute)
	check("2026-05-05T18:15:00Z", time.Hour, 15*time.Minute)
	check("2026-05-05T18:17:00Z", time.Hour, time.Minute)
	check("2026-05-05T18:15:00Z", 5*time.Minute, 5*time.Minute)
	check("1969-12-31T23:30:00Z", time.Hour, 30*time.Minute)
}
