package plugin

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/internal/promtest"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/catalog"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// sloOf is an SLO over the four hours before noon whose indicator is given as YAML of
// OpenSLO, on one line.
func sloOf(name, indicator, objective string) string {
	return fmt.Sprintf(`
apiVersion: openslo/v1
kind: SLO
metadata: {name: %s}
spec:
  service: test
  budgetingMethod: Occurrences
  timeWindow: [{duration: 4h, isRolling: true}]
  objectives: [{%s, displayName: it}]
  indicator: {metadata: {name: %s}, spec: %s}
`, name, objective, name, indicator)
}

func promQL(query string) string {
	return fmt.Sprintf(`{metricSource: {type: Prometheus, spec: {query: '%s'}}}`, query)
}

// tenants is a counter of three tenants, from 6:00 on, every minute: gold 10 requests
// of which 1 fails, silver 100 of which 1 fails, bronze 1 of which none does.
func tenants(t *testing.T) string {
	t.Helper()
	return promtest.InProcess(t, []promtest.Series{
		scraped(t, `requests_total{tenant="gold"} 0+10x480`), scraped(t, `failures_total{tenant="gold"} 0+1x480`),
		scraped(t, `requests_total{tenant="silver"} 0+100x480`), scraped(t, `failures_total{tenant="silver"} 0+1x480`),
		scraped(t, `requests_total{tenant="bronze"} 0+1x480`), scraped(t, `failures_total{tenant="bronze"} 0+0x480`),
	})
}

const byTenant = `{ratioMetric: {counter: true, bad: {metricSource: {type: Prometheus, spec: {query: 'sum by (tenant) (rate(failures_total[5m]))'}}}, total: {metricSource: {type: Prometheus, spec: {query: 'sum by (tenant) (rate(requests_total[5m]))'}}}}}`

// Gold customers see one of ten requests fail under a total that is fine: 480 of 26,640
// failed in four hours, 98.2 %. Each group is judged by itself, and the worst can stand
// for all.
func TestGroupsAreToldApart(t *testing.T) {
	ds := open(t, tenants(t), sloOf("api", byTenant, "target: 0.95"), nil)
	number := func(query string) map[string]any { return figuresOf(t, answered(t, ds, typeNumber, query)) }
	require.Equal(t, map[string]any{"service=test, slo=api": 1 - 480.0/26640}, number(`{"measures":["sli"]}`))
	require.Equal(t, map[string]any{
		"service=test, slo=api, tenant=bronze": 1.0,
		"service=test, slo=api, tenant=gold":   0.9,
		"service=test, slo=api, tenant=silver": 0.99,
	}, number(`{"measures":["sli"],"by":"group"}`))
	require.Equal(t, map[string]any{"service=test, slo=api": 0.9}, number(`{"measures":["sli"],"pool":"worst"}`))
	require.Equal(t, map[string]any{"service=test, slo=api": 2.0}, number(`{"measures":["status"],"pool":"worst"}`))

	card := answered(t, ds, typeScorecard, `{"by":"group"}`)
	require.Equal(t, []any{"api: bronze", "api: gold", "api: silver"}, column(t, card, "title"))
	card = answered(t, ds, typeScorecard, `{"pool":"worst"}`)
	require.Equal(t, []any{"api: gold"}, column(t, card, "worst"))
}

// What is left out is said, and it is the groups with the fewest events.
func TestThereAreNoMoreGroupsThanAllowed(t *testing.T) {
	ds := open(t, tenants(t), sloOf("api", byTenant, "target: 0.95"), map[string]any{"maxGroups": 2})
	frames := answered(t, ds, typeNumber, `{"measures":["sli"],"by":"group"}`)
	require.Len(t, frames, 2)
	require.NotContains(t, figuresOf(t, frames), "service=test, slo=api, tenant=bronze")
	require.Contains(t, strings.Join(noticesOf(frames), "\n"), "only the 2 groups with the most events are shown; 1 more are left out")
}

