package plugin

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/internal/promtest"
)

// Six weeks in windows of seven days that begin every six hours: 35 x 4 + 1 = 141. 1200
// failed on 10 February from 10:00 to 12:00, which those hold that end from 16:00 that day
// to 10:00 on the 17th: 28. 150 failed on 20 January from 3:00 on, which the first nine
// hold, those that end from 22:00 on the 24th to 22:00 on the 26th. Of 100,800 calls a
// week 2016 may fail by 98 %, 1008 by 99 % and 100.8 by 99.9 %.
//
// A failed call costs 10 euros (5 to 20). A year has 525,960 / 10,080 weeks, so that one
// percent of a year's calls is worth 525,960 (262,980 to 1,051,920).
func TestTargetsAreHeldAgainstThePast(t *testing.T) {
	frames := recall(t, openLong(t, agreedCatalogue(t)), typeWhatIf, `{"select":{"slo":["lines"]},"targets":"98, 99.9","cost":300000}`, 42, late)
	expectColumn(t, frames, "target", 0.98, 0.99, 0.999)
	expectColumn(t, frames, "current", false, true, false)
	expectColumn(t, frames, "windows", 141.0, 141.0, 141.0)
	expectColumn(t, frames, "separate", 6.0, 6.0, 6.0)
	expectColumn(t, frames, "met", 141.0, 113.0, 104.0)
	expectColumn(t, frames, "met_share", 1.0, 113.0/141, 104.0/141)
	expectColumn(t, frames, "recommended", yes(true), yes(false), yes(false))
	expectColumn(t, frames, "budget", 0.02, 0.01, 0.001)
	expectColumn(t, frames, "allowed", 2016.0, 1008.0, 100.8)
	near := func(name string, want ...float64) {
		t.Helper()
		for i, v := range want {
			require.InDelta(t, v, column(t, frames, name)[i], 1e-6*max(1, v, -v), "%s of row %d", name, i)
		}
	}
	near("accepted", 20_160, 10_080, 1_008)
	near("accepted_low", 10_080, 5_040, 504)
	near("accepted_high", 40_320, 20_160, 2_016)
	near("moving", -525_960, 0, 473_364)
	near("moving_low", -1_051_920, 0, 236_682)
	near("moving_high", -262_980, 0, 946_728)
	expectColumn(t, frames, "cost", nil, nil, 300_000.0)
	expectColumn(t, frames, "worth", "", "", "Depends on the assumptions")

	for cost, want := range map[int]string{236_000: "Pays", 947_000: "Does not pay"} {
		frames = recall(t, openLong(t, agreedCatalogue(t)), typeWhatIf, fmt.Sprintf(`{"select":{"slo":["lines"]},"targets":[0.999],"cost":"%d"}`, cost), 42, late)
		expectColumn(t, frames, "worth", "", want)
	}
	frames = recall(t, openLong(t, agreedCatalogue(t)), typeWhatIf, `{"select":{"slo":["lines"]},"targets":[0.999],"cost":"236000","locale":"de"}`, 42, late)
	expectColumn(t, frames, "worth", "", "Lohnt sich")
}

// By 98 % and by 99 % each incident pages, and the longer one opens a ticket: one needs
// 1.05 x 1 % of a day's 14,400 calls, 151.2, and the shorter one had 150. By 99.9 % it
// does too. The first page is at night: 60 euros by day and 90 by night, within six weeks.
func TestAlertsAreCountedForEachTarget(t *testing.T) {
	frames := recall(t, openLong(t, agreedCatalogue(t)), typeWhatIf, `{"select":{"slo":["lines"]},"targets":"98, 99.9"}`, 42, late)
	expectColumn(t, frames, "alerts", 3.0, 3.0, 4.0)
	expectColumn(t, frames, "pages", 2.0, 2.0, 2.0)
	expectColumn(t, frames, "pages_night", 1.0, 1.0, 1.0)
	expectColumn(t, frames, "response", 150.0, 150.0, 150.0)
	year := 525_960.0 / (42 * 24 * 60)
	expectColumn(t, frames, "response_year", 150*year, 150*year, 150*year)
	expectColumn(t, frames, "response_year_low", 125*year, 125*year, 125*year)
}

// Two of 111 calls fail all the time. By 99 % the page fires from beginning to end: that it
// never began is nothing good, and is said of this candidate only.
func TestAlertsThatNeverEndArePointedOut(t *testing.T) {
	frames := answered(t, open(t, tenants(t), sloOf("api", byTenant, "target: 0.95"), nil), typeWhatIf, `{"targets":"95 99"}`)
	expectColumn(t, frames, "target", 0.95, 0.99)
	expectColumn(t, frames, "alerts", 0.0, 0.0)
	notes := column(t, frames, "reason")
	require.NotContains(t, notes[0], "without an end")
	require.Contains(t, notes[1], "its alerts would fire without an end, and few begin: page for 100% of the time")
}

