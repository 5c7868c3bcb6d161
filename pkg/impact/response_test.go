package impact_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/impact"
)

func onCall(t *testing.T) impact.Team {
	t.Helper()
	berlin, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	return impact.Team{
		People: impact.Range{Low: 1, Base: 2, High: 3}, Minutes: impact.Range{Low: 30, Base: 60, High: 120},
		PerHour: impact.Exactly(80), Zone: berlin, NightFrom: 22 * hour, NightTo: 6 * hour, NightFactor: 1.5,
	}
}

// 04:30 UTC is 05:30 in Berlin in winter and 06:30 in summer; 21:00 UTC is 22:00 and
// 23:00. So of these five pages three come at night.
// One page takes 2 x 60 minutes = 2 hours (0.5 to 6): 160 by day, 240 at night.
// 2 x 160 + 3 x 240 = 1040, of which 720 at night.
func TestPagesAtNightAreCountedApartByTheLocalClock(t *testing.T) {
	at := func(month time.Month, hour, minute int) time.Time {
		return time.Date(2026, month, 10, hour, minute, 0, 0, time.UTC)
	}
	r, err := onCall(t).Respond([]time.Time{
		at(time.January, 4, 30), at(time.July, 4, 30), at(time.January, 21, 0), at(time.July, 21, 0), at(time.January, 12, 0),
	})
	require.NoError(t, err)
	require.Equal(t, 5, r.Pages)
	require.Equal(t, 3, r.NightPages)
	near(t, impact.Range{Low: 2.5, Base: 10, High: 30}, r.PersonHours)
	near(t, impact.Range{Low: 1.5, Base: 6, High: 18}, r.NightHours)
	near(t, impact.Range{Low: 260, Base: 1040, High: 3120}, r.Money)
	near(t, impact.Range{Low: 180, Base: 720, High: 2160}, r.NightMoney)

	// Nobody pays nights apart: 5 x 160.
	team := onCall(t)
	team.NightFactor = 0
	r, err = team.Respond([]time.Time{at(time.January, 4, 30), at(time.July, 4, 30)})
	require.NoError(t, err)
	require.InDelta(t, 320, r.Money.Base, 1e-9)

	// A night from midnight on does not go past one.
	team.NightFrom = 0
	r, err = team.Respond([]time.Time{at(time.January, 21, 0), at(time.January, 4, 30)})
	require.NoError(t, err)
	require.Equal(t, 1, r.NightPages)
}

func TestATeamThatCannotBeIsRefused(t *testing.T) {
	check := func(want string, change func(*impact.Team)) {
		t.Helper()
		team := onCall(t)
		change(&team)
		_, err := team.Respond(nil)
		require.ErrorContains(t, err, want)
	}
	check("the team has no time zone", func(t *impact.Team) { t.Zone = nil })
	check("the night is from 22h0m0s to 24h0m0s after midnight", func(t *impact.Team) { t.NightTo = day })
	check("the minutes per page is -5 to -5", func(t *impact.Team) { t.Minutes = impact.Exactly(-5) })
	check("the night factor is -1", func(t *impact.Team) { t.NightFactor = -1 })
}
