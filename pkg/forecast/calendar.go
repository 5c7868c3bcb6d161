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

func newCalendar(h hours, location *time.Location) calendar {
	c := calendar{day: make([]int, len(h.total)), hour: make([]int, len(h.total))}
	for i := range h.total {
		day, hour := local(h.start.Add(time.Duration(i)*time.Hour), location)
		if i == 0 {
			c.first = day
		}
		c.day[i], c.hour[i] = day-c.first, hour
		c.days = day - c.first + 1
	}
	return c
}

// local is the number of the local day since 1 January 1970 and the local hour of an
// instant.
func local(at time.Time, location *time.Location) (day, hour int) {
	_, offset := at.In(location).Zone()
	seconds := at.Unix() + int64(offset)
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
