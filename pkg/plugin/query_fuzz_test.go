package plugin

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/internal/grafanatest"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/prom"
)

// silent is a store in memory that knows nothing and remembers what it was asked.
type silent struct {
	mu    sync.Mutex
	asked map[string]bool
}

func (s *silent) RoundTrip(r *http.Request) (*http.Response, error) {
	answer := &http.Response{StatusCode: http.StatusNotFound, Header: http.Header{}, Body: http.NoBody, Request: r}
	kind := map[string]string{"/api/v1/query": "vector", "/api/v1/query_range": "matrix"}[r.URL.Path]
	if kind == "" {
		return answer, nil
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	s.asked[form.Get("query")] = true
	s.mu.Unlock()
	answer.StatusCode = http.StatusOK
	answer.Body = io.NopCloser(strings.NewReader(`{"status":"success","data":{"resultType":"` + kind + `","result":[]}}`))
	return answer, nil
}

// openSilent is a data source before a silent store.
func openSilent(t testing.TB, text string) (*Datasource, *silent) {
	t.Helper()
	settings, err := json.Marshal(map[string]any{"catalog": text, "queryDelay": "0s", "currency": "EUR"})
	require.NoError(t, err)
	ds := &Datasource{}
	ds.settings, err = parseSettings(backend.DataSourceInstanceSettings{URL: "http://store", JSONData: settings})
	require.NoError(t, err)
	ds.library = newLibrary(ds.settings.catalogs)
	heard := &silent{asked: map[string]bool{}}
	ds.store, err = prom.NewStore("http://store", &http.Client{Transport: heard}, prom.DefaultCacheSize)
	require.NoError(t, err)
	return ds, heard
}

// FuzzQuery checks what holds for every query that anybody may send: there is an answer,
// which Grafana can read, or an error that is nobody's panic; and whatever it selects, the
// store is asked only for what stands in the catalogue.
func FuzzQuery(f *testing.F) {
	for _, kind := range queryTypes {
		f.Add(kind.Name, `{"version":1}`, int64(7200), int64(60), int64(100))
		f.Add(kind.Name, `{"version":1,"select":{"slo":["orders"]},"measures":["sli","loss"],"by":"service","lookback":"5m","window":"month","format":"table"}`, int64(0), int64(0), int64(0))
	}
	for _, text := range []string{
		``, `null`, `[]`, `{"version":2}`, `{"version":-1}`, `{"select":{"labels":{"tier":["gold\"} or vector(1) #","$x"]}}}`, `{"select":{"slo":["orders\"}"]}}`,
		`{"window":"100000d"}`, `{"lookback":"100000d"}`, `{"window":"1m","lookback":"1m"}`, `{"horizon":"92d","scenario":"typical"}`, `{"by":"group","pool":"worst"}`,
		`{"locale":"de","audience":"executive"}`, `{"measures":["sli","sli","customers_affected"]}`,
	} {
		f.Add("number", text, int64(7200), int64(60), int64(100))
		f.Add("series", text, int64(7200), int64(60), int64(100))
	}
	text := catalogue(f)
	ds, heard := openSilent(f, text)
	names := map[string]bool{"": true, "up": true}
	for _, s := range ds.catalog().SLOs {
		for _, o := range s.Objectives {
			i := o.Indicator(s)
			for _, query := range []string{i.Good, i.Bad, i.Total, i.Raw, i.Threshold} {
				for _, name := range metricsIn(f, query) {
					names[name] = true
				}
			}
		}
	}
	names["payment_euros"] = true     // what a payment is worth
	names[prom.RecordedMetric] = true // what rules recorded of anything
	f.Fuzz(func(t *testing.T, queryType, text string, seconds, interval, points int64) {
		const year = 366 * 24 * 3600
		if seconds < 0 || seconds > 20*year || interval < 0 || interval > year || points < 0 {
			return
		}
		to := noon.Add(time.Duration(interval) * time.Second)
		response := askAll(t, ds, nil, backend.DataQuery{
			RefID: "A", QueryType: queryType, JSON: []byte(`{"query":` + text + `}`), MaxDataPoints: points, Interval: time.Duration(interval) * time.Second,
			TimeRange: backend.TimeRange{From: to.Add(-time.Duration(seconds) * time.Second), To: to},
		})["A"]
		if response.Error != nil {
			require.NotEqual(t, backend.StatusInternal, response.Status, response.Error.Error())
			require.NotContains(t, response.Error.Error(), "\n")
		} else {
			require.NoError(t, grafanatest.ReadBack(response.Frames))
		}
		heard.mu.Lock()
		defer heard.mu.Unlock()
		for query := range heard.asked {
			if !strings.Contains(query, "increase_pure") {
				for _, name := range metricsIn(t, query) {
					require.True(t, names[name], "%s was asked for %s", name, text)
				}
			}
			delete(heard.asked, query)
		}
	})
}

// metricsIn are the names of the metrics that a query selects.
func metricsIn(t testing.TB, query string) (names []string) {
	t.Helper()
	if query == "" {
		return nil
	}
	tree, err := parser.NewParser(parser.Options{}).ParseExpr(query)
	require.NoError(t, err, query)
	parser.Inspect(tree, func(node parser.Node, _ []parser.Node) error {
		if v, ok := node.(*parser.VectorSelector); ok {
			for _, m := range v.LabelMatchers {
				if m.Name == "__name__" {
					names = append(names, m.Value)
				}
			}
		}
		return nil
	})
	return names
}

// FuzzSettings checks that whatever stands in a data source's settings, there is a data
// source, or a sentence that says what is wrong.
func FuzzSettings(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"timeInterval":"15s","queryDelay":"0s","timezone":"Europe/Berlin","weekStart":"sunday","cacheSize":1,"maxGroups":1,"maxSamples":1}`,
		`{"timezone":"../../etc/passwd"}`, `{"customQueryParameters":"a=%zz"}`, `{"cacheSize":-1}`, `{"currency":"EURO"}`, `{"httpMethod":"DELETE"}`, `[]`, `{"timeout":"x"}`,
	} {
		f.Add("http://localhost:9090", seed)
		f.Add("file:///etc/passwd", seed)
	}
	f.Fuzz(func(t *testing.T, address, text string) {
		parsed, err := parseSettings(backend.DataSourceInstanceSettings{URL: address, JSONData: []byte(text)})
		if err != nil {
			require.NotContains(t, err.Error(), "\n")
			return
		}
		require.NotNil(t, parsed.zone)
		require.Positive(t, parsed.cacheSize)
		require.Positive(t, parsed.scrape)
		require.GreaterOrEqual(t, parsed.delay, time.Duration(0))
	})
}
