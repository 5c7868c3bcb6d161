package prom_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/prometheus/client_golang/api"
	v1 "github.com/prometheus/client_golang/api/prometheus/v1"
	"github.com/prometheus/common/model"
	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/internal/promtest"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/prom"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// rulesOf are the rules of an indicator as a ruler has them.
func rulesOf(t testing.TB, ind prom.Indicator) []promtest.Rule {
	t.Helper()
	written, err := prom.RulesFor(ind)
	require.NoError(t, err)
	var rules []promtest.Rule
	for _, r := range written.Rules {
		rules = append(rules, promtest.Rule{Record: prom.RecordedMetric, Labels: r.Labels, Expr: r.Expr})
	}
	return rules
}

// claimed is what rules of a definition say that they recorded every five minutes from an
// instant on: as often as there are values.
func claimed(t testing.TB, definition, kind string, first time.Duration, values string) promtest.Series {
	t.Helper()
	return scraped(t, first, 5*time.Minute, fmt.Sprintf(`stakes_slice_events{definition=%q,kind=%q} %s`, definition, kind, values))
}

// Rules recorded 50 requests and 5 failures every five minutes of hours 1 to 3, where
// raw counters give 60 and 6 an hour: so that it can be seen which were used. What is
// recorded at 1:09 is the growth from 1:00 to 1:05. They did not run at 2:39.
func recordedAndRaw(t testing.TB, definition string) []promtest.Series {
	return []promtest.Series{
		claimed(t, definition, "ran", 69*time.Minute, "1+0x17 _ 1+0x16"),
		claimed(t, definition, "total", 69*time.Minute, "50+0x17 _ 50+0x16"),
		claimed(t, definition, "bad", 69*time.Minute, "5+0x17 _ 5+0x16"),
		scraped(t, -time.Hour, scrape, `requests_total{pod="a"} 1000+1x359`),
		scraped(t, -time.Hour, scrape, `errors_total{pod="a"} 100+0.1x359`),
	}
}

func definitionOf(t testing.TB, ind prom.Indicator) string {
	t.Helper()
	rules, err := prom.RulesFor(ind)
	require.NoError(t, err)
	return rules.Definition
}

func TestWhatRulesRecordedIsUsedAndTheRestCounted(t *testing.T) {
	for _, start := range []func(testing.TB, []promtest.Series) string{promtest.InProcess, promtest.InProcessWithRemoteRead} {
		got, err := session(t, start(t, recordedAndRaw(t, definitionOf(t, badOfTotal)))).Events(t.Context(), badOfTotal, hourly(t, 4), origin.Add(5*time.Hour))
		require.NoError(t, err)
		require.Equal(t, prom.Recorded, got.Method)
		require.Equal(t, prom.Slices, got.Road)
		// Hour 0 was not recorded, hour 1 was, hour 2 not all the time, hour 3 was.
		require.Equal(t, []float64{60, 600, 60, 600}, totals(got))
		require.InDeltaSlice(t, []float64{6, 60, 6, 60}, bads(got), 1e-6)
		require.NotEmpty(t, got.Plan)
	}
}

// What the last six minutes hold is not recorded yet: hour 3 is over, and its last rule
// may still be to run.
func TestTheNewestSlicesAreCounted(t *testing.T) {
	got, err := session(t, promtest.InProcess(t, recordedAndRaw(t, definitionOf(t, badOfTotal)))).Events(t.Context(), badOfTotal, hourly(t, 4), origin.Add(4*time.Hour))
	require.NoError(t, err)
	require.Equal(t, []float64{60, 600, 60, 60}, totals(got))
}

func TestMinutesThatRulesDoNotRecordAreCounted(t *testing.T) {
	grid, err := slo.NewGrid(
		slo.Part{Start: origin.Add(time.Hour), Step: time.Hour, N: 1},
		slo.Part{Start: origin.Add(2 * time.Hour), Step: time.Minute, N: 2})
	require.NoError(t, err)
	got, err := session(t, promtest.InProcess(t, recordedAndRaw(t, definitionOf(t, badOfTotal)))).Events(t.Context(), badOfTotal, grid, grid.End().Add(time.Hour))
	require.NoError(t, err)
	require.Equal(t, []float64{600, 1, 1}, totals(got))
}

