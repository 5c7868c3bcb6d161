package forecast

import (
	"fmt"
	"time"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// Question is what a forecast is asked. Timeline, Budget, Now and Window must be
// given; every other field has a default.
type Question struct {
	// Timeline holds what happened up to now. It should reach back further than the
	// window: what is older teaches the forecast too. Slices after Now are not read.
	Timeline *slo.Timeline

	// Budget is the share of events that may fail, 1 - target, in (0, 1).
	Budget float64

	// Now is the instant the forecast is made at.
	Now time.Time

	// Horizon is how far ahead the forecast reaches. By default, and at most in a
	// calendar window, the end of the window; in a rolling window its length.
	Horizon time.Duration

	// Step is the distance of the instants answered for; by default a day, or less
	// so that there are at least 24. The last instant is the horizon's end whether or
	// not Step divides it.
	Step time.Duration

	// Window is the window that the objective is judged over.
	Window Window

	// Location is the time zone that people live in, who make the days and weeks of
	// demand; by default UTC.
	Location *time.Location

	// Lookback is what counts as the present in the scenarios that hold the present
	// rate; by default an hour.
	Lookback time.Duration

	// Scenario says what the future is like; by default [Expected].
	Scenario Scenario

	// Prior is what to believe before looking at the history; by default [BuiltIn].
	Prior *Prior

	// Brief asks for the first and the last step only, for a table that shows no lines.
	// The rest of the answer is the same, and half of the work is saved.
	Brief bool

	// Paths is the number of simulated futures: more make smoother bands and take
	// proportionally longer. By default 200, which is
	// enough for a table; a panel of bands is smooth with 1000.
	Paths int
}

// Window is the window that an objective is judged over: rolling where Length is
// given, else from Start to End.
type Window struct {
	Length     time.Duration // of a rolling window
	Start, End time.Time     // of a calendar window, half-open
}

// Rolling is the window that reaches back by length from every instant.
func Rolling(length time.Duration) Window { return Window{Length: length} }

// Calendar is the period [start, end).
func Calendar(start, end time.Time) Window { return Window{Start: start, End: end} }

func (w Window) rolling() bool { return w.Length > 0 }

// from is the start of the window that is judged at an instant.
func (w Window) from(at time.Time) time.Time {
	if w.rolling() {
		return at.Add(-w.Length)
	}
	return w.Start
}

const (
	day = 24 * time.Hour

	defaultPaths    = 200
	defaultLookback = time.Hour
	minSteps        = 24   // of a forecast whose step is not given
	maxSteps        = 5000 // more than any screen shows
	maxPaths        = 20000
)

// complete fills in what was left out and refuses what cannot be answered.
func (q Question) complete() (Question, error) {
	switch {
	case q.Timeline == nil:
		return q, fmt.Errorf("a forecast needs a timeline")
	case !(q.Budget > 0 && q.Budget < 1): // also NaN
		return q, fmt.Errorf("budget %v is not a ratio between 0 and 1, such as 0.001 for a target of 99.9 %%", q.Budget)
	case q.Window.Length < 0 || q.Window.Length == 0 && !q.Window.Start.Before(q.Window.End):
		return q, fmt.Errorf("a forecast needs a window: a positive length, or a start before its end")
	case !q.Window.rolling() && (q.Now.Before(q.Window.Start) || !q.Now.Before(q.Window.End)):
		return q, fmt.Errorf("the forecast is asked at %s, outside of the period from %s to %s",
			q.Now.Format(time.RFC3339), q.Window.Start.Format(time.RFC3339), q.Window.End.Format(time.RFC3339))
	case q.Horizon < 0 || q.Step < 0 || q.Lookback < 0:
		return q, fmt.Errorf("horizon %s, step %s and lookback %s must not be negative", q.Horizon, q.Step, q.Lookback)
	case q.Paths < 0 || q.Paths > maxPaths:
		return q, fmt.Errorf("%d paths; expected at most %d", q.Paths, maxPaths)
	}
	if q.Horizon == 0 {
		q.Horizon = q.Window.Length
	}
	if !q.Window.rolling() {
		if left := q.Window.End.Sub(q.Now); q.Horizon == 0 || q.Horizon > left {
			q.Horizon = left
		}
	}
	if q.Step == 0 {
		q.Step = min(day, max(q.Horizon/minSteps, time.Minute))
	}
	if n := q.Horizon / q.Step; n > maxSteps {
		return q, fmt.Errorf("a step of %s makes %d instants in %s; expected at most %d", q.Step, n, q.Horizon, maxSteps)
	}
	if q.Location == nil {
		q.Location = time.UTC
	}
	if q.Lookback == 0 {
		q.Lookback = defaultLookback
	}
	if q.Paths == 0 {
		q.Paths = defaultPaths
	}
	if q.Prior == nil {
		q.Prior = BuiltIn()
	}
	return q, q.Scenario.check()
}

// instants are those answered for: now, every step after it, and the horizon's end.
func (q Question) instants() []time.Time {
	at := make([]time.Time, 0, int(q.Horizon/q.Step)+2)
	for d := time.Duration(0); d < q.Horizon; d += q.Step {
		at = append(at, q.Now.Add(d))
	}
	return append(at, q.Now.Add(q.Horizon))
}
