package plugin

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/internal/promtest"
)

// stakesOf are figures of the only promise of a data source, by the names of their
// measures, and the warnings that come with them.
func stakesOf(t *testing.T, ds *Datasource, end time.Time, names ...string) (figures map[string]any, warnings string) {
	t.Helper()
	figures = map[string]any{}
	for _, name := range names {
		frames := recall(t, ds, typeNumber, `{"measures":["`+name+`"]}`, 1, end)
		for _, v := range figuresOf(t, frames) {
			figures[name] = v
		}
		warnings += strings.Join(noticesOf(frames), "\n") + "\n"
	}
	// A table says the same.
	table := recall(t, ds, typeImpact, `{}`, 1, end)
	for name, v := range figures {
		require.Equal(t, v, column(t, table, name)[0], "the table differs from the number in %s", name)
		if low, _ := table[0].FieldByName(name + "_low"); low != nil && v != nil {
			figures[name+"_low"], figures[name+"_high"] = column(t, table, name+"_low")[0], column(t, table, name+"_high")[0]
		}
	}
	return figures, warnings
}

func inDeltas(t *testing.T, want map[string]float64, got map[string]any) {
	t.Helper()
	for name, v := range want {
		require.InDelta(t, v, got[name], 1e-6, name)
	}
}

// emptied is what happened from the beginning of the year on, seen every two minutes:
// calls are 10 a minute. On 8 January and on 10 February, from 10:00 to 12:00, all of
// them fail, and most customers do not even try: 4 a minute do.
func emptied(t testing.TB) string {
	t.Helper()
	calls, failed := series("calls_total"), series("calls_failed_total")
	n, bad := 500.0, 10.0
	for at := time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC); !at.After(late); at = at.Add(2 * time.Minute) {
		// What a slice that begins now sees first happened until now.
		switch {
		case within(at, 1, 8, 10*60, 120), within(at, 2, 10, 10*60, 120):
			n, bad = n+8, bad+8
		default:
			n += 20
		}
		calls.Samples = append(calls.Samples, promtest.Sample{At: at, Value: n})
		failed.Samples = append(failed.Samples, promtest.Sample{At: at, Value: bad})
	}
	return promtest.InProcess(t, []promtest.Series{calls, failed})
}

func openEmptied(t *testing.T) *Datasource {
	t.Helper()
	text := longCatalogue(t)
	var kept []string
	for _, document := range strings.Split(text, "---\n") {
		if !strings.Contains(document, "mails") && !strings.Contains(document, "kind: Contract") {
			kept = append(kept, document)
		}
	}
	ds := open(t, emptied(t), replace(t, strings.Join(kept, "---\n"), "expires: 2026-02-18", "expires: 2027-02-18"), map[string]any{"timeInterval": "2m"})
	require.Empty(t, ds.catalog().Problems)
	return ds
}

// In two hours 1200 calls are usual, 480 came and failed: 720 stayed away. All weeks are
// alike, so that nothing scatters. A call is worth 10 euros (5 to 20) and would have
// gone well. What failed, 480 calls, stands beside it.
func TestDemandThatStayedAwayIsNoPartOfTheLoss(t *testing.T) {
	got, warnings := stakesOf(t, openEmptied(t), time.Date(2026, time.February, 12, 12, 0, 0, 0, time.UTC), "loss", "loss_missing_demand")
	inDeltas(t, map[string]float64{
		"loss": 4800, "loss_low": 2400, "loss_high": 9600,
		"loss_missing_demand": 7200, "loss_missing_demand_low": 3600, "loss_missing_demand_high": 14_400,
	}, got)
	require.Empty(t, strings.TrimSpace(warnings))
}

// One week of past is not enough to know what is usual: unknown, and not nothing. A week
// without an outage misses nothing.
func TestMissingDemandWithoutAPastIsUnknown(t *testing.T) {
	ds := openEmptied(t)
	got, warnings := stakesOf(t, ds, time.Date(2026, time.January, 10, 12, 0, 0, 0, time.UTC), "loss_missing_demand")
	require.Nil(t, got["loss_missing_demand"])
	require.Contains(t, warnings, "missing demand is unknown for 1 of 1 intervals")

	got, _ = stakesOf(t, ds, time.Date(2026, time.February, 9, 12, 0, 0, 0, time.UTC), "loss_missing_demand")
	require.Equal(t, 0.0, got["loss_missing_demand"])
}

// 2 % of the orders of each hour fail, where 1 % may. Until ten there are 100 users at
// work, nobody knows how many in the hour after that, and 200 in the last one. Each makes
// three requests an hour: 100 x (1 - 0.98^3) = 5.8808 users met a failure, at least 2
// (the same ones all the time) and at most 6. Of four hours: 5.8808 twice and 11.7616;
// the users of one hour may be those of another, so that there may be as few as 4, those
// of the last hour alone.
//
// They lost 100 x 2 % x 60 = 120 minutes in each of the first hours, and 240 in the last.
func TestCustomersAreReckonedFromUniqueUsers(t *testing.T) {
	url := promtest.InProcess(t, append(shopSeries(t), scraped(t, `active_users 100+0x239 _x60 200+0x180`)))
	ds := open(t, url, sloOf("orders", ordersIndicator, "target: 0.99")+`---
apiVersion: stakes/v1
kind: Value
metadata: {name: order}
spec:
  select: {slo: [orders]}
  perEvent: 50
  customers: {uniqueUsers: sum(active_users), requestsPerUser: 3}
`, nil)
	require.Empty(t, ds.catalog().Problems)
	got, warnings := stakesOf(t, ds, noon, "customers_affected", "customer_minutes")
	inDeltas(t, map[string]float64{
		"customers_affected": 4 * 5.8808, "customers_affected_low": 4, "customers_affected_high": 24, "customer_minutes": 480,
	}, got)
	require.Contains(t, warnings, "a customer who met failures in several hours is counted in each")
	require.Contains(t, warnings, "the number of users is not known for 1 hours with failures")
	require.Contains(t, warnings, "takes failures as independent of each other")
	require.Contains(t, warnings, "customer-minutes are missing for")
}

