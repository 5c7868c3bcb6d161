package plugin

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/catalog"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/impact"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/prom"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// assessment is a promise with the events that it is judged by. Where err is set,
// there are none.
type assessment struct {
	promise
	events   *prom.Events
	ledger   *impact.Ledger // nil where nobody said what an event is worth
	currency string         // of the ledger; empty without one
	queries  []string       // what was asked of the store beyond the events
	warnings []string       // beyond those of a report
	err      error
}

// assessor fetches what promises are judged by.
type assessor struct {
	session  *prom.Session
	settings settings
	span     span
	question question
	now      time.Time
}

// maxParallel is how many promises of one query are assessed at a time.
const maxParallel = 8

// assess fetches the events of promises, and what they are worth where the
// question is about money. A promise that fails keeps its error to itself, unless
// it was asked for by name or all of them fail.
func (a assessor) assess(ctx context.Context, promises []promise) ([]assessment, error) {
	all := make([]assessment, len(promises))
	var group errgroup.Group
	group.SetLimit(maxParallel)
	for i, p := range promises {
		group.Go(func() error {
			// A panic is the promise's own error; nothing else fails.
			err := prom.Safely(func() error {
				all[i] = a.one(ctx, p)
				return nil
			})()
			if err != nil {
				all[i] = assessment{promise: p, err: err}
			}
			if all[i].err != nil {
				// The reason may hold PromQL, which viewers of public dashboards must
				// not see: it goes to the query inspector.
				all[i].warnings = append(all[i].warnings, "could not be evaluated; the query inspector says why")
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	failed := 0
	var first error
	for _, one := range all {
		if one.err == nil {
			continue
		}
		failed++
		if first == nil || one.selected {
			first = one.err
			if len(all) > 1 {
				first = fmt.Errorf("%s: %w", one.slo.Name, one.err)
			}
		}
		if one.selected {
			return all, first
		}
	}
	if failed == len(all) {
		return all, first
	}
	return all, nil
}

func (a assessor) one(ctx context.Context, p promise) assessment {
	out := assessment{promise: p}
	grid, err := a.span.grid(a.question, p)
	if err != nil {
		out.err = invalid(err)
		return out
	}
	if grid.Len() == 0 {
		out.err = invalid(fmt.Errorf("the time range holds nothing that has happened yet"))
		return out
	}
	indicator := prom.Indicator{Good: p.slo.Indicator.Good, Bad: p.slo.Indicator.Bad, Total: p.slo.Indicator.Total}
	if out.events, out.err = a.session.Events(ctx, indicator, grid, a.span.complete); out.err != nil {
		return out
	}
	for _, w := range out.events.Warnings {
		out.warnings = append(out.warnings, w.Text)
	}
	if a.question.needsMoney() && len(p.slo.Values) > 0 {
		err := a.price(ctx, &out)
		if err != nil && a.question.onlyMoney() {
			out.err = err
			return out
		}
		if err != nil { // all else is known
			out.ledger = nil
			out.queries = append(out.queries, "# "+p.slo.Name+": "+err.Error())
			out.warnings = append(out.warnings, "what an event is worth could not be evaluated; the query inspector says why")
		}
	}
	return out
}

// price puts money on an assessment's events.
func (a assessor) price(ctx context.Context, out *assessment) error {
	grid := out.events.Timeline.Grid()
	perEvent := make([]impact.Range, grid.Len())
	for _, value := range out.slo.Values {
		worth, err := a.worth(ctx, out, value, grid)
		if err != nil {
			return fmt.Errorf("value %s: %w", value.Name, err)
		}
		if worth == nil {
			return nil
		}
		for i := range perEvent {
			perEvent[i] = perEvent[i].Add(worth[i])
		}
		out.currency = value.Currency
		if value.Expires != "" && a.now.UTC().Format(time.DateOnly) > value.Expires {
			out.warnings = append(out.warnings, "what an event is worth was set until "+value.Expires+" and has not been looked at since")
		}
	}
	if out.currency == "" {
		out.currency = a.settings.currency
	}
	var err error
	out.ledger, err = impact.Price(out.events.Timeline, perEvent)
	return err
}

// worth is the money lost with one failed event in each slice, by one value
// document. It is nil, with a warning, where the store knows no value at all.
func (a assessor) worth(ctx context.Context, out *assessment, v catalog.Value, grid slo.Grid) ([]impact.Range, error) {
	low, err := a.amounts(ctx, out, v.PerEvent.Low, grid)
	if err != nil {
		return nil, err
	}
	base, err := a.amounts(ctx, out, v.PerEvent.Base, grid)
	if err != nil {
		return nil, err
	}
	high, err := a.amounts(ctx, out, v.PerEvent.High, grid)
	if err != nil {
		return nil, err
	}
	if low == nil || base == nil || high == nil {
		out.warnings = append(out.warnings, "what an event is worth is not known: its query gives no value")
		return nil, nil
	}
	lost := impact.Range(v.NotRecovered)
	worth := make([]impact.Range, grid.Len())
	for i := range worth {
		// A measured value may leave the range that somebody estimated; the range
		// then reaches as far as the measurement.
		worth[i] = impact.Range{
			Low:  min(low[i], base[i]),
			Base: base[i],
			High: max(high[i], base[i]),
		}.Times(lost)
	}
	return worth, nil
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
	values, err := a.session.Values(ctx, amount.PromQL, grid, a.span.complete)
	if err != nil {
		return nil, err
	}
	out.queries = append(out.queries, values.Queries...)
	out.events.StoreWarnings = append(out.events.StoreWarnings, values.StoreWarnings...)
	last := slo.Number{}
	for _, v := range values.PerSlice {
		if v.Known {
			last = v
			break
		}
	}
	if !last.Known {
		return nil, nil
	}
	for i, v := range values.PerSlice {
		if v.Known {
			last = v
		}
		all[i] = last.Value
	}
	return all, nil
}

// report judges the promise at an instant.
func (a assessment) report(at time.Time, q question) slo.Report {
	if a.err != nil {
		from, to := a.objective.Window().Bounds(at)
		return slo.Report{From: from, To: to, Target: a.objective.Target(), Status: slo.CannotTell}
	}
	lookback := time.Duration(0)
	if q.needsLookback() {
		lookback = q.lookback
	}
	return slo.Judge(a.events.Timeline, a.objective, at, lookback, slo.DefaultRules)
}

// loss is the money lost in the promise's window at an instant.
func (a assessment) loss(at time.Time) (impact.Loss, bool) {
	if a.ledger == nil {
		return impact.Loss{}, false
	}
	from, to := a.objective.Window().Bounds(at)
	return a.ledger.Loss(a.objective, from, to)
}
