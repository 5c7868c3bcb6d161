package catalog

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const service = "apiVersion: openslo/v1\nkind: Service\nmetadata:\n  name: "

// read is what a text defines, as "Kind name line" for every document.
func read(text string) (found []string) {
	for _, d := range Parse("catalog", text).Definitions {
		found = append(found, strings.TrimSpace(d.Kind+" "+d.Name)+" "+d.Place.String())
	}
	return found
}

func TestNothingIsAnEmptyCatalogue(t *testing.T) {
	for _, text := range []string{"", "\n", "---\n---\n", "# nothing yet\n", "\ufeff", "--- ~\n", "---\n# later\n...\n", "%YAML 1.2\n---\n", "\ufeff%YAML 1.2\n---\n", "null"} {
		require.Equal(t, Catalog{}, Parse("catalog", text), "%q", text)
	}
}

func TestEmptyDocumentsAreNotCounted(t *testing.T) {
	text := "---\n\n---\n# first\n" + service + "a\n---\n---\n" + service + "b\n"
	require.Equal(t, []string{"Service a catalog, document 1, line 5", "Service b catalog, document 2, line 11"}, read(text))
}

func TestSeparatorsOnlyAtTheStartOfALine(t *testing.T) {
	text := service + "a\nspec:\n  description: |\n    one\n    ---\n    ...\n    two\n--- # the next\n" + service + "b\n"
	require.Equal(t, []string{"Service a catalog, document 1, line 1", "Service b catalog, document 2, line 12"}, read(text))
	require.Empty(t, Parse("catalog", text).Problems)
}

func TestDocumentOnTheLineOfItsSeparator(t *testing.T) {
	text := "--- {apiVersion: openslo/v1, kind: Service, metadata: {name: a}}\n---\t{apiVersion: openslo/v1, kind: Service, metadata: {name: b}}\n"
	require.Equal(t, []string{"Service a catalog, document 1, line 1", "Service b catalog, document 2, line 2"}, read(text))
}

func TestKeysThatBeginLikeASeparator(t *testing.T) {
	require.Equal(t, []string{"Service a catalog, document 1, line 1"}, read(service+"a\n---key: 1\n...key: 2\n"))
}

func TestEndOfADocument(t *testing.T) {
	text := service + "a\n...\n" + service + "b\n"
	require.Equal(t, []string{"Service a catalog, document 1, line 1", "Service b catalog, document 2, line 6"}, read(text))
}

func TestAListOfDocuments(t *testing.T) {
	text := lines("- apiVersion: openslo/v1", "  kind: Service", "  metadata: {name: a}",
		"- apiVersion: openslo/v1", "  kind: Service", "  metadata: {nam: b}")
	require.Equal(t, []string{"Service a catalog, document 1, line 1", "Service catalog, document 2, line 4"}, read(text))
	require.Equal(t, 6, Parse("catalog", text).Problems[0].Line)
}

func TestAListOfKubernetes(t *testing.T) {
	text := lines("apiVersion: v1", "kind: List", "items:", "- apiVersion: openslo/v1", "  kind: Service", "  metadata: {name: a}",
		"- apiVersion: openslo/v1", "  kind: Service", "  metadata: {name: b}")
	require.Equal(t, []string{"Service a catalog, document 1, line 4", "Service b catalog, document 2, line 7"}, read(text))
	require.Empty(t, Parse("catalog", text).Problems)
	require.Equal(t, Catalog{}, Parse("catalog", "kind: ServiceLevelObjectiveList\nitems: []\n"))
}

func TestLineBreaksOfOtherSystems(t *testing.T) {
	want := Parse("catalog", valid(t))
	require.Equal(t, want, Parse("catalog", strings.ReplaceAll(valid(t), "\n", "\r\n")))
	require.Equal(t, want, Parse("catalog", strings.ReplaceAll(valid(t), "\n", "\r")))
	require.Equal(t, want, Parse("catalog", "\ufeff"+valid(t)))
}

func TestAliasesAndMergeKeys(t *testing.T) {
	text := lines("apiVersion: openslo/v1", "kind: SLO", "metadata: {name: a}", "spec:", "  service: s",
		"  indicator:", "    metadata: {name: i}", "    spec:", "      ratioMetric:", "        counter: true",
		"        good:", "          metricSource: &source", "            type: Prometheus", "            spec: {query: good}",
		"        total:", "          metricSource:", "            <<: *source", "            spec: {query: total}",
		"  timeWindow: [{duration: 28d, isRolling: true}]", "  budgetingMethod: Occurrences", "  objectives: [{target: 0.99}]")
	c := Parse("catalog", text)
	require.Empty(t, c.Problems)
	require.Equal(t, Indicator{Good: "good", Total: "total"}, c.SLOs[0].Indicator)
}

