package prom

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// Indicator tells good events from the total by PromQL: Total with one of Good
// and Bad, or Good with Bad. What is not given is empty.
type Indicator struct {
	Good, Bad, Total string
}

// The ways in which events are counted.
const (
	Counted   = "counted"    // differences of the counters' own values
	AsWritten = "as-written" // the queries evaluated as they stand, once per slice
)

// Events are the events of an indicator.
type Events struct {
	Timeline *slo.Timeline
	Method   string // Counted or AsWritten
	Road     string // RemoteRead or LastValues; empty for AsWritten
	Series   int    // time series read
	Readings int    // values read
	Queries  []string
	Warnings []slo.Warning
	// StoreWarnings are what the store itself warned of, such as partial answers.
	StoreWarnings []string

	mu sync.Mutex // guards Queries and StoreWarnings while events are counted
}

// tally is what one expression gave per slice.
type tally struct {
	events []float64
	seen   []bool
}

// Events counts an indicator's events on a grid. Slices that end after complete
// are not yet measured.
func (s *Session) Events(ctx context.Context, ind Indicator, grid slo.Grid, complete time.Time) (*Events, error) {
	good, bad, total, method, err := compileIndicator(ind)
	if err != nil {
		return nil, QueryError{err}
	}
	e := &Events{Method: method}
	var tallies []tally
	given := []expression{total, good, bad}
	if method == Counted {
		tallies, err = s.count(ctx, e, grid, complete, given)
	} else {
		tallies, err = s.evaluate(ctx, e, grid, given)
		e.Warnings = append(e.Warnings, slo.Warning{Kind: slo.ApproximateCount, Text: "events are estimated from a query that is evaluated as written, not counted one by one"})
	}
	if err != nil {
		return nil, err
	}
	slices.Sort(e.Queries) // they ran side by side
	e.Timeline, err = slo.NewTimeline(grid, join(grid, ind, tallies[0], tallies[1], tallies[2], complete))
	return e, err
}

// compileIndicator understands all of an indicator's queries. They are counted
// only if all of them can be: a count and an estimate do not make a ratio.
func compileIndicator(ind Indicator) (good, bad, total expression, method string, err error) {
	method = Counted
	compiled := [3]expression{}
	for i, query := range []string{ind.Good, ind.Bad, ind.Total} {
		if query == "" {
			continue
		}
		if compiled[i], err = compile(query); err != nil {
			return good, bad, total, "", err
		}
		if compiled[i].terms == nil {
			method = AsWritten
		}
	}
	if (ind.Good == "" || ind.Bad == "") && (ind.Total == "" || ind.Good == "" && ind.Bad == "") {
		return good, bad, total, "", fmt.Errorf("an indicator needs two of good, bad and total events")
	}
	if method == AsWritten {
		for i, query := range []string{ind.Good, ind.Bad, ind.Total} {
			if query != "" && compiled[i].terms != nil {
				if err := compiled[i].readAsWritten(); err != nil {
					return good, bad, total, "", err
				}
			}
		}
	}
	return compiled[0], compiled[1], compiled[2], method, nil
}

// expressionTerm is a counter of one of several expressions.
type expressionTerm struct {
	term
	expression int
}

// count counts the growth of the expressions' counters per slice, by the best road
// that the store offers. An expression that was not given has an empty tally.
func (s *Session) count(ctx context.Context, e *Events, grid slo.Grid, complete time.Time, expressions []expression) ([]tally, error) {
	var terms []expressionTerm
	tallies := make([]tally, len(expressions))
	for i, x := range expressions {
		if len(x.terms) > 0 {
			tallies[i] = tally{events: make([]float64, grid.Len()), seen: make([]bool, grid.Len())}
		}
		for _, t := range x.terms {
			terms = append(terms, expressionTerm{t, i})
		}
	}
	ok, err := s.countSamples(ctx, e, grid, complete, terms, tallies)
	if err != nil {
		return nil, err
	}
	if ok {
		e.Road = RemoteRead
		return tallies, nil
	}
	e.Road = LastValues
	return tallies, s.countLastValues(ctx, e, grid, terms, tallies)
}

// countLastValues counts growth from the last values in each slice.
func (s *Session) countLastValues(ctx context.Context, e *Events, grid slo.Grid, terms []expressionTerm, tallies []tally) error {
	var (
		selectors = make([]string, len(terms))
		data      = make([]*counterData, len(terms))
		firstSeen = grid.Len()
	)
	group, gctx := errgroup.WithContext(ctx)
	for i, t := range terms {
		selectors[i] = t.selector
		group.Go(Safely(func() error {
			r, err := s.readCounter(gctx, t.selector, grid)
			if err != nil {
				return err
			}
			data[i] = r.value
			e.addTrace(&r.trace)
			return nil
		}))
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for _, d := range data {
		e.Series += len(d.series)
		e.Readings += d.readings
		firstSeen = min(firstSeen, d.firstSeen())
	}
	refined, left, err := s.refine(ctx, e, grid, selectors, data)
	if err != nil {
		return err
	}
	if left > 0 {
		e.Warnings = append(e.Warnings, slo.Warning{Kind: slo.ApproximateCount, Text: fmt.Sprintf("counters restarted in %d slices more than are read sample by sample; events just before these restarts may be missing", left)})
	}
	for i, t := range terms {
		into := tallies[t.expression]
		for _, readings := range refined[i] {
			addGrowth(into.events, readings, firstSeen, t.sign)
		}
		for k, seen := range data[i].seen {
			into.seen[k] = into.seen[k] || seen
		}
	}
	return nil
}

// addTrace notes what was asked of the store. Roads ask side by side.
func (e *Events) addTrace(t *Trace) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.Queries = append(e.Queries, t.Queries()...)
	e.StoreWarnings = append(e.StoreWarnings, t.Warnings()...)
}

// join makes slices of what the expressions gave. The total says whether a slice
// was measured; without one, either of the others does. What is absent while the
// slice was measured is zero: a counter of errors is born with the first error.
func join(grid slo.Grid, ind Indicator, total, good, bad tally, complete time.Time) []slo.Slice {
	slices := make([]slo.Slice, grid.Len())
	at := func(t tally, i int) float64 {
		if t.events == nil {
			return 0
		}
		return t.events[i]
	}
	for i := range slices {
		switch {
		case grid.Edge(i + 1).After(complete):
			slices[i].State = slo.NotYet
			continue
		case ind.Total != "" && !total.seen[i]:
			continue
		case ind.Total == "" && !good.seen[i] && !bad.seen[i]:
			continue
		}
		slices[i].State = slo.Measured
		switch {
		case ind.Total == "":
			slices[i].Counts = slo.Counts{Good: at(good, i), Total: at(good, i) + at(bad, i)}
		case ind.Good != "":
			slices[i].Counts = slo.Counts{Good: at(good, i), Total: at(total, i)}
		default:
			slices[i].Counts = slo.Counts{Good: at(total, i) - at(bad, i), Total: at(total, i)}
		}
	}
	return slices
}
