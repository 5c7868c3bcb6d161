package plugin

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/forecast"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/impact"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// rowsOf are the columns of a table by their names, for rows that are found by a name of
// their own.
func rowsOf(t testing.TB, frames data.Frames, by string) func(row, column string) any {
	t.Helper()
	at := map[any]int{}
	for i, name := range column(t, frames, by) {
		at[name] = i
	}
	return func(row, name string) any {
		t.Helper()
		i, ok := at[row]
		require.True(t, ok, "no row %q", row)
		return column(t, frames, name)[i]
	}
}

// infosOf are the notices of a response that warn of nothing.
func infosOf(frames data.Frames) string {
	var all []string
	for _, n := range frames[0].Meta.Notices {
		if n.Severity == data.NoticeSeverityInfo {
			all = append(all, n.Text)
		}
	}
	return strings.Join(all, "\n")
}

// Over the next four hours:
//
//	orders    12 of 600 an hour fail at 50 x 0.5 (40 to 75 x 0.5): 300 an hour, of which
//	          150 are accepted: 600 (480 to 900) go on beyond that, which are among what
//	          the miss takes. A leak cost 1000 (500 to 4000) besides.
//	notice    700 (10 to 700), about no promise
//	payments  6 an hour at 20, a fifth of what is accepted: that goes on as agreed. A risk
//	          of 2 x 30 x 0.5 = 30 minutes a year; 1500 are accepted for a tenth of 240
//	          minutes, 62.50 a minute; and 2 x 200 (100 to 300) besides: 2275 (2075 to
//	          2475) a year, of which four hours are 240 / 525,960. That a tenth of them
//	          will fail is next to impossible.
//	searches  300 an hour at 2 cents: 6 dollars an hour, of which the stricter objective
//	          accepts 1.20; what its miss takes holds these 19.20 dollars
//	invoices  nobody knows
func TestWhatIsAtStakeMakesOneList(t *testing.T) {
	text := replace(t, stakesCatalogue(t), "cost: {low: 100, base: 700, high: 700}", "cost: {low: 10, base: 700, high: 700}")
	frames := answered(t, open(t, stakesShop(t), text, nil), typePriorities, `{"horizon":"4h"}`)
	require.Equal(t, []any{"Orders", "A fine for a late notice.", "Payments", "Searches (best)", "Invoices", "Searches (usual)"}, column(t, frames, "title"))
	require.Equal(t, []any{1.0, 2.0, 3.0, 1.0, nil, nil}, column(t, frames, "place"), "each currency has a list of its own")
	require.Equal(t, []any{"EUR", "EUR", "EUR", "USD", "", ""}, column(t, frames, "currency"))
	at := rowsOf(t, frames, "title")
	check := func(row string, low, base, high, within float64) {
		t.Helper()
		require.InDelta(t, base, at(row, "at_stake"), within)
		require.InDelta(t, low, at(row, "at_stake_low"), within)
		require.InDelta(t, high, at(row, "at_stake_high"), within)
	}
	miss := at("Orders", "excess").(float64)
	require.GreaterOrEqual(t, miss, 600.0)
	check("Orders", 500+miss*20/25, 1000+miss, 4000+miss*37.5/25, 1e-6)
	check("A fine for a late notice.", 10, 700, 700, 1e-6)
	share := 240.0 / 525_960
	check("Payments", 2075*share, 2275*share, 2475*share, 30)
	lost := at("Searches (best)", "excess").(float64)
	require.GreaterOrEqual(t, lost, 19.2)
	check("Searches (best)", lost, lost, lost, 1e-6)
	require.Equal(t, []any{150.0, nil, 600.0, 1.2, nil, 12.0}, column(t, frames, "loss_rate_accepted"))
	require.InDelta(t, 2275, at("Payments", "risks"), 1e-6)
	require.InDelta(t, 300, at("Orders", "loss_rate"), 1e-6)
	require.Equal(t, 1.0, at("Orders", "miss_probability"), "it is missed")

	// By the low assumptions the notice costs less than payments do.
	require.Equal(t, []any{1.0, 3.0, 2.0, 1.0, nil, nil}, column(t, frames, "place_low"))
	require.Equal(t, []any{1.0, 2.0, 3.0, 1.0, nil, nil}, column(t, frames, "place_high"))
	require.Equal(t, []any{true, false, false, true, false, false}, column(t, frames, "stable"))
	require.Contains(t, infosOf(frames), "in EUR: the order depends on the assumptions")

	require.Equal(t, "Declared incidents cost about €1,000 (between €500 and €4,000).", at("Orders", "why"))
	require.Equal(t, "It is losing about $6.00 an hour now.", at("Searches (best)", "why"))
	require.Equal(t, "Declared incidents cost about €700 (between €10 and €700). By other assumptions it would stand between place 2 and place 3.", at("A fine for a late notice.", "why"))
	require.Equal(t, "It has no place: nobody said what one of these events is worth.", at("Invoices", "why"))
	require.Equal(t, "It has no place of its own: a stricter promise about the same events stands for it.", at("Searches (usual)", "why"))
	require.Nil(t, at("Invoices", "at_stake"))
	require.Nil(t, at("Searches (usual)", "at_stake"))
}

