package promtest

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// Ruler starts a real Prometheus server that evaluates rules, on no data, and returns its
// address. The test is skipped where it is not installed.
func Ruler(t testing.TB, rules string) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "rules.yml"), []byte(rules), 0o600))
	return serve(t, dir, filepath.Join(dir, "data"))
}

// Promtool runs promtool with some arguments in a directory that holds some files, and
// returns what it says. The test is skipped where it is not installed.
func Promtool(t testing.TB, files map[string]string, args ...string) (string, error) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	command := exec.Command(program(t, "promtool"), args...)
	command.Dir = dir
	out, err := command.CombinedOutput()
	return string(out), err
}
