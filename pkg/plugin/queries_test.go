package plugin

import (
	"flag"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/grafana/grafana-plugin-sdk-go/experimental"
	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/internal/grafanatest"
)

var update = flag.Bool("update", false, "write the recorded answers anew")

// Every query type, as Grafana receives it: what a change of the code changes for
// readers is seen in the difference. Queries that ran are left out; other tests say
// what there is to say about them.
func TestAnswersAreAsRecorded(t *testing.T) {
	ds := open(t, shop(t), catalogue(t), nil)
	record := func(name string, response backend.DataResponse) {
		t.Helper()
		require.NoError(t, response.Error)
		require.NoError(t, grafanatest.ReadBack(response.Frames))
		for _, frame := range response.Frames {
			frame.Meta.ExecutedQueryString = ""
			if custom, ok := frame.Meta.Custom.(map[string]any); ok {
				delete(custom, "plan")     // who asks first finds out what the store offers
				delete(custom, "readings") // and reads what others share
			}
		}
		experimental.CheckGoldenJSONResponse(t, "testdata", name, &response, *update)
	}
	check := func(name, queryType, text string) {
		t.Helper()
		record(name, ask(t, ds, queryType, text))
	}
	check("number", typeNumber, `{"version":1,"measures":["sli","loss","status"]}`)
	check("number-by-service", typeNumber, `{"version":1,"by":"service","measures":["budget_remaining"]}`)
	check("series", typeSeries, `{"version":1,"select":{"service":["checkout"]},"measures":["budget_remaining","burn_rate"]}`)
	check("scorecard", typeScorecard, `{"version":1}`)
	check("scorecard-by-owner", typeScorecard, `{"version":1,"by":"owner"}`)
	check("statement", typeStatement, `{"version":1,"audience":"executive"}`)
	check("catalog", typeCatalog, `{"version":1}`)
	check("history", typeHistory, `{"version":1,"period":"day","select":{"service":["checkout"]}}`)
	check("history-series", typeHistory, `{"version":1,"period":"day","format":"series","select":{"service":["checkout"]}}`)
	check("alert", typeAlert, `{"version":1,"window":"30d","select":{"service":["checkout"]}}`)
	check("alert-rows", typeAlert, `{"version":1,"window":"30d","format":"table","select":{"service":["checkout"]}}`)
	check("incidents", typeIncidents, `{"version":1}`)
	check("forecast", typeForecast, `{"version":1,"format":"table","select":{"service":["checkout"]}}`)

	ds = openStakes(t)
	check("impact", typeImpact, `{"version":1}`)
	check("journey", typeJourney, `{"version":1}`)
	check("priorities", typePriorities, `{"version":1,"horizon":"4h"}`)

	ds = openLong(t, longCatalogue(t))
	remember := func(name, queryType, text string) {
		t.Helper()
		record(name, recallAll(t, ds, queryType, text, 42, late))
	}
	remember("contracts", typeContracts, `{"version":1}`)
	ds = openLong(t, riskyCatalogue(t))
	remember("risks", typeRisks, `{"version":1}`)

	ds = openLong(t, agreedCatalogue(t))
	remember("review", typeReview, `{"version":1}`)
	remember("whatif", typeWhatIf, `{"version":1,"targets":[0.98,0.999],"cost":300000}`)
}

