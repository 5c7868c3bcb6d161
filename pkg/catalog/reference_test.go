package catalog

import (
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// specs are the types of what the documents of stakes/v1 say.
var specs = map[string]reflect.Type{
	"Value":      reflect.TypeFor[valueDocument](),
	"Agreement":  reflect.TypeFor[agreementDocument](),
	"Correction": reflect.TypeFor[correctionDocument](),
	"Incident":   reflect.TypeFor[incidentDocument](),
	"Policy":     reflect.TypeFor[policyDocument](),
	"Risk":       reflect.TypeFor[riskDocument](),
	"Journey":    reflect.TypeFor[journeyDocument](),
	"Contract":   reflect.TypeFor[contractDocument](),
	"Response":   reflect.TypeFor[responseDocument](),
}

// fieldNames are the names of all fields of a type and of what it contains.
func fieldNames(t reflect.Type) (all []string) {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return nil
	}
	names, types := fieldsOf(t)
	for i, name := range names {
		all = append(append(all, name), fieldNames(types[i])...)
	}
	return all
}

func TestReferenceNamesEveryFieldAndAnnotation(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "catalogue.md"))
	require.NoError(t, err)
	require.Equal(t, stakesKinds, slices.Sorted(maps.Keys(specs)))
	for kind, spec := range specs {
		require.Contains(t, string(text), "\n### "+kind+":")
		for _, name := range fieldNames(spec) {
			if !slices.Contains([]string{"apiVersion", "kind", "metadata", "spec"}, name) {
				require.Contains(t, string(text), "`"+name+"`", "a field of %s", kind)
			}
		}
	}
	for name := range annotations {
		require.Contains(t, string(text), "`"+name+"`")
	}
}
