package grafanatest_test

import (
	"math"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/internal/grafanatest"
)

func numberFrame(labels data.Labels, values ...*float64) *data.Frame {
	f := data.NewFrame("", data.NewField("sli", labels, values))
	f.Meta = &data.FrameMeta{Type: data.FrameTypeNumericMulti, TypeVersion: data.FrameTypeVersion{0, 1}}
	return f
}

func of(v float64) *float64 { return &v }

// Each thing that makes a rule of Grafana fail or fire without cause is refused.
func TestWhatMakesAnAlertRuleFailIsSeen(t *testing.T) {
	a, b := data.Labels{"slo": "a"}, data.Labels{"slo": "b"}
	check := func(want string, frames ...*data.Frame) {
		t.Helper()
		_, err := grafanatest.Alert(frames)
		if want == "" {
			require.NoError(t, err)
			return
		}
		require.ErrorContains(t, err, want)
	}
	check("", numberFrame(a, of(1)), numberFrame(b, nil))
	check("two numbers with the labels slo=a", numberFrame(a, of(1)), numberFrame(a, of(2)))
	check("NaN with the labels", numberFrame(a, of(math.NaN())))
	check("Inf with the labels", numberFrame(a, of(math.Inf(-1))))
	check("2 rows", numberFrame(a, of(1), of(2)))

	withText := numberFrame(a, of(1))
	withText.Fields = append(withText.Fields, data.NewField("reason", nil, []string{"x"}))
	check(`field "reason"`, withText)
	withTwo := numberFrame(a, of(1))
	withTwo.Fields = append(withTwo.Fields, data.NewField("target", nil, []float64{1}))
	check("2 numbers in one frame", withTwo)
	withTime := numberFrame(a, of(1))
	withTime.Fields = append(withTime.Fields, data.NewField("time", nil, []time.Time{{}}))
	check(`field "time"`, withTime)
}

func TestFramesThatTheDataPlaneCannotReadAreSeen(t *testing.T) {
	a := data.Labels{"slo": "a"}
	require.NoError(t, grafanatest.ReadBack(data.Frames{numberFrame(a, of(1))}))
	require.ErrorContains(t, grafanatest.ReadBack(nil), "no frame at all")

	untyped := numberFrame(a, of(1))
	untyped.Meta.Type = ""
	require.ErrorContains(t, grafanatest.ReadBack(data.Frames{untyped}), "no query type of Stakes promises")
	require.ErrorContains(t, grafanatest.ReadBack(data.Frames{numberFrame(a, of(1)), untyped}), "different types")

	at := time.Unix(1000, 0)
	series := data.NewFrame("", data.NewField("time", nil, []time.Time{at, at.Add(-time.Second)}), data.NewField("sli", a, []float64{1, 2}))
	series.Meta = &data.FrameMeta{Type: data.FrameTypeTimeSeriesMulti, TypeVersion: data.FrameTypeVersion{0, 1}}
	require.Error(t, grafanatest.ReadBack(data.Frames{series}), "time runs backwards")

	table := data.NewFrame("", data.NewField("sli", nil, []float64{1}))
	table.Meta = &data.FrameMeta{Type: data.FrameTypeTable}
	require.ErrorContains(t, grafanatest.ReadBack(data.Frames{table}), "without a title")
}
