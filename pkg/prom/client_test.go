package prom_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/internal/promtest"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/prom"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// watched is a store that is asked through a fake: empty unless there is something
// behind it.
type watched struct {
	mu        sync.Mutex
	requests  map[string]int // by method and path
	maxPoints int            // in one range query
	points    int            // in all of them
	atOnce    atomic.Int32
	maxAtOnce int32
	delay     time.Duration
	refuse    func(r *http.Request) int // an HTTP status, or 0
	behind    string                    // the address that answers; empty for an empty store
}

// start starts the server and returns its address.
func (w *watched) start(t *testing.T) string {
	t.Helper()
	w.requests = map[string]int{}
	server := httptest.NewServer(w)
	t.Cleanup(server.Close)
	return server.URL
}

func (w *watched) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	if isQuery(r.URL.Path) {
		w.atOnce.Add(1)
		defer w.atOnce.Add(-1)
	}
	w.note(r, w.atOnce.Load())
	time.Sleep(w.delay)
	if w.refuse != nil {
		if status := w.refuse(r); status != 0 {
			out.WriteHeader(status)
			return
		}
	}
	switch {
	case w.behind != "":
		answer, err := http.PostForm(w.behind+r.URL.Path, r.Form)
		if err != nil {
			out.WriteHeader(http.StatusBadGateway)
			return
		}
		defer func() { _ = answer.Body.Close() }()
		out.WriteHeader(answer.StatusCode)
		_, _ = io.Copy(out, answer.Body)
	case strings.HasSuffix(r.URL.Path, "/query_range"), strings.HasSuffix(r.FormValue("query"), "]"):
		_, _ = fmt.Fprint(out, `{"status":"success","data":{"resultType":"matrix","result":[]}}`)
	case strings.HasSuffix(r.URL.Path, "/query"):
		_, _ = fmt.Fprint(out, `{"status":"success","data":{"resultType":"vector","result":[]}}`)
	default:
		out.WriteHeader(http.StatusNotFound)
	}
}

// isQuery leaves out other ways to samples, which a store may not have.
func isQuery(path string) bool { return strings.Contains(path, "/query") }

func (w *watched) note(r *http.Request, now int32) {
	_ = r.ParseForm()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.maxAtOnce = max(w.maxAtOnce, now)
	w.requests[r.Method+" "+r.URL.Path]++
	number := func(name string) float64 {
		v, _ := strconv.ParseFloat(r.FormValue(name), 64)
		return v
	}
	if step := number("step"); step > 0 {
		n := int((number("end")-number("start"))/step+1e-6) + 1
		w.points += n
		w.maxPoints = max(w.maxPoints, n)
	}
}

// queries is the number of queries that were asked, in all forms.
func (w *watched) queries() (n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for what, count := range w.requests {
		if isQuery(what) {
			n += count
		}
	}
	return n
}

// Prometheus refuses more than 11,000 points: 40 days of minutes are 57,600, for
// the last values and for the restarts of two counters.
func TestLongGridsAreAskedForInParts(t *testing.T) {
	store := &watched{}
	grid, err := slo.NewGrid(slo.Part{Start: origin, Step: time.Minute, N: 57_600})
	require.NoError(t, err)
	_, err = session(t, store.start(t)).Events(t.Context(), badOfTotal, grid, grid.End())
	require.NoError(t, err)
	require.LessOrEqual(t, store.maxPoints, 11_000)
	require.Equal(t, 2*2*57_600, store.points, "every slice is asked for once")
}

// Some proxies take no POST.
func TestQueriesGoByGetWherePostIsRefused(t *testing.T) {
	for _, status := range []int{http.StatusForbidden, http.StatusMethodNotAllowed, http.StatusNotImplemented} {
		store := &watched{refuse: func(r *http.Request) int {
			if r.Method == http.MethodPost {
				return status
			}
			return 0
		}}
		values, err := session(t, store.start(t)).Values(t.Context(), "sum(price)", hourly(t, 3), origin.Add(1000*time.Hour))
		require.NoError(t, err, status)
		require.Len(t, values.PerSlice, 3)
		require.Equal(t, map[string]int{"POST /api/v1/query_range": 1, "GET /api/v1/query_range": 1}, store.requests)
	}
}

