package plugin

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/internal/promtest"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/catalog"
)

// healthOf is what "Save & test" says, without how long the store took.
func healthOf(t *testing.T, ds *Datasource) (ok bool, message, details string) {
	t.Helper()
	result, err := ds.CheckHealth(t.Context(), &backend.CheckHealthRequest{})
	require.NoError(t, err, "what users can mend is no error of Go")
	require.Contains(t, []backend.HealthStatus{backend.HealthStatusOk, backend.HealthStatusError}, result.Status)
	if len(result.JSONDetails) > 0 {
		var shown struct{ Message, VerboseMessage string }
		require.NoError(t, json.Unmarshal(result.JSONDetails, &shown))
		require.Equal(t, result.Message, shown.Message)
		details = shown.VerboseMessage
	}
	before, after, found := strings.Cut(result.Message, " answered in ")
	if found {
		_, after, _ = strings.Cut(after, ". ")
		return result.Status == backend.HealthStatusOk, before + " answered. " + after, details
	}
	return result.Status == backend.HealthStatusOk, result.Message, details
}

// serving is the address of a server that answers everything alike.
func serving(t *testing.T, status int, body string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// minutesAgo is a counter that was scraped until now.
func minutesAgo(name string) promtest.Series {
	series := promtest.Series{Labels: map[string]string{"__name__": name}}
	for i := 90; i >= 0; i-- {
		at := time.Now().Add(-time.Duration(i) * time.Minute)
		series.Samples = append(series.Samples, promtest.Sample{At: at, Value: float64(1000 - i)})
	}
	return series
}

func TestHealthSaysWhatIsWrongWithTheConnection(t *testing.T) {
	check := func(address, want string) {
		t.Helper()
		ok, message, _ := healthOf(t, open(t, address, catalogue(t), nil))
		require.False(t, ok)
		require.Equal(t, want, message)
	}
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	check("", "The data source has no URL; expected the address of Prometheus, such as http://localhost:9090")
	check("localhost:9090", "The data source's URL is no HTTP address; expected a form such as http://localhost:9090")
	check(gone.URL, "Cannot reach Prometheus: connect: connection refused")
	check(serving(t, 401, "who are you?"), "Prometheus refused the credentials (HTTP 401)")
	check(serving(t, 403, "not you"), "Prometheus refused the credentials (HTTP 403)")
	check(serving(t, 404, "nothing here"), "There is no Prometheus API at the URL of the data source (HTTP 404)")
	check(serving(t, 502, "<html>"), "Prometheus answered with HTTP 502")
	check(serving(t, 200, "<html>Welcome to Grafana</html>"), "The server at the URL does not answer like Prometheus; check the URL of the data source")
	ok, message, _ := healthOf(t, open(t, serving(t, 200, `{"status":"success","data":{"resultType":"vector","result":[]}}`), "", nil))
	require.False(t, ok)
	require.Contains(t, message, "does not calculate like Prometheus")
}

func TestHealthSaysWhatTheCatalogueGives(t *testing.T) {
	url := promtest.InProcess(t, []promtest.Series{minutesAgo("orders_total"), minutesAgo("searches_total")})
	check := func(ok bool, text, want, wantDetails string) {
		t.Helper()
		gotOK, message, details := healthOf(t, open(t, url, text, nil))
		require.Equal(t, want, message)
		require.Equal(t, ok, gotOK)
		require.Equal(t, wantDetails, details)
	}
	check(true, "", "Prometheus answered. The catalogue is empty: define an SLO to go on.", "")
	// Payments and invoices have no data.
	check(true, catalogue(t), "Prometheus answered. 4 SLOs, 2 with data in the last hour.", "")

	broken := replace(t, catalogue(t), "target: 0.999", "target: 99.9")
	first := fmt.Sprintf("catalog, document 4, line %d, spec.objectives[0].target: target 99.9 is not a ratio between 0 and 1, such as 0.999 for 99.9 %%", lineOf(broken, "target: 99.9"))
	second := fmt.Sprintf("catalog, document 5, line %d, spec.expires: expires is \"soon\"; expected a date such as 2027-06-30", lineOf(broken, "2026-01-31"))
	check(true, broken, "Prometheus answered. 3 SLOs, 2 with data in the last hour. 1 problem in the catalogue, the first: "+first+".", first)
	broken = replace(t, broken, "2026-01-31", "soon")
	check(true, broken, "Prometheus answered. 3 SLOs, 2 with data in the last hour. 2 problems in the catalogue, the first: "+first+".", first+"\n"+second)
	nothing := "kind: SLO\nmetadata: {name: x}\n"
	why := catalog.Parse("catalog", nothing).Problems[0].String()
	check(false, nothing, "Prometheus answered. No SLO is defined: "+why+".", why)
}

func TestHealthNamesTheVersion(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		data := `{"resultType":"scalar","result":[1,"2"]}`
		if strings.HasSuffix(r.URL.Path, "/buildinfo") {
			data = `{"version":"3.5.0"}`
		}
		_, _ = fmt.Fprintf(w, `{"status":"success","data":%s}`, data)
	}))
	t.Cleanup(server.Close)
	ok, message, _ := healthOf(t, open(t, server.URL, "", nil))
	require.True(t, ok)
	require.Equal(t, "Prometheus 3.5.0 answered. The catalogue is empty: define an SLO to go on.", message)
}

// Large catalogues are not counted whole: that would take too long.
func TestHealthCountsTheFirstSLOsOfMany(t *testing.T) {
	var all strings.Builder
	orders, _, _ := strings.Cut(catalogue(t), "---\napiVersion: openslo/v1\nkind: SLO\nmetadata: {name: payments")
	for i := range probed + 5 {
		all.WriteString(strings.Replace(orders, "name: orders,", fmt.Sprintf("name: orders-%d,", i), 1))
	}
	ok, message, _ := healthOf(t, open(t, promtest.InProcess(t, []promtest.Series{minutesAgo("orders_total")}), all.String(), nil))
	require.True(t, ok)
	require.Equal(t, "Prometheus answered. 25 SLOs, 20 of the first 20 with data in the last hour.", message)
}

// A store that calculates may still refuse what is asked: by a limit, or by rights.
func TestHealthNamesTheSLOThatCannotBeCounted(t *testing.T) {
	ok, message, _ := healthOf(t, open(t, failingOn(t, "payments_total"), catalogue(t), nil))
	require.False(t, ok)
	require.Equal(t, "Prometheus answered. SLO payments: Prometheus refused the query: too many samples.", message)
}
