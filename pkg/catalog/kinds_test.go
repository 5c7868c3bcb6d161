package catalog

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

var kinds = filepath.Join("..", "..", "examples", "kinds")

// kind is the text of one of the examples, each of which shows one kind of SLO or of
// document.
func kind(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(kinds, name+".yaml"))
	require.NoError(t, err)
	return string(text)
}

func TestExamplesOfEveryKind(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(kinds, "*.yaml"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	readme, err := os.ReadFile(filepath.Join(kinds, "README.md"))
	require.NoError(t, err)
	var all []Source
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		require.Contains(t, string(readme), "`"+filepath.Base(file)+"`")
		c := Parse(filepath.Base(file), string(text))
		require.Empty(t, texts(c.Problems))
		require.NotEmpty(t, c.SLOs, file)
		all = append(all, Source{filepath.Base(file), string(text)})
	}
	c := ParseAll(all...)
	require.Empty(t, texts(c.Problems), "also together")
	for _, d := range c.Definitions {
		require.NotEmpty(t, d.Name)
	}
}