func TestTreesThatCannotBeUsed(t *testing.T) {
	check := func(text, want string) {
		t.Helper()
		c := Parse("catalog", text)
		require.Equal(t, []string{want}, texts(c.Problems))
		require.Len(t, c.Definitions, 1)
		require.Empty(t, c.Definitions[0].Kind)
	}
	check("a: 1\nb: 2\na: 3\n", `catalog, document 1, line 3: the key "a" is given twice, first in line 1; expected it once`)
	check("a: 1\n[b]: 2\n", "catalog, document 1, line 2: a key is a list or a mapping here; expected a plain text")
	check("a: 1\n<<: 2\n", `catalog, document 1, line 2: "<<" merges something that is not a mapping; expected an alias of a mapping`)
	check("\na: &a [*a]\n", "catalog, document 1, line 2: values are nested deeper than 100 levels here; expected fewer, and no anchor that contains itself")
	bomb := "a: &a [1,1,1,1,1,1,1,1,1,1]\n"
	for c := 'b'; c < 'h'; c++ {
		bomb += strings.NewReplacer("X", string(c), "Y", string(c-1)).Replace("X: &X [*Y,*Y,*Y,*Y,*Y,*Y,*Y,*Y,*Y,*Y]\n")
	}
	problems := texts(Parse("catalog", bomb).Problems)
	require.Len(t, problems, 1)
	require.Contains(t, problems[0], "the aliases of this document unfold to more than 100000 values; expected fewer")
}

func TestDocumentsThatSayNothingOfThemselves(t *testing.T) {
	check := func(text, want string) {
		t.Helper()
		require.Equal(t, []string{want}, texts(Parse("catalog", text).Problems))
	}
	const read = "openslo/v1, openslo/v1alpha and openslo.com/v2alpha (AlertCondition, AlertNotificationTarget, AlertPolicy, DataSource, SLI, SLO or Service), stakes/v1 (Agreement, Contract, Correction, Incident, Journey, Policy, Response, Risk or Value), sloth.slok.dev/v1 (PrometheusServiceLevel or AlertWindows) or pyrra.dev/v1alpha1 (ServiceLevelObjective)"
	check("hello", `catalog, document 1, line 1: this document is the text "hello"; expected a mapping with apiVersion, kind, metadata and spec`)
	check("42", `catalog, document 1, line 1: this document is the number 42; expected a mapping with apiVersion, kind, metadata and spec`)
	check("kind: SLO", "catalog, document 1, line 1, apiVersion: apiVersion is missing; expected "+read)
	check("kind: SLO\napiVersion: openslo.com/v2alhpa", `catalog, document 1, line 2, apiVersion: apiVersion "openslo.com/v2alhpa" is not read by this version of Stakes (did you mean "openslo.com/v2alpha"?); expected `+read)
	check("apiVersion: sloth.slok.dev/v1\nkind: AlertWindow", `catalog, document 1, line 2, kind: kind "AlertWindow" is not one of sloth.slok.dev/v1 that this version of Stakes reads (did you mean "AlertWindows"?); expected PrometheusServiceLevel or AlertWindows`)
	check("apiVersion: pyrra.dev/v1alpha1\nkind: ServiceLevelObjectives", `catalog, document 1, line 2, kind: kind "ServiceLevelObjectives" is not one of pyrra.dev/v1alpha1 that this version of Stakes reads (did you mean "ServiceLevelObjective"?); expected ServiceLevelObjective`)
	check("apiVersion: openslo/v1alpha", `catalog, document 1, line 1, kind: kind is missing; expected SLO or Service`)
	check("apiVersion: pyrra.dev/v1", `catalog, document 1, line 1, apiVersion: apiVersion "pyrra.dev/v1" is not read by this version of Stakes; expected `+read)
	check("version: prometheus/v2\nservice: a", `catalog, document 1, line 1, version: version "prometheus/v2" is not read by this version of Stakes (did you mean "prometheus/v1"?); expected prometheus/v1`)
	check("apiVersion: stake/v1", `catalog, document 1, line 1, apiVersion: apiVersion "stake/v1" is not read by this version of Stakes (did you mean "stakes/v1"?); expected `+read)
	check("apiVersion: stakes/v1", "catalog, document 1, line 1, kind: kind is missing; expected Agreement, Contract, Correction, Incident, Journey, Policy, Response, Risk or Value")
	check("apiVersion: stakes/v1\nkind: Valeu", `catalog, document 1, line 2, kind: kind "Valeu" is not one of stakes/v1 that this version of Stakes reads (did you mean "Value"?); expected Agreement, Contract, Correction, Incident, Journey, Policy, Response, Risk or Value`)
	check("apiVersion: openslo/v1\nkind: Slo", `catalog, document 1, line 2, kind: kind "Slo" is not one of openslo/v1 that this version of Stakes reads (did you mean "SLO"?); expected AlertCondition, AlertNotificationTarget, AlertPolicy, DataSource, SLI, SLO or Service`)
}