// Orders: 2400 in four hours, of which 48 failed where 1 % = 24 may. Each cost
// 50 x 0.5 = 25 euros. Payments: 1200, of which 24 failed where 10 % = 120 may, six
// in each hour, at 10, 10, 10 (nobody knows better) and 20 euros. Searches: 24,000,
// of which 1200 failed, where 240 may by the better promise.
func TestNumbersAreThoseDerivedByHand(t *testing.T) {
	ds := open(t, shop(t), catalogue(t), nil)
	const orders, payments = "service=checkout, slo=orders", "service=checkout, slo=payments"
	const best, usual = "objective=best, service=search, slo=searches", "objective=usual, service=search, slo=searches"
	const invoices = "service=search, slo=invoices"
	check := func(measure string, want map[string]any) {
		t.Helper()
		got := figuresOf(t, answered(t, ds, typeNumber, `{"measures":["`+measure+`"],"lookback":"30m"}`))
		require.Len(t, got, len(want))
		for labels, v := range want {
			if v == nil {
				require.Contains(t, got, labels)
				require.Nil(t, got[labels], "%s of %s: expected none, which is not zero and not NaN", measure, labels)
				continue
			}
			require.InDelta(t, v, got[labels], 1e-9, "%s of %s", measure, labels)
		}
	}
	check("sli", map[string]any{orders: 0.98, payments: 0.98, best: 0.95, usual: 0.95, invoices: nil})
	check("target", map[string]any{orders: 0.99, payments: 0.9, best: 0.99, usual: 0.9, invoices: 0.999})
	check("total_events", map[string]any{orders: 2400, payments: 1200, best: 24000, usual: 24000, invoices: nil})
	check("bad_events", map[string]any{orders: 48, payments: 24, best: 1200, usual: 1200, invoices: nil})
	check("good_events", map[string]any{orders: 2352, payments: 1176, best: 22800, usual: 22800, invoices: nil})
	check("budget_consumed", map[string]any{orders: 2, payments: 0.2, best: 5, usual: 0.5, invoices: nil})
	check("budget_remaining", map[string]any{orders: -1, payments: 0.8, best: -4, usual: 0.5, invoices: nil})
	// 6 of 300 and 3 of 150 in half an hour, as in all of the window.
	check("burn_rate", map[string]any{orders: 2, payments: 0.2, best: 5, usual: 0.5, invoices: nil})
	check("coverage", map[string]any{orders: 1, payments: 1, best: 1, usual: 1, invoices: 0})
	check("status", map[string]any{orders: 2, payments: 0, best: 2, usual: 0, invoices: 3})
	check("loss", map[string]any{orders: 1200, payments: 300, best: 24, usual: 24, invoices: nil})
	// A tenth of 300 payments an hour: 30 x (10 + 10 + 10 + 20).
	check("loss_accepted", map[string]any{orders: 600, payments: 1500, best: 4.8, usual: 48, invoices: nil})
	check("loss_excess", map[string]any{orders: 600, payments: 0, best: 19.2, usual: 0, invoices: nil})

	card := answered(t, ds, typeScorecard, `{}`)
	require.Equal(t, []any{"invoices", "orders", "payments", "searches", "searches"}, column(t, card, "slo"))
	require.Equal(t, []any{nil, 960.0, 300.0, 24.0, 24.0}, column(t, card, "loss_low"))   // 48 x 40 x 0.5
	require.Equal(t, []any{nil, 1800.0, 300.0, 24.0, 24.0}, column(t, card, "loss_high")) // 48 x 75 x 0.5
	require.Equal(t, []any{"", "EUR", "EUR", "USD", "USD"}, column(t, card, "currency"))
}

// Checkout: 48 + 24 failures of 2400 + 1200, where 24 + 120 may. Its status is that
// of the orders, which were missed, though the sum looks well.
func TestGroupsAddUpEvents(t *testing.T) {
	ds := open(t, shop(t), catalogue(t), nil)
	check := func(by, of string, want map[string]float64) {
		t.Helper()
		for measure, v := range want {
			got := figuresOf(t, answered(t, ds, typeNumber, `{"by":"`+by+`","measures":["`+measure+`"]}`))
			require.InDelta(t, v, got[by+"="+of], 1e-9, "%s of %s %s", measure, by, of)
		}
	}
	checkout := map[string]float64{
		"total_events": 3600, "bad_events": 72, "sli": 0.98, "target": 0.96, // 1 - 144/3600
		"budget_consumed": 0.5, "budget_remaining": 0.5, "burn_rate": 0.5, "status": 2, "coverage": 1,
		"loss": 1500, "loss_accepted": 2100, "loss_excess": 600, // what payments saved does not pay for orders
	}
	check("service", "checkout", checkout)
	check("owner", "Payments team", checkout)
	// Two objectives of one SLO are about the same 24,000 searches, of which 1,200
	// failed where the stricter one allows 240.
	check("owner", "Search team", map[string]float64{
		"total_events": 24000, "bad_events": 1200, "target": 0.99, "budget_remaining": -4, "status": 2, "loss": 24,
	})
	check("owner", "none", map[string]float64{"coverage": 0, "status": 3})
	check("service", "search", map[string]float64{"coverage": 0, "status": 2}) // invoices are not seen

	frames := answered(t, ds, typeNumber, `{"by":"owner","measures":["sli"]}`)
	require.Equal(t, map[string]any{"owner=none": nil, "owner=Payments team": 0.98, "owner=Search team": 0.95}, figuresOf(t, frames))
	require.Contains(t, noticesOf(answered(t, ds, typeNumber, `{"by":"service","measures":["sli"]}`)), "search: 1 of 2 promises have no verdict")
}

