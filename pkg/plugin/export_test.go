package plugin

import (
	"strings"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/internal/promtest"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/export"
)

// exported asks for an export as a user of some role; nobody asks where it is empty.
func exported(t *testing.T, ds *Datasource, format, role string) *backend.CallResourceResponse {
	t.Helper()
	context := backend.PluginContext{}
	if role != "" {
		context.User = &backend.User{Role: role}
	}
	var answer *backend.CallResourceResponse
	sender := backend.CallResourceResponseSenderFunc(func(r *backend.CallResourceResponse) error {
		answer = r
		return nil
	})
	request := &backend.CallResourceRequest{PluginContext: context, Method: "GET", Path: "export/" + format, URL: "export/" + format}
	require.NoError(t, ds.CallResource(t.Context(), request, sender))
	return answer
}

func TestExportsAreFiles(t *testing.T) {
	ds := unfinished(t, catalogue(t))
	for _, format := range export.Formats {
		for _, role := range []string{"Editor", "Admin"} {
			got := exported(t, ds, format, role)
			require.Equal(t, 200, got.Status)
			require.Equal(t, []string{"application/yaml"}, got.Headers["Content-Type"])
			require.Equal(t, []string{`attachment; filename="stakes-` + format + `.yaml"`}, got.Headers["Content-Disposition"])
			require.Contains(t, string(got.Body), "orders")
		}
	}
}

// Files hold PromQL, which viewers must not see, on public dashboards either.
func TestExportsAreForEditors(t *testing.T) {
	ds := unfinished(t, catalogue(t))
	for _, role := range []string{"Viewer", "None", ""} {
		got := exported(t, ds, "prometheus", role)
		require.Equal(t, 403, got.Status)
		require.JSONEq(t, `{"message":"exports hold PromQL and are for the roles Editor and Admin"}`, string(got.Body))
	}
}

func TestExportsThatDoNotExistAreSaid(t *testing.T) {
	got := exported(t, unfinished(t, ""), "nagios", "Admin")
	require.Equal(t, 404, got.Status)
	require.Contains(t, string(got.Body), `there is no export \"nagios\"; expected one of [prometheus mimir thanos grafana openslo]`)
	require.Equal(t, 200, exported(t, unfinished(t, ""), "openslo", "Admin").Status, "an empty catalogue is one")
}

// What rules recorded of an SLO is used for it as soon as it is there, whatever the SLO is
// called; raw counters give a tenth of it, so that it can be seen.
func TestRecordedSlicesAreFoundInTheStore(t *testing.T) {
	indicator := `{ratioMetric: {counter: true, bad: ` + promQL("sum(rate(failures_total[5m]))") + `, total: ` + promQL("sum(rate(requests_total[5m]))") + `}}`
	open := func(url string) *Datasource { return open(t, url, sloOf("api", indicator, "target: 0.9"), nil) }
	raw := []promtest.Series{scraped(t, `requests_total{pod="a"} 0+1x480`), scraped(t, `failures_total{pod="a"} 0+0x480`)}
	number := func(ds *Datasource) any {
		return figuresOf(t, answered(t, ds, typeNumber, `{"measures":["total_events"]}`))["service=test, slo=api"]
	}
	ds := open(promtest.InProcess(t, raw))
	require.InDelta(t, 240.0, number(ds), 1e-9)
	definition := definitionIn(t, string(exported(t, ds, "prometheus", "Editor").Body))
	recorded := func(kind, values string) promtest.Series {
		s := scraped(t, `stakes_slice_events{definition="`+definition+`",kind="`+kind+`"} `+values)
		s.Samples = everyFifth(s.Samples)
		return s
	}
	ds = open(promtest.InProcess(t, append(raw, recorded("ran", "1+0x480"), recorded("total", "50+0x480"))))
	got := number(ds).(float64)
	require.Greater(t, got, 1500.0, "at least three of the four hours are recorded, 600 each")
}

func everyFifth(all []promtest.Sample) (kept []promtest.Sample) {
	for i := 0; i < len(all); i += 5 {
		kept = append(kept, all[i])
	}
	return kept
}

// definitionIn is the first definition that rules record.
func definitionIn(t *testing.T, rules string) string {
	t.Helper()
	_, rest, found := strings.Cut(rules, "definition: ")
	require.True(t, found)
	definition, _, _ := strings.Cut(rest, "\n")
	return strings.Trim(definition, `"`)
}
