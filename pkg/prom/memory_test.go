package prom

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/internal/promtest"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// fleetOfRoutes are counters of 60 routes over three days, scraped every minute.
func fleetOfRoutes() []promtest.Series {
	var all []promtest.Series
	for route := range 60 {
		for _, code := range []string{"200", "500"} {
			s := promtest.Series{Labels: map[string]string{"__name__": "http_total", "pod": "a", "code": code, "route": fmt.Sprint(route)}}
			n := 0.0
			for minute := range 3 * perDay {
				if minute%7 == route%7 && (code == "200" || minute%1000 < 5*route) {
					n += float64(route + 1)
				}
				s.Samples = append(s.Samples, promtest.Sample{At: shopStart.Add(time.Duration(minute) * time.Minute), Value: n})
			}
			all = append(all, s)
		}
	}
	return all
}

// With little memory, old history is kept by the hour, and read anew where somebody
// asks for minutes of it: answers are the same.
func TestLittleMemoryChangesNoAnswer(t *testing.T) {
	way := &watched{}
	url := promtest.InProcessWithRemoteRead(t, fleetOfRoutes())
	open := func(cacheSize int64) *Store {
		store, err := NewStore(url, &http.Client{Transport: way}, cacheSize)
		require.NoError(t, err)
		return store
	}
	const little = 400_000
	plenty, tight := open(DefaultCacheSize), open(little)
	ind := Indicator{Bad: `sum by (route) (rate(http_total{code="500"}[5m]))`, Total: `sum by (route) (rate(http_total[5m]))`}
	ask := func(store *Store, grid slo.Grid) *Grouped {
		t.Helper()
		got, err := store.NewSession(time.Minute).Groups(t.Context(), ind, grid, grid.End(), 100)
		require.NoError(t, err)
		require.Equal(t, RemoteRead, got.Road)
		require.Len(t, got.Groups, 60)
		return got
	}
	end := shopStart.Add(72 * time.Hour)
	for _, grid := range []func() (slo.Grid, error){
		func() (slo.Grid, error) { return slo.CoverWindows(end, end, time.Hour, 70*time.Hour) },
		func() (slo.Grid, error) { return slo.CoverWindows(end, end, time.Minute, 70*time.Hour+7*time.Minute) },
		func() (slo.Grid, error) {
			return slo.CoverWindows(end.Add(-5*time.Hour), end, 10*time.Minute, 60*time.Hour)
		},
		func() (slo.Grid, error) { return slo.CoverWindows(end, end, time.Hour, 70*time.Hour) },
	} {
		g, err := grid()
		require.NoError(t, err)
		want, got := ask(plenty, g), ask(tight, g)
		for i := range want.Groups {
			require.Equal(t, want.Groups[i].Labels, got.Groups[i].Labels)
			require.Equal(t, want.Groups[i].Timeline.Slices(), got.Groups[i].Timeline.Slices())
		}
		t.Logf("%d bytes held, %d with little memory", plenty.Held(), tight.Held())
		require.LessOrEqual(t, tight.Held(), int64(little))
	}
	require.Greater(t, plenty.Held(), tight.Held())
	reads := len(way.reads)
	g, err := slo.CoverWindows(end, end, time.Hour, 70*time.Hour)
	require.NoError(t, err)
	ask(tight, g)
	require.Len(t, way.reads, reads, "hours are kept")
}

// What one SLO takes: 35 days of a busy service, in minutes.
func TestAnSLOTakesLittleMemory(t *testing.T) {
	series, _ := promtest.Fleet{Service: "s", Seed: 1, Start: shopStart, End: shopStart.Add(35 * 24 * time.Hour), Scrape: time.Minute, Pods: 3, PerSec: 20, Failures: 0.002, Deploy: 50 * time.Hour, Restart: 200 * time.Hour}.Series()
	store, err := NewStore(promtest.InProcessWithRemoteRead(t, series), nil, DefaultCacheSize)
	require.NoError(t, err)
	end := shopStart.Add(35 * 24 * time.Hour)
	grid, err := slo.CoverWindows(end, end, time.Minute, 34*24*time.Hour)
	require.NoError(t, err)
	_, err = store.NewSession(time.Minute).Events(t.Context(), failures, grid, end)
	require.NoError(t, err)
	perDay := store.Held() / 35
	t.Logf("%d bytes for each SLO-day", perDay)
	// 100 SLOs over 35 days in 64 MiB leave 19 KB for each day; a third of it will do.
	require.Less(t, perDay, int64(6_000))
}

// Good and all events of many groups that are metrics of their own come in requests
// side by side, and are measured against what memory there is together.
func TestMetricsThatAreReadSideBySideShareWhatMemoryThereIs(t *testing.T) {
	const routes = 600 // more than memory is looked at after
	var all []promtest.Series
	for _, name := range []string{"good_total", "all_total"} {
		for route := range routes {
			s := promtest.Series{Labels: map[string]string{"__name__": name, "pod": "a", "route": fmt.Sprint(route)}}
			for minute := range 2 * 60 {
				s.Samples = append(s.Samples, promtest.Sample{At: shopStart.Add(time.Duration(minute) * time.Minute), Value: float64(minute)})
			}
			all = append(all, s)
		}
	}
	store, err := NewStore(promtest.InProcessWithRemoteRead(t, all), nil, 100_000)
	require.NoError(t, err)
	grid, err := slo.NewGrid(slo.Part{Start: shopStart.Add(time.Hour), Step: time.Hour, N: 1})
	require.NoError(t, err)
	ind := Indicator{Good: `sum by (route) (rate(good_total[5m]))`, Total: `sum by (route) (rate(all_total[5m]))`}
	got, err := store.NewSession(time.Minute).Groups(t.Context(), ind, grid, grid.End(), 10)
	require.NoError(t, err)
	require.Equal(t, routes-10, got.LeftOut)
	for _, g := range got.Groups {
		sum := g.Timeline.Sum(grid.Start(), grid.End())
		require.Equal(t, [2]float64{60, 60}, [2]float64{sum.Good, sum.Total}, "one a minute")
	}
}

// A hundred of a thousand series take a tenth of what all will: minutes are given up
// before they fill the memory there is, where that is less than all will take.
func TestMinutesAreGivenUpBeforeTheyFillTheMemory(t *testing.T) {
	for _, one := range []struct {
		times  float64 // how many times what is taken already may be taken
		series int64
		coarse bool
	}{
		{9.9, 1000, true},
		{10.1, 1000, false},
		{0.9, 0, true}, // how many there are is not known
		{1.1, 0, false},
		{1.1, 50, false}, // more came than there were
	} {
		g := newGrowth(term{kind: counterGrowth}, []string{"route"}, shopStart, time.Minute)
		g.extend(shopStart.Add(96 * time.Hour))
		for minute := range 24 * 60 {
			at := int(shopStart.UnixMilli()/fineMs) + minute
			g.column("a", []string{"a"}).events.add(at, 1)
		}
		before := g.bytes()
		e := &entry{want: want{series: one.series}, limit: int64(one.times * float64(before)), hours: hours{from: shopStart}}
		e.bound([]*growth{g}, 100)
		require.Equal(t, one.coarse, g.coarse, one)
		require.Equal(t, one.coarse, g.bytes() < before, one)
	}
}
