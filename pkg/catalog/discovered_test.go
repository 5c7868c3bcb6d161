package catalog

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// series are what a store gives, as "metric{label=value,...} value".
func series(t *testing.T, all ...string) (found []FoundSeries) {
	t.Helper()
	for _, one := range all {
		var s FoundSeries
		id, value, ok := strings.Cut(one, "} ")
		require.True(t, ok, one)
		_, err := fmt.Sscan(value, &s.Value)
		require.NoError(t, err)
		metric, labels, _ := strings.Cut(id, "{")
		s.Labels = map[string]string{"__name__": metric}
		for _, pair := range strings.Split(labels, ",") {
			key, text, _ := strings.Cut(pair, "=")
			s.Labels[key] = text
		}
		found = append(found, s)
	}
	return found
}

// split takes apart every ratio that is written with a line of its own.
func split(ratio string) (part, total string, rest, ok bool) {
	ratio, rest = strings.CutPrefix(ratio, "1 - ")
	part, total, ok = strings.Cut(ratio, " / ")
	return part, total, rest, ok
}

func ofSloth(t *testing.T) []FoundSeries {
	return series(t,
		"sloth_slo_info{sloth_id=shop-basket,sloth_service=shop,sloth_slo=basket,sloth_objective=99.9,sloth_spec=prometheus/v1,sloth_version=v0.12.0,tier=gold,replica=a} 1",
		"sloth_slo_info{sloth_id=shop-basket,sloth_service=shop,sloth_slo=basket,sloth_objective=99.9,sloth_spec=prometheus/v1,sloth_version=v0.12.0,tier=gold,replica=b} 1",
		"slo:objective:ratio{sloth_id=shop-basket,sloth_service=shop,sloth_slo=basket,tier=gold,replica=a} 0.9990000000000001",
		"slo:time_period:days{sloth_id=shop-basket,sloth_service=shop,sloth_slo=basket,tier=gold,replica=a} 28")
}

func TestWhatSlothRecordsIsAnSLO(t *testing.T) {
	slos, problems := Discover(Tools, Found{Series: ofSloth(t), Split: split})
	require.Empty(t, problems)
	require.Len(t, slos, 1)
	s := slos[0]
	require.Equal(t, "shop-basket", s.Name)
	require.Equal(t, "shop-basket", s.DisplayName)
	require.Equal(t, "shop", s.Service)
	require.Equal(t, map[string]string{"tier": "gold"}, s.Labels, "what not all series have is no label of the SLO")
	require.Equal(t, Indicator{Raw: `slo:sli_error:ratio_rate5m{sloth_id="shop-basket"}`, RawFailure: true}, s.Indicator)
	require.InDelta(t, 0.999, s.Objectives[0].Target(), 0)
	require.Equal(t, 28*24*time.Hour, s.Objectives[0].Window().Duration())
	require.Equal(t, FromSloth, s.Recorded)
	require.Equal(t, "the store, by Sloth", s.Place.String())
}

func TestARuleOfSlothSaysWhatItCounts(t *testing.T) {
	rule := FoundRule{Name: "slo:sli_error:ratio_rate5m", Labels: map[string]string{"sloth_id": "shop-basket"}, Query: "errors / total"}
	check := func(want Indicator, rules ...FoundRule) {
		t.Helper()
		slos, _ := Discover(Tools, Found{Series: ofSloth(t), Rules: rules, Split: split})
		require.Equal(t, want, slos[0].Indicator)
	}
	recorded := Indicator{Raw: `slo:sli_error:ratio_rate5m{sloth_id="shop-basket"}`, RawFailure: true}
	check(Indicator{Bad: "errors", Total: "total"}, rule)
	rest := rule
	rest.Query = "1 - good / total"
	check(Indicator{Good: "good", Total: "total"}, rest)
	check(Indicator{Bad: "errors", Total: "total"}, rule, rule) // two replicas of one Prometheus
	check(recorded, rule, rest)                                 // two rules that differ: nobody knows which
	uncounted := rule
	uncounted.Query = "avg(ratio)"
	check(recorded, uncounted)
	other := rule
	other.Labels = map[string]string{"sloth_id": "shop-search"}
	check(recorded, other)
}

