package prom_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/internal/promtest"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// restarting is a pod with a request a minute that restarts right after the scrape
// at minute k (from the origin on) and that has had 5 errors before. Its errors
// are gone until minute back, when 7 more have happened, and one more a minute
// later. Nothing is lost: from minute 0 to 179 there are 180 requests and 8 errors.
func restarting(t testing.TB, k, back int, labels string) []promtest.Series {
	total := fmt.Sprintf(`requests_total{%s} 1000+1x%d 1+1x%d`, labels, 60+k, 178-k)
	errors := fmt.Sprintf(`errors_total{%s} 5+0x%d _x%d 7 8+0x%d`, labels, 60+k, back-k-1, 178-back)
	return []promtest.Series{scraped(t, -time.Hour, scrape, total), scraped(t, -time.Hour, scrape, errors)}
}

func sum(values []float64) (total float64) {
	for _, v := range values {
		total += v
	}
	return total
}

// The error counter is not seen to fall: it is absent after the restart, and comes
// back at a higher value. That its process restarted is seen from the other one.
func TestARestartAtAnyPointOfASliceIsCountedExactly(t *testing.T) {
	check := func(labels string, k, gone int) {
		t.Helper()
		name := fmt.Sprintf("%s, restart after minute %d, errors again at minute %d", labels, k, k+gone)
		got := count(t, hourly(t, 3), badOfTotal, restarting(t, k, k+gone, labels)...)
		require.InDelta(t, 180, sum(totals(got)), 1e-9, name)
		require.InDelta(t, 8, sum(bads(got)), 1e-9, name)
		require.Empty(t, got.Warnings, name)
	}
	for _, k := range []int{0, 1, 30, 57, 58, 59, 60, 61, 90, 118, 119, 120, 150} {
		for _, gone := range []int{2, 5} {
			check(`pod="a"`, k, gone)
		}
	}
	for _, labels := range []string{`instance="10.0.0.1:80"`, `job="x",instance="y",namespace="n",pod="p",container="c",code="1"`} {
		check(labels, 58, 3)
	}
}

// The errors may stay away for hours, and in slices of their own.
func TestErrorsThatComeBackHoursAfterTheRestartCountFromZero(t *testing.T) {
	for _, back := range []int{70, 119, 120, 170} {
		got := count(t, hourly(t, 3), badOfTotal, restarting(t, 30, back, `pod="a"`)...)
		require.InDelta(t, 8, sum(bads(got)), 1e-9, "back at minute %d", back)
	}
}

// The store is asked for a minute before the slice in case scrapes are that far
// apart. Where they are closer, a restart and all that follows may lie in it.
func TestARestartJustBeforeASliceIsNotCountedTwice(t *testing.T) {
	const every = 10 * time.Second
	// Restart after 0:58:30; errors back at 0:59:00 with 3, at 4 from 1:00:10 on.
	total := scraped(t, -time.Hour, every, `requests_total{pod="a"} 1000+1x711 1+1x367`)
	errors := scraped(t, -time.Hour, every, `errors_total{pod="a"} 5+0x711 _x2 3+0x6 4+0x358`)
	got := count(t, hourly(t, 2), badOfTotal, total, errors)
	require.Equal(t, []float64{3, 1}, bads(got))
	require.InDelta(t, 720, sum(totals(got)), 1e-9)
}

// The same before the first slice: what came back before the grid is its base.
func TestARestartJustBeforeTheGridAddsNothing(t *testing.T) {
	const every = 10 * time.Second
	// Restart after 23:58:30; errors back at 23:59:00 with 3, at 4 from 0:00:10 on.
	total := scraped(t, -time.Hour, every, `requests_total{pod="a"} 1000+1x351 1+1x367`)
	errors := scraped(t, -time.Hour, every, `errors_total{pod="a"} 5+0x351 _x2 3+0x6 4+0x358`)
	require.Equal(t, []float64{1}, bads(count(t, hourly(t, 1), badOfTotal, total, errors)))
}

