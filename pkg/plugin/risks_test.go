package plugin

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/internal/promtest"
)

// riskyCatalogue is the long one with what may go wrong.
func riskyCatalogue(t testing.TB) string {
	t.Helper()
	text, err := os.ReadFile("testdata/risks.yaml")
	require.NoError(t, err)
	return longCatalogue(t) + "\n---\n" + string(text)
}

// 99 % allows 5259.6 minutes a year. A minute of ten calls is worth 100 euros (50 to 200).
//
//	exchange  2 x (30 + 870) = 1800 minutes, 34 % and too much for one; 180,000 euros
//	cable     6 x (10 + 50) x 0.5 = 180 minutes; 18,000 and 6 x 1000 besides, 12,000 to
//	          48,000 in all
//
// Halves of the exchange: 30 minutes by earlier detection, 870 by quicker repair. Means of
// both: 6 x 10 + 2 x 30 of 8 minutes to detect, 6 x 50 + 2 x 870 to repair.
func TestRisksAreHeldAgainstTheBudget(t *testing.T) {
	frames := recall(t, openLong(t, riskyCatalogue(t)), typeRisks, `{"select":{"slo":["lines"]}}`, 56, late)
	check := func(name string, want ...any) {
		t.Helper()
		got := column(t, frames, name)
		require.Len(t, got, len(want), name)
		for i, v := range want {
			if number, ok := v.(float64); ok {
				require.InDelta(t, number, got[i], 1e-6, "%s of row %d", name, i)
				continue
			}
			require.Equal(t, v, got[i], "%s of row %d", name, i)
		}
	}
	check("part", "All risks", "Risk", "Risk")
	check("risk", "", "exchange-down", "cable-cut")
	check("description", "", "The exchange burns down.", "Somebody digs up the cable.")
	check("bad_minutes", 1980.0, 1800.0, 180.0)
	check("budget", 1980/5259.6, 1800/5259.6, 180/5259.6)
	check("stacked", 1980/5259.6, 1800/5259.6, 1980/5259.6)
	check("too_much", false, true, false)
	check("money", 204_000.0, 180_000.0, 24_000.0)
	check("money_low", 102_000.0, 90_000.0, 12_000.0)
	check("money_high", 408_000.0, 360_000.0, 48_000.0)
	check("incident_cost", 6000.0, nil, 6000.0)
	check("per_year", 8.0, 2.0, 6.0)
	check("detect", 15.0, 30.0, 10.0)
	check("repair", 255.0, 870.0, 50.0)
	check("half_frequency", 990.0, 900.0, 90.0)
	check("half_detect", 45.0, 30.0, 15.0)
	check("half_repair", 945.0, 870.0, 75.0)
	check("half_frequency_money", 102_000.0, 90_000.0, 12_000.0)
	check("half_detect_money", 4500.0, 3000.0, 1500.0)
	check("half_repair_money", 94_500.0, 87_000.0, 7500.0)
}