// Before there was an information metric, the objective was all.
func TestAnOlderSlothIsDiscoveredByItsObjectives(t *testing.T) {
	slos, problems := Discover(Tools, Found{Series: series(t, "slo:objective:ratio{sloth_id=a-b,sloth_service=a} 0.9950000000000001")})
	require.Empty(t, problems)
	require.InDelta(t, 0.995, slos[0].Objectives[0].Target(), 0)
	require.Equal(t, 30*24*time.Hour, slos[0].Objectives[0].Window().Duration())
}

func TestWhatPyrraRecordsIsAnSLO(t *testing.T) {
	generic := series(t, "pyrra_objective{slo=api-errors,team=web,description=Answers} 0.99", "pyrra_window{slo=api-errors,team=web,description=Answers} 1209600",
		"pyrra_requests:rate5m{slo=api-errors,team=web,description=Answers} 12.5",
		"api:burnrate5m{slo=api-errors,stakes_recorded=burnrate} 1", "api:burnrate1h{slo=api-errors,stakes_recorded=burnrate} 1")
	slos, problems := Discover(Tools, Found{Series: generic, Split: split})
	require.Empty(t, problems)
	require.Len(t, slos, 1)
	s := slos[0]
	require.Equal(t, "api-errors", s.Name)
	require.Equal(t, "pyrra", s.Service)
	require.Equal(t, "Answers", s.Description)
	require.Equal(t, map[string]string{"team": "web"}, s.Labels)
	require.InDelta(t, 0.99, s.Objectives[0].Target(), 0)
	require.Equal(t, 14*24*time.Hour, s.Objectives[0].Window().Duration()) // 1,209,600 s
	require.Equal(t, Indicator{Bad: `sum(pyrra_errors:rate5m{slo="api-errors"})`, Total: `sum(pyrra_requests:rate5m{slo="api-errors"})`}, s.Indicator)

	check := func(want Indicator, found Found) {
		t.Helper()
		found.Split = split
		slos, problems := Discover(Tools, found)
		require.Empty(t, problems)
		require.Equal(t, want, slos[0].Indicator)
	}
	burn := func(name, query string) FoundRule {
		return FoundRule{Name: name, Labels: map[string]string{"slo": "api-errors"}, Query: query}
	}
	rules := []FoundRule{burn("api:burnrate1h", "errors1h / total1h"), burn("api:burnrate5m", "errors / total"), burn("api:increase2w", "sum(increase(x[2w]))")}
	check(Indicator{Bad: "errors", Total: "total"}, Found{Series: generic, Rules: rules})
	// A native histogram records neither requests nor errors.
	check(Indicator{Raw: `api:burnrate5m{slo="api-errors"}`, RawFailure: true}, Found{Series: append(generic[:2:2], generic[3:]...)})
	// The "rates" of a boolean gauge are numbers of checks in the window.
	checks := append(series(t, "up:count2w{slo=api-errors,stakes_recorded=checks} 1"), generic...)
	check(Indicator{Raw: `api:burnrate5m{slo="api-errors"}`, RawFailure: true}, Found{Series: checks})
	// Older versions.
	old := append(series(t, "pyrra_requests_total{slo=api-errors} 12.5"), generic[:2]...)
	check(Indicator{Bad: `30 * sum(sum_over_time(pyrra_errors_total{slo="api-errors"}[5m]))`, Total: `30 * sum(sum_over_time(pyrra_requests_total{slo="api-errors"}[5m]))`}, Found{Series: old})
}

