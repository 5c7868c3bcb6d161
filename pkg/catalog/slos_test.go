package catalog

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWhatIsWrongWithAnSLO(t *testing.T) {
	runChanges(t, []oneChange{
		{
			name: "budgeting method missing",
			old:  "  budgetingMethod: Occurrences\n  objectives:\n    - displayName: Must", new: "  objectives:\n    - displayName: Must",
			at: "spec:\n  service: search", path: "spec.budgetingMethod",
			message: "budgetingMethod is missing; expected Occurrences, Timeslices or RatioTimeslices",
		},
		{
			name: "budgeting method misspelt",
			old:  "Occurrences\n  objectives:\n    - displayName: Must", new: "Occurences\n  objectives:\n    - displayName: Must",
			at: "Occurences", path: "spec.budgetingMethod",
			message: `budgetingMethod is "Occurences" (did you mean "Occurrences"?); expected Occurrences, Timeslices or RatioTimeslices`,
		},
		{
			name: "no time window",
			old:  "  timeWindow:\n    - duration: 28d\n      isRolling: true\n", new: "",
			at: "spec:\n  service: checkout", path: "spec.timeWindow",
			message: "timeWindow has 0 windows; expected exactly one, such as {duration: 28d, isRolling: true}",
		},
		{
			name: "two time windows",
			old:  "    - duration: 28d\n", new: "    - duration: 7d\n      isRolling: true\n    - duration: 28d\n",
			at: "timeWindow:\n    - duration: 7d", path: "spec.timeWindow",
			message: "timeWindow has 2 windows; expected exactly one, such as {duration: 28d, isRolling: true}",
		},
		{
			name: "neither rolling nor by the calendar",
			old:  "28d\n      isRolling: true", new: "28d",
			at: "- duration: 28d", path: "spec.timeWindow[0]",
			message: "isRolling is not true and calendar is missing; expected isRolling: true, or a calendar with startTime and timeZone",
		},
		{
			name: "rolling and by the calendar",
			old:  "28d\n      isRolling: true", new: "28d\n      isRolling: true\n      calendar: {startTime: 2026-01-01 00:00:00, timeZone: UTC}",
			at: "- duration: 28d", path: "spec.timeWindow[0]",
			message: "isRolling is true and calendar is given; expected one of them",
		},
		{
			name: "time slices of occurrences",
			old:  "target: 0.95", new: "target: 0.95\n      timeSliceWindow: 5m",
			at: "timeSliceWindow", path: "spec.objectives[0].timeSliceWindow", severity: Warning,
			message: "timeSliceWindow is given; expected it only with the budgetingMethod Timeslices or RatioTimeslices",
		},
		{
			name: "target of time slices of occurrences",
			old:  "target: 0.95", new: "target: 0.95\n      timeSliceTarget: 0.9",
			at: "timeSliceTarget", path: "spec.objectives[0].timeSliceTarget", severity: Warning,
			message: "timeSliceTarget is given; expected it only with the budgetingMethod Timeslices",
		},
		{
			name: "rolling months", old: "duration: 28d", new: "duration: 1M",
			at: "duration: 1M", path: "spec.timeWindow[0].duration",
			message: "duration 1M is in months, which differ in length; expected days or weeks for a rolling window, such as 28d or 4w",
		},
		{
			name: "rolling quarters", old: "duration: 28d", new: "duration: 1Q",
			at: "duration: 1Q", path: "spec.timeWindow[0].duration",
			message: "duration 1Q is in quarters, which differ in length; expected days or weeks for a rolling window, such as 28d or 4w",
		},
		{
			name: "rolling years", old: "duration: 28d", new: "duration: 1Y",
			at: "duration: 1Y", path: "spec.timeWindow[0].duration",
			message: "duration 1Y is in years, which differ in length; expected days or weeks for a rolling window, such as 28d or 4w",
		},
		{
			name: "unit of a duration in the wrong case", old: "duration: 28d", new: "duration: 28D",
			at: "duration: 28D", path: "spec.timeWindow[0].duration",
			message: `duration is "28D"; expected a number of days or weeks, such as 28d or 4w`,
		},
		{
			name: "two units in a duration", old: "duration: 28d", new: "duration: 1d12h",
			at: "duration: 1d12h", path: "spec.timeWindow[0].duration",
			message: `duration is "1d12h"; expected a number of days or weeks, such as 28d or 4w`,
		},
		{
			name: "duration without a unit", old: "duration: 28d", new: `duration: "28"`,
			at: `duration: "28"`, path: "spec.timeWindow[0].duration",
			message: `duration is "28"; expected a number with one of the units m, h, d, w, M, Q and Y, such as 28d`,
		},
		{
			name: "duration that no clock can hold", old: "duration: 28d", new: "duration: 99999w",
			at: "duration: 99999w", path: "spec.timeWindow[0].duration",
			message: `duration is "99999w"; expected a number of days or weeks, such as 28d or 4w`,
		},
		{
			name: "duration of nothing", old: "duration: 28d", new: "duration: 0d",
			at: "duration: 0d", path: "spec.timeWindow[0].duration",
			message: `duration: "0d" is not a duration; expected a form such as 5m, 1h30m or 28d`,
		},
		{
			name: "percent as a ratio", old: "target: 0.95", new: "target: 99.9",
			at: "target: 99.9", path: "spec.objectives[0].target",
			message: "target 99.9 is not a ratio between 0 and 1, such as 0.999 for 99.9 %",
		},
		{
			name: "target of 100 %", old: "target: 0.95", new: "target: 1",
			at: "target: 1", path: "spec.objectives[0].target",
			message: "target 1 (100 %) leaves no error budget; expected a ratio below 1, such as 0.999",
		},
		{
			name: "target that is a text", old: "target: 0.95", new: "target: high",
			at: "target: high", path: "spec.objectives[0].target",
			message: `target is the text "high"; expected a number`,
		},
		{
			name: "percent of 100", old: "targetPercent: 99.9\n---\napiVersion: openslo/v1", new: "targetPercent: 100\n---\napiVersion: openslo/v1",
			at: "targetPercent: 100", path: "spec.objectives[1].targetPercent",
			message: "targetPercent 100 leaves no error budget; expected a percentage below 100, such as 99.9",
		},
		{
			name: "percent above 100", old: "targetPercent: 99.9\n---\napiVersion: openslo/v1", new: "targetPercent: 999\n---\napiVersion: openslo/v1",
			at: "targetPercent: 999", path: "spec.objectives[1].targetPercent",
			message: "targetPercent 999 is not a percentage between 0 and 100, such as 99.9",
		},
		{
			name: "ratio as a percent", old: "targetPercent: 99.9\n---\napiVersion: openslo/v1", new: "targetPercent: 0.999\n---\napiVersion: openslo/v1",
			at: "targetPercent: 0.999", path: "spec.objectives[1].targetPercent", severity: Warning,
			message: "targetPercent 0.999 means that less than 1 % of the events must be good; expected a percentage such as 99.9, or target for a ratio",
		},
		{
			name: "target and percent", old: "target: 0.95", new: "target: 0.95\n      targetPercent: 95",
			at: "- displayName: Must have", path: "spec.objectives[0]",
			message: "target and targetPercent are both given; expected one of them",
		},
		{
			name: "no target", old: "      target: 0.95\n", new: "",
			at: "- displayName: Must have", path: "spec.objectives[0]",
			message: "target is missing; expected a ratio such as target: 0.999, or targetPercent: 99.9",
		},
		{
			name: "no objectives", old: "    - displayName: Checkout\n      targetPercent: 99.9\n", new: "    []\n",
			at: "  objectives:\n    []", path: "spec.objectives",
			message: "objectives is empty; expected at least one, such as {target: 0.999}",
		},
		{
			name: "two objectives of one name", old: "- targetPercent: 99.9", new: "- displayName: must-have\n      target: 0.9",
			at: "- displayName: must-have", path: "spec.objectives[1]",
			message: `the name "must-have" is taken by objectives[0]; expected a displayName that no other objective of this SLO has`,
		},
		{
			name: "an indicator here and there", old: "- targetPercent: 99.9", new: "- targetPercent: 99.9\n      indicatorRef: search-speed",
			at: "spec:\n  service: search", path: "spec",
			message: "indicator is given here and in objectives; expected it in one of the two places",
		},
		{
			name: "weight among objectives of one indicator", old: "- targetPercent: 99.9", new: "- targetPercent: 99.9\n      compositeWeight: 2",
			at: "compositeWeight: 2", path: "spec.objectives[1].compositeWeight", severity: Warning,
			message: "compositeWeight is given, and the objective has no indicator of its own; expected it only in a composite SLO",
		},
		{
			name: "name with capitals", old: "  name: search-fast", new: "  name: Search fast",
			at: "name: Search fast", path: "metadata.name",
			message: `name is "Search fast"; expected at most 63 lower-case letters, digits and "-", such as checkout-availability`,
		},
		{
			name: "no name", old: "  name: search-fast\n", new: "",
			at: "metadata:\n  labels:\n    tier: [gold, silver]", path: "metadata.name",
			message: "name is missing; OpenSLO requires it",
		},
		{
			name: "operator of another metric", old: "- displayName: Checkout\n", new: "- displayName: Checkout\n      op: gt\n",
			at: "op: gt", path: "spec.objectives[0].op", severity: Warning,
			message: "op is given, and a ratioMetric does not use it; expected it only where the SLI has a thresholdMetric",
		},
		{
			name: "value of another metric", old: "- displayName: Checkout\n", new: "- displayName: Checkout\n      value: 3\n",
			at: "value: 3", path: "spec.objectives[0].value", severity: Warning,
			message: "value is given, and a ratioMetric does not use it; expected it only where the SLI has a thresholdMetric",
		},
		{
			name: "unknown field", old: "target: 0.95", new: "traget: 0.95",
			at: "traget: 0.95", path: "spec.objectives[0].traget",
			message: `objectives[0] has no field "traget" (did you mean "target"?); expected displayName, op, value, target, targetPercent, timeSliceTarget, timeSliceWindow, indicator, indicatorRef or compositeWeight`,
		},
		{
			name: "number for a name", old: "displayName: Must have", new: "displayName: 42",
			at: "displayName: 42", path: "spec.objectives[0].displayName",
			message: "displayName is the number 42; expected a text in quotes",
		},
		{
			name: "list for a mapping", old: "metadata:\n  name: search-fast\n  labels:\n    tier: [gold, silver]", new: "metadata: [search-fast]",
			at: "metadata: [search-fast]", path: "metadata",
			message: "metadata is a list; expected a mapping with name, displayName, labels or annotations",
		},
		{
			name: "mapping for a label", old: "tier: [gold, silver]", new: "tier: {gold: silver}",
			at: "tier: {gold", path: "metadata.labels.tier",
			message: "tier is a mapping; expected a text",
		},
		{
			name: "text for labels", old: "  labels:\n    tier: [gold, silver]", new: "  labels: gold",
			at: "labels: gold", path: "metadata.labels",
			message: `labels is the text "gold"; expected a mapping`,
		},
		{
			name: "key that OpenSLO does not allow", old: "tier: [gold, silver]", new: "my tier: gold",
			at: "my tier", path: "metadata.labels.['my tier']",
			message: `the key "my tier" is not allowed; expected at most 63 letters, digits, "-", "_" and "."`,
		},
		{
			name: "yes for true", old: "28d\n      isRolling: true", new: "28d\n      isRolling: yes",
			at: "isRolling: yes", path: "spec.timeWindow[0].isRolling",
			message: `isRolling is the text "yes"; expected true or false`,
		},
		{
			name: "objectives that are no list", old: "    - displayName: Checkout\n      targetPercent: 99.9\n", new: "    targetPercent: 99.9\n",
			at: "  objectives:\n    targetP", path: "spec.objectives",
			message: "objectives is a mapping; expected a list",
		},
		{
			name: "alert policy of another kind",
			old:  "      targetPercent: 99.9\n---\napiVersion: stakes",
			new:  "      targetPercent: 99.9\n  alertPolicies:\n    - kind: Allert\n      metadata: {name: page}\n      spec: {}\n---\napiVersion: stakes",
			at:   "kind: Allert", path: "spec.alertPolicies[0].kind",
			message: `kind is "Allert"; expected AlertCondition, AlertNotificationTarget, AlertPolicy, DataSource, SLI, SLO or Service`,
		},
		{
			name: "annotation of ours that is none", old: "  name: search-fast\n", new: "  name: search-fast\n  annotations: {stakes/minEvent: \"100\"}\n",
			at: "stakes/minEvent", path: "metadata.annotations.stakes/minEvent",
			message: `the annotation "stakes/minEvent" is none that Stakes knows (did you mean "stakes/minEvents"?); expected stakes/absent, stakes/alerts, stakes/atRiskBelow, stakes/labels, stakes/minCoverage, stakes/minEvents or stakes/minFailures`,
		},
		{
			name: "share in percent", old: "  name: search-fast\n", new: "  name: search-fast\n  annotations: {stakes/minCoverage: \"90\"}\n",
			at: "stakes/minCoverage", path: "metadata.annotations.stakes/minCoverage",
			message: `stakes/minCoverage is "90"; expected a share above 0 and up to 1 in quotes, such as "0.9"`,
		},
		{
			name: "number without quotes", old: "  name: search-fast\n", new: "  name: search-fast\n  annotations: {stakes/minEvents: 100}\n",
			at: "stakes/minEvents", path: "metadata.annotations.stakes/minEvents",
			message: "stakes/minEvents is the number 100; expected a text in quotes",
		},
		{
			name: "number in words", old: "  name: search-fast\n", new: "  name: search-fast\n  annotations: {stakes/minEvents: many}\n",
			at: "stakes/minEvents", path: "metadata.annotations.stakes/minEvents",
			message: `stakes/minEvents is "many"; expected a number of events above 0 in quotes, such as "100"`,
		},
		{
			name: "absence of events", old: "  name: search-fast\n", new: "  name: search-fast\n  annotations: {stakes/absent: bad}\n",
			at: "stakes/absent", path: "metadata.annotations.stakes/absent",
			message: "stakes/absent is bad, and events that are not there cannot be counted; expected it with a thresholdMetric or a raw ratio",
		},
		{
			name: "absent as something else", old: "  name: search-fast\n", new: "  name: search-fast\n  annotations: {stakes/absent: good}\n",
			at: "stakes/absent", path: "metadata.annotations.stakes/absent",
			message: `stakes/absent is "good"; expected bad or gap`,
		},
	})
}

func TestAnSLONeedsAService(t *testing.T) {
	text := change(t, valid(t), "  service: search\n", "")
	text = change(t, text, "[checkout, search]", "[checkout]")
	require.Equal(t, []string{
		"catalog, document 4, line 46, spec.service: service is missing; OpenSLO requires it",
	}, texts(Parse("catalog", text).Problems))
}

func TestTargetsHaveNoFloatNoise(t *testing.T) {
	for percent, ratio := range map[float64]float64{99.9: 0.999, 99.99: 0.9999, 99.995: 0.99995, 95: 0.95, 55.1: 0.551, 99.9999: 0.999999} {
		require.Equal(t, ratio, shift(percent, -2))
		require.Equal(t, percent, shift(ratio, 2))
	}
}

func TestNameOfAnObjectiveAmongSeveral(t *testing.T) {
	check := func(displayName string, target float64, want string) {
		t.Helper()
		require.Equal(t, want, objectiveName(displayName, target))
	}
	check("Must have", 0.95, "must-have")
	check("  P95 < 300 ms!", 0.95, "p95-300-ms")
	check("Für alle", 0.95, "für-alle")
	check("", 0.999, "99.9")
	check("…", 0.9995, "99.95")
}