func TestQueriesGoByPost(t *testing.T) {
	store := &watched{}
	_, err := session(t, store.start(t)).Values(t.Context(), "sum(price)", hourly(t, 3), origin.Add(1000*time.Hour))
	require.NoError(t, err)
	require.Equal(t, map[string]int{"POST /api/v1/query_range": 1}, store.requests)
}

// However many panels ask, the store sees four queries of a data source at a time.
func TestTheStoreSeesAtMostFourQueriesAtATime(t *testing.T) {
	server := &watched{delay: 2 * time.Millisecond}
	store, err := prom.NewStore(server.start(t), http.DefaultClient, prom.DefaultCacheSize)
	require.NoError(t, err)
	grid := hourly(t, 30)
	var group sync.WaitGroup
	for i := range 20 {
		group.Go(func() {
			s := store.NewSession(scrape) // sessions of different requests too
			ind := prom.Indicator{Bad: fmt.Sprintf("rate(errors_%d_total[5m])", i), Total: fmt.Sprintf("rate(requests_%d_total[5m])", i)}
			_, err := s.Events(t.Context(), ind, grid, grid.End())
			require.NoError(t, err)
			_, err = s.Values(t.Context(), fmt.Sprintf("price_%d", i), grid, origin.Add(1000*time.Hour))
			require.NoError(t, err)
		})
	}
	group.Wait()
	require.LessOrEqual(t, server.maxAtOnce, int32(4))
	require.Greater(t, server.maxAtOnce, int32(1), "queries run side by side")
}

// Ten panels about one SLO cost the store what one of them does.
func TestASessionReadsTheSameEventsOnce(t *testing.T) {
	series := restarting(t, 30, 33, `pod="a"`) // with a slice that is read in full
	alone := &watched{behind: promtest.InProcess(t, series)}
	_, err := session(t, alone.start(t)).Events(t.Context(), badOfTotal, hourly(t, 3), origin.Add(1000*time.Hour))
	require.NoError(t, err)

	shared := &watched{behind: alone.behind, delay: time.Millisecond}
	s := session(t, shared.start(t))
	var group sync.WaitGroup
	for range 10 {
		group.Go(func() {
			got, err := s.Events(t.Context(), badOfTotal, hourly(t, 3), origin.Add(3*time.Hour))
			require.NoError(t, err)
			require.InDelta(t, 8, sum(bads(got)), 1e-9)
			require.NotEmpty(t, got.Queries)
		})
	}
	group.Wait()
	require.Positive(t, alone.queries())
	require.Equal(t, alone.queries(), shared.queries())
}

// What the store warns of is handed on.
func TestWarningsOfTheStoreAreKept(t *testing.T) {
	url := answering(t, 200, "application/json", `{"status":"success","data":{"resultType":"matrix","result":[]},"warnings":["partial answer"],"infos":["not a counter"]}`)
	values, err := session(t, url).Values(t.Context(), "sum(price)", hourly(t, 3), origin.Add(1000*time.Hour))
	require.NoError(t, err)
	require.Equal(t, []string{"partial answer"}, values.StoreWarnings)
}

func TestTheVersionIsEmptyWhereTheStoreSaysNone(t *testing.T) {
	check := func(body, want string) {
		t.Helper()
		store, err := prom.NewStore(answering(t, 200, "application/json", body), http.DefaultClient, prom.DefaultCacheSize)
		require.NoError(t, err)
		require.Equal(t, want, store.Version(t.Context()))
	}
	check(`{"status":"success","data":{"version":"3.5.0"}}`, "3.5.0")
	check(`{"status":"success","data":{}}`, "")
	check(`<html>`, "")
}
