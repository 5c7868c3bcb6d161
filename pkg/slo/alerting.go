package slo

import (
	"fmt"
	"slices"
	"time"
)

// AlertWindow is one row of multi-window, multi-burn-rate alerting (Google's SRE
// workbook, chapter 5): it fires while the budget burns faster than a factor over both
// lookbacks, the long one for evidence and the short one so that it stops soon after
// the failures do.
type AlertWindow struct {
	Severity    string // "page" or "ticket", or what an alert policy says
	Long, Short time.Duration
	Share       float64 // of the budget that is spent when it fires, ratio
	Factor      float64 // burn rate; zero to derive it from Share
	MinBad      float64 // bad units in the long lookback below which it does not fire
	AtFactor    bool    // fires at the factor already, and not only above it
	// After is for how long all this must have held before it fires; zero for not at all.
	After time.Duration
}

// DefaultAlertWindows are those of the SRE workbook. A handful of failures wakes
// nobody.
var DefaultAlertWindows = []AlertWindow{
	{Severity: "page", Long: time.Hour, Short: 5 * time.Minute, Share: 0.02, MinBad: 5},
	{Severity: "page", Long: 6 * time.Hour, Short: 30 * time.Minute, Share: 0.05, MinBad: 5},
	{Severity: "ticket", Long: day, Short: 2 * time.Hour, Share: 0.1, MinBad: 5},
	{Severity: "ticket", Long: 3 * day, Short: 6 * time.Hour, Share: 0.1, MinBad: 5},
}

const (
	// lowestFactor keeps alerts from firing while the budget lasts: below 1 it does.
	lowestFactor = 1.05
	// ofCeiling is how much of the highest burn rate that there is, 1 / (1 - target),
	// a factor may ask for. Above it, it could not fire at all.
	ofCeiling = 0.9
	// minShortCoverage is the share of the short lookback that must have been observed.
	minShortCoverage = 0.5
)

// BurnFactor is the burn rate from which a row fires for an objective: its own, or
// share x window / long lookback, kept above 1 and below nine tenths of the highest
// burn rate there is, 1 / (1 - target).
func (w AlertWindow) BurnFactor(o Objective) float64 {
	if w.Factor > 0 {
		return w.Factor
	}
	factor := w.Share * o.Window().Duration().Seconds() / w.Long.Seconds()
	return min(max(factor, lowestFactor), ofCeiling/o.BudgetRatio())
}

// EffectiveShare is the share of the budget that is spent when a row fires, which is
// not the one it was written with where the factor was kept within its bounds.
func (w AlertWindow) EffectiveShare(o Objective) float64 {
	return w.BurnFactor(o) * w.Long.Seconds() / o.Window().Duration().Seconds()
}

// FiresAfter is how long a service that has been fine takes to fire when a share of
// its units, a ratio in (0, 1], begins to fail and traffic is even, After included;
// unknown where it never does.
func (w AlertWindow) FiresAfter(o Objective, failing float64) (time.Duration, bool) {
	needed := w.BurnFactor(o) * o.BudgetRatio() // failure ratio over either lookback
	if failing <= needed {
		return 0, false
	}
	return w.After + time.Duration(needed/failing*float64(w.Long)), true
}

// Usable are the rows whose long lookback is shorter than the objective's window.
func Usable(windows []AlertWindow, o Objective) []AlertWindow {
	return slices.DeleteFunc(slices.Clone(windows), func(w AlertWindow) bool { return w.Long >= o.Window().Duration() })
}

// AlertRow is what one row says at an instant.
type AlertRow struct {
	AlertWindow
	BurnFactor  float64
	Long, Short Number // burn rates; unknown where nothing was observed or happened
	Firing      Number // 1 firing, 0 not, unknown where the data cannot tell
	Why         string // why it cannot tell, or why it is kept from firing; may be empty
}

// Alert is the state of one severity.
type Alert struct {
	Severity string
	Firing   Number // 1 where any row fires; else unknown where any cannot tell; else 0
	Rows     []AlertRow
}

