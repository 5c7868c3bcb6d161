package prom

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// understood is what compile makes of a query, in one line: the signed counters,
// or how the value of the query is read.
func understood(e expression) string {
	var parts []string
	for _, t := range e.terms {
		sign := "+"
		if t.sign < 0 {
			sign = "-"
		}
		parts = append(parts, sign+t.selector)
	}
	switch {
	case len(parts) > 0:
		return strings.Join(parts, " ")
	case e.rate:
		return "as written, per second"
	case e.window > 0:
		return fmt.Sprintf("as written, per %s", e.window)
	}
	return "as written, per slice"
}

func TestCountersAreRecognisedWhereTheirGrowthIsWhatIsAskedFor(t *testing.T) {
	check := func(query, want string) {
		t.Helper()
		e, err := compile(query)
		require.NoError(t, err, query)
		require.Equal(t, want, understood(e), query)
	}
	for _, function := range []string{"rate", "irate", "increase"} {
		check(function+`(a_total[5m])`, `+a_total`)
		check(`sum(`+function+`(a_total{code="500"}[5m]))`, `+a_total{code="500"}`)
	}
	check(`sum by (pod) (rate(a_total[5m]))`, `+a_total`)
	check(`sum without (pod) (rate(a_total[5m]))`, `+a_total`)
	check(`sum(sum by (pod) (rate(a_total[5m])))`, `+a_total`)
	check(`((sum(((rate(a_total[5m]))))))`, `+a_total`)
	check(`a_total`, `+a_total`)
	check(`sum(a_total)`, `+a_total`)
	check(`rate(latency_bucket{le="0.3"}[5m])`, `+latency_bucket{le="0.3"}`)
	check(`rate(odd_name[5m])`, `+odd_name`)
	check(`sum(rate({__name__="a_total"}[5m]))`, `+{__name__="a_total"}`)
	check(`sum(rate({"http.requests"}[5m]))`, `+{__name__="http.requests"}`)
	check(`rate(job:a:count[5m])`, `+job:a:count`)
	check(`sum(rate(a_total[5m])) or vector(0)`, `+a_total`)
	check(`(sum(rate(a_total[5m])) or vector(0))`, `+a_total`)

	check(`sum(rate(a_total[5m])) + sum(rate(b_total[5m]))`, `+a_total +b_total`)
	check(`sum(rate(a_total[5m])) - sum(rate(b_total[5m]))`, `+a_total -b_total`)
	check(`sum(rate(a_total[5m])) - (sum(rate(b_total[5m])) - sum(rate(c_total[5m])))`, `+a_total -b_total +c_total`)
	check(`(sum(rate(a_total[5m])) or vector(0)) - (sum(rate(b_total[5m])) or vector(0))`, `+a_total -b_total`)
	check(`sum(sum(rate(a_total[5m])) + sum(rate(b_total[5m])))`, `+a_total +b_total`)
	// A pod without errors has none: PromQL would leave it out.
	check(`sum by (pod) (rate(a_total[5m])) - sum by (pod) (rate(b_total[5m]))`, `+a_total -b_total`)
	check(`sum by (pod) (rate(a_total[5m])) or 0 * sum by (pod) (rate(b_total[5m]))`, `+a_total`)
	// Matching by all labels that there are is matching as it is without a word.
	check(`sum by (pod) (rate(a_total[5m])) - on (pod) sum by (pod) (rate(b_total[5m]))`, `+a_total -b_total`)
	check(`sum by (pod) (rate(a_total[5m])) - ignoring (code) sum by (pod) (rate(b_total[5m]))`, `+a_total -b_total`)
	check(`sum(rate(a_total[5m])) + on () sum(rate(b_total[5m]))`, `+a_total +b_total`)
	check(`sum(rate(a_total[5m])) or on () vector(0)`, `+a_total`)
}

// A difference of several series leaves out what has no partner, and an offset
// counts other events than those of the slice: neither is a matter of counters.
func TestWhatIsNoSumOfCountersIsEvaluatedAsWritten(t *testing.T) {
	check := func(query, want string) {
		t.Helper()
		e, err := compile(query)
		require.NoError(t, err, query)
		require.Empty(t, e.terms, query)
		require.Equal(t, want, understood(e), query)
	}
	const perSecond, perHour, perSlice = "as written, per second", "as written, per 1h0m0s", "as written, per slice"
	check(`rate(a_total[5m]) - rate(b_total[5m])`, perSecond)
	check(`sum by (pod) (rate(a_total[5m])) - sum by (job) (rate(b_total[5m]))`, perSecond)
	check(`sum by (pod, code) (rate(a_total[5m])) - on (pod) group_left sum by (pod) (rate(b_total[5m]))`, perSecond)
	check(`sum by (pod) (rate(a_total[5m])) - ignoring (pod) sum by (pod) (rate(b_total[5m]))`, perSecond)
	check(`sum without (pod) (rate(a_total[5m])) + sum without (pod) (rate(b_total[5m]))`, perSecond)
	check(`sum(rate(a_total[5m])) - sum by (pod) (rate(b_total[5m]))`, perSecond)
	check(`sum(rate(a_total[5m])) - (rate(b_total[5m]) or vector(0))`, perSecond)
	check(`sum(rate(a_total[5m] offset 1h))`, perSecond)
	check(`sum(rate(a_total[5m] @ 1000))`, perSecond)
	check(`sum(rate(a_total[5m] @ end()))`, perSecond)
	check(`sum(rate({__name__=~"a_.*"}[5m]))`, perSecond)
	check(`sum(rate({code="500"}[5m]))`, perSecond)
	check(`avg(rate(a_total[5m]))`, perSecond)
	check(`sum(rate(a_total[5m])) * 2`, perSecond)
	check(`sum(rate(a_total[5m])) or vector(1)`, perSecond)
	check(`sum(rate(a_total[5m])) or sum(rate(b_total[5m]))`, perSecond)
	check(`sum(rate(a_total[5m:1m]))`, perSecond)
	check(`sum(job:a:rate5m)`, perSecond)
	check(`job:a_errors:rate_5m`, perSecond)
	check(`sum(grafana_slo_total_rate_5m{grafana_slo_uuid="a"})`, perSecond)
	check(`sum(increase(a_total[1h])) * 2`, perHour)
	check(`a_total:increase1h`, perSlice) // no rule for its name: the events of a slice
	check(`sum(requests)`, perSlice)
	check(`sum(delta(a_total[1h]))`, perSlice)
}

