package impact_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/impact"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// 2000 events at 99 % allow 20 failures. At 10 to 30 each, 8 failures leave 12 of them:
// 120 to 360. 25 failures overspend by 5: 50 to 150 too much.
func TestTheBudgetLeftIsWorthWhatItsFailuresWouldCost(t *testing.T) {
	o := objective(t, 0.99, "1h")
	per := impact.Range{Low: 10, Base: 20, High: 30}
	left := func(bad float64) impact.Range {
		loss, ok := ledger(t, []slo.Slice{measured(bad, 2000)}, per).Loss(o, origin, origin.Add(hour))
		require.True(t, ok)
		return loss.Remaining()
	}
	near(t, impact.Range{Low: 120, Base: 240, High: 360}, left(8))
	near(t, impact.Range{Low: -150, Base: -100, High: -50}, left(25))
}

// 10 failures at 5 in the first hour, 20 in the third; the second was not observed:
// 150 over two observed hours is 75 an hour.
func TestMoneyIsLostPerObservedHour(t *testing.T) {
	l := ledger(t, []slo.Slice{measured(10, 100), {}, measured(20, 100)}, impact.Range{Low: 4, Base: 5, High: 6})
	rate, ok := l.Rate(origin, origin.Add(3*hour))
	require.True(t, ok)
	near(t, impact.Range{Low: 60, Base: 75, High: 90}, rate)

	_, ok = l.Rate(origin.Add(hour), origin.Add(2*hour))
	require.False(t, ok)
	_, ok = ledger(t, []slo.Slice{measured(-1, 10)}, impact.Exactly(1)).Rate(origin, origin.Add(hour))
	require.False(t, ok, "more good events than events")
}
