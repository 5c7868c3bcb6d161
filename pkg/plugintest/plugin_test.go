package plugintest_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/plugintest"
)

// The binary under test is a plugin that repeats what it is told.
func TestABinaryAnswersAsItWouldInGrafana(t *testing.T) {
	var logs bytes.Buffer
	p, err := plugintest.Start(buildEcho(t), &logs)
	require.NoError(t, err)
	t.Cleanup(p.Close)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	echo, err := plugintest.DataSource{
		PluginID: "echo-datasource",
		UID:      "echo",
		URL:      "http://store:9090",
		JSONData: map[string]any{"currency": "EUR"},
		Secure:   map[string]string{"password": "hidden"},
	}.Context()
	require.NoError(t, err)

	t.Run("health sees the settings of the data source", func(t *testing.T) {
		health, err := p.CheckHealth(ctx, &backend.CheckHealthRequest{PluginContext: echo})
		require.NoError(t, err)
		require.Equal(t, backend.HealthStatusOk, health.Status)
		require.Equal(t, `http://store:9090 {"currency":"EUR"} 1 secret`, health.Message)
	})

	t.Run("a query comes back as a frame", func(t *testing.T) {
		answer, err := p.QueryData(ctx, &backend.QueryDataRequest{
			PluginContext: echo,
			Queries:       []backend.DataQuery{{RefID: "A", QueryType: "scorecard", JSON: []byte(`{"query":{"version":1}}`)}},
		})
		require.NoError(t, err)
		require.NoError(t, answer.Responses["A"].Error)
		frame := answer.Responses["A"].Frames[0]
		require.Equal(t, "scorecard", frame.Name)
		require.Equal(t, `{"query":{"version":1}}`, frame.Fields[0].At(0))
	})

	t.Run("a resource answers in one piece", func(t *testing.T) {
		answer, err := p.CallResource(ctx, &backend.CallResourceRequest{PluginContext: echo, Path: "hello", Method: "GET", URL: "hello"})
		require.NoError(t, err)
		require.Equal(t, 200, answer.Status)
		require.Equal(t, "part one, part two", string(answer.Body))
	})

	t.Run("closing ends the process", func(t *testing.T) {
		require.False(t, p.Exited())
		p.Close()
		require.True(t, p.Exited())
	})
}

func TestWhatIsNoPluginIsSaidToBeNone(t *testing.T) {
	_, err := plugintest.Start(filepath.Join(t.TempDir(), "missing"), nil)
	require.ErrorContains(t, err, "missing")

	program := filepath.Join(t.TempDir(), "program")
	require.NoError(t, os.WriteFile(program, []byte("#!/bin/sh\necho I am no plugin\n"), 0o755))
	_, err = plugintest.Start(program, nil)
	require.Error(t, err)
}

// buildEcho compiles testdata/echo and returns the path of the binary.
func buildEcho(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "gpx_echo")
	out, err := exec.Command("go", "build", "-o", binary, "./testdata/echo").CombinedOutput()
	require.NoError(t, err, string(out))
	return binary
}
