package catalog

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

func TestPolicyOfAnSLO(t *testing.T) {
	require.Equal(t, &Policy{
		Name: "orders-budget",
		States: []PolicyState{
			{Name: "freeze", When: PolicyCondition{BudgetRemainingBelow: slo.Known(0)}, Consequence: "Only repairs are released.", Owner: "Head of Engineering"},
			{Name: "caution", When: PolicyCondition{BurnRateAbove: slo.Known(2)}, Consequence: "Releases need a second pair of eyes.", Owner: "Orders team"},
			{Name: "ship", When: PolicyCondition{Always: true}, Consequence: "Releases go out as they are ready."},
		},
		Exceptions: []PolicyException{{Until: "2026-12-24", Reason: "The law changes on New Year's Day.", By: "Chief Executive Officer"}},
		Place:      Place{"catalog", 2, 32},
	}, example(t, "policy")["orders-taken"].Policy)
}

func TestStateBelowAnOverspentBudget(t *testing.T) {
	s := defined(t, change(t, kind(t, "policy"), "budgetRemainingBelow: 0", "budgetRemainingBelow: -0.5"))["orders-taken"]
	require.Equal(t, slo.Known(-0.5), s.Policy.States[0].When.BudgetRemainingBelow)
}

func TestWhatIsWrongWithAPolicy(t *testing.T) {
	const when = "expected always, {budgetRemainingBelow: 0.25} or {burnRateAbove: 2}"
	runChangesOf(t, kind(t, "policy"), []oneChange{
		{
			name: "state that hides the others", old: "when: {budgetRemainingBelow: 0}", new: "when: always", at: "when: always", path: "spec.states[0].when",
			message: "this state always holds, so that those after it never do; expected it last",
		},
		{
			name: "no condition", old: "      when: {burnRateAbove: 2}\n", new: "", at: "- name: caution", path: "spec.states[1].when",
			message: "when is empty; " + when,
		},
		{
			name: "two conditions", old: "{burnRateAbove: 2}", new: "{burnRateAbove: 2, budgetRemainingBelow: 0.5}", at: "burnRateAbove", path: "spec.states[1].when",
			message: "when is a mapping of 2 fields; " + when,
		},
		{
			name: "condition in words", old: "{burnRateAbove: 2}", new: "sometimes", at: "sometimes", path: "spec.states[1].when",
			message: `when is the text "sometimes"; ` + when,
		},
		{
			name: "condition that is none", old: "burnRateAbove: 2", new: "burnRate: 2", at: "burnRate: 2", path: "spec.states[1].when.burnRate",
			message: `when has no field "burnRate"; ` + when,
		},
		{
			name: "burn rate of nothing", old: "burnRateAbove: 2", new: "burnRateAbove: 0", at: "burnRateAbove: 0", path: "spec.states[1].when.burnRateAbove",
			message: "burnRateAbove is the number 0; expected a number above 0, such as 2",
		},
		{
			name: "budget in percent", old: "budgetRemainingBelow: 0", new: "budgetRemainingBelow: 25", at: "budgetRemainingBelow: 25", path: "spec.states[0].when.budgetRemainingBelow",
			message: "budgetRemainingBelow is the number 25; expected a ratio of the budget up to 1, such as 0.25",
		},
		{
			name: "no consequence", old: "      consequence: Releases go out as they are ready.\n", new: "", at: "- name: ship", path: "spec.states[2].consequence",
			message: "consequence is missing; expected what is done in this state",
		},
		{
			name: "no name", old: "- name: caution\n      when", new: "- when", at: "- when", path: "spec.states[1].name",
			message: "name is missing; expected a name such as freeze",
		},
		{
			name: "name of another state", old: "- name: caution", new: "- name: freeze", at: "- name: freeze\n      when: {burn", path: "spec.states[1].name",
			message: `the name "freeze" is taken by states[0]; expected a name that no other state has`,
		},
		{
			name: "exception without an end", old: "- until: 2026-12-24\n      reason", new: "- reason", at: "- reason", path: "spec.exceptions[0].until",
			message: "until is missing; expected the last day of the exception, such as 2027-06-30",
		},
		{
			name: "exception until no day", old: "until: 2026-12-24", new: "until: Christmas", at: "until:", path: "spec.exceptions[0].until",
			message: `until is "Christmas"; expected a date such as 2027-06-30`,
		},
		{
			name: "exception without a reason", old: "      reason: The law changes on New Year's Day.\n", new: "", at: "- until", path: "spec.exceptions[0].reason",
			message: "reason is missing; expected why there is an exception",
		},
		{
			name: "exception by nobody", old: "      by: Chief Executive Officer\n", new: "", at: "- until", path: "spec.exceptions[0].by",
			message: "by is missing; expected who allowed it",
		},
	})
}

func TestPolicyWithoutStates(t *testing.T) {
	text := lines("apiVersion: stakes/v1", "kind: Policy", "metadata: {name: empty}", "spec: {select: {slo: [x]}, states: []}")
	problems := Parse("catalog", text).Problems
	require.Equal(t, "states is missing or empty; expected at least one, such as {name: freeze, when: {budgetRemainingBelow: 0}, consequence: Only repairs are released.}", problems[0].Message)
}

func TestSecondPolicyOnAnSLO(t *testing.T) {
	text := kind(t, "policy") + lines("---", "apiVersion: stakes/v1", "kind: Policy", "metadata: {name: another}",
		"spec: {select: {slo: [orders-taken]}, states: [{name: ship, when: always, consequence: All is well.}]}")
	c := Parse("catalog", text)
	require.Equal(t, []string{
		`catalog, document 3, line 59, spec.select: Policy "another" selects SLOs that have a policy already: "orders-taken" by Policy "orders-budget" (catalog, document 2, line 32); expected one Policy per SLO`,
	}, texts(c.Problems))
	require.Equal(t, "orders-budget", c.SLOs[0].Policy.Name)
}
