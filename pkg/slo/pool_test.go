package slo_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

func judged(t *testing.T, target float64, good, total float64) slo.Report {
	t.Helper()
	g, err := slo.NewGrid(slo.Part{Start: origin, Step: time.Hour, N: 1})
	require.NoError(t, err)
	tl, err := slo.NewTimeline(g, []slo.Slice{{Counts: slo.Counts{Good: good, Total: total}, State: slo.Measured}})
	require.NoError(t, err)
	o, err := slo.NewObjective(target, rolling(t, "1h"))
	require.NoError(t, err)
	e, err := slo.Gather(o, tl, nil)
	require.NoError(t, err)
	return slo.Judge(e, o, slo.Moment{At: g.End(), Lookback: time.Hour}, slo.DefaultRules)
}

// A busy service that keeps 99 % and a quiet one that misses 99.9 %: of 1,010,000
// events 10,000 + 10 may fail, and 1,000 + 100 did.
func TestPooledEventsWeighWhatTheyAre(t *testing.T) {
	busy, quiet := judged(t, 0.99, 999_000, 1_000_000), judged(t, 0.999, 9_900, 10_000)
	require.Equal(t, slo.Met, busy.Status)
	require.Equal(t, slo.Missed, quiet.Status)

	both := slo.Pool([]slo.Report{busy, quiet}, slo.DefaultRules)
	require.InDelta(t, 1100.0/10010, both.BudgetConsumed.Value, 1e-12)
	require.InDelta(t, 1-10010.0/1010000, both.Target, 1e-12)
	require.InDelta(t, 1-1100.0/1010000, both.SLI.Value, 1e-12)
	require.InDelta(t, both.BudgetConsumed.Value, both.BurnRate.Value, 1e-12, "the lookback is the window here")
	require.Equal(t, slo.Missed, both.Status, "a green total must not hide a missed promise")
	require.Empty(t, both.Warnings)

	tiny := judged(t, 0.99, 99, 100)
	require.Equal(t, slo.CannotTell, tiny.Status)
	both = slo.Pool([]slo.Report{busy, tiny}, slo.DefaultRules)
	require.Equal(t, slo.CannotTell, both.Status)
	require.Equal(t, []slo.Warning{{Kind: slo.MemberUnknown, Text: "1 of 2 promises have no verdict"}}, both.Warnings)

	require.Equal(t, slo.CannotTell, slo.Pool(nil, slo.DefaultRules).Status)
}
