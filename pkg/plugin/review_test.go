package plugin

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// agreedCatalogue is the long catalogue with what was agreed.
func agreedCatalogue(t testing.TB) string {
	t.Helper()
	text, err := os.ReadFile("testdata/agreements.yaml")
	require.NoError(t, err)
	return longCatalogue(t) + "\n---\n" + string(text)
}

// expectColumn compares a column of a table, numbers within what floats can tell.
func expectColumn(t *testing.T, frames data.Frames, name string, want ...any) {
	t.Helper()
	got := column(t, frames, name)
	require.Len(t, got, len(want), name)
	for i, v := range want {
		if number, ok := v.(float64); ok {
			require.InDelta(t, number, got[i], 1e-9, "%s of row %d", name, i)
			continue
		}
		require.Equal(t, v, got[i], "%s of row %d", name, i)
	}
}

func yes(is bool) *bool { return &is }

// Six weeks before 28 February, 22:00, in windows of seven days: 150 calls of 100,800
// failed in one and 1200 in another, where 1008 may. Not one mail was lost, and nobody
// agreed on anything about mails: that is graver than a review that was due on the 20th
// and a value that held until the 18th.
func TestAReviewSaysWhatToTalkAbout(t *testing.T) {
	frames := recall(t, openLong(t, agreedCatalogue(t)), typeReview, `{}`, 42, late)
	expectColumn(t, frames, "slo", "mails", "lines")
	expectColumn(t, frames, "findings",
		"Nobody answers for it. Nobody wrote down what customers were promised. Hardly any of what it allows was ever used: it asks for little. Nobody approved it. Nobody said when it is to be looked at again.",
		"It should have been looked at again on 20 February 2026. The assumption “call”, which money rests on, expired on 19 February 2026.")
	expectColumn(t, frames, "owner", "", "Phone team")
	expectColumn(t, frames, "stakeholders", "", "Head of Service, Sales")
	expectColumn(t, frames, "approver", "", "Head of Service")
	expectColumn(t, frames, "promise", "", "When you call, we answer.")
	expectColumn(t, frames, "agreed_on", "", "2025-11-01")
	expectColumn(t, frames, "next_review", "", "2026-02-20")
	expectColumn(t, frames, "overdue", false, true)
	expectColumn(t, frames, "days_overdue", nil, 8.0)
	expectColumn(t, frames, "unowned", true, false)
	expectColumn(t, frames, "stale", "", "call")
	expectColumn(t, frames, "windows", 6.0, 6.0)
	expectColumn(t, frames, "met", 6.0, 5.0)
	expectColumn(t, frames, "most_consumed", 0.0, 1200.0/1008)
	expectColumn(t, frames, "never_burned", yes(true), yes(false))
	expectColumn(t, frames, "always_missed", yes(false), yes(false))
	expectColumn(t, frames, "policy", "ship", "ship")
	expectColumn(t, frames, "policy_state", 2.0, 2.0)
	expectColumn(t, frames, "exception", "", "")
}

// The counters begin with the year: of the weeks before 13 January one has data, and one
// has for 78 % of it, which supports no verdict.
func TestAReviewOfAShortPastDoesNotSayAlwaysOrNever(t *testing.T) {
	frames := recall(t, openLong(t, agreedCatalogue(t)), typeReview, `{}`, 1, time.Date(2026, time.January, 13, 12, 0, 0, 0, time.UTC))
	expectColumn(t, frames, "slo", "mails", "lines")
	expectColumn(t, frames, "windows", 1.0, 1.0)
	expectColumn(t, frames, "never_burned", (*bool)(nil), (*bool)(nil))
	expectColumn(t, frames, "always_missed", (*bool)(nil), (*bool)(nil))
	require.NotContains(t, column(t, frames, "findings")[0], "Hardly any")
	const short = "whole windows of the past with a verdict: 1; what is always or never so takes 4"
	require.Contains(t, column(t, frames, "reason")[0], short)
	require.Contains(t, noticesOf(frames), "Lines are open, Mails arrive: "+short)
	require.Equal(t, 1, strings.Count(strings.Join(noticesOf(frames), "\n"), short), "what is said of several is said once")
}

