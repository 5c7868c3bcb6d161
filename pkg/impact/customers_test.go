package impact_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/impact"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// At a threshold of 10 %, 10 of 100 is not over it, 11 of 100 is.
func TestCustomersAreAffectedAboveTheThreshold(t *testing.T) {
	group := func(name string, bad, total float64) impact.Group {
		return impact.Group{Name: name, Counts: slo.Counts{Good: total - bad, Total: total}}
	}
	groups := []impact.Group{
		group("acme", 11, 100), group("brix", 10, 100), group("curio", 50, 100),
		group("silent", 0, 0), group("odd", -5, 10), group("delta", 11, 20),
	}
	c := impact.AffectedGroups(groups, 0.1)
	require.Equal(t, impact.Customers{Affected: 3, Seen: 4, Names: []string{"curio", "acme", "delta"}}, c)

	require.Equal(t, impact.Customers{}, impact.AffectedGroups(nil, 0.1))
}

// 1000 users, 3 requests each, 10 % failed: 1000 x (1 - 0.9^3) = 271. If all requests
// of the same users fail it is 100, if every failure meets another user 300.
func TestUsersMetAFailureWithinWhatProbabilityAllows(t *testing.T) {
	users, warnings, err := impact.AffectedUsers(1000, 3, 0.1)
	require.NoError(t, err)
	near(t, impact.Range{Low: 100, Base: 271, High: 300}, users)
	require.Len(t, warnings, 1)
	require.Equal(t, impact.Independence, warnings[0].Kind)

	// 4 requests, 40 %: 1 - 0.6^4 = 0.8704; 4 x 0.4 = 1.6 is more than everybody.
	users, _, err = impact.AffectedUsers(1000, 4, 0.4)
	require.NoError(t, err)
	near(t, impact.Range{Low: 400, Base: 870.4, High: 1000}, users)

	// Nothing is assumed where nothing failed, everything did, or there is one request.
	for _, exact := range [][2]float64{{3, 0}, {3, 1}, {1, 0.2}} {
		users, warnings, err = impact.AffectedUsers(1000, exact[0], exact[1])
		require.NoError(t, err)
		require.Empty(t, warnings)
		near(t, impact.Exactly(1000*exact[1]), users)
	}

	for want, in := range map[string][3]float64{
		"-1 unique users":             {-1, 3, 0.1},
		"0.5 requests per user":       {10, 0.5, 0.1},
		"a share of 1.5 failed":       {10, 3, 1.5},
		"NaN requests per user":       {10, math.NaN(), 0.1},
		"+Inf unique users; expected": {math.Inf(1), 3, 0.1},
	} {
		_, _, err = impact.AffectedUsers(in[0], in[1], in[2])
		require.ErrorContains(t, err, want)
	}
}

// 30 failures, of people who try once to three times: 10 to 30 customers.
func TestFailedEventsStandForCustomers(t *testing.T) {
	c, ok := impact.AffectedByEvent(slo.Counts{Good: 70, Total: 100}, impact.Range{Low: 1. / 3, Base: 0.5, High: 1})
	require.True(t, ok)
	near(t, impact.Range{Low: 10, Base: 15, High: 30}, c)
	_, ok = impact.AffectedByEvent(slo.Counts{}, impact.Exactly(1))
	require.False(t, ok)
}

// An hour with 200 active users and 10 % failures, 200 x 0.1 x 60 = 1200; one with 50
// and all failed, 50 x 60 = 3000; one without events; then two that tell nothing.
func TestCustomersLoseMinutes(t *testing.T) {
	tl := timeline(t, []slo.Slice{measured(10, 100), measured(5, 5), measured(0, 0), {}, measured(1, 2)})
	active := []slo.Number{slo.Known(200), slo.Known(50), slo.Known(7), slo.Known(9), {}}
	minutes, warnings, err := impact.CustomerMinutes(tl, active)
	require.NoError(t, err)
	require.True(t, minutes.Known)
	require.InDelta(t, 4200, minutes.Value, 1e-9)
	require.Len(t, warnings, 1)
	require.Equal(t, "customer-minutes are missing for 2 of 5 slices", warnings[0].Text)

	minutes, _, err = impact.CustomerMinutes(timeline(t, []slo.Slice{{}}), []slo.Number{slo.Known(1)})
	require.NoError(t, err)
	require.False(t, minutes.Known)

	_, _, err = impact.CustomerMinutes(tl, nil)
	require.ErrorContains(t, err, "0 numbers of active users for 5 slices")
}
