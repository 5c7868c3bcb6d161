package slo

import (
	"fmt"
	"slices"
	"time"
)

// Unit is a unit of the calendar.
type Unit string

// The units of calendar-aligned windows. Their names are what queries use.
const (
	Day     Unit = "day"
	Week    Unit = "week"
	Month   Unit = "month"
	Quarter Unit = "quarter"
	Year    Unit = "year"
)

// Units are all of them, from short to long.
var Units = []Unit{Day, Week, Month, Quarter, Year}

// CalendarOf is the ordinary period of a unit in a location: days from midnight,
// weeks from the given day, months, quarters and years from the first.
func CalendarOf(unit Unit, loc *time.Location, weekStart time.Weekday) (Window, error) {
	anchor := time.Date(2024, time.January, 1, 0, 0, 0, 0, loc) // a Monday
	if unit == Week {
		anchor = anchor.AddDate(0, 0, (int(weekStart)+6)%7)
	}
	return Calendar(1, unit, anchor)
}

// period is a run of calendar units, reckoned from an anchor.
type period struct {
	n      int
	unit   Unit
	anchor time.Time
}

func newPeriod(n int, unit Unit, anchor time.Time) (period, error) {
	switch {
	case !slices.Contains(Units, unit):
		return period{}, fmt.Errorf("%q is no unit of the calendar; expected day, week, month, quarter or year", unit)
	case n < 1 || n > 1000:
		return period{}, fmt.Errorf("a calendar window of %d %ss; expected 1 to 1000", n, unit)
	case anchor.Second() != 0 || anchor.Nanosecond() != 0:
		return period{}, fmt.Errorf("a calendar window that starts at %s; expected a whole minute", anchor.Format(time.TimeOnly))
	}
	return period{n: n, unit: unit, anchor: anchor}, nil
}

// around is the half-open period [start, end) that an instant is the end of or lies
// inside: start < at <= end.
func (p period) around(at time.Time) (start, end time.Time) {
	k := p.estimate(at)
	for !p.start(k).Before(at) {
		k--
	}
	for p.start(k + 1).Before(at) {
		k++
	}
	return p.start(k), p.start(k + 1)
}

// estimate is about which period, counted from the anchor's, holds an instant.
func (p period) estimate(at time.Time) int {
	if p.months() == 0 {
		return int(at.Sub(p.anchor) / (24 * time.Hour) / time.Duration(p.days()))
	}
	local := at.In(p.anchor.Location())
	months := (local.Year()-p.anchor.Year())*12 + int(local.Month()) - int(p.anchor.Month())
	return months / p.months()
}

// start is when the k-th period after the anchor's begins, in UTC.
func (p period) start(k int) time.Time {
	y, m, d := p.anchor.Date()
	if p.months() == 0 {
		return p.local(y, m, d+k*p.days())
	}
	first := time.Date(y, m+time.Month(k*p.months()), 1, 0, 0, 0, 0, time.UTC)
	return p.local(first.Year(), first.Month(), min(d, daysIn(first)))
}

// local is the anchor's time of day on a date. Where the clocks are put forward over
// it, the instant at which that happens; where they are put back over it, the first
// of the two.
func (p period) local(y int, m time.Month, d int) time.Time {
	loc := p.anchor.Location()
	t := time.Date(y, m, d, p.anchor.Hour(), p.anchor.Minute(), 0, 0, loc)
	start, end := t.ZoneBounds()
	wanted := time.Date(y, m, d, p.anchor.Hour(), p.anchor.Minute(), 0, 0, time.UTC)
	_, offset := t.Zone()
	switch shown := t.UTC().Add(time.Duration(offset) * time.Second); {
	case shown.Before(wanted):
		return end.UTC()
	case shown.After(wanted):
		return start.UTC()
	}
	if !start.IsZero() {
		_, before := start.Add(-time.Second).Zone()
		if earlier := t.Add(time.Duration(offset-before) * time.Second); earlier.Before(start) {
			return earlier.UTC()
		}
	}
	return t.UTC()
}

func daysIn(first time.Time) int { return first.AddDate(0, 1, -1).Day() }

// months is the length of the period in months; zero for days and weeks.
func (p period) months() int {
	return p.n * map[Unit]int{Month: 1, Quarter: 3, Year: 12}[p.unit]
}

// days is the length of the period in days; zero for longer units.
func (p period) days() int { return p.n * map[Unit]int{Day: 1, Week: 7}[p.unit] }

// usual is the length that the period mostly has.
func (p period) usual() time.Duration {
	const day = 24 * time.Hour
	return time.Duration(p.n) * map[Unit]time.Duration{Day: day, Week: 7 * day, Month: 30 * day, Quarter: 91 * day, Year: 365 * day}[p.unit]
}

func (p period) String() string {
	if p.n == 1 {
		return string(p.unit)
	}
	return fmt.Sprintf("%d %ss", p.n, p.unit)
}

// Interval is a half-open interval of time, [From, To).
type Interval struct{ From, To time.Time }

// Holds reports whether an instant lies inside.
func (i Interval) Holds(t time.Time) bool { return !t.Before(i.From) && t.Before(i.To) }

// Overlap is what two intervals have in common; empty (From = To) where nothing.
func (i Interval) Overlap(o Interval) Interval {
	from, to := later(i.From, o.From), earlier(i.To, o.To)
	if to.Before(from) {
		to = from
	}
	return Interval{from, to}
}

// Length is how long the interval is.
func (i Interval) Length() time.Duration { return i.To.Sub(i.From) }

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// Periods are the calendar periods of a window that overlap [from, to), in order
// of time. They are whole: the first may begin before from and the last end after to.
// There are none for a rolling window.
func (w Window) Periods(from, to time.Time) []Interval {
	if !w.IsCalendar() || !from.Before(to) {
		return nil
	}
	var all []Interval
	start, end := w.period.around(from.Add(time.Nanosecond))
	for start.Before(to) {
		all = append(all, Interval{start, end})
		start, end = w.period.around(end.Add(time.Nanosecond))
	}
	return all
}