// What is not of the very same definition, or recorded twice, is not believed.
func TestWhatCannotBeBelievedIsCounted(t *testing.T) {
	definition := definitionOf(t, badOfTotal)
	again := func(name string) promtest.Series {
		s := claimed(t, definition, "ran", 68*time.Minute, "1+0x36")
		s.Labels["replica"] = name
		return s
	}
	older := badOfTotal
	older.Total = `sum(rate(requests_total{code!="404"}[5m]))`
	for name, series := range map[string][]promtest.Series{
		"another definition": recordedAndRaw(t, definitionOf(t, older)),
		"two rulers at once": append(recordedAndRaw(t, definition), again("b")),
	} {
		t.Run(name, func(t *testing.T) {
			got, err := session(t, promtest.InProcess(t, series)).Events(t.Context(), badOfTotal, hourly(t, 3), origin.Add(4*time.Hour))
			require.NoError(t, err)
			require.Equal(t, prom.Counted, got.Method)
			require.Equal(t, []float64{60, 60, 60}, totals(got))
		})
	}
}

// An indicator that is written otherwise and counts the same is the same.
func TestTheDefinitionIsWhatIsCounted(t *testing.T) {
	same := prom.Indicator{Bad: "sum(increase(errors_total[1h])) or vector(0)", Total: "sum ( irate(requests_total[5m]) )"}
	require.Equal(t, definitionOf(t, badOfTotal), definitionOf(t, same))
	for name, other := range map[string]prom.Indicator{
		"other counter": {Bad: "sum(rate(failures_total[5m]))", Total: badOfTotal.Total},
		"good not bad":  {Good: badOfTotal.Bad, Total: badOfTotal.Total},
		"by groups":     {Bad: "sum by (pod) (rate(errors_total[5m]))", Total: "sum by (pod) (rate(requests_total[5m]))"},
		"a difference":  {Bad: "sum(rate(errors_total[5m])) - sum(rate(ignored_total[5m]))", Total: badOfTotal.Total},
	} {
		require.NotEqual(t, definitionOf(t, badOfTotal), definitionOf(t, other), name)
	}
}

func TestWhatRulesCannotRecordIsSaid(t *testing.T) {
	for want, ind := range map[string]prom.Indicator{
		"its ratio does not tell how many events there were":                               {Raw: "job:errors:ratio"},
		"its value is compared once per scrape, which rules do not know of":                {Threshold: "latency_seconds", Op: "lt", Value: 1},
		"its queries are no plain sums of counters, and are evaluated as they are written": {Bad: "max(rate(errors_total[5m]))", Total: "max(rate(requests_total[5m]))"},
		"rules cannot count what a native histogram grew by":                               {Good: "histogram_fraction(0, 1, sum(rate(d[5m]))) * histogram_count(sum(rate(d[5m])))", Total: "histogram_count(sum(rate(d[5m])))"},
		"it is grouped by kind, which is a label of the rules' own":                        {Bad: "sum by (kind) (rate(errors_total[5m]))", Total: "sum by (kind) (rate(requests_total[5m]))"},
		"an indicator needs two of good, bad and total events":                             {Total: "sum(rate(requests_total[5m]))"},
	} {
		_, err := prom.RulesFor(ind)
		require.EqualError(t, err, want)
	}
}

