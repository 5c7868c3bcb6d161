package impact_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/impact"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

const (
	hour = time.Hour
	day  = 24 * time.Hour
)

func measured(bad, total float64) slo.Slice {
	return slo.Slice{Counts: slo.Counts{Good: total - bad, Total: total}, State: slo.Measured}
}

// timeline has slices of an hour from the origin on.
func timeline(t *testing.T, slices []slo.Slice) *slo.Timeline {
	t.Helper()
	g, err := slo.NewGrid(slo.Part{Start: origin, Step: hour, N: len(slices)})
	require.NoError(t, err)
	tl, err := slo.NewTimeline(g, slices)
	require.NoError(t, err)
	return tl
}

// ledger has the same value of a failure in every slice.
func ledger(t *testing.T, slices []slo.Slice, perEvent impact.Range) *impact.Ledger {
	t.Helper()
	each := make([]impact.Range, len(slices))
	for i := range each {
		each[i] = perEvent
	}
	l, err := impact.Price(timeline(t, slices), each)
	require.NoError(t, err)
	return l
}

func objective(t *testing.T, target float64, window string) slo.Objective {
	t.Helper()
	w, err := slo.ParseWindow(window)
	require.NoError(t, err)
	o, err := slo.NewObjective(target, w)
	require.NoError(t, err)
	return o
}
