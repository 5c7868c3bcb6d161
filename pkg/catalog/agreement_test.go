package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

func day(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }

func TestAgreementOnEverything(t *testing.T) {
	s := example(t, "agreement")["parcels-tracked"]
	require.Equal(t, &Agreement{
		Name:         "parcels-promise",
		Promise:      "Wherever your parcel is, you can see it.",
		Events:       "look-ups",
		Failed:       "showed nothing",
		Owner:        "Parcels team",
		Stakeholders: []string{"Head of Logistics", "Customer Care"},
		Approver:     "Chief Operating Officer",
		AgreedOn:     "2026-02-01",
		Review:       Review{Every: Cadence{3, slo.Month}, Last: "2026-08-01", Next: "2026-11-01"},
		TargetHistory: []TargetChange{
			{TargetChange: slo.TargetChange{From: day(2026, 2, 1), Target: 0.99}},
			{TargetChange: slo.TargetChange{From: day(2026, 8, 1), Target: 0.999}},
		},
		Feel: &Feel{
			Name: "Calls about parcels", Query: `sum(increase(care_calls_total{topic="parcel"}[1h]))`, Kind: "contacts",
		},
		Place: Place{"catalog", 2, 33},
	}, s.Agreement)
}

func TestObjectivesKnowTheTargetsThatTheyHad(t *testing.T) {
	o := example(t, "agreement")["parcels-tracked"].Objectives[0]
	require.True(t, o.HasHistory())
	require.InDelta(t, 0.99, o.InForce(day(2026, 7, 1)).Target(), 0)
	require.InDelta(t, 0.999, o.InForce(day(2026, 9, 1)).Target(), 0)
	require.False(t, example(t, "value")["tickets-sold"].Objectives[0].HasHistory())
}

func TestHistoryOfOneObjectiveAmongSeveral(t *testing.T) {
	text := kind(t, "several-objectives") + lines("---", "apiVersion: stakes/v1", "kind: Agreement", "metadata: {name: images}", "spec:",
		"  select: {slo: [images-load]}", "  promise: Images are there.", "  targetHistory:",
		"    - {from: 2026-01-01, target: 0.97, objective: must-have}",
		"    - {from: 2026-01-01, target: 0.995, objective: nice-to-have}",
		"    - {from: 2026-06-01T12:00:00Z, target: 0.99, objective: must-have}",
		"    - {from: 2026-03-01, target: 0.999, objective: nice-to-have}")
	objectives := defined(t, text)["images-load"].Objectives
	require.InDelta(t, 0.97, objectives[0].InForce(day(2026, 6, 1)).Target(), 0)
	require.InDelta(t, 0.99, objectives[0].InForce(day(2026, 6, 2)).Target(), 0)
	require.InDelta(t, 0.995, objectives[1].InForce(day(2026, 2, 1)).Target(), 0)
}

func TestNextReview(t *testing.T) {
	three := Cadence{3, slo.Month}
	require.Equal(t, day(2026, 11, 5), Review{Every: three, Last: "2026-08-01", Next: "2026-11-05"}.Due(), "as it was agreed on")
	require.Equal(t, day(2026, 11, 1), Review{Every: three, Last: "2026-08-01"}.Due())
	require.Zero(t, Review{Every: three}.Due())
	require.Zero(t, Review{Last: "2026-08-01"}.Due())
}