// Fleets that everything happens to are recorded to within 0.1 % of the truth, or one
// event, and what restarts take along of failures, which rules cannot see: wherever in
// its five minutes a rule runs, pooled and by pod, by both roads.
func TestWhatRulesRecordIsTrueWhateverHappens(t *testing.T) {
	for seed := range uint64(6) {
		rng := rand.New(rand.NewPCG(seed, 99))
		hours := func(h float64) time.Time { return origin.Add(time.Duration(h * float64(time.Hour))) }
		f := promtest.Fleet{
			Service: "any", Seed: seed, Start: origin.Add(-26 * time.Hour), End: origin.Add(14 * time.Hour),
			Scrape: []time.Duration{15 * time.Second, 30 * time.Second, time.Minute}[rng.IntN(3)],
			Pods:   1 + rng.IntN(4), PerSec: []float64{0.05, 0.5, 5}[rng.IntN(3)], Failures: []float64{0.002, 0.02, 0.3}[rng.IntN(3)],
			Deploy:   time.Duration(2+rng.IntN(20)) * time.Hour,
			Blind:    [][2]time.Time{{hours(3), hours(3 + rng.Float64())}},
			BlindPod: [][2]time.Time{{hours(7), hours(7 + 3*rng.Float64())}},
		}
		series, truth := f.Series()
		ind := prom.Indicator{Bad: `sum by (pod) (rate(fleet_requests_total{code="500"}[5m]))`, Total: "sum by (pod) (rate(fleet_requests_total[5m]))"}
		first := origin.Add(-3*time.Hour + time.Duration(rng.Int64N(300_000))*time.Millisecond)
		series = append(series, promtest.Record(t, series, rulesOf(t, ind), first, f.End, 5*time.Minute)...)
		for name, url := range map[string]string{"last values": promtest.InProcess(t, series), "samples": promtest.InProcessWithRemoteRead(t, series)} {
			t.Run(fmt.Sprintf("seed %d, rules at %s, by %s", seed, first.Format("04:05.000"), name), func(t *testing.T) {
				grid := hourly(t, 12)
				s := session(t, url)
				got, err := s.Events(t.Context(), ind, grid, f.End)
				require.NoError(t, err)
				require.Equal(t, prom.Recorded, got.Method)
				for i := range grid.Len() {
					good, bad := truth.Between(grid.Edge(i), grid.Edge(i+1))
					sum := got.Timeline.Sum(grid.Edge(i), grid.Edge(i+1))
					if i >= 3 && i <= 11 { // what nobody saw while scrapes failed comes later
						continue
					}
					near(t, good+bad, sum.Total)
					near(t, bad, sum.Bad())
				}
				good, bad := truth.Between(grid.Start(), grid.End())
				sum := got.Timeline.Sum(grid.Start(), grid.End())
				near(t, good+bad, sum.Total)
				near(t, bad, sum.Bad())
				grouped, err := s.Groups(t.Context(), ind, grid, f.End, 1000)
				require.NoError(t, err)
				require.Equal(t, prom.Recorded, grouped.Method)
				var pods slo.Counts
				for _, g := range grouped.Groups {
					pods = pods.Add(g.Timeline.Sum(grid.Start(), grid.End()).Counts)
				}
				require.InDelta(t, sum.Total, pods.Total, 1e-6)
				require.InDelta(t, sum.Bad(), pods.Bad(), 1e-6)
			})
		}
	}
}

