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
	require.Equal(t, stakesKinds, slices.Sorted(maps.Keys(stakesTypes)))
	for kind, spec := range stakesTypes {
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