func TestWhatIsWrongWithMoreOfAnAgreement(t *testing.T) {
	runChangesOf(t, kind(t, "agreement"), []oneChange{
		{
			name: "agreed on no day", old: "agreedOn: 2026-02-01", new: "agreedOn: 2026-02-30", at: "agreedOn", path: "spec.agreedOn",
			message: `agreedOn is "2026-02-30"; expected a date such as 2027-06-30`,
		},
		{
			name: "review in hours", old: "every: 3M", new: "every: 12h", at: "every: 12h", path: "spec.review.every",
			message: `every is "12h"; expected a number of days, weeks, months, quarters or years, such as 90d or 3M`,
		},
		{
			name: "review never", old: "every: 3M", new: "every: 0M", at: "every: 0M", path: "spec.review.every",
			message: `every is "0M"; expected a number of days, weeks, months, quarters or years, such as 90d or 3M`,
		},
		{
			name: "next review before the last", old: "next: 2026-11-01", new: "next: 2026-07-01", at: "next:", path: "spec.review.next",
			message: "next is not after last; expected a later date",
		},
		{
			name: "unknown field of a review", old: "    next: 2026-11-01\n", new: "    nxt: 2026-11-01\n", at: "nxt", path: "spec.review.nxt",
			message: `review has no field "nxt" (did you mean "next"?); expected every, last or next`,
		},
		{
			name: "targets out of order", old: "{from: 2026-08-01, target", new: "{from: 2026-01-01, target", at: "{from: 2026-01-01", path: "spec.targetHistory[1].from",
			message: "from is not after the change before it; expected the changes in order of time",
		},
		{
			name: "target in percent", old: "target: 0.99}", new: "target: 99}", at: "target: 99}", path: "spec.targetHistory[0].target",
			message: "target is 99; expected a ratio between 0 and 1, such as 0.999",
		},
		{
			name: "no target", old: "{from: 2026-02-01, target: 0.99}", new: "{from: 2026-02-01}", at: "{from: 2026-02-01}", path: "spec.targetHistory[0].target",
			message: "target is missing; expected a ratio between 0 and 1, such as 0.999",
		},
		{
			name: "target since never", old: "{from: 2026-02-01, target", new: "{target", at: "{target: 0.99}", path: "spec.targetHistory[0].from",
			message: "from is missing; expected a time such as 2026-11-27T18:00:00Z",
		},
		{
			name: "target of an objective that has no name", old: "target: 0.99}", new: "target: 0.99, objective: must-have}", at: "target: 0.99,", path: "spec.targetHistory[0].objective",
			message: `objective is "must-have", and the SLO "parcels-tracked" has only one, which has no name; expected no objective`,
		},
		{
			name: "history that ends elsewhere", old: "target: 0.999}", new: "target: 0.995}", at: "targetHistory:", path: "spec.targetHistory", severity: Warning,
			message: `targetHistory ends with the target 0.995, and the SLO "parcels-tracked" has 0.999; expected the last change to be the target of today`,
		},
		{
			name: "metric without a query", old: "    query: sum(increase(care_calls_total{topic=\"parcel\"}[1h]))\n", new: "", at: "feel:", path: "spec.feel.query",
			message: "query is missing; expected PromQL for what customers feel",
		},
		{
			name: "metric that does not parse", old: `[1h]))`, new: `[1h])`, at: "query: sum(increase(care", path: "spec.feel.query",
			message: "query is not valid PromQL: unclosed left parenthesis",
		},
		{
			name: "metric without a name", old: "    name: Calls about parcels\n", new: "", at: "feel:", path: "spec.feel.name",
			message: "name is missing; expected what the metric is called, such as Conversion",
		},
		{
			name: "metric without a direction", old: "    better: lower # or higher\n", new: "", at: "feel:", path: "spec.feel.better",
			message: "better is missing; expected higher or lower",
		},
		{
			name: "direction that is none", old: "better: lower", new: "better: less", at: "better:", path: "spec.feel.better",
			message: `better is "less"; expected higher or lower`,
		},
		{
			name: "kind of metric that is none", old: "kind: contacts #", new: "kind: contact #", at: "kind: contact #", path: "spec.feel.kind",
			message: `kind is "contact" (did you mean "contacts"?); expected satisfaction, conversion or contacts`,
		},
	})
}

func TestHistoryOfNoneOfSeveralObjectives(t *testing.T) {
	check := func(objective, want string) {
		t.Helper()
		text := kind(t, "several-objectives") + lines("---", "apiVersion: stakes/v1", "kind: Agreement", "metadata: {name: images}", "spec:",
			"  select: {slo: [images-load]}", "  promise: Images are there.", "  targetHistory: [{from: 2026-01-01, target: 0.97"+objective+"}]")
		c := Parse("catalog", text)
		require.Len(t, c.Problems, 1)
		require.Equal(t, "spec.targetHistory[0].objective", c.Problems[0].Path)
		require.Equal(t, want, c.Problems[0].Message)
		require.Nil(t, c.SLOs[0].Agreement)
		require.False(t, c.SLOs[0].Objectives[0].HasHistory())
	}
	check("", `objective is missing, and the SLO "images-load" has several; expected must-have or nice-to-have`)
	check(", objective: good-to-have", `objective "good-to-have" is none of the SLO "images-load"; expected must-have or nice-to-have`)
}
