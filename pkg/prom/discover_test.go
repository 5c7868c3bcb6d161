package prom_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/internal/promtest"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/prom"
)

func storeAt(t *testing.T, url string) *prom.Store {
	t.Helper()
	store, err := prom.NewStore(url, http.DefaultClient, prom.DefaultCacheSize)
	require.NoError(t, err)
	return store
}

// recordings are what rules recorded: two SLOs, one of which was recorded last half an hour
// ago, and one that was deleted a day ago.
func recordings(t *testing.T) []promtest.Series {
	t.Helper()
	return []promtest.Series{
		scraped(t, -25*time.Hour, scrape, `sloth_slo_info{sloth_id="c"} 1+0x60`),
		scraped(t, -time.Hour, scrape, `slo:objective:ratio{sloth_id="a"} 0.99+0x60`),
		scraped(t, -time.Hour, scrape, `sloth_slo_info{sloth_id="b"} 1+0x30`),
		scraped(t, -time.Hour, scrape, `sloth_slo_information{sloth_id="d"} 1+0x60`),
	}
}

func TestTheNewestValuesOfSeveralMetricsTakeOneQuery(t *testing.T) {
	check := func(url string) {
		t.Helper()
		got, err := storeAt(t, url).Newest(t.Context(), `last_over_time({__name__=~"sloth_slo_info|slo:objective:ratio"}[1h])`, origin)
		require.NoError(t, err)
		require.Equal(t, []prom.Sample{
			{Labels: map[string]string{"__name__": "slo:objective:ratio", "sloth_id": "a"}, Value: 0.99},
			{Labels: map[string]string{"__name__": "sloth_slo_info", "sloth_id": "b"}, Value: 1},
		}, got)
	}
	check(promtest.InProcess(t, recordings(t)))
	check(promtest.Server(t, recordings(t)))
	check(promtest.VictoriaMetrics(t, recordings(t)))
}

func rulesAt(t *testing.T, status int, body string) *prom.Store {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		require.Equal(t, "/prom/api/v1/rules", r.URL.Path)
		w.WriteHeader(status)
		_, _ = fmt.Fprint(w, body)
	}))
	t.Cleanup(server.Close)
	return storeAt(t, server.URL+"/prom/")
}

func TestOnlyTheRulesThatAreWantedAreTaken(t *testing.T) {
	store := rulesAt(t, 200, `{"status":"success","data":{"groups":[{"name":"g","rules":[
		{"type":"recording","name":"a:ratio","query":"sum(x)","labels":{"id":"1"}},
		{"type":"recording","name":"b:ratio","query":"sum(y)"},
		{"type":"alerting","name":"a:ratio","query":"sum(z) > 1","labels":{}}]}]}}`)
	got, err := store.Rules(t.Context(), func(r prom.Rule) bool { return r.Name == "a:ratio" && !r.Alert })
	require.NoError(t, err)
	require.Equal(t, []prom.Rule{{Name: "a:ratio", Labels: map[string]string{"id": "1"}, Query: "sum(x)"}}, got)
}

func TestAStoreWithoutRulesSaysSo(t *testing.T) {
	all := func(prom.Rule) bool { return true }
	_, err := rulesAt(t, 404, "").Rules(t.Context(), all)
	require.EqualError(t, err, "there is no Prometheus API at the URL of the data source (HTTP 404)")
	_, err = rulesAt(t, 200, "<html>").Rules(t.Context(), all)
	require.EqualError(t, err, "the answer of Prometheus cannot be read")
	_, err = storeAt(t, "http://127.0.0.1:1").Rules(t.Context(), all)
	require.ErrorContains(t, err, "cannot reach Prometheus")
}