func TestACounterAsItStandsIsRefusedInsideACalculation(t *testing.T) {
	check := func(query, want string) {
		t.Helper()
		_, err := compile(query)
		require.EqualError(t, err, want)
	}
	check(`a_total * 2`, `PromQL a_total * 2 uses the counter a_total as it stands; expected rate(a_total[5m])`)
	check(`avg(latency_count{x="y"})`, `PromQL avg(latency_count{x="y"}) uses the counter latency_count as it stands; expected rate(latency_count[5m])`)
	check(`sum(rate(a_total[5m])) - b_bucket`, `PromQL sum(rate(a_total[5m])) - b_bucket uses the counter b_bucket as it stands; expected rate(b_bucket[5m])`)
	_, err := compile(`sum(rate(a_total[5m])`)
	require.ErrorContains(t, err, "PromQL sum(rate(a_total[5m]): 1:22: parse error")

	// In a range or with others that are counted it is none of that.
	for _, query := range []string{`max_over_time(a_total[5m])`, `sum(a_total) - sum(b_total)`} {
		_, err := compile(query)
		require.NoError(t, err, query)
	}
}

// Fifteen minutes at two per second are 1800 events; 1800 in an hour leave 450 in a
// quarter of it.
func TestAsWrittenValuesAreTurnedIntoTheEventsOfASlice(t *testing.T) {
	check := func(e expression, value, want float64) {
		t.Helper()
		require.InDelta(t, want, e.events(value, 15*time.Minute), 1e-9)
	}
	check(expression{rate: true}, 2, 1800)
	check(expression{window: time.Hour}, 1800, 450)
	check(expression{}, 7, 7)
	check(expression{rate: true, window: time.Hour}, 2, 1800) // a rate outweighs
}

// A count and an estimate do not make a ratio: one query that cannot be counted
// has the other evaluated as written too.
func TestAnIndicatorIsCountedOnlyAsAWhole(t *testing.T) {
	check := func(ind Indicator, method, problem string) {
		t.Helper()
		got, err := compileIndicator(ind)
		if problem != "" {
			require.ErrorContains(t, err, problem)
			return
		}
		require.NoError(t, err)
		require.Equal(t, method, got.method)
	}
	const counted, written = `sum(rate(a_total[5m]))`, `avg(rate(a_total[5m]))`
	check(Indicator{Good: counted, Total: counted}, Counted, "")
	check(Indicator{Bad: counted, Total: counted}, Counted, "")
	check(Indicator{Good: counted, Bad: counted}, Counted, "")
	check(Indicator{Good: counted, Total: written}, AsWritten, "")
	check(Indicator{Bad: written, Total: counted}, AsWritten, "")
	check(Indicator{Good: "a_total", Total: written}, "", "uses the counter a_total as it stands")
	check(Indicator{Good: counted}, "", "needs two of good, bad and total events")
	check(Indicator{Total: counted}, "", "needs two of good, bad and total events")
	check(Indicator{}, "", "needs two of good, bad and total events")
}

// A slice is covered by evaluations that are as far apart as each of them looks back.
func TestAsWrittenQueriesAreEvaluatedAsOftenAsCoversASlice(t *testing.T) {
	check := func(query string, slice time.Duration, want string) {
		t.Helper()
		e, err := compile(query)
		require.NoError(t, err)
		require.Equal(t, want, e.over(slice))
	}
	check(`max(rate(a_total[5m]))`, time.Hour, `sum_over_time(((max(rate(a_total[5m]))) < +Inf)[1h:5m])`)
	check(`max(rate(a_total[7m]))`, time.Hour, `sum_over_time(((max(rate(a_total[7m]))) < +Inf)[1h:6m])`)
	check(`max(increase(a_total[2h]))`, time.Hour, `max(increase(a_total[2h]))`)
	check(`max(rate(a_total[5m]))`, 5*time.Minute, `max(rate(a_total[5m]))`)
	check(`sum(job:a:rate5m)`, 10*time.Minute, `sum_over_time(((sum(job:a:rate5m)) < +Inf)[10m:1m])`)
	check(`sum(requests)`, time.Hour, `sum(requests)`)
	// A gauge that is compared, as in examples of Sloth's.
	check(`sum_over_time((count(quality < 0.75))[5m:]) or on () vector(0)`, time.Hour, `sum_over_time(((sum_over_time((count(quality < 0.75))[5m:]) or on () vector(0)) < +Inf)[1h:5m])`)
	check(`scalar(max(rate(a_total[5m])))`, time.Hour, `scalar(max(rate(a_total[5m])))`)
}
