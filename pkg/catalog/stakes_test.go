package catalog

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWhatIsWrongWithAValue(t *testing.T) {
	runChanges(t, []oneChange{
		{
			name: "unknown field", old: "setBy: finance", new: "setBye: finance",
			at: "setBye:", path: "spec.setBye",
			message: `spec has no field "setBye" (did you mean "setBy"?); expected select, currency, perEvent, requestsPerOrder, notRecovered, abandonment, customers, setBy, setOn, expires or source`,
		},
		{
			name: "unknown field in metadata", old: "name: any-visit", new: "name: any-visit\n  team: shop",
			at: "team: shop", path: "metadata.team",
			message: `metadata has no field "team"; expected name`,
		},
		{
			name: "no name", old: "  name: any-visit\n", new: "  name:\n",
			at: "name:\nspec:\n  select:\n    labels", path: "metadata.name",
			message: "name is missing; expected a name for this Value",
		},
		{
			name: "name with a blank", old: "name: any-visit", new: "name: any visit",
			at: "any visit", path: "metadata.name",
			message: `name is "any visit"; expected at most 63 lower-case letters, digits and "-", such as checkout-availability`,
		},
		{
			name: "no select", old: "  select:\n    labels:\n      tier: gold\n  currency: EUR\n  perEvent: 0.05", new: "  currency: EUR\n  perEvent: 0.05",
			at: "spec:\n  currency: EUR", path: "spec.select",
			message: "select is missing or empty; expected which SLOs this Value is about, by slo, service or labels",
		},
		{
			name: "empty select", old: "    labels:\n      tier: gold\n  currency: EUR\n  perEvent: 0.05", new: "    slo: []\n  currency: EUR\n  perEvent: 0.05",
			at: "select:\n    slo: []", path: "spec.select",
			message: "select is missing or empty; expected which SLOs this Value is about, by slo, service or labels",
		},
		{
			name: "select of one text", old: "    labels:\n      tier: gold\n  currency: EUR\n  perEvent: 0.05", new: "    slo: search-fast\n  currency: EUR\n  perEvent: 0.05",
			at: "slo: search-fast", path: "spec.select.slo",
			message: `slo is the text "search-fast"; expected a list, such as [one, two]`,
		},
		{
			name: "currency in words", old: "currency: EUR\n  perEvent: 0.05", new: "currency: Euro\n  perEvent: 0.05",
			at: "currency: Euro", path: "spec.currency",
			message: `currency is "Euro"; expected three capital letters, such as EUR`,
		},
		{
			name: "day that does not exist", old: "2027-06-30", new: "2027-06-31",
			at: "2027-06-31", path: "spec.expires",
			message: `expires is "2027-06-31"; expected a date such as 2027-06-30`,
		},
		{
			name: "nothing per event", old: "  perEvent: 0.05\n", new: "",
			at: "spec:\n  select:\n    labels", path: "spec.perEvent",
			message: "perEvent is missing; expected a number such as 42, PromQL, or {low, base, high}",
		},
		{
			name: "list per event", old: "perEvent: 0.05", new: "perEvent: [1, 2, 3]",
			at: "perEvent: [", path: "spec.perEvent",
			message: "perEvent is a list; expected a number such as 42, PromQL, or {low, base, high}",
		},
		{
			name: "truth per event", old: "perEvent: 0.05", new: "perEvent: true",
			at: "perEvent: true", path: "spec.perEvent",
			message: "perEvent is true; expected a number or PromQL",
		},
		{
			name: "negative constant", old: "low: 30", new: "low: -30",
			at: "low: -30", path: "spec.perEvent.low",
			message: "low is -30; expected money per event that is not negative",
		},
		{
			name: "negative constant as a text", old: "perEvent: 0.05", new: "perEvent: '-0.05'",
			at: "perEvent: '-0.05'", path: "spec.perEvent",
			message: "perEvent is -0.05; expected money per event that is not negative",
		},
		{
			name: "infinite constant", old: "perEvent: 0.05", new: "perEvent: .inf",
			at: "perEvent: .inf", path: "spec.perEvent",
			message: "perEvent is .inf; expected money per event that is not negative",
		},
		{
			name: "not a number", old: "perEvent: 0.05", new: "perEvent: NaN",
			at: "perEvent: NaN", path: "spec.perEvent",
			message: "perEvent is NaN; expected money per event that is not negative",
		},
		{
			name: "PromQL that does not parse", old: "high: sum(order_value_euros) / sum(orders)", new: "high: |\n      sum(order_value_euros) /\n        sum(orders",
			at: "sum(orders\n", path: "spec.perEvent.high",
			message: "high is not valid PromQL: unclosed left parenthesis",
		},
		{
			name: "no base", old: "    base: 42\n", new: "",
			at: "perEvent:\n    low: 30", path: "spec.perEvent.base",
			message: "base is missing; expected the estimate that perEvent goes by",
		},
		{
			name: "unknown estimate", old: "    base: 42\n", new: "    base: 42\n    hihg: 50\n",
			at: "hihg: 50", path: "spec.perEvent.hihg",
			message: `perEvent has no field "hihg" (did you mean "high"?); expected low, base or high`,
		},
		{
			name: "constants out of order", old: "low: 30", new: "low: 43",
			at: "perEvent:\n    low: 43", path: "spec.perEvent",
			message: "the estimates of perEvent are not in order; expected low <= base <= high",
		},
		{
			name: "shares out of order", old: "high: 0.8", new: "high: 0.4",
			at: "notRecovered:", path: "spec.notRecovered",
			message: "the estimates of notRecovered are not in order; expected low <= base <= high",
		},
		{
			name: "share above one", old: "high: 0.8", new: "high: 80",
			at: "high: 80", path: "spec.notRecovered.high",
			message: "high is the number 80; expected a share between 0 and 1, such as 0.5",
		},
		{
			name: "negative share", old: "low: 0.3", new: "low: -0.3",
			at: "low: -0.3", path: "spec.notRecovered.low",
			message: "low is the number -0.3; expected a share between 0 and 1, such as 0.5",
		},
		{
			name: "share in words", old: "low: 0.3", new: "low: some",
			at: "low: some", path: "spec.notRecovered.low",
			message: `low is the text "some"; expected a share between 0 and 1, such as 0.5`,
		},
	})
}

