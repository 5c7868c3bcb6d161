package plugin

import (
	"context"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/internal/promtest"
)

// refused asks one question that cannot be answered because of who asked.
func refused(t *testing.T, ds *Datasource, queryType, text, want string) {
	t.Helper()
	response := ask(t, ds, queryType, text)
	require.EqualError(t, response.Error, want)
	require.Equal(t, backend.StatusBadRequest, response.Status)
	require.Equal(t, backend.ErrorSourceDownstream, response.ErrorSource)
}

func TestWhatIsNotInTheCatalogueIsNamed(t *testing.T) {
	ds := open(t, shop(t), catalogue(t), nil)
	for _, queryType := range []string{typeNumber, typeSeries, typeScorecard, typeStatement} {
		refused(t, ds, queryType, `{"select":{"slo":["orders","order"]}}`, `there is no SLO "order" in the catalogue`)
		refused(t, ds, queryType, `{"select":{"service":["shipping"]}}`, `no SLO in the catalogue belongs to a service "shipping"`)
		refused(t, ds, queryType, `{"select":{"labels":{"tier":"bronze"}}}`, `no SLO in the catalogue has the label tier=bronze`)
		refused(t, ds, queryType, `{"select":{"labels":{"team":["a","b"],"tier":"gold"}}}`, `no SLO in the catalogue has the label team=a or b and the label tier=gold`)
		refused(t, ds, queryType, `{"select":{"slo":["orders"],"service":["search"]}}`, `no SLO in the catalogue has the name orders and the service search`)
	}
}

func TestSelectionsNarrowEachOther(t *testing.T) {
	ds := open(t, shop(t), catalogue(t), nil)
	check := func(selection string, want ...any) {
		t.Helper()
		require.Equal(t, want, column(t, answered(t, ds, typeScorecard, `{"select":`+selection+`}`), "slo"))
	}
	check(`{}`, "invoices", "orders", "payments", "searches", "searches")
	check(`{"slo":["payments","orders"]}`, "orders", "payments")
	check(`{"service":["checkout"]}`, "orders", "payments")
	check(`{"labels":{"tier":"gold"}}`, "orders", "payments")
	check(`{"labels":{"tier":["gold","silver"]}}`, "orders", "payments", "searches", "searches")
	check(`{"labels":{"tier":[]}}`, "invoices", "orders", "payments", "searches", "searches")
	check(`{"slo":["orders"],"service":["checkout"],"labels":{"tier":"gold"}}`, "orders")
}

func TestAnEmptyCatalogueIsSaidToBe(t *testing.T) {
	refused(t, open(t, shop(t), "", nil), typeNumber, `{}`, "the catalogue of this data source defines no SLO")
	refused(t, open(t, shop(t), "kind: SLO", nil), typeNumber, `{}`,
		"the catalogue of this data source defines no SLO; it has a problem that may have hidden it: see the data source's settings")
	broken := strings.Replace(catalogue(t), "target: 0.9,", "target: 90,", 1) + "---\nkind: Nonsense\n"
	refused(t, open(t, shop(t), broken, nil), typeNumber, `{"select":{"slo":["searches"]}}`,
		`there is no SLO "searches" in the catalogue; it has 2 problems that may have hidden it: see the data source's settings`)
	// A list of what is defined needs no definition.
	require.Empty(t, column(t, answered(t, open(t, shop(t), "", nil), typeCatalog, `{}`), "name"))
}

// A table makes no alert: whoever saves such a rule is told what to use instead.
func TestTablesAreRefusedInAlertRules(t *testing.T) {
	ds := open(t, shop(t), catalogue(t), nil)
	for _, queryType := range []string{typeScorecard, typeStatement, typeCatalog} {
		response := askAll(t, ds, map[string]string{"FromAlert": "true"}, query("A", queryType, `{}`))["A"]
		require.EqualError(t, response.Error, "a "+queryType+" is a table, which an alert rule cannot evaluate; use the query type number, series or alert")
		require.Equal(t, backend.StatusBadRequest, response.Status)
	}
}