// The leak is about orders and payments, and counts where the first of them is asked
// about. An incident of yesterday is none of the window's, and none at all of a list of
// one service is about no promise.
func TestADeclaredIncidentCountsOnceInAList(t *testing.T) {
	ds := openStakes(t)
	frames := answered(t, ds, typePriorities, `{"horizon":"4h","select":{"service":["checkout"]}}`)
	require.Equal(t, []any{1000.0, nil}, column(t, frames, "declared"))
	require.Equal(t, []any{"Orders", "Payments"}, column(t, frames, "title"))
	require.Contains(t, column(t, frames, "reason")[1], "what a declared incident cost is counted with Orders")
	require.Nil(t, frames[0].Fields[0].Labels)
	require.Contains(t, infosOf(frames), "the order is the same by all low and by all high assumptions")

	frames = answered(t, ds, typePriorities, `{"horizon":"4h","select":{"slo":["payments"]}}`)
	require.Equal(t, []any{1000.0}, column(t, frames, "declared"))
	frames = answered(t, ds, typePriorities, `{"horizon":"4h","window":"2d","select":{"slo":["payments"]}}`)
	require.Equal(t, []any{100_000.0}, column(t, frames, "declared"))
}

// Credits are those of the contracts, which have months of their own: 800 in London and
// what is to be expected in Delhi. No call of the last seven days failed.
func TestCreditsOfContractsAreAtStake(t *testing.T) {
	ds := openLong(t, longCatalogue(t))
	due := column(t, recall(t, ds, typeContracts, `{}`, 7, late), "credit_expected")
	frames := recall(t, ds, typePriorities, `{}`, 7, late)
	require.Equal(t, []any{"lines", "mails"}, column(t, frames, "slo"))
	at := rowsOf(t, frames, "slo")
	credits := due[0].(float64) + due[1].(float64)
	require.InDelta(t, credits, at("lines", "credits"), 1e-9)
	require.Equal(t, 0.0, at("lines", "loss_rate"))
	require.InDelta(t, credits+at("lines", "miss_probability").(float64)*at("lines", "excess").(float64), at("lines", "at_stake"), 1e-6)
	require.Contains(t, at("lines", "why"), "Credits to customers of about €")
	require.Contains(t, at("lines", "reason"), "was set until 2026-02-18")
	require.Equal(t, "It has no place: nobody said what one of these events is worth.", at("mails", "why"))

	// The horizon is that of the list; a month ends when it ends.
	frames = recall(t, ds, typePriorities, `{"horizon":"1h"}`, 7, late)
	require.InDelta(t, credits, column(t, frames, "credits")[0], 1e-9)
}

// A contract in another currency cannot be added to what failures cost.
func TestACreditInAnotherCurrencyIsLeftOutAndSaid(t *testing.T) {
	ds := openLong(t, strings.ReplaceAll(longCatalogue(t), "currency: EUR, every", "currency: GBP, every"))
	frames := recall(t, ds, typePriorities, `{}`, 7, late)
	require.Equal(t, []any{nil, nil}, column(t, frames, "credits"))
	require.Contains(t, column(t, frames, "reason")[0], "the credit of a contract is in another currency and left out")
}

// Ten thousand events a month are expected, of which 4000 came; 1 % is accepted, which
// for those that came is worth 400 (200 to 800): 1000 (500 to 2000) for all of them. In
// each future 2 % fail, a budget more than there is.
func TestAnExcessIsToldInBudgetsOfTheWholeWindow(t *testing.T) {
	loss := impact.Loss{Accepted: impact.Range{Low: 200, Base: 400, High: 800}, Excess: impact.Range{Low: 700, Base: 1400, High: 1900}}
	report := slo.Report{Expected: 10_000, Counts: slo.Counts{Good: 3960, Total: 4000}, Status: slo.AtRisk}
	ahead := twiceTheBudget(t)
	near := func(want impact.Range, got *impact.Range) {
		t.Helper()
		require.InDelta(t, want.Low, got.Low, 1e-3)
		require.InDelta(t, want.Base, got.Base, 1e-3)
		require.InDelta(t, want.High, got.High, 1e-3)
	}
	near(impact.Range{Low: 500, Base: 1000, High: 2000}, excessOf(report, loss, ahead))
	require.Nil(t, excessOf(report, loss, forecast.Forecast{}), "unknown is not nothing")

	report.Status = slo.Missed
	near(impact.Range{Low: 700, Base: 1400, High: 2000}, excessOf(report, loss, ahead))
	near(loss.Excess, excessOf(report, loss, forecast.Forecast{}))
}