// Two containers of a pod may share all labels that tell a process. They are not
// scraped at the same instants, and only one of them restarted.
func TestANeighbourWithOtherScrapesDidNotRestart(t *testing.T) {
	// The errors are the neighbour's, at second 20 of each minute; they are missing
	// for three scrapes while the pod restarts, and then go on from 5 to 7.
	total := scraped(t, -time.Hour, scrape, `requests_total{pod="a"} 1000+1x90 1+1x88`)
	errors := scraped(t, -time.Hour+20*time.Second, scrape, `errors_total{pod="a"} 5+0x90 _x3 7+0x85`)
	got := count(t, hourly(t, 2), badOfTotal, total, errors)
	require.InDelta(t, 2, sum(bads(got)), 1e-9)
	require.InDelta(t, 120, sum(totals(got)), 1e-9)
}

// Without a label that tells processes apart, a fall says something of its own
// series only.
func TestWithoutALabelOfTheProcessOnlyTheSeriesThatFellRestarted(t *testing.T) {
	got := count(t, hourly(t, 3), badOfTotal, restarting(t, 30, 33, `version="1"`)...)
	require.InDelta(t, 180, sum(totals(got)), 1e-9)
	require.InDelta(t, 3, sum(bads(got)), 1e-9) // 5, then 8
}

// A restart of one pod says nothing of the others.
func TestAnotherPodsErrorsAreNotTouchedByARestart(t *testing.T) {
	series := append(restarting(t, 30, 33, `pod="a"`),
		scraped(t, -time.Hour, scrape, `requests_total{pod="b"} 50+1x239`),
		scraped(t, -time.Hour, scrape, `errors_total{pod="b"} 5+0x90 _x3 7+0x145`))
	got := count(t, hourly(t, 3), badOfTotal, series...)
	require.InDelta(t, 8+2, sum(bads(got)), 1e-9)
	require.InDelta(t, 180+180, sum(totals(got)), 1e-9)
}

// A pod that restarts every minute, within slices that are shorter than that.
func TestAPodInACrashLoopIsCountedExactly(t *testing.T) {
	// Scrapes every 10 s show 1 to 6 and then 1 again: 6 a minute.
	total := scraped(t, -time.Minute, 10*time.Second, `requests_total{pod="a"} `+strings.Repeat("1+1x5 ", 31))
	grid, err := slo.NewGrid(slo.Part{Start: origin, Step: 2 * time.Minute, N: 15})
	require.NoError(t, err)
	got := count(t, grid, badOfTotal, total)
	require.InDelta(t, 180, sum(totals(got)), 1e-9)
}

// 70 hours with a restart each: the newest 64 are read sample by sample, and it is
// said that the others are not.
func TestTooManySlicesWithRestartsAreWarnedOf(t *testing.T) {
	total := scraped(t, -time.Hour, scrape, `requests_total{pod="a"} 0+1x59 `+strings.Repeat(" 60+1x29 1+1x29", 70))
	got, remoteRead := countBoth(t, hourly(t, 70), badOfTotal, total)
	require.Empty(t, remoteRead.Warnings, "who sees every sample misses nothing")
	require.InDelta(t, 60+69*89, sum(totals(remoteRead)), 1e-9)
	require.Len(t, got.Warnings, 1)
	require.Equal(t, slo.ApproximateCount, got.Warnings[0].Kind)
	require.Equal(t, "counters restarted in 6 slices more than are read sample by sample; events just before these restarts may be missing", got.Warnings[0].Text)
	// In each hour the counter goes from 30 to 89, restarts and goes to 30: 59 and 30
	// events. In the newest slices that is exact.
	for i, n := range totals(got)[6:] {
		require.InDelta(t, 89-30+30, n, 1e-9, "hour %d", i+6)
	}
}

// A restart while nothing is scraped is seen from the fall over the gap.
func TestARestartInAGapCountsFromZero(t *testing.T) {
	total := scraped(t, -time.Hour, scrape, `requests_total{pod="a"} 1000+1x89 _x60 40+1x89`)
	// 1059 at 23:59, 1089 at 0:29, then 40 to 129 from 1:30 to 2:59.
	require.Equal(t, []float64{30, 69, 60}, totals(count(t, hourly(t, 3), badOfTotal, total)))
}
