package prom_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/prometheus/prometheus/model/histogram"
	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/internal/promtest"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/prom"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// native is a native histogram with buckets that end at powers of two, from 0.5 on.
func native(counts ...int64) *histogram.Histogram {
	h := &histogram.Histogram{PositiveSpans: []histogram.Span{{Offset: -1, Length: uint32(len(counts))}}}
	last := int64(0)
	for _, n := range counts {
		h.PositiveBuckets = append(h.PositiveBuckets, n-last)
		last = n
		h.Count += uint64(n)
		h.Sum += float64(n)
	}
	return h
}

// requests are native histograms of a pod with, each minute, 5 requests up to 0.5, 3 up
// to 1 and 2 up to 2, which restarts at minute 30 of the second hour.
func requests(floats bool) promtest.Series {
	s := promtest.Series{Labels: map[string]string{"__name__": "latency", "pod": "a"}}
	n := int64(7)
	for minute := -60; minute < 180; minute++ {
		n++
		if minute == 90 {
			n = 1
		}
		s.Samples = append(s.Samples, promtest.Sample{At: origin.Add(time.Duration(minute) * time.Minute), Histogram: native(5*n, 3*n, 2*n), Float: floats})
	}
	return s
}

func upTo(bound float64) prom.Indicator {
	return prom.Indicator{
		Good:  fmt.Sprintf(`histogram_fraction(0, %v, sum(rate(latency[5m]))) * histogram_count(sum(rate(latency[5m])))`, bound),
		Total: `histogram_count(sum(rate(latency[5m])))`,
	}
}

func TestNativeHistogramsAreCounted(t *testing.T) {
	for _, floats := range []bool{false, true} {
		url := promtest.InProcessWithRemoteRead(t, []promtest.Series{requests(floats)})
		check := func(ind prom.Indicator, bad float64, upper slo.Number) {
			t.Helper()
			got, err := session(t, url).Events(t.Context(), ind, hourly(t, 3), origin.Add(3*time.Hour))
			require.NoError(t, err)
			require.Equal(t, prom.Counted, got.Method)
			require.Equal(t, prom.RemoteRead, got.Road)
			require.Equal(t, []float64{600, 600, 600}, totals(got))
			require.Equal(t, []float64{bad, bad, bad}, bads(got))
			if !upper.Known {
				require.Nil(t, got.Upper)
				require.Empty(t, got.Warnings)
				return
			}
			require.InDelta(t, upper.Value, got.Upper.Sum(origin, origin.Add(time.Hour)).Bad(), 0)
			require.Equal(t, "no bucket of the histogram ends at 0.7; events up to 0.5 are counted as good, and those up to 1 may be", got.Warnings[0].Text)
		}
		check(upTo(1), 120, slo.Number{})
		check(upTo(0.5), 300, slo.Number{})
		check(upTo(0.7), 300, slo.Known(120))
		check(prom.Indicator{Raw: `histogram_fraction(0, 1, sum(rate(latency[5m])))`}, 120, slo.Number{})
		check(prom.Indicator{Raw: `1 - histogram_fraction(0, 0.7, rate(latency[5m]))`, RawFailure: true}, 300, slo.Known(120))
		check(prom.Indicator{
			Bad:   `histogram_count(sum(rate(latency[5m]))) - histogram_fraction(0, 1, sum(rate(latency[5m]))) * histogram_count(sum(rate(latency[5m])))`,
			Total: `histogram_count(sum(rate(latency[5m])))`,
		}, 120, slo.Number{})
	}
}

// A histogram that is merged into coarser buckets, with bounds at 0.5, 1 and so on
// becoming ones at 0.25, 1, 4, did not restart.
func TestBucketsThatBecomeCoarserAreNoRestart(t *testing.T) {
	s := promtest.Series{Labels: map[string]string{"__name__": "latency", "pod": "a"}}
	for minute := -10; minute < 60; minute++ {
		n := int64(minute + 11)
		h := native(5*n, 3*n, 2*n)
		if minute >= 30 {
			require.NoError(t, h.ReduceResolution(-1))
		}
		s.Samples = append(s.Samples, promtest.Sample{At: origin.Add(time.Duration(minute) * time.Minute), Histogram: h})
	}
	url := promtest.InProcessWithRemoteRead(t, []promtest.Series{s})
	got, err := session(t, url).Events(t.Context(), upTo(1), hourly(t, 1), origin.Add(time.Hour))
	require.NoError(t, err)
	require.Equal(t, []float64{600}, totals(got))
	require.Equal(t, []float64{120}, bads(got))
}

// Where samples cannot be read, the queries are evaluated as they are written.
func TestNativeHistogramsWithoutRemoteReadAreEstimated(t *testing.T) {
	url := promtest.InProcess(t, []promtest.Series{requests(false)})
	got, err := session(t, url).Events(t.Context(), upTo(1), hourly(t, 1), origin.Add(time.Hour))
	require.NoError(t, err)
	require.Equal(t, prom.AsWritten, got.Method)
	require.InDeltaSlice(t, []float64{600}, totals(got), 1e-6)
	require.InDeltaSlice(t, []float64{120}, bads(got), 1e-6)

	got, err = session(t, url).Events(t.Context(), prom.Indicator{Raw: `histogram_fraction(0, 1, sum(rate(latency[5m])))`}, hourly(t, 1), origin.Add(time.Hour))
	require.NoError(t, err)
	require.Equal(t, prom.RatioOnly, got.Method)
	require.InDeltaSlice(t, []float64{12}, bads(got), 1e-6) // of 60 minutes
}