// A gauge that is compared once a minute: in four hours, 240 checks. It is above 0.3 from
// 11:00 on, so that 60 of them failed; and at 0.3 itself before, which lte takes and lt
// does not.
func TestAGaugeIsComparedWithAThreshold(t *testing.T) {
	url := promtest.InProcess(t, []promtest.Series{scraped(t, `latency_seconds 0.3+0x300 0.4+0x180`)})
	check := func(op string, value, want float64) {
		t.Helper()
		ds := open(t, url, sloOf("fast", `{thresholdMetric: `+promQL("latency_seconds")+`}`, fmt.Sprintf("target: 0.5, op: %s, value: %v", op, value)), nil)
		frames := answered(t, ds, typeNumber, `{"measures":["sli"]}`)
		require.Equal(t, map[string]any{"service=test, slo=fast": want}, figuresOf(t, frames), "%s %v", op, value)
		require.Equal(t, "checked", frames[0].Meta.Custom.(map[string]any)["method"])
	}
	// Of the checks from 8:00 to 12:00, those from 11:01 on see 0.4: 59 of 240.
	check("lte", 0.3, 181.0/240)
	check("lt", 0.3, 0)
	check("gt", 0.3, 59.0/240)
	check("gte", 0.3, 1)
}

// A ratio that somebody else has computed is averaged over time, and its events are not
// known: 0.99 for three of the four hours and 0.95 for the last.
func TestARatioIsTakenAsItIs(t *testing.T) {
	url := promtest.InProcess(t, []promtest.Series{scraped(t, `slo:ratio 0.99+0x300 0.95+0x180`), scraped(t, `slo:errors 0.01+0x300 0.05+0x180`)})
	for rawType, query := range map[string]string{"success": "slo:ratio", "failure": "slo:errors"} {
		ds := open(t, url, sloOf("raw", `{ratioMetric: {counter: false, rawType: `+rawType+`, raw: `+promQL(query)+`}}`, "target: 0.5"), nil)
		frames := answered(t, ds, typeNumber, `{"measures":["sli"]}`)
		got := figuresOf(t, frames)["service=test, slo=raw"].(float64)
		require.InDelta(t, (181*0.99+59*0.95)/240, got, 1e-4, rawType)
		require.Equal(t, "ratio-only", frames[0].Meta.Custom.(map[string]any)["method"])
		require.Contains(t, strings.Join(noticesOf(frames), "\n"), "events")
	}
}

// Nobody knows how many events a minute of a ratio stands for: what each of them is worth
// gives no amount, rather than one of minutes. Nor are its minutes journeys.
func TestMinutesOfARatioHaveNoPrice(t *testing.T) {
	url := promtest.InProcess(t, []promtest.Series{scraped(t, `slo:ratio 0.9+0x480`)})
	text := sloOf("raw", `{ratioMetric: {counter: false, rawType: success, raw: `+promQL("slo:ratio")+`}}`, "target: 0.95") + `---
apiVersion: stakes/v1
kind: Value
metadata: {name: order}
spec: {select: {slo: [raw]}, currency: EUR, perEvent: 50}
---
apiVersion: stakes/v1
kind: Journey
metadata: {name: buy}
spec: {displayName: Buy, steps: [{name: order, slo: raw}, {name: again, slo: raw}], value: order}
`
	ds := open(t, url, text, nil)
	for _, name := range []string{"loss", "loss_accepted", "loss_rate", "budget_remaining_value"} {
		frames := answered(t, ds, typeNumber, `{"measures":["`+name+`"]}`)
		require.Nil(t, figuresOf(t, frames)["service=test, slo=raw"], name)
		require.Contains(t, strings.Join(noticesOf(frames), "\n"), "what failures cost is not known")
	}
	frames := answered(t, ds, typeJourney, `{}`)
	for _, name := range []string{"started", "failed_journeys", "loss"} {
		require.Nil(t, column(t, frames, name)[0], name)
	}
	require.InDelta(t, 0.9*0.9, column(t, frames, "sli")[0], 1e-9)
	require.NotContains(t, infosOf(frames), "as many journeys as reached the last step")
}

