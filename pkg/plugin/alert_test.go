package plugin

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/internal/grafanatest"
)

// alerting is the shop's catalogue with conditions, each a severity and a lookback, for
// the alerts of an SLO.
func alerting(t testing.TB, name string, conditions ...[2]string) string {
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
            spec: {severity: %s, condition: {kind: burnrate, op: gt, threshold: 1.5, lookbackWindow: %s}}
        notificationTargets: [{targetRef: nobody}]
`, i, i, c[0], c[1])
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
	text := alerting(t, "orders", [2]string{"page", "30m"}, [2]string{"ticket", "1h"}, [2]string{"page", "2h"})
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
