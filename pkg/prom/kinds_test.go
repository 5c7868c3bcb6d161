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

// kinds are the warnings of an answer.
func kinds(r prom.Reading) []slo.WarningKind {
	var all []slo.WarningKind
	for _, w := range r.Warnings {
		all = append(all, w.Kind)
	}
	return all
}

func TestARatioWeighsEveryMinuteAlike(t *testing.T) {
	// 0.9 for half an hour and 1 for half; then half an hour of nothing (NaN), and 0.5.
	url := promtest.InProcess(t, []promtest.Series{
		scraped(t, -time.Hour, scrape, `success:ratio 0.9+0x89 1+0x29 NaN+0x29 0.5+0x29`),
		scraped(t, -time.Hour, scrape, `failure:ratio 0.1+0x89 0+0x29 NaN+0x29 0.5+0x29`),
	})
	check := func(ind prom.Indicator) {
		t.Helper()
		got, err := session(t, url).Events(t.Context(), ind, hourly(t, 2), origin.Add(2*time.Hour))
		require.NoError(t, err)
		require.Equal(t, prom.RatioOnly, got.Method)
		require.Equal(t, []slo.WarningKind{prom.EventsUnknown}, kinds(got.Reading))
		require.InDeltaSlice(t, []float64{60, 30}, totals(got), 1e-9)
		require.InDeltaSlice(t, []float64{3, 15}, bads(got), 1e-9) // 30 x 0.1, 30 x 0.5
		require.Equal(t, origin.Add(119*time.Minute), got.LastSample)
	}
	check(prom.Indicator{Raw: `success:ratio`})
	check(prom.Indicator{Raw: `failure:ratio`, RawFailure: true})
	check(prom.Indicator{Raw: `1 - failure:ratio`})
}

// Nine good requests and a bad one a minute.
func TestARatioOfTwoCountersIsCounted(t *testing.T) {
	series := []promtest.Series{
		scraped(t, -time.Hour, scrape, `http_total{code="200",pod="a"} 900+9x239`),
		scraped(t, -time.Hour, scrape, `http_total{code="500",pod="a"} 100+1x239`),
	}
	check := func(raw string, failure bool) {
		t.Helper()
		got := count(t, hourly(t, 2), prom.Indicator{Raw: raw, RawFailure: failure}, series...)
		require.Equal(t, prom.Counted, got.Method, raw)
		require.Equal(t, []float64{600, 600}, totals(got), raw)
		require.Equal(t, []float64{60, 60}, bads(got), raw)
		require.Empty(t, got.Warnings)
	}
	const good, bad, total = `sum(rate(http_total{code!="500"}[5m]))`, `sum(rate(http_total{code="500"}[5m]))`, `sum(rate(http_total[5m]))`
	check(bad+" / "+total, true)
	check("("+good+") / ("+total+")", false)
	check("(1 - ("+good+" / "+total+"))", true)
	check("1 - "+bad+" / "+total, false)
	check("("+bad+" or vector(0)) / on () "+total, true)
	check(`sum by (pod) (rate(http_total{code="500"}[5m])) / sum by (pod) (rate(http_total[5m]))`, true)
}

func TestARatioOfCountersIsTakenApart(t *testing.T) {
	part, total, rest, ok := prom.CountedRatio("1 - (sum(rate(a_total[5m]))) / (sum(rate(b_total[5m])))")
	require.True(t, ok)
	require.True(t, rest)
	require.Equal(t, []string{"(sum(rate(a_total[5m])))", "(sum(rate(b_total[5m])))"}, []string{part, total})
	_, _, rest, ok = prom.CountedRatio("sum(rate(a_total[5m])) / sum(rate(b_total[5m]))")
	require.True(t, ok)
	require.False(t, rest)
	for _, other := range []string{
		"sum(", "a:ratio", "1 - a:ratio", "sum(rate(a_total[5m]))", "avg(rate(a_total[5m])) / sum(rate(b_total[5m]))",
		"sum(rate(a_total[5m])) / 300", "sum by (x) (rate(a_total[5m])) / ignoring (x) group_left sum(rate(b_total[5m]))",
	} {
		_, _, _, ok := prom.CountedRatio(other)
		require.False(t, ok, other)
	}
}

