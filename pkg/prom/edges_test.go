package prom_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/internal/promtest"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/prom"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// Slices are half-open: a sample at the very start of a slice belongs to it, one a
// millisecond earlier to the slice before.
func TestASampleAtTheStartOfASliceBelongsToIt(t *testing.T) {
	for _, step := range []time.Duration{time.Minute, time.Hour} {
		grid, err := slo.NewGrid(slo.Part{Start: origin, Step: step, N: 3})
		require.NoError(t, err)
		at := func(d time.Duration, v float64) promtest.Sample { return promtest.Sample{At: origin.Add(d), Value: v} }
		counter := promtest.Series{
			Labels: map[string]string{"__name__": "requests_total"},
			Samples: []promtest.Sample{
				at(-time.Millisecond, 100),     // the base
				at(0, 101),                     // +1 in the first slice
				at(step-time.Millisecond, 103), // +2 in the first
				at(step, 107),                  // +4 in the second
				at(2*step, 115),                // +8 in the third
				at(3*step, 131),                // beyond the grid
			},
		}
		require.Equal(t, []float64{3, 4, 8}, totals(count(t, grid, badOfTotal, counter)), step)
	}
}

// A grid of minutes, hours and minutes gives what a grid of minutes gives, summed.
func TestTheSameIsCountedInSlicesOfEveryLength(t *testing.T) {
	series := []promtest.Series{
		scraped(t, -time.Hour, 15*time.Second, `requests_total{pod="a"} 1000+1x1199 3+1x199`),
		scraped(t, 2*time.Hour, 15*time.Second, `requests_total{pod="b"} 2+2x599`),
		scraped(t, 100*time.Minute, 15*time.Second, `errors_total{pod="b"} 2+0x99 9+0x399`),
	}
	sum := func(parts ...slo.Part) slo.Tally {
		grid, err := slo.NewGrid(parts...)
		require.NoError(t, err)
		return count(t, grid, badOfTotal, series...).Timeline.Sum(origin, origin.Add(5*time.Hour))
	}
	fine := sum(slo.Part{Start: origin, Step: time.Minute, N: 300})
	// Pod a: 240 samples before midnight, the last is 1239; 959 more until it
	// restarts, and then up to 202 from zero. Pod b: 2 + 2 x 599.
	require.InDelta(t, 960+202+1200, fine.Total, 1e-9)
	require.InDelta(t, 9, fine.Bad(), 1e-9)
	mixed := sum(
		slo.Part{Start: origin, Step: time.Minute, N: 60},
		slo.Part{Start: origin.Add(time.Hour), Step: time.Hour, N: 3},
		slo.Part{Start: origin.Add(4 * time.Hour), Step: 10 * time.Minute, N: 6})
	require.Equal(t, fine.Counts, mixed.Counts)
	require.Equal(t, fine.Counts, sum(slo.Part{Start: origin, Step: time.Hour, N: 5}).Counts)
}

// Grids longer than what one answer of the store holds are read in chunks that
// meet without a seam: 4500 minutes of a request each.
func TestLongGridsAreReadInChunksWithoutASeam(t *testing.T) {
	grid, err := slo.NewGrid(slo.Part{Start: origin, Step: time.Minute, N: 4500})
	require.NoError(t, err)
	got := count(t, grid, badOfTotal, scraped(t, -time.Minute, scrape, `requests_total 0+1x4500`))
	for i, n := range totals(got) {
		require.InDelta(t, 1, n, 0, "slice %d", i)
	}
}

func TestSlicesThatEndAfterTheDataIsCompleteAreNotYetMeasured(t *testing.T) {
	url := promtest.InProcess(t, []promtest.Series{scraped(t, -time.Hour, scrape, `requests_total 0+1x150`)})
	check := func(complete time.Duration, want ...slo.State) {
		t.Helper()
		events, err := session(t, url).Events(t.Context(), badOfTotal, hourly(t, 3), origin.Add(complete))
		require.NoError(t, err)
		for i, s := range events.Timeline.Slices() {
			require.Equal(t, want[i], s.State, i)
		}
	}
	check(2*time.Hour, slo.Measured, slo.Measured, slo.NotYet)
	check(2*time.Hour-time.Millisecond, slo.Measured, slo.NotYet, slo.NotYet)
	check(3*time.Hour, slo.Measured, slo.Measured, slo.Gap) // complete, and nothing there
}

func TestAnEmptyStoreMeasuresNothing(t *testing.T) {
	got := count(t, hourly(t, 2), badOfTotal)
	require.Equal(t, []float64{-1, -1}, totals(got))
	require.Equal(t, prom.Counted, got.Method)
	require.Zero(t, got.Series)
}
