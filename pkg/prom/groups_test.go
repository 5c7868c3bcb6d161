package prom_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/internal/promtest"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/prom"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// byRoute is an indicator with a group for each route.
var byRoute = prom.Indicator{
	Bad:   `sum by (route) (rate(http_total{code="500"}[5m]))`,
	Total: `sum by (route) (rate(http_total[5m]))`,
}

// groups counts an indicator by its groups, by both roads, which must agree.
func groups(t testing.TB, grid slo.Grid, ind prom.Indicator, limit int, all ...promtest.Series) *prom.Grouped {
	t.Helper()
	by := func(url string) *prom.Grouped {
		got, err := session(t, url).Groups(t.Context(), ind, grid, grid.End(), limit)
		require.NoError(t, err)
		return got
	}
	lastValues, remoteRead := by(promtest.InProcess(t, all)), by(promtest.InProcessWithRemoteRead(t, all))
	require.Equal(t, shown(lastValues), shown(remoteRead))
	require.Equal(t, lastValues.LeftOut, remoteRead.LeftOut)
	return remoteRead
}

// shown are groups as text: labels, and bad of total events in each slice.
func shown(g *prom.Grouped) []string {
	var all []string
	for _, one := range g.Groups {
		text := fmt.Sprint(one.Labels)
		for _, s := range one.Timeline.Slices() {
			if s.State == slo.Measured {
				text += fmt.Sprintf(" %v/%v", s.Bad(), s.Total)
			} else {
				text += " -"
			}
		}
		all = append(all, text)
	}
	return all
}

// Per minute: /cart 9 good and 1 bad, in two pods; /pay 3 good; and /late is born in
// the second hour with 2, one of them bad.
func routes(t testing.TB) []promtest.Series {
	return []promtest.Series{
		scraped(t, -time.Hour, scrape, `http_total{pod="a",route="/cart",code="200"} 100+5x239`),
		scraped(t, -time.Hour, scrape, `http_total{pod="b",route="/cart",code="200"} 100+4x239`),
		scraped(t, -time.Hour, scrape, `http_total{pod="b",route="/cart",code="500"} 7+1x239`),
		scraped(t, -time.Hour, scrape, `http_total{pod="a",route="/pay",code="200"} 100+3x239`),
		scraped(t, 70*time.Minute, scrape, `http_total{pod="a",route="/late",code="200"} 1+0x109`),
		scraped(t, 70*time.Minute, scrape, `http_total{pod="a",route="/late",code="500"} 1+0x109`),
	}
}

func TestGroupsAreCountedApart(t *testing.T) {
	got := groups(t, hourly(t, 3), byRoute, 10, routes(t)...)
	require.Equal(t, []string{"route"}, got.Labels)
	require.Equal(t, []string{
		"map[route:/cart] 60/600 60/600 60/600",
		// Nothing happened on it, while others of its pods were seen.
		"map[route:/late] 0/0 1/2 0/0",
		"map[route:/pay] 0/180 0/180 0/180",
	}, shown(got))
	require.Equal(t, origin.Add(179*time.Minute), got.Groups[0].LastSample)
	require.Zero(t, got.LeftOut)
	require.Equal(t, prom.Counted, got.Method)
	require.Equal(t, prom.RemoteRead, got.Road)
	require.Equal(t, 6+2, got.Series, "the series of the failures are among the others")
}

func TestAPooledTimelineIsTheSumOfItsGroups(t *testing.T) {
	pooled := count(t, hourly(t, 3), byRoute, routes(t)...)
	sum := make([]slo.Counts, 3)
	for _, g := range groups(t, hourly(t, 3), byRoute, 10, routes(t)...).Groups {
		for i, s := range g.Timeline.Slices() {
			sum[i] = sum[i].Add(s.Counts)
		}
	}
	for i, s := range pooled.Timeline.Slices() {
		require.Equal(t, s.Counts, sum[i])
	}
	require.Equal(t, []float64{780, 782, 780}, totals(pooled))
}

func TestTheGroupsWithMostEventsAreKept(t *testing.T) {
	for limit, want := range map[int][]string{
		0: nil,
		1: {"/cart"},
		2: {"/cart", "/pay"},
		3: {"/cart", "/late", "/pay"},
	} {
		got := groups(t, hourly(t, 3), byRoute, limit, routes(t)...)
		var kept []string
		for _, g := range got.Groups {
			kept = append(kept, g.Labels["route"])
		}
		require.Equal(t, want, kept)
		require.Equal(t, 3-limit, got.LeftOut)
	}
}

