package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/internal/faulty"
	"github.com/stakes-slo/stakes-slo-datasource/internal/grafanatest"
	"github.com/stakes-slo/stakes-slo-datasource/internal/promtest"
)

// What happens when the catalogue cannot be read: the second table in
// docs/reliability.md.

// web is a web server that documents of the catalogue come from, and can fail.
type web struct {
	*httptest.Server
	answer atomic.Pointer[http.HandlerFunc]
}

func newWeb(t *testing.T, answer http.HandlerFunc) *web {
	t.Helper()
	w := &web{}
	w.set(answer)
	w.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { (*w.answer.Load())(rw, r) }))
	w.Config.ErrorLog = quiet()
	w.Start()
	t.Cleanup(func() {
		w.CloseClientConnections()
		w.Close()
	})
	return w
}

func (w *web) set(answer http.HandlerFunc) { w.answer.Store(&answer) }

func sends(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(text)) }
}

// leads redirects somewhere.
func leads(to string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", to)
		w.WriteHeader(http.StatusFound)
	}
}

var fetched = promise("orders", `sum(rate(fleet_requests_total{code="500"}[5m]))`, `sum(rate(fleet_requests_total[5m]))`, "1d")

// bomb is a document of few bytes and 2^30 values.
func bomb() string {
	var b strings.Builder
	b.WriteString("apiVersion: openslo/v1\nkind: SLO\nmetadata:\n  name: bomb\n  labels:\n    a0: &a0 [x, x]\n")
	for i := 1; i < 30; i++ {
		fmt.Fprintf(&b, "    a%d: &a%d [*a%d, *a%d]\n", i, i, i-1, i-1)
	}
	return b.String()
}

func stalls(w http.ResponseWriter, r *http.Request) {
	select {
	case <-r.Context().Done():
	case <-time.After(30 * time.Second):
	}
}

// endless sends comments without an end, and without saying how many.
func endless(w http.ResponseWriter, r *http.Request) {
	for r.Context().Err() == nil {
		if _, err := w.Write([]byte(strings.Repeat("# and so on\n", 1000))); err != nil {
			return
		}
	}
}

// addressFaults are the rows about addresses, and the reason that the health check gives.
var addressFaults = map[string]struct {
	answer http.HandlerFunc
	says   string
}{
	"address: slow headers": {stalls, "the server did not answer in time"},
	"address: slow body": {func(w http.ResponseWriter, r *http.Request) {
		sends(fetched[:200])(w, r)
		_ = http.NewResponseController(w).Flush()
		stalls(w, r)
	}, "the server did not answer in time"},
	"address: cut body": {func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "9999")
		sends(fetched[:200])(w, r)
	}, "the answer was cut off"},
	"address: 404": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(404) }, "the server answers with HTTP 404; expected YAML documents"},
	"address: 500": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }, "the server answers with HTTP 500; expected YAML documents"},
	"address: HTML page": {func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		sends("<html>Log in</html>")(w, r)
	}, "the server answers with a web page; expected YAML documents"},
	"address: empty":                            {sends(""), "there are no documents; expected at least one"},
	"address: without an end":                   {endless, "there are more than 4 MiB; expected less"},
	"address: no text":                          {sends("\x00\xff\xfe"), "what the server answers is no text; expected YAML documents"},
	"address: YAML bomb":                        {sends(bomb()), "none of the documents defines anything any more, the first because of line "},
	"address: redirects in a circle":            {leads("/again"), "the server redirects more than 5 times"},
	"address: redirect to a file":               {leads("file:///etc/passwd"), "the server redirects from http to file; expected the address that it leads to"},
	"address: redirect to FTP":                  {leads("ftp://127.0.0.1/slos.yaml"), "the server redirects from http to ftp; expected the address that it leads to"},
	"address: redirect to where nobody listens": {leads("http://127.0.0.1:1/"), "the server cannot be reached: connect: connection refused"},
}

