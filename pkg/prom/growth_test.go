package prom

import (
	"math"
	"testing"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/value"
	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// at is a sample some minutes after the start of the grid.
type at struct{ minute, value float64 }

var gridStart = time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC)

// grow counts series of one process on a grid of three hours, scraped every minute.
// The first argument is what a first series shows, and so on.
func grow(t *testing.T, series ...[]at) (perSlice []float64, g *growth) {
	t.Helper()
	grid, err := slo.NewGrid(slo.Part{Start: gridStart, Step: time.Hour, N: 3})
	require.NoError(t, err)
	g = newGrowth(gridStart, time.Minute)
	g.extend(grid.End())
	for i, samples := range series {
		s := g.of(labels.FromStrings("pod", "a", "code", string(rune('0'+i))))
		for _, one := range samples {
			s.add(gridStart.UnixMilli()+int64(one.minute*60_000), one.value)
		}
	}
	return g.onGrid(grid, g.firstSeen(), g.falls).events, g
}

func TestGrowthIsCountedFromSamples(t *testing.T) {
	check := func(what string, want [3]float64, series ...[]at) {
		t.Helper()
		got, _ := grow(t, series...)
		require.Equal(t, want[:], got, what)
	}
	there := []at{{-1, 100}, {0, 100}, {179, 100}} // a series that was there all the time and does not grow

	check("what was there before is no growth", [3]float64{5, 0, 0}, []at{{-1, 100}, {30, 105}})
	check("growth lands where it is seen", [3]float64{0, 7, 0}, []at{{-1, 100}, {59.9, 100}, {60, 107}})
	check("a birth counts whole", [3]float64{0, 3, 2}, there, []at{{70, 3}, {130, 5}})
	check("the first data is no birth", [3]float64{2, 0, 0}, []at{{10, 1000}, {20, 1002}})
	check("but a birth after it is one", [3]float64{2, 4, 0}, []at{{10, 1000}, {20, 1002}}, []at{{61, 4}})
	check("a fall is a restart", [3]float64{10, 4, 0}, []at{{-1, 100}, {50, 110}, {61, 4}})
	check("restarts inside a slice lose nothing", [3]float64{10 + 6 + 2, 0, 0}, []at{{-1, 100}, {10, 110}, {20, 6}, {30, 2}})
	check("a gap of hours is no birth", [3]float64{0, 0, 50}, []at{{-1, 100}, {1, 100}, {170, 150}})
	check("a death keeps its last growth", [3]float64{9, 0, 0}, there, []at{{-1, 1}, {55, 10}})
	check("staleness is no value", [3]float64{1, 0, 0}, []at{{-1, 1}, {5, math.Float64frombits(value.StaleNaN)}, {6, 2}})
	check("a sample that comes twice counts once", [3]float64{4, 0, 0}, []at{{-1, 1}, {5, 5}, {5, 5}, {4, 3}})
}

// A process restarts between minutes 2 and 3. Its error counter, at 2 before, is
// gone then and comes back at 3: three new errors, not one.
func TestARestartTakesAllCountersOfTheProcessAlong(t *testing.T) {
	requests := []at{{-1, 100}, {0, 100}, {1, 101}, {2, 102}, {3, 1}, {4, 2}, {5, 3}}
	got, _ := grow(t, requests, []at{{-1, 2}, {0, 2}, {1, 2}, {2, 2}, {5, 3}})
	require.InDelta(t, 2+1+2+3, got[0], 0)

	// Scraped at other instants, as another container of the pod is: no restart.
	got, _ = grow(t, requests, []at{{-0.5, 2}, {0.5, 2}, {1.5, 2}, {4.5, 3}})
	require.InDelta(t, 2+1+2+1, got[0], 0)

	// Still there at the scrape that shows the fall: no restart either.
	got, _ = grow(t, requests, []at{{-1, 2}, {2, 2}, {3, 2}, {5, 3}})
	require.InDelta(t, 2+1+2+1, got[0], 0)
}

