package main

import (
	"bytes"
	"context"
	"os"
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
	ctx, s, plugin := openShop(t, 1)

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

// openShop starts the built plugin on thirty days of a shop up to now.
func openShop(t *testing.T, seed uint64) (context.Context, *shop.Shop, *asker) {
	t.Helper()
	binary, catalog := builtPlugin(t)
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	t.Cleanup(cancel)
	s := shop.New(shop.Options{Seed: seed, End: time.Now(), Days: 30})
	prometheus, err := store.Open(ctx, s, 0)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, prometheus.Close()) })
	var logs bytes.Buffer
	plugin, err := startPlugin(binary, prometheus.URL, catalog, &logs)
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
