package plugin

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/internal/promtest"
)

// noon is when the questions of these tests are asked; the windows of the shop's
// promises are the four hours before it.
var noon = time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC)

// shop is what happened from 6:00 to 14:00, seen every minute:
//
//	orders    10 a minute, of which one fails every five minutes: 600 and 12 an hour
//	payments   5 a minute, of which one fails every ten minutes: 300 and 6 an hour
//	searches 100 a minute, of which five fail: 6000 and 300 an hour
//	invoices   nothing is measured
//
// A payment is worth 10 euros until 10:00, nobody knows from then until 11:00, and
// 20 euros after that.
func shop(t testing.TB) string {
	t.Helper()
	return promtest.InProcess(t, shopSeries(t))
}

func shopSeries(t testing.TB) []promtest.Series {
	t.Helper()
	var every5, every10 strings.Builder
	for i := range 96 {
		fmt.Fprintf(&every5, "%d+0x4 ", i)
	}
	for i := range 48 {
		fmt.Fprintf(&every10, "%d+0x9 ", i)
	}
	return []promtest.Series{
		scraped(t, `orders_total 1000+10x480`),
		scraped(t, `orders_failed_total `+every5.String()),
		scraped(t, `payments_total 500+5x480`),
		scraped(t, `payments_failed_total `+every10.String()),
		scraped(t, `searches_total 9000+100x480`),
		scraped(t, `searches_failed_total 100+5x480`),
		scraped(t, `payment_euros 10+0x239 _x60 20+0x180`),
	}
}

// scraped is a series in the notation of Prometheus' own tests, with a sample a
// minute from 6:00 on.
func scraped(t testing.TB, description string) promtest.Series {
	t.Helper()
	labels, values, err := parser.NewParser(parser.Options{}).ParseSeriesDesc(description)
	require.NoError(t, err, description)
	series := promtest.Series{Labels: labels.Map()}
	for i, v := range values {
		if !v.Omitted {
			series.Samples = append(series.Samples, promtest.Sample{At: noon.Add(-6*time.Hour + time.Duration(i)*time.Minute), Value: v.Value})
		}
	}
	return series
}

// catalogue is the shop's.
func catalogue(t testing.TB) string {
	t.Helper()
	text, err := os.ReadFile("testdata/catalog.yaml")
	require.NoError(t, err)
	return string(text)
}

// open makes a data source at an address, of a catalogue and of settings beyond
// the usual ones.
func open(t testing.TB, url, catalog string, more map[string]any) *Datasource {
	t.Helper()
	settings := map[string]any{"catalog": catalog, "timeInterval": "1m", "queryDelay": "0s", "currency": "EUR"}
	maps.Copy(settings, more)
	return openSecure(t, url, settings, nil)
}

func openSecure(t testing.TB, url string, settings map[string]any, secure map[string]string) *Datasource {
	t.Helper()
	if _, said := settings["discover"]; !said {
		settings = maps.Clone(settings)
		settings["discover"] = []string{} // most stores of tests count what they are asked
	}
	jsonData, err := json.Marshal(settings)
	require.NoError(t, err)
	instance, err := NewDatasource(t.Context(), backend.DataSourceInstanceSettings{
		Type: ID, UID: "shop", Name: "shop", URL: url, JSONData: jsonData, DecryptedSecureJSONData: secure,
	})
	require.NoError(t, err)
	ds := instance.(*Datasource)
	t.Cleanup(ds.Dispose)
	return ds
}

// query is a question in the words of a dashboard, over the two hours before noon,
// with a point every hour. Its text is what stands in "query".
func query(refID, queryType, text string) backend.DataQuery {
	return backend.DataQuery{
		RefID: refID, QueryType: queryType, JSON: []byte(`{"query":` + text + `}`),
		TimeRange: backend.TimeRange{From: noon.Add(-2 * time.Hour), To: noon}, Interval: time.Hour, MaxDataPoints: 100,
	}
}

// ask asks one question.
func ask(t testing.TB, ds *Datasource, queryType, text string) backend.DataResponse {
	t.Helper()
	return askAll(t, ds, nil, query("A", queryType, text))["A"]
}

// answered asks one question that has an answer.
func answered(t testing.TB, ds *Datasource, queryType, text string) data.Frames {
	t.Helper()
	response := ask(t, ds, queryType, text)
	require.NoError(t, response.Error)
	require.Equal(t, backend.StatusOK, response.Status)
	return response.Frames
}

func askAll(t testing.TB, ds *Datasource, headers map[string]string, queries ...backend.DataQuery) backend.Responses {
	t.Helper()
	response, err := ds.QueryData(t.Context(), &backend.QueryDataRequest{Headers: headers, Queries: queries})
	require.NoError(t, err)
	return response.Responses
}

// figuresOf are the values of a response of one number for each label set.
func figuresOf(t testing.TB, frames data.Frames) map[string]any {
	t.Helper()
	all := map[string]any{}
	for _, frame := range frames {
		for _, field := range frame.Fields {
			if field.Type() != data.FieldTypeNullableFloat64 {
				continue
			}
			require.Equal(t, 1, field.Len())
			if v := field.At(0).(*float64); v != nil {
				all[field.Labels.String()] = *v
			} else {
				all[field.Labels.String()] = nil
			}
		}
	}
	return all
}

// column is a column of a table, as texts or numbers.
func column(t testing.TB, frames data.Frames, name string) []any {
	t.Helper()
	field, _ := frames[0].FieldByName(name)
	require.NotNil(t, field, "no column %q", name)
	var all []any
	for i := range field.Len() {
		switch v := field.At(i).(type) {
		case *float64:
			if v == nil {
				all = append(all, nil)
				continue
			}
			all = append(all, *v)
		default:
			all = append(all, v)
		}
	}
	return all
}

// noticesOf are the warnings of a response.
func noticesOf(frames data.Frames) []string {
	var all []string
	for _, n := range frames[0].Meta.Notices {
		if n.Severity == data.NoticeSeverityWarning {
			all = append(all, n.Text)
		}
	}
	return all
}

// replace replaces a text that must stand once.
func replace(t testing.TB, text, old, new string) string {
	t.Helper()
	require.Equal(t, 1, strings.Count(text, old), "%q must stand once", old)
	return strings.Replace(text, old, new, 1)
}

// lineOf is the number of the first line that contains a text.
func lineOf(text, part string) int {
	before, _, _ := strings.Cut(text, part)
	return strings.Count(before, "\n") + 1
}
