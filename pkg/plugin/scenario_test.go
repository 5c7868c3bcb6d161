package plugin

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/internal/promtest"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/prom"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slotest"
	scenarioFiles "github.com/stakes-slo/stakes-slo-datasource/testdata/scenarios"
)

// What holds in the core holds in the panel: the same scenarios, asked through
// QueryData, of counters in Prometheus' own engine, by both roads to them.
func TestScenariosHoldInThePlugin(t *testing.T) {
	t.Run("by remote read", func(t *testing.T) {
		slotest.RunFiles(t, scenarioFiles.Files, &throughPlugin{t: t, start: promtest.InProcessWithRemoteRead, road: prom.RemoteRead, urls: map[string]string{}})
	})
	t.Run("by last values", func(t *testing.T) {
		slotest.RunFiles(t, scenarioFiles.Files, &throughPlugin{t: t, start: promtest.InProcess, road: prom.LastValues, urls: map[string]string{}})
	})
}

// throughPlugin is the engine that asks the whole plugin.
type throughPlugin struct {
	t     *testing.T
	start func(testing.TB, []promtest.Series) string
	road  string
	urls  map[string]string // of a Prometheus, by what it holds
}

func (e *throughPlugin) Eval(load slotest.Load, q slotest.Question) (slotest.Answer, error) {
	if len(q.Instants()) == 0 {
		return slotest.Answer{}, errors.New("a question without instants")
	}
	key := fmt.Sprint(load)
	if e.urls[key] == "" {
		e.urls[key] = e.start(e.t, counters(load))
	}
	jsonData, err := json.Marshal(map[string]any{"catalog": definitionOf(q.SLO, load), "timeInterval": "15s", "queryDelay": "0s", "currency": "EUR", "timezone": q.SLO.Zone, "discover": []string{}})
	require.NoError(e.t, err)
	instance, err := NewDatasource(e.t.Context(), backend.DataSourceInstanceSettings{Type: ID, Name: "test", URL: e.urls[key], JSONData: jsonData})
	require.NoError(e.t, err)
	ds := instance.(*Datasource)
	for _, p := range ds.catalog().Problems {
		return slotest.Answer{}, errors.New(p.Message)
	}
	if q.Kind != slotest.Eval {
		return e.table(ds, q)
	}
	answer, err := e.ask(ds, q)
	if err != nil || q.Step != 0 {
		return answer, err
	}
	// A scorecard of the same instant says the same.
	card, err := e.scorecard(ds, q)
	if err != nil {
		return answer, err
	}
	for name, values := range answer.Values {
		if column, ok := card[name]; ok {
			require.Equal(e.t, values, column, "the scorecard differs from the number in %s", name)
		}
	}
	require.Contains(e.t, card, "budget_remaining")
	for _, name := range []string{"loss_low", "loss_high"} {
		answer.Values[name] = card[name]
	}
	return answer, nil
}

// ask asks for every measure, at one instant or as a series.
func (e *throughPlugin) ask(ds *Datasource, q slotest.Question) (slotest.Answer, error) {
	queryType, frameType := typeNumber, data.FrameTypeNumericMulti
	if q.Step != 0 {
		queryType, frameType = typeSeries, data.FrameTypeTimeSeriesMulti
	}
	response := e.query(ds, q, queryType)
	if response.Error != nil {
		return slotest.Answer{}, response.Error
	}
	require.Equal(e.t, e.road, response.Frames[0].Meta.Custom.(map[string]any)["road"])
	answer := slotest.Answer{Values: map[string][]slo.Number{}, Warnings: warningsOf(response)}
	for _, frame := range response.Frames {
		require.Equal(e.t, frameType, frame.Meta.Type)
		value := frame.Fields[len(frame.Fields)-1]
		if q.Step == 0 {
			answer.Values[value.Labels["measure"]] = numbers(value)
			continue
		}
		// The scenario's instants, out of the points that the panel's step gives.
		at := map[time.Time]slo.Number{}
		for i, n := range numbers(value) {
			at[frame.Fields[0].At(i).(time.Time).UTC()] = n
		}
		for _, instant := range q.Instants() {
			n, ok := at[instant.UTC()]
			require.True(e.t, ok, "no point at %s", instant)
			answer.Values[value.Labels["measure"]] = append(answer.Values[value.Labels["measure"]], n)
		}
	}
	if q.Step != 0 {
		answer.Warnings = nil // a scenario states warnings of single instants only
	}
	return answer, nil
}

