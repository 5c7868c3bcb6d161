package plugin

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"
	"github.com/stretchr/testify/require"
)

// site is a web server whose answer tests change, and that keeps what it was asked.
type site struct {
	*httptest.Server
	mu       sync.Mutex
	answer   http.HandlerFunc
	requests []*http.Request
}

func newSite(t *testing.T, answer http.HandlerFunc) *site {
	t.Helper()
	s := &site{answer: answer}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.requests = append(s.requests, r)
		answer := s.answer
		s.mu.Unlock()
		answer(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *site) change(answer http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = answer
}

func (s *site) last() *http.Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests[len(s.requests)-1]
}

// text answers with a text.
func text(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(body)) }
}

// parts of the shop's catalogue: the SLO of the orders, and all that comes after it.
func orders(t *testing.T) (first, rest string) {
	t.Helper()
	first, rest, found := strings.Cut(catalogue(t), "---\napiVersion: openslo/v1\nkind: SLO\nmetadata: {name: payments")
	require.True(t, found)
	return first, "apiVersion: openslo/v1\nkind: SLO\nmetadata: {name: payments" + rest
}

// impatient makes answers wait for hardly anything during a test.
func impatient(t *testing.T) {
	t.Helper()
	before := patience
	patience = 50 * time.Millisecond
	t.Cleanup(func() { patience = before })
}

func TestDocumentsBehindAnAddressAreOfTheCatalogue(t *testing.T) {
	first, rest := orders(t)
	files := newSite(t, text(first))
	ds := open(t, shop(t), rest, map[string]any{"catalogUrls": []string{files.URL + "/slos.yaml?token=canary"}})
	frames := answered(t, ds, typeNumber, `{"select":{"slo":["orders"]},"measures":["total_events"]}`)
	require.Equal(t, map[string]any{"service=checkout, slo=orders": 2400.0}, figuresOf(t, frames)) // 600 an hour
	require.Empty(t, noticesOf(frames))

	table := answered(t, ds, typeCatalog, `{}`)[0]
	sources, read := table.Fields[2], table.Fields[6]
	last := table.Rows() - 1
	require.Equal(t, []any{"catalog", "address 1"}, []any{sources.At(0), sources.At(last)})
	require.Nil(t, read.At(0))
	require.WithinDuration(t, time.Now(), *read.At(last).(*time.Time), time.Minute)

	ok, message, _ := healthOf(t, ds)
	require.True(t, ok)
	require.Contains(t, message, "4 SLOs, 0 with data in the last hour. Address 1 ("+files.URL+"/slos.yaml) was read a minute ago.")
	require.NotContains(t, message, "canary")
}

func TestANameThatAnAddressRepeatsIsAProblemWithBothPlaces(t *testing.T) {
	first, _ := orders(t)
	files := newSite(t, text(first))
	ds := open(t, shop(t), catalogue(t), map[string]any{"catalogUrls": []string{files.URL}})
	answered(t, ds, typeNumber, ordersOnly)
	require.Len(t, ds.catalog().Problems, 1)
	require.Equal(t, `address 1, document 1, line 5, metadata.name: the name of the SLO "orders" is taken (catalog, document 1, line 3); expected a name that no other SLO has`,
		ds.catalog().Problems[0].String())
}

// The time an address takes is nobody's wait at the start, and no answer is given without
// what it may define.
func TestASlowAddressIsWaitedForByNobodyForLong(t *testing.T) {
	impatient(t)
	first, rest := orders(t)
	release := make(chan struct{})
	files := newSite(t, func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-release:
		case <-r.Context().Done():
		}
		text(first)(w, r)
	})
	began := time.Now()
	ds := open(t, shop(t), rest, map[string]any{"catalogUrls": []string{files.URL}})
	require.Less(t, time.Since(began), time.Second)
	for _, selection := range []string{`{}`, `{"select":{"slo":["orders"]}}`, `{"select":{"slo":["payments"]}}`} {
		response := ask(t, ds, typeNumber, selection)
		require.EqualError(t, response.Error, "the catalogue is not read yet from address 1; try again in a moment")
		require.Equal(t, backend.StatusBadGateway, response.Status)
		require.Equal(t, backend.ErrorSourceDownstream, response.ErrorSource)
	}
	require.Less(t, time.Since(began), 2*time.Second)
	table := answered(t, ds, typeCatalog, `{}`)[0]
	require.Equal(t, "address 1: not read yet", table.Fields[5].At(table.Rows()-1), "the list shows what there is, and what is missing")
	status, body := resource(t, ds, http.MethodGet, "slos", "")
	require.Equal(t, http.StatusOK, status)
	require.NotContains(t, body, `"orders"`)

	close(release)
	require.Eventually(t, func() bool { return ask(t, ds, typeNumber, ordersOnly).Error == nil }, 5*time.Second, 10*time.Millisecond)
}

