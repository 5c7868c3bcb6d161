package plugin

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/catalog"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/impact"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/prom"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// stakes are what hangs on an assessment's events besides the cost of failures.
type stakes struct {
	labels    []string  // that the events are grouped by, where somebody needs to tell groups apart
	segments  []segment // these groups
	leftOut   int       // groups with fewer events that there are more
	slow      []slowness
	latency   slo.Number // seconds up to which an event is good; unknown where the indicator does not say
	latencies []latencyOf
	felt      *feeling       // nil where nobody said what customers feel
	customers *clientele     // nil where nobody said how failures become customers
	zone      *time.Location // whose clock customers live by
}

// atStake finds out what hangs on an assessment's events, as far as the question is
// about it. What cannot be found out is left unknown: all else is known.
func (a assessor) atStake(ctx context.Context, out *assessment, corrections []slo.Correction) error {
	out.stakes.zone = a.settings.zone
	if err := a.tellApart(ctx, out, corrections); err != nil {
		if a.question.onlyMoney() {
			return err
		}
		a.unknown(out, err, "groups of events could not be told apart")
		return nil
	}
	if len(out.slo.Values) == 0 {
		return nil
	}
	switch {
	case !a.question.needsMoney():
	case out.events.Method == prom.RatioOnly:
		out.warn("what failures cost is not known: of a ratio the events are not known, and a minute of it is not worth an event")
	default:
		if err := a.price(ctx, out); err != nil {
			if a.question.onlyMoney() {
				return err
			}
			out.ledger = nil
			a.unknown(out, err, "what an event is worth could not be evaluated")
		}
	}
	if out.ledger != nil && out.objective.Method() != slo.Occurrences {
		out.warn("the promise is about slices of time: the loss that it accepts is reckoned as that of as large a share of events")
	}
	if out.ledger != nil {
		switch out.events.Method {
		case prom.Checked:
			out.warn("the money takes each check of the threshold as one event")
		case prom.AsWritten:
			out.warn("the money is approximate, as the events are")
		}
	}
	if a.question.needsSlow() {
		if err := a.timeEvents(ctx, out); err != nil {
			out.stakes.slow = nil
			a.unknown(out, err, "how slow events were could not be evaluated")
		}
	}
	if a.question.needsCustomers() {
		if err := a.meetCustomers(ctx, out); err != nil {
			out.stakes.customers = nil
			a.unknown(out, err, "the customers could not be counted")
		}
	}
	return nil
}

// unknown notes why something is not known: for everybody in general terms, and in the
// query inspector as it is.
func (a assessor) unknown(out *assessment, err error, words string) {
	out.queries = append(out.queries, "# "+out.slo.Name+": "+err.Error())
	out.warnings = append(out.warnings, words+"; the query inspector says why")
}

// price puts money on an assessment's events and on those of its segments. It leaves
// them without, with a warning, where a value is not known.
func (a assessor) price(ctx context.Context, out *assessment) error {
	var worths []worth
	for _, value := range out.slo.Values {
		w, err := a.worth(ctx, out, value, impact.Range(value.NotRecovered))
		if err != nil {
			return fmt.Errorf("value %s: %w", value.Name, err)
		}
		if w == nil {
			return nil
		}
		worths = append(worths, *w)
		out.currency = value.Currency
		if a.expired(value) {
			out.warnings = append(out.warnings, "what an event is worth was set until "+value.Expires+" and has not been looked at since")
		}
	}
	if out.currency == "" {
		out.currency = a.settings.currency
	}
	for i := range out.stakes.segments {
		s := &out.stakes.segments[i]
		var err error
		if s.ledger, err = ledgerOf(s.evidence.Events, s.labels, nil, worths...); err != nil {
			return err
		}
	}
	var err error
	out.ledger, err = ledgerOf(out.evidence.Events, out.group, out.stakes.segments, worths...)
	return err
}

// expired reports a value whose last day is over.
func (a assessor) expired(v catalog.Value) bool {
	return v.Expires != "" && a.now.In(a.settings.zone).Format(time.DateOnly) > v.Expires
}

// ledgerOf prices the events of a timeline by several values together: those of a group
// with the given labels, or those of all segments, each by its own worth.
func ledgerOf(t *slo.Timeline, labels map[string]string, segments []segment, worths ...worth) (*impact.Ledger, error) {
	var parts []*impact.Ledger
	for _, w := range worths {
		if w.label == "" || labels != nil {
			part, err := impact.Price(t, w.of(labels))
			if err != nil {
				return nil, err
			}
			parts = append(parts, part)
			continue
		}
		named, others, err := w.divide(t, segments)
		if err != nil {
			return nil, err
		}
		for _, s := range named {
			part, err := impact.Price(s.evidence.Events, w.of(s.labels))
			if err != nil {
				return nil, err
			}
			parts = append(parts, part)
		}
		part, err := impact.Price(others, w.otherwise)
		if err != nil {
			return nil, err
		}
		parts = append(parts, part)
	}
	return impact.Together(t, parts...)
}

// worth is the money that goes with one event in each slice, by one value document.
type worth struct {
	label     string                    // of segments that are worth different amounts; empty where all are worth the same
	by        map[string][]impact.Range // by the label's value
	otherwise []impact.Range            // of all other events
}

// of is the worth of events with the given labels.
func (w worth) of(labels map[string]string) []impact.Range {
	if each, ok := w.by[labels[w.label]]; ok {
		return each
	}
	return w.otherwise
}

