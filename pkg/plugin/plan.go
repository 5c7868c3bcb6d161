package plugin

import (
	"fmt"
	"time"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// span is what a question is about in time, and how finely events are counted for
// it: one instant, or instants that are a step apart.
type span struct {
	from, to time.Time     // first and last instant; none where from is after to
	step     time.Duration // between instants; zero for a single one
	slice    time.Duration // of the slices where windows begin or end
	complete time.Time     // data is complete up to here
}

// nice are the lengths that slices and steps may have. All divide a day, and up to
// the hour they divide each other's multiples well enough for common windows.
var nice = []time.Duration{
	time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute,
	time.Hour, 2 * time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour,
}

const (
	maxSeriesPoints = 11_000  // as many as Prometheus gives
	maxSlices       = 100_000 // of one indicator
)

// planSpan decides when the question's instants are and how long slices are.
// Slices are at least two scrapes long where the windows allow it: shorter ones
// would be empty now and then without anything missing.
func planSpan(q question, promises []promise, s settings, now time.Time) (span, error) {
	complete := now.Add(-s.delay)
	end := q.timeRange.To
	if end.After(complete) {
		end = complete
	}
	lengths := q.lengths(promises)
	if q.queryType != typeSeries {
		slice := smallest(2*s.scrape, slo.Coarse, lengths)
		at := slo.Floor(end, slice)
		return span{from: at, to: at, slice: slice, complete: complete}, nil
	}
	step := atLeast(max(q.interval, q.timeRange.Duration()/time.Duration(q.points()), 2*s.scrape))
	slice := largest(min(step, slo.Coarse), append(lengths, step))
	out := span{from: slo.Ceil(q.timeRange.From, step), to: slo.Floor(end, step), step: step, slice: slice, complete: complete}
	if out.to.Before(out.from) && !q.timeRange.From.After(complete) {
		out.from = out.to // a range shorter than a step still has its last point
	}
	if n := 2 * (out.to.Sub(out.from) / slice); n > maxSlices {
		return span{}, fmt.Errorf("slices of %s over a time range of %s are too many to count; ask for a shorter range or a longer lookback", slo.FormatDuration(slice), q.timeRange.Duration().Round(time.Minute))
	}
	return out, nil
}

// lengths are the lengths of the windows that the question reads.
func (q question) lengths(promises []promise) []time.Duration {
	var all []time.Duration
	if q.needsLookback() {
		all = append(all, q.lookback)
	}
	for _, p := range promises {
		all = append(all, p.objective.Window().Duration())
	}
	return all
}

func (q question) points() int {
	if q.maxPoints <= 0 || q.maxPoints > maxSeriesPoints {
		return maxSeriesPoints
	}
	return q.maxPoints
}

// grid is the grid on which a promise's windows can be read.
func (s span) grid(q question, p promise) (slo.Grid, error) {
	return slo.CoverWindows(s.from, s.to, s.slice, q.lengths([]promise{p})...)
}

// instants are the instants that the question is about.
func (s span) instants() []time.Time {
	if s.step == 0 {
		return []time.Time{s.to}
	}
	var all []time.Time
	for at := s.from; !at.After(s.to); at = at.Add(s.step) {
		all = append(all, at)
	}
	return all
}

// atLeast is the smallest nice length that is not below d, or whole days.
func atLeast(d time.Duration) time.Duration {
	for _, n := range nice {
		if n >= d {
			return n
		}
	}
	const day = 24 * time.Hour
	return (d + day - 1) / day * day
}

// smallest is the shortest nice length from low to high that divides all; where
// there is none, the longest below.
func smallest(low, high time.Duration, all []time.Duration) time.Duration {
	for _, n := range nice {
		if n >= low && n <= high && divides(n, all) {
			return n
		}
	}
	return largest(min(low, high), all)
}

// largest is the longest nice length up to high that divides all. A minute always
// does: windows, lookbacks and steps are whole minutes.
func largest(high time.Duration, all []time.Duration) time.Duration {
	best := time.Minute
	for _, n := range nice {
		if n <= high && divides(n, all) {
			best = n
		}
	}
	return best
}

func divides(n time.Duration, all []time.Duration) bool {
	for _, d := range all {
		if d%n != 0 {
			return false
		}
	}
	return true
}