// Whatever an address answers, what was good stays.
func TestABadAnswerOfAnAddressLeavesTheLastGoodCopy(t *testing.T) {
	first, rest := orders(t)
	files := newSite(t, text(first))
	ds := open(t, shop(t), rest, map[string]any{"catalogUrls": []string{files.URL}})
	whole := figuresOf(t, answered(t, ds, typeNumber, ordersOnly))
	check := func(want string, answer http.HandlerFunc) {
		t.Helper()
		files.change(answer)
		ds.library.anew(t.Context())
		frames := answered(t, ds, typeNumber, ordersOnly)
		require.Equal(t, whole, figuresOf(t, frames))
		require.Equal(t, []string{"the catalogue could not be read anew from address 1; the copy of a minute ago is used"}, noticesOf(frames))
		require.Equal(t, "address 1: "+want+"; the last good copy is used", ds.catalog().Problems[0].String())
		_, message, details := healthOf(t, ds)
		require.Contains(t, message, "Address 1 ("+files.URL+") could not be read: "+want+"; the copy of a minute ago is used.")
		require.Contains(t, details, want)
	}
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
	}
	check("the server answers with HTTP 500; expected YAML documents", status(500))
	check("the server answers with HTTP 404; expected YAML documents", status(404))
	check("there are no documents; expected at least one", text(""))
	check("there are no documents; expected at least one", text("# nothing any more\n"))
	check("the server answers with a web page; expected YAML documents", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte("<html>Log in</html>"))
	})
	check("there are more than 4 MiB; expected less", text(first+strings.Repeat("# a long comment\n", maxCatalog/16)))
	check("what the server answers is no text; expected YAML documents", text("\xff\xfe\x00"))
	check(`none of the documents defines anything any more, the first because of line 1: this is not valid YAML: a ":" stands where no key is expected; check the indentation, and put quotes around a text that contains ": "`, text("a: b: c"))
	check("the answer was cut off", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		_, _ = w.Write([]byte(first[:100]))
	})
	check("the server redirects from http to https; expected the address that it leads to", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://example.invalid/", http.StatusFound)
	})
	check("the server redirects more than 5 times", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/again", http.StatusFound)
	})
	files.change(text(replace(t, first, "name: orders, displayName: Orders", "name: sales, displayName: Sales")))
	ds.library.anew(t.Context())
	frames := answered(t, ds, typeNumber, `{"select":{"slo":["sales"]},"measures":["sli"]}`)
	require.Empty(t, noticesOf(frames), "a good answer is taken, and all is well")
	refused(t, ds, typeNumber, ordersOnly, `there is no SLO "orders" in the catalogue`)
}

// What an address never gave is missing, and answers say so.
func TestAnAddressThatWasNeverGoodIsMissingAloud(t *testing.T) {
	_, rest := orders(t)
	files := newSite(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) })
	ds := open(t, shop(t), rest, map[string]any{"catalogUrls": []string{files.URL}})
	frames := answered(t, ds, typeNumber, `{"select":{"slo":["payments"]},"measures":["sli"]}`)
	require.Equal(t, []string{"the catalogue could not be read from address 1, and what it defines is missing"}, noticesOf(frames))
	refused(t, ds, typeNumber, ordersOnly, `there is no SLO "orders" in the catalogue; it has a problem that may have hidden it: see the data source's settings`)
	for _, p := range ds.catalog().Problems {
		require.Equal(t, "address 1: the server answers with HTTP 403; expected YAML documents", p.String(), "documents that select what is missing are not to blame")
	}
}

// Grafana resolves the alerts of SLOs that vanish from an answer: an alert rule about all
// gets an error until all are known. One that names its SLOs misses none.
func TestAlertRulesAreNotAnsweredWithoutWhatWasNeverRead(t *testing.T) {
	first, rest := orders(t)
	files := newSite(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) })
	ds := open(t, shop(t), rest, map[string]any{"catalogUrls": []string{files.URL}})
	asRule := func(queryType, body string) error {
		return askAll(t, ds, map[string]string{"FromAlert": "true"}, query("A", queryType, body))["A"].Error
	}
	const lost = "the catalogue could not be read from address 1, and alerts of what it defines would be lost; select SLOs by name to do without"
	require.EqualError(t, asRule(typeAlert, `{}`), lost)
	require.EqualError(t, asRule(typeNumber, `{"select":{"service":["checkout"]}}`), lost)
	require.NoError(t, asRule(typeAlert, `{"select":{"slo":["payments"]}}`))
	require.NoError(t, ask(t, ds, typeNumber, `{}`).Error, "a dashboard shows what there is")

	files.change(text(first))
	ds.library.anew(t.Context())
	require.NoError(t, asRule(typeAlert, `{}`))
	files.change(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) })
	ds.library.anew(t.Context())
	require.NoError(t, asRule(typeAlert, `{}`), "the last good copy has all of them")
}

