package plugin

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/stretchr/testify/require"
)

// queryFields says what each field of a query is for.
var queryFields = map[string]string{
	"version":        "1",
	"select":         "what is asked about; all of it where it is empty. Members that are given must all match",
	"select.slo":     "names of SLOs",
	"select.service": "names of services",
	"select.journey": "names of journeys; their steps are selected",
	"select.labels":  "labels of SLOs, or of the groups of their indicators, each with one value or a list of values of which any will do",
	"measures":       "names of [measures](#measures)",
	"by":             "[grouping](#groupings)",
	"lookback":       "duration that burn rates and money per hour are measured over (`1h`)",
	"window":         "duration, or `day`, `week`, `month`, `quarter`, `year`, in place of the promise's own",
	"period":         "calendar [period](#periods) of a history",
	"format":         "form of the answer, where there are several",
	"pool":           "how the [members](#pools) of a group are put together",
	"scenario":       "[scenario](#scenarios) of a forecast",
	"failures":       "of the scenario `own`: the share of events that fail from now on (`0.5 %`), or how many times as many as usual (`2x`)",
	"horizon":        "duration that is looked ahead, or over which priorities are reckoned",
	"audience":       "[audience](#audiences) of a statement; all where it is left out",
	"locale":         "[language](#languages) of sentences (`en`)",
	"cost":           "what moving to another target costs in a year, in money",
	"targets":        "candidate targets of `whatif`: a list, or a text such as `99.5 99.9`; ratios, or percentages",
}

// fieldsOf are the JSON fields of a type, with those of its objects.
func fieldsOf(t reflect.Type, prefix string) (all []string) {
	for i := range t.NumField() {
		name := prefix + t.Field(i).Tag.Get("json")
		all = append(all, name)
		if t.Field(i).Type.Kind() == reflect.Struct {
			all = append(all, fieldsOf(t.Field(i).Type, name+".")...)
		}
	}
	return all
}

// flags are the controls of a query type: fields of queryType that are true.
func flags(q queryType) (all []string) {
	v := reflect.ValueOf(q)
	for i := range v.NumField() {
		if v.Field(i).Kind() == reflect.Bool && v.Field(i).Bool() && v.Type().Field(i).Name != "Alertable" {
			all = append(all, "`"+strings.Split(v.Type().Field(i).Tag.Get("json"), ",")[0]+"`")
		}
	}
	return all
}

var comment = regexp.MustCompile(`(?m)^//.*$`)

// columns are the columns of a recorded answer: name and title.
func columns(t *testing.T, queryType string) (rows []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", queryType+"*.jsonc"))
	require.NoError(t, err)
	seen := map[string]bool{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		var answer struct {
			Frames []struct {
				Schema struct {
					Meta   struct{ Type string }
					Fields []struct {
						Name   string
						Config struct{ DisplayNameFromDS, Description, Unit string }
					}
				}
			}
		}
		require.NoError(t, json.Unmarshal(comment.ReplaceAll(text, nil), &answer), file)
		for _, frame := range answer.Frames {
			if frame.Schema.Meta.Type != "table" {
				continue
			}
			for _, f := range frame.Schema.Fields {
				if !seen[f.Name] {
					seen[f.Name] = true
					rows = append(rows, fmt.Sprintf("`%s` (%s)", f.Name, f.Config.DisplayNameFromDS))
				}
			}
		}
	}
	return rows
}

// plain are scenarios as options.
func plain(all []scenario) (out []option) {
	for _, s := range all {
		out = append(out, s.option)
	}
	return out
}