// table asks for an answer of rows, and for alerts as numbers too.
func (e *throughPlugin) table(ds *Datasource, q slotest.Question) (slotest.Answer, error) {
	queryType := map[slotest.Kind]string{slotest.History: typeHistory, slotest.Incidents: typeIncidents, slotest.Alert: typeAlert}[q.Kind]
	response := e.query(ds, q, queryType)
	if response.Error != nil {
		return slotest.Answer{}, response.Error
	}
	answer := slotest.Answer{Values: map[string][]slo.Number{}}
	require.Len(e.t, response.Frames, 1)
	for _, f := range response.Frames[0].Fields {
		name := map[string]string{"time": "start", "timeEnd": "end"}[f.Name]
		if name == "" {
			name = f.Name
		}
		answer.Values[name] = e.column(f, q.Origin)
	}
	if q.Kind == slotest.Incidents { // the newest comes first
		for _, values := range answer.Values {
			slices.Reverse(values)
		}
	}
	if q.Kind != slotest.Alert {
		return answer, nil
	}
	response = e.queryAs(ds, q, queryType, formatNumbers)
	require.NoError(e.t, response.Error)
	for _, frame := range response.Frames {
		require.Equal(e.t, data.FrameTypeNumericMulti, frame.Meta.Type)
		f := frame.Fields[0]
		answer.Values[f.Labels["severity"]] = numbers(f)
	}
	return answer, nil
}

// column is a column of a table as numbers: times as hours after the origin.
func (e *throughPlugin) column(f *data.Field, origin time.Time) []slo.Number {
	all := make([]slo.Number, f.Len())
	for i := range all {
		switch v := f.At(i).(type) {
		case *float64:
			if v != nil {
				all[i] = slo.Known(*v)
			}
		case *time.Time:
			if v != nil {
				all[i] = slo.Known(v.Sub(origin).Hours())
			}
		case bool:
			all[i] = slo.Known(0)
			if v {
				all[i] = slo.Known(1)
			}
		}
	}
	return all
}

func (e *throughPlugin) scorecard(ds *Datasource, q slotest.Question) (map[string][]slo.Number, error) {
	response := e.query(ds, q, typeScorecard)
	if response.Error != nil {
		return nil, response.Error
	}
	values := map[string][]slo.Number{}
	for _, f := range response.Frames[0].Fields {
		if f.Type() == data.FieldTypeNullableFloat64 {
			values[f.Name] = numbers(f)
		}
	}
	return values, nil
}

func (e *throughPlugin) query(ds *Datasource, q slotest.Question, queryType string) backend.DataResponse {
	format := ""
	if queryType == typeAlert {
		format = formatTable
	}
	return e.queryAs(ds, q, queryType, format)
}

func (e *throughPlugin) queryAs(ds *Datasource, q slotest.Question, queryType, format string) backend.DataResponse {
	var asked []string
	for _, m := range measures {
		if slices.Contains(slotest.MeasureNames, m.Name) {
			asked = append(asked, m.Name)
		}
	}
	body, err := json.Marshal(map[string]any{"query": map[string]any{
		"version": 1, "select": map[string]any{"slo": []string{q.SLO.Name}}, "measures": asked,
		"lookback": slo.FormatDuration(q.Lookback), "window": q.Window, "period": q.By, "format": format,
	}})
	require.NoError(e.t, err)
	response, err := ds.QueryData(e.t.Context(), &backend.QueryDataRequest{Queries: []backend.DataQuery{{
		RefID: "A", QueryType: queryType, JSON: body,
		TimeRange: backend.TimeRange{From: q.From, To: q.To}, Interval: q.Step, MaxDataPoints: 1000,
	}}})
	require.NoError(e.t, err)
	return response.Responses["A"]
}

// warningsOf are the warnings of a response, without the name of the SLO.
func warningsOf(response backend.DataResponse) []string {
	var warnings []string
	for _, n := range response.Frames[0].Meta.Notices {
		if n.Severity == data.NoticeSeverityWarning {
			_, text, _ := strings.Cut(n.Text, ": ")
			warnings = append(warnings, text)
		}
	}
	return warnings
}

func numbers(f *data.Field) []slo.Number {
	all := make([]slo.Number, f.Len())
	for i := range all {
		if v := f.At(i).(*float64); v != nil {
			all[i] = slo.Known(*v)
		}
	}
	return all
}

