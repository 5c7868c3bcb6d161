package validator

import (
	"io/fs"
	"os"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

// requireDist is the environment variable that says that dist was just built, so
// that what cannot be checked without it is a failure.
const requireDist = "STAKES_REQUIRE_DIST"

// exceptions are the rules that this plugin breaks on purpose, with the reason.
func exceptions() map[string]string {
	why := map[string]string{}
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		why["backend-binary-not-linux-amd64"] = "a build for this machine has this machine's binary only"
	}
	if runtime.GOOS == "windows" {
		why["binary-executable-permissions"] = "there are no such permissions here"
	}
	return why
}

func TestThisPlugin(t *testing.T) {
	source := os.DirFS("../..")

	t.Run("its sources keep the rules", func(t *testing.T) {
		requireNone(t, CheckSource(source))
	})

	dist, err := fs.Sub(source, "dist")
	require.NoError(t, err)
	if !isFile(dist, "plugin.json") {
		missing(t, "there is no built plugin in dist")
	}
	t.Run("the built plugin keeps the rules", func(t *testing.T) {
		requireNone(t, CheckDist(dist))
	})
	t.Run("the built plugin is of these sources", func(t *testing.T) {
		found := CheckBuild(dist, source)
		// While someone works on the sources, an older plugin in dist is no mistake.
		if len(found) > 0 && os.Getenv(requireDist) != "1" {
			missing(t, "the plugin in dist is not of these sources ("+found[0].Message+")")
		}
		requireNone(t, found)
	})
}

func requireNone(t *testing.T, found []Finding) {
	t.Helper()
	for _, f := range found {
		if _, ok := exceptions()[f.Rule]; !ok {
			t.Error(f)
		}
	}
}

func missing(t *testing.T, what string) {
	t.Helper()
	if os.Getenv(requireDist) == "1" {
		t.Fatalf("%s, and %s is set", what, requireDist)
	}
	t.Skipf("%s; build it, and set %s=1 to make this a failure", what, requireDist)
}
