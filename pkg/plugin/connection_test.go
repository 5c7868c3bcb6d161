package plugin

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/stretchr/testify/require"
)

// recorder is an empty store that keeps the requests it received.
type recorder struct {
	mu       sync.Mutex
	requests []*http.Request // with their forms parsed
	open     int             // connections
}

func (r *recorder) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	_ = req.ParseForm()
	r.mu.Lock()
	r.requests = append(r.requests, req)
	r.mu.Unlock()
	kind := "vector"
	switch {
	case strings.HasSuffix(req.URL.Path, "/query_range"):
		kind = "matrix"
	case !strings.HasSuffix(req.URL.Path, "/query"):
		w.WriteHeader(http.StatusNotFound)
		return
	}
	_, _ = fmt.Fprintf(w, `{"status":"success","data":{"resultType":%q,"result":[]}}`, kind)
}

func (r *recorder) count(_ net.Conn, state http.ConnState) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch state {
	case http.StateNew:
		r.open++
	case http.StateClosed:
		r.open--
	}
}

func (r *recorder) connections() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.open
}

// queries are the PromQL queries among the requests.
func (r *recorder) queries() (all []*http.Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, req := range r.requests {
		if strings.Contains(req.URL.Path, "/query") {
			all = append(all, req)
		}
	}
	return all
}

func record(t *testing.T) (*recorder, string) {
	t.Helper()
	r := &recorder{}
	server := httptest.NewUnstartedServer(r)
	server.Config.ConnState = r.count
	server.Start()
	t.Cleanup(server.Close)
	return r, server.URL
}

const ordersOnly = `{"select":{"slo":["orders"]},"measures":["sli"]}`

func TestQueriesGoByTheMethodThatIsSet(t *testing.T) {
	for _, method := range []string{"POST", "GET"} {
		store, address := record(t)
		ds := open(t, address, catalogue(t), map[string]any{"httpMethod": method, "customQueryParameters": "dedup=true&token=a%26b"})
		require.NoError(t, ask(t, ds, typeNumber, ordersOnly).Error)
		require.NotEmpty(t, store.queries())
		for _, req := range store.queries() {
			require.Equal(t, method, req.Method)
			require.Equal(t, "true", req.URL.Query().Get("dedup"))
			require.Equal(t, "a&b", req.URL.Query().Get("token"))
			require.NotEmpty(t, req.Form.Get("query"))
			require.Equal(t, method == "GET", req.URL.Query().Has("query"))
			require.Equal(t, method == "POST", req.PostForm.Has("query"))
		}
	}
}

// A query parameter of the data source outweighs one of the same name.
func TestOwnParametersReplaceThoseOfTheQuery(t *testing.T) {
	store, address := record(t)
	ds := open(t, address, catalogue(t), map[string]any{"httpMethod": "GET", "customQueryParameters": "time=5&limit=1&limit=2"})
	require.NoError(t, ask(t, ds, typeNumber, ordersOnly).Error)
	for _, req := range store.queries() {
		require.Equal(t, []string{"5"}, req.URL.Query()["time"])
		require.Equal(t, []string{"1", "2"}, req.URL.Query()["limit"])
	}
}

func TestCredentialsAndHeadersArriveAtTheStore(t *testing.T) {
	store, address := record(t)
	instance, err := NewDatasource(t.Context(), backend.DataSourceInstanceSettings{
		URL: address, BasicAuthEnabled: true, BasicAuthUser: "reader",
		JSONData:                []byte(fmt.Sprintf(`{"catalog":%q,"httpHeaderName1":"X-Scope-OrgID","httpHeaderName2":"X-Other"}`, catalogue(t))),
		DecryptedSecureJSONData: map[string]string{"basicAuthPassword": "secret", "httpHeaderValue1": "tenant-7", "httpHeaderValue2": "b"},
	})
	require.NoError(t, err)
	require.NoError(t, ask(t, instance.(*Datasource), typeNumber, ordersOnly).Error)
	require.NotEmpty(t, store.requests)
	for _, req := range store.requests {
		user, password, ok := req.BasicAuth()
		require.True(t, ok)
		require.Equal(t, "reader secret", user+" "+password)
		require.Equal(t, "tenant-7", req.Header.Get("X-Scope-OrgID"))
		require.Equal(t, "b", req.Header.Get("X-Other"))
	}
}

