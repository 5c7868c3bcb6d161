package catalog

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

func TestSLOsOfAFileOfSloth(t *testing.T) {
	wallet := example(t, "sloth")
	require.Len(t, wallet, 2)
	ups := wallet["wallet-top-ups"]
	require.Equal(t, "wallet-top-ups", ups.DisplayName)
	require.Equal(t, "Topping up works.", ups.Description)
	require.Equal(t, "wallet", ups.Service)
	require.Equal(t, FromSloth, ups.Origin)
	require.Equal(t, map[string]string{"owner": "wallet-team", "tier": "2"}, ups.Labels, "the SLO's own win, and numbers are texts")
	require.Equal(t, Indicator{
		Bad:   `sum(rate(wallet_top_ups_total{code=~"(5..|429)"}[5m]))`,
		Total: "sum(rate(wallet_top_ups_total[5m]))",
	}, ups.Indicator)
	require.InDelta(t, 0.999, ups.Objectives[0].Target(), 0)
	require.Equal(t, "30d", ups.Objectives[0].Window().String())
	require.Equal(t, Place{"catalog", 1, 9}, ups.Place)

	satisfaction := wallet["wallet-satisfaction"]
	require.True(t, satisfaction.Indicator.RawFailure)
	require.Equal(t, "1 - (\n  sum(sum_over_time(wallet_satisfaction_ratio[5m]))\n  /\n  sum(count_over_time(wallet_satisfaction_ratio[5m]))\n)", satisfaction.Indicator.Raw)
	require.Equal(t, map[string]string{"owner": "wallet-team", "tier": "1"}, satisfaction.Labels)
}

func TestAlertsOfSloth(t *testing.T) {
	wallet := example(t, "sloth")
	ups := wallet["wallet-top-ups"]
	// Only the pages; tickets are switched off. Over 30 days their shares are Sloth's factors:
	// 0.02 x 720 h / 1 h = 14.4 and 0.05 x 720 h / 6 h = 6.
	require.Equal(t, slo.DefaultAlertWindows[:2], ups.AlertWindows)
	require.InDelta(t, 14.4, ups.AlertWindows[0].BurnFactor(ups.Objectives[0].Objective), 1e-9)
	require.InDelta(t, 6, ups.AlertWindows[1].BurnFactor(ups.Objectives[0].Objective), 1e-9)
	require.Equal(t, "TopUpsFail", ups.AlertPolicies[0].Name)
	require.Equal(t, map[string]string{"category": "availability"}, ups.AlertPolicies[0].Labels)
	require.Equal(t, map[string]string{"runbook": "https://example.com/runbooks/top-ups"}, ups.AlertPolicies[0].Annotations)
	require.False(t, ups.AlertsOff)

	require.True(t, wallet["wallet-satisfaction"].AlertsOff)
	require.Empty(t, wallet["wallet-satisfaction"].AlertWindows)
	require.Equal(t, slo.DefaultAlertWindows, example(t, "sloth-kubernetes")["vouchers-redeemed"].AlertWindows)
}

func TestSLOsOfAResourceOfSloth(t *testing.T) {
	c := Parse("catalog", kind(t, "sloth-kubernetes"))
	require.Empty(t, texts(c.Problems))
	require.Equal(t, []Definition{{Kind: "PrometheusServiceLevel", Name: "vouchers", Place: Place{"catalog", 1, 2}}}, c.Definitions)
	require.Equal(t, []Service{{Name: "vouchers", DisplayName: "vouchers"}}, c.Services)
	s := c.SLOs[0]
	require.Equal(t, "vouchers-redeemed", s.Name)
	require.Equal(t, map[string]string{"owner": "wallet-team"}, s.Labels)
	require.Equal(t, "sum(rate(voucher_request_duration_seconds_count[5m]))\n-\nsum(rate(voucher_request_duration_seconds_bucket{le=\"0.5\"}[5m]))", s.Indicator.Bad)
}

