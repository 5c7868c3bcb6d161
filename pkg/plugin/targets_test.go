package plugin

import (
	"encoding/json"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/stretchr/testify/require"
)

// asked is what becomes of members of a query that asks what if.
func asked(t *testing.T, members string) (question, error) {
	t.Helper()
	return decode(backend.DataQuery{QueryType: typeWhatIf, JSON: json.RawMessage(`{"query":{` + members + `}}`)}, false, settings{})
}

// Editors write ratios, people percent, and variables whatever their format says.
func TestTargetsAreReadHoweverTheyAreWritten(t *testing.T) {
	for text, want := range map[string][]float64{
		`"targets":[0.99,0.9995]`:             {0.99, 0.9995},
		`"targets":[99.95, 95]`:               {0.95, 0.9995},
		`"targets":99.9`:                      {0.999},
		`"targets":"99.9"`:                    {0.999},
		`"targets":"99.9, 99.95"`:             {0.999, 0.9995},
		`"targets":"99.9;99"`:                 {0.99, 0.999},
		`"targets":"95 99"`:                   {0.95, 0.99},
		`"targets":"99.99 %, 95%"`:            {0.95, 0.9999},
		`"targets":"{99,99.9}"`:               {0.99, 0.999}, // a variable in its usual format
		`"targets":"(99|99.9)"`:               {0.99, 0.999},
		`"targets":["99.9,99.95","0.5",null]`: {0.5, 0.999, 0.9995},
		`"targets":"99, 99, 0.99"`:            {0.99},
		`"targets":""`:                        nil,
		`"targets":null`:                      nil,
		``:                                    nil,
	} {
		q, err := asked(t, text)
		require.NoError(t, err, text)
		require.Equal(t, want, q.targets, text)
	}
}

func TestWhatIsNoTargetIsRefused(t *testing.T) {
	for text, want := range map[string]string{
		`"targets":"99,9"`:        `the targets "99,9" can be read as one target or as two; expected 99.9, or 99; 9`,
		`"targets":["95; 99,95"]`: `the targets "99,95" can be read as one target or as two; expected 99.95, or 99; 95`,
		`"targets":"99,9,95"`:     `the targets "99,9" can be read as one target or as two; expected 99.9, or 99; 9`,
		`"targets":100`:           `"100" is not a target; expected a percentage below 100 such as 99.9, or a ratio such as 0.999`,
		`"targets":"99.9, high"`:  `"high" is not a target; expected a percentage below 100 such as 99.9, or a ratio such as 0.999`,
		`"targets":"-1"`:          `"-1" is not a target; expected a percentage below 100 such as 99.9, or a ratio such as 0.999`,
		`"targets":"1"`:           `"1" is not a target; expected a percentage below 100 such as 99.9, or a ratio such as 0.999`,
		`"targets":"NaN"`:         `"NaN" is not a target; expected a percentage below 100 such as 99.9, or a ratio such as 0.999`,
		`"targets":"$target"`:     "the variable $target was not replaced: dashboard variables do not exist in alert rules and public dashboards",
		`"cost":"plenty"`:         `the cost is "plenty"; expected money a year as a number, such as 20000`,
		`"cost":-1`:               `the cost is "-1"; expected money a year as a number, such as 20000`,
		`"cost":"$cost"`:          "the variable $cost was not replaced: dashboard variables do not exist in alert rules and public dashboards",
	} {
		_, err := asked(t, text)
		require.EqualError(t, err, want, text)
	}
	_, err := asked(t, `"targets":{"a":1}`)
	require.ErrorContains(t, err, "is neither a number nor a text")
}

func TestOneOfTooManyTargetsIsNotChosenSilently(t *testing.T) {
	var many loose
	for range maxTargets + 1 {
		many = append(many, "99")
	}
	_, err := targetsOf(many)
	require.EqualError(t, err, "51 targets are too many to compare; expected at most 50")
}

// What only matters to another question is not looked at.
func TestTargetsOfOtherQuestionsAreLeftAlone(t *testing.T) {
	_, err := decode(backend.DataQuery{QueryType: typeNumber, JSON: json.RawMessage(`{"query":{"targets":"99,9","cost":"x"}}`)}, false, settings{})
	require.NoError(t, err)
}
