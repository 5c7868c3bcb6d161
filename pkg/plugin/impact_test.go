package plugin

import (
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/stretchr/testify/require"
)

// valued is the promise to tenants with what their requests are worth: ten euros of gold
// ones, one of all others; two requests make an order, and half of the lost ones come
// back. Whoever sees more than 5 % of its requests fail is affected.
func valued(more string) string {
	return sloOf("api", byTenant, "target: 0.95") + `---
apiVersion: stakes/v1
kind: Value
metadata: {name: request}
spec:
  select: {slo: [api]}
  currency: EUR
  perEvent: {perLabel: {label: tenant, values: {gold: 10}, otherwise: 1}}
  requestsPerOrder: 2
  notRecovered: 0.5
  customers: {label: tenant}
` + more
}

// In four hours 240 gold requests fail at 10 x 0.5 / 2 = 2.50 euros, and 240 silver ones
// at 0.25: 600 + 60 = 660 euros. The promise accepts 5 % of all: of 2,400 gold requests
// 120 at 2.50, and of 24,240 others 1,212 at 0.25: 300 + 303 = 603. In the last hour a
// quarter of the loss came: 165 an hour.
func TestSegmentsAreWorthDifferentAmounts(t *testing.T) {
	ds := open(t, tenants(t), valued(""), nil)
	for measure, want := range map[string]float64{
		"loss": 660, "loss_accepted": 603, "loss_excess": 57, "budget_remaining_value": -57, "loss_rate": 165,
		"customers_affected": 1,
	} {
		got := figuresOf(t, answered(t, ds, typeNumber, `{"measures":["`+measure+`"]}`))
		require.InDelta(t, want, got["service=test, slo=api"], 1e-6, measure)
	}
	byGroup := figuresOf(t, answered(t, ds, typeNumber, `{"measures":["loss"],"by":"group"}`))
	require.InDelta(t, 600, byGroup["service=test, slo=api, tenant=gold"], 1e-6)
	require.InDelta(t, 60, byGroup["service=test, slo=api, tenant=silver"], 1e-6)
	require.InDelta(t, 0, byGroup["service=test, slo=api, tenant=bronze"], 1e-6)
}

// 98.2 % of all requests are good, and of gold ones 90 %: kept, with a segment in breach
// under it.
func TestASegmentInBreachIsPointedOut(t *testing.T) {
	ds := open(t, tenants(t), valued(""), nil)
	table := answered(t, ds, typeImpact, `{}`)
	require.Equal(t, []any{0.0}, column(t, table, "status"))
	require.Equal(t, []any{"gold"}, column(t, table, "hidden"))
	require.InDelta(t, 660, column(t, table, "loss")[0], 1e-6)
	for _, notice := range noticesOf(table) {
		require.NotContains(t, notice, "gold", "names of customers are for tables only")
	}
}

// Two hours of the time range in steps of one: a quarter of the four hours' loss each.
func TestLossAddsUpOverTime(t *testing.T) {
	ds := open(t, tenants(t), valued(""), nil)
	frames := answered(t, ds, typeImpact, `{"format":"series"}`)
	require.Len(t, frames, 3, "loss and its bounds")
	values := numbers(frames[0].Fields[1])
	require.Len(t, values, 2)
	for _, v := range values {
		require.InDelta(t, 165, v.Value, 1e-6)
	}
}

// Bars of two hours over a range from 8:40 to 11:40: an hour that is left of the first, and
// an hour and forty minutes so far of the last. What just happened is not left out.
func TestBarsAddUpToTheTimeRange(t *testing.T) {
	ds := open(t, tenants(t), valued(""), nil)
	bars := func(from, to, step time.Duration) ([]time.Time, []float64) {
		q := query("A", typeImpact, `{"format":"series"}`)
		q.TimeRange, q.Interval = backend.TimeRange{From: noon.Add(-from), To: noon.Add(-to)}, step
		response := askAll(t, ds, nil, q)["A"]
		require.NoError(t, response.Error)
		var at []time.Time
		var cost []float64
		for i, v := range numbers(response.Frames[0].Fields[1]) {
			at, cost = append(at, response.Frames[0].Fields[0].At(i).(time.Time)), append(cost, v.Value)
		}
		return at, cost
	}
	// 165 euros an hour, from 9:00 on: the past is kept by the hour.
	at, cost := bars(200*time.Minute, 20*time.Minute, 2*time.Hour)
	require.Equal(t, []time.Time{noon.Add(-3 * time.Hour), noon.Add(-2 * time.Hour)}, at)
	require.InDeltaSlice(t, []float64{165, 275}, cost, 1e-6)
	// A range within a step has one bar of its own length.
	at, cost = bars(80*time.Minute, 20*time.Minute, 4*time.Hour)
	require.Equal(t, []time.Time{noon.Add(-time.Hour)}, at)
	require.InDeltaSlice(t, []float64{110}, cost, 1e-6)
}

// A value by a label that the queries are not summed by is no value: a blank, and why.
func TestAValueByAnUnknownLabelIsUnknown(t *testing.T) {
	ds := open(t, tenants(t), replace(t, valued(""), "label: tenant, values", "label: tier, values"), nil)
	frames := answered(t, ds, typeNumber, `{"measures":["loss"]}`)
	require.Equal(t, map[string]any{"service=test, slo=api": nil}, figuresOf(t, frames))
	require.Contains(t, noticesOf(frames)[0], "depends on the label tier, by which the queries of the indicator are not summed")
}

// A promise about minutes accepts bad minutes and not bad events: what that is in money is
// an approximation, and the answer says so.
func TestMoneyOnSlicesOfTimeIsMarked(t *testing.T) {
	text := replace(t, valued(""), "budgetingMethod: Occurrences", "budgetingMethod: Timeslices")
	text = replace(t, text, "objectives: [{target: 0.95", "objectives: [{timeSliceWindow: 5m, timeSliceTarget: 0.9, target: 0.95")
	ds := open(t, tenants(t), text, nil)
	frames := answered(t, ds, typeNumber, `{"measures":["loss"]}`)
	require.InDelta(t, 660, figuresOf(t, frames)["service=test, slo=api"], 1e-6, "the loss itself is that of events")
	require.Contains(t, noticesOf(frames)[0], "about slices of time")
}
