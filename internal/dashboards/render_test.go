package dashboards_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/internal/dashboards"
)

var update = flag.Bool("update", false, "write the provisioned dashboards anew")

// The provisioned dashboards say what the importable ones say.
func TestProvisionedDashboardsFollowTheImportableOnes(t *testing.T) {
	files, err := filepath.Glob("../../dashboards/*.json")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		importable, err := os.ReadFile(file)
		require.NoError(t, err)
		want, err := dashboards.Provisioned(importable, dashboards.UID)
		require.NoError(t, err)
		path := filepath.Join("..", "..", "provisioning", "dashboards", filepath.Base(file))
		if *update {
			require.NoError(t, os.WriteFile(path, want, 0o644))
		}
		got, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, string(want), string(got), "%s has drifted; run go test ./internal/dashboards -update", path)
	}
}

func TestADashboardWithoutAnInputCannotBeProvisioned(t *testing.T) {
	_, err := dashboards.Provisioned([]byte(`{"title":"x"}`), "stakes")
	require.ErrorContains(t, err, "has no input ${DS_STAKES}")
}