// Without --generic-rules, which objectives with groups never have, all that is recorded are
// ratios and increases; the rules know the rest.
func TestPyrraIsDiscoveredByItsRules(t *testing.T) {
	found := Found{Split: split, Series: series(t, "api:burnrate5m{slo=api-errors,stakes_recorded=burnrate} 1")}
	slos, problems := Discover(Tools, found)
	require.Empty(t, slos)
	require.Equal(t, []string{`the store, by Pyrra: the SLO "api-errors" is recorded without its objective, and the store does not give its rules; expected Pyrra to run with --generic-rules, or the definition in the catalogue`}, texts(problems))

	labels := map[string]string{"slo": "api-errors"}
	found.Rules = []FoundRule{
		{Name: "api:burnrate5m", Labels: labels, Query: "errors / total"},
		{Name: "api:increase4w", Labels: labels, Query: "sum by (code) (increase(api_total[4w]))"},
		{Name: "ErrorBudgetBurn", Alert: true, Labels: labels, Query: `api:burnrate5m{slo="api-errors"} > (14 * (1-0.995)) and api:burnrate1h{slo="api-errors"} > (14 * (1-0.995))`},
	}
	slos, problems = Discover(Tools, found)
	require.Empty(t, problems)
	require.InDelta(t, 0.995, slos[0].Objectives[0].Target(), 0)
	require.Equal(t, 28*24*time.Hour, slos[0].Objectives[0].Window().Duration())
	require.Equal(t, Indicator{Bad: "errors", Total: "total"}, slos[0].Indicator)
}

func TestWhatGrafanaRecordsIsAnSLO(t *testing.T) {
	const labels = "grafana_slo_uuid=u1,grafana_slo_name=Search answers,grafana_slo_service=search,grafana_slo_team=web,grafana_slo_window=7d,region=eu"
	base := series(t, "grafana_slo_info{"+labels+"} 1", "grafana_slo_objective{"+labels+"} 0.995", "grafana_slo_objective_window_seconds{"+labels+"} 604800")
	events := append(series(t, "grafana_slo_total_rate_5m{grafana_slo_uuid=u1,stakes_recorded=events} 1"), base...)
	check := func(want Indicator, found Found) {
		t.Helper()
		found.Split = split
		slos, problems := Discover(Tools, found)
		require.Empty(t, problems)
		require.Len(t, slos, 1)
		s := slos[0]
		require.Equal(t, []string{"u1", "Search answers", "search"}, []string{s.Name, s.DisplayName, s.Service})
		require.Equal(t, map[string]string{"team": "web", "region": "eu"}, s.Labels)
		require.InDelta(t, 0.995, s.Objectives[0].Target(), 0)
		require.Equal(t, 7*24*time.Hour, s.Objectives[0].Window().Duration())
		require.Equal(t, want, s.Indicator)
	}
	check(Indicator{Raw: `grafana_slo_sli_5m{grafana_slo_uuid="u1"}`}, Found{Series: base})
	rates := Indicator{Good: `sum(grafana_slo_success_rate_5m{grafana_slo_uuid="u1"})`, Total: `sum(grafana_slo_total_rate_5m{grafana_slo_uuid="u1"})`}
	check(rates, Found{Series: events})
	u1 := map[string]string{"grafana_slo_uuid": "u1"}
	rules := []FoundRule{{Name: "grafana_slo_success_rate_5m", Labels: u1, Query: "good"}, {Name: "grafana_slo_total_rate_5m", Labels: u1, Query: "total"}}
	check(Indicator{Good: "(good)", Total: "(total)"}, Found{Series: events, Rules: rules})
	check(rates, Found{Series: events, Rules: rules[:1]})
}

