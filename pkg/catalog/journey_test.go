package catalog

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestJourney(t *testing.T) {
	c := Parse("catalog", kind(t, "journey"))
	require.Empty(t, c.Problems)
	require.Len(t, c.Journeys, 1)
	j := c.Journeys[0]
	require.Equal(t, "Buy something", j.DisplayName)
	require.Equal(t, "From the search to the receipt.", j.Description)
	require.Equal(t, "Head of Sales", j.Owner)
	require.Equal(t, []Step{
		{Name: "find", SLO: "find-a-product", Mode: Serial, Share: 1},
		{Name: "card", SLO: "pay-by-card", Mode: Parallel, Group: "pay", Share: 0.7},
		{Name: "invoice", SLO: "pay-by-invoice", Mode: Parallel, Group: "pay", Share: 0.3},
		{Name: "wrap", SLO: "gift-wrap", Mode: Optional, Share: 0.1},
	}, j.Steps)
	require.Equal(t, &JourneyCounter{
		Good: `sum(increase(purchases_total{result="done"}[5m]))`, Total: "sum(increase(purchases_total[5m]))",
	}, j.Counter)
	require.Equal(t, "purchase", j.Value.Name)
	require.InDelta(t, 42, j.Value.PerEvent.Base.Constant, 0)
}

func TestJourneyOfLittle(t *testing.T) {
	text := kind(t, "journey") + lines("---", "apiVersion: stakes/v1", "kind: Journey", "metadata: {name: a-look-around}",
		"spec: {steps: [{slo: find-a-product}, {slo: gift-wrap}]}")
	c := Parse("catalog", text)
	require.Empty(t, texts(c.Problems))
	require.Equal(t, "a-look-around", c.Journeys[0].DisplayName, "journeys are sorted by name")
	require.Equal(t, "find-a-product", c.Journeys[0].Steps[0].Name)
	require.Nil(t, c.Journeys[0].Counter)
	require.Nil(t, c.Journeys[0].Value)
}

func TestWhatIsWrongWithAJourney(t *testing.T) {
	runChangesOf(t, kind(t, "journey"), []oneChange{
		{
			name: "step that is not there", old: "slo: gift-wrap,", new: "slo: gift-warp,", at: "gift-warp", path: "spec.steps[3].slo",
			message: `slo "gift-warp" names no SLO (did you mean "gift-wrap"?); expected the name of one in this catalogue`,
		},
		{
			name: "step without an SLO", old: "{name: find, slo: find-a-product}", new: "{name: find}", at: "{name: find}", path: "spec.steps[0].slo",
			message: "slo is missing; expected the name of an SLO in this catalogue",
		},
		{
			name: "objective that the SLO does not have", old: "slo: gift-wrap,", new: "slo: gift-wrap, objective: fast,", at: "objective: fast", path: "spec.steps[3].objective",
			message: `objective is "fast", and the SLO "gift-wrap" has only one, which has no name; expected no objective`,
		},
		{
			name: "mode that is none", old: "mode: optional", new: "mode: optinal", at: "mode: optinal", path: "spec.steps[3].mode",
			message: `mode is "optinal" (did you mean "optional"?); expected serial, parallel or optional`,
		},
		{
			name: "parallel to nothing", old: "mode: optional", new: "mode: parallel", at: "{name: wrap", path: "spec.steps[3].group",
			message: "group is missing; expected the name that this step and those that stand in for it have in common",
		},
		{
			name: "parallel to itself", old: "mode: optional", new: "mode: parallel, group: wrapping", at: "group: wrapping", path: "spec.steps[3].group",
			message: `group "wrapping" has only this step; expected at least two that stand in for each other`,
		},
		{
			name: "group of a step in a row", old: "{name: find, slo", new: "{name: find, group: pay, slo", at: "{name: find", path: "spec.steps[0].group",
			message: "group is given to a step that is serial; expected it only with mode: parallel",
		},
		{
			name: "share in percent", old: "share: 0.1}", new: "share: 10}", at: "share: 10}", path: "spec.steps[3].share",
			message: "share is 10; expected a share above 0 and up to 1, such as 0.25",
		},
		{
			name: "two steps of one name", old: "{name: wrap,", new: "{name: find,", at: "{name: find, slo: gift", path: "spec.steps[3]",
			message: `there is a step "find" already; expected a name that no other step has`,
		},
		{
			name: "counter without a total", old: "    total: sum(increase(purchases_total[5m]))\n", new: "", at: "counter: # whole", path: "spec.counter.total",
			message: "total is missing; expected PromQL for all journeys",
		},
		{
			name: "counter that does not parse", old: `good: sum(increase(purchases_total{result="done"}[5m]))`, new: `good: sum(increase(purchases_total[5m])`, at: "good: sum(increase(purchases_total[5m])", path: "spec.counter.good",
			message: "good is not valid PromQL: unclosed left parenthesis",
		},
		{
			name: "value that is not there", old: "value: purchase\n", new: "value: purchases\n", at: "value: purchases", path: "spec.value",
			message: `value "purchases" names no Value document (did you mean "purchase"?); expected the name of one in this catalogue`,
		},
		{
			name: "no step", old: "  steps:\n", new: "  steps: []\n  stps:\n", at: "stps", path: "spec.stps",
			message: `spec has no field "stps" (did you mean "steps"?); expected displayName, description, owner, steps, counter or value`,
		},
	})
}

func TestJourneyOfOneStep(t *testing.T) {
	text := kind(t, "journey") + lines("---", "apiVersion: stakes/v1", "kind: Journey", "metadata: {name: a-step}", "spec: {steps: [{slo: gift-wrap}]}")
	require.Contains(t, Parse("catalog", text).Problems[0].String(), "spec.steps: steps has 1 step; expected at least two, such as {slo: checkout-availability}")
}

func TestJourneyThatRefersToProblems(t *testing.T) {
	text := change(t, kind(t, "journey"), "perEvent: 42", "perEvent: -42")
	text = change(t, text, "query: sum(increase(wrap_requests_total[5m]))", "query: sum(up")
	c := Parse("catalog", text)
	require.Empty(t, c.Journeys)
	require.Equal(t, []string{
		"catalog, document 4, line 115, spec.indicator.spec.ratioMetric.total.metricSource.spec.query: query is not valid PromQL: unclosed left parenthesis",
		"catalog, document 5, line 131, spec.perEvent: perEvent is -42; expected money per event that is not negative",
		`catalog, document 6, line 145, spec.steps[3].slo: slo names the SLO "gift-wrap", which has problems itself (catalog, document 4, line 93); expected one without`,
		`catalog, document 6, line 149, spec.value: value names the Value "purchase", which has problems itself (catalog, document 5, line 123); expected one without`,
	}, texts(c.Problems))
}
