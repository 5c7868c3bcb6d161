package impact_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/impact"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

var origin = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)

// Orders are worth more at noon: 10 failures at 20 and 10 at 80 cost 1000, and no
// average price says so.
func TestFailuresCostWhatTheyAreWorthWhenTheyHappen(t *testing.T) {
	g, err := slo.NewGrid(slo.Part{Start: origin, Step: time.Hour, N: 3})
	require.NoError(t, err)
	hour := func(bad, total float64) slo.Slice {
		return slo.Slice{Counts: slo.Counts{Good: total - bad, Total: total}, State: slo.Measured}
	}
	tl, err := slo.NewTimeline(g, []slo.Slice{hour(10, 100), hour(10, 1000), {}})
	require.NoError(t, err)
	window, err := slo.ParseWindow("3h")
	require.NoError(t, err)
	o, err := slo.NewObjective(0.99, window)
	require.NoError(t, err)

	ledger, err := impact.Price(tl, []impact.Range{{Low: 10, Base: 20, High: 30}, {Low: 40, Base: 80, High: 120}, impact.Exactly(1000)})
	require.NoError(t, err)

	loss, ok := ledger.Loss(o, origin, g.End())
	require.True(t, ok)
	require.Equal(t, impact.Range{Low: 500, Base: 1000, High: 1500}, loss.Gross)
	// 1 % of 100 at 20 and of 1000 at 80: 20 + 800.
	require.InDelta(t, 820, loss.Accepted.Base, 1e-9)
	require.InDelta(t, 180, loss.Excess.Base, 1e-9)

	// The quiet hour alone: 200 lost where 20 was accepted. The busy one alone stays
	// inside what was accepted, and its excess is zero, not negative.
	loss, _ = ledger.Loss(o, origin, g.Edge(1))
	require.InDelta(t, 180, loss.Excess.Base, 1e-9)
	loss, _ = ledger.Loss(o, g.Edge(1), g.Edge(2))
	require.Equal(t, impact.Range{}, loss.Excess)

	_, ok = ledger.Loss(o, g.Edge(2), g.End())
	require.False(t, ok, "what was not observed has no price, not a price of zero")

	_, err = impact.Price(tl, nil)
	require.ErrorContains(t, err, "0 values of an event for 3 slices")
}

// Of 100 events an hour 20 are gold at 50 and 80 silver at 5. In the first hour 2 gold
// and 6 silver ones fail: 100 + 30. The objective accepts 1 % of 1000 + 400 an hour.
func TestSegmentsArePricedEachByItself(t *testing.T) {
	all := timeline(t, []slo.Slice{measured(8, 100), measured(0, 100), {}})
	gold := ledger(t, []slo.Slice{measured(2, 20), measured(0, 20), {}}, impact.Exactly(50))
	silver := ledger(t, []slo.Slice{measured(6, 80), measured(0, 80), {}}, impact.Range{Low: 4, Base: 5, High: 6})
	both, err := impact.Together(all, gold, silver)
	require.NoError(t, err)
	loss, ok := both.Loss(objective(t, 0.99, "2h"), origin, origin.Add(2*hour))
	require.True(t, ok)
	near(t, impact.Range{Low: 124, Base: 130, High: 136}, loss.Gross)
	require.InDelta(t, 28, loss.Accepted.Base, 1e-9)
	require.InDelta(t, 102, loss.Excess.Base, 1e-9, "the promise is one: what silver left over pays for gold")

	// An event is worth 20 % x 50 + 80 % x 5 in the mean.
	mean, ok := both.PerEvent(origin, origin.Add(2*hour))
	require.True(t, ok)
	near(t, impact.Range{Low: 13.2, Base: 14, High: 14.8}, mean)
	_, ok = both.PerEvent(origin.Add(2*hour), origin.Add(3*hour))
	require.False(t, ok, "without events nothing has a mean")

	_, err = impact.Together(timeline(t, []slo.Slice{measured(1, 1)}), gold)
	require.EqualError(t, err, "a ledger of 3 slices for a timeline of 1")
}

// An order that failed and one that was slow may be the same order. Two promises lost
// 10 to 30 and 15 to 20: together at least the 15 of one of them, at most 50. What each
// accepts, 5 and 6, adds up; of the excesses, 5 to 25 and 9 to 14, at least 9 are lost.
func TestEventsThatMayBeTheSameAreCountedOnceAtTheLowEnd(t *testing.T) {
	failed := impact.Loss{Gross: impact.Range{Low: 10, Base: 20, High: 30}, Accepted: impact.Exactly(5), Excess: impact.Range{Low: 5, Base: 15, High: 25}}
	slow := impact.Loss{Gross: impact.Range{Low: 15, Base: 18, High: 20}, Accepted: impact.Exactly(6), Excess: impact.Range{Low: 9, Base: 12, High: 14}}
	require.Equal(t, impact.Loss{
		Gross: impact.Range{Low: 15, Base: 38, High: 50}, Accepted: impact.Exactly(11), Excess: impact.Range{Low: 9, Base: 27, High: 39},
	}, impact.Union(failed, slow))
	require.Equal(t, failed, impact.Union(failed))
	require.Zero(t, impact.Union())
}