// twiceTheBudget is a forecast in which 2 % fail for sure, where 1 % may.
func twiceTheBudget(t *testing.T) forecast.Forecast {
	t.Helper()
	const hours = 24 * 14
	grid, err := slo.NewGrid(slo.Part{Start: time.Unix(0, 0).UTC(), Step: time.Hour, N: hours})
	require.NoError(t, err)
	slices := make([]slo.Slice, hours)
	for i := range slices {
		slices[i] = slo.Slice{Counts: slo.Counts{Good: 980, Total: 1000}, State: slo.Measured}
	}
	timeline, err := slo.NewTimeline(grid, slices)
	require.NoError(t, err)
	f, err := forecast.Predict(forecast.Question{
		Timeline: timeline, Budget: 0.01, Now: grid.End(), Window: forecast.Rolling(7 * 24 * time.Hour), Scenario: forecast.OwnRatio(0.02),
	})
	require.NoError(t, err)
	require.Equal(t, 1.0, f.MissProbability.Value)
	return f
}

// What cannot be evaluated keeps its row, with the reason; what is known of it besides its
// events counts all the same.
func TestWhatCannotBeEvaluatedIsNotDropped(t *testing.T) {
	text := replace(t, stakesCatalogue(t), "query: 'sum(rate(payments_total[5m]))'", "query: 'sum(rate(payments_total[5m])) * on () group_left () (payments_total or orders_total)'")
	text = replace(t, text, "query: 'sum(rate(invoices_total[5m]))'", "query: 'sum(rate(invoices_total[5m])) * on () group_left () (payments_total or orders_total)'")
	text = replace(t, text, "select: {slo: [orders, payments]}", "select: {slo: [payments]}")
	frames := answered(t, open(t, stakesShop(t), text, nil), typePriorities, `{"horizon":"4h"}`)
	at := rowsOf(t, frames, "title")
	require.Contains(t, at("Payments", "reason"), "could not be evaluated; the query inspector says why")
	// The leak, and 2 x 200 a year for what each incident of the risk costs besides.
	require.InDelta(t, 1000+400*240.0/525_960, at("Payments", "at_stake"), 1e-6)
	require.Nil(t, at("Payments", "loss_rate"))
	require.Equal(t, 3.0, at("Payments", "status"))
	require.Nil(t, at("Invoices", "place"))
	require.Equal(t, "It has no place: what its failures cost is not known.", at("Invoices", "why"))
}

// Two steps of the journey have one value: an order that fails at both counts twice.
func TestAmountsOfStepsThatOverlapAreMarked(t *testing.T) {
	text := replace(t, stakesCatalogue(t), "select: {slo: [orders]}\n  currency: EUR\n  perEvent: {low: 40", "select: {slo: [orders, invoices]}\n  currency: EUR\n  perEvent: {low: 40")
	text = replace(t, text, "{name: pay, slo: payments}", "{name: pay, slo: invoices}")
	frames := answered(t, open(t, stakesShop(t), text, nil), typePriorities, `{"horizon":"4h"}`)
	at := rowsOf(t, frames, "title")
	const overlap = "the same events are valued at several steps of the journey Buy something: the amounts of these steps overlap"
	require.Contains(t, at("Orders", "reason"), overlap)
	require.Contains(t, at("Invoices", "reason"), overlap)
	require.NotContains(t, at("Searches (best)", "reason"), overlap)
	require.Equal(t, "It has no place: what its failures cost is not known.", at("Invoices", "why"))
}

func TestReasonsSpeakTheReadersLanguage(t *testing.T) {
	frames := answered(t, openStakes(t), typePriorities, `{"horizon":"4h","locale":"de","select":{"slo":["orders"]}}`)
	require.Equal(t, []any{"Gemeldete Vorfälle kosten etwa 1.000\u00a0€ (zwischen 500\u00a0€ und 4.000\u00a0€)."}, column(t, frames, "why"))
}

// Descriptions of incidents and names of customers are in cells only.
func TestPrioritiesKeepConfidencesInCells(t *testing.T) {
	frames := answered(t, openStakes(t), typePriorities, `{}`)
	frames = append(frames, recall(t, openLong(t, longCatalogue(t)), typePriorities, `{}`, 7, late)...)
	for _, frame := range frames {
		frame.Fields = nil
		frame.Meta.ExecutedQueryString = ""
		text, err := json.Marshal(frame)
		require.NoError(t, err)
		for _, secret := range []string{"late notice", "strangers", "Example", "leak", "Letter"} {
			require.NotContains(t, string(text), secret)
		}
	}
}