// Losses in euros and dollars have no sum, and none is shown.
func TestLossesInDifferentCurrenciesAreNotAddedUp(t *testing.T) {
	text := catalogue(t)
	text = replace(t, text, "select: {service: [checkout]}", "select: {slo: [payments, searches]}")
	text = replace(t, text, "select: {slo: [searches]}\n  promise", "select: {slo: [orders]}\n  promise")
	ds := open(t, shop(t), text, nil)
	frames := answered(t, ds, typeNumber, `{"by":"owner","measures":["loss"]}`)
	require.Equal(t, map[string]any{"owner=none": nil, "owner=Payments team": nil, "owner=Search team": 1200.0}, figuresOf(t, frames))
	require.Contains(t, noticesOf(frames), "Payments team: losses in different currencies are not added up")
}

// An order that fails is a failure of both promises about orders, and lost once: together
// they lost the 48 orders of either of them at least, at 20 euros, and 96 at 37.50 at most. Payments, worth
// something else, come on top of both.
func TestALossThatTwoPromisesSeeIsCountedOnceAtTheLowEnd(t *testing.T) {
	text := catalogue(t)
	orders := text[strings.Index(text, "apiVersion"):strings.Index(text, "---\napiVersion: openslo/v1\nkind: SLO\nmetadata: {name: payments")]
	text += "\n---\n" + replace(t, orders, "{name: orders, displayName: Orders", "{name: again, displayName: Again")
	text = replace(t, text, "select: {slo: [orders]}\n  currency", "select: {slo: [orders, again]}\n  currency")
	ds := open(t, shop(t), text, nil)
	lost := func(selection string) (amounts []any, said []string) {
		frames := answered(t, ds, typeScorecard, `{"by":"service","select":{"slo":[`+selection+`]}}`)
		for _, name := range []string{"loss", "loss_low", "loss_high"} {
			amounts = append(amounts, column(t, frames, name)...)
		}
		return amounts, noticesOf(frames)
	}
	both, said := lost(`"orders","again"`)
	require.Equal(t, []any{2400.0, 960.0, 3600.0}, both)
	require.Contains(t, said, "checkout: "+maybeTheSame)
	one, said := lost(`"orders"`)
	require.Equal(t, []any{1200.0, 960.0, 1800.0}, one)
	require.NotContains(t, said, "checkout: "+maybeTheSame)

	// 12 orders failed in the last hour, at 25 euros, at 20 and at 37.50.
	rates := func(selection string) (amounts []any) {
		frames := answered(t, ds, typeImpact, `{"by":"service","select":{"slo":[`+selection+`]}}`)
		for _, name := range []string{"loss_rate", "loss_rate_low", "loss_rate_high"} {
			amounts = append(amounts, column(t, frames, name)...)
		}
		return amounts
	}
	require.Equal(t, []any{300.0, 240.0, 450.0}, rates(`"orders"`))
	require.Equal(t, []any{600.0, 240.0, 900.0}, rates(`"orders","again"`))

	bars := answered(t, ds, typeImpact, `{"format":"series","by":"service","select":{"slo":["orders","again"]}}`)
	require.Contains(t, noticesOf(bars), "checkout: "+maybeTheSame)
}

// What finance said until the end of January may not hold in March.
func TestAnExpiredValueIsWarnedOf(t *testing.T) {
	ds := open(t, shop(t), catalogue(t), nil)
	require.Equal(t, []string{"Orders: what an event is worth was set until 2026-01-31 and has not been looked at since"},
		noticesOf(answered(t, ds, typeNumber, `{"select":{"slo":["orders"]},"measures":["loss"]}`)))
	require.Empty(t, noticesOf(answered(t, ds, typeNumber, `{"select":{"slo":["orders"]},"measures":["sli"]}`)), "nobody asked for money")
}

func TestAValueWhoseQueryGivesNothingIsUnknown(t *testing.T) {
	text := replace(t, catalogue(t), "perEvent: sum(payment_euros)", "perEvent: sum(nothing)")
	ds := open(t, shop(t), text, nil)
	frames := answered(t, ds, typeNumber, `{"select":{"slo":["payments"]},"measures":["loss"]}`)
	require.Equal(t, map[string]any{"service=checkout, slo=payments": nil}, figuresOf(t, frames))
	require.Equal(t, []string{"Payments: what an event is worth is not known: its query gives no value"}, noticesOf(frames))

	frames = answered(t, ds, typeNumber, `{"by":"service","measures":["loss"],"select":{"service":["checkout"]}}`)
	require.Equal(t, map[string]any{"service=checkout": 1200.0}, figuresOf(t, frames))
	require.Contains(t, noticesOf(frames), "checkout: the loss of 1 of 2 promises is not known and left out")
}

