package prom

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// Events are the events of an indicator.
type Events struct {
	Timeline *slo.Timeline
	// Upper is the timeline with as many good events as there may be, where the
	// store does not tell the good ones exactly: where no bucket of a histogram ends
	// at the indicator's threshold. Timeline then has as few as there may be. It is nil
	// where the two are the same.
	Upper      *slo.Timeline
	LastSample time.Time // of the total; the zero time where nothing was seen
	Reading
}

// Reading is how events were read.
type Reading struct {
	Method   string // Counted, AsWritten, Checked, RatioOnly or Recorded
	Road     string // RemoteRead, LastValues ...; empty for what is not counted
	Plan     string // why this road, and what it cost, in a sentence without PromQL
	Series   int    // time series read
	Readings int    // values read
	// Estimated is how many samples the store was expected to have for it; 0 where
	// nobody asked.
	Estimated int64
	Queries   []string
	Warnings  []slo.Warning
	// Kept is what stands in for the newest events where the store failed; nil where it
	// did not.
	Kept *Kept
	// StoreWarnings are what the store itself warned of, such as partial answers.
	StoreWarnings []string

	mu *sync.Mutex // guards Queries and StoreWarnings while events are counted
}

// What a reading can warn of, beyond the warnings of reports.
const (
	BucketMismatch slo.WarningKind = "bucket-mismatch"     // no bucket ends at the threshold
	EventsUnknown  slo.WarningKind = "events-unknown"      // a ratio is known and its events are not
	RatioOutside   slo.WarningKind = "ratio-out-of-range"  // a ratio is outside of [0, 1]
	Coarser        slo.WarningKind = "coarser-than-wanted" // too many samples to be read one by one
	Copies         slo.WarningKind = "copied-series"       // replicas of Prometheus are not deduplicated
)

// tally is what one expression gave per slice.
type tally struct {
	events []float64
	seen   []bool
	last   int64 // newest sample, ms since the epoch
}

// gathered is what a group of an indicator gave.
type gathered struct {
	values []string // of the labels that make groups
	// total, good and bad events; upper are those with as many good ones as there may
	// be, nil where they are the same.
	tallies, upper []tally
}

// Events counts an indicator's events on a grid. Slices that end after complete
// are not yet measured.
func (s *Session) Events(ctx context.Context, ind Indicator, grid slo.Grid, complete time.Time) (*Events, error) {
	c, err := compileIndicator(ind)
	if err != nil {
		return nil, QueryError{err}
	}
	e := &Events{Reading: newReading(c)}
	groups, _, err := s.gather(ctx, &e.Reading, c, nil, grid, complete, 1)
	if err != nil {
		return nil, err
	}
	slices.Sort(e.Queries) // they ran side by side
	if len(groups) == 0 {
		groups = []gathered{{tallies: make([]tally, 3)}}
	}
	e.Timeline, e.Upper, e.LastSample, err = c.timelines(grid, groups[0], complete)
	return e, err
}

func newReading(c *compiled) Reading { return Reading{Method: c.method, mu: &sync.Mutex{}} }

// gather counts an indicator's events by the given labels, in the way that its
// queries allow: of the limit groups with most events. It returns how many more there
// are.
func (s *Session) gather(ctx context.Context, r *Reading, c *compiled, by []string, grid slo.Grid, complete time.Time, limit int) ([]gathered, int, error) {
	if !c.fromRaw && c.recordable() == nil {
		groups, left, ok, err := s.recorded(ctx, r, c, by, grid, complete, limit)
		if ok || err != nil {
			return groups, left, err
		}
	}
	switch c.method {
	case Counted:
		groups, left, ok, err := s.count(ctx, r, c, by, grid, complete, limit)
		if ok || err != nil {
			return groups, left, err
		}
		// The store does not give what the queries can be counted from.
		r.Method, r.Road = AsWritten, ""
		if c.Raw != "" {
			return s.check(ctx, r, c, by, grid, complete, limit)
		}
		if err := c.readAsWritten(); err != nil {
			return nil, 0, QueryError{err}
		}
	case Checked, RatioOnly:
		return s.check(ctx, r, c, by, grid, complete, limit)
	}
	r.warn(slo.ApproximateCount, "events are estimated from a query that is evaluated as written, not counted one by one")
	return s.evaluate(ctx, r, c, by, grid, complete, limit)
}

// warn adds a warning.
func (r *Reading) warn(kind slo.WarningKind, format string, args ...any) {
	r.Warnings = append(r.Warnings, slo.Warning{Kind: kind, Text: fmt.Sprintf(format, args...)})
}

// warnOnce adds a warning of a kind that there is none of yet.
func (r *Reading) warnOnce(kind slo.WarningKind, format string, args ...any) {
	if !slices.ContainsFunc(r.Warnings, func(w slo.Warning) bool { return w.Kind == kind }) {
		r.warn(kind, format, args...)
	}
}

// addTrace notes what was asked of the store. Roads ask side by side.
func (r *Reading) addTrace(t *Trace) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.Queries = append(r.Queries, t.Queries()...)
	r.StoreWarnings = append(r.StoreWarnings, t.Warnings()...)
}

// timelines makes timelines of what a group gave.
func (c *compiled) timelines(grid slo.Grid, g gathered, complete time.Time) (timeline, upper *slo.Timeline, last time.Time, err error) {
	if timeline, err = slo.NewTimeline(grid, c.join(grid, g.tallies, complete)); err != nil {
		return nil, nil, last, err
	}
	if g.upper != nil {
		if upper, err = slo.NewTimeline(grid, c.join(grid, g.upper, complete)); err != nil {
			return nil, nil, last, err
		}
	}
	newest := g.tallies[0].last
	if c.total.written == "" {
		newest = max(g.tallies[1].last, g.tallies[2].last)
	}
	if newest > 0 {
		last = time.UnixMilli(newest).UTC()
	}
	return timeline, upper, last, nil
}

// join makes slices of what the expressions gave. The total says whether a slice
// was measured; without one, either of the others does. What is absent while the
// slice was measured is zero: a counter of errors is born with the first error.
func (c *compiled) join(grid slo.Grid, tallies []tally, complete time.Time) []slo.Slice {
	total, good, bad := tallies[0], tallies[1], tallies[2]
	slices := make([]slo.Slice, grid.Len())
	hasTotal := c.total.written != ""
	known := grid.Index(complete)
	for i := range slices {
		one := &slices[i]
		switch {
		case i >= known:
			one.State = slo.NotYet
			continue
		case hasTotal && !total.isSeen(i):
			continue
		case !hasTotal && !good.isSeen(i) && !bad.isSeen(i):
			continue
		}
		one.State = slo.Measured
		switch {
		case !hasTotal:
			one.Counts = slo.Counts{Good: good.at(i), Total: good.at(i) + bad.at(i)}
		case c.bad.written == "" || c.good.written != "":
			one.Counts = slo.Counts{Good: good.at(i), Total: total.at(i)}
		default:
			one.Counts = slo.Counts{Good: total.at(i) - bad.at(i), Total: total.at(i)}
		}
	}
	return slices
}

// at is how many events a slice has; a tally of nothing has none.
func (t *tally) at(i int) float64 {
	if t.events == nil {
		return 0
	}
	return t.events[i]
}

func (t *tally) isSeen(i int) bool { return t.seen != nil && t.seen[i] }
