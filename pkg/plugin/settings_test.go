package plugin

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/stretchr/testify/require"
)

func parsed(address, jsonData string) (settings, error) {
	return parseSettings(backend.DataSourceInstanceSettings{URL: address, JSONData: []byte(jsonData)})
}

func TestSettingsHaveDefaults(t *testing.T) {
	for _, jsonData := range []string{``, `{}`, `{"httpMethod":"","timeInterval":"","queryDelay":"","currency":"","tlsSkipVerify":true}`} {
		s, err := parsed("http://localhost:9090", jsonData)
		require.NoError(t, err)
		require.Equal(t, "POST", s.httpMethod)
		require.Equal(t, time.Minute, s.scrape)
		require.Equal(t, time.Minute, s.delay)
		require.Empty(t, s.queryParams)
		require.Empty(t, s.currency)
		require.False(t, s.ownCredentials)
	}
}

func TestSettingsAreReadAsPrometheusNamesThem(t *testing.T) {
	s, err := parsed("https://store/prom", `{"httpMethod":"GET","timeInterval":"15s","queryDelay":"2m","customQueryParameters":"dedup=true&x=a%20b","currency":"CHF","catalog":"x"}`)
	require.NoError(t, err)
	require.Equal(t, "https://store/prom", s.url)
	require.Equal(t, "GET", s.httpMethod)
	require.Equal(t, 15*time.Second, s.scrape)
	require.Equal(t, 2*time.Minute, s.delay)
	require.Equal(t, "a b", s.queryParams.Get("x"))
	require.Equal(t, "CHF", s.currency)
	require.Equal(t, "x", s.catalogs[0].Text)

	for _, none := range []string{"0", "0s"} {
		s, err := parsed("http://store", `{"queryDelay":"`+none+`"}`)
		require.NoError(t, err)
		require.Zero(t, s.delay)
	}
	for _, own := range []string{`{"oauthPassThru":true}`, `{"keepCookies":["session"]}`} {
		s, err := parsed("http://store", own)
		require.NoError(t, err)
		require.True(t, s.ownCredentials, own)
	}
}

func TestWhatIsWrongWithSettingsIsSaid(t *testing.T) {
	check := func(address, jsonData, want string) {
		t.Helper()
		_, err := parsed(address, jsonData)
		require.EqualError(t, err, want)
	}
	const fine = "http://localhost:9090"
	check(fine, `{"httpMethod":"PUT"}`, `the data source's httpMethod is "PUT"; expected POST or GET`)
	check(fine, `{"timeInterval":"often"}`, `the data source's scrape interval (timeInterval): "often" is not a duration; expected a form such as 5m, 1h30m or 28d`)
	check(fine, `{"queryDelay":"-1m"}`, `the data source's queryDelay: "-1m" is not a duration; expected a form such as 5m, 1h30m or 28d`)
	check(fine, `{"currency":"euro"}`, `the data source's currency is "euro"; expected an ISO 4217 code such as EUR`)
	check("", `{}`, "the data source has no URL; expected the address of Prometheus, such as http://localhost:9090")
	const noAddress = "the data source's URL is no HTTP address; expected a form such as http://localhost:9090"
	for _, address := range []string{"localhost:9090", "localhost", "ftp://store", "http://", "http:///path", "http://a b", ":", "http://user:canary@store:port"} {
		check(address, `{}`, noAddress)
	}
	_, err := parsed(fine, `{"customQueryParameters":"token=canary;%zz"}`)
	require.EqualError(t, err, "the data source's customQueryParameters are no query parameters; expected a form such as max_source_resolution=5m&dedup=true",
		"they may be credentials, and everybody sees errors")
	_, err = parsed(fine, `{"catalog":5}`)
	require.ErrorContains(t, err, "the data source's jsonData cannot be read: ")
}

// A data source that is not set up answers, with what is missing.
func TestQueriesOfAnUnfinishedDataSourceSayWhatIsMissing(t *testing.T) {
	ds := open(t, "", catalogue(t), nil)
	refused(t, ds, typeNumber, `{}`, "the data source has no URL; expected the address of Prometheus, such as http://localhost:9090")
	refused(t, open(t, "http://store", "", map[string]any{"currency": "€"}), typeNumber, `{}`, `the data source's currency is "€"; expected an ISO 4217 code such as EUR`)

	jsonData, err := json.Marshal(map[string]any{"tlsAuth": true})
	require.NoError(t, err)
	instance, err := NewDatasource(t.Context(), backend.DataSourceInstanceSettings{
		URL: "https://store", JSONData: jsonData, DecryptedSecureJSONData: map[string]string{"tlsClientCert": "canary", "tlsClientKey": "canary"},
	})
	require.NoError(t, err)
	response := ask(t, instance.(*Datasource), typeNumber, `{}`)
	require.ErrorContains(t, response.Error, "the data source's connection settings: ")
	require.NotContains(t, response.Error.Error(), "canary")
}
