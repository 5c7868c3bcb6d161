package impact_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/impact"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

func near(t *testing.T, want, got impact.Range, about ...any) {
	t.Helper()
	require.InDelta(t, want.Low, got.Low, 1e-9, about...)
	require.InDelta(t, want.Base, got.Base, 1e-9, about...)
	require.InDelta(t, want.High, got.High, 1e-9, about...)
}

// An order of 40 to 80, of which 25 % to 75 % never come back, takes 2 to 5 requests:
// at worst 80 x 0.75 / 2 = 30, at best 40 x 0.25 / 5 = 2, and 60 x 0.5 / 3 = 10.
func TestAFailedEventCostsItsPartOfAnOrder(t *testing.T) {
	v := impact.Value{
		PerOrder:     impact.Range{Low: 40, Base: 60, High: 80},
		NotRecovered: impact.Range{Low: 0.25, Base: 0.5, High: 0.75},
		Requests:     impact.Range{Low: 2, Base: 3, High: 5},
	}
	per, err := v.PerFailure()
	require.NoError(t, err)
	near(t, impact.Range{Low: 2, Base: 10, High: 30}, per)

	v.Requests = impact.Range{}
	per, err = v.PerFailure()
	require.NoError(t, err)
	near(t, impact.Range{Low: 10, Base: 30, High: 60}, per, "nobody said how many requests an order takes: one")
}

func TestAssumptionsThatCannotBeAreRefused(t *testing.T) {
	check := func(want string, change func(*impact.Value)) {
		t.Helper()
		v := impact.Value{PerOrder: impact.Exactly(10), NotRecovered: impact.Exactly(1)}
		change(&v)
		_, err := v.PerFailure()
		require.ErrorContains(t, err, want)
	}
	check("the share not recovered is 0.5 to 1.5; expected between 0 and 1", func(v *impact.Value) { v.NotRecovered = impact.Range{Low: 0.5, Base: 1, High: 1.5} })
	check("the value of an order is -1 to -1; expected at least 0", func(v *impact.Value) { v.PerOrder = impact.Exactly(-1) })
	check("the number of events per order is 0.5 to 0.5; expected at least 1", func(v *impact.Value) { v.Requests = impact.Exactly(0.5) })
	check("expected low <= base <= high", func(v *impact.Value) { v.PerOrder = impact.Range{Low: 3, Base: 2, High: 4} })
	check("expected low <= base <= high", func(v *impact.Value) { v.PerOrder = impact.Exactly(math.NaN()) })
}

// Gold is missed, and so is bronze, which costs less; the total is kept.
func TestAGreenTotalHidesNoMissedSegment(t *testing.T) {
	segments := []impact.Segment{
		{Name: "bronze", Status: slo.Missed, Loss: impact.Exactly(10)},
		{Name: "silver", Status: slo.Met, Loss: impact.Exactly(500)},
		{Name: "quiet", Status: slo.CannotTell},
		{Name: "gold", Status: slo.Missed, Loss: impact.Exactly(200)},
	}
	for _, kept := range []slo.Status{slo.Met, slo.AtRisk} {
		hidden := impact.Hidden(segments, kept)
		require.Len(t, hidden, 2)
		require.Equal(t, "gold", hidden[0].Name)
		require.Equal(t, "bronze", hidden[1].Name)
	}
	require.Empty(t, impact.Hidden(segments, slo.Missed), "a missed total hides nothing")
	require.Empty(t, impact.Hidden(segments, slo.CannotTell))
}

// One failure of gold at 50 and ten of bronze at 2; silver was not observed.
func TestEverySegmentIsPricedByItsOwnValue(t *testing.T) {
	o := objective(t, 0.9, "1h")
	ledgers := map[string]*impact.Ledger{
		"gold":   ledger(t, []slo.Slice{measured(1, 20)}, impact.Exactly(50)),
		"bronze": ledger(t, []slo.Slice{measured(10, 100)}, impact.Exactly(2)),
		"silver": ledger(t, []slo.Slice{{}}, impact.Exactly(2)),
	}
	losses := impact.LossBySegment(ledgers, o, origin, origin.Add(hour))
	require.Len(t, losses, 2, "what was not observed has no loss, not a loss of zero")
	require.Equal(t, impact.Exactly(50), losses["gold"].Gross)
	require.Equal(t, impact.Exactly(20), losses["bronze"].Gross)
}

var curve = []impact.Abandonment{
	{Above: 1, Share: impact.Range{Low: 0.05, Base: 0.1, High: 0.2}},
	{Above: 3, Share: impact.Range{Low: 0.3, Base: 0.5, High: 0.6}},
}

// 900 fast, 80 within 3 s, 20 slower: 80 x 0.1 + 20 x 0.5 = 18 lost, 10 to 28.
func TestSlowEventsAreLostByTheCurve(t *testing.T) {
	lost, warnings, err := impact.Abandoned(curve, []impact.Bucket{{UpTo: 0.5, Count: 500}, {UpTo: 1, Count: 400}, {UpTo: 3, Count: 80}, {UpTo: math.Inf(1), Count: 20}})
	require.NoError(t, err)
	require.Empty(t, warnings)
	near(t, impact.Range{Low: 10, Base: 18, High: 28}, lost)
}

// 100 events between 0.5 and 2.5 s: none of them lost, or up to 20 % of each.
func TestABucketAcrossStepsWidensTheRange(t *testing.T) {
	lost, warnings, err := impact.Abandoned(curve, []impact.Bucket{{UpTo: 0.5, Count: 900}, {UpTo: 2.5, Count: 100}})
	require.NoError(t, err)
	require.Len(t, warnings, 1)
	require.Equal(t, impact.Straddles, warnings[0].Kind)
	near(t, impact.Range{Low: 0, Base: 5, High: 20}, lost)
}

func TestCurvesAndBucketsRise(t *testing.T) {
	_, _, err := impact.Abandoned(nil, nil)
	require.ErrorContains(t, err, "the abandonment curve has no steps")
	_, _, err = impact.Abandoned([]impact.Abandonment{{Above: 3}, {Above: 1}}, nil)
	require.ErrorContains(t, err, "step 2 of the abandonment curve begins above 1 s, after one that begins above 3 s")
	_, _, err = impact.Abandoned([]impact.Abandonment{{Above: 1, Share: impact.Exactly(2)}}, nil)
	require.ErrorContains(t, err, "the share abandoned in step 1 is 2 to 2")
	_, _, err = impact.Abandoned(curve, []impact.Bucket{{UpTo: 2}, {UpTo: 1}})
	require.ErrorContains(t, err, "latency bucket 2 ends at 1 s")
}
