package plugin

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/internal/grafanatest"
	"github.com/stakes-slo/stakes-slo-datasource/internal/promtest"
)

// condition is one that an SLO alerts at, and for how long it must hold.
type condition struct{ severity, lookback, after string }

// alerting is the shop's catalogue in which an SLO alerts at a burn rate of 1.5.
func alerting(t testing.TB, name string, conditions ...condition) string {
	t.Helper()
	policies := "  alertPolicies:\n"
	for i, c := range conditions {
		policies += fmt.Sprintf(`    - kind: AlertPolicy
      metadata: {name: policy-%d}
      spec:
        alertWhenBreaching: true
        conditions:
          - kind: AlertCondition
            metadata: {name: condition-%d}
            spec: {severity: %s, condition: {kind: burnrate, op: gt, threshold: 1.5, lookbackWindow: %s, alertAfter: %s}}
        notificationTargets: [{targetRef: nobody}]
`, i, i, c.severity, c.lookback, cmp.Or(c.after, "0m"))
	}
	before, after, found := strings.Cut(catalogue(t), "metadata: {name: "+name+",")
	require.True(t, found)
	head, rest, _ := strings.Cut(after, "spec:\n")
	return before + "metadata: {name: " + name + "," + head + "spec:\n" + policies + rest
}

// alertOf are the instances that Grafana's alerting makes of the question "alert" for
// all promises, by their labels.
func alertOf(t testing.TB, ds *Datasource) map[string]any {
	t.Helper()
	frames := answered(t, ds, typeAlert, `{}`)
	_, err := grafanatest.Alert(frames)
	require.NoError(t, err)
	return figuresOf(t, frames)
}

// Orders fail at twice what may, searches at five times and at half, payments at a
// fifth. Of the SLO that has policies, each severity is one instance, in whatever order
// its conditions come.
func TestAnAlertHasOneInstanceForEachPromiseAndSeverity(t *testing.T) {
	text := alerting(t, "orders", condition{"page", "30m", ""}, condition{"ticket", "1h", ""}, condition{"page", "2h", ""})
	const page, ticket = "service=checkout, severity=page, slo=orders", "service=checkout, severity=ticket, slo=orders"
	got := alertOf(t, open(t, shop(t), text, nil))
	require.Equal(t, 1.0, got[page])
	require.Equal(t, 1.0, got[ticket])

	// Where it cannot be evaluated it has the same instances, without a value.
	blank := alertOf(t, open(t, failingOn(t, "orders_total"), text, nil))
	require.Contains(t, blank, page)
	require.Nil(t, blank[page])
	require.Nil(t, blank[ticket])
	require.Equal(t, slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(blank)), "an instance that vanishes is taken as resolved")
}

// All orders fail since 11:52, eight minutes before noon. Over ten minutes that is at
// 11:54 a burn rate of 20 already, and nothing before.
func TestAConditionMayHaveToHoldForAWhile(t *testing.T) {
	url := promtest.InProcess(t, []promtest.Series{scraped(t, `orders_total 1000+10x360`), scraped(t, `orders_failed_total 1+0x352 11+10x7`)})
	const page = "service=checkout, severity=page, slo=orders"
	check := func(want float64, note, after string) {
		t.Helper()
		ds := open(t, url, alerting(t, "orders", condition{"page", "10m", after}), nil)
		require.Equal(t, want, alertOf(t, ds)[page])
		table := answered(t, ds, typeAlert, `{"select":{"slo":["orders"]},"format":"table"}`)
		require.Equal(t, []any{note}, column(t, table, "note"))
	}
	check(1, "", "0m")
	check(1, "", "5m")
	check(0, "not yet for 10m", "10m")
}

// Lookbacks of an hour and more say nothing about a window of half an hour that its budget
// does not say.
func TestAPromiseWithoutAlertsSaysSo(t *testing.T) {
	ds := open(t, shop(t), catalogue(t), nil)
	frames := answered(t, ds, typeAlert, `{"select":{"slo":["orders"]},"window":"30m"}`)
	require.Empty(t, frames[0].Fields)
	require.Equal(t, []string{"Orders: it has no alerts: every lookback is at least as long as its window"}, noticesOf(frames))
	require.Empty(t, noticesOf(answered(t, ds, typeAlert, `{"select":{"slo":["orders"]}}`)))
}
