package plugin

import (
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/stretchr/testify/require"
)

// Orders and payments succeed with 98 %, searches with 95 %.
//
// To buy takes an order and a payment: 96 to 98 %, 0.98 x 0.98 = 96.04 % if failures
// are independent. Half of those who buy search before, and buy all the same where
// that fails. 1200 payments stand for 1200 journeys, of which 47.52 (24 to 48) failed,
// each costing 50 x 0.5 = 25 euros (20 to 37.5). Both steps fail alike, and take half.
//
// A visit takes a search for 40 % (which fails 2 % of all visits), and then either a
// basket or the phone, which both fail 0.02 x 0.02 = 0.04 %: 0.98 x 0.9996 = 97.9608 %.
// Of 4800 visits that were counted 120 failed, 97.5 %. They cost 10, 10, 10 and 20
// euros in the four hours, 30 in each.
func TestAJourneyIsReckonedOfItsSteps(t *testing.T) {
	frames := answered(t, openStakes(t), typeJourney, `{}`)
	check := func(name string, want ...any) {
		t.Helper()
		got := column(t, frames, name)
		require.Len(t, got, len(want), name)
		for i, v := range want {
			if number, ok := v.(float64); ok {
				require.InDelta(t, number, got[i], 1e-9, "%s of row %d", name, i)
			} else {
				require.Equal(t, v, got[i], "%s of row %d", name, i)
			}
		}
	}
	check("title", "Buy something", "Buy something", "Buy something", "Buy something", "Visit", "Visit", "Visit", "Visit", "Visit")
	check("part", "Journey", "Step", "Step", "Step", "Journey", "Step", "Step", "Alternative", "Alternative")
	check("step", "", "find", "order", "pay", "", "look", "buy", "basket", "phone")
	check("mode", "", "optional", "serial", "serial", "", "serial", "any of basket, phone", "parallel", "parallel")
	check("sli", 0.9604, 0.95, 0.98, 0.98, 0.975, 0.95, 0.9996, 0.98, 0.98)
	check("low", 0.96, nil, nil, nil, 0.96, nil, nil, nil, nil)
	check("independent", 0.9604, nil, nil, nil, 0.979608, nil, nil, nil, nil)
	check("counted", nil, nil, nil, nil, 0.975, nil, nil, nil, nil)
	check("high", 0.98, nil, nil, nil, 0.98, nil, nil, nil, nil)
	check("score", (0.5*0.95+0.98+0.98)/2.5, nil, nil, nil, (0.4*0.95+0.9996)/1.4, nil, nil, nil, nil)
	check("failed", nil, 0.025, 0.02, 0.02, nil, 0.02, 0.0004, nil, nil)
	check("started", 1200.0, nil, nil, nil, 4800.0, nil, nil, nil, nil)
	check("failed_journeys", 47.52, nil, nil, nil, 120.0, nil, nil, nil, nil)
	check("failed_low", 24.0, nil, nil, nil, 120.0, nil, nil, nil, nil)
	check("failed_high", 48.0, nil, nil, nil, 120.0, nil, nil, nil, nil)
	// e1 (1 - e2/2) and e2 (1 - e1/2) of their sum.
	look, buy := 0.02*(1-0.0002)/0.020392, 0.0004*0.99/0.020392
	check("part_of_failures", nil, 0.0, 0.5, 0.5, nil, look, buy, nil, nil)
	check("loss", 47.52*25, 0.0, 594.0, 594.0, 1500.0, 1500*look, 1500*buy, nil, nil)
	check("loss_low", 24.0*20, 0.0, 240.0, 240.0, 1500.0, 1500*look, 1500*buy, nil, nil)
	check("loss_high", 48*37.5, 0.0, 900.0, 900.0, 1500.0, 1500*look, 1500*buy, nil, nil)
	// The orders were missed; the searches that only some make do not matter to buying,
	// but a visit needs them.
	check("status", 2.0, 0.0, 2.0, 0.0, 2.0, 2.0, nil, 2.0, 0.0)
}

func TestTheSLIOfAJourneyIsNamed(t *testing.T) {
	ds := openStakes(t)
	for _, queryType := range []string{typeNumber, typeScorecard, typeJourney} {
		frames := answered(t, ds, queryType, `{"by":"journey","measures":["sli"]}`)
		var infos []string
		for _, n := range frames[0].Meta.Notices {
			if n.Severity == data.NoticeSeverityInfo {
				infos = append(infos, n.Text)
			}
		}
		require.Contains(t, infos, "Buy something: the SLI takes failures of the steps as independent of each other; whether or not they are, it lies between 96% and 98%")
		require.Contains(t, infos, "Visit: journeys are counted, from beginning to end")
	}
}

