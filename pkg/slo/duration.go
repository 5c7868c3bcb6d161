package slo

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// The units of Prometheus' durations that Stakes reads; a year is 365 days, as
// there. Sorted from long to short, which is how they must follow each other.
var units = []struct {
	name   string
	length time.Duration
}{
	{"y", 365 * 24 * time.Hour},
	{"w", 7 * 24 * time.Hour},
	{"d", 24 * time.Hour},
	{"h", time.Hour},
	{"m", time.Minute},
	{"s", time.Second},
	{"ms", time.Millisecond},
}

// maxDuration keeps the sum of all units below what a time.Duration can hold; 36
// years are enough for everybody.
const maxDuration = 1 << 60

// ParseDuration reads a positive duration in Prometheus' notation: "5m", "1h30m", "28d".
func ParseDuration(s string) (time.Duration, error) {
	bad := fmt.Errorf("%q is not a duration; expected a form such as 5m, 1h30m or 28d", s)
	rest, total, next := s, time.Duration(0), 0
	for rest != "" {
		digits := len(rest) - len(strings.TrimLeft(rest, "0123456789"))
		letters := len(rest[digits:]) - len(strings.TrimLeft(rest[digits:], "abcdefghijklmnopqrstuvwxyz"))
		n, err := strconv.ParseInt(rest[:digits], 10, 32)
		if err != nil {
			return 0, bad
		}
		name := rest[digits : digits+letters]
		for next < len(units) && units[next].name != name {
			next++
		}
		if next == len(units) {
			return 0, bad
		}
		if time.Duration(n) > maxDuration/units[next].length {
			return 0, bad
		}
		total += time.Duration(n) * units[next].length
		next++
		rest = rest[digits+letters:]
	}
	if total <= 0 {
		return 0, bad
	}
	return total, nil
}

// FormatDuration writes a duration in Prometheus' notation, in the largest unit
// that divides it ("28d" rather than "4w", because windows are spoken of in days).
func FormatDuration(d time.Duration) string {
	for _, u := range units {
		if u.name != "y" && u.name != "w" && d >= u.length && d%u.length == 0 {
			return strconv.FormatInt(int64(d/u.length), 10) + u.name
		}
	}
	return d.String()
}