func TestWhatCannotBeJudgedIsAProblem(t *testing.T) {
	slos, problems := Discover(Tools, Found{Series: series(t,
		"sloth_slo_info{sloth_id=all,sloth_objective=100} 1", "sloth_slo_info{sloth_id=none} 1", "grafana_slo_info{grafana_slo_uuid=u} 1",
		"http_requests{slo=my-own-label} 1", "pyrra_objective{slo=quiet} 0.9", "pyrra_window{slo=quiet} 604800")})
	require.Empty(t, slos)
	require.Equal(t, []string{
		`the store, by Sloth: the SLO "all" is recorded, and its objective cannot be judged: target 1 (100 %) leaves no error budget; expected a ratio below 1, such as 0.999`,
		`the store, by Sloth: the SLO "none" is recorded without its objective; expected the metric slo:objective:ratio`,
		`the store, by Pyrra: the SLO "quiet" is recorded without its errors; expected the definition in the catalogue`,
		`the store, by Grafana SLO: the SLO "u" is recorded without its objective; expected the metric grafana_slo_objective`,
	}, texts(problems))
}

func TestOnlyTheToolsThatAreAskedForAreDiscovered(t *testing.T) {
	slos, _ := Discover([]Origin{FromPyrra}, Found{Series: ofSloth(t)})
	require.Empty(t, slos)
	require.Equal(t, `last_over_time({__name__=~"sloth_slo_info|slo:objective:ratio|slo:time_period:days"}[1h])`, DiscoveryQuery([]Origin{FromSloth}))
	all := DiscoveryQuery(Tools)
	_, err := promQL.ParseExpr(all)
	require.NoError(t, err, all)
	require.Contains(t, all, "pyrra_objective")
	require.Contains(t, all, "grafana_slo_objective")
	for _, own := range []struct {
		name, label string
		want        bool
	}{{"slo:sli_error:ratio_rate5m", "sloth_id", true}, {"slo:sli_error:ratio_rate1h", "sloth_id", false}, {"anything", "slo", true}, {"grafana_slo_total_rate_5m", "grafana_slo_uuid", true}, {"anything", "job", false}} {
		require.Equal(t, own.want, IsRuleOfTool(own.name, map[string]string{own.label: "x"}), own.name)
	}
}

// A definition and what is recorded of it are one SLO: the definition holds.
func TestADiscoveredSLOThatADocumentDefinesIsThatOne(t *testing.T) {
	discovered, _ := Discover(Tools, Found{Series: append(ofSloth(t), series(t, "pyrra_objective{slo=api-errors} 0.9", "pyrra_window{slo=api-errors} 604800", "pyrra_requests:rate5m{slo=api-errors} 1")...)})
	text := slothOfOne + `---
apiVersion: stakes/v1
kind: Agreement
metadata: {name: promise}
spec: {select: {slo: [api-errors], service: [pyrra]}, promise: The API answers., owner: API team}
`
	c := Read(Input{Sources: []Source{{"catalog", text}}, Discovered: discovered})
	require.Empty(t, c.Problems)
	require.Len(t, c.SLOs, 2)
	api, basket := c.SLOs[0], c.SLOs[1]
	require.Equal(t, "API team", api.Owner(), "documents select what is discovered")
	require.Equal(t, FromPyrra, api.Recorded)
	require.Equal(t, "shop-basket", basket.Name)
	require.Equal(t, Place{"catalog", 1, 5}, basket.Place)
	require.InDelta(t, 0.99, basket.Objectives[0].Target(), 0, "the document's 99 %, not the 99.9 % that is recorded")
	require.Equal(t, FromSloth, basket.Recorded)
	require.Equal(t, []Definition{
		{Kind: "PrometheusServiceLevel", Name: "shop", Place: Place{"catalog", 1, 2}},
		{Kind: "Agreement", Name: "promise", Place: Place{"catalog", 2, 10}},
		{Kind: "SLO", Name: "api-errors", Place: Place{Source: "the store, by Pyrra"}},
	}, c.Definitions)
}