func TestDocumentsOfOursSelectSLOsOfSloth(t *testing.T) {
	text := kind(t, "sloth") + lines("---", "apiVersion: stakes/v1", "kind: Value", "metadata: {name: top-up}",
		"spec: {select: {service: [wallet], labels: {tier: '2'}}, perEvent: 3}")
	wallet := defined(t, text)
	require.Len(t, wallet["wallet-top-ups"].Values, 1)
	require.Empty(t, wallet["wallet-satisfaction"].Values)
}

func TestOneBadSLOOfSlothDoesNotHideTheOthers(t *testing.T) {
	c := Parse("catalog", change(t, kind(t, "sloth"), "objective: 95", "objective: 101"))
	require.Len(t, c.Problems, 1)
	require.Len(t, c.SLOs, 1)
	require.Equal(t, "wallet-top-ups", c.SLOs[0].Name)
	require.Equal(t, 1, c.Definitions[0].Problems)
}

func TestNamesOfSlothAndOpenSLOAreTakenOnce(t *testing.T) {
	text := kind(t, "sloth") + "---\n" + change(t, kind(t, "probe"), "  name: site-reachable\n", "  name: wallet-top-ups\n")
	c := Parse("catalog", text)
	require.Equal(t, []string{
		`catalog, document 2, line 49, metadata.name: the name of the SLO "wallet-top-ups" is taken (catalog, document 1, line 3); expected a name that no other SLO has`,
	}, texts(c.Problems))
	require.Len(t, c.SLOs, 2)

	twice := change(t, kind(t, "sloth"), "name: satisfaction", "name: top-ups")
	c = Parse("catalog", twice)
	require.Equal(t, []string{
		`catalog, document 1, line 29, slos[1].name: the name of the SLO "wallet-top-ups" is taken (catalog, document 1, line 3); expected a name that no other SLO has`,
	}, texts(c.Problems))
	require.Len(t, c.SLOs, 1)
}