// Routes of one process are watched together: a route that nobody asked for in an hour
// had no requests in it. Pods are watched apart: one that is not scraped is a gap.
func TestRecordedGroupsAreWatchedAsCountedOnesAre(t *testing.T) {
	series := []promtest.Series{
		scraped(t, -2*time.Hour, scrape, `requests_total{pod="a",route="list"} 0+1x479`),
		scraped(t, 2*time.Hour, scrape, `requests_total{pod="a",route="buy"} 1+1x239`), // born at 2:00
		scraped(t, -2*time.Hour, scrape, `errors_total{pod="a",route="list"} 0+0x479`),
		scraped(t, -2*time.Hour, scrape, `jobs_total{pod="a"} 0+1x479`),
		scraped(t, -2*time.Hour, scrape, `jobs_total{pod="b"} 0+1x299`), // ends at 3:00
		scraped(t, -2*time.Hour, scrape, `failed_total{pod="a"} 0+0x479`),
	}
	routes := prom.Indicator{Bad: "sum by (route) (rate(errors_total[5m]))", Total: "sum by (route) (rate(requests_total[5m]))"}
	pods := prom.Indicator{Bad: "sum by (pod) (rate(failed_total[5m]))", Total: "sum by (pod) (rate(jobs_total[5m]))"}
	rules := append(rulesOf(t, routes), rulesOf(t, pods)...)
	recorded := append(promtest.Record(t, series, rules, origin.Add(-100*time.Minute), origin.Add(6*time.Hour), 5*time.Minute), series...)
	for name, ind := range map[string]prom.Indicator{"routes": routes, "pods": pods} {
		want, err := session(t, promtest.InProcess(t, series)).Groups(t.Context(), ind, hourly(t, 5), origin.Add(6*time.Hour), 10)
		require.NoError(t, err)
		require.Equal(t, prom.Counted, want.Method)
		got, err := session(t, promtest.InProcess(t, recorded)).Groups(t.Context(), ind, hourly(t, 5), origin.Add(6*time.Hour), 10)
		require.NoError(t, err)
		require.Equal(t, prom.Recorded, got.Method)
		require.Len(t, got.Groups, 2)
		for i, g := range got.Groups {
			require.Equal(t, want.Groups[i].Labels, g.Labels)
			require.Equal(t, want.Groups[i].Timeline.Slices(), g.Timeline.Slices(), "%s: %v", name, g.Labels)
		}
	}
}

// The bucket that an indicator asks for is not there, so that nothing of it is recorded:
// not all events are bad for that. Counting finds the bucket below.
func TestABucketThatIsNotThereIsNotTakenAsRecorded(t *testing.T) {
	series := []promtest.Series{
		scraped(t, -2*time.Hour, scrape, `d_bucket{pod="a",le="0.1"} 0+1x479`),
		scraped(t, -2*time.Hour, scrape, `d_bucket{pod="a",le="+Inf"} 0+2x479`),
		scraped(t, -2*time.Hour, scrape, `d_count{pod="a"} 0+2x479`),
	}
	for _, ind := range []prom.Indicator{
		{Good: `sum(rate(d_bucket{le="0.3"}[5m]))`, Total: "sum(rate(d_count[5m]))"},
		{Bad: `sum(rate(d_count[5m])) - sum(rate(d_bucket{le="0.3"}[5m]))`, Total: "sum(rate(d_count[5m]))"},
	} {
		all := append(promtest.Record(t, series, rulesOf(t, ind), origin.Add(-100*time.Minute), origin.Add(6*time.Hour), 5*time.Minute), series...)
		got, err := session(t, promtest.InProcess(t, all)).Events(t.Context(), ind, hourly(t, 3), origin.Add(6*time.Hour))
		require.NoError(t, err)
		require.Equal(t, prom.Counted, got.Method)
		require.Equal(t, []float64{60, 60, 60}, bads(got))
		require.Equal(t, []slo.WarningKind{prom.BucketMismatch}, kinds(got.Reading))
	}
}

// Sums and differences of counters are recorded term by term, so that a counter that is
// not born yet hides nothing; with a bucket, in one.
func TestSumsAndDifferencesAreRecorded(t *testing.T) {
	series := []promtest.Series{
		scraped(t, -2*time.Hour, scrape, `d_bucket{pod="a",le="0.3"} 0+1x479`),
		scraped(t, -2*time.Hour, scrape, `d_count{pod="a"} 0+3x479`),
		scraped(t, 2*time.Hour, scrape, `late_total{pod="a"} 1+1x239`),
		scraped(t, -2*time.Hour, scrape, `ignored_total{pod="a"} 0+1x479`),
	}
	for _, ind := range []prom.Indicator{
		// 3 - 1 a minute are slow.
		{Bad: `sum(rate(d_count[5m])) - sum(rate(d_bucket{le="0.3"}[5m]))`, Total: "sum(rate(d_count[5m]))"},
		// 3 - 1 requests count, and from 2:00 on one more.
		{Bad: `sum(rate(late_total[5m]))`, Total: "sum(rate(d_count[5m])) - sum(rate(ignored_total[5m])) + sum(rate(late_total[5m]))"},
	} {
		want, err := session(t, promtest.InProcess(t, series)).Events(t.Context(), ind, hourly(t, 4), origin.Add(6*time.Hour))
		require.NoError(t, err)
		require.Equal(t, prom.Counted, want.Method)
		all := append(promtest.Record(t, series, rulesOf(t, ind), origin.Add(-100*time.Minute), origin.Add(6*time.Hour), 5*time.Minute), series...)
		got, err := session(t, promtest.InProcess(t, all)).Events(t.Context(), ind, hourly(t, 4), origin.Add(6*time.Hour))
		require.NoError(t, err)
		require.Equal(t, prom.Recorded, got.Method)
		require.Equal(t, want.Timeline.Slices(), got.Timeline.Slices())
	}
}

