package plugin

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/forecast"
)

// amid is more than an hour into the outage of 10 February.
var amid = time.Date(2026, time.February, 10, 11, 10, 0, 0, time.UTC)

// Seven days ahead a window of seven days is all future. Everything fails over the
// lookback, a hundred times what is promised: as now -99 budgets are left. If one in a
// hundred fails, as many as may, none is; if half of the lookback's share, -49.
func TestAForecastHasARowForEachScenario(t *testing.T) {
	ds := openLong(t, longCatalogue(t))
	const lines = `"format":"table","select":{"slo":["lines"]},`
	frames := recall(t, ds, typeForecast, `{`+lines+`"scenario":"each","failures":"1 %"}`, 30, amid)
	require.Equal(t, []any{"What is likely", "As now", "Typical", "The incident stops now", "The incident goes on", "My own"}, column(t, frames, "scenario"))
	left := numbersOf(t, column(t, frames, "remaining"))
	require.InDelta(t, -99, left[1], 0.3, "the share of an hour's 600 is known that well")
	require.InDelta(t, 0, left[5], 1e-9)
	require.Greater(t, left[2], left[4])
	require.Greater(t, left[3], left[0])
	require.Greater(t, left[3], 0.9, "nothing fails but in episodes")
	require.Equal(t, []any{true, true, true, true, true, true}, column(t, frames, "under_way"))

	// Without a share of their own there is none; one scenario is one row.
	frames = recall(t, ds, typeForecast, `{`+lines+`"scenario":"each"}`, 30, amid)
	require.Len(t, column(t, frames, "scenario"), 5)
	frames = recall(t, ds, typeForecast, `{`+lines+`"scenario":"own","failures":"0,5x"}`, 30, amid)
	require.Equal(t, []any{"My own"}, column(t, frames, "scenario"))
	require.InDelta(t, -49, numbersOf(t, column(t, frames, "remaining"))[0], 0.2)

	// Lines have the scenario that is asked for.
	for _, f := range recall(t, ds, typeForecast, `{"select":{"slo":["lines"]},"scenario":"own","failures":"2 %"}`, 30, amid) {
		v := numbersOf(t, []any{f.Fields[1].At(f.Fields[1].Len() - 1)})
		require.InDelta(t, -1, v[0], 1e-9, f.Name)
	}

	// What is likely is a table as ever.
	for _, frame := range recall(t, ds, typeForecast, `{`+lines+`"scenario":"expected"}`, 30, amid) {
		for _, field := range frame.Fields {
			require.NotEqual(t, "scenario", field.Name)
		}
	}
}

// numbersOf are the values of a column, all of which must be known.
func numbersOf(t *testing.T, column []any) []float64 {
	t.Helper()
	all := make([]float64, len(column))
	for i, v := range column {
		if p, ok := v.(*float64); ok {
			require.NotNil(t, p)
			v = *p
		}
		all[i] = v.(float64)
	}
	return all
}

func TestScenariosThatCannotBeAskedAboutAreNamed(t *testing.T) {
	check := func(want, queryType, members string) {
		t.Helper()
		_, err := decode(backend.DataQuery{RefID: "A", QueryType: queryType, JSON: []byte(`{"query":{` + members + `}}`)}, false, settings{zone: time.UTC})
		if want == "" {
			require.NoError(t, err)
			return
		}
		require.EqualError(t, err, want)
	}
	const form = "a share of all events such as 0.5 % nor a multiple of the share of the lookback such as 2x"
	check(`there is no scenario "rosy"; expected one of expected, as-now, typical, incident-stops, incident-goes-on, own, each`, typeForecast, `"scenario":"rosy"`)
	check("a scenario of your own needs failures: a share of all events such as 0.5 %, or a multiple of the share of the lookback such as 2x", typeForecast, `"scenario":"own"`)
	for _, failures := range []string{"0.5", "x", "-1 %", "1e9x", "2 y"} {
		check(fmt.Sprintf("failures %q are neither %s", failures, form), typeForecast, `"scenario":"own","failures":"`+failures+`"`)
		check(fmt.Sprintf("failures %q are neither %s", failures, form), typeForecast, `"scenario":"each","format":"table","failures":"`+failures+`"`)
	}
	check(`failures "101 %" are more than all events; expected a share of at most 100 %`, typeForecast, `"scenario":"own","failures":"101 %"`)
	check(`the scenario "each" fills a table; lines have one scenario at a time`, typeForecast, `"scenario":"each"`)
	check("the variable $f was not replaced: dashboard variables do not exist in alert rules and public dashboards", typeForecast, `"scenario":"own","failures":"$f"`)

	// What a question has no use for is no matter.
	check("", typeForecast, `"scenario":"typical","failures":"nonsense"`)
	check("", typeScorecard, `"scenario":"own"`)
}

