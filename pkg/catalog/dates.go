package catalog

import (
	"fmt"
	"strconv"
	"time"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// date is a day in UTC from a text such as "2027-06-30"; the zero time where the text
// is empty or, which is a problem, none.
func (d *document) date(path, text string) time.Time {
	if text == "" {
		return time.Time{}
	}
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		d.fail(path, "%s is %s; expected a date such as 2027-06-30", leaf(path), quote(text))
	}
	return day
}

// localTimes are the forms of a time that needs a zone to be one.
var localTimes = []string{"2006-01-02T15:04:05", time.DateTime, "2006-01-02T15:04", "2006-01-02 15:04", time.DateOnly}

// moment is an instant: RFC 3339, or a local time in a zone. zone is nil where the
// document names none; a local time is then a problem.
func (d *document) moment(path, text string, zone *time.Location) (time.Time, bool) {
	if text == "" {
		d.fail(path, "%s is missing; expected a time such as 2026-11-27T18:00:00Z", leaf(path))
		return time.Time{}, false
	}
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return d.plausible(path, text, at)
	}
	for _, layout := range localTimes {
		where := zone
		if zone == nil {
			where = time.UTC
		}
		at, err := time.ParseInLocation(layout, text, where)
		switch {
		case err != nil:
		case zone == nil:
			d.fail(path, "%s is %s, which does not say in which time zone; expected an offset as in 2026-11-27T18:00:00+01:00, or a timeZone beside it", leaf(path), quote(text))
			return time.Time{}, false
		default:
			return d.plausible(path, text, firstOf(at))
		}
	}
	d.fail(path, "%s is %s; expected a time such as 2026-11-27T18:00:00Z", leaf(path), quote(text))
	return time.Time{}, false
}

// firstOf is the first of the two instants that a clock shows alike when it is put
// back, as RFC 5545 has it.
func firstOf(at time.Time) time.Time {
	changed, _ := at.ZoneBounds()
	if changed.IsZero() {
		return at
	}
	_, offset := at.Zone()
	_, before := changed.Add(-time.Second).Zone()
	if first := at.Add(time.Duration(offset-before) * time.Second); first.Before(changed) {
		return first
	}
	return at
}

// plausible refuses years that nobody has data of.
func (d *document) plausible(path, text string, at time.Time) (time.Time, bool) {
	if at.Year() < 1970 || at.Year() > 2200 {
		d.fail(path, "%s is %s; expected a time between the years 1970 and 2200", leaf(path), quote(text))
		return time.Time{}, false
	}
	return at, true
}

// interval is the half-open interval between two moments at the path's members from
// and to, or whatever they are called there.
func (d *document) interval(path, from, to string, texts [2]string, zone *time.Location) slo.Interval {
	start, okStart := d.moment(dot(path, from), texts[0], zone)
	end, okEnd := d.moment(dot(path, to), texts[1], zone)
	if okStart && okEnd && !start.Before(end) {
		d.fail(dot(path, to), "%s is not after %s; expected a later time", to, from)
	}
	return slo.Interval{From: start, To: end}
}

// optionalZone is the zone of a name, nil where there is no name.
func (d *document) optionalZone(path, name string) *time.Location {
	if name == "" {
		return nil
	}
	zone, ok := d.zone(path, name)
	if !ok {
		return time.UTC // a problem already; times are then checked for their form
	}
	return zone
}

// length is a positive duration such as "10m"; zero where the text is empty or, which
// is a problem, none.
func (d *document) length(path, text string) time.Duration {
	if text == "" {
		return 0
	}
	length, err := slo.ParseDuration(text)
	if err != nil {
		d.fail(path, "%s is %s; expected a duration such as 10m, 1h30m or 2d", leaf(path), quote(text))
	}
	return length
}

// requiredLength is a duration that must be given.
func (d *document) requiredLength(path, text, what string) time.Duration {
	if text == "" {
		d.fail(path, "%s is missing; expected %s, such as 10m", leaf(path), what)
	}
	return d.length(path, text)
}

// Cadence is how often something comes round: every N days, weeks, months, quarters
// or years. The zero Cadence is none.
type Cadence struct {
	N    int // at least 1
	Unit slo.Unit
}

// IsZero says whether there is no cadence.
func (c Cadence) IsZero() bool { return c.N == 0 }

// After is the day on which something that was done on a day is due again.
func (c Cadence) After(day time.Time) time.Time {
	switch c.Unit {
	case slo.Day:
		return day.AddDate(0, 0, c.N)
	case slo.Week:
		return day.AddDate(0, 0, 7*c.N)
	}
	months := c.N * map[slo.Unit]int{slo.Month: 1, slo.Quarter: 3, slo.Year: 12}[c.Unit]
	first := time.Date(day.Year(), day.Month()+time.Month(months), 1, 0, 0, 0, 0, day.Location())
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(day.Day(), last)-1)
}

// String is the cadence in words: "90 days", "month".
func (c Cadence) String() string {
	if c.N == 1 {
		return string(c.Unit)
	}
	return fmt.Sprintf("%d %ss", c.N, c.Unit)
}

// cadence reads OpenSLO's notation: "90d", "3M". It is zero where the text is empty.
func (d *document) cadence(path, text string) Cadence {
	if text == "" {
		return Cadence{}
	}
	parts := openSLODuration.FindStringSubmatch(text)
	if parts == nil || calendarUnits[parts[2]] == "" || parts[1] == "0" {
		d.fail(path, "%s is %s; expected a number of days, weeks, months, quarters or years, such as 90d or 3M", leaf(path), quote(text))
		return Cadence{}
	}
	n, _ := strconv.Atoi(parts[1])
	return Cadence{N: n, Unit: calendarUnits[parts[2]]}
}

// timeOfDay is the minutes since midnight of a text such as "22:00".
func (d *document) timeOfDay(path, text string) time.Duration {
	at, err := time.Parse("15:04", text)
	switch {
	case text == "":
		d.fail(path, "%s is missing; expected a time of day such as 22:00, in quotes", leaf(path))
	case err != nil:
		d.fail(path, "%s is %s; expected a time of day such as 22:00, in quotes", leaf(path), quote(text))
	}
	return time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute
}