// A certificate authority of one's own is enough to trust a store.
func TestTLSSettingsAreUsed(t *testing.T) {
	server := httptest.NewUnstartedServer(&recorder{})
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // it tells of refused handshakes
	server.StartTLS()
	t.Cleanup(server.Close)
	ds := open(t, server.URL, catalogue(t), map[string]any{"tlsSkipVerify": true})
	require.NoError(t, ask(t, ds, typeNumber, ordersOnly).Error)
	ds = open(t, server.URL, catalogue(t), nil)
	require.EqualError(t, ask(t, ds, typeNumber, ordersOnly).Error, "the certificate of Prometheus is signed by an unknown authority; add its CA in the data source")
}

func TestDisposeClosesConnections(t *testing.T) {
	store, address := record(t)
	ds := open(t, address, catalogue(t), nil)
	require.NoError(t, ask(t, ds, typeNumber, ordersOnly).Error)
	require.Positive(t, store.connections(), "kept for the next query")
	ds.Dispose()
	require.Eventually(t, func() bool { return store.connections() == 0 }, time.Second, time.Millisecond)
	require.NoError(t, ask(t, ds, typeNumber, ordersOnly).Error, "a query that comes late is answered")
	ds.Dispose()
	open(t, "", "", nil).Dispose() // without a store there is nothing to close
}

// Grafana makes a data source anew with every change of its settings.
func TestDataSourcesThatComeAndGoLeaveNothingBehind(t *testing.T) {
	_, address := record(t)
	use := func() {
		ds := open(t, address, catalogue(t), nil)
		require.NoError(t, ask(t, ds, typeNumber, ordersOnly).Error)
		ds.Dispose()
	}
	use()
	settled := func() int {
		var n int
		require.Eventually(t, func() bool {
			before := n
			n = runtime.NumGoroutine()
			return n == before
		}, 5*time.Second, 20*time.Millisecond)
		return n
	}
	before := settled()
	for range 50 {
		use()
	}
	require.Eventually(t, func() bool { return runtime.NumGoroutine() <= before+5 }, 5*time.Second, 20*time.Millisecond,
		"%d goroutines before, %d after", before, runtime.NumGoroutine())
}

// The panels of a dashboard ask one after the other, and the store once.
func TestPanelsOfADashboardShareWhatTheyRead(t *testing.T) {
	store, address := record(t)
	ds := open(t, address, catalogue(t), nil)
	asked := func(text string) int {
		before := len(store.queries())
		require.NoError(t, ask(t, ds, typeNumber, text).Error)
		return len(store.queries()) - before
	}
	require.Positive(t, asked(ordersOnly))
	require.Zero(t, asked(ordersOnly))
	require.Zero(t, asked(`{"select":{"slo":["orders"]},"measures":["status","coverage"]}`), "other measures of the same events")
	require.Positive(t, asked(`{"select":{"slo":["orders"]},"measures":["sli"],"window":"20h"}`), "events from before")
}

// What a session read is let go of.
func TestNothingIsKeptForLonger(t *testing.T) {
	_, address := record(t)
	ds := open(t, address, catalogue(t), nil)
	first := ds.session(noon)
	require.Same(t, first, ds.session(noon.Add(sessionLife)))
	second := ds.session(noon.Add(sessionLife + time.Nanosecond))
	require.NotSame(t, first, second)
	ds.sessions.drop(first)() // too late: another one is in use
	require.Same(t, second, ds.sessions.current)
	ds.sessions.drop(second)()
	require.Nil(t, ds.sessions.current)
}

// Two users with credentials of their own may not see the same data.
func TestUsersWithTheirOwnCredentialsDoNotShare(t *testing.T) {
	for _, own := range []map[string]any{{"oauthPassThru": true}, {"keepCookies": []string{"session"}}} {
		store, address := record(t)
		ds := open(t, address, catalogue(t), own)
		asked := func() int {
			before := len(store.queries())
			require.NoError(t, ask(t, ds, typeNumber, ordersOnly).Error)
			return len(store.queries()) - before
		}
		asked() // and what the store can do, which is the same for everybody
		once := asked()
		require.Positive(t, once)
		require.Equal(t, once, asked())
	}
}
