package plugin

import (
	"encoding/json"
	"net/http"
	"net/url"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/stretchr/testify/require"
)

// refusing is a store that refuses everything, in words that hold all it was sent.
func refusing(t *testing.T) *site {
	t.Helper()
	return newSite(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := json.Marshal(map[string]string{"status": "error", "errorType": "execution",
			"error": "broken: " + r.URL.RawQuery + " " + r.URL.Query().Get("password") + " " + r.Header.Get("X-Token") + " " + r.Header.Get("Authorization")})
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusUnprocessableEntity)
		_, _ = w.Write(body)
	})
}

// Query parameters of the settings may carry credentials, and a refusal by the store is
// passed on in its own words: in answers, the catalogue's problems, and resources.
func TestARefusalThatQuotesTheRequestShowsNoCredentials(t *testing.T) {
	store := refusing(t)
	settings, err := json.Marshal(map[string]any{
		"catalog": catalogue(t), "httpHeaderName1": "X-Token", "discover": []string{"sloth"},
		"customQueryParameters": "password=canary%20%26+spice&tenant=c4n4ry-of-sixteen-letters&dedup=true",
	})
	require.NoError(t, err)
	instance, err := NewDatasource(t.Context(), backend.DataSourceInstanceSettings{
		URL: store.URL, JSONData: settings, BasicAuthEnabled: true, BasicAuthUser: "reader",
		DecryptedSecureJSONData: map[string]string{"httpHeaderValue1": "canary-header", "basicAuthPassword": "canary-password"},
	})
	require.NoError(t, err)
	ds := instance.(*Datasource)
	t.Cleanup(ds.Dispose)
	hides := func(where, said string) {
		t.Helper()
		require.Contains(t, said, "Prometheus refused the query: broken: ", where)
		require.Contains(t, said, "dedup=true", "%s: words that are no credentials stay", where)
		// As they are, as they were sent, and as a header has them.
		for _, secret := range []string{"canary", "c4n4ry", "spice", "cmVhZGVyOmNhbmFyeS1wYXNzd29yZA"} {
			require.NotContains(t, said, secret, where)
		}
	}
	for _, queryType := range []string{typeNumber, typeAlert, typeStatement} {
		hides(queryType, ask(t, ds, queryType, ordersOnly).Error.Error())
	}
	table, err := json.Marshal(answered(t, ds, typeCatalog, `{}`))
	require.NoError(t, err)
	hides("the catalogue's problems", string(table))
	_, message, _ := healthOf(t, ds)
	hides("health", message)
	for method, path := range map[string]string{http.MethodGet: "names", http.MethodPost: "preview"} {
		_, said := resource(t, ds, method, path, `{"catalog":`+quoted(catalogue(t))+`}`)
		hides(path, said)
	}
}

func TestOfSecretsThatBeginAlikeNoEndIsShown(t *testing.T) {
	replacer := secretsOf(backend.DataSourceInstanceSettings{DecryptedSecureJSONData: map[string]string{"a": "canary", "b": "canary-longer", "c": "abc"}},
		url.Values{"api_key": {"canary-longest"}, "dedup": {"true"}})
	require.Equal(t, "… … … abc true", replacer.Replace("canary canary-longest canary-longer abc true"))
}
