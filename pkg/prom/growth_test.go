package prom

import (
	"math"
	"math/rand/v2"
	"slices"
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
	g = newGrowth(term{}, nil, gridStart, time.Minute)
	g.extend(grid.End())
	for i, samples := range series {
		s := g.of(labels.FromStrings("pod", "a", "code", string(rune('0'+i))))
		for _, one := range samples {
			s.add(gridStart.UnixMilli()+int64(one.minute*60_000), one.value)
		}
	}
	return settled(g, grid).events, g
}

// settled is the growth on a grid when all is read.
func settled(g *growth, grid slo.Grid) tally {
	g.settle(g.firstSeen(), g.falls)
	out := tally{events: make([]float64, grid.Len()), seen: make([]bool, grid.Len())}
	g.addOnGrid(&out, grid, g.columns[""], false, 1)
	return out
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

	// Nothing is scraped at 3 and 4, and at 5 the process is another: three new errors too,
	// of 40 requests.
	crashed := []at{{-1, 100}, {0, 100}, {1, 101}, {2, 102}, {5, 40}}
	got, _ = grow(t, crashed, []at{{-1, 2}, {0, 2}, {1, 2}, {2, 2}, {5, 3}})
	require.InDelta(t, 2+40+3, got[0], 0)

	// What a process exports for others goes on when one of them restarts: 10 of 5,000.
	got, _ = grow(t, crashed, []at{{-1, 5000}, {2, 5000}, {5, 5010}})
	require.InDelta(t, 2+40+10, got[0], 0)

	// Still there at the scrape that shows the fall: no restart either.
	got, _ = grow(t, requests, []at{{-1, 2}, {2, 2}, {3, 2}, {5, 3}})
	require.InDelta(t, 2+1+2+1, got[0], 0)
}

func TestWhatWasSeenIsKnownPerSlice(t *testing.T) {
	hours, err := slo.NewGrid(slo.Part{Start: gridStart, Step: time.Hour, N: 3})
	require.NoError(t, err)
	_, g := grow(t, []at{{10, 1}, {130, 1}})
	require.Equal(t, []bool{true, false, true}, settled(g, hours).seen)
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
	whole := newGrowth(term{}, nil, gridStart, time.Minute)
	whole.extend(grid.End())
	feed(whole, -10, 48*60)
	want := settled(whole, grid)

	halves := newGrowth(term{}, nil, gridStart, time.Minute)
	halves.extend(gridStart.Add(20 * time.Hour))
	feed(halves, -10, 25*60) // what lies beyond the room is left for later
	halves.extend(grid.End())
	feed(halves, 19*60, 48*60)
	require.Equal(t, want, settled(halves, grid))

	later, err := slo.NewGrid(slo.Part{Start: gridStart.Add(24 * time.Hour), Step: time.Hour, N: 24})
	require.NoError(t, err)
	before := halves.bytes()
	halves.forget(gridStart.Add(24*time.Hour), grid.End())
	require.Less(t, halves.bytes(), before)
	got := settled(halves, later)
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
	var a amounts
	require.Zero(t, a.sum(0, 1000))
	const noon = 20000*perDay + 720
	a.add(noon, 1<<24)
	require.Less(t, a.bytes(), int64(250), "a day with one amount")
	a.add(noon, 1) // 2^24 + 1 is not exact in four bytes
	a.add(noon+1, 0.1)
	a.add(noon+1, 0.2)
	a.add(noon-2*perDay, 7)
	require.InDelta(t, 1<<24+1, a.sum(noon, noon+1), 0)
	require.InDelta(t, 0.3, a.sum(noon+1, noon+2), 1e-15)
	require.InDelta(t, 1<<24+8, a.sum(0, noon+1), 0)
	a.drop(noon)
	require.InDelta(t, 1<<24+1, a.sum(0, noon+1), 0)
}

// Whatever is added in whatever order, amounts hold what a plain list does.
func TestAmountsHoldWhatWasAdded(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 9))
	for _, largest := range []float64{1, 200, 60_000, 1e6, 1e12} {
		for _, n := range []int{3, 200, 900, 9000} {
			var a amounts
			plain := make([]float64, 3*perDay)
			for range n {
				minute, v := rng.IntN(len(plain)), math.Floor(rng.Float64()*largest)
				if rng.IntN(50) == 0 {
					v += 0.5
				}
				plain[minute] += v
				a.add(minute+5*perDay, v)
			}
			check := func() {
				t.Helper()
				for range 20 {
					from := rng.IntN(len(plain))
					to, want := from+rng.IntN(len(plain)-from), 0.0
					for _, v := range plain[from:to] {
						want += v
					}
					require.InDelta(t, want, a.sum(from+5*perDay, to+5*perDay), 1e-6)
				}
			}
			check()
			// Hours 10 to 30 are kept as hours: their sums stay.
			a.rewrite(5*perDay+600, 5*perDay+1800, func(minute int) int { return minute - minute%60 + 59 })
			for hour := 10; hour < 30; hour++ {
				sum := 0.0
				for minute := hour * 60; minute < hour*60+60; minute++ {
					sum += plain[minute]
					plain[minute] = 0
				}
				plain[hour*60+59] = sum
			}
			check()
		}
	}
}

func TestADayTakesAboutAByteForEachMinuteOfFewEvents(t *testing.T) {
	var busy, quiet amounts
	for minute := range perDay {
		busy.add(minute, float64(minute%256))
	}
	quiet.add(3, 1)
	require.LessOrEqual(t, busy.bytes(), int64(perDay+24*8+200), "a byte for each minute and eight for each hour")
	require.LessOrEqual(t, quiet.bytes(), int64(250))
}

// Marks hold what a plain list does, in minutes and in hours.
func TestMarksHoldWhatWasSeen(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 2))
	for _, n := range []int{0, 1, 30, 5000} {
		var m marks
		plain := make([]bool, 3*perDay)
		for range n {
			minute := rng.IntN(len(plain))
			plain[minute] = true
			m.set(minute + 7*perDay)
		}
		check := func() {
			t.Helper()
			for range 50 {
				from := rng.IntN(len(plain))
				to := from + rng.IntN(min(300, len(plain)-from))
				require.Equal(t, slices.Contains(plain[from:to], true), m.any(from+7*perDay, to+7*perDay))
			}
			first, ok := m.next(0)
			require.Equal(t, slices.Index(plain, true), map[bool]int{true: first - 7*perDay, false: -1}[ok])
		}
		check()
		m.settle()
		m.coarsen(8*perDay, 9*perDay)
		for hour := 24; hour < 48; hour++ {
			seen := slices.Contains(plain[hour*60:hour*60+60], true)
			clear(plain[hour*60 : hour*60+60])
			plain[hour*60+59] = seen
		}
		check()
		m.clear(7*perDay+100, 8*perDay+200)
		clear(plain[100 : perDay+200])
		check()
	}
}
