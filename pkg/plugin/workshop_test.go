package plugin

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"
	"github.com/stretchr/testify/require"
)

func TestADraftSaysWhatItsSLOsWouldHaveSaid(t *testing.T) {
	ds := open(t, shop(t), "", nil) // nothing is saved yet
	said, err := ds.said(t.Context(), catalogue(t), noon)
	require.NoError(t, err)
	require.Zero(t, said.Left)
	byName := map[string]saying{}
	for _, s := range said.SLOs {
		byName[s.SLO] = s
	}
	require.Len(t, byName, 4)
	// 600 orders an hour for four hours, and 12 an hour that failed: 48, where one in a
	// hundred may fail: 24.
	orders := byName["orders"]
	require.Equal(t, "Orders", orders.Title)
	require.Contains(t, orders.Said, "48 of 2,400")
	require.Contains(t, orders.Said, "Missed")
	require.Contains(t, orders.Figures, "98")
	require.Contains(t, strings.Join(said.Warnings, "\n"), "Invoices", "nothing was measured")
}

func TestADraftIsTriedInBounds(t *testing.T) {
	var documents []string
	for i := range maxPreviewed + 5 {
		documents = append(documents, sloOf(fmt.Sprintf("slo-%d", i),
			`{ratioMetric: {counter: true, bad: `+promQL("orders_failed_total")+`, total: `+promQL("orders_total")+`}}`, "target: 0.9"))
	}
	said, err := open(t, shop(t), "", nil).said(t.Context(), strings.Join(documents, "\n---\n"), noon)
	require.NoError(t, err)
	require.Len(t, said.SLOs, maxPreviewed)
	require.Equal(t, 5, said.Left)
}

func TestADraftKnowsNothingOfTheConfidentialDocuments(t *testing.T) {
	secret := `{apiVersion: stakes/v1, kind: Value, metadata: {name: worth}, spec: {select: {}, currency: EUR, perEvent: {low: 7001, base: 7002, high: 7003}, notRecovered: {low: 1, base: 1, high: 1}, setBy: Finance}}`
	ds := openSecure(t, shop(t), map[string]any{"timeInterval": "1m", "queryDelay": "0s", "currency": "EUR"}, map[string]string{"catalog": secret})
	said, err := ds.said(t.Context(), catalogue(t), noon)
	require.NoError(t, err)
	text, err := json.Marshal(said)
	require.NoError(t, err)
	// 48 failed orders would be 336,096 euros.
	require.NotContains(t, string(text), "336")
}

func TestADraftWithoutSLOsSaysWhy(t *testing.T) {
	ds := open(t, shop(t), "", nil)
	status, answer := resource(t, ds, "POST", "preview", `{"catalog": "kind: SLO"}`)
	require.Equal(t, 400, status)
	require.Contains(t, answer, "defines no SLO")

	status, answer = resource(t, unfinished(t, ""), "POST", "preview", `{"catalog": ""}`)
	require.Equal(t, 409, status)
	require.Contains(t, answer, "has no URL")
	status, answer = resource(t, unfinished(t, ""), "GET", "names", "")
	require.Equal(t, 200, status)
	require.JSONEq(t, `{"metrics": [], "labels": []}`, answer)
}

func TestNamesOfTheStoreAreOfferedInBounds(t *testing.T) {
	// A store that has three metrics too many, and does not know the limit.
	var metrics []string
	for i := range maxNames + 3 {
		metrics = append(metrics, fmt.Sprintf("metric_%05d", i))
	}
	store := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		require.NoError(t, r.ParseForm())
		require.Equal(t, strconv.Itoa(maxNames), r.Form.Get("limit"))
		names := metrics
		if strings.HasSuffix(r.URL.Path, "/labels") {
			names = []string{"tenant", "code"}
		}
		w.Header().Set("Content-Type", "application/json")
		require.NoError(t, json.NewEncoder(w).Encode(map[string]any{"status": "success", "data": names}))
	}))
	t.Cleanup(store.Close)
	status, answer := resource(t, open(t, store.URL, "", nil), "GET", "names", "")
	require.Equal(t, 200, status, answer)
	var names struct{ Metrics, Labels []string }
	require.NoError(t, json.Unmarshal([]byte(answer), &names))
	require.Equal(t, metrics[:maxNames], names.Metrics)
	require.Equal(t, []string{"code", "tenant"}, names.Labels)
}

// Viewers may not read the store at will.
func TestDraftsAndNamesAreForWriters(t *testing.T) {
	ds := open(t, shop(t), "", nil)
	call := func(role, method, path string) (status int) {
		request := &backend.CallResourceRequest{Method: method, Path: path, URL: path, Body: []byte(`{"catalog": ""}`)}
		if role != "" {
			request.PluginContext.User = &backend.User{Login: "somebody", Role: role}
		}
		require.NoError(t, ds.CallResource(t.Context(), request, backend.CallResourceResponseSenderFunc(func(r *backend.CallResourceResponse) error {
			status = r.Status
			return nil
		})))
		return status
	}
	for _, role := range []string{"Viewer", "None"} {
		require.Equal(t, 403, call(role, "POST", "preview"), role)
		require.Equal(t, 403, call(role, "GET", "names"), role)
	}
	for _, role := range []string{"Editor", "Admin", ""} {
		require.NotEqual(t, 403, call(role, "POST", "preview"), role)
		require.NotEqual(t, 403, call(role, "GET", "names"), role)
	}
}

// Grafana forwards what the browser accepts; the answer of the store is for us.
func TestABrowsersCompressionIsNotTheStores(t *testing.T) {
	store := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Encoding", "gzip")
		require.Equal(t, "gzip", r.Header.Get("Accept-Encoding"), "as Go's transport asks")
		packed := gzip.NewWriter(w)
		_, err := packed.Write([]byte(`{"status": "success", "data": ["orders_total"]}`))
		require.NoError(t, errors.Join(err, packed.Close()))
	}))
	t.Cleanup(store.Close)
	ds := open(t, store.URL, "", nil)
	ctx := httpclient.WithContextualMiddleware(t.Context(), httpclient.MiddlewareFunc(func(_ httpclient.Options, next http.RoundTripper) http.RoundTripper {
		return httpclient.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
			r.Header.Set("Accept-Encoding", "gzip, deflate, br, zstd")
			return next.RoundTrip(r)
		})
	}))
	names, err := ds.store.Names(ctx, noon, 10)
	require.NoError(t, err)
	require.Equal(t, []string{"orders_total"}, names.Metrics)
}

func TestWhatIsNotToBeCompressedStaysSo(t *testing.T) {
	sent := func(asked string) string {
		t.Helper()
		got := "nothing"
		way := ownEncoding().CreateMiddleware(httpclient.Options{}, httpclient.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
			got = r.Header.Get("Accept-Encoding")
			return &http.Response{StatusCode: 204, Body: http.NoBody}, nil
		}))
		request := httptest.NewRequest(http.MethodGet, "http://store/", nil)
		request.Header.Set("Accept-Encoding", asked)
		response, err := way.RoundTrip(request)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		return got
	}
	require.Equal(t, "identity", sent("identity"))
	require.Empty(t, sent("gzip, br"))
}