// counters are the loaded events as counters. All events of a slice are seen by its
// first scrape; slices without data have no scrapes.
func counters(load slotest.Load) []promtest.Series {
	total := promtest.Series{Labels: map[string]string{"__name__": "total_total", "instance": "a"}}
	other := promtest.Series{Labels: map[string]string{"__name__": "other_total", "instance": "a"}}
	scrapeEvery := min(load.Step/4, time.Minute)
	// The counters were there before, at a value of their own.
	sum, otherSum := 1000.0, 100.0
	add := func(at time.Time) {
		total.Samples = append(total.Samples, promtest.Sample{At: at, Value: sum})
		other.Samples = append(other.Samples, promtest.Sample{At: at, Value: otherSum})
	}
	if len(load.Total) > 0 && load.Total[0].Known {
		add(load.Origin.Add(-2 * time.Hour)) // before any scenario's windows
	}
	for i, n := range load.Total {
		if !n.Known {
			continue
		}
		sum += n.Value
		otherSum += load.Other[i].Value
		start := load.Origin.Add(time.Duration(i) * load.Step)
		for at := start.Add(scrapeEvery / 2); at.Before(start.Add(load.Step)); at = at.Add(scrapeEvery) {
			add(at)
		}
	}
	return []promtest.Series{total, other}
}

// definitionOf is the scenario's SLO as a catalogue.
func definitionOf(s slotest.SLO, load slotest.Load) string {
	other := "good"
	if load.Bad {
		other = "bad"
	}
	window := fmt.Sprintf("{duration: %s, isRolling: true}", s.Window)
	if unit, ok := map[string]string{"day": "1d", "week": "1w", "month": "1M", "quarter": "1Q", "year": "1Y"}[s.Window]; ok {
		window = fmt.Sprintf("{duration: %s, isRolling: false, calendar: {startTime: 2024-01-01 00:00:00, timeZone: %s}}", unit, cmp.Or(s.Zone, "UTC"))
	}
	method, sliced := map[slo.Method]string{slo.Occurrences: "Occurrences", slo.Timeslices: "Timeslices", slo.RatioTimeslices: "RatioTimeslices"}[s.Method], ""
	if s.Method != slo.Occurrences {
		sliced = ", timeSliceWindow: " + slo.FormatDuration(s.Slice)
	}
	if s.Method == slo.Timeslices {
		sliced += fmt.Sprintf(", timeSliceTarget: %v", s.SliceTarget)
	}
	text := fmt.Sprintf(`
apiVersion: openslo/v1
kind: SLO
metadata: {name: %s}
spec:
  service: test
  budgetingMethod: %s
  timeWindow: [%s]
  objectives: [{target: %v, displayName: it%s}]
  indicator:
    metadata: {name: it}
    spec:
      ratioMetric:
        counter: true
        %s: {metricSource: {type: Prometheus, spec: {query: 'sum(rate(other_total[5m]))'}}}
        total: {metricSource: {type: Prometheus, spec: {query: 'sum(rate(total_total[5m]))'}}}
`, s.Name, method, window, s.Target, sliced, other)
	for i, c := range s.Corrections {
		text += fmt.Sprintf(`---
apiVersion: stakes/v1
kind: Correction
metadata: {name: correction-%d}
spec:
  select: {slo: [%s]}
  from: %s
  to: %s
  effect: %s
  reason: %s
  author: %s
`, i, s.Name, c.From.Format(time.RFC3339), c.To.Format(time.RFC3339), c.Effect, c.Reason, c.Author)
	}
	if s.History != nil {
		text += fmt.Sprintf(`---
apiVersion: stakes/v1
kind: Agreement
metadata: {name: agreement}
spec:
  select: {slo: [%s]}
  promise: It works.
  targetHistory:
`, s.Name)
		for _, change := range s.History {
			text += fmt.Sprintf("    - {from: %s, target: %v}\n", change.From.Format(time.RFC3339), change.Target)
		}
	}
	if s.Value != nil {
		text += fmt.Sprintf(`---
apiVersion: stakes/v1
kind: Value
metadata: {name: worth}
spec:
  select: {slo: [%s]}
  perEvent: {low: %v, base: %v, high: %v}
  notRecovered: {low: %v, base: %v, high: %v}
  requestsPerOrder: %v
`, s.Name, s.Value.Low, s.Value.Base, s.Value.High, s.NotRecovered.Low, s.NotRecovered.Base, s.NotRecovered.High, s.Requests)
		if s.Customers > 0 {
			text += fmt.Sprintf("  customers: {perEvent: %v}\n", s.Customers)
		}
	}
	return text
}

func TestNumbersThatAreNotFiniteAreBlank(t *testing.T) {
	for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		require.Nil(t, nullable(slo.Known(v)))
	}
	require.Nil(t, nullable(slo.Number{}))
	require.InDelta(t, 0.5, *nullable(slo.Known(0.5)), 0)
}