// A counter that falls counts from its highest value and from zero; one that comes back
// at no lower a value than before has lost what it had, which is documented.
func TestRestartsInRecordedSlices(t *testing.T) {
	series := []promtest.Series{
		// From 1:10 to 1:15 it grows from 100 to 102, falls, and is at 3 again: 5.
		scraped(t, -2*time.Hour, time.Minute, `requests_total{pod="a"} 100+0x191 102 1 3 3+0x280`),
		// Nothing else: its process restarts at 1:13, and it is seen again at 2:00 with 8
		// where it had 5. 8 failed, and 3 are recorded.
		scraped(t, -2*time.Hour, time.Minute, `errors_total{pod="a"} 5+0x191 _x48 8+0x230`),
	}
	series = append(series, promtest.Record(t, series, rulesOf(t, badOfTotal), origin.Add(-100*time.Minute), origin.Add(6*time.Hour), 5*time.Minute)...)
	got, err := session(t, promtest.InProcess(t, series)).Events(t.Context(), badOfTotal, hourly(t, 4), origin.Add(6*time.Hour))
	require.NoError(t, err)
	require.Equal(t, prom.Recorded, got.Method)
	require.Equal(t, []float64{0, 5, 0, 0}, totals(got))
	require.Equal(t, []float64{0, 0, 3, 0}, bads(got))
}

// ruleFile is rules as a file for Prometheus; only says which.
func ruleFile(rules []promtest.Rule, only func(kind string) bool) string {
	text := "groups:\n  - name: stakes-slices\n    interval: 5m\n    rules:\n"
	for _, r := range rules {
		if only(r.Labels["kind"]) {
			text += fmt.Sprintf("      - {record: %s, labels: {definition: %q, kind: %s}, expr: %q}\n", r.Record, r.Labels["definition"], r.Labels["kind"], r.Expr)
		}
	}
	return text
}

// Rules that a real Prometheus evaluated, at the instants that it chose, are as exact.
func TestWhatARealPrometheusRecordsIsTrue(t *testing.T) {
	f := promtest.Fleet{
		Service: "real", Seed: 3, Start: origin.Add(-26 * time.Hour), End: origin.Add(9 * time.Hour), Scrape: 30 * time.Second,
		Pods: 3, PerSec: 2, Failures: 0.02, Deploy: 3 * time.Hour,
	}
	series, truth := f.Series()
	ind := prom.Indicator{Bad: `sum(rate(fleet_requests_total{code="500"}[5m]))`, Total: "sum(rate(fleet_requests_total[5m]))"}
	seen := func(kind string) bool { return kind == "seen" }
	rules := rulesOf(t, ind)
	url := promtest.ServerWithRules(t, series, origin.Add(-2*time.Hour), f.End,
		ruleFile(rules, seen), ruleFile(rules, func(kind string) bool { return !seen(kind) }))
	got, err := session(t, url).Events(t.Context(), ind, hourly(t, 8), f.End)
	require.NoError(t, err)
	require.Equal(t, prom.Recorded, got.Method)
	for i, total := range totals(got) {
		good, bad := truth.Between(origin.Add(time.Duration(i)*time.Hour), origin.Add(time.Duration(i+1)*time.Hour))
		near(t, good+bad, total)
		near(t, bad, bads(got)[i])
	}
}

