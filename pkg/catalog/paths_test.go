package catalog

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSteps(t *testing.T) {
	check := func(path string, want ...string) {
		t.Helper()
		require.Equal(t, want, steps(path))
	}
	check("")
	check("spec", "spec")
	check("spec.objectives[0].target", "spec", "objectives", "[0]", "target")
	check("a[0][12]", "a", "[0]", "[12]")
	for _, key := range []string{"a.b", "", "[0]", "it's", "a b", "line\nbreak", "a]"} {
		check(dot("metadata.labels", key)+".x", "metadata", "labels", key, "x")
	}
}

func TestFindFallsBackToTheNearestParent(t *testing.T) {
	d := documents("catalog", "a:\n  b:\n    - c: 1\n    - 2\n")[0]
	check := func(path string, found bool, line int) {
		t.Helper()
		n, at := d.find(path)
		require.Equal(t, found, n != nil)
		require.Equal(t, line, at)
	}
	check("", true, 1)
	check("a.b", true, 2)
	check("a.b[0].c", true, 3)
	check("a.b[1]", true, 4)
	check("a.b[2]", false, 2)
	check("a.b[0].d.e", false, 3)
	check("x.y", false, 1)
}

func TestReportedIsAboutAPropertyAndWhatItContains(t *testing.T) {
	d := &document{problems: []Problem{{Path: "spec.time", Severity: Error}, {Path: "spec.alert", Severity: Warning}}}
	require.True(t, d.reported("spec.time"))
	require.True(t, d.reported("spec.time.unit"))
	require.True(t, d.reported("spec.time[0]"))
	require.False(t, d.reported("spec.timeWindow"))
	require.False(t, d.reported("spec"))
	require.True(t, d.reported("spec.alert"))
	require.False(t, d.reported("spec.alert.when"), "a warning leaves the rest to be looked at")
}
