package slo

import (
	"fmt"
	"time"
)

// Window is the interval an objective is judged over: rolling, the last 28 days
// say, or calendar-aligned, such as a month in a time zone. The zero Window is not
// valid; make one with [Rolling], [Calendar] or [ParseWindow].
type Window struct {
	length time.Duration // of a rolling window
	period period        // of a calendar-aligned one
}

// Rolling is the window that ends now and reaches back by d, which must be at
// least a minute and a whole number of minutes: slices are no finer.
func Rolling(d time.Duration) (Window, error) {
	if d < time.Minute || d%time.Minute != 0 {
		return Window{}, fmt.Errorf("window %s is not a whole number of minutes of at least 1m", FormatDuration(d))
	}
	return Window{length: d}, nil
}

// Calendar is the window that follows the calendar: n days, weeks, months, quarters
// or years. anchor is the start of any one period; all others are reckoned from it
// in its location, whose days have 23 or 25 hours when the clocks change. A month
// without the anchor's day starts on its last day.
func Calendar(n int, unit Unit, anchor time.Time) (Window, error) {
	p, err := newPeriod(n, unit, anchor)
	return Window{period: p}, err
}

// ParseWindow reads a rolling window such as "28d", "30d" or "1w".
func ParseWindow(s string) (Window, error) {
	d, err := ParseDuration(s)
	if err != nil {
		return Window{}, err
	}
	return Rolling(d)
}

// IsCalendar reports a calendar-aligned window.
func (w Window) IsCalendar() bool { return w.period.n > 0 }

// Calendar is what a calendar-aligned window was made of, see [Calendar]; n is zero for
// a rolling one.
func (w Window) Calendar() (n int, unit Unit, anchor time.Time) {
	return w.period.n, w.period.unit, w.period.anchor
}

// Duration is the length of a rolling window, and the usual length of a
// calendar-aligned one: a month counts as 30 days. Burn rates are reckoned with it.
func (w Window) Duration() time.Duration {
	if w.IsCalendar() {
		return w.period.usual()
	}
	return w.length
}

// Bounds is the half-open interval [from, to) of the window that has passed at an
// instant: from the start of the window to that instant. At the very instant at
// which a calendar period ends, it is that whole period.
func (w Window) Bounds(at time.Time) (from, to time.Time) {
	if w.IsCalendar() {
		from, _ = w.period.around(at)
		return from, at
	}
	return at.Add(-w.length), at
}

// End is when the window that holds an instant ends: the instant itself where it
// rolls, the end of the period where it follows the calendar.
func (w Window) End(at time.Time) time.Time {
	if w.IsCalendar() {
		_, end := w.period.around(at)
		return end
	}
	return at
}

// Next is the end of the calendar period that begins where the one around an
// instant ends. A rolling window has none, and the instant comes back.
func (w Window) Next(at time.Time) time.Time {
	if w.IsCalendar() {
		_, end := w.period.around(at)
		_, next := w.period.around(end.Add(time.Nanosecond))
		return next
	}
	return at
}

// String is a rolling window as Prometheus writes durations, such as "28d", and a
// calendar-aligned one in words, such as "month" or "2 weeks".
func (w Window) String() string {
	if w.IsCalendar() {
		return w.period.String()
	}
	return FormatDuration(w.length)
}