// On 4 January the shop is three days old: nobody knows its weeks.
func TestAForecastFromLittleHistoryIsWideAndSaysWhatWouldNarrowIt(t *testing.T) {
	ds := openLong(t, longCatalogue(t))
	width := func(at time.Time) float64 {
		frames := recall(t, ds, typeForecast, `{"format":"table","select":{"slo":["mails"]},"horizon":"1d"}`, 30, at)
		return numbersOf(t, column(t, frames, "remaining_high"))[0] - numbersOf(t, column(t, frames, "remaining_low"))[0]
	}
	young := time.Date(2026, time.January, 4, 0, 0, 0, 0, time.UTC)
	require.Greater(t, width(young), 2*width(late))

	warnings := func(at time.Time) string {
		text, err := json.Marshal(recall(t, ds, typeForecast, `{"select":{"slo":["mails"]}}`, 30, at)[0].Meta.Custom)
		require.NoError(t, err)
		return string(text)
	}
	require.Contains(t, warnings(young), "3 days of history; needs 14 days for the days of a week")
	require.NotContains(t, warnings(late), "needs 14 days")
	require.Contains(t, warnings(late), "episodes of failures in 35 days: 0; needs 3 for a forecast that rests on this history alone")
}

// An alert rule gets a number for each promise, the same on every evaluation and
// whatever else it asks about.
func TestTheProbabilityOfAMissIsAlertable(t *testing.T) {
	ds := openLong(t, longCatalogue(t))
	probabilities := func(members string, at time.Time) map[string]any {
		q := query("A", typeNumber, `{"measures":["miss_probability"]`+members+`}`)
		q.TimeRange = backend.TimeRange{From: at.Add(-10 * time.Minute), To: at}
		response := askAll(t, ds, map[string]string{"FromAlert": "true"}, q)["A"]
		require.NoError(t, response.Error)
		return figuresOf(t, response.Frames)
	}
	const lines, mails = "service=phones, slo=lines", "service=mails, slo=mails"
	now := probabilities("", amid)
	require.Len(t, now, 2)
	before := probabilities("", amid.Add(-2*time.Hour))
	require.Less(t, now[mails], 0.5)
	require.Greater(t, now[lines], 2*before[lines].(float64), "an incident is under way")
	require.Equal(t, now, probabilities("", amid))
	require.Equal(t, map[string]any{lines: now[lines]}, probabilities(`,"select":{"slo":["lines"]}`, amid))
	require.Equal(t, map[string]any{mails: now[mails]}, probabilities(`,"select":{"slo":["mails"]}`, amid))
}

// A scorecard that makes its forecasts for the first time keeps no alert rule waiting.
func TestWhoWaitsForAForecastKeepsNobodyElseWaiting(t *testing.T) {
	var kept foreseen
	begun, finish, done := make(chan struct{}), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		_, _ = kept.get(amid, "slow", func() ([]forecast.Forecast, error) {
			close(begun)
			<-finish
			return []forecast.Forecast{{Method: "slow"}}, nil
		})
	}()
	<-begun
	quick, err := kept.get(amid, "quick", func() ([]forecast.Forecast, error) { return []forecast.Forecast{{Method: "quick"}}, nil })
	require.NoError(t, err)
	require.Equal(t, "quick", quick[0].Method)
	close(finish)
	<-done
	again, err := kept.get(amid, "slow", func() ([]forecast.Forecast, error) { return nil, fmt.Errorf("it is kept") })
	require.NoError(t, err)
	require.Equal(t, "slow", again[0].Method)
}