func TestWhatIsWrongWithAnAgreement(t *testing.T) {
	runChanges(t, []oneChange{
		{
			name: "no promise", old: "  promise: When you press Buy, your order goes through.\n", new: "",
			at: "spec:\n  select:\n    slo: [checkout-availability]\n  events", path: "spec.promise",
			message: "promise is missing; expected what customers are promised, in their words",
		},
		{
			name: "one stakeholder without a list", old: "stakeholders: [Head of Sales]", new: "stakeholders: Head of Sales",
			at: "stakeholders: Head", path: "spec.stakeholders",
			message: `stakeholders is the text "Head of Sales"; expected a list, such as [one, two]`,
		},
		{
			name: "no spec", old: "name: checkout-promise\nspec:\n  select:\n    slo: [checkout-availability]\n  promise: When you press Buy, your order goes through.\n  events: orders\n  owner: Payments team\n  stakeholders: [Head of Sales]\n", new: "name: checkout-promise\nspecs: {}\n",
			at: "specs: {}", path: "specs",
			message: `the document has no field "specs" (did you mean "spec"?); expected apiVersion, kind, metadata or spec`,
		},
	})
}

func TestAmounts(t *testing.T) {
	check := func(perEvent string, want AmountRange) {
		t.Helper()
		text := change(t, valid(t), "perEvent: 0.05", "perEvent: "+perEvent)
		c := Parse("catalog", text)
		require.Empty(t, c.Problems)
		require.Equal(t, want, c.SLOs[0].Values[1].PerEvent)
	}
	one := func(a Amount) AmountRange { return AmountRange{Low: a, Base: a, High: a} }
	check("42", one(Amount{Constant: 42}))
	check("0", one(Amount{}))
	check("'42.5'", one(Amount{Constant: 42.5}))
	check("1e3", one(Amount{Constant: 1000}))
	check("avg(order_value_euros)", one(Amount{PromQL: "avg(order_value_euros)"}))
	check("{base: 2}", one(Amount{Constant: 2}))
	check("{low: 1, base: 2}", AmountRange{Low: Amount{Constant: 1}, Base: Amount{Constant: 2}, High: Amount{Constant: 2}})
	check("{base: up, high: 3}", AmountRange{Low: Amount{PromQL: "up"}, Base: Amount{PromQL: "up"}, High: Amount{Constant: 3}})
}

func TestShares(t *testing.T) {
	check := func(notRecovered string, want ShareRange) {
		t.Helper()
		text := change(t, valid(t), "  perEvent: 0.05\n", "  perEvent: 0.05\n"+notRecovered)
		c := Parse("catalog", text)
		require.Empty(t, c.Problems)
		require.Equal(t, want, c.SLOs[0].Values[1].NotRecovered)
	}
	check("", ShareRange{1, 1, 1})
	check("  notRecovered:\n", ShareRange{1, 1, 1})
	check("  notRecovered: 0\n", ShareRange{0, 0, 0})
	check("  notRecovered: 0.25\n", ShareRange{0.25, 0.25, 0.25})
	check("  notRecovered: {low: 0.1, base: 0.5}\n", ShareRange{0.1, 0.5, 0.5})
}

func TestWordsOfAnAgreement(t *testing.T) {
	check := func(words, events, failed string) {
		t.Helper()
		c := Parse("catalog", change(t, valid(t), "  events: orders\n", words))
		require.Empty(t, c.Problems)
		require.Equal(t, events, c.SLOs[0].Agreement.Events)
		require.Equal(t, failed, c.SLOs[0].Agreement.Failed)
	}
	check("", "requests", "failed")
	check("  events: ' '\n  failed:\n", "requests", "failed")
	check("  events: searches\n  failed: took too long\n", "searches", "took too long")
}
