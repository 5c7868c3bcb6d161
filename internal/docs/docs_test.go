// Package docs tests what the documents say.
package docs

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/catalog"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slotest"
)

var (
	block    = regexp.MustCompile("(?s)(?:^|\n)( *)```(\\w*)\n(.*?)\n *```")
	link     = regexp.MustCompile(`\]\(([^)#:]+)(?:#[^)]*)?\)`)
	asks     = regexp.MustCompile(`\n(eval|history|incidents|alert) `)
	commands = regexp.MustCompile(`go tool mage (\w+)`)
)

// documents are all documents, by their paths.
func documents(t *testing.T) map[string]string {
	t.Helper()
	top := filepath.Join("..", "..")
	found := map[string]string{}
	for _, pattern := range []string{"*.md", "docs/*.md", "docs/decisions/*.md", "src/README.md", "pkg/slotest/README.md", "demo/README.md", "examples/*/README.md"} {
		files, err := filepath.Glob(filepath.Join(top, pattern))
		require.NoError(t, err)
		for _, file := range files {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			found[file] = string(text)
		}
	}
	require.NotEmpty(t, found)
	return found
}

// The scenarios in documents hold, and the documents of the catalogue in one page make a
// catalogue without problems: a recipe may select an SLO of an earlier one.
func TestExamplesInDocumentsWork(t *testing.T) {
	catalogues, scenarios := 0, 0
	for file, text := range documents(t) {
		var documents []string
		for _, m := range block.FindAllStringSubmatch(text, -1) {
			content := strings.ReplaceAll("\n"+m[3], "\n"+m[1], "\n")
			switch {
			case m[2] == "yaml":
				documents = append(documents, content)
			case asks.MatchString(content):
				scenarios++
				require.Empty(t, slotest.Run(content, slotest.Core{}), file)
			}
		}
		if len(documents) == 0 {
			continue
		}
		catalogues++
		parsed := catalog.Parse(file, strings.Join(documents, "\n---"))
		require.Empty(t, parsed.Problems, file)
		require.NotEmpty(t, parsed.SLOs, file)
	}
	require.GreaterOrEqual(t, catalogues, 5)
	require.GreaterOrEqual(t, scenarios, 1)
}

func TestLinksInDocumentsLeadSomewhere(t *testing.T) {
	links := 0
	for file, text := range documents(t) {
		for _, m := range link.FindAllStringSubmatch(text, -1) {
			if strings.HasPrefix(m[1], "http") || strings.Contains(file, "src") {
				continue
			}
			links++
			_, err := os.Stat(filepath.Join(filepath.Dir(file), m[1]))
			require.NoError(t, err, "%s links to %s", file, m[1])
		}
	}
	require.Greater(t, links, 5)
}

func TestCommandsInDocumentsExist(t *testing.T) {
	magefile, err := os.ReadFile(filepath.Join("..", "..", "Magefile.go"))
	require.NoError(t, err)
	for file, text := range documents(t) {
		for _, m := range commands.FindAllStringSubmatch(text, -1) {
			target := strings.ToUpper(m[1][:1]) + m[1][1:]
			require.Contains(t, string(magefile), "func "+target+"() error", "%s names go tool mage %s", file, m[1])
		}
	}
}
