package plugin

import (
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/stretchr/testify/require"
)

// never is an instant before the first sample of the shops.
var never = time.Date(2025, time.December, 24, 0, 0, 0, 0, time.UTC)

// Grafana gives what has no value the colour of the lowest number, which is green for
// burn rates, alerts and misses.
func TestWhatIsNotKnownIsGrey(t *testing.T) {
	ds := openLong(t, agreedCatalogue(t))
	for queryType, text := range map[string]string{
		typeAlert: `{}`, typeNumber: `{"measures":["status","sli","burn_rate","miss_probability","loss","policy_state"]}`,
		typeScorecard: `{}`, typeImpact: `{}`, typePriorities: `{}`, typeForecast: `{"format":"table"}`,
	} {
		seen := 0
		for _, frame := range recall(t, ds, queryType, text, 1, never) {
			for _, f := range frame.Fields {
				if !f.Type().Numeric() {
					continue
				}
				mappings := f.Config.Mappings
				require.NotEmpty(t, mappings, "%s of %s", f.Name, queryType)
				require.Equal(t, data.SpecialValueMapper{Match: data.SpecialValueNull, Result: data.ValueMappingResult{Color: grey}}, mappings[len(mappings)-1], "%s of %s", f.Name, queryType)
				seen++
			}
		}
		require.Positive(t, seen, queryType)
	}
}

// Nobody said what a search is worth, and somebody what an order is. Without data
// neither has a loss, for different reasons; a column has but one text for all its rows.
func TestMoneyThatIsNotKnownSaysWhy(t *testing.T) {
	reasons := func(frames data.Frames) map[string]string {
		found := map[string]string{}
		for _, frame := range frames {
			for _, f := range frame.Fields {
				if f.Name == "loss" {
					found[f.Labels["slo"]] = f.Config.NoValue
				}
			}
		}
		return found
	}
	ds := open(t, stakesShop(t), stakesCatalogue(t), nil)
	frames := recall(t, ds, typeNumber, `{"measures":["loss"],"select":{"slo":["orders","invoices"]}}`, 1, never)
	require.Equal(t, map[string]string{"orders": "not known", "invoices": "no value set"}, reasons(frames))
	for _, queryType := range []string{typeScorecard, typeImpact, typeHistory} {
		require.Equal(t, map[string]string{"": "not known"}, reasons(recall(t, ds, queryType, `{"select":{"slo":["orders","invoices"]}}`, 1, never)), queryType)
		require.Equal(t, map[string]string{"": "no value set"}, reasons(recall(t, ds, queryType, `{"select":{"slo":["invoices"]}}`, 1, never)), queryType)
	}
}

// From 0 to 100 % is no finding.
func TestAJourneyOfWhichNothingIsMeasuredHasNoBounds(t *testing.T) {
	ds := open(t, stakesShop(t), stakesCatalogue(t), nil)
	frames := recall(t, ds, typeJourney, `{"select":{"journey":["buy"]}}`, 1, never)
	require.Nil(t, column(t, frames, "low")[0])
	require.Nil(t, column(t, frames, "high")[0])
}

func TestStatementsHaveWhatIsDoneNowInAColumn(t *testing.T) {
	ds := openLong(t, replace(t, agreedCatalogue(t), "until: 2026-02-14", "until: 2025-12-20"))
	frames := recall(t, ds, typeStatement, `{"select":{"slo":["lines"]}}`, 1, time.Date(2026, time.February, 12, 0, 0, 0, 0, time.UTC))
	require.Equal(t, []any{"Only repairs are released."}, column(t, frames, "consequence"))
	require.Equal(t, []any{""}, column(t, recall(t, ds, typeStatement, `{"select":{"slo":["lines"]}}`, 1, never), "consequence"), "what no data tells has no consequence")
}
