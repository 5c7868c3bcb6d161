package bench

import (
	"fmt"
	"net/http"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/prometheus/prompb"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/prom"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// scale is what many SLOs and many groups over 90 days take, of a store that makes its
// samples up: docs/scaling.md tells it.
func scale(t *testing.T) {
	for _, size := range []struct{ slos, megabytes int }{{100, 64}, {1000, 512}, {1000, 128}} {
		t.Run(fmt.Sprintf("%d SLOs in %d MiB", size.slos, size.megabytes), func(t *testing.T) { manySLOs(t, size.slos, int64(size.megabytes)<<20) })
	}
	for _, groups := range []int{1000, 10_000} {
		t.Run(fmt.Sprintf("%d groups", groups), func(t *testing.T) { manyGroups(t, groups) })
	}
}

const scaleDays = 90

func scaleEnd() time.Time { return sets[0].end }

func named(name, value string) prompb.Label { return prompb.Label{Name: name, Value: value} }

// manySLOs are SLOs of a service each, of two pods that are scraped every minute.
func manySLOs(t *testing.T, n int, cacheSize int64) {
	end := scaleEnd()
	start := end.Add(-(scaleDays + 2) * 24 * time.Hour)
	s := &synthetic{end: end, shapes: []shape{newShape(1, start, end, time.Minute, 40), newShape(2, start, end, time.Minute, 0.05)}}
	s.series = func(matchers []*prompb.LabelMatcher) (all []made) {
		service := valueOf(matchers, "service")
		for _, pod := range []string{"a", "b"} {
			for shape, code := range []string{"200", "500"} {
				all = append(all, made{labels: []prompb.Label{named("__name__", "http_total"), named("code", code), named("pod", pod), named("service", service)}, shape: shape})
			}
		}
		return all
	}
	store, err := prom.NewStore("http://made.up", &http.Client{Transport: s}, cacheSize)
	require.NoError(t, err)
	ask := func(at time.Time) float64 {
		grid, err := slo.CoverWindows(at, at, time.Minute, scaleDays*24*time.Hour)
		require.NoError(t, err)
		session := store.NewSession(time.Minute)
		var group errgroup.Group
		group.SetLimit(32)
		var events atomic.Int64
		for i := range n {
			group.Go(func() error {
				ind := prom.Indicator{Bad: fmt.Sprintf(`sum(rate(http_total{service="%d",code="500"}[5m]))`, i), Total: fmt.Sprintf(`sum(rate(http_total{service="%d"}[5m]))`, i)}
				got, err := session.Events(t.Context(), ind, grid, at)
				if err == nil {
					events.Add(int64(got.Timeline.Sum(at.Add(-scaleDays*24*time.Hour), at).Total))
				}
				return err
			})
		}
		require.NoError(t, group.Wait())
		return float64(events.Load())
	}
	report(t, fmt.Sprintf("8. %d SLOs over %d days, cacheSize %d MiB", n, scaleDays, cacheSize>>20), s, store, cacheSize, ask)
}

// manyGroups is one SLO of many groups, of which one in ten has failures; scraped every
// five minutes.
func manyGroups(t *testing.T, n int) {
	end := scaleEnd()
	start := end.Add(-(scaleDays + 2) * 24 * time.Hour)
	s := &synthetic{end: end, shapes: []shape{newShape(1, start, end, 5*time.Minute, 40), newShape(2, start, end, 5*time.Minute, 0.05)}}
	var all []made
	for i := range n {
		group := fmt.Sprint(i)
		all = append(all, made{labels: []prompb.Label{named("__name__", "http_total"), named("code", "200"), named("tenant", group)}})
		if i%10 == 0 {
			all = append(all, made{labels: []prompb.Label{named("__name__", "http_total"), named("code", "500"), named("tenant", group)}, shape: 1})
		}
	}
	s.series = func([]*prompb.LabelMatcher) []made { return all }
	const cacheSize = 1 << 30
	store, err := prom.NewStore("http://made.up", &http.Client{Transport: s}, cacheSize, prom.MaxSamples(1_000_000_000))
	require.NoError(t, err)
	ind := prom.Indicator{Bad: `sum by (tenant) (rate(http_total{code="500"}[5m]))`, Total: `sum by (tenant) (rate(http_total[5m]))`}
	ask := func(at time.Time) (events float64) {
		grid, err := slo.CoverWindows(at, at, time.Hour, scaleDays*24*time.Hour)
		require.NoError(t, err)
		const shown = 100 // those with most events; all are counted
		got, err := store.NewSession(5*time.Minute).Groups(t.Context(), ind, grid, at, shown)
		require.NoError(t, err)
		require.Equal(t, prom.RemoteRead, got.Road)
		require.Equal(t, n-shown, got.LeftOut)
		for _, g := range got.Groups {
			events += g.Timeline.Sum(at.Add(-scaleDays*24*time.Hour), at).Total
		}
		return events
	}
	report(t, fmt.Sprintf("9. one SLO of %d groups over %d days, cacheSize %d MiB", n, scaleDays, cacheSize>>20), s, store, cacheSize, ask)
}

// report asks three times, cold, again and a few minutes later, and prints what it took.
func report(t *testing.T, what string, s *synthetic, store *prom.Store, limit int64, ask func(at time.Time) float64) {
	t.Helper()
	end := scaleEnd()
	highest := watchHeap()
	before := slo.Floor(end.Add(-time.Hour), time.Hour)
	line := what + ":"
	for _, question := range []struct {
		name string
		at   time.Time
	}{{"cold", before}, {"again", before}, {"an hour later", end}} {
		requests, samples, began := s.requests.Load(), store.SamplesRead(), processor(t)
		require.Positive(t, ask(question.at))
		line += fmt.Sprintf(" %s %s of the processor, %d requests, %.3g samples;", question.name, (processor(t) - began).Round(10*time.Millisecond), s.requests.Load()-requests, float64(store.SamplesRead()-samples))
	}
	runtime.GC()
	_, of, _ := strings.Cut(what, ". ")
	note(aim{"scale", "cache held, " + of, figure(float64(store.Held())/(1<<20), "MiB"), "at most " + figure(float64(limit)/(1<<20), "MiB"), store.Held() <= limit})
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	t.Logf("%s %d MiB kept; the process' heap %d MiB, %d MiB at most", line, store.Held()>>20, memory.HeapAlloc>>20, highest()>>20)
	runtime.KeepAlive(store)
}

// watchHeap looks at the heap until it is asked for the highest it was, in bytes: what
// is used and what waits to be collected. What was there before is given back first.
func watchHeap() (highest func() uint64) {
	debug.FreeOSMemory()
	stop, stopped := make(chan struct{}), make(chan struct{})
	most := uint64(0)
	go func() {
		defer close(stopped)
		objects := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
		for {
			metrics.Read(objects)
			most = max(most, objects[0].Value.Uint64())
			select {
			case <-stop:
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	}()
	return func() uint64 {
		close(stop)
		<-stopped
		return most
	}
}
