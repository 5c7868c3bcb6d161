package prom

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/stretchr/testify/require"
)

const stale = 0x7ff0000000000002 // the bits of Prometheus' staleness marker

// randomSamples are those of a counter that stands still and goes on, restarts, misses
// scrapes, ends with staleness markers and comes back.
func randomSamples(rng *rand.Rand, from, to int64) (all []sample) {
	scrape := []int64{10_000, 60_000, 300_000}[rng.IntN(3)]
	jitter, busy, lost := rng.Int64N(3)*rng.Int64N(1000), rng.Float64(), rng.Float64()*0.05
	value := float64(rng.IntN(5))
	for at := from + rng.Int64N(scrape); at < to; at += scrape {
		if rng.Float64() < lost {
			at += rng.Int64N(int64(time.Hour / time.Millisecond))
			continue
		}
		switch one := rng.Float64(); {
		case one < 0.01:
			value = float64(rng.IntN(3))
		case one < 0.02 && scrape == 60_000:
			value += math.Floor(2e9*rng.Float64()) / 2 // no whole number, and exact in any order
		case one < busy:
			value += float64(rng.IntN(3))
		}
		bits := math.Float64bits(value)
		if one := rng.IntN(1000); one < 5 {
			bits = stale
		} else if one == 5 {
			bits = math.Float64bits(math.Inf(1))
		}
		all = append(all, sample{at + rng.Int64N(jitter+1), bits})
	}
	if len(all) > 0 && rng.IntN(10) == 0 { // a store that lost its order
		i, k := rng.IntN(len(all)), rng.IntN(len(all))
		all[i], all[k] = all[k], all[i]
	}
	return all
}

// tallied is all that a growth counted.
type tallied struct {
	readings int
	last     int64
	before   bool
	falls    map[string][]fallAt
	seen     []int // minutes
	columns  map[string]talliedColumn
}

type talliedColumn struct {
	last    int64
	events  map[int]float64 // by minute
	seen    []int
	births  []birth
	returns []returned
}

func talliedBy(g *growth) tallied {
	g.closeUp()
	first, last := int(g.start/fineMs), int(g.end/fineMs)
	marked := func(m marks) (all []int) {
		for minute := first - perDay; minute < last+perDay; minute++ {
			if m.any(minute, minute+1) {
				all = append(all, minute)
			}
		}
		return all
	}
	out := tallied{g.readings, g.last, g.before, g.falls, marked(g.seen), map[string]talliedColumn{}}
	for key, c := range g.columns {
		one := talliedColumn{c.last, map[int]float64{}, marked(c.seen), c.births, c.returns}
		for minute := first - perDay; minute < last+perDay; minute++ {
			if v := c.events.sum(minute, minute+1); v != 0 {
				one.events[minute] = v
			}
		}
		out.columns[key] = one
	}
	return out
}

// Samples count the same whether they come one by one or as chunks: with room for every
// minute, without, by groups, and by the hour.
func TestAChunkCountsAsItsSamplesDo(t *testing.T) {
	const minutes = 2*perDay + 300
	start := time.Date(2026, time.March, 2, 5, 0, 0, 0, time.UTC)
	for seed := range uint64(200) {
		rng := rand.New(rand.NewPCG(seed, 5))
		by := []string(nil)
		if rng.IntN(2) == 0 {
			by = []string{"pod"}
		}
		coarse := rng.IntN(3) == 0
		fresh := func() *growth {
			g := newGrowth(term{}, by, start, time.Minute)
			g.extend(start.Add(minutes * time.Minute))
			if coarse {
				g.coarsen(func(hour int) bool { return hour%3 == 0 })
			}
			return g
		}
		apart, together := fresh(), fresh()
		if rng.IntN(4) > 0 {
			together.openUp()
		}
		for series := range 1 + rng.IntN(4) {
			l := labels.FromStrings("pod", fmt.Sprint(series/2), "code", fmt.Sprint(series))
			if rng.IntN(4) == 0 {
				l = labels.FromStrings("code", fmt.Sprint(series)) // no label says of which process
			}
			begin := start.Add(time.Duration(rng.IntN(40)-30) * time.Hour)
			all := randomSamples(rng, begin.UnixMilli(), begin.Add(minutes*time.Minute).UnixMilli())
			one, other := apart.of(l), together.of(l)
			var d xorDecoder
			for i := 0; i < len(all); {
				n := min(1+rng.IntN(120), len(all)-i)
				for _, s := range all[i : i+n] {
					one.add(s.at, math.Float64frombits(s.value))
				}
				chunk, err := d.decode(encoded(t, all[i:i+n]))
				require.NoError(t, err)
				other.addAll(chunk)
				if i += n; rng.IntN(10) == 0 {
					i -= rng.IntN(n) // they come again
				}
			}
			require.Equal(t, []any{one.known, one.at, one.value}, []any{other.known, other.at, other.value})
		}
		require.Equal(t, talliedBy(apart), talliedBy(together), "seed %d", seed)
		for _, g := range []*growth{apart, together} {
			g.settle(g.firstSeen(), g.falls)
		}
		require.Equal(t, talliedBy(apart), talliedBy(together), "settled, seed %d", seed)
	}
}