// Sloth adds the number of the objective to the names of OpenSLO.
func TestWhatSlothMadeOfOpenSLOIsThatSLO(t *testing.T) {
	discovered, _ := Discover(Tools, Found{Series: series(t, "sloth_slo_info{sloth_id=shop-basket-0,sloth_service=shop,sloth_slo=basket-0,sloth_objective=99.5,sloth_spec=openslo/v1alpha} 1")})
	c := Read(Input{Sources: []Source{{"catalog", alphaRatio}}, Discovered: discovered})
	require.Empty(t, c.Problems)
	require.Len(t, c.SLOs, 1)
	require.Equal(t, "basket", c.SLOs[0].Name)
	require.Equal(t, FromSloth, c.SLOs[0].Recorded)
	// That of another service is another one.
	c = Read(Input{Sources: []Source{{"catalog", strings.Replace(alphaRatio, "service: shop", "service: hall", 1)}}, Discovered: discovered})
	require.Len(t, c.SLOs, 2)
}

// What somebody else wrote under a name that is recorded may mean something else.
func TestABrokenDefinitionIsNotReplacedByWhatAnotherToolRecords(t *testing.T) {
	discovered, _ := Discover(Tools, Found{Series: ofSloth(t)})
	broken := change(t, strings.ReplaceAll(alphaRatio, "name: basket", "name: shop-basket"), "target: 0.995", "target: 99.5")
	c := Read(Input{Sources: []Source{{"catalog", broken}}, Discovered: discovered})
	require.Empty(t, c.SLOs)
	require.Len(t, c.Problems, 1)
}

// The queries of a plugin are in its code. Sloth records what they give, and its rules have them.
func TestAPluginOfSlothIsReadByWhatItRecords(t *testing.T) {
	discovered, _ := Discover(Tools, Found{Series: ofSloth(t)})
	text := change(t, slothOfOne, `{events: {error_query: 'sum(rate(basket_total{code=~"5.."}[{{.window}}]))', total_query: 'sum(rate(basket_total[{{.window}}]))'}}`, "{plugin: {id: shop/basket}}")
	c := Read(Input{Sources: []Source{{"catalog", text}}, Discovered: discovered})
	require.Len(t, c.Problems, 1)
	require.Contains(t, c.Problems[0].Message, `the queries of the plugin "shop/basket" are in its code`)
	require.Len(t, c.SLOs, 1)
	require.Equal(t, Place{"catalog", 1, 2}, c.SLOs[0].Place)
	require.Equal(t, FromSloth, c.SLOs[0].Recorded)
	require.Len(t, c.Definitions, 1)
}

func TestTwoToolsCannotShareAName(t *testing.T) {
	discovered, _ := Discover(Tools, Found{Series: append(ofSloth(t), series(t, "pyrra_objective{slo=shop-basket} 0.9", "pyrra_window{slo=shop-basket} 604800", "pyrra_requests:rate5m{slo=shop-basket} 1")...)})
	c := Read(Input{Discovered: discovered})
	require.Len(t, c.SLOs, 1)
	require.Equal(t, FromSloth, c.SLOs[0].Recorded)
	require.Equal(t, []string{`the store, by Pyrra: the name of the SLO "shop-basket" is taken (the store, by Sloth); expected a name that no other SLO has`}, texts(c.Problems))
}

// What is not there yet is no mistake of the documents that select it.
func TestAPartialCatalogueDoesNotComplainOfWhatMayBeElsewhere(t *testing.T) {
	text := "apiVersion: stakes/v1\nkind: Agreement\nmetadata: {name: promise}\nspec: {select: {slo: [elsewhere], service: [far]}, promise: It is there., owner: A}\n"
	unread := Problem{Place: Place{Source: "address 1"}, Message: "cannot be read", Severity: Error}
	c := Read(Input{Sources: []Source{{"catalog", text}}, Problems: []Problem{unread}, Partial: true})
	require.Equal(t, []Problem{unread}, c.Problems)
	require.Equal(t, Definition{Place: Place{Source: "address 1"}, Problems: 1}, c.Definitions[1], "it is listed where it would be")
	require.Len(t, Read(Input{Sources: []Source{{"catalog", text}}}).Problems, 2)
}