// UnknownAlerts are the states, one for each severity in the order in which they come,
// of a promise of which nothing is known.
func UnknownAlerts(windows []AlertWindow) []Alert {
	var all []Alert
	for _, w := range windows {
		if !slices.ContainsFunc(all, func(a Alert) bool { return a.Severity == w.Severity }) {
			all = append(all, Alert{Severity: w.Severity})
		}
	}
	return all
}

// Alerts evaluates rows at an instant, in the order in which severities come. A row
// fires where both burn rates are above the factor, at least MinBad units failed over
// the long lookback, and even the lower bound of the failure ratio there (Wilson, 95 %)
// spends the budget faster than it lasts; all this at every end of a slice in the time
// that it must hold.
func Alerts(e Evidence, o Objective, at time.Time, windows []AlertWindow, rules Rules) []Alert {
	all := UnknownAlerts(windows)
	for i := range all {
		all[i].Firing = Known(0)
	}
	for _, w := range windows {
		row := lastingRow(e, o.InForce(at), at, w, rules)
		a := &all[slices.IndexFunc(all, func(a Alert) bool { return a.Severity == w.Severity })]
		a.Rows = append(a.Rows, row)
		switch {
		case row.Firing.Known && row.Firing.Value == 1:
			a.Firing = Known(1)
		case !row.Firing.Known && a.Firing.Value != 1:
			a.Firing = Number{}
		}
	}
	return all
}

// lastingRow is a row that must have held for a while: off where it was off at any
// time since, and unknown where it is not known whether it was.
func lastingRow(e Evidence, o Objective, at time.Time, w AlertWindow, rules Rules) AlertRow {
	row := alertRow(e, o, at, w, rules)
	grid, since := e.Units.Grid(), at.Add(-w.After)
	for i := grid.Index(at) - 1; i >= 0 && row.Firing.Value == 1 && !grid.Edge(i).Before(since); i-- {
		before := alertRow(e, o, grid.Edge(i), w, rules)
		switch {
		case !before.Firing.Known:
			row.Firing, row.Why = Number{}, before.Why+", "+FormatDuration(at.Sub(grid.Edge(i)))+" ago"
		case before.Firing.Value == 0:
			row.Firing, row.Why = Known(0), "not yet for "+FormatDuration(w.After)
		}
	}
	return row
}

func alertRow(e Evidence, o Objective, at time.Time, w AlertWindow, rules Rules) AlertRow {
	long, short := e.Units.Sum(at.Add(-w.Long), at), e.Units.Sum(at.Add(-w.Short), at)
	row := AlertRow{
		AlertWindow: w, BurnFactor: w.BurnFactor(o),
		Long:  burn(long.Counts, o.BudgetRatio()*long.Total),
		Short: burn(short.Counts, o.BudgetRatio()*short.Total),
	}
	covered := func(t Tally, length time.Duration, least float64) bool {
		return t.Excluded == length || coverage(t, length) >= least
	}
	switch {
	case !covered(long, w.Long, rules.MinCoverage):
		row.Why = fmt.Sprintf("data for only %s %% of the last %s", percent(coverage(long, w.Long)), FormatDuration(w.Long))
		return row
	case !covered(short, w.Short, minShortCoverage):
		row.Why = fmt.Sprintf("data for only %s %% of the last %s", percent(coverage(short, w.Short)), FormatDuration(w.Short))
		return row
	case long.Contradictory() || short.Contradictory():
		row.Why = "more good events than events in total"
		return row
	}
	row.Firing = Known(0)
	if !w.burns(row.Long, row.BurnFactor) || !w.burns(row.Short, row.BurnFactor) {
		return row
	}
	if long.Bad() < w.MinBad {
		row.Why = fmt.Sprintf("fewer than %g failures", w.MinBad)
		return row
	}
	if _, high := long.Wilson(); (1-high.Value)/o.BudgetRatio() <= 1 {
		row.Why = "too few events to be sure that the budget burns"
		return row
	}
	row.Firing = Known(1)
	return row
}

// burns reports whether a burn rate is high enough for a factor.
func (w AlertWindow) burns(rate Number, factor float64) bool {
	return rate.Known && (rate.Value > factor || w.AtFactor && rate.Value == factor)
}
