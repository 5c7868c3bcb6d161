package impact_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/impact"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

func states() []impact.PolicyState {
	return []impact.PolicyState{
		{Name: "freeze", RemainingBelow: slo.Known(0), Consequence: "fixes only", Owner: "head of shop"},
		{Name: "alarm", RemainingBelow: slo.Known(0.5), BurnAbove: slo.Known(6)},
		{Name: "caution", RemainingBelow: slo.Known(0.25)},
		{Name: "ship"},
	}
}

// A state holds where all of its conditions do, and the first one that holds is the answer.
func TestAPolicyAnswersWithItsFirstStateThatHolds(t *testing.T) {
	p, err := impact.NewPolicy(states(), nil)
	require.NoError(t, err)
	check := func(want string, remaining, burn float64) {
		t.Helper()
		r, ok := p.Rule(slo.Known(remaining), slo.Known(burn), origin)
		require.True(t, ok)
		require.Equal(t, want, r.State.Name)
		require.Equal(t, want, r.ByPolicy)
		require.Nil(t, r.Exception)
	}
	check("freeze", -0.1, 0)
	check("alarm", 0.4, 7)
	check("alarm", 0, 7)
	check("caution", 0.2, 6)
	check("ship", 0.25, 6)
	check("ship", 0.9, 100)
}

func TestMissingDataNeitherFreezesNorFrees(t *testing.T) {
	p, err := impact.NewPolicy(states(), nil)
	require.NoError(t, err)
	_, ok := p.Rule(slo.Number{}, slo.Known(1), origin)
	require.False(t, ok)
	_, ok = p.Rule(slo.Known(0.4), slo.Number{}, origin)
	require.False(t, ok, "it may be alarm")
	r, ok := p.Rule(slo.Known(0.9), slo.Number{}, origin)
	require.True(t, ok, "whatever it burns, 90 % remain")
	require.Equal(t, "ship", r.State.Name)
}

func TestAnExceptionHoldsForItsTime(t *testing.T) {
	launch := impact.PolicyException{Interval: slo.Interval{From: origin, To: origin.Add(day)}, State: "ship", Reason: "launch", By: "board"}
	p, err := impact.NewPolicy(states(), []impact.PolicyException{launch})
	require.NoError(t, err)
	r, ok := p.Rule(slo.Known(-1), slo.Known(0), origin)
	require.True(t, ok)
	require.Equal(t, "ship", r.State.Name)
	require.Equal(t, 3, r.Index)
	require.Equal(t, "freeze", r.ByPolicy)
	require.Equal(t, launch, *r.Exception)

	r, ok = p.Rule(slo.Number{}, slo.Number{}, origin)
	require.True(t, ok, "an exception does not ask for data")
	require.Empty(t, r.ByPolicy)

	r, ok = p.Rule(slo.Known(-1), slo.Known(0), origin.Add(day))
	require.True(t, ok)
	require.Equal(t, "freeze", r.State.Name)
}

// An exception without a state sets the budget aside, since ever and until its end.
func TestAnExceptionNeedsNoState(t *testing.T) {
	until := []impact.PolicyException{{Interval: slo.Interval{To: origin}, Reason: "the law changes", By: "board"}}
	p, err := impact.NewPolicy(states(), until)
	require.NoError(t, err)
	r, ok := p.Rule(slo.Known(-1), slo.Known(0), origin.Add(-day))
	require.True(t, ok)
	require.Equal(t, "ship", r.State.Name)
	require.Equal(t, "freeze", r.ByPolicy)

	p, err = impact.NewPolicy(states()[:3], until)
	require.NoError(t, err)
	r, ok = p.Rule(slo.Known(-1), slo.Known(0), origin.Add(-day))
	require.True(t, ok)
	require.Equal(t, -1, r.Index)
	require.NotNil(t, r.Exception)
}

func TestWhereNoStateHoldsThereIsNone(t *testing.T) {
	p, err := impact.NewPolicy(states()[:3], nil)
	require.NoError(t, err)
	r, ok := p.Rule(slo.Known(0.9), slo.Known(0), origin)
	require.True(t, ok)
	require.Equal(t, impact.Ruling{Index: -1}, r)
}

func TestPoliciesThatContradictThemselvesAreRefused(t *testing.T) {
	check := func(want string, change func([]impact.PolicyState) []impact.PolicyState, exceptions ...impact.PolicyException) {
		t.Helper()
		_, err := impact.NewPolicy(change(states()), exceptions)
		require.ErrorContains(t, err, want)
	}
	same := func(s []impact.PolicyState) []impact.PolicyState { return s }
	check("the policy has no states", func([]impact.PolicyState) []impact.PolicyState { return nil })
	check(`state "ship" always holds`, func(s []impact.PolicyState) []impact.PolicyState { return append(s, impact.PolicyState{Name: "more"}) })
	check(`two states called "freeze"`, func(s []impact.PolicyState) []impact.PolicyState { s[1].Name = "freeze"; return s })
	check("state 2 of the policy has no name", func(s []impact.PolicyState) []impact.PolicyState { s[1].Name = ""; return s })
	check(`names the state "party"`, same, impact.PolicyException{Interval: slo.Interval{From: origin, To: origin.Add(day)}, State: "party"})
	check("before it begins", same, impact.PolicyException{Interval: slo.Interval{From: origin, To: origin}, State: "ship"})
}
