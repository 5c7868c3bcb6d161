package catalog

import (
	"regexp"
	"strconv"
	"time"
	_ "time/tzdata" // time zones, also where the machine has none

	v1 "github.com/OpenSLO/go-sdk/pkg/openslo/v1"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// openSLODuration has as many digits as a time.Duration can hold in weeks.
var openSLODuration = regexp.MustCompile(`^([0-9]{1,4})([mhdwMQY])$`)

// calendarUnits are OpenSLO's units that follow the calendar.
var calendarUnits = map[string]slo.Unit{"d": slo.Day, "w": slo.Week, "M": slo.Month, "Q": slo.Quarter, "Y": slo.Year}

// timeWindow is the window of an SLO. Where there is none, it is one that targets
// can still be checked with.
func (d *document) timeWindow(windows []v1.SLOTimeWindow) slo.Window {
	const path = "spec.timeWindow"
	fallback, _ := slo.Rolling(28 * 24 * time.Hour)
	if len(windows) != 1 {
		d.fail(path, "timeWindow has %d windows; expected exactly one, such as {duration: 28d, isRolling: true}", len(windows))
		return fallback
	}
	window, ok := slo.Window{}, false
	switch given := windows[0]; {
	case given.IsRolling && given.Calendar != nil:
		d.fail(path+"[0]", "isRolling is true and calendar is given; expected one of them")
	case given.IsRolling:
		window, ok = d.rolling(path + "[0].duration")
	case given.Calendar != nil:
		window, ok = d.calendar(path+"[0]", *given.Calendar)
	default:
		d.fail(path+"[0]", "isRolling is not true and calendar is missing; expected isRolling: true, or a calendar with startTime and timeZone")
	}
	if !ok {
		return fallback
	}
	return window
}

// duration is the number and the unit at a path.
func (d *document) duration(path, expected string) (n int, unit, text string, ok bool) {
	node, _ := d.find(path)
	text = textOf(node)
	parts := openSLODuration.FindStringSubmatch(text)
	if parts == nil {
		d.fail(path, "%s is %s; expected %s", leaf(path), quote(text), expected)
		return 0, "", text, false
	}
	n, _ = strconv.Atoi(parts[1])
	return n, parts[2], text, true
}

const daysOrWeeks = "a number of days or weeks, such as 28d or 4w"

func (d *document) rolling(path string) (slo.Window, bool) {
	_, unit, text, ok := d.duration(path, daysOrWeeks)
	if !ok {
		return slo.Window{}, false
	}
	if unequal := map[string]string{"M": "months", "Q": "quarters", "Y": "years"}[unit]; unequal != "" {
		d.fail(path, "duration %s is in %s, which differ in length; expected days or weeks for a rolling window, such as 28d or 4w", text, unequal)
		return slo.Window{}, false
	}
	window, err := slo.ParseWindow(text)
	if err != nil {
		d.fail(path, "duration: %v", err)
	}
	return window, err == nil
}

func (d *document) calendar(path string, given v1.SLOCalendar) (slo.Window, bool) {
	const expected = "a number of days, weeks, months, quarters or years, such as 1M"
	n, letter, text, okDuration := d.duration(path+".duration", expected)
	unit := calendarUnits[letter]
	if okDuration && unit == "" {
		d.fail(path+".duration", "duration is %s, and its calendar does not reckon in hours or minutes; expected %s", quote(text), expected)
	}
	zone, okZone := d.zone(path+".calendar.timeZone", given.TimeZone)
	if !okZone {
		return slo.Window{}, false
	}
	anchor, okStart := d.startTime(path+".calendar.startTime", given.StartTime, zone)
	if !okDuration || unit == "" || !okStart {
		return slo.Window{}, false
	}
	window, err := slo.Calendar(n, unit, anchor)
	if err != nil {
		at := path + ".duration"
		if n >= 1 && n <= 1000 {
			at = path + ".calendar.startTime"
		}
		d.fail(at, "%v", err)
	}
	return window, err == nil
}

// zone is the time zone of a name of the IANA data base.
func (d *document) zone(path, name string) (*time.Location, bool) {
	const expected = "expected a name such as Europe/Berlin or UTC"
	if name == "" {
		d.fail(path, "%s is missing; %s", leaf(path), expected)
		return time.UTC, false
	}
	zone, err := time.LoadLocation(name)
	if err != nil || name == "Local" {
		d.fail(path, "%s is %s, which is no time zone; %s", leaf(path), quote(name), expected)
		return time.UTC, false
	}
	return zone, true
}

// startTime is when a period of a calendar starts: OpenSLO's own form, local in the
// zone, or RFC 3339, which OpenSLO's SDK would refuse.
func (d *document) startTime(path, text string, zone *time.Location) (time.Time, bool) {
	if start, err := time.ParseInLocation(time.DateTime, text, zone); err == nil {
		return start, true
	}
	if start, err := time.Parse(time.RFC3339, text); err == nil {
		d.accept(path)
		return start.In(zone), true
	}
	if text == "" {
		d.fail(path, "%s is missing; expected when a period starts, such as 2026-01-01 00:00:00", leaf(path))
	} else {
		d.fail(path, "%s is %s; expected a form such as 2026-01-01 00:00:00 or 2026-01-01T00:00:00Z", leaf(path), quote(text))
	}
	return time.Time{}, false
}