func TestWhatIsWrongWithAFileOfSloth(t *testing.T) {
	runChangesOf(t, kind(t, "sloth"), []oneChange{
		{
			name: "no service", old: "service: wallet\n", new: "", at: "version:", path: "service",
			message: "service is missing; expected the service that the SLOs belong to",
		},
		{
			name: "SLO without a name", old: "  - name: top-ups\n    objective", new: "  - objective", at: "- objective: 99.9", path: "slos[0].name",
			message: "name is missing; expected a name, such as requests-availability",
		},
		{
			name: "no error allowed", old: "objective: 99.9", new: "objective: 100", at: "objective: 100", path: "slos[0].objective",
			message: "objective 100 leaves no error budget; expected a percentage below 100, such as 99.9",
		},
		{
			name: "objective above all", old: "objective: 99.9", new: "objective: 101", at: "objective: 101", path: "slos[0].objective",
			message: "objective 101 is not a percentage between 0 and 100, such as 99.9",
		},
		{
			name: "objective as a ratio", old: "objective: 99.9", new: "objective: 0.999", at: "objective: 0.999", path: "slos[0].objective", severity: Warning,
			message: "objective 0.999 means that less than 1 % of the events must be good; expected a percentage such as 99.9",
		},
		{
			name: "no objective", old: "    objective: 99.9\n", new: "", at: "- name: top-ups", path: "slos[0].objective",
			message: "objective is missing; expected a percentage such as 99.9",
		},
		{
			name: "objective in words", old: "objective: 99.9", new: "objective: high", at: "objective: high", path: "slos[0].objective",
			message: `objective is the text "high"; expected a number`,
		},
		{
			name: "query that does not parse", old: `code=~"(5..|429)"}[{{.window}}]))`, new: `code=~"(5..|429)"}[{{.window}}])`, at: "error_query:", path: "slos[0].sli.events.error_query",
			message: "error_query is not valid PromQL: unclosed left parenthesis",
		},
		{
			name: "line of a query with templates", old: "/\n            sum(count_over_time(wallet_satisfaction_ratio[{{ .window }}]))", new: "/\n            summ(count_over_time(wallet_satisfaction_ratio[{{ .window }}]))",
			at: "summ(", path: "slos[1].sli.raw.error_ratio_query", message: `error_ratio_query is not valid PromQL: unknown function with name "summ"`,
		},
		{
			name: "another template", old: "total_query: sum(rate(wallet_top_ups_total[{{.window}}]))", new: "total_query: sum(rate(wallet_top_ups_total[{{.Window}}]))", at: "{{.Window}}", path: "slos[0].sli.events.total_query",
			message: `total_query has the variable "{{.Window}}", which nothing fills in here; expected PromQL as Prometheus runs it, with a range such as [5m]`,
		},
		{
			name: "no total", old: "        total_query: sum(rate(wallet_top_ups_total[{{.window}}]))\n", new: "", at: "events:", path: "slos[0].sli.events.total_query",
			message: "total_query is empty; expected PromQL",
		},
		{
			name: "plugin", old: "      events:\n        error_query: sum(rate(wallet_top_ups_total{code=~\"(5..|429)\"}[{{.window}}]))\n        total_query: sum(rate(wallet_top_ups_total[{{.window}}]))\n",
			new: "      plugin: {id: availability, options: {job: wallet}}\n", at: "plugin:", path: "slos[0].sli.plugin",
			message: `the queries of the plugin "availability" are in its code and not in this document; expected events or raw, or the discovery of what Sloth records of it (discover)`,
		},
		{
			name: "name of the other form", old: "ticket_alert:\n        disable: true\n  - name", new: "ticketAlert:\n        disable: true\n  - name", at: "ticketAlert", path: "slos[0].alerting.ticketAlert", severity: Warning,
			message: `alerting has no field "ticketAlert" (did you mean "ticket_alert"?); expected name, labels, annotations, page_alert or ticket_alert`,
		},
		{
			name: "label that is a list", old: "tier: 1", new: "tier: [1]", at: "tier: [1]", path: "labels.tier",
			message: "tier is a list; expected a text",
		},
	})
}

func TestNothingInAFileOfSloth(t *testing.T) {
	check := func(text string, want ...string) {
		t.Helper()
		require.Equal(t, want, texts(Parse("catalog", text).Problems))
	}
	check("version: prometheus/v1\nservice: a\nslo: []\n",
		"catalog, document 1, line 1, slos: slos is missing or empty; expected at least one",
		`catalog, document 1, line 3, slo: the document has no field "slo" (did you mean "slos"?); expected version, service, labels, slo_plugins or slos`)
	check("version: prometheus/v1\nservice: a\nslos: [{name: b, objective: 99}]\n",
		"catalog, document 1, line 3, slos[0].sli: sli has none or several of events, raw and plugin; expected one of them")
	check("version: prometheus/v1\nservice: a\nslos: {name: b}\n", "catalog, document 1, line 3, slos: slos is a mapping; expected a list")
}

// JSON takes keys for fields whatever their capital letters are; Sloth does not, and
// neither is a key used here that no field has.
func TestKeysInOtherLettersAreNoFields(t *testing.T) {
	c := Parse("catalog", "version: prometheus/v1\nservice: shop\nslos:\n  - {name: a, objective: 99.9, sli: {events: {error_query: 'sum(rate(x[{{.window}}]))', totAl_querY: 'sum('}}}\n")
	require.Empty(t, c.SLOs)
	var messages []string
	for _, p := range c.Problems {
		messages = append(messages, p.Message)
	}
	require.Len(t, messages, 2, messages)
	require.Contains(t, messages[0]+messages[1], `events has no field "totAl_querY" (did you mean "total_query"?)`)
	require.Contains(t, messages[0]+messages[1], "total_query is empty; expected PromQL")
}