// A journey has no target, so that it has no budget either.
func TestFiguresCanBeGroupedByJourney(t *testing.T) {
	ds := openStakes(t)
	check := func(measure string, buy, visit any) {
		t.Helper()
		got := figuresOf(t, answered(t, ds, typeNumber, `{"by":"journey","measures":["`+measure+`"]}`))
		require.Len(t, got, 2)
		for labels, want := range map[string]any{"journey=buy": buy, "journey=visit": visit} {
			if want == nil {
				require.Nil(t, got[labels], "%s of %s", measure, labels)
				continue
			}
			require.InDelta(t, want, got[labels], 1e-9, "%s of %s", measure, labels)
		}
	}
	check("sli", 0.9604, 0.975)
	check("status", 2, 2)
	check("loss", 1188, 1500)
	check("total_events", nil, 4800)
	check("bad_events", nil, 120)
	check("target", nil, nil)
	check("budget_remaining", nil, nil)
	check("loss_accepted", nil, nil)

	frames := answered(t, ds, typeSeries, `{"by":"journey","measures":["sli"],"select":{"journey":["visit"]}}`)
	require.Len(t, frames, 1)
	require.Equal(t, data.Labels{"journey": "visit"}, frames[0].Fields[1].Labels)
	require.InDelta(t, 0.975, *frames[0].Fields[1].At(2).(*float64), 1e-9)
	card := answered(t, ds, typeScorecard, `{"by":"journey"}`)
	require.Equal(t, []any{"Buy something", "Visit"}, column(t, card, "journey"))
}

// Selecting a journey selects its steps; a journey that is asked about has all of them.
func TestJourneysAreSelectedByName(t *testing.T) {
	ds := openStakes(t)
	got := figuresOf(t, answered(t, ds, typeNumber, `{"measures":["sli"],"select":{"journey":["buy"],"service":["checkout"]}}`))
	require.Equal(t, map[string]any{"service=checkout, slo=orders": 0.98, "service=checkout, slo=payments": 0.98}, got)
	frames := answered(t, ds, typeJourney, `{"select":{"slo":["payments"],"journey":["buy"]}}`)
	require.Equal(t, []any{"", "find", "order", "pay"}, column(t, frames, "step"))

	response := ask(t, ds, typeJourney, `{"select":{"journey":["by"]}}`)
	require.EqualError(t, response.Error, `there is no journey "by" in the catalogue`)
	response = ask(t, ds, typeJourney, `{"select":{"slo":["invoices"]}}`)
	require.EqualError(t, response.Error, "no journey in the catalogue has a step that is selected")
}

// Nothing is measured of one step: the journey may fail always, or as seldom as the
// other steps allow.
func TestAStepThatIsNotSeenLeavesBounds(t *testing.T) {
	text := replace(t, stakesCatalogue(t), "{name: pay, slo: payments}", "{name: pay, slo: invoices}")
	ds := open(t, stakesShop(t), text, nil)
	frames := answered(t, ds, typeJourney, `{"select":{"journey":["buy"]}}`)
	require.Equal(t, []any{nil, 0.95, 0.98, nil}, column(t, frames, "sli"))
	require.Equal(t, []any{0.0, nil, nil, nil}, column(t, frames, "low"))
	require.Equal(t, []any{0.98, nil, nil, nil}, column(t, frames, "high"))
	require.Equal(t, 2.0, column(t, frames, "status")[0], "the orders were missed, whatever became of the payments")
	require.Contains(t, noticesOf(frames), "Buy something: 1 of 3 steps of the journey were not measured")
}

// A step that a journey goes on without may be missed.
func TestAStepThatIsNiceToHaveSpoilsNoJourney(t *testing.T) {
	text := replace(t, stakesCatalogue(t), "slo: searches, objective: usual, mode", "slo: searches, objective: best, mode")
	text = replace(t, text, "{name: order, slo: orders}", "{name: order, slo: payments}")
	frames := answered(t, open(t, stakesShop(t), text, nil), typeJourney, `{"select":{"journey":["buy"]}}`)
	require.Equal(t, []any{0.0, 2.0, 0.0, 0.0}, column(t, frames, "status"))
}

func TestJourneysAreListed(t *testing.T) {
	status, body := resource(t, unfinished(t, stakesCatalogue(t)), "GET", "journeys", "")
	require.Equal(t, 200, status)
	require.JSONEq(t, `[
		{"name":"buy","displayName":"Buy something","owner":"Head of Sales","steps":[
			{"name":"find","slo":"searches","mode":"optional"},{"name":"order","slo":"orders","mode":"serial"},{"name":"pay","slo":"payments","mode":"serial"}]},
		{"name":"visit","displayName":"Visit","owner":"","steps":[
			{"name":"look","slo":"searches","mode":"serial"},{"name":"basket","slo":"orders","mode":"parallel"},{"name":"phone","slo":"payments","mode":"parallel"}]}]`, body)
}
