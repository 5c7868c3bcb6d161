package prom

import (
	"context"
	"fmt"
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
	Series   int    // time series read
	Readings int    // values read
	Queries  []string
	Warnings []slo.Warning
	// StoreWarnings are what the store itself warned of, such as partial answers.
	StoreWarnings []string
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
		return nil, err
	}
	e := &Events{Method: method}
	var tallies []tally
	given := []expression{total, good, bad}
	if method == Counted {
		tallies, err = s.count(ctx, e, grid, given)
	} else {
		tallies, err = s.evaluate(ctx, e, grid, given)
		e.Warnings = append(e.Warnings, slo.Warning{Kind: slo.ApproximateCount, Text: "events are estimated from a query that is evaluated as written, not counted one by one"})
	}
	if err != nil {
		return nil, err
	}
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

// count counts the growth of the expressions' counters per slice. An expression
// that was not given has an empty tally.
func (s *Session) count(ctx context.Context, e *Events, grid slo.Grid, expressions []expression) ([]tally, error) {
	var (
		terms     []term
		of        []int // the expression of each term
		selectors []string
		data      []*counterData
		firstSeen = grid.Len()
		tallies   = make([]tally, len(expressions))
	)
	for i, x := range expressions {
		if len(x.terms) > 0 {
			tallies[i] = tally{events: make([]float64, grid.Len()), seen: make([]bool, grid.Len())}
		}
		for _, term := range x.terms {
			terms, of, selectors = append(terms, term), append(of, i), append(selectors, term.selector)
		}
	}
	reads := make([]*read[*counterData], len(selectors))
	var group errgroup.Group
	for i, selector := range selectors {
		group.Go(func() (err error) {
			reads[i], err = s.readCounter(ctx, selector, grid)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	for _, r := range reads {
		e.addTrace(&r.trace)
		e.Series += len(r.value.series)
		e.Readings += r.value.readings
		firstSeen = min(firstSeen, r.value.firstSeen())
		data = append(data, r.value)
	}
	refined, left, err := s.refine(ctx, e, grid, selectors, data)
	if err != nil {
		return nil, err
	}
	if left > 0 {
		e.Warnings = append(e.Warnings, slo.Warning{Kind: slo.ApproximateCount, Text: fmt.Sprintf("counters restarted in %d slices more than are read sample by sample; events just before these restarts may be missing", left)})
	}
	for k, term := range terms {
		into := tallies[of[k]]
		for _, readings := range refined[k] {
			addGrowth(into.events, readings, firstSeen, term.sign)
		}
		for i, seen := range data[k].seen {
			into.seen[i] = into.seen[i] || seen
		}
	}
	return tallies, nil
}

func (e *Events) addTrace(t *Trace) {
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
