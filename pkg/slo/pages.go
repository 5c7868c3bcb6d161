package slo

import "time"

// Firing is a time in which an alert fired.
type Firing struct {
	Interval // from the end of the slice at which it began; To is the end of the walk where it still fires
	Severity string
	Before   bool // it fired already when the walk began, so that it called before
}

// Firings are the times in which rows would have fired, walked slice by slice over
// [from, until], in order of their beginning. Each is one call of a person, but for one
// that fires already at from: that one called before.
//
// Where the data cannot tell, an alert stays as it was: that is what the rules of
// alerting are asked to do, so that a gap neither ends an alert nor makes a second one.
// Lookbacks are read from the timeline, whose slices must be as short as the shortest of
// them and reach back from from by the longest.
func Firings(e Evidence, o Objective, from, until time.Time, windows []AlertWindow, rules Rules) []Firing {
	var all []Firing
	open := map[string]int{} // the place in all of what fires, by severity
	grid, longest := e.Units.Grid(), longestShort(windows)
	first := grid.Index(from)
	for i := first; i <= grid.Len() && !grid.Edge(i).After(until); i++ {
		at := grid.Edge(i)
		if len(open) == 0 && e.Units.Sum(at.Add(-longest), at).Bad() <= 0 {
			continue // nothing fires, and without a failure in any short lookback nothing begins to
		}
		for _, alert := range Alerts(e, o, at, windows, rules) {
			place, fires := open[alert.Severity]
			switch {
			case !alert.Firing.Known:
			case alert.Firing.Value == 0:
				if fires {
					all[place].To = at
				}
				delete(open, alert.Severity)
			case !fires:
				open[alert.Severity] = len(all)
				all = append(all, Firing{Interval: Interval{From: at, To: until}, Severity: alert.Severity, Before: i == first})
			}
		}
	}
	return all
}

// longestShort is the longest of the short lookbacks.
func longestShort(windows []AlertWindow) time.Duration {
	longest := time.Duration(0)
	for _, w := range windows {
		longest = max(longest, w.Short)
	}
	return longest
}
