package prom_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/internal/promtest"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/prom"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// minutes of a series: the values at some minutes after the origin.
func minutes(pod string, values map[int]float64) promtest.Series {
	s := promtest.Series{Labels: map[string]string{"__name__": "http_total", "job": "shop", "pod": pod}}
	for minute := range 24 * 60 {
		if v, ok := values[minute]; ok {
			s.Samples = append(s.Samples, promtest.Sample{At: origin.Add(time.Duration(minute) * time.Minute), Value: v})
		}
	}
	return s
}

// steady grows by one a minute.
func steady(from, to int) map[int]float64 {
	out := map[int]float64{}
	for minute := from; minute <= to; minute++ {
		out[minute] = float64(minute)
	}
	return out
}

// What comes late, in a Prometheus that takes it: what a refresh finds by itself, and
// what only history that is read anew holds.
func TestLateSamplesAreNoticedAsDocumented(t *testing.T) {
	for _, road := range []string{prom.RemoteRead, prom.LastValues} {
		t.Run(road, func(t *testing.T) {
			receiver := promtest.NewReceiver(t, 2*time.Hour)
			client := http.DefaultClient
			if road == prom.LastValues {
				client = &http.Client{Transport: noSamples{}}
			}
			store, err := prom.NewStore(receiver.URL, client, prom.DefaultCacheSize)
			require.NoError(t, err)
			// All events from the origin up to a minute.
			total := func(to int) float64 {
				t.Helper()
				grid, err := slo.NewGrid(slo.Part{Start: origin, Step: time.Minute, N: to})
				require.NoError(t, err)
				ind := prom.Indicator{Bad: `sum(rate(http_total{code="500"}[5m]))`, Total: `sum(rate(http_total[5m]))`}
				got, err := store.NewSession(scrape).Events(t.Context(), ind, grid, grid.End())
				require.NoError(t, err)
				require.Equal(t, road, got.Road)
				return got.Timeline.Sum(grid.Start(), grid.End()).Total
			}

			receiver.Write(t, minutes("a", steady(0, 59)))
			require.InDelta(t, 59, total(60), 0, "one a minute after the first, which is no birth")

			// An agent lost its connection for three minutes and sends what it held back:
			// pod b was born in minute 57 with 5 events and ended in minute 59 with 7.
			receiver.Write(t, minutes("a", map[int]float64{60: 60}), minutes("b", map[int]float64{57: 5, 58: 6, 59: 7}))
			late := 7.0
			if road == prom.LastValues { // which are asked for once
				late = 0
			}
			require.InDelta(t, 60+late, total(61), 0, "a refresh by samples reads the last five minutes again")

			// Samples of a pod that had no connection for four minutes, and goes on: what
			// the counter counted meanwhile lands with the next sample, and is not lost.
			receiver.Write(t, minutes("a", map[int]float64{65: 65}))
			require.InDelta(t, 65+late, total(66), 0)
			receiver.Write(t, minutes("a", map[int]float64{61: 61, 62: 62, 63: 63, 64: 64, 66: 66}))
			require.InDelta(t, 66+late, total(67), 0, "nor counted twice when they come out of order")

			// A pod that lived from minute 30 to 32 and was cut off: 9 events that come
			// half an hour late, and after which nothing comes.
			receiver.Write(t, minutes("c", map[int]float64{30: 2, 31: 4, 32: 9}), minutes("a", map[int]float64{67: 67}))
			require.InDelta(t, 67+late, total(68), 0, "older than what a refresh reads again")
			store.Forget() // as the resource refresh does, and time after twelve hours
			require.InDelta(t, 67+7+9, total(68), 0)

			// A restart that is only seen when it comes out of order: 50 before it, 5 after
			// it, and 60 that hide it.
			receiver.Write(t, minutes("d", map[int]float64{68: 40, 75: 60}))
			require.InDelta(t, 67+7+9+60, total(76), 0, "40 at birth and 20 more")
			receiver.Write(t, minutes("d", map[int]float64{70: 50, 71: 5}))
			store.Forget()
			require.InDelta(t, 67+7+9+50+60, total(76), 0, "50, and 60 after the restart")
		})
	}
}

// noSamples lets no remote read through.
type noSamples struct{}

func (noSamples) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Path == "/api/v1/read" {
		return &http.Response{StatusCode: http.StatusNotFound, Body: http.NoBody, Request: req}, nil
	}
	return http.DefaultTransport.RoundTrip(req)
}
