package slotest

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzScenarios checks that every text is a scenario, or has problems that say where.
func FuzzScenarios(f *testing.F) {
	files, err := filepath.Glob(filepath.Join("..", "..", "testdata", "scenarios", "*.slo"))
	require.NoError(f, err)
	require.NotEmpty(f, files)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(f, err)
		f.Add(string(text))
	}
	for _, text := range []string{"", "load 1m\n  total 1x1000000000\n", "load 1m\n  total 1+1x5\n  good _x5\n", "eval at 1h\n", " x", "load 0m\n"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, script string) {
		for _, problem := range Run(script, Core{}) {
			require.Error(t, problem)
		}
	})
}