func TestWhatDidNotChangeIsNotSentAgain(t *testing.T) {
	first, rest := orders(t)
	files := newSite(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("If-None-Match") == `"v1"` {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("ETag", `"v1"`)
		text(first)(w, r)
	})
	ds := open(t, shop(t), rest, map[string]any{"catalogUrls": []string{files.URL}})
	answered(t, ds, typeNumber, ordersOnly)
	before := ds.library.now().parts[0].at
	require.Empty(t, files.last().Header.Get("If-None-Match"))
	ds.library.anew(t.Context())
	require.Equal(t, `"v1"`, files.last().Header.Get("If-None-Match"))
	require.Empty(t, noticesOf(answered(t, ds, typeNumber, ordersOnly)))
	require.Greater(t, ds.library.now().parts[0].at, before, "a copy that was confirmed is as good as new")
}

// openWithCredentials is a data source with all kinds of credentials.
func openWithCredentials(t *testing.T, store string, address string) *Datasource {
	t.Helper()
	instance, err := NewDatasource(t.Context(), backend.DataSourceInstanceSettings{
		URL: store, BasicAuthEnabled: true, BasicAuthUser: "reader",
		JSONData:                []byte(`{"httpHeaderName1":"X-Token","customQueryParameters":"key=canary","discover":[],"catalogUrls":["` + address + `"]}`),
		DecryptedSecureJSONData: map[string]string{"basicAuthPassword": "canary", "httpHeaderValue1": "canary"},
	})
	require.NoError(t, err)
	ds := instance.(*Datasource)
	t.Cleanup(ds.Dispose)
	ds.library.anew(t.Context())
	return ds
}

// What opens the store is for the store alone, wherever a redirect leads.
func TestCredentialsOfTheStoreGoToItsOwnOriginOnly(t *testing.T) {
	first, _ := orders(t)
	elsewhere := newSite(t, text(first))
	store := newSite(t, text(first))
	told := func(r *http.Request) string {
		var all bytes.Buffer
		require.NoError(t, r.Write(&all))
		return all.String()
	}
	// To another origin.
	ds := openWithCredentials(t, store.URL, elsewhere.URL+"/slos.yaml")
	require.Len(t, ds.catalog().SLOs, 1)
	require.NotContains(t, told(elsewhere.last()), "canary")
	require.Empty(t, elsewhere.last().Header.Get("Authorization"))
	require.Empty(t, store.requests)

	// To the store itself, at another path.
	ds = openWithCredentials(t, store.URL+"/prometheus", store.URL+"/slos.yaml")
	require.Len(t, ds.catalog().SLOs, 1)
	user, password, _ := store.last().BasicAuth()
	require.Equal(t, []string{"reader", "canary", "canary"}, []string{user, password, store.last().Header.Get("X-Token")})

	// From the store to another origin.
	store.change(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, elsewhere.URL, http.StatusFound) })
	ds = openWithCredentials(t, store.URL, store.URL+"/slos.yaml")
	require.Len(t, ds.catalog().SLOs, 1)
	require.NotContains(t, told(elsewhere.last()), "canary")
}

// The request that happens to make a data source may carry a user's token.
func TestWhatIsReadBehindTheQuestionsIsReadInNobodysName(t *testing.T) {
	first, _ := orders(t)
	store := newSite(t, text(first))
	token := httpclient.MiddlewareFunc(func(_ httpclient.Options, next http.RoundTripper) http.RoundTripper {
		return httpclient.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
			r.Header.Set("Authorization", "Bearer canary")
			return next.RoundTrip(r)
		})
	})
	instance, err := NewDatasource(httpclient.WithContextualMiddleware(t.Context(), token), backend.DataSourceInstanceSettings{
		URL: store.URL, JSONData: []byte(`{"oauthPassThru":true,"discover":["sloth"],"catalogUrls":["` + store.URL + `/slos.yaml"]}`),
	})
	require.NoError(t, err)
	ds := instance.(*Datasource)
	t.Cleanup(ds.Dispose)
	ds.library.anew(httpclient.WithContextualMiddleware(t.Context(), token))
	require.GreaterOrEqual(t, len(store.requests), 2)
	for _, r := range store.requests {
		require.Empty(t, r.Header.Get("Authorization"), r.URL.Path)
	}
}

