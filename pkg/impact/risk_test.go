package impact_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/impact"
)

// A bad release: 4 (2 to 6) a year, 10 minutes to detect, 20 (10 to 50) to repair, half
// of the users: 4 x 30 x 0.5 = 60 minutes a year, 2 x 20 x 0.5 = 20 to 6 x 60 x 0.5 = 180.
func release() impact.Risk {
	return impact.Risk{
		Name:    "bad release",
		PerYear: impact.Range{Low: 2, Base: 4, High: 6}, Detect: impact.Exactly(10),
		Repair: impact.Range{Low: 10, Base: 20, High: 50}, Users: impact.Exactly(0.5),
		PerMinute: impact.Range{Low: 90, Base: 100, High: 110}, PerIncident: impact.Exactly(500),
	}
}

// 99.95 % allows 0.0005 x 525,960 = 262.98 minutes a year. A region lost once in two
// years for 240 minutes takes 120 of them, 45.6 %: red. The release takes 22.8 %.
func TestRisksAreHeldAgainstAYearOfBudget(t *testing.T) {
	region := impact.Risk{Name: "region lost", PerYear: impact.Exactly(0.5), Detect: impact.Exactly(40), Repair: impact.Exactly(200), Users: impact.Exactly(1)}
	all, err := impact.AssessRisks([]impact.Risk{release(), region}, objective(t, 0.9995, "28d"))
	require.NoError(t, err)
	require.Equal(t, "region lost", all[0].Name)
	require.InDelta(t, 120/262.98, all[0].Budget.Base, 1e-9)
	require.True(t, all[0].Red)

	r := all[1]
	near(t, impact.Range{Low: 20, Base: 60, High: 180}, r.BadMinutes)
	require.InDelta(t, 60/262.98, r.Budget.Base, 1e-9)
	require.False(t, r.Red)
	require.InDelta(t, 180/262.98, r.Stacked, 1e-9)
	// 20 x 90 + 2 x 500 to 180 x 110 + 6 x 500.
	near(t, impact.Range{Low: 2800, Base: 8000, High: 22_800}, r.Money)

	// Half of 10 minutes to detect: 4 x 5 x 0.5 = 10 minutes a year less; half of 20 to
	// repair: 20 less; half as often: 30 less.
	near(t, impact.Range{Low: 5, Base: 10, High: 15}, r.HalfDetect)
	near(t, impact.Range{Low: 5, Base: 20, High: 75}, r.HalfRepair)
	near(t, impact.Range{Low: 10, Base: 30, High: 90}, r.HalfFrequency)

	bad := release()
	bad.Users = impact.Exactly(50)
	_, err = impact.AssessRisks([]impact.Risk{bad}, objective(t, 0.9995, "28d"))
	require.ErrorContains(t, err, `risk "bad release": the share of users is 50 to 50; expected between 0 and 1`)
}

// 80 % intervals of a Poisson mean, from printed tables of the chi-square
// distribution: none 0 to 2.3026 (= ln 10); 3: chi2(0.1; 6)/2 = 2.2041/2 = 1.1021 to
// chi2(0.9; 8)/2 = 13.3616/2 = 6.6808.
func TestHowOftenSomethingHappensHasAnInterval(t *testing.T) {
	year := impact.MinutesPerYear * time.Minute
	none, err := impact.Observe(nil, year)
	require.NoError(t, err)
	require.InDelta(t, 2.302585, none.PerYear.High, 1e-6)
	require.Zero(t, none.PerYear.Low)
	require.False(t, none.Detect.Known)

	// Half a year doubles the rate.
	three, err := impact.Observe([]impact.Happened{
		{Detect: 5 * time.Minute, Repair: 10 * time.Minute},
		{Detect: 10 * time.Minute, Repair: 40 * time.Minute},
		{Detect: 15 * time.Minute, Repair: 10 * time.Minute},
	}, year/2)
	require.NoError(t, err)
	require.InDelta(t, 6, three.PerYear.Base, 1e-9)
	require.InDelta(t, 2*1.10207, three.PerYear.Low, 1e-4)
	require.InDelta(t, 2*6.68079, three.PerYear.High, 1e-4)
	require.InDelta(t, 10, three.Detect.Value, 1e-9)
	require.InDelta(t, 20, three.Repair.Value, 1e-9)

	_, err = impact.Observe(nil, 0)
	require.ErrorContains(t, err, "expected a positive time")
}

func TestADeclaredRiskIsHeldAgainstWhatHappened(t *testing.T) {
	year := impact.MinutesPerYear * time.Minute
	check := func(want impact.Calibration, perYear float64, seen int, over time.Duration) {
		t.Helper()
		o, err := impact.Observe(make([]impact.Happened, seen), over)
		require.NoError(t, err)
		require.Equal(t, want, impact.Risk{PerYear: impact.Exactly(perYear)}.Calibrate(o))
	}
	check(impact.Agrees, 4, 3, year)
	check(impact.Optimistic, 1, 3, year) // at least 1.1
	check(impact.Pessimistic, 7, 3, year)
	check(impact.NotYetTested, 1, 0, year) // up to 2.3 a year would show none
	check(impact.Pessimistic, 3, 0, year)
}
