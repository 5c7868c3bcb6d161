package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestValueOfEverything(t *testing.T) {
	silver := Amount{PromQL: `sum(ticket_price_euros{tier="silver"}) / sum(tickets{tier="silver"})`}
	other := Amount{Constant: 25}
	require.Equal(t, []Value{{
		Name:     "ticket",
		Currency: "EUR",
		PerEvent: AmountRange{other, other, other},
		ByLabel: &LabelAmounts{Label: "tier", Values: map[string]AmountRange{
			"gold":   {Amount{Constant: 60}, Amount{Constant: 80}, Amount{Constant: 120}},
			"silver": {silver, silver, silver},
		}},
		RequestsPerOrder: 3,
		NotRecovered:     ShareRange{0.3, 0.5, 0.8},
		Abandonment:      []Abandonment{{time.Second, 0.05}, {3 * time.Second, 0.2}},
		Customers:        &Customers{UniqueUsers: "sum(ticket_visitors)", RequestsPerUser: 4},
		SetBy:            "Finance",
		SetOn:            "2026-01-15",
		Expires:          "2027-01-31",
		Source:           "Annual report 2025, page 12",
		Place:            Place{"catalog", 2, 32},
	}}, example(t, "value")["tickets-sold"].Values)
}

func TestWaysOfCountingCustomers(t *testing.T) {
	const given = "    uniqueUsers: sum(ticket_visitors)\n    requestsPerUser: 4\n"
	check := func(customers string, want Customers) {
		t.Helper()
		s := defined(t, change(t, kind(t, "value"), given, customers))["tickets-sold"]
		require.Equal(t, want, *s.Values[0].Customers)
	}
	check("    label: tenant\n", Customers{Label: "tenant"})
	check("    perEvent: 0.7\n", Customers{PerEvent: 0.7})
}

