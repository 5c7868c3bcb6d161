package docs

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	namedTest  = regexp.MustCompile("`(Test[A-Z]\\w+)`")
	testByName = regexp.MustCompile(`(?m)^func (Test\w+)\(`)
)

// An example in the formulas is held by the test that is named behind it.
func TestTestsNamedInFormulasExist(t *testing.T) {
	known := map[string]bool{}
	for _, pattern := range []string{"pkg/*/*_test.go", "internal/*/*_test.go"} {
		files, err := filepath.Glob(filepath.Join("..", "..", filepath.FromSlash(pattern)))
		require.NoError(t, err)
		for _, file := range files {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			for _, m := range testByName.FindAllStringSubmatch(string(text), -1) {
				known[m[1]] = true
			}
		}
	}
	named := 0
	for file, text := range documents(t) {
		if !strings.Contains(filepath.Base(file), "formulas") {
			continue
		}
		for _, m := range namedTest.FindAllStringSubmatch(text, -1) {
			named++
			require.True(t, known[m[1]], "%s names %s", file, m[1])
		}
	}
	require.Greater(t, named, 20)
}
