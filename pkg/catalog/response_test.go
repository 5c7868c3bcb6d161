package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestResponseToAlerts(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	r := example(t, "response")["chat-works"].Response
	require.Equal(t, &Response{
		Name: "chat-on-call", People: 2, MinutesPerPage: 40, CostPerHour: MoneyRange{60, 80, 110}, Currency: "EUR",
		NightFrom: 22 * time.Hour, NightTo: 6 * time.Hour, NightFactor: 2, TimeZone: berlin,
		Place: Place{"catalog", 2, 32},
	}, r)
	// Berlin is an hour ahead of UTC in winter.
	require.True(t, r.IsNight(at(t, "2026-01-10T21:00:00Z")), "22:00")
	require.True(t, r.IsNight(at(t, "2026-01-10T03:00:00Z")), "04:00")
	require.False(t, r.IsNight(at(t, "2026-01-10T05:00:00Z")), "06:00")
	require.False(t, r.IsNight(at(t, "2026-01-10T20:59:00Z")), "21:59")
}

func TestNightsThatDoNotSpanMidnightOrAreNone(t *testing.T) {
	early := Response{NightFrom: time.Hour, NightTo: 5 * time.Hour, TimeZone: time.UTC}
	require.True(t, early.IsNight(at(t, "2026-01-10T01:00:00Z")))
	require.False(t, early.IsNight(at(t, "2026-01-10T05:00:00Z")))

	text := change(t, kind(t, "response"), "  nightFrom: \"22:00\"\n  nightTo: \"06:00\"\n  nightFactor: 2\n  timeZone: Europe/Berlin\n", "")
	text = change(t, text, "  people: 2 # who answer one page\n", "")
	r := defined(t, text)["chat-works"].Response
	require.InDelta(t, 1, r.NightFactor, 0)
	require.InDelta(t, 1, r.People, 0)
	for hour := range 24 {
		require.False(t, r.IsNight(at(t, "2026-01-10T00:30:00Z").Add(time.Duration(hour)*time.Hour)))
	}
}

func TestWhatIsWrongWithAResponse(t *testing.T) {
	runChangesOf(t, kind(t, "response"), []oneChange{
		{
			name: "half a person", old: "people: 2", new: "people: 0.5", at: "people", path: "spec.people",
			message: "people is 0.5; expected a number of at least 1",
		},
		{
			name: "no minutes", old: "  minutesPerPage: 40 # of each of them\n", new: "", at: "spec:\n  select", path: "spec.minutesPerPage",
			message: "minutesPerPage is missing; expected a number above 0",
		},
		{
			name: "no cost", old: "  costPerHour: {low: 60, base: 80, high: 110}\n", new: "", at: "spec:\n  select", path: "spec.costPerHour",
			message: "costPerHour is missing; expected a number for what an hour of one of them costs, or {low, base, high}",
		},
		{
			name: "night cheaper than the day", old: "nightFactor: 2", new: "nightFactor: 0.5", at: "nightFactor", path: "spec.nightFactor",
			message: "nightFactor is 0.5; expected a number of at least 1",
		},
		{
			name: "factor without a night", old: "  nightFrom: \"22:00\"\n  nightTo: \"06:00\"\n", new: "", at: "nightFactor", path: "spec.nightFactor",
			message: "nightFactor is given and there is no night; expected nightFrom and nightTo beside it",
		},
		{
			name: "night without an end", old: "  nightTo: \"06:00\"\n", new: "", at: "spec:\n  select", path: "spec.nightTo",
			message: "nightTo is missing; expected a time of day such as 22:00, in quotes",
		},
		{
			name: "hour that is none", old: `"22:00"`, new: `"25:00"`, at: "nightFrom", path: "spec.nightFrom",
			message: `nightFrom is "25:00"; expected a time of day such as 22:00, in quotes`,
		},
		{
			name: "night of nothing", old: `"06:00"`, new: `"22:00"`, at: "nightTo", path: "spec.nightTo",
			message: "nightTo is the same as nightFrom; expected another time of day",
		},
		{
			name: "no time zone", old: "  timeZone: Europe/Berlin\n", new: "", at: "spec:\n  select", path: "spec.timeZone",
			message: "timeZone is missing; expected a name such as Europe/Berlin or UTC",
		},
		{
			name: "unknown field", old: "minutesPerPage: 40", new: "minutesPerPgae: 40", at: "minutesPerPgae", path: "spec.minutesPerPgae",
			message: `spec has no field "minutesPerPgae" (did you mean "minutesPerPage"?); expected select, people, minutesPerPage, costPerHour, currency, nightFrom, nightTo, nightFactor or timeZone`,
		},
	})
}

func TestSecondResponseOnAnSLO(t *testing.T) {
	text := kind(t, "response") + lines("---", "apiVersion: stakes/v1", "kind: Response", "metadata: {name: another}",
		"spec: {select: {slo: [chat-works]}, minutesPerPage: 10, costPerHour: 50, currency: EUR}")
	require.Contains(t, Parse("catalog", text).Problems[0].Message, `Response "another" selects SLOs that have a response already: "chat-works" by Response "chat-on-call"`)
}