func TestARatioInPercentIsNoRatio(t *testing.T) {
	url := promtest.InProcess(t, []promtest.Series{scraped(t, -time.Hour, scrape, `success:percent 99.5+0x119`)})
	got, err := session(t, url).Events(t.Context(), prom.Indicator{Raw: `success:percent`}, hourly(t, 1), origin.Add(time.Hour))
	require.NoError(t, err)
	require.Equal(t, []float64{-1}, totals(got))
	require.Equal(t, []slo.WarningKind{prom.EventsUnknown, prom.RatioOutside}, kinds(got.Reading))
}

// Ten minutes at 0.2, ten at exactly 0.3, ten at 0.4, ten of NaN, and twenty of nothing.
func TestAThresholdIsCheckedOncePerScrape(t *testing.T) {
	url := promtest.InProcess(t, []promtest.Series{
		scraped(t, 0, scrape, `latency_seconds 0.2+0x9 0.3+0x9 0.4+0x9 NaN+0x9 stale`),
		scraped(t, 0, scrape, `up 1+0x59 _x30 1+0x29`),
	})
	check := func(op string, absentIsBad bool, total, bad []float64) {
		t.Helper()
		ind := prom.Indicator{Threshold: `latency_seconds`, Op: op, Value: 0.3, AbsentIsBad: absentIsBad}
		got, err := session(t, url).Events(t.Context(), ind, hourly(t, 2), origin.Add(2*time.Hour))
		require.NoError(t, err)
		require.Equal(t, prom.Checked, got.Method)
		require.Equal(t, total, totals(got), op)
		require.Equal(t, bad, bads(got), op)
	}
	check("lt", false, []float64{30, -1}, []float64{20, -1})
	check("lte", false, []float64{30, -1}, []float64{10, -1})
	check("gt", false, []float64{30, -1}, []float64{20, -1})
	check("gte", false, []float64{30, -1}, []float64{10, -1})
	// Up is there for the whole hour, and for 5 minutes more than it was scraped, which
	// is how long Prometheus takes a value to hold, and then for half an hour.
	check("lte", true, []float64{60, 34}, []float64{40, 34})
}

// Where nobody writes up, the store is taken to be fed all the time.
func TestAbsenceIsBadWithoutUpToo(t *testing.T) {
	url := promtest.InProcess(t, []promtest.Series{scraped(t, 0, scrape, `age_seconds 10+0x29 stale`)})
	ind := prom.Indicator{Threshold: `age_seconds`, Op: "lt", Value: 60, AbsentIsBad: true}
	got, err := session(t, url).Events(t.Context(), ind, hourly(t, 2), origin.Add(2*time.Hour))
	require.NoError(t, err)
	require.Equal(t, []float64{60, 60}, totals(got))
	require.Equal(t, []float64{30, 60}, bads(got))
}

func TestAThresholdOfAScalarAndOfGroups(t *testing.T) {
	url := promtest.InProcess(t, []promtest.Series{
		scraped(t, 0, scrape, `backup_time{job="a"} `+"1772409600+0x59"), // the origin
		scraped(t, 0, scrape, `backup_time{job="b"} `+"1772409600+60x59"),
	})
	require.Equal(t, int64(1772409600), origin.Unix())
	got, err := session(t, url).Groups(t.Context(), prom.Indicator{Threshold: `time() - max by (job) (backup_time)`, Op: "lte", Value: 600}, hourly(t, 1), origin.Add(time.Hour), 5)
	require.NoError(t, err)
	require.Equal(t, []string{"map[job:a] 49/60", "map[job:b] 0/60"}, shown(got)) // minutes 0 to 10 are good
	events, err := session(t, url).Events(t.Context(), prom.Indicator{Threshold: `time()`, Op: "gt", Value: 0}, hourly(t, 1), origin.Add(time.Hour))
	require.NoError(t, err)
	require.Equal(t, []float64{60}, totals(events))
}

