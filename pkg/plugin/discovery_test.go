package plugin

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"

	"os"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/stakes-slo/stakes-slo-datasource/internal/promtest"
)

// recordedShop is what happened in the last two hours: of ten requests a minute, one to the
// basket fails, two to the search, three to the cart and four to the payment.
func recordedShop() []promtest.Series {
	var all []promtest.Series
	now := time.Now().Truncate(time.Second)
	for name, failed := range map[string]int{"basket": 1, "search": 2, "cart": 3, "payment": 4} {
		for code, each := range map[string]int{"200": 10 - failed, "500": failed} {
			s := promtest.Series{Labels: map[string]string{"__name__": name + "_total", "code": code, "route": "/" + name}}
			for i := range 121 {
				s.Samples = append(s.Samples, promtest.Sample{At: now.Add(time.Duration(i-120) * time.Minute), Value: float64(1000 + each*i)})
			}
			all = append(all, s)
		}
	}
	return all
}

// recordingRules are what Sloth, Pyrra and Grafana SLO record by.
func recordingRules(t *testing.T) string {
	t.Helper()
	rules, err := os.ReadFile("testdata/recordings.yaml")
	require.NoError(t, err)
	return string(rules)
}

// recordings are what these rules recorded in the last hour and fifty minutes, once a
// minute: ten requests a minute are a sixth of one per second.
func recordings(t *testing.T) []promtest.Series {
	t.Helper()
	const perSecond = 10.0 / 60
	values := map[string]float64{
		"slo:sli_error:ratio_rate5m": 0.1, "slo:objective:ratio": 0.9990000000000001, "slo:time_period:days": 30, "sloth_slo_info": 1,
		"pyrra_objective": 0.99, "pyrra_window": 1209600, "pyrra_requests:rate5m": perSecond, "pyrra_errors:rate5m": 0.2 * perSecond,
		"search:burnrate5m": 0.2, "cart:burnrate5m": 0.3, "cart:increase4w": 1210,
		"grafana_slo_info": 1, "grafana_slo_objective": 0.95, "grafana_slo_success_rate_5m": 0.6 * perSecond, "grafana_slo_total_rate_5m": perSecond,
	}
	var file struct {
		Groups []struct {
			Rules []struct {
				Record string
				Labels map[string]string
			}
		}
	}
	require.NoError(t, yaml.Unmarshal([]byte(recordingRules(t)), &file))
	now := time.Now().Truncate(time.Second)
	var all []promtest.Series
	for _, group := range file.Groups {
		for _, rule := range group.Rules {
			if rule.Record == "" {
				continue
			}
			value, known := values[rule.Record]
			require.True(t, known, rule.Record)
			s := promtest.Series{Labels: map[string]string{"__name__": rule.Record}}
			maps.Copy(s.Labels, rule.Labels)
			for i := 110; i >= 0; i-- {
				s.Samples = append(s.Samples, promtest.Sample{At: now.Add(-time.Duration(i) * time.Minute), Value: value})
			}
			all = append(all, s)
		}
	}
	return all
}

// recordingServer is a real Prometheus with the rules of Sloth, Pyrra and Grafana SLO and
// what they recorded.
func recordingServer(t *testing.T) string {
	t.Helper()
	return promtest.ServerEvaluating(t, append(recordedShop(), recordings(t)...), recordingRules(t))
}

