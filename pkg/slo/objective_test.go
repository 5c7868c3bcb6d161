package slo_test

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

func rolling(t *testing.T, text string) slo.Window {
	t.Helper()
	w, err := slo.ParseWindow(text)
	require.NoError(t, err)
	return w
}

func TestATargetIsARatioBelowOne(t *testing.T) {
	month := rolling(t, "30d")
	check := func(target float64, want string) {
		t.Helper()
		_, err := slo.NewObjective(target, month)
		if want == "" {
			require.NoError(t, err)
			return
		}
		require.ErrorContains(t, err, want)
	}
	check(0.999, "")
	check(math.Nextafter(0, 1), "")
	check(math.Nextafter(1, 0), "")
	check(1, "leaves no error budget")
	check(0, "not a ratio")
	check(-0.5, "not a ratio")
	check(99.9, "target 99.9 is not a ratio")
	check(math.NaN(), "not a ratio")
	check(math.Inf(1), "not a ratio")

	_, err := slo.NewObjective(0.99, slo.Window{})
	require.ErrorContains(t, err, "needs a time window")
}

// 1 - 0.999 is 0.0010000000000000009 in floating point; nobody promised that.
func TestABudgetIsWhatTheTargetSays(t *testing.T) {
	for target, want := range map[float64]float64{0.9: 0.1, 0.95: 0.05, 0.99: 0.01, 0.995: 0.005, 0.999: 0.001, 0.9995: 0.0005, 0.99999: 0.00001} {
		o, err := slo.NewObjective(target, rolling(t, "28d"))
		require.NoError(t, err)
		require.Equal(t, want, o.BudgetRatio()) //nolint:testifylint // exactness is the point
	}
}

func TestDurationsAreThoseOfPrometheus(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"5m": 5 * time.Minute, "1h30m": 90 * time.Minute, "28d": 672 * time.Hour, "4w": 672 * time.Hour,
		"1y": 8760 * time.Hour, "1w2d": 216 * time.Hour, "90s": 90 * time.Second, "1m500ms": 60500 * time.Millisecond,
	} {
		got, err := slo.ParseDuration(text)
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
	for _, text := range []string{"", "5", "m", "-5m", "0m", "5 m", "1.5h", "5m1h", "5m5m", "28D", "1mo", "$window", "99999999999d", "99999w", "36y1y"} {
		_, err := slo.ParseDuration(text)
		require.ErrorContains(t, err, "is not a duration; expected a form such as", text)
	}
	for text, want := range map[string]string{"4w": "28d", "90m": "90m", "24h": "1d", "1h30m": "90m", "365d": "365d"} {
		d, err := slo.ParseDuration(text)
		require.NoError(t, err)
		require.Equal(t, want, slo.FormatDuration(d))
	}
}

func FuzzParseDuration(f *testing.F) {
	for _, seed := range []string{"5m", "1h30m", "28d", "x", "1y1y"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := slo.ParseDuration(text)
		if err != nil {
			return
		}
		require.Positive(t, d)
		again, err := slo.ParseDuration(slo.FormatDuration(d))
		if d%time.Millisecond == 0 {
			require.NoError(t, err)
			require.Equal(t, d, again)
		}
	})
}
