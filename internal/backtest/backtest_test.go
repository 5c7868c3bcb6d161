package backtest

import (
	"compress/gzip"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/stat/distuv"
)

// A part of what "go tool mage backtest" does, on demand, families and seeds that the
// forecast was not tuned on. A miss within a day is so rare that the Brier scores of
// this part are only compared over all horizons.
func TestBandsHoldOnWhatTheForecastWasNotTunedOn(t *testing.T) {
	r := Run(HoldOut(150))
	ours, theirs := 0.0, 0.0
	for h, days := range Horizons {
		s, boot := r.Score("forecast", h, ""), r.Score("bootstrap of days", h, "")
		t.Logf("%d days ahead: %+v, pinball loss %.1f %% below bootstrap", days, s, 100*r.Less("bootstrap of days", h))
		require.InDelta(t, 0.50, s.Held50, 0.07, days)
		require.InDelta(t, 0.80, s.Held80, 0.06, days)
		require.Greater(t, s.Held95, 0.9, days)
		require.Greater(t, min(r.Less("pace", h), r.Less("remaining/rate", h)), 0.4, days)
		require.Greater(t, r.Less("unchanged", h), 0.3, days)
		require.Greater(t, r.Less("bootstrap of days", h), 0.05, days)
		ours += s.Brier
		theirs += boot.Brier
	}
	require.Less(t, ours, theirs)
}

// The same story up to the slot, and everything failing after it: no method knows.
func TestNoMethodSeesTheFuture(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	demand := HoldOutDemand(rng)
	s := tell(rng, HoldOutFamilies[0], demand).bornBefore(40*slotsPerDay, 35)
	worse := s
	worse.total, worse.bad = append([]float64{}, s.total...), append([]float64{}, s.bad...)
	slot := 40 * slotsPerDay
	for i := slot; i < len(worse.bad); i++ {
		worse.bad[i] = worse.total[i]
	}
	worse.sumTotal, worse.sumBad = running(worse.total), running(worse.bad)
	require.NotEqual(t, s.consumed(slot+slotsPerDay), worse.consumed(slot+slotsPerDay)) //nolint:testifylint // any difference
	for _, m := range methods[:len(methods)-1] {                                        // the last is no method
		require.Equal(t, m.say(s, slot), m.say(worse, slot), m.name)
	}
}

func TestTheBackTestIsTheSameOnEveryRun(t *testing.T) {
	var first, second strings.Builder
	require.NoError(t, Run(Tuning(2)).Print(&first))
	require.NoError(t, Run(Tuning(2)).Print(&second))
	require.Equal(t, first.String(), second.String())
	require.Contains(t, first.String(), "demand inside its interval of 80 %")
}

// Quantiles 1 … 7 and an outcome of 5: it is in the bands of 80 % (2 to 6) and, at its
// edge, of 50 % (3 to 5). The losses are 0.025 × 4, 0.1 × 3, 0.25 × 2, 0.5 × 1, 0,
// 0.1 × 1 and 0.025 × 2: 1.55 in all, a seventh of which is the mean.
func TestScoresAreWhatTheDefinitionsSay(t *testing.T) {
	var sum tally
	sum.add(said{quantiles: [7]float64{1, 2, 3, 4, 5, 6, 7}, miss: 0.7}, 5)
	s := sum.score()
	require.Equal(t, []float64{1, 1, 1}, []float64{s.Held50, s.Held80, s.Held95})
	require.InDelta(t, 1.55/7, s.Pinball, 1e-12)
	require.InDelta(t, 0.09, s.Brier, 1e-12) // 5 budgets are a miss
	require.InDelta(t, 1, sum.happened[7], 0)

	sum.add(said{quantiles: [7]float64{1, 2, 3, 4, 5, 6, 7}}, 0.5)
	s = sum.score()
	require.Equal(t, []float64{0.5, 0.5, 0.5}, []float64{s.Held50, s.Held80, s.Held95})
	require.InDelta(t, 0.045, s.Brier, 1e-12)
	require.Equal(t, sum.plus(tally{}), sum)
}