// What Grafana alerting reads: one number for each set of labels, blank where there
// is none, under labels that stay the same whatever the numbers do.
func TestNumbersAndSeriesCanBeAlertedOn(t *testing.T) {
	ds := open(t, shop(t), catalogue(t), nil)
	instances := func(queryType, text string, end time.Time) []grafanatest.Instance {
		t.Helper()
		q := query("A", queryType, text)
		q.TimeRange = backend.TimeRange{From: end.Add(-2 * time.Hour), To: end}
		response := askAll(t, ds, map[string]string{"FromAlert": "true"}, q)["A"]
		require.NoError(t, response.Error)
		require.NoError(t, grafanatest.ReadBack(response.Frames))
		found, err := grafanatest.Alert(response.Frames)
		require.NoError(t, err)
		return found
	}
	labels := func(all []grafanatest.Instance) (ids []string) {
		for _, one := range all {
			ids = append(ids, one.Labels.String())
		}
		return ids
	}
	every := `"measures":["sli","target","budget_consumed","budget_remaining","burn_rate","good_events","bad_events","total_events","loss","loss_accepted","loss_excess","coverage","sli_low","sli_high","status"]`
	for _, queryType := range []string{typeNumber, typeSeries} {
		for by, groups := range map[string]int{"slo": 5, "service": 2, "owner": 3} {
			text := `{"by":"` + by + `",` + every + `}`
			at := labels(instances(queryType, text, noon))
			require.Len(t, at, groups*15)
			require.Equal(t, at, labels(instances(queryType, text, noon.Add(90*time.Minute))))
			// Before and after all data: no numbers, and the same identities.
			require.Equal(t, at, labels(instances(queryType, text, noon.Add(-48*time.Hour))))
			require.Equal(t, at, labels(instances(queryType, text, noon.Add(48*time.Hour))))
		}
	}
	for _, one := range instances(typeNumber, `{"measures":["sli","loss","burn_rate","budget_remaining"]}`, noon.Add(-48*time.Hour)) {
		require.Nil(t, one.Value, "no data is blank: %s", one.Labels)
	}
	require.Equal(t, []string{"service=checkout, slo=orders"}, labels(instances(typeNumber, `{"select":{"slo":["orders"]},"measures":["sli"]}`, noon)), "a single measure needs no label")
}

// The frames of a series have a point at each whole hour in the range.
func TestASeriesHasItsPointsWhereTheStepSays(t *testing.T) {
	ds := open(t, shop(t), catalogue(t), nil)
	frames := answered(t, ds, typeSeries, `{"select":{"slo":["orders"]},"measures":["total_events"]}`)
	require.Len(t, frames, 1)
	require.Equal(t, data.FrameTypeTimeSeriesMulti, frames[0].Meta.Type)
	require.Equal(t, []any{noon.Add(-2 * time.Hour), noon.Add(-time.Hour), noon}, column(t, frames, "time"))
	// Each looks back over four hours. The first does to 6:00, when the data began:
	// what the counters showed by the end of that slice is only a base.
	require.Equal(t, []any{2400.0 - 600, 2400.0, 2400.0}, column(t, frames, "total_events"))
}

func TestAnEmptyQueryIsAnsweredByDefaults(t *testing.T) {
	ds := open(t, shop(t), catalogue(t), nil)
	bare := backend.DataQuery{RefID: "A", TimeRange: backend.TimeRange{From: noon.Add(-time.Hour), To: noon}}
	response := askAll(t, ds, nil, bare)["A"]
	require.NoError(t, response.Error)
	require.Len(t, response.Frames, 5)
	require.Equal(t, data.FrameTypeTimeSeriesMulti, response.Frames[0].Meta.Type)
	require.Equal(t, "budget_remaining", response.Frames[0].Fields[1].Name)
}

func TestTheQueryInspectorShowsWhatRan(t *testing.T) {
	ds := open(t, shop(t), catalogue(t), nil)
	for _, queryType := range []string{typeNumber, typeSeries, typeScorecard, typeStatement} {
		frames := answered(t, ds, queryType, `{"select":{"slo":["payments"]},"measures":["loss"]}`)
		for _, frame := range frames {
			executed := frame.Meta.ExecutedQueryString
			require.Contains(t, executed, "# payments: counted")
			require.Contains(t, executed, "payments_failed_total")
			require.Contains(t, executed, "sum(payment_euros)", "also where its values were kept")
		}
	}
}
