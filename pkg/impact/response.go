package impact

import (
	"fmt"
	"math"
	"time"
)

// Team is who answers pages, and what that costs.
type Team struct {
	People  Range // that one page takes from what they were doing
	Minutes Range // that one page takes of each
	PerHour Range // money for an hour of one person

	Zone               *time.Location // where they live
	NightFrom, NightTo time.Duration  // of the local clock since midnight, in [0, 24h); a night from 22 to 6 goes past midnight, one from 6 to 6 is empty
	NightFactor        float64        // how much more an hour costs at night; zero stands for 1
}

// Response is what it costs the team to keep a promise.
type Response struct {
	Pages, NightPages       int   // NightPages are among Pages
	PersonHours, NightHours Range // NightHours are among PersonHours
	Money, NightMoney       Range // NightMoney is in Money
}

// Respond is what pages at the given instants cost: people x minutes x rate for each,
// the rate times the night factor where the local clock says night. It is what the
// objective's alerts would have cost, had each page been answered.
func (t Team) Respond(pages []time.Time) (Response, error) {
	if err := t.check(); err != nil {
		return Response{}, err
	}
	factor := t.NightFactor
	if factor == 0 {
		factor = 1
	}
	r := Response{Pages: len(pages)}
	for _, at := range pages {
		if t.night(at.In(t.Zone)) {
			r.NightPages++
		}
	}
	hours := t.People.Times(t.Minutes).Scale(1. / 60)
	r.PersonHours = hours.Scale(float64(r.Pages))
	r.NightHours = hours.Scale(float64(r.NightPages))
	r.NightMoney = r.NightHours.Times(t.PerHour).Scale(factor)
	r.Money = hours.Scale(float64(r.Pages - r.NightPages)).Times(t.PerHour).Add(r.NightMoney)
	return r, nil
}

// night reports whether the local clock says night.
func (t Team) night(local time.Time) bool {
	clock := time.Duration(local.Hour())*time.Hour + time.Duration(local.Minute())*time.Minute
	if t.NightFrom <= t.NightTo {
		return t.NightFrom <= clock && clock < t.NightTo
	}
	return clock >= t.NightFrom || clock < t.NightTo
}

func (t Team) check() error {
	for _, part := range []struct {
		what  string
		value Range
	}{{"the number of people per page", t.People}, {"the minutes per page", t.Minutes}, {"the money per hour", t.PerHour}} {
		if err := part.value.check(part.what, 0, math.Inf(1)); err != nil {
			return err
		}
	}
	switch {
	case t.Zone == nil:
		return fmt.Errorf("the team has no time zone; expected one, such as Europe/Berlin")
	case t.NightFrom < 0 || t.NightFrom >= 24*time.Hour || t.NightTo < 0 || t.NightTo >= 24*time.Hour:
		return fmt.Errorf("the night is from %s to %s after midnight; expected less than 24h", t.NightFrom, t.NightTo)
	case !(t.NightFactor >= 0) || math.IsInf(t.NightFactor, 1):
		return fmt.Errorf("the night factor is %v; expected a number that is not negative", t.NightFactor)
	}
	return nil
}
