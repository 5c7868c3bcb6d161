package plugin

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// In London two hours of February are left. 1200 of 670 x 600 = 402,000 calls failed,
// of 403,200 to be expected: 0.1 % = 403 may by the first tier, which can no longer be
// avoided and costs 10 % of 8000, and 1 % = 4032 by the second, which all of the 1200
// calls of two hours cannot bring about. 2832 may still fail, 283.2 minutes of outage
// at 10 a minute; were the month over now, 400,800 / 0.99 - 402,000.
//
// In Delhi it is 3:30 on the first of March: 3.5 x 600 = 2100 calls, none of which
// failed. The fee is 12,000 a year.
func TestAContractIsJudgedByTheMonthOfItsZone(t *testing.T) {
	frames := recall(t, openLong(t, longCatalogue(t)), typeContracts, `{}`, 7, late)
	check := func(name string, london, delhi any) {
		t.Helper()
		got := column(t, frames, name)
		require.Len(t, got, 2)
		for i, want := range []any{london, delhi} {
			if number, ok := want.(float64); ok {
				require.InDelta(t, number, got[i], 1e-6, "%s of row %d", name, i)
				continue
			}
			require.Equal(t, want, got[i], "%s of row %d", name, i)
		}
	}
	check("contract", "london", "delhi")
	check("customer", "Example Trading Ltd", "Example Phones Ltd")
	check("month", "2026-02", "2026-03")
	check("fee", 8000.0, 1000.0)
	check("sli", 400_800.0/402_000, 1.0)
	check("tier", "below 99.9%: 10% of the fee", "")
	check("credit", 800.0, 0.0)
	check("next", "below 99%: 25% of the fee", "below 99.9%: 10% of the fee")
	check("headroom_now", 400_800/0.99-402_000, 2100/0.999-2100)

	require.InDelta(t, 800.0, column(t, frames, "credit_expected")[0], 1e-9)
	require.InDelta(t, 1.0, column(t, frames, "credit_probability")[0], 1e-9)
	require.InDelta(t, 2832.0, column(t, frames, "headroom")[0], 1e-6)
	require.InDelta(t, 283.2, column(t, frames, "headroom_minutes")[0], 1e-6)
	// All of March lies ahead, and February had an outage: 31 days x 14,400 x 0.1 % = 446.
	expected, chance := column(t, frames, "credit_expected")[1].(float64), column(t, frames, "credit_probability")[1].(float64)
	require.Greater(t, chance, 0.05)
	require.Less(t, chance, 0.95)
	require.InDelta(t, 100*chance, expected, 1e-9, "10 % of 1000 with that probability")
	require.InDelta(t, 446.4, column(t, frames, "headroom")[1], 1e-6)
}

// At the very end of a month its credit is what it is.
func TestNothingIsExpectedOfAMonthThatIsOver(t *testing.T) {
	end := time.Date(2026, time.January, 31, 18, 30, 0, 0, time.UTC) // in Delhi
	frames := recall(t, openLong(t, longCatalogue(t)), typeContracts, `{}`, 7, end)
	i := map[any]int{column(t, frames, "contract")[0]: 0, column(t, frames, "contract")[1]: 1}["delhi"]
	require.Equal(t, "2026-01", column(t, frames, "month")[i])
	require.Equal(t, 0.0, column(t, frames, "credit")[i], "150 of 444,000 failed")
	require.Equal(t, 0.0, column(t, frames, "credit_expected")[i])
	require.Equal(t, 0.0, column(t, frames, "credit_probability")[i])
}

func TestNamesOfCustomersAreInCellsOnly(t *testing.T) {
	frames := recall(t, openLong(t, longCatalogue(t)), typeContracts, `{}`, 7, late)
	for _, frame := range frames {
		frame.Fields = nil
		frame.Meta.ExecutedQueryString = ""
		text, err := json.Marshal(frame)
		require.NoError(t, err)
		require.NotContains(t, string(text), "Example")
	}
}

func TestWithoutContractsNothingIsOwed(t *testing.T) {
	response := ask(t, openLong(t, longCatalogue(t)), typeContracts, `{"select":{"slo":["mails"]}}`)
	require.EqualError(t, response.Error, "no SLO that is selected has a contract; a document of the kind Contract adds one")
}
