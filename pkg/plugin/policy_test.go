package plugin

import (
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/internal/grafanatest"
)

// stateAt is the number of the state of lines at an instant.
func stateAt(t *testing.T, ds *Datasource, at time.Time) any {
	t.Helper()
	frames := recall(t, ds, typeNumber, `{"measures":["policy_state"],"select":{"slo":["lines"]}}`, 1, at)
	return figuresOf(t, frames)["service=phones, slo=lines"]
}

// On 10 February 1200 of 1008 calls that may fail in a week did. The exception for
// carnival lasts until the end of the 14th.
func TestAnExceptionHoldsThroughItsLastDay(t *testing.T) {
	ds := openLong(t, agreedCatalogue(t))
	feb := func(d, h int) time.Time { return time.Date(2026, time.February, d, h, 0, 0, 0, time.UTC) }
	require.Equal(t, 2.0, stateAt(t, ds, feb(10, 12)))
	require.Equal(t, 2.0, stateAt(t, ds, feb(14, 23)))
	require.Equal(t, 0.0, stateAt(t, ds, feb(15, 0)))
	require.Equal(t, 2.0, stateAt(t, ds, feb(18, 0)), "the window has moved on")

	frames := recall(t, ds, typeReview, `{"select":{"slo":["lines"]}}`, 42, feb(12, 12))
	expectColumn(t, frames, "policy", "ship")
	expectColumn(t, frames, "policy_budget", "freeze")
	expectColumn(t, frames, "exception", "Carnival (The board, until 2026-02-14)")
	frames = recall(t, ds, typeReview, `{"select":{"slo":["lines"]}}`, 42, feb(15, 12))
	expectColumn(t, frames, "policy", "freeze")
	expectColumn(t, frames, "consequence", "Only repairs are released.")
	expectColumn(t, frames, "policy_owner", "Head of Phones")
	expectColumn(t, frames, "exception", "")
}

// In the zone of the data source: 15 February begins at 23:00 UTC in Berlin.
func TestDaysOfAPolicyAreThoseOfTheDataSource(t *testing.T) {
	ds := open(t, longShop(t), agreedCatalogue(t), map[string]any{"timeInterval": "2m", "timezone": "Europe/Berlin"})
	require.Equal(t, 2.0, stateAt(t, ds, time.Date(2026, time.February, 14, 22, 0, 0, 0, time.UTC)))
	require.Equal(t, 0.0, stateAt(t, ds, time.Date(2026, time.February, 14, 23, 0, 0, 0, time.UTC)))
}

// A quarter of an hour after 10:00 on 10 February, 150 of 600 calls of the last hour
// failed, 25 times what lasts; of the week's budget 85 % are left.
func TestAPolicyLooksAtTheBurnRate(t *testing.T) {
	ds := openLong(t, replace(t, agreedCatalogue(t), "until: 2026-02-14", "until: 2026-01-14"))
	require.Equal(t, 1.0, stateAt(t, ds, time.Date(2026, time.February, 10, 10, 16, 0, 0, time.UTC)))
}

// What no data can tell has no state, which is neither ship nor freeze.
func TestAStateThatCannotBeToldIsBlank(t *testing.T) {
	ds := openLong(t, agreedCatalogue(t))
	before := time.Date(2025, time.December, 24, 0, 0, 0, 0, time.UTC)
	require.Equal(t, 2.0, stateAt(t, ds, before), "the exception holds whatever the data")
	ds = openLong(t, replace(t, agreedCatalogue(t), "until: 2026-02-14", "until: 2025-02-14"))
	require.Nil(t, stateAt(t, ds, before))
}

// Over time, and for alert rules.
func TestThePolicyCanBeAlertedOn(t *testing.T) {
	ds := openLong(t, replace(t, agreedCatalogue(t), "until: 2026-02-14", "until: 2026-01-14"))
	for _, queryType := range []string{typeNumber, typeSeries} {
		q := query("A", queryType, `{"measures":["policy_state"]}`)
		end := time.Date(2026, time.February, 11, 0, 0, 0, 0, time.UTC)
		q.TimeRange = backend.TimeRange{From: end.Add(-24 * time.Hour), To: end}
		response := askAll(t, ds, map[string]string{"FromAlert": "true"}, q)["A"]
		require.NoError(t, response.Error)
		require.NoError(t, grafanatest.ReadBack(response.Frames))
		_, err := grafanatest.Alert(response.Frames)
		require.NoError(t, err)
		field := response.Frames[0].Fields[len(response.Frames[0].Fields)-1]
		require.Equal(t, 0.0, *field.At(field.Len() - 1).(*float64))
		if queryType == typeSeries {
			require.Equal(t, 2.0, *field.At(0).(*float64))
		}
		mapping := field.Config.Mappings[0].(data.ValueMapper)
		require.Equal(t, data.ValueMappingResult{Text: "freeze", Color: red, Index: 0}, mapping["0"])
		require.Equal(t, data.ValueMappingResult{Text: "ship", Color: green, Index: 2}, mapping["2"])
		require.Equal(t, noState, mapping["3"].Text)
	}
}

// Two services: one that is well and one that is frozen. The gravest stands for both
// where their states are called alike, and nothing does where they are not.
func TestTheGravestStateStandsForAGroup(t *testing.T) {
	text := replace(t, agreedCatalogue(t), "until: 2026-02-14", "until: 2026-01-14")
	text = replace(t, text, "service: mails", "service: phones")
	at := time.Date(2026, time.February, 12, 0, 0, 0, 0, time.UTC)
	state := func(catalog string) (any, data.Frames) {
		frames := recall(t, openLong(t, catalog), typeNumber, `{"measures":["policy_state"],"by":"service"}`, 1, at)
		return figuresOf(t, frames)["service=phones"], frames
	}
	got, _ := state(text)
	require.Equal(t, 0.0, got)
	got, frames := state(replace(t, text, "select: {slo: [lines, mails]}", "select: {slo: [lines]}") + `
---
apiVersion: stakes/v1
kind: Policy
metadata: {name: other}
spec:
  select: {slo: [mails]}
  states: [{name: go, when: always, consequence: Nothing.}]
`)
	require.Nil(t, got)
	require.Contains(t, noticesOf(frames), "phones: its promises have policies with different states, which have no number in common")
	require.Len(t, frames[0].Fields[0].Config.Mappings, 1, "the colour of what is not known, and no words for numbers that mean different states")
}

// No state is calmer than all: a rule that alerts below 1 means the gravest.
func TestNoStateIsNumberedAfterAll(t *testing.T) {
	text := replace(t, agreedCatalogue(t), "until: 2026-02-14", "until: 2026-01-14")
	text = replace(t, text, "    - name: ship\n      when: always\n      consequence: Releases go out.\n", "")
	require.Equal(t, 2.0, stateAt(t, openLong(t, text), late))
}

func TestStatementsSayWhatThePolicySays(t *testing.T) {
	ds := openLong(t, replace(t, agreedCatalogue(t), "until: 2026-02-14", "until: 2026-01-14"))
	frames := recall(t, ds, typeStatement, `{"select":{"slo":["lines"]}}`, 1, time.Date(2026, time.February, 12, 0, 0, 0, 0, time.UTC))
	require.Contains(t, column(t, frames, "product")[0], "What we agreed to do now: Only repairs are released.")
	require.NotContains(t, column(t, frames, "product")[0], "released..")
}
