// Package bench compares Stakes with the PromQL that a user would have written, on
// the same real Prometheus in the same run. It prints ratios: absolute times are
// those of the machine.
package bench

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/api"
	v1 "github.com/prometheus/client_golang/api/prometheus/v1"
	"github.com/prometheus/common/model"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/stakes-slo/stakes-slo-datasource/internal/promtest"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/prom"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

const (
	days   = 35
	window = 28 * 24 * time.Hour
)

// dataSet is ten services that differ in how busy they are. Sets differ in their seed,
// in how often pods are replaced and restart, and in how often they are scraped.
type dataSet struct {
	name            string
	seed            uint64
	scrape          time.Duration
	deploy, restart time.Duration
	end             time.Time
}

// sets are the data sets by name; STAKES_BENCH names some of them, separated by
// commas, or none in particular.
var sets = []dataSet{
	{"usual", 100, time.Minute, 30 * time.Hour, 200 * time.Hour, time.Date(2026, time.June, 20, 9, 0, 0, 0, time.UTC)},
	{"churning", 7000, 30 * time.Second, 11 * time.Hour, 60 * time.Hour, time.Date(2026, time.August, 3, 17, 0, 0, 0, time.UTC)},
}

func (d dataSet) services() []promtest.Fleet {
	var all []promtest.Fleet
	for i, perSec := range []float64{0.02, 0.1, 0.5, 1, 2, 3, 5, 8, 12, 20} {
		all = append(all, promtest.Fleet{
			Service: fmt.Sprintf("s%d", i), Seed: d.seed + uint64(i), Start: d.end.Add(-days * 24 * time.Hour), End: d.end, Scrape: d.scrape,
			Pods: 3, PerSec: perSec, Failures: 0.002, Deploy: d.deploy + time.Duration(5*i)*time.Hour, Restart: d.restart,
		})
	}
	return all
}

// bench is a data set in a real store, and both ways to ask it.
type bench struct {
	dataSet
	t      *testing.T
	url    string
	counts counts
	fleets []promtest.Fleet
	truths []promtest.Truth
	store  *prom.Store
	api    v1.API
	judged bool // its figures are among the aims
}

func TestBenchmarks(t *testing.T) {
	asked := os.Getenv("STAKES_BENCH")
	if asked == "" {
		t.Skip("a benchmark, not a test: go tool mage bench")
	}
	for _, set := range sets {
		if asked != "1" && !strings.Contains(","+asked+",", ","+set.name+",") {
			continue
		}
		t.Run(set.name, func(t *testing.T) {
			series, fleets, truths := set.generate(t)
			b := set.start(t, promtest.Server(t, series), fleets, truths)
			b.judged = true
			b.warmUp()
			b.statusNow()
			b.rolling()
			b.scorecard()
			b.dashboard()
			b.accuracy()
			if set.name == "usual" {
				vm := set.start(t, promtest.VictoriaMetrics(t, series), fleets, truths)
				t.Log("the same on VictoriaMetrics:")
				vm.warmUp()
				vm.statusNow()
				vm.rolling()
				vm.scorecard()
				vm.dashboard()
				vm.accuracy()
			}
		})
	}
	t.Run("core", core)
	t.Run("scale", scale)
}

func (d dataSet) generate(t *testing.T) (series []promtest.Series, fleets []promtest.Fleet, truths []promtest.Truth) {
	samples := 0
	fleets = d.services()
	for _, f := range fleets {
		s, truth := f.Series()
		series, truths = append(series, s...), append(truths, truth)
		for _, one := range s {
			samples += len(one.Samples)
		}
	}
	t.Logf("set %s: %d services, %d days, a scrape every %s, %d series, %d samples", d.name, len(fleets), days, d.scrape, len(series), samples)
	return series, fleets, truths
}

func (d dataSet) start(t *testing.T, url string, fleets []promtest.Fleet, truths []promtest.Truth) *bench {
	store, err := prom.NewStore(url, http.DefaultClient, prom.DefaultCacheSize)
	require.NoError(t, err)
	client, err := api.NewClient(api.Config{Address: url, RoundTripper: uncached{http.DefaultTransport}})
	require.NoError(t, err)
	return &bench{dataSet: d, t: t, url: url, counts: countsOf(t, url), fleets: fleets, truths: truths, store: store, api: v1.NewAPI(client)}
}

// warmUp reads everything once, so that neither side pays for a cold disk.
func (b *bench) warmUp() {
	_, _, err := b.api.Query(b.t.Context(), "sum(increase(fleet_requests_total[35d]))", b.end)
	require.NoError(b.t, err)
}

