package prom

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// plan is by which road an indicator is counted, and why.
type plan struct {
	samples  bool // read every sample, if the store gives them
	increase bool // else increase() of every slice, and not the last values
	births   bool // increase() counts births
	values   int64
	failed   error // why the store did not give its samples
	why      string
}

// fewValues is how many values of answers VictoriaMetrics is asked for before it
// counts itself: about a second's work.
const fewValues = 1_000_000

// plan chooses the road. Every sample is read where the store gives them and they are
// not too many; elsewhere the last values, which are as exact but for restarts in too
// many slices, where they are not too many. Else the store's own increase() has to do:
// that of VictoriaMetrics counts births and misses only what restarts hide; that of
// others is short of births.
//
// Estimates are made of the number of series that are there now, which is asked for
// once an hour.
func (s *Session) plan(ctx context.Context, r *Reading, q *counting) *plan {
	p := &plan{}
	series, copies := int64(0), false
	for _, one := range shareReads(q.selectors()) {
		got, err := once(ctx, s, "series "+one.base, func(t *Trace) (living, error) {
			return s.seriesOf(ctx, t, one.base, q.to), nil
		})
		if err == nil {
			r.addTrace(&got.trace)
			series += got.value.series
			copies = copies || got.value.copies
		}
	}
	if copies {
		r.warnOnce(Copies, "the store holds series that differ only by a label of replicas (%s): if they are copies of the same counters, every event is counted once for each; let the store deduplicate, or select one replica in the query", strings.Join(replicaLabels, ", "))
	}
	span := q.to.Sub(q.grid.Start()) + lookbehind
	r.Estimated = series * int64(span/max(q.scrape, time.Second))
	p.values, q.series = series*int64(q.grid.Len()), series
	switch {
	case !s.store.offersRemoteRead(q.selectors()):
		p.why = "the store gives no samples"
	case r.Estimated > s.store.maxSamples:
		p.why = fmt.Sprintf("about %s samples are more than the %s that may be read", rounded(r.Estimated), rounded(s.store.maxSamples))
	default:
		p.samples, p.why = true, "the store gives samples, and they are few enough"
		return p
	}
	s.withoutSamples(ctx, q, p)
	return p
}

// withoutSamples finds the road where samples cannot be had.
func (s *Session) withoutSamples(ctx context.Context, q *counting, p *plan) {
	p.samples = false
	if slices.ContainsFunc(q.want.terms, func(t term) bool { return t.kind != counterGrowth }) {
		return
	}
	few := s.store.maxSamples / 10 // a value of an answer is ten times as much work as a sample
	if p.values > min(few, fewValues) && s.store.isVictoriaMetrics(ctx) {
		few, p.births = min(few, fewValues), true
	}
	if p.increase = p.values > few; p.increase {
		p.why += fmt.Sprintf(", and %s values are too many to be read", rounded(p.values))
	}
}

// say tells the plan in a sentence that holds no PromQL.
func (r *Reading) say(p *plan) {
	what := map[string]string{
		RemoteRead: "every sample was read",
		LastValues: "the last value of every series in every slice was read",
		Increase:   "the store counted each slice itself",
	}[r.Road]
	if what == "" {
		return
	}
	r.Plan = fmt.Sprintf("%s: %s; %s series, %s values read", what, p.why, rounded(int64(r.Series)), rounded(int64(r.Readings)))
	if r.Estimated > 0 {
		r.Plan += fmt.Sprintf(", %s samples estimated", rounded(r.Estimated))
	}
}

// rounded writes a number to two figures.
func rounded(n int64) string {
	for _, unit := range []struct {
		size int64
		name string
	}{{1_000_000_000, " billion"}, {1_000_000, " million"}, {1_000, " thousand"}} {
		if n >= unit.size {
			return fmt.Sprintf("%.2g%s", float64(n)/float64(unit.size), unit.name)
		}
	}
	return fmt.Sprint(n)
}

// countIncrease counts by the store's own increase() of every slice, summed by group:
// an answer has one point for each slice.
func (s *Session) countIncrease(ctx context.Context, r *Reading, q *counting, limit int, p *plan) error {
	r.Road = Increase
	r.Series, r.Readings = 0, 0
	tables := make([]*table, len(q.lower))
	by := "sum by (" + strings.Join(q.by, ", ") + ") (increase("
	for i, x := range q.lower {
		for _, t := range x.terms {
			got, err := s.readWritten(ctx, r, func(slice time.Duration) string {
				return by + t.selector + "[" + seconds(slice) + "]))"
			}, q.by, q.grid, q.to)
			if err != nil {
				return err
			}
			if len(got.groups) == 0 {
				q.unseen = append(q.unseen, t)
			}
			tables[i] = tables[i].plus(got, t.sign, q.grid.Len())
		}
	}
	q.groups, q.left = tabulate(q.grid, tables, limit)
	if p.births {
		r.warn(Coarser, "there are too many samples to be counted one by one; the store counted each slice, and events that a restart hides may be missing")
	} else {
		r.warn(Coarser, "there are too many samples to be counted one by one; the store estimated each slice, and events of counters that were born in it may be missing")
	}
	return nil
}

// plus adds a table times a sign; a nil table has nothing.
func (t *table) plus(o *table, sign float64, n int) *table {
	if t == nil {
		t = &table{groups: map[string]*tableGroup{}}
	}
	for key, g := range o.groups {
		into := t.group(key, g.values, n)
		for i, v := range g.events {
			into.events[i] += sign * v
			into.seen[i] = into.seen[i] || g.seen[i]
		}
	}
	return t
}