// instances are the alerts of all promises, as an alert rule about all of them sees them.
func (a *asker) instances(t *testing.T, to time.Time) (map[string]*float64, error) {
	t.Helper()
	response := a.ask(t, "alert", map[string]any{}, to, true)
	if response.Error != nil {
		return nil, response.Error
	}
	all, err := grafanatest.Alert(response.Frames)
	require.NoError(t, err)
	states := map[string]*float64{}
	for _, i := range all {
		states[i.Labels["slo"]+" "+i.Labels["severity"]] = i.Value
	}
	return states, nil
}

// reread has the catalogue read anew, as the health check does, and returns what that says.
func (a *asker) reread(t *testing.T) string {
	t.Helper()
	health, err := a.plugin.CheckHealth(t.Context(), &backend.CheckHealthRequest{PluginContext: a.ctx})
	require.NoError(t, err)
	return health.Message
}

func addressFails(answer http.HandlerFunc, says string) func(t *testing.T, s *stage) {
	return func(t *testing.T, s *stage) {
		files := newWeb(t, sends(fetched))
		more := map[string]any{"timeout": 3, "discover": []string{}, "catalogUrls": []string{files.URL + "/slos.yaml?token=canary"},
			"catalog": promise("sick", `sum(rate(sick_total{code="500"}[5m]))`, `sum(rate(sick_total[5m]))`, "2h")}
		a := s.open(t, s.store, more)
		a.right(t, a.figures(t, "orders", s.now))
		before, err := a.instances(t, s.now)
		require.NoError(t, err)
		require.Contains(t, before, "orders page")
		require.NotNil(t, before["orders page"])

		files.set(answer)
		message := a.reread(t)
		require.Contains(t, message, "Address 1 ("+files.URL+"/slos.yaml) could not be read: "+says)
		require.NotContains(t, message, "canary")
		response := a.figures(t, "orders", s.now)
		a.right(t, response)
		require.Contains(t, notices(response.Frames), "the catalogue could not be read anew from address 1; the copy of a minute ago is used")
		after, err := a.instances(t, s.now)
		require.NoError(t, err)
		require.Equal(t, before, after, "no alert resolves")

		cold := s.open(t, s.store, more)
		cold.ctx.DataSourceInstanceSettings.UID += " cold"
		require.ErrorContains(t, cold.figures(t, "orders", s.now).Error, `there is no SLO "orders" in the catalogue`)
		require.NoError(t, cold.figures(t, "sick", s.now).Error, "what is known is answered")
		_, err = cold.instances(t, s.now)
		require.EqualError(t, err, "the catalogue could not be read from address 1, and alerts of what it defines would be lost; select SLOs by name to do without")
		files.set(sends(fetched))
		require.Contains(t, cold.reread(t), "was read a minute ago")
		cold.right(t, cold.figures(t, "orders", s.now))
		again, err := cold.instances(t, s.now)
		require.NoError(t, err, "recovery needs no restart")
		require.Equal(t, before, again)
	}
}

// A redirect to another host is followed, and takes nothing along that is for the store.
func redirectElsewhere(t *testing.T, s *stage) {
	heard := make(chan http.Header, 10)
	elsewhere := newWeb(t, func(w http.ResponseWriter, r *http.Request) {
		heard <- r.Header.Clone()
		sends(fetched)(w, r)
	})
	files := newWeb(t, leads(strings.Replace(elsewhere.URL, "127.0.0.1", "localhost", 1)))
	a := s.guarded(t, t.Name(), s.store, "Admin")
	a.ctx = s.open(t, s.store, map[string]any{"catalog": "", "discover": []string{}, "catalogUrls": []string{files.URL}, "httpHeaderName1": "X-Token"}).ctx
	a.ctx.DataSourceInstanceSettings.DecryptedSecureJSONData = map[string]string{"httpHeaderValue1": "canary-header"}
	a.right(t, a.figures(t, "orders", s.now))
	require.NotEmpty(t, heard)
	require.NotContains(t, fmt.Sprint(<-heard), "canary")
}

