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

// Jobs that want the same series are one query, unless one would wait for much more
// than it wants.
func TestReadsOfTheSameSeriesAreOne(t *testing.T) {
	job := func(selector string, from, to int64) *readJob {
		return newReadJob(matchersOf(selector), time.Unix(from, 0), time.Unix(to, 0), nil)
	}
	a, b, longer, much := job(`x{a="1"}`, 100, 200), job(`x{a="2"}`, 100, 200), job(`x{a="1"}`, 10, 190), job(`x{a="1"}`, 0, 1000)
	got := together([]*readJob{a, b, longer, much})
	require.Equal(t, []sameSeries{{a, longer}, {b}, {much}}, got)
	from, to := got[0].span()
	require.Equal(t, [2]int64{10, 200}, [2]int64{from.Unix(), to.Unix()})

	// Of eight that wait, four slots take two each, and what comes along with them.
	waiting := &batches{queue: []*readJob{a, b, much, job(`x{a="3"}`, 100, 200), longer, job(`x{a="4"}`, 100, 200), job(`x{a="5"}`, 0, 9), job(`x{a="6"}`, 0, 9)}}
	require.Equal(t, []*readJob{a, b, longer}, waiting.take())
	require.Len(t, waiting.queue, 5)
}

// Forty indicators of ten services, each with failures and a time of its own, read the
// samples of their service together.
func TestIndicatorsOfTheSameCountersShareSamples(t *testing.T) {
	way := &watched{}
	store, err := NewStore(promtest.InProcessWithRemoteRead(t, services()), &http.Client{Transport: way}, DefaultCacheSize)
	require.NoError(t, err)
	start := make(chan struct{})
	var group sync.WaitGroup
	for i := range 40 {
		group.Go(func() {
			<-start
			service := i % 10
			grid, err := slo.NewGrid(slo.Part{Start: shopStart.Add(time.Duration(1+i/10) * time.Hour), Step: time.Hour, N: 10})
			require.NoError(t, err)
			ind := Indicator{Bad: fmt.Sprintf(`sum(rate(http_total{service="%d",code="50%d"}[5m]))`, service, i/10), Total: fmt.Sprintf(`sum(rate(http_total{service="%d"}[5m]))`, service)}
			got, err := store.NewSession(time.Minute).Events(t.Context(), ind, grid, grid.End())
			require.NoError(t, err)
			require.Equal(t, RemoteRead, got.Road)
			require.InDelta(t, 600*(service+1), got.Timeline.Sum(grid.Start(), grid.End()).Total, 0, "its own ten hours")
		})
	}
	close(start)
	group.Wait()
	require.Less(t, len(way.reads), 40)
}