// No bucket ends at 0.3 s: requests up to 0.25 s are surely good, up to 0.5 s perhaps.
// Of ten a minute six are below the one and eight below the other.
func TestAThresholdBetweenBucketsHasTwoAnswers(t *testing.T) {
	url := promtest.InProcess(t, []promtest.Series{
		scraped(t, `latency_bucket{le="0.25"} 0+6x480`), scraped(t, `latency_bucket{le="0.5"} 0+8x480`),
		scraped(t, `latency_bucket{le="+Inf"} 0+10x480`), scraped(t, `latency_count 0+10x480`),
	})
	check := func(le string) (any, string) {
		ds := open(t, url, sloOf("fast", `{ratioMetric: {counter: true, good: `+promQL(`sum(rate(latency_bucket{le="`+le+`"}[5m]))`)+`, total: `+promQL(`sum(rate(latency_count[5m]))`)+`}}`, "target: 0.5"), nil)
		frames := answered(t, ds, typeNumber, `{"measures":["sli"]}`)
		return figuresOf(t, frames)["service=test, slo=fast"], strings.Join(noticesOf(frames), "\n")
	}
	sli, notices := check("0.5")
	require.InDelta(t, 0.8, sli, 1e-12)
	require.Empty(t, notices)
	sli, notices = check("0.3")
	require.InDelta(t, 0.6, sli, 1e-12)
	require.Contains(t, notices, "0.25")
	require.Contains(t, notices, "the SLI lies between 60% and 80%")
}

// A measurement that stops half-way: a gap, or, where absence is a failure, two hours of
// four that failed.
func TestAbsenceCanBeAFailure(t *testing.T) {
	url := promtest.InProcess(t, []promtest.Series{
		scraped(t, `up{job="app"} 1+0x480`),
		scraped(t, `fresh 1+0x234 _x240`), // until 9:54, which Prometheus answers with until 9:59
	})
	check := func(annotation string, sli, coverage float64) {
		t.Helper()
		text := replace(t, sloOf("fresh", `{thresholdMetric: `+promQL("fresh")+`}`, "target: 0.5, op: gte, value: 1"), "metadata: {name: fresh}\nspec", "metadata: {name: fresh"+annotation+"}\nspec")
		ds := open(t, url, text, nil)
		frames := answered(t, ds, typeNumber, `{"measures":["sli"]}`)
		require.InDelta(t, sli, figuresOf(t, frames)["service=test, slo=fresh"], 0.01)
		frames = answered(t, ds, typeNumber, `{"measures":["coverage"]}`)
		require.InDelta(t, coverage, figuresOf(t, frames)["service=test, slo=fresh"], 0.01)
	}
	check("", 1, 0.5)
	check(", annotations: {stakes/absent: bad}", 0.5, 1)
}

// A maintenance that a metric tells: from 11:00 on nothing counts.
func TestAMaskTellsWhenEventsDoNotCount(t *testing.T) {
	url := promtest.InProcess(t, []promtest.Series{
		scraped(t, `requests_total 0+10x480`), scraped(t, `failures_total 0+0x300 0+10x180`),
		scraped(t, `maintenance 0+0x300 1+0x180`),
	})
	text := sloOf("api", `{ratioMetric: {counter: true, bad: `+promQL(`sum(rate(failures_total[5m]))`)+`, total: `+promQL(`sum(rate(requests_total[5m]))`)+`}}`, "target: 0.95")
	mask := `---
apiVersion: stakes/v1
kind: Correction
metadata: {name: planned}
spec:
  select: {slo: [api]}
  mask: maintenance == 1
  effect: exclude
  reason: planned maintenance
  author: operations
`
	status := func(catalog string) any {
		ds := open(t, url, catalog, nil)
		return figuresOf(t, answered(t, ds, typeNumber, `{"measures":["status"]}`))["service=test, slo=api"]
	}
	require.Equal(t, 2.0, status(text))
	require.Equal(t, 0.0, status(text+mask))

	ds := open(t, url, text+mask, nil)
	figures := figuresOf(t, answered(t, ds, typeNumber, `{"measures":["forgiven_events"]}`))
	require.InDelta(t, 590, figures["service=test, slo=api"], 20, "an hour of ten a minute")
	card := answered(t, ds, typeScorecard, `{}`)
	require.Equal(t, []any{"planned maintenance (operations)"}, column(t, card, "corrections"))
}

// The newest sample is two hours old: the figures stand for what was seen, and the answer
// says how old that is.
func TestOldDataIsSaid(t *testing.T) {
	url := promtest.InProcess(t, []promtest.Series{scraped(t, `requests_total 0+10x239`), scraped(t, `failures_total 0+0x239`)})
	text := sloOf("api", `{ratioMetric: {counter: true, bad: `+promQL(`sum(rate(failures_total[5m]))`)+`, total: `+promQL(`sum(rate(requests_total[5m]))`)+`}}`, "target: 0.95")
	ds := open(t, url, text, nil)
	session := ds.session(noon)
	q, err := decode(query("A", typeNumber, `{"measures":["status"]}`), false, ds.settings)
	require.NoError(t, err)
	answer, err := ds.run(t.Context(), session, q, noon)
	require.NoError(t, err)
	frames := answer.response().Frames
	require.Contains(t, strings.Join(noticesOf(frames), "\n"), "the newest data is 2 hours old")
	require.InDelta(t, noon.Add(-2*time.Hour).UnixMilli(), frames[0].Meta.Custom.(map[string]any)["newest"], 60_000)
}