// discoverable are two hours of a shop whose SLOs Sloth and Pyrra record, ten requests a minute of
// which one fails, and their rules. The one of Pyrra is not known without its rules.
func discoverable(now time.Time) (all []promtest.Series, rules string) {
	from := now.Add(-2 * time.Hour)
	for _, name := range []string{"basket_total", "cart_total"} {
		all = append(all, minutely(name, "200", from, now, 9, nil), minutely(name, "500", from, now, 1, nil))
	}
	recorded := func(name string, value float64, labels map[string]string) {
		s := minutely(name, "", from, now, 0, func(int, float64) float64 { return value })
		s.Labels = map[string]string{"__name__": name}
		for key, value := range labels {
			s.Labels[key] = value
		}
		all = append(all, s)
	}
	sloth := map[string]string{"sloth_id": "shop-basket", "sloth_service": "shop", "sloth_slo": "basket"}
	recorded("slo:sli_error:ratio_rate5m", 0.1, map[string]string{"sloth_id": "shop-basket", "sloth_service": "shop", "sloth_slo": "basket", "sloth_window": "5m"})
	recorded("slo:objective:ratio", 0.99, sloth)
	recorded("slo:time_period:days", 28, sloth)
	recorded("cart:burnrate5m", 0.1, map[string]string{"slo": "cart-errors"})
	recorded("cart:increase4w", 1200, map[string]string{"slo": "cart-errors"})
	return all, `groups:
- name: sloth
  interval: 1h
  rules:
  - record: slo:sli_error:ratio_rate5m
    expr: (sum(rate(basket_total{code=~"5.."}[5m]))) / (sum(rate(basket_total[5m])))
    labels: {sloth_id: shop-basket, sloth_service: shop, sloth_slo: basket, sloth_window: 5m}
- name: pyrra
  interval: 1h
  rules:
  - record: cart:burnrate5m
    expr: sum by (route) (rate(cart_total{code=~"5.."}[5m])) / sum by (route) (rate(cart_total[5m]))
    labels: {slo: cart-errors}
  - record: cart:increase4w
    expr: sum by (code, route) (increase(cart_total[4w]))
    labels: {slo: cart-errors}
  - alert: ErrorBudgetBurn
    expr: cart:burnrate5m{slo="cart-errors"} > (14 * (1-0.95)) and cart:burnrate1h{slo="cart-errors"} > (14 * (1-0.95))
    labels: {slo: cart-errors, severity: critical}
`
}

func ofDiscovery(_ string, form url.Values) bool {
	return strings.Contains(form.Get("query"), "slo:objective:ratio")
}
func ofRules(path string, _ url.Values) bool { return strings.HasSuffix(path, "/rules") }

// discoveryFaults are the rows about discovery, and the reason that the health check gives.
var discoveryFaults = map[string]struct {
	fault faulty.Fault
	says  string
}{
	"discovery: query refused":     {faulty.Where(ofDiscovery, faulty.APIError(422, "execution", "too many samples")), "Prometheus refused the query: too many samples"},
	"discovery: query too slow":    {faulty.Where(ofDiscovery, faulty.SlowHeaders), "Prometheus did not answer in time; a longer timeout can be set in the data source"},
	"discovery: answer in part":    {faulty.Where(ofDiscovery, faulty.Rewritten(faulty.Partial)), "Prometheus answered in part only, and says that data is missing"},
	"discovery: nothing recorded":  {faulty.Where(ofDiscovery, faulty.Empty()), "the store records no SLO any more; those that it recorded are kept for a day"},
	"discovery: rules forbidden":   {faulty.Where(ofRules, faulty.Status(403, "")), "the store does not give its rules any more: Prometheus refused the credentials (HTTP 403)"},
	"discovery: rules too slow":    {faulty.Where(ofRules, faulty.SlowHeaders), "the store does not give its rules any more: Prometheus did not answer in time; a longer timeout can be set in the data source"},
	"discovery: rules are no JSON": {faulty.Where(ofRules, faulty.Status(200, "<html>Log in</html>")), "the store does not give its rules any more: the answer of Prometheus cannot be read"},
}