// A probe every 20 s: 180 checks an hour, of which six fail. A check on the edge
// belongs to the slice that begins there.
func TestEverySampleOfAProbeCountsOnce(t *testing.T) {
	probe := scraped(t, -time.Minute, 20*time.Second, `probe_success{instance="x"} 1+0x2 0 1+0x99 0+0x4 1+0x253`)
	up := scraped(t, -time.Minute, 20*time.Second, `up{job="x"} 1+0x2 0 1+0x99 0+0x4 1+0x253`)
	for _, ind := range []prom.Indicator{
		{Good: `sum(sum_over_time(probe_success[5m]))`, Total: `sum(count_over_time(probe_success[5m]))`},
		{Good: `probe_success`, Total: `probe_success`},
		{Good: `sum(up{job="x"})`, Total: `count(up{job="x"})`},
	} {
		got := count(t, hourly(t, 2), ind, probe, up)
		require.Equal(t, prom.Counted, got.Method)
		require.Equal(t, []float64{180, 180}, totals(got))
		require.Equal(t, []float64{6, 0}, bads(got))
	}
}

func TestAnIndicatorIsGivenInOneWay(t *testing.T) {
	url := promtest.InProcess(t, nil)
	check := func(ind prom.Indicator, want string) {
		t.Helper()
		_, err := session(t, url).Events(t.Context(), ind, hourly(t, 1), origin.Add(time.Hour))
		require.ErrorContains(t, err, want)
	}
	check(prom.Indicator{Raw: "a", Threshold: "b", Op: "lt"}, "given in several ways")
	check(prom.Indicator{Threshold: "b", Op: "<"}, `the operator of a threshold is "<"; expected lt, lte, gt or gte`)
	check(prom.Indicator{Good: "sum(rate(a_total[5m]))", Total: "sum(rate(b_total[5m]))", AbsentIsBad: true}, "cannot count absence as bad")
	check(prom.Indicator{Good: "up", Total: "avg(x)"}, "expected both in one way")
	check(prom.Indicator{Raw: "sum("}, "PromQL sum(")
}

// buckets are those of a histogram, with 2, 5 and 10 requests a minute up to 0.1, 1 and +Inf.
func buckets(t testing.TB, tenth, one string) []promtest.Series {
	return []promtest.Series{
		scraped(t, -time.Hour, scrape, `latency_bucket{pod="a",le="`+tenth+`"} 20+2x239`),
		scraped(t, -time.Hour, scrape, `latency_bucket{pod="a",le="`+one+`"} 50+5x239`),
		scraped(t, -time.Hour, scrape, `latency_bucket{pod="a",le="+Inf"} 100+10x239`),
		scraped(t, -time.Hour, scrape, `latency_count{pod="a"} 100+10x239`),
	}
}

func latency(le string) prom.Indicator {
	return prom.Indicator{Good: `sum(rate(latency_bucket{le="` + le + `"}[5m]))`, Total: `sum(rate(latency_count[5m]))`}
}

func TestABucketIsFoundHoweverItsEndIsWritten(t *testing.T) {
	for _, written := range []string{"1", "1.0"} {
		for _, asked := range []string{"1", "1.0", "1.00", "1e0"} {
			got := count(t, hourly(t, 2), latency(asked), buckets(t, "0.1", written)...)
			require.Equal(t, []float64{300, 300}, bads(got), "%s asked, %s written", asked, written)
			require.Nil(t, got.Upper)
		}
	}
}

// Prometheus is upgraded: from one scrape to the next, the bucket has another name. The
// process did not restart.
func TestABucketThatIsRenamedGoesOnCounting(t *testing.T) {
	series := append(buckets(t, "0.1", "100")[:1:1],
		scraped(t, -time.Hour, scrape, `latency_bucket{pod="a",le="1"} 50+5x89`),
		scraped(t, 30*time.Minute, scrape, `latency_bucket{pod="a",le="1.0"} 500+5x149`),
		scraped(t, -time.Hour, scrape, `latency_count{pod="a"} 100+10x239`))
	got := count(t, hourly(t, 2), latency("1"), series...)
	require.Equal(t, []float64{300, 300}, bads(got))
}

