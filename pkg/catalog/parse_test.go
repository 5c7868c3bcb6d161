package catalog

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	v1 "github.com/OpenSLO/go-sdk/pkg/openslo/v1"
	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

func TestValidCatalogue(t *testing.T) {
	c := Parse("catalog", valid(t))
	require.Empty(t, c.Problems)
	require.Equal(t, []Service{{Name: "checkout", DisplayName: "Checkout"}, {Name: "search", DisplayName: "search"}}, c.Services)

	objective := func(name string, target float64) Objective {
		window, err := slo.Rolling(28 * 24 * time.Hour)
		require.NoError(t, err)
		o, err := slo.NewObjective(target, window)
		require.NoError(t, err)
		return Objective{Name: name, Objective: o}
	}
	visit := Value{
		Name: "any-visit", Currency: "EUR",
		PerEvent:     AmountRange{Low: Amount{Constant: 0.05}, Base: Amount{Constant: 0.05}, High: Amount{Constant: 0.05}},
		NotRecovered: ShareRange{1, 1, 1}, RequestsPerOrder: 1,
		Place: Place{"catalog", 7, 114},
	}
	order := Value{
		Name: "checkout-order", Currency: "EUR",
		PerEvent:     AmountRange{Low: Amount{Constant: 30}, Base: Amount{Constant: 42}, High: Amount{PromQL: "sum(order_value_euros) / sum(orders)"}},
		NotRecovered: ShareRange{0.3, 0.5, 0.8}, RequestsPerOrder: 1,
		SetBy: "finance", Expires: "2027-06-30",
		Place: Place{"catalog", 6, 92},
	}
	require.Equal(t, []SLO{
		{
			Name: "checkout-availability", DisplayName: "Checkout works", Service: "checkout",
			Labels:     map[string]string{"tier": "gold"},
			Indicator:  Indicator{Good: goodQuery, Total: totalQuery},
			Objectives: []Objective{objective("", 0.999)},
			Agreement: &Agreement{
				Name: "checkout-promise", Promise: "When you press Buy, your order goes through.", Events: "orders", Failed: "failed",
				Owner: "Payments team", Stakeholders: []string{"Head of Sales"}, Place: Place{"catalog", 8, 125},
			},
			Values: []Value{order, visit},
			Origin: FromOpenSLO,
			Place:  Place{"catalog", 5, 59},
		},
		{
			Name: "search-fast", DisplayName: "search-fast", Service: "search", Description: "Searches answer within 300 ms.",
			Labels: map[string]string{"tier": "gold,silver"},
			Indicator: Indicator{
				Bad:   "sum(\n  increase(search_requests_total{slow=\"true\"}[5m])\n)",
				Total: "sum(increase(search_requests_total[5m]))",
			},
			Objectives: []Objective{objective("must-have", 0.95), objective("99.9", 0.999)},
			Values:     []Value{visit},
			Origin:     FromOpenSLO,
			Place:      Place{"catalog", 4, 40},
		},
	}, c.SLOs)
	require.Equal(t, []Definition{
		{Kind: "Service", Name: "checkout", Place: Place{"catalog", 1, 2}},
		{Kind: "DataSource", Name: "shop-prometheus", Place: Place{"catalog", 2, 10}},
		{Kind: "SLI", Name: "search-speed", Place: Place{"catalog", 3, 19}},
		{Kind: "SLO", Name: "search-fast", Place: Place{"catalog", 4, 40}},
		{Kind: "SLO", Name: "checkout-availability", Place: Place{"catalog", 5, 59}},
		{Kind: "Value", Name: "checkout-order", Place: Place{"catalog", 6, 92}},
		{Kind: "Value", Name: "any-visit", Place: Place{"catalog", 7, 114}},
		{Kind: "Agreement", Name: "checkout-promise", Place: Place{"catalog", 8, 125}},
	}, c.Definitions)
}

func TestKindsThatAreListedAndNotUsed(t *testing.T) {
	text, err := os.ReadFile("testdata/alerts.yaml")
	require.NoError(t, err)
	c := Parse("catalog", string(text))
	require.Empty(t, c.Problems)
	require.Len(t, c.Definitions, 3)
	require.Empty(t, c.SLOs)
}

// Every document of the file is bad, and every one is told so.
func TestManyProblems(t *testing.T) {
	text, err := os.ReadFile("testdata/problems.yaml")
	require.NoError(t, err)
	want, err := os.ReadFile("testdata/problems.txt")
	require.NoError(t, err)
	c := Parse("catalog", string(text))
	require.Equal(t, string(want), lines(texts(c.Problems)...))
	require.Empty(t, c.SLOs)
	require.Empty(t, c.Services)
	for _, d := range c.Definitions {
		require.Positive(t, d.Problems, d)
	}
}

func TestNamesAreTakenOnce(t *testing.T) {
	documents := strings.Split(valid(t), "---\n")
	for i, first := range Parse("catalog", valid(t)).Definitions {
		c := Parse("catalog", valid(t)+"---\n"+documents[i])
		require.Len(t, c.Problems, 1, "%v", texts(c.Problems))
		p := c.Problems[0]
		require.Equal(t, fmt.Sprintf("the name of the %s %q is taken (%s); expected a name that no other %s has",
			first.Kind, first.Name, first.Place, first.Kind), p.Message)
		require.Equal(t, "metadata.name", p.Path)
		require.Equal(t, 9, p.Document)
		require.Equal(t, 1, c.Definitions[8].Problems)
	}
}

func TestFirstOfANameStays(t *testing.T) {
	c := Parse("catalog", valid(t)+"---\n"+service+"checkout\n  displayName: Another\n")
	require.Len(t, c.Problems, 1)
	require.Equal(t, "Checkout", c.Services[0].DisplayName)
}

func TestANameBelongsToTheFirstEvenIfItIsBad(t *testing.T) {
	text := change(t, valid(t), "duration: 28d", "duration: 1M")
	copied := strings.Split(valid(t), "---\n")[4]
	c := Parse("catalog", text+"---\n"+copied)
	require.Len(t, c.Problems, 2, "%v", texts(c.Problems))
	require.Len(t, c.SLOs, 1, "repairing the first document must not swap one SLO for another")
}

func TestSameNameForDifferentKinds(t *testing.T) {
	text := change(t, valid(t), "name: any-visit", "name: checkout-promise")
	require.Empty(t, Parse("catalog", text).Problems)
}

func TestExampleOfTheShop(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "examples", "shop", "catalog.yaml"))
	require.NoError(t, err)
	c := Parse("catalog", string(text))
	require.Empty(t, texts(c.Problems))
	require.NotEmpty(t, c.SLOs)
}

// unchecked is an SLO whose rules panic, as the SDK's durations do on a unit that
// they do not know.
type unchecked struct{ v1.SLO }

func (unchecked) Validate() error { panic("invalid unit") }

func TestOnePanicDoesNotTakeTheOthersAlong(t *testing.T) {
	d := &document{kind: "SLO", place: Place{"catalog", 1, 1}}
	d.validateOpenSLO(unchecked{})
	require.Equal(t, []string{
		"catalog, document 1, line 1: OpenSLO cannot check this SLO: it stopped at invalid unit",
	}, texts(d.problems))
}