// On 20 January half of the calls fail from 3:00 UTC on, which is night in Berlin: twenty
// of 600 in an hour are 3.3 times what lasts and 3.36 page, so that the next slice pages.
// On 10 February all fail from 10:00 on: one page, and a ticket once 1 % x 1.05 of a day
// is gone. Two people take half an hour each: 60 euros by day and 90 by night.
func TestAReviewSaysWhatAPromiseCostsTheTeam(t *testing.T) {
	frames := recall(t, openLong(t, agreedCatalogue(t)), typeReview, `{}`, 42, late)
	expectColumn(t, frames, "alerts", nil, 3.0)
	expectColumn(t, frames, "pages", nil, 2.0)
	expectColumn(t, frames, "pages_night", nil, 1.0)
	expectColumn(t, frames, "response_hours", nil, 2.0)
	expectColumn(t, frames, "response", nil, 150.0)
	expectColumn(t, frames, "response_low", nil, 125.0)
	expectColumn(t, frames, "response_high", nil, 200.0)
	expectColumn(t, frames, "response_night", nil, 90.0)
	frames = recall(t, openLong(t, agreedCatalogue(t)), typeReview, `{"select":{"slo":["lines"]}}`, 21, late)
	expectColumn(t, frames, "pages", 1.0)
	expectColumn(t, frames, "pages_night", 0.0)
}

func TestFindingsSpeakTheReadersLanguage(t *testing.T) {
	frames := recall(t, openLong(t, agreedCatalogue(t)), typeReview, `{"locale":"de","select":{"slo":["mails"]}}`, 42, late)
	require.Contains(t, column(t, frames, "findings")[0], "Niemand")
}

// A promise that cannot be evaluated is reviewed all the same: who owns it is known.
func TestAPromiseWithoutDataIsReviewed(t *testing.T) {
	text := replace(t, agreedCatalogue(t), "select: {slo: [lines, mails]}", "select: {slo: [mails]}")
	text = replace(t, text, "sum(rate(calls_failed_total[5m]))", "sum(calls_failed_total) by (tenant) > bool on (other) group_left () sum(calls_total)")
	ds := open(t, longShop(t), text, map[string]any{"timeInterval": "2m"})
	frames := recall(t, ds, typeReview, `{}`, 42, late)
	i := map[any]int{column(t, frames, "slo")[0]: 0, column(t, frames, "slo")[1]: 1}["lines"]
	require.Equal(t, "Phone team", column(t, frames, "owner")[i])
	require.Equal(t, true, column(t, frames, "overdue")[i])
	for _, name := range []string{"met", "most_consumed", "alerts", "response", "policy_state", "budget_remaining"} {
		require.Nil(t, column(t, frames, name)[i], name)
	}
	require.Equal(t, 3.0, column(t, frames, "status")[i])
}

func TestNamesOfPeopleAreInCellsOnly(t *testing.T) {
	frames := recall(t, openLong(t, agreedCatalogue(t)), typeReview, `{}`, 42, late)
	for _, frame := range frames {
		frame.Fields = nil
		frame.Meta.ExecutedQueryString = ""
		text, err := json.Marshal(frame)
		require.NoError(t, err)
		for _, name := range []string{"Head of", "Phone team", "Sales", "call”", "Carnival"} {
			require.NotContains(t, string(text), name)
		}
	}
}

// Chance may have decided a window, so that it counts as neither kept nor missed; what it
// consumed it consumed. Of one that was seen for half of its time nobody knows.
func TestAWindowWithoutAVerdictHasConsumedWhatItConsumed(t *testing.T) {
	var r reviewed
	r.look(slo.Report{Status: slo.CannotTell, Coverage: 0.5, BudgetConsumed: slo.Known(3)})
	require.False(t, r.MostConsumed.Known)
	r.look(slo.Report{Status: slo.Met, Coverage: 1, BudgetConsumed: slo.Known(0.05)})
	r.look(slo.Report{Status: slo.CannotTell, Coverage: 1, BudgetConsumed: slo.Known(1.02)})
	require.Equal(t, 1, r.Windows)
	require.Equal(t, slo.Known(1.02), r.MostConsumed)
}