// reference is docs/reference.md.
func reference(t *testing.T) string {
	t.Helper()
	var out strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&out, format+"\n", args...) }
	line("# Reference: queries and measures\n")
	line("Made from the code by `go test ./pkg/plugin -run TestTheReferenceIsWhatTheCodeSays -update`. The [catalogue](catalogue.md), the")
	line("[settings](install.md#provisioning) and the [formulas](formulas.md) have pages of their own.\n")
	line("A query has a `queryType` and an object `query`. Everything that is no name is an error that says what was expected.\n")
	line("```json")
	line(`{"refId": "A", "queryType": "series", "query": {"version": 1, "select": {"slo": ["checkout-availability"]}, "measures": ["sli"]}}`)
	line("```\n")

	line("| field of `query` | |\n|---|---|")
	wire, _ := reflect.TypeOf(wireQuery{}).FieldByName("Query")
	for _, name := range fieldsOf(wire.Type, "") {
		require.NotEmpty(t, queryFields[name], "the reference says nothing about the field %s of a query: add it to queryFields", name)
		line("| `%s` | %s |", name, queryFields[name])
	}

	line("\n## Query types\n")
	for _, q := range queryTypes {
		line("### %s: %s\n", q.Name, q.Question)
		line("%s\n", q.Words)
		if q.Alertable {
			line("Alert rules can evaluate it.\n")
		}
		if all := flags(q); len(all) > 0 {
			line("Fields that matter: %s.\n", strings.Join(all, ", "))
		}
		for _, f := range q.Formats {
			line("- `format: %s`: %s", f.Name, f.Words)
		}
		if len(q.Formats) > 0 {
			line("")
		}
		if q.Visualization == "table" || slices.ContainsFunc(q.Formats, func(o option) bool { return o.Name == formatTable }) {
			all := columns(t, q.Name)
			require.NotEmpty(t, all, "no answer of %s as a table is recorded in testdata", q.Name)
			line("Columns: %s.\n", strings.Join(all, ", "))
		}
	}

	line("## Measures\n")
	line("| measure | title | unit | |\n|---|---|---|---|")
	for _, m := range measures {
		line("| `%s` | %s | %s | %s |", m.Name, m.Title, m.Unit, m.Words)
	}
	for _, list := range []struct {
		title   string
		options []option
	}{{"Groupings", groupings}, {"Pools", pools}, {"Periods", periods}, {"Scenarios", plain(scenarios)}, {"Audiences", audiences}, {"Languages", locales}} {
		line("\n## %s\n", list.title)
		line("| | | |\n|---|---|---|")
		for _, o := range list.options {
			line("| `%s` | %s | %s |", o.Name, o.Title, o.Words)
		}
	}
	return out.String()
}

func TestTheReferenceIsWhatTheCodeSays(t *testing.T) {
	path := filepath.Join("..", "..", "docs", "reference.md")
	want := reference(t)
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(want), 0o644)) //nolint:gosec // a document that everybody reads
	}
	got, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, want, string(got), "run go test ./pkg/plugin -run TestTheReferenceIsWhatTheCodeSays -update")
}

// Every setting that is read is in the table of settings.
func TestEverySettingIsInTheTable(t *testing.T) {
	code, err := os.ReadFile("settings.go")
	require.NoError(t, err)
	table, err := os.ReadFile(filepath.Join("..", "..", "docs", "install.md"))
	require.NoError(t, err)
	found := regexp.MustCompile("json:\"(\\w+)\"").FindAllStringSubmatch(string(code), -1)
	require.Greater(t, len(found), 10)
	for _, m := range found {
		require.Contains(t, string(table), m[1], "docs/install.md says nothing of the setting %s", m[1])
	}
}

var jsonBlock = regexp.MustCompile("(?s)```json\n(.*?)\n```")

// Queries that documents show are queries.
func TestQueriesInDocumentsAreRead(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("..", "..", "docs", "*.md"))
	require.NoError(t, err)
	read := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, m := range jsonBlock.FindAllStringSubmatch(string(text), -1) {
			var query struct {
				QueryType string
			}
			require.NoError(t, json.Unmarshal([]byte(m[1]), &query), "%s: %s", file, m[1])
			if query.QueryType == "" {
				continue
			}
			read++
			_, err := decode(backend.DataQuery{RefID: "A", QueryType: query.QueryType, JSON: []byte(m[1])}, false, settings{})
			require.NoError(t, err, "%s: %s", file, m[1])
		}
	}
	require.Positive(t, read)
}
