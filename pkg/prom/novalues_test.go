package prom_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/internal/promtest"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/prom"
)

// A counter that shows NaN or infinity says nothing about events then: what it grew by
// is seen with its next value.
func TestNaNAndInfinityInACounterAreNoValues(t *testing.T) {
	series := scraped(t, -time.Hour, scrape, `requests_total{pod="a"} 1000+1x79 NaN NaN 1082+1x7 Inf 1091+1x28 1120+1x59`)
	errors := scraped(t, -time.Hour, scrape, `errors_total{pod="a"} 5+0x69 NaN 8+0x9 -Inf 9+0x37 9+0x59`)
	got := count(t, hourly(t, 2), badOfTotal, series, errors)
	// 1059 before midnight, then 1119 and 1179; 5, then 9 and 9.
	require.Equal(t, []float64{60, 60}, totals(got))
	require.Equal(t, []float64{4, 0}, bads(got))
}

// Where NaN is seen at the end of a slice, it is read sample by sample: the growth is
// where it was, by each road.
func TestNaNAtTheEndOfASliceLosesNothing(t *testing.T) {
	series := scraped(t, -time.Hour, scrape, `requests_total{pod="a"} 1000+1x179`)
	errors := scraped(t, -time.Hour, scrape, `errors_total{pod="a"} 5+0x69 8+0x48 NaN 9+0x59`)
	lastValues, remoteRead := countBoth(t, hourly(t, 2), badOfTotal, series, errors)
	require.Equal(t, []float64{3, 1}, bads(remoteRead))
	require.Equal(t, []float64{3, 1}, bads(lastValues))
}

// A real VictoriaMetrics proves itself too, though its 1+1 is a vector.
func TestARealVictoriaMetricsIsAStore(t *testing.T) {
	series := scraped(t, 0, scrape, `requests_total{pod="a"} 1+1x9`)
	store, err := prom.NewStore(promtest.VictoriaMetrics(t, []promtest.Series{series}), http.DefaultClient, prom.DefaultCacheSize)
	require.NoError(t, err)
	require.NoError(t, store.Ping(t.Context(), origin))
}
