package prom_test

import (
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/prom"
)

// What must not stand in any message: credentials and parameters of the address,
// and what was asked.
var secrets = []string{"canary-user", "canary-password", "canary-token", "requests_total", "errors_total", "127.0.0.1", "/api/v1", "http:", "canary-body"}

// withSecrets puts credentials into an address.
func withSecrets(url string) string {
	return strings.Replace(url, "http://", "http://canary-user:canary-password@", 1)
}

// withToken adds a parameter to every request, as data sources may be told to.
type withToken struct{}

func (withToken) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.URL.RawQuery += "&token=canary-token"
	return http.DefaultTransport.RoundTrip(r)
}

// failure is the error of counting events, and of a value, in a store at an
// address; both must be the same.
func failure(t *testing.T, ctx context.Context, url string) error {
	t.Helper()
	store, err := prom.NewStore(withSecrets(url), &http.Client{Transport: withToken{}}, prom.DefaultCacheSize)
	require.NoError(t, err)
	_, err = store.NewSession(scrape).Events(ctx, badOfTotal, hourly(t, 1), origin.Add(1000*time.Hour))
	require.Error(t, err)
	_, other := store.NewSession(scrape).Values(ctx, "sum(requests_total)", hourly(t, 1), origin.Add(1000*time.Hour))
	require.EqualError(t, other, err.Error())
	for _, secret := range secrets {
		require.NotContains(t, err.Error(), secret)
	}
	var failed *prom.Error
	require.ErrorAs(t, err, &failed, "a failure of the store is told apart from others")
	return err
}

// answering is the address of a server that answers everything alike.
func answering(t *testing.T, status int, contentType, body string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func TestWhatAStoreAnswersIsSaidInWords(t *testing.T) {
	check := func(status int, contentType, body, want string) {
		t.Helper()
		require.EqualError(t, failure(t, t.Context(), answering(t, status, contentType, body)), want)
	}
	const json, html = "application/json", "text/html"
	apiError := func(kind, text string) string {
		return `{"status":"error","errorType":"` + kind + `","error":"` + text + `"}`
	}
	check(401, html, "<h1>canary-body</h1>", "Prometheus refused the credentials (HTTP 401)")
	check(403, json, `{"message":"canary-body"}`, "Prometheus refused the credentials (HTTP 403)")
	check(404, html, "canary-body", "there is no Prometheus API at the URL of the data source (HTTP 404)")
	check(429, html, "canary-body", "Prometheus is asked too much (HTTP 429)")
	check(500, html, "canary-body", "Prometheus answered with HTTP 500")
	check(502, html, "<h1>canary-body</h1>", "Prometheus answered with HTTP 502")
	check(302, html, "canary-body", "the server at the URL does not answer like Prometheus; check the URL of the data source")
	check(503, html, "canary-body", "Prometheus is overloaded or not available (HTTP 503)")
	check(503, json, apiError("timeout", "query timed out in expression evaluation"), "Prometheus is overloaded or not available (HTTP 503)")
	check(422, json, apiError("execution", "query processing would load too many samples into memory"), "Prometheus refused the query: query processing would load too many samples into memory")
	check(400, json, apiError("bad_data", "exceeded maximum resolution"), "Prometheus refused the query: exceeded maximum resolution")
	check(422, json, apiError("timeout", "too slow"), "Prometheus gave up on the query: too slow")
	check(422, json, apiError("canceled", "shutting down"), "Prometheus cancelled the query: shutting down")
	const notPrometheus = "the server at the URL does not answer like Prometheus; check the URL of the data source"
	check(200, html, "<html>canary-body</html>", notPrometheus)
	check(200, json, `{"status":"success","data":{"resultType":"vector","result":[{"canary-body`, notPrometheus)
	check(200, json, ``, notPrometheus)
	check(200, json, `[]`, notPrometheus)
	check(400, html, "<html>canary-body</html>", notPrometheus)
}

func TestAResultOfAnotherTypeIsRefused(t *testing.T) {
	for _, body := range []string{
		`{"status":"success","data":{"resultType":"scalar","result":[1,"2"]}}`,
		`{"status":"success","data":{"resultType":"string","result":[1,"canary-body"]}}`,
		`{"status":"success","data":{"resultType":"canary-body","result":[]}}`,
		`{"status":"success","data":{}}`,
		`{"status":"success"}`,
	} {
		url := answering(t, 200, "application/json", body)
		store, err := prom.NewStore(url, http.DefaultClient, prom.DefaultCacheSize)
		require.NoError(t, err)
		_, err = store.NewSession(scrape).Events(t.Context(), badOfTotal, hourly(t, 1), origin.Add(1000*time.Hour))
		require.Error(t, err, body)
		var failed *prom.Error
		require.ErrorAs(t, err, &failed, body)
		for _, secret := range secrets {
			require.NotContains(t, err.Error(), secret, body)
		}
	}
}

func TestABodyThatIsCutOffIsSaidToBe(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		_, _ = io.WriteString(w, `{"status":"success","data":{"canary-body`)
	}))
	t.Cleanup(server.Close)
	require.EqualError(t, failure(t, t.Context(), server.URL), "the answer of Prometheus was cut off")
}

