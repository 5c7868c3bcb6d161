package main

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/demo/card"
	"github.com/stakes-slo/stakes-slo-datasource/demo/shop"
	"github.com/stakes-slo/stakes-slo-datasource/demo/store"
)

// The whole way: a shop's samples in a real Prometheus, the built plugin as a
// process of its own, and the generator's truth about the very window it used.
func TestDemoAgreesWithTruth(t *testing.T) {
	agreesWithTruth(t, embedded)
}

// The same shop in a store that somebody else runs.
func TestDemoAgreesWithTruthOnVictoriaMetrics(t *testing.T) {
	address := victoriaMetrics(t)
	agreesWithTruth(t, func(ctx context.Context, s *shop.Shop) (*store.Store, error) {
		return store.OpenElsewhere(ctx, s, address)
	})
	_, err := store.OpenElsewhere(t.Context(), shop.New(shop.Options{Seed: 2, End: time.Now(), Days: 1}), address)
	require.ErrorContains(t, err, "holds a shop from an earlier run")
}

func agreesWithTruth(t *testing.T, open opener) {
	ctx, s, plugin := openShop(t, 1, open)

	_, err := plugin.health(ctx)
	require.NoError(t, err)

	scorecard, err := plugin.scorecard(ctx, s.End())
	require.NoError(t, err)
	require.False(t, scorecard.To.IsZero(), "meta.custom.from and .to say which window was used")
	require.Equal(t, window, scorecard.To.Sub(scorecard.From))
	require.WithinDuration(t, s.End(), scorecard.To, time.Hour)

	truth := s.Truth().Between(scorecard.From, scorecard.To)
	require.Len(t, scorecard.Rows, len(truth), "a row per SLO")
	for _, row := range scorecard.Rows {
		happened, known := truth[row.SLO]
		require.True(t, known, "%s is in the catalogue", row.SLO)
		for what, pair := range map[string]struct {
			counted   *float64
			generated int64
		}{
			"good":  {row.Good, happened.Good},
			"bad":   {row.Bad, happened.Bad},
			"total": {row.Total, happened.Total},
		} {
			require.NotNil(t, pair.counted, "%s events of %s", what, row.SLO)
			require.True(t, card.Close(pair.counted, pair.generated),
				"%s events of %s: counted %v, generated %d", what, row.SLO, *pair.counted, pair.generated)
		}
	}

	for slo, status := range map[string]card.Status{
		"storefront-availability": card.Met,
		"search-availability":     card.Met,
		"search-latency":          card.AtRisk,
		"checkout-availability":   card.Missed,
		"checkout-gold":           card.Missed,
		"payments-availability":   card.AtRisk,
		"accounts-availability":   card.CannotTell,
	} {
		for _, row := range scorecard.Rows {
			if row.SLO == slo {
				require.Equal(t, status.String(), row.Status.String(), slo)
			}
		}
	}

	statements, err := plugin.statements(ctx, s.End())
	require.NoError(t, err)
	require.Len(t, statements, len(truth))
	for _, one := range statements {
		require.NotEmpty(t, one.Executive, one.SLO)
	}
}

// opener puts a shop into a store.
type opener func(context.Context, *shop.Shop) (*store.Store, error)

func embedded(ctx context.Context, s *shop.Shop) (*store.Store, error) { return store.Open(ctx, s, 0) }

// victoriaMetrics starts a VictoriaMetrics, and skips the test where there is none.
func victoriaMetrics(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("victoria-metrics")
	if err != nil {
		t.Skip("victoria-metrics is not installed")
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := free.Addr().String()
	require.NoError(t, free.Close())
	server := exec.Command(path, "-httpListenAddr="+address, "-storageDataPath="+t.TempDir(), "-retentionPeriod=1y", "-loggerLevel=ERROR", "-search.latencyOffset=0s")
	require.NoError(t, server.Start())
	t.Cleanup(func() {
		_ = server.Process.Kill()
		_ = server.Wait()
	})
	require.Eventually(t, func() bool {
		answer, err := http.Get("http://" + address + "/health")
		return err == nil && answer.Body.Close() == nil && answer.StatusCode == http.StatusOK
	}, 20*time.Second, 100*time.Millisecond, "VictoriaMetrics did not start")
	return "http://" + address
}

// openShop starts the built plugin on thirty days of a shop up to now.
func openShop(t *testing.T, seed uint64, open opener) (context.Context, *shop.Shop, *asker) {
	t.Helper()
	binary, catalog := builtPlugin(t)
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	t.Cleanup(cancel)
	s := shop.New(shop.Options{Seed: seed, End: time.Now(), Days: 30})
	opened, err := open(ctx, s)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, opened.Close()) })
	var logs bytes.Buffer
	plugin, err := startPlugin(binary, opened.URL, recent(catalog, s.End()), &logs)
	require.NoError(t, err)
	t.Cleanup(func() {
		plugin.Close()
		if t.Failed() {
			t.Log(logs.String())
		}
	})
	return ctx, s, plugin
}

// builtPlugin is the path of the binary and the catalogue to give it. Without a
// binary the test is skipped, unless STAKES_REQUIRE_PLUGIN=1 says that there must be one.
func builtPlugin(t *testing.T) (binary, catalog string) {
	t.Helper()
	r, err := findRepo()
	require.NoError(t, err)
	binary = os.Getenv("STAKES_PLUGIN")
	if binary == "" {
		binary = r.plugin()
	}
	if _, err := os.Stat(binary); err != nil {
		missing := "there is no plugin binary at " + binary + ": build it, or name one in STAKES_PLUGIN"
		if os.Getenv("STAKES_REQUIRE_PLUGIN") == "1" {
			t.Fatal(missing)
		}
		t.Skip(missing)
	}
	text, err := os.ReadFile(r.catalog())
	require.NoError(t, err)
	return binary, string(text)
}

func TestAMissingBinaryIsExplained(t *testing.T) {
	_, err := startPlugin("nowhere/gpx", "http://127.0.0.1:1", "", nil)
	require.ErrorContains(t, err, "no plugin binary at nowhere/gpx")
}