// VictoriaMetrics evaluates the rules' PromQL alike: what it says at the instants at
// which rules run is what the same PromQL records elsewhere.
func TestVictoriaMetricsEvaluatesTheRulesAlike(t *testing.T) {
	f := promtest.Fleet{
		Service: "real", Seed: 4, Start: origin.Add(-26 * time.Hour), End: origin.Add(2 * time.Hour), Scrape: 30 * time.Second,
		Pods: 2, PerSec: 2, Failures: 0.02, Deploy: time.Hour,
	}
	series, _ := f.Series()
	ind := prom.Indicator{Bad: `sum(rate(fleet_requests_total{code="500"}[5m]))`, Total: "sum(rate(fleet_requests_total[5m]))"}
	rules := rulesOf(t, ind)
	first := origin.Add(-time.Hour + 135*time.Second)
	recorded := promtest.Record(t, series, rules, first, f.End, 5*time.Minute)
	url := promtest.VictoriaMetrics(t, append(series, recorded...))
	for _, want := range recorded {
		for _, rule := range rules {
			if rule.Labels["kind"] != want.Labels["kind"] {
				continue
			}
			for _, sample := range want.Samples[3:] { // births are told by what was recorded before
				require.InDelta(t, sample.Value, instant(t, url, rule.Expr, sample.At), 1e-6, "%s at %s", rule.Expr, sample.At)
			}
		}
	}
}

// instant is the value of a query that gives one, at an instant.
func instant(t *testing.T, url, query string, at time.Time) float64 {
	t.Helper()
	client, err := api.NewClient(api.Config{Address: url})
	require.NoError(t, err)
	v, _, err := v1.NewAPI(client).Query(t.Context(), query, at)
	require.NoError(t, err)
	require.Len(t, v.(model.Vector), 1, query)
	return float64(v.(model.Vector)[0].Value)
}

// A value that is none leaves its series out, and not a NaN in what is recorded.
func TestNothingThatIsNoNumberIsRecorded(t *testing.T) {
	bad := scraped(t, -2*time.Hour, scrape, `errors_total{pod="a"} 0+1x200`)
	for i := 100; i < 140; i++ {
		bad.Samples[i].Value = []float64{math.NaN(), math.Inf(1)}[i%2]
	}
	series := []promtest.Series{bad, scraped(t, -2*time.Hour, scrape, `requests_total{pod="a"} 0+1x200`)}
	recorded := promtest.Record(t, series, rulesOf(t, badOfTotal), origin.Add(-100*time.Minute), origin.Add(80*time.Minute), 5*time.Minute)
	require.Len(t, recorded, 4)
	for _, s := range recorded {
		for _, sample := range s.Samples {
			require.False(t, math.IsNaN(sample.Value) || math.IsInf(sample.Value, 0), "%v at %s", s.Labels, sample.At)
		}
	}
}

// The share of two counters is recorded like the counters.
func TestARatioOfCountersIsRecorded(t *testing.T) {
	series := []promtest.Series{
		scraped(t, -2*time.Hour, scrape, `requests_total{pod="a"} 0+10x479`),
		scraped(t, -2*time.Hour, scrape, `errors_total{pod="a"} 0+1x479`),
	}
	ind := prom.Indicator{Raw: "sum(rate(errors_total[5m])) / sum(rate(requests_total[5m]))", RawFailure: true}
	series = append(series, promtest.Record(t, series, rulesOf(t, ind), origin.Add(-100*time.Minute), origin.Add(6*time.Hour), 5*time.Minute)...)
	got, err := session(t, promtest.InProcess(t, series)).Events(t.Context(), ind, hourly(t, 2), origin.Add(6*time.Hour))
	require.NoError(t, err)
	require.Equal(t, prom.Recorded, got.Method)
	require.Equal(t, []float64{600, 600}, totals(got))
	require.Equal(t, []float64{60, 60}, bads(got))
}
