package forecast_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/forecast"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// BenchmarkScorecard is a scorecard's hundred forecasts from 35 days each.
func BenchmarkScorecard(b *testing.B) {
	questions := make([]forecast.Question, 100)
	for i := range questions {
		questions[i] = question(b, uint64(i))
	}
	for b.Loop() {
		for _, q := range questions {
			_, err := forecast.Predict(q)
			require.NoError(b, err)
		}
	}
}

func question(b *testing.B, seed uint64) forecast.Question {
	rng := rand.New(rand.NewPCG(seed, 0))
	grid, err := slo.CoverWindows(now, now, 5*time.Minute, 28*day, time.Hour, 35*day)
	require.NoError(b, err)
	slices := make([]slo.Slice, grid.Len())
	for i := range slices {
		share := 0.0005
		if rng.IntN(60) == 0 {
			share = 0.05
		}
		slices[i] = measured(float64(int(5000*share*(0.5+rng.Float64()))), 5000)
	}
	timeline, err := slo.NewTimeline(grid, slices)
	require.NoError(b, err)
	berlin, err := time.LoadLocation("Europe/Berlin")
	require.NoError(b, err)
	return forecast.Question{Timeline: timeline, Budget: 0.002, Now: now, Window: forecast.Rolling(28 * day), Location: berlin, Brief: true}
}