// Two stories of one outcome each, with losses of 1 and 3 against 2 and 4: 4 of 6 are a
// third less. Ours are 1 - 2/3 × 2 = -1/3 and 3 - 2/3 × 4 = 1/3 off that ratio: a standard
// error of √(2 × (1/9 + 1/9)) / 6 = 0.111. Brier scores of 0.1 and 0.2 against 0.2 and 0.2
// are 0.05 below, ± √(2 × 2 × 0.05²) / 2 = 0.05.
func TestADifferenceHasTheErrorOfStories(t *testing.T) {
	less, brier := compare([]pair{
		{tally{n: 1, pinball: 1, brier: 0.1}, tally{n: 1, pinball: 2, brier: 0.2}},
		{tally{n: 1, pinball: 3, brier: 0.2}, tally{n: 1, pinball: 4, brier: 0.2}},
	})
	require.InDelta(t, 1.0/3, less.mean, 1e-12)
	require.InDelta(t, 1.0/9, less.error, 1e-12)
	require.InDelta(t, 0.05, brier.mean, 1e-12)
	require.InDelta(t, 0.05, brier.error, 1e-12)
}

// Who knows everything but chance: a median that half of the outcomes are below, and bands
// that hold, as wide as a Poisson distribution is.
func TestChanceAloneIsAPoissonDistribution(t *testing.T) {
	require.InDelta(t, 3, poissonQuantile(distuv.Poisson{Lambda: 3}, 0.5), 0)       // P(≤ 2) = 0.423, P(≤ 3) = 0.647
	require.InDelta(t, 1, poissonQuantile(distuv.Poisson{Lambda: 3}, 0.1), 0)       // P(0) = 0.050, P(≤ 1) = 0.199
	require.InDelta(t, 0, poissonQuantile(distuv.Poisson{Lambda: 0.01}, 0.975), 0)  // P(0) = 0.990
	require.InDelta(t, 1041, poissonQuantile(distuv.Poisson{Lambda: 1000}, 0.9), 1) // 1000 + 1.28 √1000
	r := Run(HoldOut(20))
	for h := range Horizons {
		s := r.Score("chance alone", h, "")
		require.Greater(t, s.Held80, 0.75)
		require.Less(t, s.Pinball, r.Score("forecast", h, "").Pinball)
	}
}

func TestDemandIsReadFromAFile(t *testing.T) {
	write := func(name string, lines ...string) string {
		path := filepath.Join(t.TempDir(), name)
		file, err := os.Create(path)
		require.NoError(t, err)
		defer func() { require.NoError(t, file.Close()) }()
		text := strings.Join(lines, "\n") + "\n"
		if !strings.HasSuffix(name, ".gz") {
			_, err = file.WriteString(text)
			require.NoError(t, err)
			return path
		}
		zip := gzip.NewWriter(file)
		_, err = zip.Write([]byte(text))
		require.NoError(t, err)
		require.NoError(t, zip.Close())
		return path
	}
	// 40 days of slots of five minutes with 10 events each, but for ten hours of nothing.
	lines := []string{"seconds,requests"}
	for i := range 40 * slotsPerDay {
		events := 10
		if i >= 1000 && i < 1120 {
			events = 0
		}
		lines = append(lines, fmt.Sprintf("%d,%d", 300*i, events))
	}
	d, err := ReadCSV(write("a.csv.gz", lines...))
	require.NoError(t, err)
	require.Equal(t, 40, d.Days())
	require.InDelta(t, 10, d.Events[999], 0)
	require.False(t, d.lost[999])
	require.True(t, d.lost[1000])
	require.True(t, d.lost[1119])
	require.False(t, d.lost[1120])

	// Dates, and rows of half an hour: 60 events are 10 in each of six slots.
	lines = []string{"timestamp,value"}
	for i := range 40 * 48 {
		lines = append(lines, fmt.Sprintf("2014-07-%02d %02d:%02d:00,60", 1+i/48, i/2%24, i%2*30))
	}
	d, err = ReadCSV(write("b.csv", lines[:31*48+1]...))
	require.NoError(t, err)
	require.Equal(t, "2014-07-01T00:00:00Z", d.Start.Format("2006-01-02T15:04:05Z07:00"))
	require.InDelta(t, 10, d.Events[7], 0)
	require.Len(t, d.Events, 31*slotsPerDay)

	fails := func(want, path string) {
		t.Helper()
		_, err := ReadCSV(path)
		require.ErrorContains(t, err, want)
	}
	fails("holds 0 days of demand; a back-test needs at least 30", write("c.csv", "0,1", "300,2"))
	fails(`line 2: "x,2" is not a time and a number of events`, write("d.csv", "0,1", "x,2"))
	fails("holds no demand over time", write("e.csv", "0,1"))
	fails("row 3: the time is not between", write("f.csv", "0,1", "300,1", "9e12,1"))
	fails("more than a day apart", write("g.csv", "0,1", "172800,1"))
	fails("no such file", filepath.Join(t.TempDir(), "none.csv"))
}
