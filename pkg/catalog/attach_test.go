package catalog

import (
	"testing"

	"github.com/stretchr/testify/require"
)

const anyVisit = "  select:\n    labels:\n      tier: gold\n  currency: EUR\n  perEvent: 0.05\n"

func TestWhatIsWrongWithASelect(t *testing.T) {
	runChanges(t, []oneChange{
		{
			name: "SLO that is not there", old: anyVisit, new: "  select: {slo: [search-fast, checkout-availabilty]}\n  currency: EUR\n  perEvent: 1\n",
			at: "checkout-availabilty", path: "spec.select.slo[1]", severity: Warning,
			message: `select names the SLO "checkout-availabilty", which no document defines (did you mean "checkout-availability"?); expected the name of an SLO in this catalogue`,
		},
		{
			name: "service that is not there", old: anyVisit, new: "  select: {service: [serch]}\n  currency: EUR\n  perEvent: 1\n",
			at: "serch", path: "spec.select.service[0]", severity: Warning,
			message: `select names the service "serch", which no SLO belongs to (did you mean "search"?); expected the service of an SLO in this catalogue`,
		},
		{
			name: "members that no SLO has all of", old: anyVisit, new: "  select: {service: [search], slo: [checkout-availability]}\n  currency: EUR\n  perEvent: 1\n",
			at: "select: {service", path: "spec.select", severity: Warning,
			message: "select matches no SLO; expected members that at least one SLO has all of",
		},
		{
			name: "label that no SLO has", old: anyVisit, new: "  select: {labels: {tier: bronze}}\n  currency: EUR\n  perEvent: 1\n",
			at: "select: {labels", path: "spec.select", severity: Warning,
			message: "select matches no SLO; expected members that at least one SLO has all of",
		},
		{
			name: "another currency", old: anyVisit, new: "  select: {labels: {tier: gold}}\n  currency: USD\n  perEvent: 1\n",
			at: "currency: USD", path: "spec.currency",
			message: `Value "any-visit" is in USD and Value "checkout-order" (catalog, document 6, line 92) is in EUR, and both select the SLO "checkout-availability"; expected one currency per SLO`,
		},
		{
			name: "a currency and none", old: anyVisit, new: "  select: {labels: {tier: gold}}\n  perEvent: 1\n",
			at: "spec:\n  select: {labels", path: "spec.currency",
			message: `Value "any-visit" is in the data source's currency and Value "checkout-order" (catalog, document 6, line 92) is in EUR, and both select the SLO "checkout-availability"; expected one currency per SLO`,
		},
	})
}

func TestValuesInTwoCurrenciesOnDifferentSLOs(t *testing.T) {
	text := change(t, valid(t), anyVisit, "  select: {slo: [search-fast]}\n  currency: USD\n  perEvent: 1\n")
	c := Parse("catalog", text)
	require.Empty(t, c.Problems)
	require.Equal(t, "EUR", c.SLOs[0].Values[0].Currency)
	require.Equal(t, "USD", c.SLOs[1].Values[0].Currency)
}

func TestValueWithAProblemIsAttachedNowhere(t *testing.T) {
	text := change(t, valid(t), anyVisit, "  select: {labels: {tier: gold}}\n  currency: USD\n  perEvent: 1\n")
	c := Parse("catalog", text)
	require.Len(t, c.SLOs[0].Values, 1)
	require.Empty(t, c.SLOs[1].Values, "no SLO, not even one without a conflict")
}

func TestSecondAgreementOnAnSLO(t *testing.T) {
	text := valid(t) + lines("---", "apiVersion: stakes/v1", "kind: Agreement", "metadata: {name: everything}",
		"spec:", "  select: {service: [checkout, search]}", "  promise: All is well.")
	c := Parse("catalog", text)
	require.Equal(t, []string{
		`catalog, document 9, line 141, spec.select: Agreement "everything" selects SLOs that have an agreement already: "checkout-availability" by Agreement "checkout-promise" (catalog, document 8, line 125); expected one Agreement per SLO`,
	}, texts(c.Problems))
	require.Equal(t, "checkout-promise", c.SLOs[0].Agreement.Name)
	require.Nil(t, c.SLOs[1].Agreement)
}

func TestSelectAmongBadSLOsBlamesTheSLO(t *testing.T) {
	text := change(t, valid(t), "duration: 28d", "duration: 1M")
	problems := Parse("catalog", text).Problems
	require.Len(t, problems, 1, "%v", texts(problems))
	require.Equal(t, "spec.timeWindow[0].duration", problems[0].Path)
}

func TestSelection(t *testing.T) {
	o := SLO{Name: "a", Service: "s", Labels: map[string]string{"tier": "gold", "team": "x,y"}}
	check := func(want bool, s selection) {
		t.Helper()
		require.Equal(t, want, s.matches(o))
	}
	check(true, selection{SLO: []string{"b", "a"}})
	check(false, selection{SLO: []string{"b"}})
	check(true, selection{Service: []string{"s"}})
	check(false, selection{SLO: []string{"a"}, Service: []string{"t"}})
	check(true, selection{Labels: map[string]string{"tier": "gold", "team": "y"}})
	check(true, selection{Labels: map[string]string{"team": "x,y"}})
	check(false, selection{Labels: map[string]string{"tier": "gold", "team": "z"}})
	check(false, selection{Labels: map[string]string{"zone": ""}})
}