func TestAConnectionThatEndsEarlyIsSaidTo(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	t.Cleanup(server.Close)
	require.EqualError(t, failure(t, t.Context(), server.URL), "cannot reach Prometheus: EOF")
}

func TestAStoreThatIsNotThereIsSaidNotToBe(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := listener.Addr().String()
	require.NoError(t, listener.Close())
	require.EqualError(t, failure(t, t.Context(), "http://"+address), "cannot reach Prometheus: connect: connection refused")
}

// A name that does not exist, without asking anybody for it.
func TestAHostThatDoesNotExistIsNamed(t *testing.T) {
	transport := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: "prometheus.invalid", IsNotFound: true}}
	}}
	store, err := prom.NewStore("http://canary-user:canary-password@prometheus.invalid", &http.Client{Transport: transport}, prom.DefaultCacheSize)
	require.NoError(t, err)
	require.EqualError(t, store.Ping(t.Context(), origin), "there is no host prometheus.invalid; check the URL of the data source")
}

func TestACertificateThatNobodyTrustsIsSaidToBeOne(t *testing.T) {
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // it tells of refused handshakes
	server.StartTLS()
	t.Cleanup(server.Close)
	ask := func(client *http.Client, url string) error {
		store, err := prom.NewStore(url, client, prom.DefaultCacheSize)
		require.NoError(t, err)
		return store.Ping(t.Context(), origin)
	}
	require.EqualError(t, ask(&http.Client{Transport: &http.Transport{}}, server.URL), "the certificate of Prometheus is signed by an unknown authority; add its CA in the data source")
	require.EqualError(t, ask(server.Client(), strings.Replace(server.URL, "127.0.0.1", "localhost", 1)), "the certificate of Prometheus is for another host name")
}

// slow is the address of a server that answers only when the asker has gone.
func slow(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // only then does the server notice
		<-r.Context().Done()
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func TestAStoreThatIsTooSlowIsSaidToBe(t *testing.T) {
	const late = "Prometheus did not answer in time; a longer timeout can be set in the data source"
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	err := failure(t, ctx, slow(t))
	require.EqualError(t, err, late)
	require.ErrorIs(t, err, context.DeadlineExceeded)

	// The client's own time-out, which the data source's settings hold.
	store, err := prom.NewStore(slow(t), &http.Client{Timeout: 30 * time.Millisecond}, prom.DefaultCacheSize)
	require.NoError(t, err)
	require.EqualError(t, store.Ping(t.Context(), origin), late)
}

func TestACancelledQueryIsSaidToBe(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(30*time.Millisecond, cancel)
	err := failure(t, ctx, slow(t))
	require.EqualError(t, err, "the query was cancelled")
	require.ErrorIs(t, err, context.Canceled)
}

// One plus one tells Prometheus from what merely answers in its format.
func TestPingProvesThatTheStoreCalculates(t *testing.T) {
	check := func(body, want string) {
		t.Helper()
		store, err := prom.NewStore(answering(t, 200, "application/json", body), http.DefaultClient, prom.DefaultCacheSize)
		require.NoError(t, err)
		err = store.Ping(t.Context(), origin)
		if want == "" {
			require.NoError(t, err)
			return
		}
		require.ErrorContains(t, err, want)
	}
	check(`{"status":"success","data":{"resultType":"scalar","result":[1,"2"]}}`, "")
	check(`{"status":"success","data":{"resultType":"scalar","result":[1,"3"]}}`, "does not calculate like Prometheus")
	check(`{"status":"success","data":{"resultType":"vector","result":[]}}`, "does not calculate like Prometheus")
	check(`<html>`, "does not answer like Prometheus")
}
