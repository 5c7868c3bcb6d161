package catalog

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTheOutlineHoldsEveryKindWithItsFields(t *testing.T) {
	all := Outlines()
	require.Len(t, all, len(openSLOKinds)+len(stakesKinds))
	find := func(kind string, path ...string) []string {
		t.Helper()
		i := slices.IndexFunc(all, func(o Outline) bool { return o.Kind == kind })
		require.GreaterOrEqual(t, i, 0, kind)
		fields := all[i].Fields
		for _, name := range path {
			j := slices.IndexFunc(fields, func(f Field) bool { return f.Name == name })
			require.GreaterOrEqual(t, j, 0, name)
			fields = fields[j].Fields
		}
		var names []string
		for _, f := range fields {
			names = append(names, f.Name)
		}
		return names
	}
	require.Equal(t, []string{"apiVersion", "kind", "metadata", "spec"}, find("SLO"))
	require.Subset(t, find("SLO", "spec", "objectives"), []string{"target", "displayName", "op", "value"})
	require.Subset(t, find("Journey", "spec", "steps"), []string{"name", "slo", "mode"})
	require.Contains(t, find("SLO", "metadata", "annotations"), "stakes/minEvents")
}

// What an outline offers is accepted: no document says that it has no such field.
func TestWhatTheOutlineOffersIsAccepted(t *testing.T) {
	for _, o := range Outlines() {
		for _, f := range o.Fields {
			for _, inner := range f.Fields {
				text := "apiVersion: " + o.APIVersion + "\nkind: " + o.Kind + "\n" + f.Name + ":\n  " + inner.Name + ":\n"
				for _, p := range Parse("catalog", text).Problems {
					require.NotContains(t, p.Message, "has no field", text)
				}
			}
		}
	}
}

// What is offered for a value is accepted, and anything else is refused: a document with
// the value itself has no problem at its line, and one with another value has.
func TestTheOutlineHoldsTheValuesOfWhichOneIsTaken(t *testing.T) {
	at := func(kind, path string) Field {
		t.Helper()
		i := slices.IndexFunc(Outlines(), func(o Outline) bool { return o.Kind == kind })
		f := Field{Fields: Outlines()[i].Fields}
		for _, name := range strings.Split(path, " ") {
			j := slices.IndexFunc(f.Fields, func(f Field) bool { return f.Name == name })
			require.GreaterOrEqual(t, j, 0, "%s of %s", name, kind)
			f = f.Fields[j]
		}
		return f
	}
	check := func(kind, path, before, after string, want ...string) {
		t.Helper()
		require.Equal(t, want, at(kind, path).Values)
		problems := func(value string) int {
			text := before + value + after
			n := 0
			for _, p := range Parse("catalog", text).Problems {
				if p.Line == 1+strings.Count(before, "\n") {
					n++
				}
			}
			return n
		}
		for _, value := range want {
			require.Zero(t, problems(value), value)
		}
		require.NotZero(t, problems("something-else"))
	}
	stakes := func(kind, spec string) string {
		return "apiVersion: stakes/v1\nkind: " + kind + "\nmetadata: {name: a}\nspec:\n  select: {slo: [a]}\n" + spec
	}
	check("Agreement", "spec feel better", stakes("Agreement", "  promise: a\n  feel:\n    name: a\n    query: a\n    kind: contacts\n    better: "), "\n", "higher", "lower")
	check("Agreement", "spec feel kind", stakes("Agreement", "  promise: a\n  feel:\n    name: a\n    query: a\n    better: lower\n    kind: "), "\n", "satisfaction", "conversion", "contacts")
	check("Contract", "spec fee every", stakes("Contract", "  fee:\n    amount: 1\n    every: "), "\n", "month", "year")
	check("Correction", "spec effect", stakes("Correction", "  effect: "), "\n", "exclude", "count-as-good")
	check("Incident", "spec kind", stakes("Incident", "  kind: "), "\n", "breach", "data-loss", "fine", "outage", "other")
	check("Policy", "spec states when", stakes("Policy", "  states:\n    - name: a\n      consequence: a\n      when: "), "\n", "always")
	slo := "apiVersion: openslo/v1\nkind: SLO\nmetadata:\n  name: a\nspec:\n"
	check("SLO", "spec budgetingMethod", slo+"  budgetingMethod: ", "\n", "Occurrences", "Timeslices", "RatioTimeslices")
	check("SLO", "spec timeWindow isRolling", slo+"  timeWindow:\n    - duration: 28d\n      isRolling: ", "\n", "true", "false")
	require.Equal(t, []string{"lt", "lte", "gt", "gte"}, at("SLO", "spec objectives op").Values)
	require.Equal(t, []string{"serial", "parallel", "optional"}, at("Journey", "spec steps mode").Values)
	require.Equal(t, []string{"bad", "gap"}, at("SLO", "metadata annotations stakes/absent").Values)
	for kind, path := range map[string]string{"Value": "spec perEvent", "Incident": "spec cost", "Risk": "spec costPerIncident", "Response": "spec costPerHour"} {
		require.Equal(t, []Field{{Name: "low"}, {Name: "base"}, {Name: "high"}}, at(kind, path).Fields, kind)
	}
	require.Equal(t, []Field{{Name: "budgetRemainingBelow"}, {Name: "burnRateAbove"}}, at("Policy", "spec states when").Fields)
}
