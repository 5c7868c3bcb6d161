package catalog

import (
	"slices"
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
