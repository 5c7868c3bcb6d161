package plugin

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// What no counter shows stands in the ledger beside what counters show, in columns of its
// own: the fine and the leak of this morning, and what was lost yesterday.
func TestTheLedgerHasWhatWasDeclared(t *testing.T) {
	ds := openStakes(t)
	frames := recall(t, ds, typeIncidents, `{}`, 2, noon)
	at := rowsOf(t, frames, "id")
	require.Equal(t, "2026-03-02T08:30:00Z", at("declared-leak", "time").(*time.Time).Format(time.RFC3339))
	require.Equal(t, "Orders, Payments", at("declared-leak", "title"))
	require.Equal(t, "orders, payments", at("declared-leak", "slo"))
	require.Equal(t, "checkout", at("declared-leak", "service"))
	require.Equal(t, "Some orders were shown to strangers; customers: 40; about €1,000 (between €500 and €4,000), as declared by: Report of the data protection officer.", at("declared-leak", "text"))
	require.Equal(t, true, at("declared-leak", "declared"))
	require.Equal(t, "breach", at("declared-leak", "kind"))
	require.Equal(t, 1000.0, at("declared-leak", "declared_cost"))
	require.Equal(t, 500.0, at("declared-leak", "declared_cost_low"))
	require.Equal(t, 4000.0, at("declared-leak", "declared_cost_high"))
	require.Equal(t, 40.0, at("declared-leak", "customers"))
	require.Nil(t, at("declared-leak", "loss"), "a declared cost is no loss that was counted")
	require.Nil(t, at("declared-leak", "bad_events"))

	require.Equal(t, "fine", at("declared-notice", "title"), "it is about no promise")
	require.Equal(t, "", at("declared-notice", "slo"))
	require.Nil(t, at("declared-notice", "customers"))
	require.Equal(t, 99000.0, at("declared-old-leak", "declared_cost"))

	// Searches burn at five times the stricter budget, from ten to noon as always.
	frames = answered(t, ds, typeIncidents, `{}`)
	at = rowsOf(t, frames, "id")
	burning := fmt.Sprintf("searches-best-%d", noon.Add(-2*time.Hour).Unix())
	require.Equal(t, "best", at(burning, "objective"))
	require.Equal(t, false, at(burning, "declared"))
	require.Nil(t, at(burning, "declared_cost"))
	require.Equal(t, "", at(burning, "source"))
	require.InDelta(t, 12, at(burning, "loss"), 1e-9)

	// Naming every promise is asking about all; naming some is not.
	frames = recall(t, ds, typeIncidents, `{"select":{"slo":["orders","payments","searches"]}}`, 2, noon)
	require.NotContains(t, column(t, frames, "id"), "declared-notice")
	frames = recall(t, ds, typeIncidents, `{"select":{"service":["checkout","search"]}}`, 2, noon)
	require.Contains(t, column(t, frames, "id"), "declared-notice")

	// Of one day only, and of one promise.
	frames = answered(t, ds, typeIncidents, `{"select":{"slo":["payments"]}}`)
	require.NotContains(t, column(t, frames, "id"), "declared-leak", "it was over at nine")
	frames = recall(t, ds, typeIncidents, `{"select":{"slo":["payments"]}}`, 2, noon)
	require.Equal(t, []any{"declared-leak", "declared-old-leak"}, column(t, frames, "id"))
	require.Equal(t, []any{"payments", "payments"}, column(t, frames, "slo"))
	for _, frame := range frames {
		frame.Fields = nil
		frame.Meta.ExecutedQueryString = ""
		text, err := json.Marshal(frame)
		require.NoError(t, err)
		require.NotContains(t, string(text), "leak")
		require.NotContains(t, string(text), "Report")
	}
}

// The window of payments holds the leak, and not what was lost the day before. Nobody
// said what an invoice is worth, and a declared cost has a currency all the same.
func TestStatementsSayWhatWasDeclared(t *testing.T) {
	const sentence = "Declared incidents that no counter shows: 1, at a cost of about €1,000 (between €500 and €4,000)."
	frames := answered(t, openStakes(t), typeStatement, `{"audience":"executive"}`)
	at := rowsOf(t, frames, "slo")
	require.Contains(t, at("payments", "executive"), sentence)
	require.Contains(t, at("orders", "executive"), sentence)
	require.NotContains(t, at("searches", "executive"), "Declared")

	text := replace(t, stakesCatalogue(t), "select: {slo: [orders, payments]}", "select: {slo: [invoices]}")
	frames = answered(t, open(t, stakesShop(t), text, nil), typeStatement, `{"audience":"executive"}`)
	require.Contains(t, rowsOf(t, frames, "slo")("invoices", "executive"), sentence)
}
