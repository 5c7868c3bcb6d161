package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

const weekOfWindows = `
apiVersion: sloth.slok.dev/v1
kind: AlertWindows
spec:
  sloPeriod: 7d
  page:
    quick: {errorBudgetPercent: 8, shortWindow: 5m, longWindow: 1h}
    slow: {errorBudgetPercent: 12.5, shortWindow: 30m, longWindow: 6h}
  ticket:
    quick: {errorBudgetPercent: 20, shortWindow: 2h, longWindow: 1d}
    slow: {errorBudgetPercent: 42, shortWindow: 6h, longWindow: 3d}
`

const slothOfOne = `
version: prometheus/v1
service: shop
slos:
  - name: basket
    objective: 99
    sli: {events: {error_query: 'sum(rate(basket_total{code=~"5.."}[{{.window}}]))', total_query: 'sum(rate(basket_total[{{.window}}]))'}}
    alerting: {page_alert: {}, ticket_alert: {}}
`

func TestTheOnlyAlertWindowsOfSlothAreThoseOfItsSLOs(t *testing.T) {
	c := Parse("catalog", slothOfOne+"---"+weekOfWindows)
	require.Empty(t, c.Problems)
	s := c.SLOs[0]
	require.Equal(t, 7*24*time.Hour, s.Objectives[0].Window().Duration())
	require.Equal(t, []slo.AlertWindow{
		{Severity: "page", Share: 0.08, Short: 5 * time.Minute, Long: time.Hour},
		{Severity: "page", Share: 0.125, Short: 30 * time.Minute, Long: 6 * time.Hour},
		{Severity: "ticket", Share: 0.2, Short: 2 * time.Hour, Long: 24 * time.Hour},
		{Severity: "ticket", Share: 0.42, Short: 6 * time.Hour, Long: 3 * 24 * time.Hour},
	}, s.AlertWindows)
	require.Equal(t, Definition{Kind: "AlertWindows", Name: "7d", Place: Place{"catalog", 2, 10}}, c.Definitions[1])
}

// Which of several is meant, only the command line of Sloth says; without a word, it is
// 30 days.
func TestOfSeveralAlertWindowsThoseOfSlothsOwnPeriodHold(t *testing.T) {
	month := change(t, change(t, weekOfWindows, "sloPeriod: 7d", "sloPeriod: 30d"), "errorBudgetPercent: 8", "errorBudgetPercent: 3")
	c := Parse("catalog", weekOfWindows+"---"+slothOfOne+"---"+month)
	require.Empty(t, c.Problems)
	require.Equal(t, 30*24*time.Hour, c.SLOs[0].Objectives[0].Window().Duration())
	require.InDelta(t, 0.03, c.SLOs[0].AlertWindows[0].Share, 0)

	// None of them is of 30 days: Sloth's own hold.
	c = Parse("catalog", weekOfWindows+"---"+slothOfOne+"---"+change(t, month, "30d", "28d"))
	require.Equal(t, 30*24*time.Hour, c.SLOs[0].Objectives[0].Window().Duration())
	require.InDelta(t, 0.02, c.SLOs[0].AlertWindows[0].Share, 0)
}

func TestWhatIsWrongWithAlertWindowsIsSaid(t *testing.T) {
	check := func(text string, want ...string) {
		t.Helper()
		require.Equal(t, want, texts(Parse("catalog", text).Problems))
	}
	check(change(t, weekOfWindows, "errorBudgetPercent: 8,", "errorBudgetPercent: 800,"),
		`catalog, document 1, line 7, spec.page.quick.errorBudgetPercent: errorBudgetPercent is 800; expected a percentage above 0 and up to 100`)
	check(change(t, weekOfWindows, "shortWindow: 30m", "shortWindow: 30h"),
		`catalog, document 1, line 8, spec.page.slow.shortWindow: shortWindow 30h is longer than longWindow 6h; expected it to be the shorter one`)
	check(change(t, weekOfWindows, "  sloPeriod: 7d\n", ""),
		`catalog, document 1, line 4, spec.sloPeriod: sloPeriod is missing; expected the period that SLOs are judged over, such as 10m`)
	check(weekOfWindows+"---"+weekOfWindows,
		`catalog, document 2, line 16, spec.sloPeriod: the name of the AlertWindows "7d" is taken (catalog, document 1, line 2); expected a name that no other AlertWindows has`)
}
