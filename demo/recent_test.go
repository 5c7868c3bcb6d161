package main

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/catalog"
)

// The shop has a declared incident that its windows hold, whenever the demo runs.
func TestTheDeclaredIncidentIsOfTheLastWeeks(t *testing.T) {
	r, err := findRepo()
	require.NoError(t, err)
	text, err := os.ReadFile(r.catalog())
	require.NoError(t, err)
	now := time.Date(2027, time.January, 5, 12, 0, 0, 0, time.UTC)
	parsed := catalog.Parse("catalog", recent(string(text), now))
	require.Empty(t, parsed.Problems)
	require.Len(t, parsed.Incidents, 1)
	in := parsed.Incidents[0].Interval
	require.Equal(t, time.Date(2026, time.December, 27, 7, 20, 0, 0, time.UTC), in.From.UTC())
	require.Equal(t, time.Date(2026, time.December, 27, 9, 5, 0, 0, time.UTC), in.To.UTC())
}
