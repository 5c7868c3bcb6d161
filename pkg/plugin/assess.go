package plugin

import (
	"context"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/catalog"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/export"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/impact"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/prom"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// assessment is a promise with the events that it is judged by, or those of one group
// of them. Where err is set, there are none.
type assessment struct {
	promise
	group    map[string]string // labels of the group; nil for all events
	events   *prom.Events
	evidence slo.Evidence
	// corrected are the corrections that touch the grid, for those who ask why.
	corrected []slo.Correction
	ledger    *impact.Ledger // nil where nobody said what an event is worth
	currency  string         // of the ledger; empty without one
	stakes    stakes         // what else hangs on the events
	foreseen  *foreseen      // what was forecast already; nil keeps nothing
	queries   []string       // what was asked of the store beyond the events
	warnings  []string       // beyond those of a report
	err       error
}

// assessor fetches what promises are judged by.
type assessor struct {
	session  *prom.Session
	settings settings
	span     span
	question question
	now      time.Time
	foreseen *foreseen // forecasts that were made already
}

// maxParallel is how many promises of one query are assessed at a time.
const maxParallel = 32

// assess fetches the events of promises, and what they are worth where the
// question is about money. A promise that fails keeps its error to itself, unless
// it was asked for by name or all of them fail.
func (a assessor) assess(ctx context.Context, promises []promise) ([]assessment, error) {
	parts := make([][]assessment, len(promises))
	var group errgroup.Group
	group.SetLimit(maxParallel)
	for i, p := range promises {
		group.Go(func() error {
			// A panic is the promise's own error; nothing else fails.
			err := prom.Safely(func() (err error) {
				parts[i], err = a.one(ctx, p)
				return err
			})()
			if err != nil {
				// The reason may hold PromQL, which viewers of public dashboards must
				// not see: it goes to the query inspector.
				parts[i] = []assessment{{promise: p, err: err, warnings: []string{"could not be evaluated; the query inspector says why"}}}
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	all := slices.Concat(parts...)
	for i := range all {
		all[i].foreseen = a.foreseen
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

// one fetches the events of a promise: one assessment, or one for each group.
func (a assessor) one(ctx context.Context, p promise) ([]assessment, error) {
	grid, err := a.span.grid(a.question, p)
	if err != nil {
		return nil, invalid(err)
	}
	if grid.Len() == 0 {
		return nil, invalid(fmt.Errorf("the time range holds nothing that has happened yet"))
	}
	all, err := a.fetch(ctx, p, grid)
	if err != nil {
		return nil, err
	}
	reading := prom.Reading{}
	if len(all) > 0 {
		reading = all[0].events.Reading
	}
	corrections, masks, err := a.corrections(ctx, p, grid, reading)
	if err != nil {
		return nil, err
	}
	for i := range all {
		all[i].queries = append(all[i].queries, masks...)
		if err := a.complete(ctx, &all[i], corrections); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// fetch counts the events of a promise, all together or by group.
func (a assessor) fetch(ctx context.Context, p promise, grid slo.Grid) ([]assessment, error) {
	indicator := p.indicator()
	if grouped, err := a.grouped(indicator); err != nil || !grouped {
		if err != nil {
			return nil, err
		}
		events, err := a.session.Events(ctx, indicator, grid, a.span.complete)
		if err == nil {
			err = a.usable(events.Reading)
		}
		return []assessment{{promise: p, events: events}}, err
	}
	groups, err := a.session.Groups(ctx, indicator, grid, a.span.complete, a.settings.maxGroups)
	if err == nil {
		err = a.usable(groups.Reading)
	}
	if err != nil {
		return nil, err
	}
	var all []assessment
	for _, g := range groups.Groups {
		one := assessment{promise: p, group: g.Labels, events: &prom.Events{Timeline: g.Timeline, Upper: g.Upper, LastSample: g.LastSample, Reading: groups.Reading}}
		if groups.LeftOut > 0 {
			one.warnings = append(one.warnings, fmt.Sprintf("only the %d groups with the most events are shown; %d more are left out", len(groups.Groups), groups.LeftOut))
		}
		all = append(all, one)
	}
	return all, nil
}

// usable refuses, where people are called by the answer, what the store gave in part
// only and what is left of earlier answers: an error makes an alert keep its state, and
// a figure would change it.
func (a assessor) usable(r prom.Reading) error {
	switch {
	case !a.question.alerting:
		return nil
	case r.Kept != nil:
		return r.Kept.Cause
	case prom.Partial(r.StoreWarnings):
		return prom.ErrPartial
	}
	return nil
}

// alike is usable, and refuses a part of an answer that is known up to another time than
// the events that it is a part of: the two would not add up.
func (a assessor) alike(events, part prom.Reading) error {
	if err := a.usable(part); err != nil {
		return err
	}
	switch {
	case part.Kept == nil && events.Kept == nil:
		return nil
	case part.Kept == nil:
		return events.Kept.Cause
	case events.Kept == nil || !events.Kept.To.Equal(part.Kept.To):
		return part.Kept.Cause
	}
	return nil
}

// grouped reports whether an indicator's groups are told apart: where they are asked
// for, and where the worst of them stands for all.
func (a assessor) grouped(ind prom.Indicator) (bool, error) {
	if a.question.by != byGroup && (a.question.by != bySLO || a.question.pool != poolWorst) {
		return false, nil
	}
	labels, err := prom.GroupLabels(ind)
	return len(labels) > 0, err
}

// indicator is what the promise's objective judges.
func (p promise) indicator() prom.Indicator { return indicatorOf(p.own.Indicator(p.slo)) }

// indicatorOf is an indicator of the catalogue as it is counted.
func indicatorOf(i catalog.Indicator) prom.Indicator { return export.IndicatorOf(i) }

// corrections are those of a promise on a grid, and what was asked of the store for
// them.
func (a assessor) corrections(ctx context.Context, p promise, grid slo.Grid, of prom.Reading) ([]slo.Correction, []string, error) {
	all := p.corrections(grid.Start(), grid.End())
	var queries []string
	for _, c := range p.slo.Corrections {
		if c.Mask == "" {
			continue
		}
		mask, err := a.session.Events(ctx, maskOf(c), grid, a.span.complete)
		if err == nil {
			err = a.alike(of, mask.Reading)
		}
		if err != nil {
			return nil, nil, fmt.Errorf("correction %s: %w", c.Name, err)
		}
		queries = append(queries, mask.Queries...)
		for i, slice := range mask.Timeline.Slices() {
			if slice.State == slo.Measured && slice.Total > 0 && slice.Good >= slice.Total/2 {
				all = append(all, slo.Correction{Name: c.Name, From: grid.Edge(i), To: grid.Edge(i + 1), Effect: c.Effect, Reason: c.Reason, Author: c.Author})
			}
		}
	}
	return all, queries, nil
}

// maskOf is whether a correction holds, as an indicator whose checks are good where it
// does: where any series of its query is another number than zero. A comment at the end
// of the query ends with its line.
func maskOf(c catalog.Correction) prom.Indicator {
	return prom.Indicator{Threshold: "max((" + c.Mask + "\n) != bool 0)", Op: string(slo.GT)}
}

// complete fills in what follows from an assessment's events.
func (a assessor) complete(ctx context.Context, out *assessment, corrections []slo.Correction) error {
	var err error
	if out.evidence, err = slo.Gather(out.objective, out.events.Timeline, corrections); err != nil {
		return err
	}
	out.corrected = corrections
	for _, w := range out.events.Warnings {
		out.warnings = append(out.warnings, w.Text)
	}
	from, _ := out.objective.Window().Bounds(a.span.to)
	if upper := out.events.Upper; upper != nil {
		low, high := out.evidence.Events.Sum(from, a.span.to).SLI(), upper.Sum(from, a.span.to).SLI()
		if low.Known && high.Known {
			out.warnings = append(out.warnings, fmt.Sprintf("the SLI lies between %s and %s", writeRatio(low.Value, 3), writeRatio(high.Value, 3)))
		}
	}
	for _, w := range slo.Suspicions(out.evidence.Events, from, a.span.to) {
		out.warnings = append(out.warnings, w.Text)
	}
	if kept := out.events.Kept; kept != nil {
		out.warnings = append(out.warnings, fmt.Sprintf("Prometheus cannot be asked at the moment; these figures rest on what was read until %s, %s ago",
			kept.To.In(a.settings.zone).Format("2006-01-02 15:04 MST"), spokenDuration(a.now.Sub(kept.To))))
	} else if stale := a.stale(out.events.LastSample); stale != "" {
		out.warnings = append(out.warnings, stale)
	}
	a.lookBack(ctx, out, corrections)
	return a.atStake(ctx, out, corrections)
}

// staleAfter is how old the newest sample may be where more than a few scrapes are
// not missing.
const staleAfter = 10 * time.Minute

// stale says that the newest sample is old, where the question is about now. One that ends
// half an hour ago reads no later ones: it is old where it is missing at that end.
func (a assessor) stale(newest time.Time) string {
	age := a.span.complete.Sub(newest)
	missing := earlier(a.span.to, a.span.complete).Sub(newest)
	if newest.IsZero() || a.span.to.Before(a.span.complete.Add(-time.Hour)) || missing <= max(staleAfter, 5*a.settings.scrape) {
		return ""
	}
	return "the newest data is " + spokenDuration(age) + " old"
}

// spokenDuration is a length of time in one unit that says enough: 40 minutes, 3 hours.
func spokenDuration(d time.Duration) string {
	switch {
	case d < 90*time.Second:
		return "1 minute"
	case d < 2*time.Hour:
		return fmt.Sprintf("%.0f minutes", d.Minutes())
	case d < 48*time.Hour:
		return fmt.Sprintf("%.0f hours", d.Hours())
	}
	return fmt.Sprintf("%.0f days", d.Hours()/24)
}

// report judges the promise at an instant.
func (a assessment) report(at, asOf time.Time, q question) slo.Report {
	if a.err != nil {
		from, to := a.objective.Window().Bounds(at)
		return slo.Report{From: from, To: to, Target: a.objective.Target(), Status: slo.CannotTell}
	}
	lookback := time.Duration(0)
	if q.needsLookback() {
		lookback = q.lookback
	}
	return slo.Judge(a.evidence, a.objective, slo.Moment{At: at, Lookback: lookback, AsOf: asOf}, a.rules())
}
