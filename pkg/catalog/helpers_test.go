package catalog

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// valid is the catalogue that tests break one thing of at a time.
func valid(t testing.TB) string {
	t.Helper()
	text, err := os.ReadFile("testdata/shop.yaml")
	require.NoError(t, err)
	return string(text)
}

// oneChange is a change of the valid catalogue and the one problem that it makes.
type oneChange struct {
	name     string
	old, new string // old stands once in the catalogue
	at       string // the problem is in the first line that contains this
	path     string
	message  string
	severity Severity // Error where it is empty
}

// runChanges breaks one thing at a time of the shop's catalogue.
func runChanges(t *testing.T, changes []oneChange) {
	runChangesOf(t, valid(t), changes)
}

// runChangesOf breaks one thing at a time of any catalogue without problems.
func runChangesOf(t *testing.T, base string, changes []oneChange) {
	for _, c := range changes {
		t.Run(c.name, func(t *testing.T) {
			text := change(t, base, c.old, c.new)
			problems := Parse("catalog", text).Problems
			require.Len(t, problems, 1, "%v", problems)
			if c.severity == "" {
				c.severity = Error
			}
			got := problems[0]
			require.Equal(t, c.message, got.Message)
			require.Equal(t, c.path, got.Path)
			require.Equal(t, lineOf(t, text, c.at), got.Line, "expected the line of %q", c.at)
			require.Equal(t, c.severity, got.Severity)
		})
	}
}

// change replaces a text that must stand once.
func change(t testing.TB, text, old, new string) string {
	t.Helper()
	require.Equal(t, 1, strings.Count(text, old), "%q must stand once", old)
	return strings.Replace(text, old, new, 1)
}

// lineOf is the number of the first line that contains a text.
func lineOf(t testing.TB, text, part string) int {
	t.Helper()
	before, _, found := strings.Cut(text, part)
	require.True(t, found, "no line contains %q", part)
	return strings.Count(before, "\n") + 1
}

// texts are problems in one line each.
func texts(problems []Problem) (all []string) {
	for _, p := range problems {
		all = append(all, p.String())
	}
	return all
}

func lines(all ...string) string { return strings.Join(all, "\n") + "\n" }
