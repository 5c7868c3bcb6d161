package prom_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A request a minute. Where nothing is scraped for three hours, the counter grows
// on, and what it grew by is seen with the first scrape after them.
func TestAGapInAllScrapesIsNoBirth(t *testing.T) {
	// 1000 before the grid; scrapes at minute 0 to 119 and from minute 300 on.
	series := scraped(t, -time.Hour, scrape, `requests_total{pod="a"} 1000+1x179 _x180 1360+1x59`)
	errors := scraped(t, -time.Hour, scrape, `errors_total{pod="a"} 20+0x179 _x180 27+0x59`)
	got := count(t, hourly(t, 6), badOfTotal, series, errors)
	// The last value before midnight is 1059. Then 1119, 1179, a gap, 1419 at 5:59.
	require.Equal(t, []float64{60, 60, -1, -1, -1, 240}, totals(got))
	require.Equal(t, []float64{0, 0, -1, -1, -1, 7}, bads(got))
	require.Equal(t, 2, got.Series)
}

// A pod that was last seen 20 hours ago has a value that counting goes on from.
func TestASeriesUnseenForTwentyHoursIsNoBirth(t *testing.T) {
	a := scraped(t, -25*time.Hour, scrape, `requests_total{pod="a"} 500000+1x299 _x1200 501500+1x119`)
	b := scraped(t, -25*time.Hour, scrape, `requests_total{pod="b"} 0+0x1619`)
	got := count(t, hourly(t, 2), badOfTotal, a, b)
	// 500299 twenty hours before midnight, 501559 and 501619 after.
	require.Equal(t, []float64{1260, 60}, totals(got))
}

// Beyond a day, a counter is a new one: where it comes back it counts whole.
func TestASeriesUnseenForMoreThanADayIsBornAgain(t *testing.T) {
	a := scraped(t, -26*time.Hour, scrape, `requests_total{pod="a"} 100+0x59 _x1500 150+0x119`)
	b := scraped(t, -26*time.Hour, scrape, `requests_total{pod="b"} 0+0x1679`)
	require.Equal(t, []float64{150, 0}, totals(count(t, hourly(t, 2), badOfTotal, a, b)))
}

// When scraping begins inside the window, nobody knows what counters did before:
// what they show first is a base and no growth.
func TestDataThatBeginsInsideTheWindowIsNoBirth(t *testing.T) {
	// First scrape at 2:30 with 9000, hourly growth of 60 after.
	series := scraped(t, 150*time.Minute, scrape, `requests_total{pod="a"} 9000+1x89`)
	errors := scraped(t, 150*time.Minute, scrape, `errors_total{pod="a"} 40+0x29 43+0x59`)
	lastValues, remoteRead := countBoth(t, hourly(t, 4), badOfTotal, series, errors)
	// 9029 at 2:59 is the base of 9089 at 3:59.
	require.Equal(t, []float64{-1, -1, 0, 60}, totals(lastValues))
	require.Equal(t, []float64{-1, -1, 0, 3}, bads(lastValues))
	// Who sees every sample has 9000 at 2:30 as the base.
	require.Equal(t, []float64{-1, -1, 29, 60}, totals(remoteRead))
	require.Equal(t, []float64{-1, -1, 0, 3}, bads(remoteRead))
}

// A counter of errors appears with the first errors. Those count, since others
// were seen before, also where none of its kind was.
func TestErrorsBornLateCountWhole(t *testing.T) {
	series := scraped(t, -time.Hour, scrape, `requests_total{pod="a"} 1000+1x239`)
	errors := scraped(t, 90*time.Minute, scrape, `errors_total{pod="a",code="500"} 3+0x9 5+0x79`)
	other := scraped(t, 130*time.Minute, scrape, `errors_total{pod="a",code="503"} 1+0x49`)
	got := count(t, hourly(t, 3), badOfTotal, series, errors, other)
	require.Equal(t, []float64{60, 60, 60}, totals(got))
	require.Equal(t, []float64{0, 5, 1}, bads(got))
}

// A pod that joins takes over half of the requests: from zero, not from what it
// shows first.
func TestAPodBornBetweenScrapesCountsFromZero(t *testing.T) {
	a := scraped(t, -time.Hour, scrape, `requests_total{pod="a"} 1000+2x119 1239+1x59`)
	b := scraped(t, 60*time.Minute, scrape, `requests_total{pod="b"} 1+1x59`)
	require.Equal(t, []float64{120, 120}, totals(count(t, hourly(t, 2), badOfTotal, a, b)))
}

// A pod's last scrape is in the middle of a slice. What it counted until then is
// there, and nothing is added for the rest.
func TestThePodThatEndsCountsToItsLastMinute(t *testing.T) {
	a := scraped(t, -time.Hour, scrape, `requests_total{pod="a"} 1000+3x137`) // until 1:17
	b := scraped(t, -time.Hour, scrape, `requests_total{pod="b"} 0+0x239`)
	// 1177 at 23:59, 1357 at 0:59, 1411 at 1:17.
	require.Equal(t, []float64{180, 54, 0}, totals(count(t, hourly(t, 3), badOfTotal, a, b)))
}

// Without requests there are none, which is not the same as not being watched.
func TestASliceWithoutEventsIsMeasured(t *testing.T) {
	idle := scraped(t, -time.Hour, scrape, `requests_total 7+0x119 _x60 7+0x59`)
	require.Equal(t, []float64{0, -1, 0}, totals(count(t, hourly(t, 3), badOfTotal, idle)))
}
