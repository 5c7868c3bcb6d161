package plugin

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/internal/promtest"
)

// feltShop is so many stretches of time before noon, of an hour or a day each, of 1200
// requests an hour. In each another share of up to 2 % fails. Satisfaction is 80, less 3
// for each tenth of a percent below 99 % that the SLI was so many stretches before, and
// some noise; the weather is noise alone.
func feltShop(t testing.TB, stretch time.Duration, n, later int) string {
	t.Helper()
	random := rand.New(rand.NewPCG(3, 7))
	hours := int(stretch / time.Hour)
	failing := make([]float64, n)
	for i := range failing {
		failing[i] = float64(random.IntN(25)) // of 1200 in an hour
	}
	total, bad := series("requests_total"), series("failures_total")
	satisfaction, weather := series("satisfaction"), series("weather")
	start := noon.Add(-time.Duration(n) * stretch)
	sum, failed := 100.0, 10.0
	for i := range n {
		felt := 80.0
		if i >= later {
			felt -= 3000 * max(0, 0.99-(1-failing[i-later]/1200))
		}
		felt += random.Float64() - 0.5
		rain := random.Float64()
		for minute := 0; minute < hours*60; minute += 2 {
			at := start.Add(time.Duration(i)*stretch + time.Duration(minute)*time.Minute)
			sum += 40
			if minute%60 == 30 {
				failed += failing[i]
			}
			for s, v := range map[*promtest.Series]float64{&total: sum, &bad: failed, &satisfaction: felt, &weather: rain} {
				s.Samples = append(s.Samples, promtest.Sample{At: at, Value: v})
			}
		}
	}
	return promtest.InProcess(t, []promtest.Series{total, bad, satisfaction, weather})
}

const feltCatalogue = `
apiVersion: openslo/v1
kind: SLO
metadata: {name: shop, displayName: Shop}
spec:
  service: shop
  budgetingMethod: Occurrences
  timeWindow: [{duration: 2d, isRolling: true}]
  objectives: [{target: 0.95}]
  indicator:
    metadata: {name: shop}
    spec:
      ratioMetric:
        counter: true
        bad: {metricSource: {type: Prometheus, spec: {query: 'sum(rate(failures_total[5m]))'}}}
        total: {metricSource: {type: Prometheus, spec: {query: 'sum(rate(requests_total[5m]))'}}}
---
apiVersion: stakes/v1
kind: Agreement
metadata: {name: promise}
spec:
  select: {slo: [shop]}
  promise: The shop is open.
  owner: Shop team
  approver: Head of Shop
  review: {next: 2026-12-01}
  feel: {name: Satisfaction, query: avg(satisfaction), better: higher, kind: satisfaction}
`

func openFelt(t *testing.T, url, catalog string) *Datasource {
	t.Helper()
	ds := open(t, url, catalog, map[string]any{"timeInterval": "2m"})
	require.Empty(t, ds.catalog().Problems)
	return ds
}

// Two weeks are told by hours: the metric follows after two of them, and bends at 99 %.
func TestWhatCustomersFeelSuggestsATarget(t *testing.T) {
	url := feltShop(t, time.Hour, 14*24, 2)
	frames := recall(t, openFelt(t, url, feltCatalogue), typeReview, `{}`, 14, noon)
	expectColumn(t, frames, "feel", "Satisfaction")
	expectColumn(t, frames, "felt", "Customers feel it")
	expectColumn(t, frames, "lag", 2.0)
	of := func(name string) float64 {
		t.Helper()
		v, ok := column(t, frames, name)[0].(float64)
		require.True(t, ok, "%s is known", name)
		return v
	}
	require.Greater(t, of("correlation_low"), 0.5)
	require.LessOrEqual(t, of("correlation_low"), of("correlation"))
	require.LessOrEqual(t, of("correlation"), of("correlation_high"))
	require.InDelta(t, 0.99, of("felt_below"), 0.001)
	require.LessOrEqual(t, of("felt_below_low"), of("felt_below"))
	require.LessOrEqual(t, of("felt_below"), of("felt_below_high"))
	expectColumn(t, frames, "findings", "")

	// Were less better, customers would be better off the worse it is: no target follows.
	frames = recall(t, openFelt(t, url, replace(t, feltCatalogue, "better: higher", "better: lower")), typeReview, `{}`, 14, noon)
	expectColumn(t, frames, "felt", "Customers seem better off when it is worse")
	expectColumn(t, frames, "felt_below", nil)
	frames = recall(t, openFelt(t, url, replace(t, replace(t, feltCatalogue, "better: higher", "better: lower"), "avg(satisfaction)", "100 - avg(satisfaction)")), typeReview, `{}`, 14, noon)
	expectColumn(t, frames, "felt", "Customers feel it")
	require.Less(t, of("correlation_high"), -0.5)
}

// From thirty days on it is told by days.
func TestALongPastIsComparedByDays(t *testing.T) {
	ds := openFelt(t, feltShop(t, 24*time.Hour, 40, 1), feltCatalogue)
	frames := recall(t, ds, typeReview, `{}`, 40, noon)
	expectColumn(t, frames, "felt", "Customers feel it")
	expectColumn(t, frames, "lag", 24.0)
	frames = recall(t, ds, typeReview, `{"locale": "de"}`, 40, noon)
	expectColumn(t, frames, "felt", "Kunden spüren es")
}

func TestWhatNobodyFeelsIsSomethingToTalkAbout(t *testing.T) {
	frames := recall(t, openFelt(t, feltShop(t, time.Hour, 14*24, 2), replace(t, feltCatalogue, "avg(satisfaction)", "avg(weather)")), typeReview, `{}`, 14, noon)
	expectColumn(t, frames, "felt", "It does not move with what customers do")
	expectColumn(t, frames, "findings", "It does not move with what customers do.")
	expectColumn(t, frames, "lag", nil)
	expectColumn(t, frames, "felt_below", nil)
	correlation := column(t, frames, "correlation")[0].(float64)
	require.Less(t, correlation*correlation, 0.04)
}

// A day is too short to tell, and a metric that is not there tells nothing.
func TestWhatCannotBeComparedIsNotKnown(t *testing.T) {
	url := feltShop(t, time.Hour, 24, 2)
	check := func(catalog, want string) {
		t.Helper()
		frames := recall(t, openFelt(t, url, catalog), typeReview, `{}`, 14, noon)
		require.Contains(t, column(t, frames, "reason")[0], want)
		expectColumn(t, frames, "felt_below", nil)
		expectColumn(t, frames, "correlation", nil)
		require.NotContains(t, column(t, frames, "findings")[0], "does not move")
	}
	check(feltCatalogue, "too few points to say whether customers feel this")
	check(replace(t, feltCatalogue, "avg(satisfaction)", "avg(nothing)"), "too few points to say whether customers feel this")
	check(replace(t, feltCatalogue, "avg(satisfaction)", `'label_replace(satisfaction, "of", "a", "", "") or weather'`), "what customers feel could not be evaluated; the query inspector says why")
}