// One query that fails does so alone, and every query has its answer.
func TestAQueryThatFailsFailsAlone(t *testing.T) {
	ds := open(t, shop(t), catalogue(t), nil)
	responses := askAll(t, ds, nil,
		query("A", typeNumber, `{}`),
		query("B", "nonsense", `{}`),
		query("C", typeStatement, `{}`),
		query("D", typeSeries, `{"version":2}`),
		query("E", typeCatalog, `{}`))
	require.Len(t, responses, 5)
	for refID, ok := range map[string]bool{"A": true, "B": false, "C": true, "D": false, "E": true} {
		require.Equal(t, ok, responses[refID].Error == nil, "%s: %v", refID, responses[refID].Error)
		if ok {
			require.NotEmpty(t, responses[refID].Frames, refID)
		}
	}
}

func TestAStoreThatIsDownIsNotOurFault(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	address := server.URL
	server.Close()
	ds := open(t, address, catalogue(t), nil)
	for _, queryType := range []string{typeNumber, typeSeries, typeScorecard, typeStatement} {
		response := ask(t, ds, queryType, `{"select":{"slo":["payments"]},"measures":["loss"]}`)
		require.EqualError(t, response.Error, "cannot reach Prometheus: connect: connection refused", queryType)
		require.Equal(t, backend.StatusBadGateway, response.Status)
		require.Equal(t, backend.ErrorSourceDownstream, response.ErrorSource)
		require.Len(t, response.Frames, 1, "the query inspector shows what was tried")
		require.Empty(t, response.Frames[0].Fields)
		require.Contains(t, response.Frames[0].Meta.ExecutedQueryString, "# payments: cannot reach Prometheus")
	}
	response := ask(t, ds, typeNumber, `{}`)
	require.EqualError(t, response.Error, "invoices: cannot reach Prometheus: connect: connection refused", "of several, the first is named")
	require.NoError(t, ask(t, ds, typeCatalog, `{}`).Error, "definitions need no store")
}

func TestAnAnswerThatComesTooLateIsATimeout(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // only then does the server notice that nobody waits
		<-r.Context().Done()
	}))
	t.Cleanup(server.Close)
	ds := open(t, server.URL, catalogue(t), nil)
	check := func(ctx context.Context, status backend.Status, want string) {
		t.Helper()
		answer, err := ds.QueryData(ctx, &backend.QueryDataRequest{Queries: []backend.DataQuery{query("A", typeNumber, `{"select":{"slo":["orders"]}}`)}})
		require.NoError(t, err)
		response := answer.Responses["A"]
		require.EqualError(t, response.Error, want)
		require.Equal(t, status, response.Status)
		require.Equal(t, backend.ErrorSourceDownstream, response.ErrorSource)
	}
	late, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	check(late, backend.StatusTimeout, "Prometheus did not answer in time; a longer timeout can be set in the data source")
	gone, cancel := context.WithCancel(t.Context())
	time.AfterFunc(30*time.Millisecond, cancel)
	check(gone, backend.StatusBadGateway, "the query was cancelled")
}

// Without a store, events are asked of nobody, which panics.
func TestAPanicIsOurFaultAndTellsNothing(t *testing.T) {
	logged := listen(t)
	whole := open(t, shop(t), catalogue(t), nil)
	ds := &Datasource{settings: whole.settings, library: whole.library}
	responses := askAll(t, ds, nil, query("A", typeNumber, `{}`), query("B", typeSeries, `{}`), query("C", typeCatalog, `{}`))
	for _, refID := range []string{"A", "B"} {
		response := responses[refID]
		require.ErrorContains(t, response.Error, "an internal error; the plugin's log has the details")
		require.Equal(t, backend.StatusInternal, response.Status)
		require.Equal(t, backend.ErrorSourcePlugin, response.ErrorSource)
	}
	require.NoError(t, responses["C"].Error, "others are answered")
	require.Contains(t, logged.text.String(), "assess.go", "the log says where")
}

