package plugin

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/prom"
)

// Parts of an answer are known up to the same time, or there is none: what customers lost
// must add up to what all lost.
func TestPartsOfAnAnswerAreOfTheSameTime(t *testing.T) {
	down := errors.New("down")
	kept := func(minute int) prom.Reading {
		return prom.Reading{Kept: &prom.Kept{To: noon.Add(time.Duration(minute) * time.Minute), Cause: down}}
	}
	fresh, partial := prom.Reading{}, prom.Reading{StoreWarnings: []string{"a store did not answer"}}
	dashboard, alert := assessor{}, assessor{question: question{alerting: true}}
	require.NoError(t, dashboard.alike(fresh, fresh))
	require.NoError(t, dashboard.alike(kept(1), kept(1)))
	require.NoError(t, dashboard.alike(fresh, partial))
	require.ErrorIs(t, dashboard.alike(fresh, kept(1)), down)
	require.ErrorIs(t, dashboard.alike(kept(1), fresh), down)
	require.ErrorIs(t, dashboard.alike(kept(1), kept(2)), down)
	require.NoError(t, alert.alike(fresh, fresh))
	require.ErrorIs(t, alert.alike(kept(1), kept(1)), down)
	require.ErrorIs(t, alert.alike(fresh, partial), prom.ErrPartial)
}
