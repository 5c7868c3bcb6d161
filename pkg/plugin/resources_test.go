package plugin

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/stretchr/testify/require"
)

// resource calls a resource.
func resource(t *testing.T, ds *Datasource, method, path, body string) (status int, answer string) {
	t.Helper()
	sender := backend.CallResourceResponseSenderFunc(func(r *backend.CallResourceResponse) error {
		status, answer = r.Status, answer+string(r.Body)
		require.Equal(t, []string{"application/json"}, r.Headers["Content-Type"])
		return nil
	})
	require.NoError(t, ds.CallResource(t.Context(), &backend.CallResourceRequest{Method: method, Path: path, URL: path, Body: []byte(body)}, sender))
	return status, answer
}

// The editors work before there is a URL.
func unfinished(t *testing.T, catalog string) *Datasource {
	t.Helper()
	return open(t, "", catalog, nil)
}

func TestResourcesListWhatCanBeSelected(t *testing.T) {
	ds := unfinished(t, catalogue(t))
	check := func(path, want string) {
		t.Helper()
		status, body := resource(t, ds, "GET", path, "")
		require.Equal(t, 200, status)
		require.JSONEq(t, want, body)
	}
	check("services", `[{"name":"checkout","displayName":"checkout"},{"name":"search","displayName":"search"}]`)
	check("labels", `{"tier":["gold","silver"]}`)
	check("slos", `[
		{"name":"invoices","displayName":"Invoices","service":"search","owner":"","labels":{},"objectives":[{"name":"","target":0.999,"window":"4h"}],"journeys":[]},
		{"name":"orders","displayName":"Orders","service":"checkout","owner":"Payments team","labels":{"tier":"gold"},"objectives":[{"name":"","target":0.99,"window":"4h"}],"journeys":[]},
		{"name":"payments","displayName":"Payments","service":"checkout","owner":"Payments team","labels":{"tier":"gold"},"objectives":[{"name":"","target":0.9,"window":"4h"}],"journeys":[]},
		{"name":"searches","displayName":"Searches","service":"search","owner":"Search team","labels":{"tier":"silver"},"objectives":[{"name":"usual","target":0.9,"window":"4h"},{"name":"best","target":0.99,"window":"4h"}],"journeys":[]}]`)

	ds = unfinished(t, "")
	check("slos", `[]`)
	check("services", `[]`)
	check("labels", `{}`)
}

func TestPromisesNameTheirJourneys(t *testing.T) {
	status, body := resource(t, unfinished(t, stakesCatalogue(t)), "GET", "slos", "")
	require.Equal(t, 200, status)
	var slos []struct {
		Name     string
		Journeys []string
	}
	require.NoError(t, json.Unmarshal([]byte(body), &slos))
	journeys := map[string][]string{}
	for _, s := range slos {
		journeys[s.Name] = s.Journeys
	}
	require.Equal(t, map[string][]string{"invoices": {}, "orders": {"buy", "visit"}, "payments": {"buy", "visit"}, "searches": {"buy", "visit"}}, journeys)
}

// The editor has no words of its own.
func TestTheVocabularyHasEveryWord(t *testing.T) {
	status, body := resource(t, unfinished(t, ""), "GET", "vocabulary", "")
	require.Equal(t, 200, status)
	var words map[string][]map[string]any
	require.NoError(t, json.Unmarshal([]byte(body), &words))
	require.Len(t, words["queryTypes"], len(queryTypes))
	require.Len(t, words["measures"], len(measures))
	require.Len(t, words["by"], len(groupings))
	require.Len(t, words["audiences"], len(audiences))
	for _, list := range words {
		for _, word := range list {
			require.NotEmpty(t, word["name"])
			require.NotEmpty(t, word["words"], "%v", word)
		}
	}
}

func TestACatalogueIsValidatedBeforeItIsSaved(t *testing.T) {
	ds := unfinished(t, "")
	type problem struct {
		Document, Line          int
		Path, Message, Severity string
	}
	check := func(catalog string, slos int, want ...problem) {
		t.Helper()
		body, err := json.Marshal(map[string]string{"catalog": catalog})
		require.NoError(t, err)
		status, answer := resource(t, ds, "POST", "validate", string(body))
		require.Equal(t, 200, status)
		var got struct {
			Problems []problem
			SLOs     int `json:"slos"`
		}
		require.NoError(t, json.Unmarshal([]byte(answer), &got))
		require.Equal(t, slos, got.SLOs)
		require.NotNil(t, got.Problems, "an empty list, not null")
		require.ElementsMatch(t, want, got.Problems)
	}
	check("", 0)
	good := catalogue(t)
	check(good, 4)
	bad := replace(t, good, "perEvent: 0.02", "perEvent: -5")
	check(bad, 4, problem{7, lineOf(bad, "perEvent: -5"), "spec.perEvent", "perEvent is -5; expected money per event that is not negative", "error"})
	bad = replace(t, good, "target: 0.999", "target: 99.9")
	check(bad, 3, problem{4, lineOf(bad, "target: 99.9"), "spec.objectives[0].target", "target 99.9 is not a ratio between 0 and 1, such as 0.999 for 99.9 %", "error"})
}

func TestWhatIsNoCatalogueIsRefused(t *testing.T) {
	ds := unfinished(t, "")
	tooLarge, err := json.Marshal(map[string]string{"catalog": strings.Repeat("#", maxCatalog)})
	require.NoError(t, err)
	for _, body := range []string{``, `nonsense`, `{"catalog":5}`, `{"catalog":"`, string(tooLarge)} {
		status, answer := resource(t, ds, "POST", "validate", body)
		require.Equal(t, 400, status)
		require.JSONEq(t, `{"message":"expected {\"catalog\": \"…\"} of at most 4 MiB"}`, answer)
	}
}

func TestOtherResourcesDoNotExist(t *testing.T) {
	ds := unfinished(t, catalogue(t))
	check := func(method, path string) {
		t.Helper()
		status, body := resource(t, ds, method, path, "")
		require.Equal(t, 404, status)
		require.JSONEq(t, `{"message":"there is no resource `+method+` /`+path+`"}`, body)
	}
	check("GET", "")
	check("GET", "secrets")
	check("GET", "slos/orders")
	check("GET", "validate")
	check("POST", "slos")
	check("DELETE", "slos")
}
