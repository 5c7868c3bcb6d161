package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestRisksOfAnSLO(t *testing.T) {
	require.Equal(t, []Risk{{
		Name:             "bad-release",
		Description:      "A release breaks the catalogue.",
		IncidentsPerYear: 6,
		TimeToDetect:     10 * time.Minute,
		TimeToRepair:     45 * time.Minute,
		ShareOfUsers:     0.4,
		CostPerIncident:  &MoneyRange{500, 2000, 8000},
		Currency:         "EUR",
		Place:            Place{"catalog", 2, 32},
	}}, example(t, "risk")["catalogue-open"].Risks)
}

func TestRiskThatIsNoticedAtOnceAndCostsNothingBesides(t *testing.T) {
	text := change(t, kind(t, "risk"), "timeToDetect: 10m", "timeToDetect: 0m")
	text = change(t, text, "  costPerIncident: {low: 500, base: 2000, high: 8000} # on top of failed requests\n", "")
	risk := defined(t, text)["catalogue-open"].Risks[0]
	require.Zero(t, risk.TimeToDetect)
	require.Nil(t, risk.CostPerIncident)
}

func TestWhatIsWrongWithARisk(t *testing.T) {
	runChangesOf(t, kind(t, "risk"), []oneChange{
		{
			name: "no description", old: "  description: A release breaks the catalogue.\n", new: "", at: "spec:\n  select", path: "spec.description",
			message: "description is missing; expected what goes wrong",
		},
		{
			name: "no frequency", old: "  incidentsPerYear: 6\n", new: "", at: "spec:\n  select", path: "spec.incidentsPerYear",
			message: "incidentsPerYear is missing; expected a number above 0",
		},
		{
			name: "frequency of nothing", old: "incidentsPerYear: 6", new: "incidentsPerYear: 0", at: "incidentsPerYear", path: "spec.incidentsPerYear",
			message: "incidentsPerYear is 0; expected a number above 0",
		},
		{
			name: "no time to detect", old: "  timeToDetect: 10m\n", new: "", at: "spec:\n  select", path: "spec.timeToDetect",
			message: "timeToDetect is missing; expected how long it takes to notice, such as 10m",
		},
		{
			name: "time to repair in words", old: "timeToRepair: 45m", new: "timeToRepair: an hour", at: "timeToRepair", path: "spec.timeToRepair",
			message: `timeToRepair is "an hour"; expected a duration such as 10m, 1h30m or 2d`,
		},
		{
			name: "time without a unit", old: "timeToRepair: 45m", new: "timeToRepair: 45", at: "timeToRepair", path: "spec.timeToRepair",
			message: "timeToRepair is the number 45; expected a text in quotes",
		},
		{
			name: "share of users in percent", old: "shareOfUsers: 0.4", new: "shareOfUsers: 40", at: "shareOfUsers", path: "spec.shareOfUsers",
			message: "shareOfUsers is 40; expected a share above 0 and up to 1, such as 0.25",
		},
		{
			name: "no share of users", old: "  shareOfUsers: 0.4\n", new: "", at: "spec:\n  select", path: "spec.shareOfUsers",
			message: "shareOfUsers is missing; expected a share above 0 and up to 1, such as 0.25",
		},
		{
			name: "cost without a base", old: "base: 2000, ", new: "", at: "costPerIncident", path: "spec.costPerIncident.base",
			message: "base is missing; expected the estimate that costPerIncident goes by",
		},
		{
			name: "unknown field", old: "shareOfUsers: 0.4", new: "shareOfUser: 0.4", at: "shareOfUser", path: "spec.shareOfUser",
			message: `spec has no field "shareOfUser" (did you mean "shareOfUsers"?); expected select, description, incidentsPerYear, timeToDetect, timeToRepair, shareOfUsers, costPerIncident or currency`,
		},
	})
}