// In 56 days, 80,640 minutes, there were two incidents: 13 a year, and with 80 % between
// Gamma(2) at 10 %, 0.5318, and Gamma(3) at 90 %, 5.3223, in that time.
//
// The page of one hour fires above 0.02 x 168 = 3.36 times the budget, 20.16 of 600
// calls. In January half of the calls fail: 20 in the first five minutes, as far as was
// seen by then, and more in ten. In February all fail: 40 in five minutes. The last
// failures are seen at 3:30 and at 12:00, in slices that end five minutes later: 10 and 25
// minutes, and 5 and 120. Of 360 calls in 35 minutes 150 failed, and of 1260 in 125 1200.
func TestRisksAreHeldAgainstWhatHappened(t *testing.T) {
	frames := recall(t, openLong(t, riskyCatalogue(t)), typeRisks, `{"select":{"slo":["lines"]}}`, 56, late)
	const years = 80_640 / 525_960.0
	for name, want := range map[string]float64{
		"incidents": 2, "noticed": 2, "per_year_seen": 2 / years, "per_year_seen_low": 0.53181 / years, "per_year_seen_high": 5.32232 / years,
		"detect_seen": 7.5, "repair_seen": 72.5, "bad_minutes_seen": (35*150/360.0 + 125*1200/1260.0) / years, "declared": 1, "declared_cost": 3000,
	} {
		got := column(t, frames, name)
		require.InDelta(t, want, got[0], 1e-3, name)
		require.Nil(t, got[1], "%s is about all risks together", name)
	}
	require.Equal(t, []any{"agrees with what happened", "", ""}, column(t, frames, "calibration"))

	text := replace(t, riskyCatalogue(t), "incidentsPerYear: 6", "incidentsPerYear: 0.5")
	text = replace(t, text, "incidentsPerYear: 2", "incidentsPerYear: 0.5")
	frames = recall(t, openLong(t, text), typeRisks, `{"select":{"slo":["lines"]}}`, 56, late)
	require.Equal(t, "too few: more happened than declared", column(t, frames, "calibration")[0])
}

// On 15 days of February 12 of 20 calls fail within two minutes: 1.2 % of the 1008 that may
// fail in a week, and twice what lasts over an hour, which pages nobody. They are in the
// ledger, and no incidents that somebody means by a risk.
func TestNoiseIsNoIncidentOfARisk(t *testing.T) {
	calls, failed := series("calls_total"), series("calls_failed_total")
	n, bad := 500.0, 10.0
	for at := late.AddDate(0, 0, -40); !at.After(late.Add(time.Hour)); at = at.Add(2 * time.Minute) {
		calls.Samples = append(calls.Samples, promtest.Sample{At: at, Value: n})
		failed.Samples = append(failed.Samples, promtest.Sample{At: at, Value: bad})
		n += 20
		if at.Month() == time.February && at.Day() <= 15 && at.Hour() == 12 && at.Minute() == 0 {
			bad += 12
		}
	}
	ds := open(t, promtest.InProcess(t, []promtest.Series{calls, failed}), riskyCatalogue(t), map[string]any{"timeInterval": "2m"})
	q := `{"select":{"slo":["lines"]}}`
	ledger := recall(t, ds, typeIncidents, q, 28, late)
	require.Len(t, column(t, ledger, "slo"), 16, "with the declared one")
	frames := recall(t, ds, typeRisks, q, 28, late)
	require.Equal(t, 0.0, column(t, frames, "incidents")[0])
	require.Equal(t, 0.0, column(t, frames, "per_year_seen")[0])
	require.Equal(t, "too short a time to say", column(t, frames, "calibration")[0])
	require.Contains(t, column(t, frames, "reason")[0], "smaller incidents that no alert would have told of are not counted: 15")
}

// An incident that goes on at the beginning of the time range began before it.
func TestAnIncidentIsCountedWhereItBegan(t *testing.T) {
	ds := openLong(t, riskyCatalogue(t))
	q := `{"select":{"slo":["lines"]}}`
	end := late.AddDate(0, 0, -11).Add(-11 * 60 * 60 * 1e9) // 17 February, 11:00: a week after the outage was half over
	frames := recall(t, ds, typeRisks, q, 7, end)
	require.Equal(t, 0.0, column(t, frames, "incidents")[0])
	require.Equal(t, "too short a time to say", column(t, frames, "calibration")[0])
	frames = recall(t, ds, typeRisks, q, 8, end)
	require.Equal(t, 1.0, column(t, frames, "incidents")[0])
}

