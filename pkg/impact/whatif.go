package impact

import (
	"fmt"
	"time"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// Candidate is a target that somebody thinks about.
type Candidate struct {
	Target float64    // ratio in (0, 1)
	Alerts slo.Number // alerts that would have fired over the history, as the caller counted them
	Cost   Range      // money a year to get there and stay
	Costed bool       // somebody said what it costs
}

// Worth says whether a candidate is worth what it costs.
type Worth string

// The answers to whether it pays to move.
const (
	Pays     Worth = "pays"      // by every assumption
	PaysNot  Worth = "pays-not"  // by every assumption
	Depends  Worth = "depends"   // on the assumptions
	NotAsked Worth = "not-asked" // no cost or no value of an event was given
)

// Outcome is what a candidate would have meant in the past.
type Outcome struct {
	Candidate
	Budget float64 // 1 - target, ratio of events
	Met    int     // past windows in which it was met, of WhatIf.Windows

	// Of the newest window.
	Allowed  slo.Number // bad events that it allows
	Accepted Range      // money that it accepts to lose; zero without a ledger

	Moving Range // money a year that moving from the current target to it is worth; negative for a lower one
	Worth  Worth
}

// WhatIf compares candidates for a target.
type WhatIf struct {
	Windows     int // past windows with enough data for a verdict
	Separate    int // of which so many do not overlap each other
	Outcomes    []Outcome
	Recommended slo.Number // the highest candidate that was met often enough
	Warnings    []slo.Warning
}

// MetShare is the share of past windows in which a candidate must have been met to be
// recommended, MinSeparate the number of windows without an overlap below which
// nothing is recommended.
const (
	MetShare    = 0.9
	MinSeparate = 4
)

// PastWindows are the windows of a length that end at an instant and at every step
// before it, as far back as history reaches; the newest first. Steps shorter than the
// length make windows overlap.
func PastWindows(history, at time.Time, length, step time.Duration) []slo.Interval {
	var past []slo.Interval
	if length <= 0 || step <= 0 {
		return nil
	}
	for end := at; !end.Add(-length).Before(history); end = end.Add(-step) {
		past = append(past, slo.Interval{From: end.Add(-length), To: end})
	}
	return past
}

// TryTargets holds candidates against past windows, the newest first, of one
// indicator. The timeline holds the units that a target is a share of, as corrected. Other thresholds of a latency are other indicators: ask once for each.
// ledger is nil where nobody said what an event is worth. A window counts where rules
// find enough of it observed and something happened.
func TryTargets(t *slo.Timeline, ledger *Ledger, current float64, candidates []Candidate, past []slo.Interval, rules slo.Rules) (WhatIf, error) {
	for _, c := range candidates {
		if !(c.Target > 0 && c.Target < 1) {
			return WhatIf{}, fmt.Errorf("candidate %v is not a ratio between 0 and 1, such as 0.999 for 99.9 %%", c.Target)
		}
	}
	usable, tallies := judged(t, past, rules)
	w := WhatIf{Windows: len(usable), Separate: separate(usable)}
	for _, c := range candidates {
		o := Outcome{Candidate: c, Budget: budget(c.Target), Worth: NotAsked}
		for _, tally := range tallies {
			if tally.Bad() <= o.Budget*tally.Total*(1+1e-9) {
				o.Met++
			}
		}
		if len(usable) > 0 {
			o.Allowed = slo.Known(o.Budget * tallies[0].Total)
			if ledger != nil {
				o.price(ledger.all(usable[0]), current, usable[0])
			}
		}
		w.Outcomes = append(w.Outcomes, o)
	}
	w.recommend()
	return w, nil
}

// judged are the windows that support a verdict, with what they hold.
func judged(t *slo.Timeline, past []slo.Interval, rules slo.Rules) ([]slo.Interval, []slo.Tally) {
	var usable []slo.Interval
	var tallies []slo.Tally
	for _, s := range past {
		tally := t.Sum(s.From, s.To)
		if !tally.SLI().Known || tally.Observed.Seconds() < rules.MinCoverage*s.Length().Seconds() {
			continue
		}
		usable, tallies = append(usable, s), append(tallies, tally)
	}
	return usable, tallies
}

// separate counts windows, the newest first, that do not overlap each other.
func separate(windows []slo.Interval) int {
	n := 0
	var last slo.Interval
	for _, s := range windows {
		if n == 0 || !overlap(s, last) {
			n, last = n+1, s
		}
	}
	return n
}

// all is what all events of a window would have cost had they failed.
func (l *Ledger) all(s slo.Interval) Range {
	g := l.timeline.Grid()
	return l.total[g.Index(s.To)].Sub(l.total[g.Index(s.From)])
}

// price puts money on a candidate: atStake is what all events of a window would have
// cost had they failed. Moving from T to T' is worth (T' - T) x at stake, per year.
func (o *Outcome) price(atStake Range, current float64, window slo.Interval) {
	o.Accepted = atStake.Scale(o.Budget)
	moved := budget(current) - o.Budget
	perYear := moved * MinutesPerYear / window.Length().Minutes()
	o.Moving = Range{atStake.Low * perYear, atStake.Base * perYear, atStake.High * perYear}.ordered()
	switch {
	case !o.Costed:
	case o.Moving.Low > o.Cost.High:
		o.Worth = Pays
	case o.Moving.High < o.Cost.Low:
		o.Worth = PaysNot
	default:
		o.Worth = Depends
	}
}

// recommend picks the highest candidate that was met in enough of the windows.
func (w *WhatIf) recommend() {
	if w.Separate < MinSeparate {
		w.Warnings = append(w.Warnings, slo.Warning{Kind: TooFewWindows, Text: fmt.Sprintf("whole windows with data in the history: %d; recommending a target needs %d", w.Separate, MinSeparate)})
		return
	}
	for _, o := range w.Outcomes {
		enough := float64(o.Met) >= MetShare*float64(w.Windows)-1e-9
		if enough && (!w.Recommended.Known || o.Target > w.Recommended.Value) {
			w.Recommended = slo.Known(o.Target)
		}
	}
	if !w.Recommended.Known {
		w.Warnings = append(w.Warnings, slo.Warning{Kind: NoneMet, Text: fmt.Sprintf("no candidate was met in %g %% of the past windows", MetShare*100)})
	}
}