// divide tells the segments that have a worth of their own from all other events of a
// timeline.
func (w worth) divide(t *slo.Timeline, segments []segment) (named []segment, others *slo.Timeline, err error) {
	left := append([]slo.Slice(nil), t.Slices()...)
	for _, s := range segments {
		if _, ok := w.by[s.labels[w.label]]; !ok {
			continue
		}
		named = append(named, s)
		for i, slice := range s.evidence.Events.Slices() {
			if slice.State == slo.Measured {
				left[i].Good -= slice.Good
				left[i].Total -= slice.Total
			}
		}
	}
	others, err = slo.NewTimeline(t.Grid(), left)
	return named, others, err
}

// worth is the money lost with one event in each slice where a share of them is lost for
// good. It is nil, with a warning, where it is not known.
func (a assessor) worth(ctx context.Context, out *assessment, v catalog.Value, lost impact.Range) (*worth, error) {
	w := worth{}
	var err error
	if by := v.ByLabel; by != nil {
		if !out.has(by.Label) {
			out.warn(fmt.Sprintf("what an event is worth depends on the label %s, by which the queries of the indicator are not summed; expected sum by (%s)", by.Label, by.Label))
			return nil, nil
		}
		if n := out.stakes.leftOut; n > 0 {
			out.warn(fmt.Sprintf("%d groups beyond the largest are valued as all others", n))
		}
		w.label, w.by = by.Label, map[string][]impact.Range{}
		for value, amount := range by.Values {
			if w.by[value], err = a.perEvent(ctx, out, v, amount, lost); err != nil || w.by[value] == nil {
				return nil, err
			}
		}
	}
	if w.otherwise, err = a.perEvent(ctx, out, v, v.PerEvent, lost); err != nil || w.otherwise == nil {
		return nil, err
	}
	return &w, nil
}

// has reports whether an assessment's events can be told apart by a label.
func (a assessment) has(label string) bool {
	_, own := a.group[label]
	return own || slices.Contains(a.stakes.labels, label)
}

// warn adds a warning that is not there yet.
func (a *assessment) warn(text string) {
	if !slices.Contains(a.warnings, text) {
		a.warnings = append(a.warnings, text)
	}
}

// perEvent is the money lost with one event in each slice, by one of a value document's
// amounts. It is nil, with a warning, where the store knows no value at all.
func (a assessor) perEvent(ctx context.Context, out *assessment, v catalog.Value, amount catalog.AmountRange, lost impact.Range) ([]impact.Range, error) {
	grid := out.events.Timeline.Grid()
	var estimates [3][]float64
	for i, one := range []catalog.Amount{amount.Low, amount.Base, amount.High} {
		var err error
		if estimates[i], err = a.amounts(ctx, out, one, grid); err != nil {
			return nil, err
		}
		if estimates[i] == nil {
			out.warn("what an event is worth is not known: its query gives no value")
			return nil, nil
		}
	}
	each := make([]impact.Range, grid.Len())
	for i := range each {
		// A measured value may leave the range that somebody estimated; the range
		// then reaches as far as the measurement.
		low, base, high := estimates[0][i], estimates[1][i], estimates[2][i]
		order := impact.Range{Low: min(low, base), Base: base, High: max(high, base)}
		if order.Low < 0 {
			return nil, errors.New("a query for what an event is worth gives less than nothing; expected an amount that is not negative")
		}
		value := impact.Value{PerOrder: order, NotRecovered: lost, Requests: impact.Exactly(v.RequestsPerOrder)}
		var err error
		if each[i], err = value.PerFailure(); err != nil {
			return nil, err
		}
	}
	return each, nil
}

// amounts are an amount in each slice. Where its query gives none, as without any
// orders, the last known one holds, or the first one before that. It is nil where
// the query never gives any.
func (a assessor) amounts(ctx context.Context, out *assessment, amount catalog.Amount, grid slo.Grid) ([]float64, error) {
	all := make([]float64, grid.Len())
	if amount.PromQL == "" {
		for i := range all {
			all[i] = amount.Constant
		}
		return all, nil
	}
	values, err := a.perSlice(ctx, out, amount.PromQL, grid)
	if err != nil {
		return nil, err
	}
	last := slo.Number{}
	for _, v := range values {
		if v.Known {
			last = v
			break
		}
	}
	if !last.Known {
		return nil, nil
	}
	for i, v := range values {
		if v.Known {
			last = v
		}
		all[i] = last.Value
	}
	return all, nil
}

// perSlice is what a query gives for each slice.
func (a assessor) perSlice(ctx context.Context, out *assessment, query string, grid slo.Grid) ([]slo.Number, error) {
	values, err := a.session.Values(ctx, query, grid, a.span.complete)
	if err != nil {
		return nil, err
	}
	if a.question.alerting && prom.Partial(values.StoreWarnings) {
		return nil, prom.ErrPartial
	}
	out.queries = append(out.queries, values.Queries...)
	out.events.StoreWarnings = append(out.events.StoreWarnings, values.StoreWarnings...)
	return values.PerSlice, nil
}

// loss is the money lost in the promise's window at an instant.
func (a assessment) loss(at time.Time) (impact.Loss, bool) {
	from, to := a.objective.Window().Bounds(at)
	return a.lossIn(slo.Interval{From: from, To: to})
}

// lossIn is the money lost in an interval; unknown without a value of events.
func (a assessment) lossIn(i slo.Interval) (impact.Loss, bool) {
	if a.ledger == nil {
		return impact.Loss{}, false
	}
	return a.ledger.Loss(a.objective.InForce(i.To), i.From, i.To)
}