// Two clusters that are scraped apart: where one is not, nothing is known of it.
func TestAGroupOfItsOwnProcessesHasGapsOfItsOwn(t *testing.T) {
	a := scraped(t, -time.Hour, scrape, `http_total{instance="a",cluster="one",code="200"} 0+1x239`)
	b := scraped(t, -time.Hour, scrape, `http_total{instance="b",cluster="two",code="200"} 0+1x119 _x60 180+1x59`)
	got := groups(t, hourly(t, 3), prom.Indicator{
		Bad: `sum by (cluster) (rate(http_total{code="500"}[5m]))`, Total: `sum by (cluster) (rate(http_total[5m]))`,
	}, 10, a, b)
	require.Equal(t, []string{
		"map[cluster:one] 0/60 0/60 0/60",
		"map[cluster:two] 0/60 - 0/120",
	}, shown(got))
}

func TestAnIndicatorWithoutGroupsIsOneGroup(t *testing.T) {
	got := groups(t, hourly(t, 1), badOfTotal, 5, scraped(t, -time.Hour, scrape, `requests_total 0+1x119`))
	require.Equal(t, []string{"map[] 0/60"}, shown(got))
	require.Empty(t, got.Labels)
}

func TestGroupsOfQueriesEvaluatedAsWritten(t *testing.T) {
	written := prom.Indicator{
		Bad:   `sum by (route) (rate(http_total{code="500"}[5m])) * 1`,
		Total: `sum by (route) (rate(http_total[5m])) * 1`,
	}
	got, err := session(t, promtest.InProcess(t, routes(t))).Groups(t.Context(), written, hourly(t, 1), origin.Add(time.Hour), 10)
	require.NoError(t, err)
	require.Equal(t, prom.AsWritten, got.Method)
	require.Len(t, got.Groups, 2)
	require.Equal(t, map[string]string{"route": "/cart"}, maps.Clone(got.Groups[0].Labels))
	require.InDelta(t, 600, got.Groups[0].Timeline.Slices()[0].Total, 1e-6)
	require.InDelta(t, 60, got.Groups[0].Timeline.Slices()[0].Bad(), 1e-6)
	require.InDelta(t, 180, got.Groups[1].Timeline.Slices()[0].Total, 1e-6)
	require.InDelta(t, 0, got.Groups[1].Timeline.Slices()[0].Bad(), 1e-6, "no failures are none")
	require.Equal(t, origin.Add(59*time.Minute), got.Groups[0].LastSample)
}

func TestLabelsOfGroupsAreThoseThatQueriesAreSummedBy(t *testing.T) {
	check := func(bad, total, want string) {
		t.Helper()
		got, err := prom.GroupLabels(prom.Indicator{Bad: bad, Total: total})
		if strings.HasPrefix(want, "error: ") {
			require.ErrorContains(t, err, strings.TrimPrefix(want, "error: "))
			return
		}
		require.NoError(t, err)
		require.Equal(t, want, strings.Join(got, " "))
	}
	check(`sum(rate(a_total[5m]))`, `sum(rate(b_total[5m]))`, "")
	check(`rate(a_total[5m])`, `b_total`, "")
	check(`sum by (x, a) (rate(a_total[5m]))`, `sum(rate(b_total[5m])) by (a, x)`, "a x")
	check(`sum by (x) (rate(a_total[5m])) or 0 * sum by (x) (rate(b_total[5m]))`, `(sum by (x) (increase(b_total[5m])))`, "x")
	check(`sum by (x) (sum by (x, y) (rate(a_total[5m])))`, `sum by (x) (b)`, "x")
	check(`sum by (x) (a) / sum by (x) (b)`, `clamp_min(2 * sum by (x) (b), 1)`, "x")
	check(`sum by (x) (rate(a_total[5m]))`, `sum by (y) (rate(b_total[5m]))`, "error: expected the same labels")
	check(`sum(rate(a_total[5m]))`, `sum by (y) (rate(b_total[5m]))`, "error: is grouped by y and PromQL sum(rate(a_total[5m])) by nothing")
	check(`sum without (pod) (rate(a_total[5m]))`, `sum without (pod) (rate(b_total[5m]))`, "error: expected by")
	check(`sum(`, `sum(rate(b_total[5m]))`, "error: PromQL")
}
