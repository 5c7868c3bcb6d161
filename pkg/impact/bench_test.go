package impact_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/impact"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// Twenty incidents of two hours in ten weeks of slices of five minutes.
func BenchmarkMissingDemand(b *testing.B) {
	g, err := slo.NewGrid(slo.Part{Start: origin, Step: 5 * time.Minute, N: 10 * 7 * 288})
	require.NoError(b, err)
	slices := make([]slo.Slice, g.Len())
	for i := range slices {
		slices[i] = measured(0, float64(50+i%288))
	}
	tl, err := slo.NewTimeline(g, slices)
	require.NoError(b, err)
	berlin, err := time.LoadLocation("Europe/Berlin")
	require.NoError(b, err)
	d := impact.Demand{Timeline: tl, Zone: berlin}
	for i := range 20 {
		from := origin.Add(time.Duration(40+i)*day + time.Duration(i)*hour)
		d.Hurt = append(d.Hurt, slo.Interval{From: from, To: from.Add(2 * hour)})
	}
	for b.Loop() {
		absent, err := impact.MissingDemand(d, slo.Interval{From: g.Start(), To: g.End()})
		require.NoError(b, err)
		require.Len(b, absent.Incidents, 20)
	}
}
