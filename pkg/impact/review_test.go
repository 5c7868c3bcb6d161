package impact_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/impact"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// sound is a promise that a review finds nothing about before the 91st day.
func sound() impact.Agreed {
	return impact.Agreed{
		Name: "checkout", Promise: "Your order goes through.", Owner: "shop", Approver: "board",
		AgreedOn: origin, Every: 91 * day, Windows: 12, Met: 11, MostConsumed: slo.Known(1.4),
		Assumptions: []impact.Assumption{{Name: "order value", SetBy: "finance", SetOn: origin, Expires: origin.Add(365 * day)}},
	}
}

func TestASoundPromiseNeedsNoTalk(t *testing.T) {
	require.Empty(t, impact.Review([]impact.Agreed{sound()}, origin.Add(90*day)))
}

func TestAReviewFindsWhatIsWrong(t *testing.T) {
	check := func(change func(*impact.Agreed), want ...impact.Finding) {
		t.Helper()
		a := sound()
		change(&a)
		require.Equal(t, want, impact.Review([]impact.Agreed{a}, origin.Add(90*day)))
	}
	finding := func(kind impact.FindingKind) impact.Finding { return impact.Finding{Kind: kind, Name: "checkout"} }
	check(func(a *impact.Agreed) { a.Owner = "" }, finding(impact.Unowned))
	check(func(a *impact.Agreed) { a.Promise = "" }, finding(impact.NoPromise))
	check(func(a *impact.Agreed) { a.Approver = "" }, finding(impact.Unapproved))
	check(func(a *impact.Agreed) { a.Every = 0 }, finding(impact.NoReview))
	check(func(a *impact.Agreed) { a.Met = 0 }, finding(impact.AlwaysMissed))
	check(func(a *impact.Agreed) { a.MostConsumed = slo.Known(0.09) }, finding(impact.NeverBurned))
	check(func(a *impact.Agreed) { a.CustomersFeel = impact.DoesNotMove }, finding(impact.NotFelt))

	// It was due after 60 days and half: 29 whole days ago.
	due := origin.Add(60*day + 12*hour)
	check(func(a *impact.Agreed) { a.NextReview = due },
		impact.Finding{Kind: impact.Overdue, Name: "checkout", Since: due, Days: 29})
	check(func(a *impact.Agreed) { a.Every = 90 * day },
		impact.Finding{Kind: impact.Overdue, Name: "checkout", Since: origin.Add(90 * day)})
	check(func(a *impact.Agreed) { a.Assumptions[0].Expires = origin.Add(80 * day) },
		impact.Finding{Kind: impact.StaleAssumption, Name: "checkout", About: "order value", Since: origin.Add(80 * day), Days: 10})
}

// Three windows are too few for "always" and "never".
func TestAReviewDoesNotJudgeByAFewWindows(t *testing.T) {
	a := sound()
	a.Windows, a.Met, a.MostConsumed = 3, 0, slo.Known(0)
	require.Empty(t, impact.Review([]impact.Agreed{a}, origin.Add(90*day)))
}

func TestTheGravestFindingComesFirst(t *testing.T) {
	a, b := sound(), sound()
	a.Approver, a.Owner = "", ""
	b.Name, b.Met = "search", 0
	var kinds []impact.FindingKind
	for _, f := range impact.Review([]impact.Agreed{a, b}, origin.Add(90*day)) {
		kinds = append(kinds, f.Kind)
	}
	require.Equal(t, []impact.FindingKind{impact.AlwaysMissed, impact.Unowned, impact.Unapproved}, kinds)
}

func TestAnAssumptionHasAnAge(t *testing.T) {
	age, ok := sound().Assumptions[0].Age(origin.Add(30 * day))
	require.True(t, ok)
	require.Equal(t, 30*day, age)
	_, ok = impact.Assumption{}.Age(origin)
	require.False(t, ok)
}