func TestWhatIsWrongWithMoreOfAValue(t *testing.T) {
	const table = "spec.perEvent.perLabel"
	runChangesOf(t, kind(t, "value"), []oneChange{
		{
			name: "estimates beside a table", old: "  perEvent: #", new: "  perEvent:\n    base: 3 #", at: "base: 3", path: "spec.perEvent.base",
			message: "base is given beside perLabel; expected it among the values of perLabel",
		},
		{
			name: "table that is none", old: "      label: tier # of the indicator's series\n      values:\n        gold: {low: 60, base: 80, high: 120}\n        silver: sum(ticket_price_euros{tier=\"silver\"}) / sum(tickets{tier=\"silver\"})\n      otherwise: 25\n",
			new: "      tier\n", at: "perLabel:\n      tier", path: table,
			message: `perLabel is the text "tier"; expected a mapping with label, values or otherwise`,
		},
		{
			name: "unknown field of a table", old: "otherwise: 25", new: "othrwise: 25\n      otherwise: 25", at: "othrwise", path: table + ".othrwise",
			message: `perLabel has no field "othrwise" (did you mean "otherwise"?); expected label, values or otherwise`,
		},
		{
			name: "no label", old: "      label: tier # of the indicator's series\n", new: "", at: "perLabel:\n", path: table + ".label",
			message: "label is empty; expected the name of a label, such as tier",
		},
		{
			name: "label with a blank", old: "label: tier #", new: "label: the tier #", at: "label: the tier", path: table + ".label",
			message: `label is the text "the tier"; expected the name of a label, such as tier`,
		},
		{
			name: "no values", old: "      values:\n        gold: {low: 60, base: 80, high: 120}\n        silver: sum(ticket_price_euros{tier=\"silver\"}) / sum(tickets{tier=\"silver\"})\n",
			new: "      values: {}\n", at: "values: {}", path: table + ".values",
			message: "values is a mapping; expected what an event is worth by the label's value, such as {gold: 50, silver: 20}",
		},
		{
			name: "negative value of a label", old: "low: 60, base: 80", new: "low: -60, base: 80", at: "low: -60", path: table + ".values.gold.low",
			message: "low is -60; expected money per event that is not negative",
		},
		{
			name: "PromQL of a label that does not parse", old: `/ sum(tickets{tier="silver"})`, new: "/ sum(tickets", at: "silver: sum", path: table + ".values.silver",
			message: "silver is not valid PromQL: unclosed left parenthesis",
		},
		{
			name: "nothing otherwise", old: "      otherwise: 25\n", new: "", at: "perLabel:\n", path: table + ".otherwise",
			message: "otherwise is missing; expected what an event with another tier is worth, such as 0",
		},
		{
			name: "less than one request per order", old: "requestsPerOrder: 3", new: "requestsPerOrder: 0.5", at: "requestsPerOrder", path: "spec.requestsPerOrder",
			message: "requestsPerOrder is 0.5; expected a number of at least 1",
		},
		{
			name: "requests per order in words", old: "requestsPerOrder: 3", new: "requestsPerOrder: three", at: "requestsPerOrder", path: "spec.requestsPerOrder",
			message: `requestsPerOrder is the text "three"; expected a number`,
		},
		{
			name: "curve that jumps back", old: "above: 3s", new: "above: 500ms", at: "above: 500ms", path: "spec.abandonment[1].above",
			message: "above is not longer than in the point before; expected the durations to rise",
		},
		{
			name: "curve that falls", old: "share: 0.2}", new: "share: 0.01}", at: "share: 0.01", path: "spec.abandonment[1].share",
			message: "share is lower than in the point before; expected slower events to be given up at least as often",
		},
		{
			name: "share of a curve in percent", old: "share: 0.2}", new: "share: 20}", at: "share: 20", path: "spec.abandonment[1].share",
			message: "share is 20; expected a share between 0 and 1, such as 0.05",
		},
		{
			name: "no share in a curve", old: ", share: 0.2}", new: "}", at: "{above: 3s", path: "spec.abandonment[1].share",
			message: "share is missing; expected a share between 0 and 1, such as 0.05",
		},
		{
			name: "no duration in a curve", old: "{above: 3s, share", new: "{share", at: "{share: 0.2", path: "spec.abandonment[1].above",
			message: "above is missing; expected a duration from which events are given up, such as 10m",
		},
		{
			name: "duration that is none", old: "above: 3s", new: "above: slow", at: "above: slow", path: "spec.abandonment[1].above",
			message: `above is "slow"; expected a duration such as 10m, 1h30m or 2d`,
		},
		{
			name: "two ways of counting customers", old: "    requestsPerUser: 4\n", new: "    requestsPerUser: 4\n    label: tenant\n", at: "customers:", path: "spec.customers",
			message: "customers has label and uniqueUsers; expected one of label, uniqueUsers (with requestsPerUser) and perEvent",
		},
		{
			name: "no way of counting customers", old: "    uniqueUsers: sum(ticket_visitors)\n", new: "", at: "customers:", path: "spec.customers",
			message: "customers has nothing to count by; expected one of label, uniqueUsers (with requestsPerUser) and perEvent",
		},
		{
			name: "users without their requests", old: "    requestsPerUser: 4\n", new: "", at: "customers:", path: "spec.customers.requestsPerUser",
			message: "requestsPerUser is missing; expected a number of at least 1",
		},
		{
			name: "requests without users", old: "    uniqueUsers: sum(ticket_visitors)\n", new: "    label: tenant\n", at: "requestsPerUser", path: "spec.customers.requestsPerUser",
			message: "requestsPerUser is given without uniqueUsers; expected both",
		},
		{
			name: "users by PromQL that does not parse", old: "uniqueUsers: sum(ticket_visitors)", new: "uniqueUsers: sum(ticket_visitors", at: "uniqueUsers", path: "spec.customers.uniqueUsers",
			message: "uniqueUsers is not valid PromQL: unclosed left parenthesis",
		},
		{
			name: "no customer per event", old: "    uniqueUsers: sum(ticket_visitors)\n    requestsPerUser: 4\n", new: "    perEvent: 0\n", at: "perEvent: 0\n", path: "spec.customers.perEvent",
			message: "perEvent is 0; expected a number above 0",
		},
		{
			name: "set on no day", old: "setOn: 2026-01-15", new: "setOn: January", at: "setOn", path: "spec.setOn",
			message: `setOn is "January"; expected a date such as 2027-06-30`,
		},
		{
			name: "expired before it was set", old: "expires: 2027-01-31", new: "expires: 2025-01-31", at: "expires", path: "spec.expires",
			message: "expires is before setOn; expected a later date",
		},
	})
}