func TestAddressesThatCannotBeAreSettingsToMend(t *testing.T) {
	check := func(urls, want string) {
		t.Helper()
		_, err := parsed("http://store", `{"catalogUrls":`+urls+`}`)
		require.EqualError(t, err, want)
	}
	const form = " is no HTTP address; expected a form such as https://example.com/slos.yaml"
	check(`["https://a.example","file:///etc/passwd"]`, "the data source's catalogUrls[1]"+form)
	check(`["a.example/slos.yaml"]`, "the data source's catalogUrls[0]"+form)
	check(`["https://user:canary@a.example"]`, "the data source's catalogUrls[0] holds a user or a password, which everybody who sees a dashboard could read; expected an address without")
	check(`[`+strings.Repeat(`"https://a.example",`, 20)+`"https://a.example"]`, "the data source's catalogUrls has 21 addresses; expected at most 20")
	s, err := parsed("http://store", `{"catalogUrls":[" https://a.example/slos.yaml "]}`)
	require.NoError(t, err)
	require.Equal(t, "https://a.example/slos.yaml", s.addresses[0].String())
}

// A catalogue that changes leaves alone what was counted of definitions that did not.
func TestAChangeOfTheCatalogueReadsAnewJustWhatChanged(t *testing.T) {
	first, rest := orders(t)
	files := newSite(t, text(first))
	store, address := countingStore(t)
	ds := open(t, address, rest, map[string]any{"catalogUrls": []string{files.URL}})
	answered(t, ds, typeNumber, `{"select":{"slo":["orders"]},"measures":["sli"]}`)
	answered(t, ds, typeNumber, `{"select":{"slo":["payments"]},"measures":["sli"]}`)

	files.change(text(replace(t, first, "orders_failed_total", "searches_failed_total")))
	ds.library.anew(t.Context())
	store.forget()
	answered(t, ds, typeNumber, `{"select":{"slo":["payments"]},"measures":["sli"]}`)
	require.Empty(t, store.asked(), "payments did not change")
	answered(t, ds, typeNumber, `{"select":{"slo":["orders"]},"measures":["sli"]}`)
	require.Contains(t, store.asked(), "searches_failed_total")
}

// Questions, reads and refreshes side by side; the race detector looks on.
func TestTheCatalogueIsReadAndChangedSideBySide(t *testing.T) {
	first, rest := orders(t)
	files := newSite(t, text(first))
	ds := open(t, shop(t), rest, map[string]any{"catalogUrls": []string{files.URL, files.URL + "/missing"}})
	var all sync.WaitGroup
	for i := range 8 {
		all.Add(1)
		go func() {
			defer all.Done()
			for range 5 {
				if i%2 == 0 {
					ds.library.anew(t.Context())
				} else {
					ask(t, ds, typeNumber, `{"select":{"slo":["payments"]},"measures":["sli"]}`)
				}
			}
		}()
	}
	all.Wait()
	require.Len(t, ds.catalog().SLOs, 4)
}

func TestAReadThatPanicsIsAnError(t *testing.T) {
	l := newLibrary(nil, &part{name: "address 1", read: func(ctx context.Context) (copied, error) { panic("boom") }})
	t.Cleanup(l.end)
	books := l.anew(t.Context())
	require.ErrorContains(t, books.parts[0].err, "an internal error")
}

// Reads that fail are tried again soon at first, and then as seldom as good ones are
// repeated.
func TestReadsThatFailAreTriedAgain(t *testing.T) {
	p := &part{name: "address 1", read: func(context.Context) (copied, error) { return copied{}, http.ErrServerClosed }}
	l := newLibrary(nil, p)
	t.Cleanup(l.end)
	for _, want := range []time.Duration{15 * time.Second, 30 * time.Second, time.Minute, 2 * time.Minute, 4 * time.Minute, 5 * time.Minute, 5 * time.Minute} {
		if p.failed > 0 {
			l.anew(t.Context())
		} else {
			l.current(t.Context(), time.Now())
		}
		l.mu.Lock()
		got := time.Until(p.due)
		l.mu.Unlock()
		require.InDelta(t, want.Seconds(), got.Seconds(), 0.1*want.Seconds()+1)
	}
	l.end()
	l.expire()
	l.look(time.Now())
	require.Nil(t, p.running, "nothing is read for a data source that is gone")
}

// askedStore keeps the PromQL that the shop's store was asked.
type askedStore struct {
	mu      sync.Mutex
	queries []string
}

func (s *askedStore) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queries = nil
}

func (s *askedStore) asked() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.queries, "\n")
}

// countingStore is the shop's store, which keeps what it was asked about counters.
func countingStore(t *testing.T) (*askedStore, string) {
	t.Helper()
	target, err := url.Parse(shop(t))
	require.NoError(t, err)
	asked := &askedStore{}
	proxy := httputil.NewSingleHostReverseProxy(target)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if form, _ := url.ParseQuery(string(body)); strings.Contains(form.Get("query"), "_total") {
			asked.mu.Lock()
			asked.queries = append(asked.queries, form.Get("query"))
			asked.mu.Unlock()
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return asked, server.URL
}