const ordersIndicator = `{ratioMetric: {counter: true, bad: {metricSource: {type: Prometheus, spec: {query: 'sum(rate(orders_failed_total[5m]))'}}}, total: {metricSource: {type: Prometheus, spec: {query: 'sum(rate(orders_total[5m]))'}}}}}`

// Where customers have names, each is at work in every slice in which it has events: gold
// ones lost a tenth of 240 minutes, silver ones a hundredth.
func TestNamedCustomersLoseTheirOwnMinutes(t *testing.T) {
	got, _ := stakesOf(t, open(t, tenants(t), valued(""), nil), noon, "customer_minutes")
	inDeltas(t, map[string]float64{"customer_minutes": 24 + 2.4}, got)
}

// Where customers are reckoned from failures, nobody knows how long they were at work.
func TestMinutesOfCustomersNobodyCountsAreUnknown(t *testing.T) {
	text := replace(t, valued(""), "customers: {label: tenant}", "customers: {perEvent: 0.25}")
	got, _ := stakesOf(t, open(t, tenants(t), text, nil), noon, "customer_minutes", "customers_affected")
	require.Nil(t, got["customer_minutes"])
	inDeltas(t, map[string]float64{"customers_affected": 480 * 0.25}, got)
}

// slowly is a histogram of ten requests a minute, from 6:00 on: six take up to 0.3 s, two
// up to 1 s, one up to 2 s, and one longer.
func slowly(t *testing.T) string {
	t.Helper()
	return promtest.InProcess(t, []promtest.Series{
		scraped(t, `latency_bucket{le="0.3"} 0+6x480`), scraped(t, `latency_bucket{le="1"} 0+8x480`),
		scraped(t, `latency_bucket{le="2"} 0+9x480`), scraped(t, `latency_bucket{le="+Inf"} 0+10x480`),
		scraped(t, `latency_count 0+10x480`), scraped(t, `orders_total 0+10x480`), scraped(t, `orders_failed_total 0+1x480`),
	})
}

const upToTwo = `sum(rate(latency_bucket{le="2"}[5m]))`

// waiting is a promise with customers who give up: a tenth of those who wait for longer
// than a time, and half of those who wait for longer than a second.
func waiting(from string) string {
	return sloOf("fast", `{ratioMetric: {counter: true, good: `+promQL(upToTwo)+`, total: `+promQL("sum(rate(latency_count[5m]))")+`}}`, "target: 0.5") + `---
apiVersion: stakes/v1
kind: Value
metadata: {name: request}
spec:
  select: {slo: [fast]}
  currency: EUR
  perEvent: {low: 5, base: 10, high: 20}
  notRecovered: 0.5
  abandonment: [{above: ` + from + `, share: 0.1}, {above: 1s, share: 0.5}]
`
}

// In four hours 480 requests take up to a second, of which a tenth is given up, and 240 up
// to two, of which half is: 48 + 120 = 168 at 10 euros (5 to 20). Nobody who gave up comes
// back. The 240 that take longer than two seconds failed: they are the loss, of which half
// comes back.
func TestGoodEventsThatAreSlowCostToo(t *testing.T) {
	got, warnings := stakesOf(t, open(t, slowly(t), waiting("300ms"), nil), noon, "loss", "loss_slow")
	inDeltas(t, map[string]float64{
		"loss": 240 * 10 * 0.5, "loss_slow": 1680, "loss_slow_low": 840, "loss_slow_high": 3360,
	}, got)
	require.Empty(t, strings.TrimSpace(warnings))
}

// No bucket ends at half a second: of 480 requests none or a tenth may be given up, and
// the best estimate is halfway.
func TestACurveBetweenBucketsWidensTheRange(t *testing.T) {
	got, warnings := stakesOf(t, open(t, slowly(t), waiting("500ms"), nil), noon, "loss_slow")
	inDeltas(t, map[string]float64{"loss_slow": (24 + 120) * 10, "loss_slow_low": 120 * 5, "loss_slow_high": (48 + 120) * 20}, got)
	require.Contains(t, warnings, "latency buckets do not end where the abandonment curve does")
}

// Counters do not tell how long anything took.
func TestSlownessWithoutAHistogramIsUnknown(t *testing.T) {
	text := replace(t, waiting("300ms"), `good: `+promQL(upToTwo), `bad: `+promQL(`sum(rate(orders_failed_total[5m]))`))
	text = replace(t, text, "latency_count", "orders_total")
	got, warnings := stakesOf(t, open(t, slowly(t), text, nil), noon, "loss", "loss_slow")
	inDeltas(t, map[string]float64{"loss": 240 * 10 * 0.5}, got)
	require.Nil(t, got["loss_slow"])
	require.Contains(t, warnings, "what slow events cost is not known: the queries of the indicator do not count a latency histogram")
}