func TestWhatWasSeenIsKnownPerSlice(t *testing.T) {
	hours, err := slo.NewGrid(slo.Part{Start: gridStart, Step: time.Hour, N: 3})
	require.NoError(t, err)
	_, g := grow(t, []at{{10, 1}, {130, 1}})
	require.Equal(t, []bool{true, false, true}, g.onGrid(hours, 0, nil).seen)
	require.Equal(t, gridStart.Add(11*time.Minute).UnixMilli(), g.firstSeen())
	_, g = grow(t, []at{{-100, 1}})
	require.Equal(t, gridStart.UnixMilli(), g.firstSeen())
	_, g = grow(t)
	require.Equal(t, int64(never), g.firstSeen(), "nothing was ever seen")
}

// What is read in two halves is what is read at once, also where the halves overlap
// and where what lies far back has been forgotten.
func TestGrowthGoesOnWhereItWas(t *testing.T) {
	grid, err := slo.NewGrid(slo.Part{Start: gridStart, Step: time.Hour, N: 48})
	require.NoError(t, err)
	requests, failures := labels.FromStrings("pod", "a", "code", "200"), labels.FromStrings("pod", "a", "code", "500")
	feed := func(g *growth, from, to int) {
		for minute := from; minute < to; minute++ {
			at := gridStart.UnixMilli() + int64(minute)*60_000
			g.of(requests).add(at, float64(minute%500)) // restarts every 500 minutes
			if minute%500 >= 100 && minute >= 300 {     // late failures, gone after a restart
				g.of(failures).add(at, 1+float64(minute%500/100))
			}
		}
	}
	whole := newGrowth(gridStart, time.Minute)
	whole.extend(grid.End())
	feed(whole, -10, 48*60)
	want := whole.onGrid(grid, whole.firstSeen(), whole.falls)

	halves := newGrowth(gridStart, time.Minute)
	halves.extend(gridStart.Add(20 * time.Hour))
	feed(halves, -10, 25*60) // what lies beyond the room is left for later
	halves.extend(grid.End())
	feed(halves, 19*60, 48*60)
	require.Equal(t, want, halves.onGrid(grid, halves.firstSeen(), halves.falls))

	later, err := slo.NewGrid(slo.Part{Start: gridStart.Add(24 * time.Hour), Step: time.Hour, N: 24})
	require.NoError(t, err)
	before := halves.bytes()
	halves.forget(gridStart.Add(24*time.Hour), grid.End())
	require.Less(t, halves.bytes(), before)
	got := halves.onGrid(later, halves.firstSeen(), halves.falls)
	require.Equal(t, want.events[24:], got.events)
	require.Equal(t, want.seen[24:], got.seen)
}

func TestFailuresAreReadWithTheRequestsTheyAreAmong(t *testing.T) {
	check := func(selectors []string, want ...sharedRead) {
		t.Helper()
		require.Equal(t, want, shareReads(selectors))
	}
	all, bad, good := `x_total{job="a"}`, `x_total{code=~"5..",job="a"}`, `x_total{code!~"5..",job="a"}`
	check([]string{all, bad}, sharedRead{all, []string{all, bad}, []int{0, 1}})
	check([]string{bad, all}, sharedRead{all, []string{bad, all}, []int{0, 1}})
	check([]string{good, bad}, sharedRead{good, []string{good}, []int{0}}, sharedRead{bad, []string{bad}, []int{1}})
	check([]string{all, `y_total{job="a"}`}, sharedRead{all, []string{all}, []int{0}}, sharedRead{`y_total{job="a"}`, []string{`y_total{job="a"}`}, []int{1}})
	check([]string{all, `x_total{job="b"}`}, sharedRead{all, []string{all}, []int{0}}, sharedRead{`x_total{job="b"}`, []string{`x_total{job="b"}`}, []int{1}})
}

func TestAmountsAreExactInFewBytesWhereTheyCanBe(t *testing.T) {
	var m minutes
	m.extend(2)
	m.add(0, 1<<24)
	require.NotNil(t, m.narrow)
	require.Equal(t, int64(8), m.bytes())
	m.add(0, 1) // 2^24 + 1 is not exact in four bytes
	m.add(1, 0.1)
	m.add(1, 0.2)
	require.InDelta(t, 1<<24+1, m.sum(0, 1), 0)
	require.InDelta(t, 0.3, m.sum(1, 2), 1e-15)
	m.drop(1)
	require.InDelta(t, 0.3, m.sum(0, 1), 1e-15)
}