// Ten days of data hold one window of seven: nothing is recommended, and it says why.
func TestNothingIsRecommendedFromAShortPast(t *testing.T) {
	ds := openLong(t, agreedCatalogue(t))
	frames := recall(t, ds, typeWhatIf, `{"select":{"slo":["lines"]},"targets":"98"}`, 7, late.AddDate(0, 0, -48))
	expectColumn(t, frames, "recommended", (*bool)(nil), (*bool)(nil))
	expectColumn(t, frames, "separate", 1.0, 1.0)
	require.Contains(t, column(t, frames, "reason")[0], "whole windows with data in the history: 1; recommending a target needs 4")
	require.Contains(t, strings.Join(noticesOf(frames), "\n"), "recommending a target needs 4")
}

// Without a value of events nothing is said of money, and without an answering team
// nothing of what pages cost.
func TestWhatNobodyToldIsBlank(t *testing.T) {
	frames := recall(t, openLong(t, longCatalogue(t)), typeWhatIf, `{"select":{"slo":["mails"]},"targets":"99.9","cost":"5"}`, 42, late)
	for _, name := range []string{"accepted", "moving", "response", "pages_night", "response_year", "latency"} {
		expectColumn(t, frames, name, nil, nil)
	}
	expectColumn(t, frames, "worth", "", "")
	expectColumn(t, frames, "pages", 0.0, 0.0)
	expectColumn(t, frames, "met", 141.0, 141.0)
}

// Calendar periods are whole: January and the months before it, of which one has data.
func TestMonthsAreTriedAsMonths(t *testing.T) {
	frames := recall(t, openLong(t, agreedCatalogue(t)), typeWhatIf, `{"select":{"slo":["lines"]},"targets":"99.9","window":"month"}`, 42, late)
	expectColumn(t, frames, "windows", 1.0, 1.0)
	// 150 of 31 x 14,400 failed, where 446.4 may by 99.9 %.
	expectColumn(t, frames, "met", 1.0, 1.0)
	require.InDelta(t, 446.4, column(t, frames, "allowed")[1], 1, "the counters begin with the year")
}

// Six requests of ten take a quarter of a second at most and eight half a second: by 70 %
// the promise of half a second was kept in all 37 windows of an hour that begin every five
// minutes, a quarter of a second in none, and a second would be in all.
func TestOtherLatenciesAreCandidates(t *testing.T) {
	url := promtest.InProcess(t, []promtest.Series{
		scraped(t, `latency_bucket{le="0.25"} 0+6x480`), scraped(t, `latency_bucket{le="0.5"} 0+8x480`),
		scraped(t, `latency_bucket{le="1.0"} 0+9x480`), scraped(t, `latency_bucket{le="+Inf"} 0+10x480`),
		scraped(t, `latency_count 0+10x480`),
	})
	ds := open(t, url, sloOf("fast", `{ratioMetric: {counter: true, good: `+promQL(`sum(rate(latency_bucket{le="0.5"}[5m]))`)+`, total: `+promQL(`sum(rate(latency_count[5m]))`)+`}}`, "target: 0.7"), nil)
	frames := answered(t, ds, typeWhatIf, `{"window":"1h","targets":"75"}`)
	expectColumn(t, frames, "kind", "Target", "Target", "Latency", "Latency")
	expectColumn(t, frames, "target", 0.7, 0.75, 0.7, 0.7)
	expectColumn(t, frames, "latency", 0.5, 0.5, 0.25, 1.0)
	expectColumn(t, frames, "windows", 37.0, 37.0, 37.0, 37.0)
	expectColumn(t, frames, "met", 37.0, 37.0, 0.0, 37.0)
	expectColumn(t, frames, "current", true, false, false, false)
	expectColumn(t, frames, "recommended", yes(false), yes(true), yes(false), yes(true))
	expectColumn(t, frames, "alerts", nil, nil, nil, nil)
	require.Contains(t, column(t, frames, "reason")[0], "it has no alerts")
}

func TestWhatIfHoldsNothingConfidentialOutsideOfCells(t *testing.T) {
	frames := recall(t, openLong(t, agreedCatalogue(t)), typeWhatIf, `{"cost":123454321}`, 42, late)
	for _, frame := range frames {
		frame.Fields = nil
		frame.Meta.ExecutedQueryString = ""
		text, err := json.Marshal(frame)
		require.NoError(t, err)
		require.NotContains(t, string(text), "123454321")
	}
}