// A question that ended 40 minutes ago reads nothing newer, and does not call that old.
func TestARangeThatEndedIsNotOldData(t *testing.T) {
	text := sloOf("api", `{ratioMetric: {counter: true, bad: `+promQL(`sum(rate(failures_total[5m]))`)+`, total: `+promQL(`sum(rate(requests_total[5m]))`)+`}}`, "target: 0.95")
	check := func(minutes int) string {
		url := promtest.InProcess(t, []promtest.Series{scraped(t, fmt.Sprintf(`requests_total 0+10x%d`, minutes)), scraped(t, fmt.Sprintf(`failures_total 0+0x%d`, minutes))})
		ds := open(t, url, text, nil)
		asked := query("A", typeNumber, `{"measures":["status"]}`)
		asked.TimeRange.To = noon.Add(-40 * time.Minute)
		q, err := decode(asked, false, ds.settings)
		require.NoError(t, err)
		answer, err := ds.run(t.Context(), ds.session(noon), q, noon)
		require.NoError(t, err)
		return strings.Join(noticesOf(answer.response().Frames), "\n")
	}
	require.NotContains(t, check(480), "the newest data is")
	require.Contains(t, check(239), "the newest data is 2 hours old")
}

// Of 10 requests a minute 20 are good, which cannot be: how many failed is unknown, and not
// less than none, by itself and among others. What two promises have to say alike is said
// once.
func TestContradictoryEventsAreNoNegativeFailures(t *testing.T) {
	url := promtest.InProcess(t, []promtest.Series{scraped(t, `requests_total 0+10x480`), scraped(t, `fine_total 0+20x480`), scraped(t, `failures_total 0+1x480`)})
	ratio := func(part, query string) string {
		return `{ratioMetric: {counter: true, ` + part + `: ` + promQL(query) + `, total: ` + promQL(`sum(rate(requests_total[5m]))`) + `}}`
	}
	ds := open(t, url, sloOf("over", ratio("good", `sum(rate(fine_total[5m]))`), "target: 0.95")+"---"+sloOf("api", ratio("bad", `sum(rate(failures_total[5m]))`), "target: 0.95"), nil)
	got := figuresOf(t, answered(t, ds, typeNumber, `{"measures":["bad_events"]}`))
	require.Nil(t, got["service=test, slo=over"])
	require.NotNil(t, got["service=test, slo=api"])
	require.Nil(t, figuresOf(t, answered(t, ds, typeNumber, `{"measures":["bad_events"],"by":"service"}`))["service=test"])
	card := answered(t, ds, typeScorecard, `{"by":"service"}`)
	require.Equal(t, []any{nil}, column(t, card, "bad_events"))
	require.Equal(t, "too few; too old", reasons([]string{"too few", "too old", "too few"}))
}

// Several objectives on one indicator are about the same events, of which the strictest
// counts; those of a composite SLO have an indicator each, and all count.
func TestObjectivesWithIndicatorsOfTheirOwnAllCount(t *testing.T) {
	objective := func(name string, target float64, own *catalog.Indicator) assessment {
		window, err := slo.Rolling(time.Hour)
		require.NoError(t, err)
		o, err := slo.NewObjective(target, window)
		require.NoError(t, err)
		return assessment{promise: promise{slo: catalog.SLO{Name: "shop"}, name: name, objective: o, own: catalog.Objective{Own: own}}}
	}
	counted := func(own *catalog.Indicator) (n int) {
		g := group{members: []assessment{objective("usual", 0.9, own), objective("best", 0.99, own)}}
		for _, m := range g.members {
			if g.countsEventsOf(m) {
				n++
			}
		}
		return n
	}
	require.Equal(t, 1, counted(nil))
	require.Equal(t, 2, counted(&catalog.Indicator{Total: "a_total"}))
}