// Nobody said what a mail is worth: what its minutes cost is not known, which is not
// nothing. What a cut cable costs besides counts with the lines, and once.
func TestMinutesWithoutAValueCostAnUnknownAmount(t *testing.T) {
	frames := recall(t, openLong(t, riskyCatalogue(t)), typeRisks, `{}`, 56, late)
	require.Equal(t, []any{"lines", "lines", "lines", "mails", "mails", "mails"}, column(t, frames, "slo"))
	require.Equal(t, []any{"", "cable-cut", "virus"}, column(t, frames, "risk")[3:])
	require.Equal(t, []any{nil, nil, nil}, column(t, frames, "money")[3:])
	require.Equal(t, []any{nil, nil, nil}, column(t, frames, "half_repair_money")[3:])
	require.Equal(t, []any{100.0, nil, 100.0}, column(t, frames, "incident_cost")[3:])
	notes := column(t, frames, "reason")
	require.Equal(t, "nobody said what one of its events is worth: what bad minutes cost is not known", notes[3])
	require.Equal(t, "what each incident costs besides is counted with Lines are open", notes[4])
	require.Equal(t, []any{240.0, 180.0, 60.0}, column(t, frames, "bad_minutes")[3:])
}

// Nothing went wrong with mails, and nobody expects anything to: they are no risk. Of the
// lines nobody thought.
func TestIncidentsWithoutARiskArePointedOut(t *testing.T) {
	ds := openLong(t, longCatalogue(t))
	frames := recall(t, ds, typeRisks, `{}`, 56, late)
	require.Equal(t, []any{"lines"}, column(t, frames, "slo"))
	require.Contains(t, column(t, frames, "reason")[0], "incidents happened, and nobody declared a risk")
	require.Equal(t, []any{nil}, column(t, frames, "bad_minutes"))
	require.Equal(t, []any{2.0}, column(t, frames, "incidents"))

	_, recordings, found := strings.Cut(riskyCatalogue(t), "kind: Incident")
	require.True(t, found)
	text := longCatalogue(t) + "\n---\napiVersion: stakes/v1\nkind: Incident" + replace(t, recordings, "select: {slo: [lines]}", "select: {slo: [mails]}")
	frames = recall(t, openLong(t, text), typeRisks, `{"select":{"slo":["mails"]}}`, 56, late)
	require.Equal(t, []any{1.0}, column(t, frames, "declared"))
	require.Equal(t, []any{3000.0}, column(t, frames, "declared_cost"))
	require.Equal(t, []any{0.0}, column(t, frames, "incidents"))

	frames = recall(t, ds, typeRisks, `{"select":{"slo":["mails"]}}`, 56, late)
	require.Empty(t, column(t, frames, "slo"))
	require.Contains(t, noticesOf(frames), "no SLO that is selected has a risk; a document of the kind Risk adds one")
}

// Without data a risk is what it was declared to be, and nothing is known beyond that.
func TestRisksOfWhatWasNotSeenAreStillDeclared(t *testing.T) {
	text := replace(t, stakesCatalogue(t), "select: {slo: [payments]}\n  description: The payment", "select: {slo: [invoices]}\n  description: The payment")
	frames := answered(t, open(t, stakesShop(t), text, nil), typeRisks, `{"select":{"slo":["invoices"]}}`)
	require.Equal(t, []any{30.0, 30.0}, column(t, frames, "bad_minutes"))
	require.Equal(t, []any{nil, nil}, column(t, frames, "per_year_seen"), "nobody looked, which is not never")
	require.Equal(t, []any{nil, nil}, column(t, frames, "money"))
	require.Equal(t, []any{"", ""}, column(t, frames, "calibration"))
	require.Contains(t, column(t, frames, "reason")[0], "nothing was seen in the time range to hold risks against")
}

func TestRisksKeepConfidencesInCells(t *testing.T) {
	for _, frame := range recall(t, openLong(t, riskyCatalogue(t)), typeRisks, `{}`, 56, late) {
		frame.Fields = nil
		frame.Meta.ExecutedQueryString = ""
		text, err := json.Marshal(frame)
		require.NoError(t, err)
		for _, secret := range []string{"cable", "exchange", "virus", "Recordings", "auditor", "1000"} {
			require.NotContains(t, string(text), secret)
		}
	}
}
