package forecast_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

const day = 24 * time.Hour

// now is a Thursday at noon.
var now = time.Date(2026, time.March, 12, 12, 0, 0, 0, time.UTC)

// history makes a timeline of hours that ends at now, from what happened in the hour
// that starts so long before now.
func history(t *testing.T, length time.Duration, hour func(ago time.Duration) slo.Slice) *slo.Timeline {
	t.Helper()
	n := int(length / time.Hour)
	grid, err := slo.NewGrid(slo.Part{Start: now.Add(-length), Step: time.Hour, N: n})
	require.NoError(t, err)
	all := make([]slo.Slice, n)
	for i := range all {
		all[i] = hour(length - time.Duration(i)*time.Hour)
	}
	timeline, err := slo.NewTimeline(grid, all)
	require.NoError(t, err)
	return timeline
}

// measured is a slice with so many bad events of so many.
func measured(bad, total float64) slo.Slice {
	return slo.Slice{Counts: slo.Counts{Good: total - bad, Total: total}, State: slo.Measured}
}