// uncached tells VictoriaMetrics to compute each answer anew, as a first one is: it would
// keep it otherwise. Prometheus keeps none, and does not look at this.
type uncached struct{ http.RoundTripper }

func (u uncached) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	query := r.URL.Query()
	query.Set("nocache", "1")
	r.URL.RawQuery = query.Encode()
	return u.RoundTripper.RoundTrip(r)
}

// statusNow is the state of ten SLOs at one instant.
func (b *bench) statusNow() {
	grid, err := slo.CoverWindows(b.end, b.end, 2*time.Minute, window, time.Hour)
	require.NoError(b.t, err)
	status := func() {
		session := b.store.NewSession(b.scrape)
		b.each(func(i int, f promtest.Fleet) { _ = b.count(session, f, grid).Timeline.Sum(b.end.Add(-window), b.end) })
	}
	cold := best(3, b.store.Forget, status)
	warm := best(5, nil, status)
	promql := func() {
		b.each(func(_ int, f promtest.Fleet) {
			_ = b.instant("sum(increase(" + selector(f, "") + "[28d]))")
			_ = b.instant("sum(increase(" + selector(f, `,code="500"`) + "[28d]))")
		})
	}
	theirs := best(3, nil, promql)
	b.t.Logf("1. status now, 10 SLOs, 28 days: Stakes cold %s, warm %s; sum(increase(x[28d])) %s; cold %.2f of it (target at most 0.5), warm %.0f times faster",
		cold, warm, theirs, ratio(cold, theirs), ratio(theirs, warm))
	a, p := b.cost(10, b.store.Forget, status), b.cost(10, nil, promql)
	b.atMost("status now, cold, of PromQL's, clock", ratio(cold, theirs), 0.5, "")
	b.atMost("status now, cold, of PromQL's, processor", ratio(a.sum(), p.sum()), 0.5, "")
	b.t.Logf("   processor, here + store: Stakes cold %s, PromQL %s; %.2f of it", a, p, ratio(a.sum(), p.sum()))
}

// rolling is a week of rolling windows of 28 days.
func (b *bench) rolling() {
	from := b.end.Add(-7 * 24 * time.Hour)
	for _, points := range []int{168, 1008} {
		step := 7 * 24 * time.Hour / time.Duration(points)
		grid, err := slo.CoverWindows(from, b.end, min(step, slo.Coarse), window)
		require.NoError(b.t, err)
		panel := func() {
			session := b.store.NewSession(b.scrape)
			b.each(func(_ int, f promtest.Fleet) {
				events := b.count(session, f, grid)
				for at := from; !at.After(b.end); at = at.Add(step) {
					_ = events.Timeline.Sum(at.Add(-window), at).SLI()
				}
			})
		}
		cold, warm := best(3, b.store.Forget, panel), best(5, nil, panel)
		promql := func() {
			b.each(func(_ int, f promtest.Fleet) { b.panel(f, v1.Range{Start: from, End: b.end, Step: step}) })
		}
		theirs := best(2, nil, promql)
		b.t.Logf("2. 28-day rolling SLI over 7 days, %4d points, 10 SLOs: Stakes cold %s, warm %s; PromQL panel %s; %.0f times faster cold (target 40), %.0f warm (target 1000)",
			points, cold, warm, theirs, ratio(theirs, cold), ratio(theirs, warm))
		a, w, p := b.cost(10, b.store.Forget, panel), b.cost(30, nil, panel), b.cost(1, nil, promql)
		if points == 1008 {
			b.atLeast("1008 rolling windows, cold, clock", ratio(theirs, cold), 40, "times faster")
			b.atLeast("1008 rolling windows, cold, processor", ratio(p.sum(), a.sum()), 40, "times less")
			b.atLeast("1008 rolling windows, warm, clock", ratio(theirs, warm), 1000, "times faster")
			b.atLeast("1008 rolling windows, warm, processor", ratio(p.sum(), w.sum()), 1000, "times less")
		}
		b.t.Logf("   processor, here + store: Stakes cold %s, warm %s, PromQL %s; %.0f times less cold, %.0f warm", a, w, p, ratio(p.sum(), a.sum()), ratio(p.sum(), w.sum()))
	}
}