// What whoever wrote the catalogue can mend is not the plugin's fault.
func TestAQueryOfTheCatalogueThatCannotBeUsedIsNotOurFault(t *testing.T) {
	check := func(name, old, new, want string) {
		t.Helper()
		ds := open(t, promtest.InProcess(t, []promtest.Series{
			scraped(t, `orders_total 1000+10x480`), scraped(t, `euros{shop="a"} 1+0x480`), scraped(t, `euros{shop="b"} 1+0x480`),
		}), replace(t, catalogue(t), old, new), nil)
		require.Empty(t, ds.catalog().Problems)
		refused(t, ds, typeNumber, `{"select":{"slo":["`+name+`"]},"measures":["loss"]}`, want)
	}
	check("payments", "sum(rate(payments_total[5m]))", "payments_total * 2", "PromQL payments_total * 2 uses the counter payments_total as it stands; expected rate(payments_total[5m])")
	check("orders", "base: 50", "base: euros", "value order: PromQL euros gives 2 series; expected one, such as by sum() around it")
}

// failingOn is the shop's store, which fails whenever a query holds a text.
func failingOn(t *testing.T, text string) string {
	t.Helper()
	target, err := url.Parse(shop(t))
	require.NoError(t, err)
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.ErrorLog = log.New(io.Discard, "", 0) // it tells of queries that were given up
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if form, _ := url.ParseQuery(string(body)); strings.Contains(form.Get("query"), text) {
			w.WriteHeader(http.StatusUnprocessableEntity)
			_, _ = io.WriteString(w, `{"status":"error","errorType":"execution","error":"too many samples"}`)
			return
		}
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// One promise of many that cannot be evaluated is blank, with a notice that says
// where the reason is, and the others are as they are.
func TestOneOfManyPromisesThatFailsIsBlank(t *testing.T) {
	for _, broken := range []string{"invoices", "payments", "searches"} { // the first, one between and the last
		ds := open(t, failingOn(t, broken+"_total"), catalogue(t), nil)
		frames := answered(t, ds, typeNumber, `{"measures":["sli"]}`)
		got := figuresOf(t, frames)
		require.Len(t, got, 5)
		require.InDelta(t, 0.98, got["service=checkout, slo=orders"], 1e-9)
		for labels, v := range got {
			if strings.HasSuffix(labels, "slo="+broken) {
				require.Nil(t, v, labels)
			}
		}
		require.Contains(t, strings.Join(noticesOf(frames), "\n"), "could not be evaluated; the query inspector says why")
		require.Contains(t, frames[0].Meta.ExecutedQueryString, "# "+broken+": Prometheus refused the query: too many samples")
		custom := frames[0].Meta.Custom.(map[string]any)
		require.Equal(t, noon.Add(-4*time.Hour).UnixMilli(), custom["from"], "the window of %s", broken)
		require.Equal(t, noon.UnixMilli(), custom["to"], "the window of %s", broken)

		card := answered(t, ds, typeScorecard, `{}`)
		require.Len(t, column(t, card, "slo"), 5)
		require.Contains(t, column(t, card, "reason"), "could not be evaluated; the query inspector says why")
		statement := answered(t, ds, typeStatement, `{}`)
		require.Len(t, column(t, statement, "executive"), 5)
	}
}

// Whoever names a promise wants an answer about that one, or an error.
func TestASelectedPromiseThatFailsIsAnError(t *testing.T) {
	ds := open(t, failingOn(t, "payments_total"), catalogue(t), nil)
	response := ask(t, ds, typeNumber, `{"select":{"slo":["orders","payments"]}}`)
	require.EqualError(t, response.Error, "payments: Prometheus refused the query: too many samples")
	require.Equal(t, backend.StatusBadGateway, response.Status)
}
