package catalog

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

func TestIncidents(t *testing.T) {
	c := Parse("catalog", kind(t, "incident"))
	require.Empty(t, c.Problems)
	require.Len(t, c.Incidents, 2)
	leak, fine := c.Incidents[0], c.Incidents[1]
	require.Equal(t, Incident{
		Name:        "leaked-addresses",
		Description: "Addresses of customers could be read without a password.",
		Kind:        "breach",
		Interval:    slo.Interval{From: at(t, "2026-04-10T08:00:00Z"), To: at(t, "2026-04-12T17:00:00Z")},
		Cost:        MoneyRange{20000, 45000, 150000},
		Currency:    "EUR",
		Customers:   slo.Known(1800),
		Source:      "Report of the data protection officer",
		Selects:     true,
		Place:       Place{"catalog", 2, 32},
	}, leak)
	require.Equal(t, []Incident{leak}, c.SLOs[0].Incidents)
	require.False(t, fine.Selects)
	require.Equal(t, slo.Number{}, fine.Customers, "nobody says how many")
	require.Equal(t, MoneyRange{30000, 30000, 30000}, fine.Cost)
	require.Equal(t, at(t, "2026-04-12T15:00:00Z"), fine.Interval.From.UTC(), "five o'clock in Berlin, in summer")
}

func TestWhatIsWrongWithAnIncident(t *testing.T) {
	runChangesOf(t, kind(t, "incident"), []oneChange{
		{
			name: "no description", old: "  description: Addresses of customers could be read without a password.\n", new: "", at: "spec:\n  select: # may", path: "spec.description",
			message: "description is missing; expected what happened",
		},
		{
			name: "kind that is none", old: "kind: breach #", new: "kind: breech #", at: "kind: breech", path: "spec.kind",
			message: `kind is "breech" (did you mean "breach"?); expected breach, data-loss, fine, outage or other`,
		},
		{
			name: "end before the start", old: "end: 2026-04-12T17:00:00Z", new: "end: 2026-04-09T17:00:00Z", at: "end: 2026-04-09", path: "spec.end",
			message: "end is not after start; expected a later time",
		},
		{
			name: "no start", old: "  start: 2026-04-10T08:00:00Z\n", new: "", at: "spec:\n  select: # may", path: "spec.start",
			message: "start is missing; expected a time such as 2026-11-27T18:00:00Z",
		},
		{
			name: "local time without a zone", old: "start: 2026-04-10T08:00:00Z", new: "start: 2026-04-10 08:00", at: "start: 2026-04-10", path: "spec.start",
			message: `start is "2026-04-10 08:00", which does not say in which time zone; expected an offset as in 2026-11-27T18:00:00+01:00, or a timeZone beside it`,
		},
		{
			name: "no cost", old: "  cost: 30000\n", new: "", at: "spec:\n  description: Fine", path: "spec.cost",
			message: "cost is missing; expected a number for what it cost, or {low, base, high}",
		},
		{
			name: "cost by PromQL", old: "cost: 30000", new: "cost: sum(fines)", at: "cost: sum", path: "spec.cost",
			message: `cost is the text "sum(fines)"; expected money that is not negative, such as 1200`,
		},
		{
			name: "negative cost", old: "cost: 30000", new: "cost: -30000", at: "cost: -30000", path: "spec.cost",
			message: "cost is the number -30000; expected money that is not negative, such as 1200",
		},
		{
			name: "cost out of order", old: "high: 150000", new: "high: 40000", at: "cost: {low", path: "spec.cost",
			message: "the estimates of cost are not in order; expected low <= base <= high",
		},
		{
			name: "fewer customers than none", old: "customers: 1800", new: "customers: -1", at: "customers: -1", path: "spec.customers",
			message: "customers is -1; expected a number that is not negative",
		},
		{
			name: "no source", old: "  source: Notice of the authority\n", new: "", at: "spec:\n  description: Fine", path: "spec.source",
			message: "source is missing; expected who says so, such as a report",
		},
		{
			name: "currency in words", old: "currency: EUR\n  customers", new: "currency: euro\n  customers", at: "currency: euro", path: "spec.currency",
			message: `currency is "euro"; expected three capital letters, such as EUR`,
		},
		{
			name: "empty select", old: "    slo: [profiles-open]\n", new: "    slo: []\n", at: "select: # may", path: "spec.select",
			message: "select is missing or empty; expected which SLOs this Incident is about, by slo, service or labels",
		},
	})
}

func TestMoneyOfSeveralDocumentsIsInOneCurrency(t *testing.T) {
	text := kind(t, "incident") + lines("---", "apiVersion: stakes/v1", "kind: Value", "metadata: {name: profile}",
		"spec: {select: {slo: [profiles-open]}, currency: USD, perEvent: 1}")
	require.Equal(t, []string{
		`catalog, document 2, line 44, spec.currency: Incident "leaked-addresses" is in EUR and Value "profile" (catalog, document 4, line 62) is in USD, and both select the SLO "profiles-open"; expected one currency per SLO`,
	}, texts(Parse("catalog", text).Problems))
}