func discoveryFails(f faulty.Fault, says string) func(t *testing.T, s *stage) {
	return func(t *testing.T, s *stage) {
		series, rules := discoverable(s.now)
		p := faulty.New(t, promtest.ServerEvaluating(t, series, rules))
		a := s.open(t, p.URL, map[string]any{"timeout": 4, "timeInterval": "1m", "catalog": "", "discover": []string{"sloth", "pyrra"}})
		// 60 minutes of ten events, counted one by one.
		counted := func() (text string) {
			t.Helper()
			for _, name := range []string{"shop-basket", "cart-errors"} {
				response := a.ask(t, "number", map[string]any{"select": map[string]any{"slo": []string{name}}, "window": "1h", "measures": []string{"total_events", "bad_events"}}, s.now, false)
				got := numbers(t, response)
				require.InDelta(t, 600, *got["total_events"], 10, name)
				require.InDelta(t, 60, *got["bad_events"], 1, name)
				require.NotContains(t, notices(response.Frames), "estimated")
				text += notices(response.Frames)
			}
			return text
		}
		require.NotContains(t, counted(), "the catalogue")
		before, err := a.instances(t, s.now)
		require.NoError(t, err)
		require.Contains(t, before, "shop-basket page")
		require.Contains(t, before, "cart-errors page")

		p.Set(f)
		require.Contains(t, a.reread(t), "The discovery could not be read: "+says)
		require.Contains(t, counted(), "the catalogue could not be read anew from the discovery; the copy of a minute ago is used")
		after, err := a.instances(t, s.now)
		require.NoError(t, err)
		require.Equal(t, before, after, "no alert resolves")

		p.Set(nil)
		require.Contains(t, a.reread(t), "The discovery was read a minute ago", "recovery needs no restart")
		require.NotContains(t, counted(), "the catalogue")
	}
}

// sourceFaults are the rows of the second table.
func sourceFaults() map[string]func(t *testing.T, s *stage) {
	all := map[string]func(t *testing.T, s *stage){"address: redirect to another host": redirectElsewhere}
	for name, f := range addressFaults {
		all[name] = addressFails(f.answer, f.says)
	}
	for name, f := range discoveryFaults {
		all[name] = discoveryFails(f.fault, f.says)
	}
	return all
}

func TestFaultsOfTheCatalogue(t *testing.T) {
	s := setStage(t)
	t.Cleanup(func() { require.NotContains(t, s.logs.String(), "panic") })
	for name, run := range sourceFaults() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run(t, s)
		})
	}
}

// rowsOf are the first cells of the table under a heading of docs/reliability.md.
func rowsOf(t *testing.T, heading string) map[string]bool {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "reliability.md"))
	require.NoError(t, err)
	_, table, found := strings.Cut(string(text), "\n## "+heading+"\n")
	require.True(t, found, heading)
	table, _, _ = strings.Cut(table, "\n## ")
	rows := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^\| ([^|]+?) +\|`).FindAllStringSubmatch(table, -1) {
		if m[1] != "fault" && !strings.HasPrefix(m[1], "---") {
			rows[m[1]] = true
		}
	}
	return rows
}

// Each row of the tables has its test, and each test its row.
func TestEveryRowOfTheTablesHasItsTest(t *testing.T) {
	for heading, tests := range map[string]map[string]func(*testing.T, *stage){"Faults": faults, "Faults of the catalogue": sourceFaults(), "Faults of recorded slices": recordedFaults} {
		rows := rowsOf(t, heading)
		for name := range tests {
			require.True(t, rows[name], "docs/reliability.md has no row %q under %q", name, heading)
		}
		for name := range rows {
			require.NotNil(t, tests[name], "no test for the row %q of docs/reliability.md", name)
		}
	}
}