// Room for every minute that was used before is empty.
func TestRoomThatIsUsedAgainIsEmpty(t *testing.T) {
	for range 10 {
		o := openedMinutes(0, 3*perDay)
		for _, v := range o.events {
			require.Zero(t, v)
		}
		for _, word := range o.seen {
			require.Zero(t, word)
		}
		o.events[perDay], o.seen[5] = 1, 1
		o.close()
	}
}

// What is kept of a day is what was counted in it, however it is packed.
func TestADayIsPackedAsItIs(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 8))
	for range 300 {
		events := make([]float64, 2*perDay+rng.IntN(perDay))
		size := []float64{1, 200, 60_000, 1e6, 1e8, 1e18}[rng.IntN(6)]
		fraction := rng.IntN(4) == 0
		for range rng.IntN(1 + rng.IntN(4000)) {
			v := math.Floor(size * rng.Float64())
			if fraction {
				v = size * rng.Float64()
			}
			events[rng.IntN(len(events))] = v
		}
		var filled, added amounts
		filled.fill(7, events)
		for i, v := range events {
			added.add(7*perDay+i, v)
		}
		sum := func(from, to int) (total float64) {
			for i := max(0, from-7*perDay); i < min(len(events), to-7*perDay); i++ {
				total += events[i]
			}
			return total
		}
		for i, v := range events {
			require.Equal(t, v, filled.sum(7*perDay+i, 7*perDay+i+1))
		}
		for range 20 { // slices of one width, of which the first and the last may be cut off
			first, width, n := 7*perDay-rng.IntN(perDay), []int{1, 7, 10, 60, 90, 2 * perDay}[rng.IntN(6)], rng.IntN(300)
			from := first + rng.IntN(1+n*width)
			to := from + rng.IntN(1+first+n*width-from)
			got := make([]float64, n)
			filled.spread(got, first, width, from, to, 0.5)
			for i := range got {
				want := 0.5 * sum(max(from, first+i*width), min(to, first+(i+1)*width))
				require.InDelta(t, want, got[i], want*1e-12)
			}
		}
		for range 50 {
			from := rng.IntN(3 * perDay)
			to := from + rng.IntN(3*perDay-from)
			want := sum(7*perDay+from, 7*perDay+to)
			require.InDelta(t, want, filled.sum(7*perDay+from, 7*perDay+to), want*1e-12)
			require.InDelta(t, want, added.sum(7*perDay+from, 7*perDay+to), want*1e-12)
		}
		var all marks
		seen := make([]uint64, (2*perDay+rng.IntN(perDay)+63)/64)
		for range rng.IntN(3) {
			from := rng.IntN(len(seen) * 64)
			setBits(seen, from, from+rng.IntN(len(seen)*64-from))
		}
		if rng.IntN(2) == 0 { // a day that was seen throughout
			setBits(seen, perDay, 2*perDay)
		}
		all.fill(7, seen)
		if rng.IntN(3) == 0 {
			all.setHour(8*perDay + rng.IntN(perDay))
		}
		first, width := 7*perDay-rng.IntN(perDay), 1+rng.IntN(100)
		from, to := first+rng.IntN(100), first+rng.IntN(4*perDay)
		slices := make([]bool, 4*perDay/width+1)
		all.spread(slices, first, width, from, to)
		for i, got := range slices {
			require.Equal(t, all.any(max(from, first+i*width), min(to, first+(i+1)*width)), got)
		}
		for i := range len(seen) * 64 {
			if at := 7*perDay + i; at%60 != 59 {
				require.Equal(t, seen[i/64]>>(i%64)&1 == 1, all.any(at, at+1))
			}
		}
	}
}

func TestDaysThatWereSeenThroughoutTakeNoRoom(t *testing.T) {
	seen := make([]uint64, (3*perDay+63)/64)
	setBits(seen, 0, 3*perDay)
	var all marks
	all.fill(7, seen)
	for _, d := range all.days {
		require.Same(t, everyMinute, d.minutes)
	}
	require.Len(t, all.days, 3)
}