// withoutRules is a store that does not give its rules.
func withoutRules(t *testing.T, address string) string {
	t.Helper()
	target, err := url.Parse(address)
	require.NoError(t, err)
	proxy := httputil.NewSingleHostReverseProxy(target)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/api/v1/rules" {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// openBare is a data source of which nothing is set but the address and what is given.
func openBare(t *testing.T, address, jsonData string) *Datasource {
	t.Helper()
	instance, err := NewDatasource(t.Context(), backend.DataSourceInstanceSettings{Type: ID, UID: "bare", Name: "bare", URL: address, JSONData: []byte(jsonData)})
	require.NoError(t, err)
	ds := instance.(*Datasource)
	t.Cleanup(ds.Dispose)
	return ds
}

// lastHour asks for the events of the last hour.
func lastHour(t *testing.T, ds *Datasource) (map[string]any, []string) {
	t.Helper()
	q := query("A", typeNumber, `{"measures":["bad_events","total_events"],"window":"1h"}`)
	q.TimeRange = backend.TimeRange{From: time.Now().Add(-time.Hour), To: time.Now()}
	response := askAll(t, ds, nil, q)["A"]
	require.NoError(t, response.Error)
	return figuresOf(t, response.Frames), noticesOf(response.Frames)
}

// A new user with a running Sloth pastes nothing but a URL, and sees the SLO: its target,
// its owner's labels, and its events, counted one by one.
func TestAURLIsAllThatARunningSlothNeeds(t *testing.T) {
	ds := openBare(t, recordingServer(t), `{}`)
	ok, message, details := healthOf(t, ds)
	require.True(t, ok, message)
	require.Contains(t, message, "4 SLOs, 4 with data in the last hour. Recorded in the store: 1 by Sloth, 2 by Pyrra, 1 by Grafana SLO. The discovery was read a minute ago.")
	require.Empty(t, details)

	figures, notices := lastHour(t, ds)
	require.Empty(t, notices)
	require.Equal(t, map[string]any{
		"measure=bad_events, service=shop, slo=shop-basket": 60.0, "measure=total_events, service=shop, slo=shop-basket": 600.0,
		"measure=bad_events, service=pyrra, slo=search-errors": 120.0, "measure=total_events, service=pyrra, slo=search-errors": 600.0,
		"measure=bad_events, service=pyrra, slo=cart-errors": 180.0, "measure=total_events, service=pyrra, slo=cart-errors": 600.0,
		"measure=bad_events, service=payments, slo=k7": 240.0, "measure=total_events, service=payments, slo=k7": 600.0,
	}, figures)

	status, body := resource(t, ds, http.MethodGet, "slos", "")
	require.Equal(t, http.StatusOK, status)
	require.JSONEq(t, `[
		{"name":"cart-errors","displayName":"cart-errors","service":"pyrra","owner":"","labels":{},"objectives":[{"name":"","target":0.95,"window":"28d"}],"journeys":[]},
		{"name":"k7","displayName":"Payments go through","service":"payments","owner":"","labels":{},"objectives":[{"name":"","target":0.95,"window":"7d"}],"journeys":[]},
		{"name":"search-errors","displayName":"search-errors","service":"pyrra","owner":"","labels":{"team":"finders"},"objectives":[{"name":"","target":0.99,"window":"14d"}],"journeys":[]},
		{"name":"shop-basket","displayName":"shop-basket","service":"shop","owner":"","labels":{"tier":"gold"},"objectives":[{"name":"","target":0.999,"window":"30d"}],"journeys":[]}]`,
		body)
}

// Without the rules, rates are added up where there are any, and else ratios are what is
// left: marked, both.
func TestWithoutRulesThereAreEstimatesAndTheySaySo(t *testing.T) {
	ds := openBare(t, withoutRules(t, recordingServer(t)), `{"catalog":"{apiVersion: stakes/v1, kind: Value, metadata: {name: basket}, spec: {select: {slo: [shop-basket]}, currency: EUR, perEvent: 10}}"}`)
	figures, notices := lastHour(t, ds)
	const estimated = "events are estimated from a query that is evaluated as written, not counted one by one"
	require.Contains(t, notices, "Payments go through, search-errors: "+estimated)
	require.Contains(t, notices, "shop-basket: only a ratio is known and not its events: every minute weighs the same, however much happened in it")
	for of, want := range map[string]float64{
		"measure=bad_events, service=pyrra, slo=search-errors": 120, "measure=total_events, service=pyrra, slo=search-errors": 600,
		"measure=bad_events, service=payments, slo=k7": 240, "measure=total_events, service=payments, slo=k7": 600,
		// A minute of a ratio is one event: a tenth of sixty.
		"measure=bad_events, service=shop, slo=shop-basket": 6, "measure=total_events, service=shop, slo=shop-basket": 60,
	} {
		require.InDelta(t, want, figures[of], want/20, of)
	}
	require.NotContains(t, figures, "measure=bad_events, service=pyrra, slo=cart-errors")
	require.Equal(t, []string{
		`the store, by Pyrra: the SLO "cart-errors" is recorded without its objective, and the store does not give its rules; expected Pyrra to run with --generic-rules, or the definition in the catalogue`,
	}, problemsIn(ds))

	q := query("A", typeNumber, `{"select":{"slo":["shop-basket"]},"measures":["loss"],"window":"1h"}`)
	q.TimeRange = backend.TimeRange{From: time.Now().Add(-time.Hour), To: time.Now()}
	response := askAll(t, ds, nil, q)["A"]
	require.NoError(t, response.Error)
	require.Contains(t, fmt.Sprint(noticesOf(response.Frames)), "what failures cost is not known", "a ratio has no price")
}

// quoted is a text as JSON writes it.
func quoted(text string) string {
	written, _ := json.Marshal(text)
	return string(written)
}

func problemsIn(ds *Datasource) (all []string) {
	for _, p := range ds.catalog().Problems {
		all = append(all, p.String())
	}
	return all
}

// Who records may throw away what it records of: then the record is what there is.
func TestCountersThatTheStoreThrewAwayAreNotCounted(t *testing.T) {
	target, err := url.Parse(recordingServer(t))
	require.NoError(t, err)
	proxy := httputil.NewSingleHostReverseProxy(target)
	server := newSite(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if form, _ := url.ParseQuery(string(body)); strings.Contains(form.Get("query"), "basket_total") {
			text(`{"status":"success","data":{"resultType":"vector","result":[]}}`)(w, r)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		proxy.ServeHTTP(w, r)
	})
	ds := openBare(t, server.URL, `{"discover":["sloth"]}`)
	ds.library.anew(t.Context())
	require.Len(t, ds.catalog().SLOs, 1)
	require.Equal(t, `slo:sli_error:ratio_rate5m{sloth_id="shop-basket"}`, ds.catalog().SLOs[0].Indicator.Raw)
}

func TestOnlyWhatIsAskedForIsDiscovered(t *testing.T) {
	url := promtest.InProcess(t, []promtest.Series{minutesAgo("unrelated_total")})
	for _, jsonData := range []string{`{}`, `{"discover":["pyrra"]}`} {
		ds := openBare(t, url, jsonData)
		ds.library.anew(t.Context())
		require.Empty(t, ds.catalog().SLOs)
		require.NoError(t, ds.library.now().parts[0].err, "a store without any is no failure")
	}
	check := func(jsonData string, want int) {
		t.Helper()
		require.Len(t, openBare(t, url, jsonData).library.parts, want, jsonData)
	}
	check(`{}`, 1)
	check(`{"discover":[]}`, 0)
	check(`{"discover":["grafana"]}`, 1)
	// The store wants to know who asks, and discovery is nobody.
	check(`{"oauthPassThru":true}`, 0)
	check(`{"oauthPassThru":true,"discover":["sloth"]}`, 1)
	_, err := parsed("http://store", `{"discover":["slot"]}`)
	require.EqualError(t, err, `the data source's discover has "slot"; expected sloth, pyrra or grafana`)
}

// Nobody asked for it: a store that refuses the one query of discovery spoils no answer.
func TestADiscoveryThatNobodyAskedForFailsQuietly(t *testing.T) {
	for jsonData, want := range map[string]int{`{"queryDelay":"0s"`: 0, `{"queryDelay":"0s","discover":["sloth"]`: 1} {
		ds := openBare(t, failingOn(t, "sloth_slo_info"), jsonData+`,"catalog":`+quoted(catalogue(t))+`}`)
		frames := answered(t, ds, typeNumber, ordersOnly)
		require.Len(t, noticesOf(frames), want)
		_, message, _ := healthOf(t, ds)
		require.Contains(t, message, "The discovery could not be read: Prometheus refused the query: too many samples.")
	}
}

// Rules that fail to load take all recordings away at once, and no SLO with them.
func TestDiscoveredSLOsOutliveTheirRecordingForADay(t *testing.T) {
	info := minutesAgo("sloth_slo_info")
	info.Labels["sloth_id"], info.Labels["sloth_objective"] = "shop-basket", "99"
	target, err := url.Parse(promtest.InProcess(t, []promtest.Series{info}))
	require.NoError(t, err)
	proxy := httputil.NewSingleHostReverseProxy(target)
	gone := newSite(t, proxy.ServeHTTP)
	ds := openBare(t, gone.URL, `{}`)
	ds.library.anew(t.Context())
	require.Len(t, ds.catalog().SLOs, 1)

	gone.change(text(`{"status":"success","data":{"resultType":"vector","result":[]}}`))
	books := ds.library.anew(t.Context())
	require.Len(t, books.SLOs, 1)
	require.EqualError(t, books.parts[0].err, "the store records no SLO any more; those that it recorded are kept for a day")
}

// Of SLOs that were discovered, none vanishes and none is counted otherwise because the
// store does not give its rules at the moment, or only a part of its data.
func TestADiscoveryInPartTakesNothingAway(t *testing.T) {
	target, err := url.Parse(recordingServer(t))
	require.NoError(t, err)
	proxy := httputil.NewSingleHostReverseProxy(target)
	store := newSite(t, proxy.ServeHTTP)
	ds := openBare(t, store.URL, `{}`)
	before := ds.library.anew(t.Context()).SLOs
	require.Len(t, before, 4)
	check := func(want string, answer http.HandlerFunc) {
		t.Helper()
		store.change(answer)
		books := ds.library.anew(t.Context())
		require.EqualError(t, books.parts[0].err, want)
		require.Equal(t, before, books.SLOs)
	}
	rules := func(status int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/api/v1/rules" {
				proxy.ServeHTTP(w, r)
				return
			}
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		}
	}
	const gone = "the store does not give its rules any more: "
	check(gone+"Prometheus refused the credentials (HTTP 403)", rules(403, ""))
	check(gone+"there is no Prometheus API at the URL of the data source (HTTP 404)", rules(404, ""))
	check(gone+"Prometheus answered with HTTP 500", rules(500, ""))
	check(gone+"the answer of Prometheus cannot be read", rules(200, "<html>Log in</html>"))
	check(gone+"the answer of Prometheus was cut off", rules(200, `{"data":{"groups":[`))
	// Thanos without one of its stores.
	inPart := text(`{"status":"success","warnings":["No StoreAPIs matched for this query"],"data":{"resultType":"vector","result":[
		{"metric":{"__name__":"sloth_slo_info","sloth_id":"shop-basket","sloth_objective":"99.9"},"value":[1,"1"]}]}}`)
	check("Prometheus answered in part only, and says that data is missing", inPart)
	store.change(proxy.ServeHTTP)
	require.NoError(t, ds.library.anew(t.Context()).parts[0].err)

	// Where nothing was discovered before, a part is better than nothing.
	store.change(inPart)
	require.Len(t, openBare(t, store.URL, `{}`).library.anew(t.Context()).SLOs, 1)
}

// One query finds the same in stores of every kind.
func TestStoresOfEveryKindAreDiscovered(t *testing.T) {
	check := func(address string) {
		t.Helper()
		ds := openBare(t, address, `{}`)
		ds.library.anew(t.Context())
		var found []string
		for _, s := range ds.catalog().SLOs {
			found = append(found, string(s.Recorded)+" "+s.Name)
		}
		require.Equal(t, []string{"grafana k7", "pyrra search-errors", "sloth shop-basket"}, found)
		require.Len(t, problemsIn(ds), 1)
		require.Contains(t, problemsIn(ds)[0], `"cart-errors" is recorded without its objective`)
	}
	check(promtest.InProcess(t, recordings(t)))
	check(promtest.Server(t, recordings(t)))
	check(promtest.VictoriaMetrics(t, recordings(t)))
}
