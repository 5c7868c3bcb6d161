package impact_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/impact"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// Over 30 days (720 hours; 43,200 of 525,960 minutes are 8.2136 % of a year):
// checkout 10 x 720 = 7200 are lost if it goes on as now; a miss at 0.5 would take 9200,
// 2000 more; and credits of 1000 are to be expected: 7200 + 1000 + 1000 = 9200.
// search   0.9 x 4000 + 20,000 x 8.2136 % = 3600 + 1642.71 = 5242.71.
// hobby    nothing.
// breach   a declared incident of 7000 (1000 to 30,000): by the low assumptions third,
// by the high ones first.
func needs() []impact.Need {
	return []impact.Need{
		{Name: "hobby", Miss: slo.Known(1)},
		{Name: "search", Miss: slo.Known(0.9), Excess: impact.Exactly(4000), Risks: impact.Exactly(20_000)},
		{Name: "breach", Miss: slo.Known(0), Declared: impact.Range{Low: 1000, Base: 7000, High: 30_000}},
		{Name: "checkout", Miss: slo.Known(0.5), Excess: impact.Exactly(9200), Credits: impact.Exactly(1000), PerHour: impact.Exactly(10)},
	}
}

func names(p impact.Priorities) []string {
	var all []string
	for _, one := range p.List {
		all = append(all, one.Name)
	}
	return all
}

func TestWhatCostsMostComesFirst(t *testing.T) {
	p, err := impact.Prioritise(needs(), 30*day)
	require.NoError(t, err)
	require.Equal(t, []string{"checkout", "breach", "search", "hobby"}, names(p))
	require.InDelta(t, 9200, p.List[0].Score.Base, 1e-9)
	require.Equal(t, impact.ByRunRate, p.List[0].Cause)
	require.InDelta(t, 7200, p.List[0].Amount.Base, 1e-9)
	require.Equal(t, impact.ByDeclared, p.List[1].Cause)
	require.InDelta(t, 3600+20_000*43_200./525_960, p.List[2].Score.Base, 1e-9)
	require.Equal(t, impact.ByMiss, p.List[2].Cause)
	require.Equal(t, impact.ByNothing, p.List[3].Cause)
	require.Empty(t, p.Warnings)
}

func TestAnOrderSaysWhetherItSurvivesTheAssumptions(t *testing.T) {
	p, err := impact.Prioritise(needs(), 30*day)
	require.NoError(t, err)
	require.False(t, p.Stable)
	require.Equal(t, 3, p.List[2].Place)
	breach := p.List[1]
	require.Equal(t, [3]int{2, 3, 1}, [3]int{breach.Place, breach.PlaceLow, breach.PlaceHigh})
	require.False(t, breach.Stable)
	require.True(t, p.List[3].Stable, "hobby is last by all of them")

	all := needs()
	all[2].Declared = impact.Range{Low: 6000, Base: 7000, High: 8000}
	p, err = impact.Prioritise(all, 30*day)
	require.NoError(t, err)
	require.True(t, p.Stable)
}

func TestEffortCountsWhereEverybodyNamesOne(t *testing.T) {
	all := needs()
	for i, days := range []float64{1, 2, 10, 10} { // search 2621 a day, checkout 920, breach 700
		all[i].Effort = slo.Known(days)
	}
	p, err := impact.Prioritise(all, 30*day)
	require.NoError(t, err)
	require.Equal(t, []string{"search", "checkout", "breach", "hobby"}, names(p))
	require.InDelta(t, 920, p.List[1].Score.Base, 1e-9)
	require.InDelta(t, 9200, p.List[1].AtStake.Base, 1e-9)

	all[0].Effort = slo.Number{}
	p, err = impact.Prioritise(all, 30*day)
	require.NoError(t, err)
	require.Equal(t, "checkout", p.List[0].Name, "money and money a day do not stand in one list")
}

// What is lost if it goes on holds the failures of a miss: 7200 are more than 5000, and of
// 7900 only 700 come on top, by the bounds too.
func TestTheSameFailuresCountOnce(t *testing.T) {
	check := func(want, excess impact.Range, cause impact.Cause) {
		t.Helper()
		p, err := impact.Prioritise([]impact.Need{{Name: "checkout", Miss: slo.Known(1), PerHour: impact.Range{Low: 5, Base: 10, High: 20}, Excess: excess}}, 30*day)
		require.NoError(t, err)
		near(t, want, p.List[0].AtStake)
		require.Equal(t, cause, p.List[0].Cause)
	}
	check(impact.Range{Low: 3600, Base: 7200, High: 14_400}, impact.Range{Low: 2500, Base: 5000, High: 10_000}, impact.ByRunRate)
	check(impact.Range{Low: 3950, Base: 7900, High: 15_800}, impact.Range{Low: 3950, Base: 7900, High: 15_800}, impact.ByRunRate)
	check(impact.Range{Low: 15_000, Base: 30_000, High: 60_000}, impact.Range{Low: 15_000, Base: 30_000, High: 60_000}, impact.ByMiss)
}

// 10 are lost an hour, of which the promise accepts 6: 4 x 720 are at stake. What goes on
// as was agreed is none, however much it costs.
func TestWhatWasAgreedToLoseIsNotAtStake(t *testing.T) {
	check := func(accepted, want float64) {
		t.Helper()
		p, err := impact.Prioritise([]impact.Need{{Name: "checkout", Miss: slo.Known(0), PerHour: impact.Exactly(10), Accepted: impact.Exactly(accepted)}}, 30*day)
		require.NoError(t, err)
		near(t, impact.Exactly(want), p.List[0].AtStake)
	}
	check(6, 2880)
	check(10, 0)
	check(40, 0)
}

// 7200 are being lost now; an incident cost 8000, or 1000 to 9000.
func TestTheReasonIsTheLargestPartAtTheBestEstimate(t *testing.T) {
	p, err := impact.Prioritise([]impact.Need{{Name: "checkout", Miss: slo.Known(0), PerHour: impact.Exactly(10), Declared: impact.Range{Low: 1000, Base: 8000, High: 9000}}}, 30*day)
	require.NoError(t, err)
	require.Equal(t, impact.ByDeclared, p.List[0].Cause)
}

func TestAnUnknownMissIsLeftOutAndSaid(t *testing.T) {
	all := needs()
	all[1].Miss = slo.Number{}
	p, err := impact.Prioritise(all, 30*day)
	require.NoError(t, err)
	require.Equal(t, "search", p.List[2].Name)
	require.True(t, p.List[2].Partial)
	require.Equal(t, impact.ByRisks, p.List[2].Cause)
	require.Contains(t, p.Warnings[0].Text, "1 of 4 promises")
}

func TestNeedsThatCannotBeRankedAreRefused(t *testing.T) {
	check := func(want string, change func(*impact.Need)) {
		t.Helper()
		all := needs()
		change(&all[1])
		_, err := impact.Prioritise(all, 30*day)
		require.ErrorContains(t, err, want)
	}
	check(`amounts in "" and "EUR" cannot be ranked`, func(n *impact.Need) { n.Currency = "EUR" })
	check("search is missed with a probability of 2", func(n *impact.Need) { n.Miss = slo.Known(2) })
	check("the effort for search is 0", func(n *impact.Need) { n.Effort = slo.Known(0) })
	p, err := impact.Prioritise(nil, day)
	require.NoError(t, err)
	require.Empty(t, p.List)
}