// panel is a panel of rolling windows as a user would write it.
func (b *bench) panel(f promtest.Fleet, r v1.Range) {
	query := fmt.Sprintf("1 - sum(increase(%s[28d])) / sum(increase(%s[28d]))", selector(f, `,code="500"`), selector(f, ""))
	_, _, err := b.api.QueryRange(b.t.Context(), query, r)
	require.NoError(b.t, err)
}

// accuracy is the failures of 30 days in every way to count them: the table of
// docs/counting.md.
func (b *bench) accuracy() {
	const window = 30 * 24 * time.Hour
	grid, err := slo.CoverWindows(b.end, b.end, 2*time.Minute, window, time.Hour)
	require.NoError(b.t, err)
	table := &strings.Builder{}
	table.WriteString("7. failures in 30 days (target: within 0.1 % or one event)\n")
	table.WriteString("| requests/s | failures | Stakes | `increase[30d]` | sum of `increase[5m]` | mean of 5m ratios |\n|---|---|---|---|---|---|\n")
	session := b.store.NewSession(b.scrape)
	worst := 0.0 // of what may be off
	for i, f := range b.fleets {
		good, bad := b.truths[i].Between(b.end.Add(-window), b.end)
		ours := b.count(session, f, grid).Timeline.Sum(b.end.Add(-window), b.end).Bad()
		failed, all := selector(f, `,code="500"`), selector(f, "")
		increase := b.instant("sum(increase(" + failed + "[30d]))")
		short := b.instant("sum(sum_over_time((sum(increase(" + failed + "[5m])))[30d:5m]))")
		// What Sloth records and averages over its period: a ratio every five minutes, of
		// which each weighs the same. Where a query gives nothing it is helped to a zero, and
		// ratios without events are left out; as it stands, Sloth has no ratio in the one case
		// and none for 30 days in the other. In events: times all there were.
		mean := (good + bad) * b.instant(fmt.Sprintf("avg_over_time((((sum(rate(%s[5m])) or vector(0)) / sum(rate(%s[5m]))) >= 0)[30d:5m])", failed, all))
		fmt.Fprintf(table, "| %v | %.0f | %.0f | %.0f (%+.0f %%) | %.0f (%+.0f %%) | %.0f (%+.0f %%) |\n",
			f.PerSec, bad, ours, increase, off(increase, bad), short, off(short, bad), mean, off(mean, bad))
		require.InDelta(b.t, bad, ours, max(1, 0.001*bad), f.Service)
		worst = max(worst, math.Abs(ours-bad)/max(1, 0.001*bad))
	}
	b.atMost("failures off, of 0.1 % or one event, worst service", worst, 1, "")
	b.t.Log(table)
}

// each does something for every service, as many at a time as one data source asks
// of its store.
func (b *bench) each(do func(int, promtest.Fleet)) {
	var group errgroup.Group
	group.SetLimit(4)
	for i, f := range b.fleets {
		group.Go(func() error {
			do(i, f)
			return nil
		})
	}
	_ = group.Wait() // nothing fails but the test
}

func selector(f promtest.Fleet, more string) string {
	return fmt.Sprintf("fleet_requests_total{service=%q%s}", f.Service, more)
}

func (b *bench) count(session *prom.Session, f promtest.Fleet, grid slo.Grid) *prom.Events {
	b.t.Helper()
	events, err := session.Events(b.t.Context(), prom.Indicator{Bad: "sum(rate(" + selector(f, `,code="500"`) + "[5m]))", Total: "sum(rate(" + selector(f, "") + "[5m]))"}, grid, grid.End())
	require.NoError(b.t, err)
	return events
}

func (b *bench) instant(query string) float64 {
	b.t.Helper()
	v, _, err := b.api.Query(context.Background(), query, b.end)
	require.NoError(b.t, err)
	if vector := v.(model.Vector); len(vector) > 0 {
		return float64(vector[0].Value)
	}
	return 0
}

// best is the shortest time of several runs, before each of which prepare runs: what
// else the machine does makes times longer and never shorter.
func best(runs int, prepare, f func()) time.Duration {
	shortest := time.Duration(0)
	for range runs {
		if prepare != nil {
			prepare()
		}
		start := time.Now()
		f()
		if took := time.Since(start); shortest == 0 || took < shortest {
			shortest = took
		}
	}
	return shortest.Round(10 * time.Microsecond)
}

func ratio(a, b time.Duration) float64 { return a.Seconds() / b.Seconds() }

// off is how far a figure is from the truth, in percent.
func off(figure, truth float64) float64 {
	if truth == 0 {
		return 0
	}
	return 100 * (figure - truth) / truth
}
