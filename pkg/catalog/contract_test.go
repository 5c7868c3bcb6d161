package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

func TestContractsOfAnSLO(t *testing.T) {
	london, err := time.LoadLocation("Europe/London")
	require.NoError(t, err)
	contracts := example(t, "contract")["api-for-partners"].Contracts
	require.Equal(t, []Contract{{
		Name: "partner-credit", Customer: "Example Trading Ltd",
		Fee: 60000, Currency: "GBP", Every: slo.Year, TimeZone: london,
		Tiers: []Tier{{0.999, 0.1}, {0.99, 0.25}},
		Place: Place{"catalog", 2, 33},
	}}, contracts)
	require.InDelta(t, 5000, contracts[0].MonthlyFee(), 0)
	require.InDelta(t, 60000, Contract{Fee: 60000, Every: slo.Month}.MonthlyFee(), 0)
}

func TestContractOnOneObjectiveOfSeveral(t *testing.T) {
	text := kind(t, "several-objectives") + "---\n" + kind(t, "contract")
	text = change(t, text, "    slo: [api-for-partners]\n", "    slo: [images-load]\n  objective: must-have\n")
	require.Equal(t, "must-have", defined(t, text)["images-load"].Contracts[0].Objective)
}

func TestWhatIsWrongWithAContract(t *testing.T) {
	runChangesOf(t, kind(t, "contract"), []oneChange{
		{
			name: "no customer", old: "  customer: Example Trading Ltd\n", new: "", at: "spec:\n  select", path: "spec.customer",
			message: "customer is missing; expected whom the contract is with",
		},
		{
			name: "no fee", old: "  fee: {amount: 60000, currency: GBP, every: year} # or month\n", new: "", at: "spec:\n  select", path: "spec.fee",
			message: "fee is missing; expected what the customer pays, such as {amount: 2500, currency: EUR, every: month}",
		},
		{
			name: "no amount", old: "{amount: 60000, currency", new: "{currency", at: "fee:", path: "spec.fee.amount",
			message: "amount is missing; expected a number above 0",
		},
		{
			name: "free of charge", old: "amount: 60000", new: "amount: 0", at: "fee:", path: "spec.fee.amount",
			message: "amount is 0; expected a number above 0",
		},
		{
			name: "fee by the week", old: "every: year", new: "every: week", at: "fee:", path: "spec.fee.every",
			message: `every is "week"; expected month or year`,
		},
		{
			name: "currency in words", old: "currency: GBP", new: "currency: pounds", at: "fee:", path: "spec.fee.currency",
			message: `currency is "pounds"; expected three capital letters, such as EUR`,
		},
		{
			name: "no time zone", old: "  timeZone: Europe/London\n", new: "", at: "spec:\n  select", path: "spec.timeZone",
			message: "timeZone is missing; expected a name such as Europe/Berlin or UTC",
		},
		{
			name: "no tiers", old: "    - {below: 0.999, credit: 0.1}\n    - {below: 0.99, credit: 0.25}\n", new: "    []\n", at: "tiers:", path: "spec.tiers",
			message: "tiers is missing or empty; expected at least one, such as {below: 0.999, credit: 0.1}",
		},
		{
			name: "tiers from low to high", old: "below: 0.99,", new: "below: 0.9995,", at: "below: 0.9995", path: "spec.tiers[1].below",
			message: "below is not lower than in the tier before; expected the tiers from the highest to the lowest",
		},
		{
			name: "less credit for less", old: "credit: 0.25", new: "credit: 0.05", at: "credit: 0.05", path: "spec.tiers[1].credit",
			message: "credit is not higher than in the tier before; expected more credit for a lower SLI",
		},
		{
			name: "tier in percent", old: "below: 0.999", new: "below: 99.9", at: "below: 99.9", path: "spec.tiers[0].below",
			message: "below is 99.9; expected a ratio between 0 and 1, such as 0.999",
		},
		{
			name: "credit in percent", old: "credit: 0.25", new: "credit: 25", at: "credit: 25", path: "spec.tiers[1].credit",
			message: "credit is 25; expected a share above 0 and up to 1, such as 0.25",
		},
		{
			name: "no credit", old: "{below: 0.99, credit: 0.25}", new: "{below: 0.99}", at: "{below: 0.99}", path: "spec.tiers[1].credit",
			message: "credit is missing; expected a share above 0 and up to 1, such as 0.25",
		},
		{
			name: "objective that the SLO does not have", old: "  customer:", new: "  objective: fast\n  customer:", at: "objective: fast", path: "spec.objective",
			message: `objective is "fast", and the SLO "api-for-partners" has only one, which has no name; expected no objective`,
		},
	})
}

func TestContractOnSeveralSLOs(t *testing.T) {
	text := kind(t, "several-objectives") + "---\n" + kind(t, "contract")
	text = change(t, text, "    slo: [api-for-partners]\n", "    slo: [images-load, api-for-partners]\n")
	c := Parse("catalog", text)
	require.Len(t, c.Problems, 1)
	require.Equal(t, `Contract "partner-credit" selects 2 SLOs; expected one, for the credit is that of one promise`, c.Problems[0].Message)
	require.Empty(t, c.SLOs[0].Contracts)
}
