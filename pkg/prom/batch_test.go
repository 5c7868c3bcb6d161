package prom

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/internal/promtest"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// services are forty services with their own rate each, and a day of it.
func services() []promtest.Series {
	var all []promtest.Series
	for i := range 40 {
		s := promtest.Series{Labels: map[string]string{"__name__": "http_total", "service": fmt.Sprint(i), "pod": "a"}}
		for minute := range perDay {
			s.Samples = append(s.Samples, promtest.Sample{At: shopStart.Add(time.Duration(minute) * time.Minute), Value: float64(minute * (i + 1))})
		}
		all = append(all, s)
	}
	return all
}

func ofService(i int) Indicator {
	return Indicator{Bad: fmt.Sprintf(`sum(rate(http_total{service="%d",code="500"}[5m]))`, i), Total: fmt.Sprintf(`sum(rate(http_total{service="%d"}[5m]))`, i)}
}

// Forty indicators that are asked for at once share requests, cold and warm.
func TestIndicatorsThatAreAskedForTogetherShareRequests(t *testing.T) {
	way := &watched{slow: 50 * time.Millisecond} // by then the others have come, on a busy machine too
	store, err := NewStore(promtest.InProcessWithRemoteRead(t, services()), &http.Client{Transport: way}, DefaultCacheSize)
	require.NoError(t, err)
	ask := func(hours int) {
		t.Helper()
		way.requests = 0
		grid, err := slo.NewGrid(slo.Part{Start: shopStart.Add(time.Hour), Step: time.Hour, N: hours})
		require.NoError(t, err)
		var group sync.WaitGroup
		for i := range 40 {
			group.Go(func() {
				got, err := store.NewSession(time.Minute).Events(t.Context(), ofService(i), grid, grid.End())
				require.NoError(t, err)
				require.Equal(t, RemoteRead, got.Road)
				require.InDelta(t, hours*60*(i+1), got.Timeline.Sum(grid.Start(), grid.End()).Total, 0)
			})
		}
		group.Wait()
		require.LessOrEqual(t, way.requests, 24, "of forty, though nothing waits for others on purpose")
	}
	ask(10)
	ask(12)
}

// Of several reads in one request, one that is given up does not end the others.
func TestWhoGivesUpEndsNobodyElsesRead(t *testing.T) {
	store, err := NewStore(promtest.InProcessWithRemoteRead(t, services()), nil, DefaultCacheSize)
	require.NoError(t, err)
	grid, err := slo.NewGrid(slo.Part{Start: shopStart.Add(time.Hour), Step: time.Hour, N: 10})
	require.NoError(t, err)
	var group sync.WaitGroup
	for i := range 40 {
		group.Go(func() {
			ctx, cancel := context.WithCancel(t.Context())
			if i%2 == 1 {
				time.AfterFunc(time.Duration(i)*100*time.Microsecond, cancel)
			}
			defer cancel()
			got, err := store.NewSession(time.Minute).Events(ctx, ofService(i), grid, grid.End())
			if i%2 == 1 && err != nil {
				require.ErrorContains(t, err, "cancelled")
				got, err = store.NewSession(time.Minute).Events(t.Context(), ofService(i), grid, grid.End())
			}
			require.NoError(t, err)
			require.InDelta(t, 600*(i+1), got.Timeline.Sum(grid.Start(), grid.End()).Total, 0)
		})
	}
	group.Wait()
}

// A store that refuses several reads together gives each alone.
func TestReadsThatAreRefusedTogetherAreAskedForAlone(t *testing.T) {
	way := &watched{single: true}
	store, err := NewStore(promtest.InProcessWithRemoteRead(t, services()), &http.Client{Transport: way}, DefaultCacheSize)
	require.NoError(t, err)
	grid, err := slo.NewGrid(slo.Part{Start: shopStart.Add(time.Hour), Step: time.Hour, N: 10})
	require.NoError(t, err)
	var group sync.WaitGroup
	for i := range 40 {
		group.Go(func() {
			got, err := store.NewSession(time.Minute).Events(t.Context(), ofService(i), grid, grid.End())
			require.NoError(t, err)
			require.Equal(t, RemoteRead, got.Road)
			require.InDelta(t, 600*(i+1), got.Timeline.Sum(grid.Start(), grid.End()).Total, 0)
		})
	}
	group.Wait()
}
