package forecast

import (
	"math"
	"time"
)

// calendar says to which local day and hour each hour of the history belongs.
type calendar struct {
	first, days int   // number of the first local day, and how many there are
	day         []int // days since the first
	hour        []int // hour of the day
}

// newCalendar is that of n hours from an instant on.
func newCalendar(start time.Time, n int, location *time.Location) calendar {
	c := calendar{day: make([]int, n), hour: make([]int, n)}
	at, offset, until := start.Unix(), 0, int64(math.MinInt64)
	for i := range n {
		// Zones keep their offset for months.
		if at >= until {
			here := time.Unix(at, 0).In(location)
			_, offset = here.Zone()
			until = math.MaxInt64
			if _, end := here.ZoneBounds(); !end.IsZero() {
				until = end.Unix()
			}
		}
		day, hour := dayAndHour(at + int64(offset))
		if i == 0 {
			c.first = day
		}
		c.day[i], c.hour[i] = day-c.first, hour
		c.days = day - c.first + 1
		at += 3600
	}
	return c
}

// weekday of an hour.
func (c calendar) weekday(i int) int { return weekday(c.first + c.day[i]) }

// local is the number of the local day since 1 January 1970 and the local hour of an
// instant.
func local(at time.Time, location *time.Location) (day, hour int) {
	_, offset := at.In(location).Zone()
	return dayAndHour(at.Unix() + int64(offset))
}

func dayAndHour(seconds int64) (day, hour int) {
	day = int(math.Floor(float64(seconds) / 86400))
	return day, int(seconds-int64(day)*86400) / 3600
}

// weekday of a local day number; 1 January 1970 was a Thursday.
func weekday(day int) int { return ((day+4)%7 + 7) % 7 }

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