func TestAThresholdBetweenBucketsHasTwoBounds(t *testing.T) {
	got := count(t, hourly(t, 2), latency("0.3"), buckets(t, "0.1", "1")...)
	require.Equal(t, []float64{480, 480}, bads(got), "as few good ones as there may be: 2 of 10")
	require.Equal(t, []slo.WarningKind{prom.BucketMismatch}, kinds(got.Reading))
	require.Equal(t, "no bucket of the histogram ends at 0.3; events up to 0.1 are counted as good, and those up to 1 may be", got.Warnings[0].Text)
	require.NotNil(t, got.Upper)
	upper := got.Upper.Sum(origin, origin.Add(2*time.Hour))
	require.InDelta(t, 600, upper.Good, 0) // 5 of 10
	require.InDelta(t, 1200, upper.Total, 0)

	// The same told by failures.
	got = count(t, hourly(t, 2), prom.Indicator{
		Bad: `sum(rate(latency_count[5m])) - sum(rate(latency_bucket{le="0.3"}[5m]))`, Total: `sum(rate(latency_count[5m]))`,
	}, buckets(t, "0.1", "1")...)
	require.Equal(t, []float64{480, 480}, bads(got))
	require.InDelta(t, 600, got.Upper.Sum(origin, origin.Add(2*time.Hour)).Good, 0)
}

func TestAThresholdBelowAllBucketsSaysThatNothingIsKnownToBeGood(t *testing.T) {
	got := count(t, hourly(t, 1), latency("0.05"), buckets(t, "0.1", "1")...)
	require.Equal(t, []float64{600}, bads(got))
	require.Equal(t, "no bucket of the histogram ends at 0.05 or below; all events count as bad, although those up to 0.1 may be good", got.Warnings[0].Text)
	require.InDelta(t, 120, got.Upper.Sum(origin, origin.Add(time.Hour)).Good, 0)
	// Above all of them, only +Inf is.
	got = count(t, hourly(t, 1), latency("30"), buckets(t, "0.1", "1")...)
	require.Equal(t, []float64{300}, bads(got))
	require.InDelta(t, 600, got.Upper.Sum(origin, origin.Add(time.Hour)).Good, 0)
}

// Two pods have the bucket; a third one, of an older version, has others. Its events are
// none that are known to be fast, and that is said: on both roads, and by what is kept.
func TestABucketThatOnlySomePodsHaveIsWarnedOf(t *testing.T) {
	var all []promtest.Series
	for _, pod := range []string{"a", "b", "old"} {
		le := "0.5"
		if pod == "old" {
			le = "0.25"
		}
		all = append(all,
			scraped(t, -time.Hour, scrape, `latency_bucket{pod="`+pod+`",le="`+le+`"} 50+5x239`),
			scraped(t, -time.Hour, scrape, `latency_bucket{pod="`+pod+`",le="+Inf"} 100+10x239`),
			scraped(t, -time.Hour, scrape, `latency_count{pod="`+pod+`"} 100+10x239`),
		)
	}
	warned := func(ind prom.Indicator, all []promtest.Series) []slo.Warning {
		t.Helper()
		grid := hourly(t, 2)
		got := count(t, grid, ind, all...)
		store, err := prom.NewStore(promtest.InProcessWithRemoteRead(t, all), http.DefaultClient, prom.DefaultCacheSize)
		require.NoError(t, err)
		for range 2 {
			again, err := store.NewSession(scrape).Events(t.Context(), ind, grid, grid.End())
			require.NoError(t, err)
			require.Equal(t, got.Warnings, again.Warnings)
		}
		return got.Warnings
	}
	for _, ind := range []prom.Indicator{
		latency("0.5"),
		{Good: `sum(rate(latency_bucket{le="0.5"}[5m]))`, Total: `sum(rate(latency_bucket{le="+Inf"}[5m]))`},
		{Bad: `sum(rate(latency_count[5m])) - sum(rate(latency_bucket{le="0.5"}[5m]))`, Total: `sum(rate(latency_count[5m]))`},
	} {
		got := warned(ind, all)
		require.Len(t, got, 1)
		require.Equal(t, prom.BucketMismatch, got[0].Kind)
		require.Equal(t, "1 of 3 processes have no bucket of the histogram that ends at 0.5: none of their events is known to be up to it", got[0].Text)
	}
	require.Empty(t, warned(latency("0.5"), all[:6]), "both pods that are left have it")
	// Another metric may well be of other processes.
	require.Empty(t, warned(prom.Indicator{Good: `sum(rate(latency_bucket{le="0.5"}[5m]))`, Total: `sum(rate(asked_count[5m]))`},
		append(all[:3:3], scraped(t, -time.Hour, scrape, `asked_count{pod="gateway"} 100+10x239`))))
}
