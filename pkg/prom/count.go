package prom

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// count counts the growth of an indicator's counters per slice, by the best road
// that the store offers. ok is false where there is none: native histograms are in
// samples only.
func (s *Session) count(ctx context.Context, r *Reading, c *compiled, by []string, grid slo.Grid, complete time.Time, limit int) (groups []gathered, left int, ok bool, err error) {
	lower, upper := c.bounds()
	// What has not happened yet must not be kept as if it had been read.
	to := earliest(grid.End(), slo.Floor(complete, fine))
	if !grid.Start().Before(to) {
		return nil, 0, true, nil
	}
	q := &counting{by: by, lower: lower, upper: upper}
	q.want = want{terms: q.terms(), by: by, scrape: s.scrape, grid: grid, to: to, tag: c.tag}
	ok, err = s.countBy(ctx, r, q, limit)
	if err != nil && s.countKept(ctx, r, q, limit, err) {
		return q.groups, q.left, true, nil
	}
	if !ok || err != nil {
		return nil, 0, ok, err
	}
	if len(q.unseen) > 0 {
		changed, err := s.snapBuckets(ctx, r, q)
		if err != nil {
			return nil, 0, false, err
		}
		if changed {
			if ok, err = s.countBy(ctx, r, q, limit); !ok || err != nil {
				return nil, 0, ok, err
			}
		}
	}
	return q.groups, q.left, true, nil
}

// counting is a count: what of, and what came out.
type counting struct {
	want
	by           []string
	lower, upper []expression // total, good and bad; upper is nil where it is the same
	apart        bool         // a group is watched by its own series, whatever processes there are

	groups []gathered
	left   int
	unseen []term // those that no series was seen of
}

// bounds are an indicator's expressions for as few and as many good events as there
// may be. They differ for histograms whose buckets need not end at the threshold.
func (c *compiled) bounds() (lower, upper []expression) {
	lower = []expression{c.total, c.good, c.bad}
	for i, x := range lower {
		if !slices.ContainsFunc(x.terms, func(t term) bool { return t.kind == histogramBelow }) {
			continue
		}
		if upper == nil {
			upper = slices.Clone(lower)
		}
		few, many := slices.Clone(x.terms), slices.Clone(x.terms)
		for k, t := range x.terms {
			if t.kind != histogramBelow {
				continue
			}
			if favours(i, t) {
				many[k].kind = histogramUpTo
			} else {
				few[k].kind = histogramUpTo
			}
		}
		lower[i].terms, upper[i].terms = few, many
	}
	return lower, upper
}

// favours reports that more events of a term are more good events: expression 2 is
// the bad ones.
func favours(expression int, t term) bool { return (expression == 2) == (t.sign < 0) }

// terms are the terms of all expressions, each once.
func (q *counting) terms() []term {
	var all []term
	for _, x := range slices.Concat(q.lower, q.upper) {
		for _, t := range x.terms {
			if q.indexIn(all, t) < 0 {
				all = append(all, t)
			}
		}
	}
	return all
}

func (q *counting) indexIn(terms []term, t term) int {
	return slices.IndexFunc(terms, func(o term) bool { return o.key() == t.key() })
}

// countBy counts by the best road: see plan.
func (s *Session) countBy(ctx context.Context, r *Reading, q *counting, limit int) (ok bool, err error) {
	p := s.plan(ctx, r, q)
	if p.samples {
		err := s.countOn(ctx, samples{s.store}, r, q, limit)
		if p.failed = err; err == nil || isOver(ctx, err) {
			r.say(p)
			return err == nil, err
		}
		p.why = "the store did not give its samples"
		s.withoutSamples(ctx, q, p)
	}
	switch {
	case slices.ContainsFunc(q.want.terms, term.ofHistogram):
		return false, nil
	case p.increase:
		err = s.withNewest(ctx, r, q, func(ctx context.Context) error { return s.countIncrease(ctx, r, q, limit, p) })
	default:
		err = s.withNewest(ctx, r, q, func(ctx context.Context) error {
			return s.countOn(ctx, lastValues{s.store}, r, q, limit)
		})
	}
	if err == nil && p.failed != nil {
		s.store.avoidRemoteRead(q.selectors(), p.failed) // the store as such is well
	}
	r.say(p)
	return err == nil, err
}

// isOver reports an error for which no other road is tried.
func isOver(ctx context.Context, err error) bool {
	return ctx.Err() != nil || isUnreachable(err) || errors.Is(err, errVanished) || errors.As(err, new(*Panic))
}

// countOn counts by one road.
func (s *Session) countOn(ctx context.Context, road road, r *Reading, q *counting, limit int) error {
	var trace Trace
	q.unseen = nil
	r.Series, r.Readings = 0, 0
	err := s.slices.with(ctx, road, &trace, q.want, func(e *entry) {
		for i, g := range e.counters {
			r.Series += len(g.series)
			r.Readings += g.readings
			if len(g.columns) == 0 {
				q.unseen = append(q.unseen, e.terms[i])
			}
		}
		if e.unrefined > 0 {
			r.warn(slo.ApproximateCount, "counters restarted in %d slices more than are read sample by sample; events just before these restarts may be missing", e.unrefined)
		}
		for _, l := range e.lacks {
			r.warnOfLack(l)
		}
		q.take(e, limit)
		q.warnOfBounds(r, e)
	})
	r.addTrace(&trace)
	r.Road = road.name()
	if err != nil && !errors.As(err, new(*Panic)) && (ctx.Err() != nil || isUnreachable(err)) {
		return inWords(err)
	}
	return err
}

// take takes the groups with most events out of an entry.
func (q *counting) take(e *entry, limit int) {
	values := map[string][]string{}
	shared := len(q.by) == 0
	for _, g := range e.counters {
		shared = shared || g.shared
		for key, c := range g.columns {
			values[key] = c.values
		}
	}
	from, to := int(q.grid.Start().UnixMilli()/fineMs), int(q.grid.End().UnixMilli()/fineMs)
	all := make([]candidate, 0, len(values))
	for key, v := range values {
		one := candidate{key: key, values: v}
		total := q.lower[0]
		if len(total.terms) == 0 {
			total.terms = slices.Concat(q.lower[1].terms, q.lower[2].terms)
		}
		for _, t := range total.terms {
			if len(values) <= limit {
				break // nothing is left out: how many events there are does not matter
			}
			if c := e.counters[q.indexIn(e.terms, t)].columns[key]; c != nil {
				one.events += t.sign * c.events.sum(from, to)
			}
		}
		all = append(all, one)
	}
	chosen, left := choose(all, limit)
	q.groups, q.left = nil, left
	for _, one := range chosen {
		g := gathered{values: one.values, tallies: q.tallies(e, q.lower, one.key, q.apart || !shared)}
		if q.upper != nil {
			g.upper = q.tallies(e, q.upper, one.key, !shared)
			if sameEvents(g.tallies, g.upper) {
				g.upper = nil
			}
		}
		q.groups = append(q.groups, g)
	}
}

// tallies add the terms of expressions up, for one group.
func (q *counting) tallies(e *entry, expressions []expression, key string, own bool) []tally {
	out := make([]tally, len(expressions))
	for i, x := range expressions {
		for _, t := range x.terms {
			g := e.counters[q.indexIn(e.terms, t)]
			if out[i].events == nil {
				out[i] = tally{events: make([]float64, q.grid.Len()), seen: make([]bool, q.grid.Len())}
			}
			g.addOnGrid(&out[i], q.grid, g.columns[key], own, t.sign)
		}
	}
	return out
}

func sameEvents(a, b []tally) bool {
	return slices.EqualFunc(a, b, func(a, b tally) bool { return slices.Equal(a.events, b.events) })
}

// warnOfBounds says between which bounds a threshold lies that is none of a native
// histogram's.
func (q *counting) warnOfBounds(r *Reading, e *entry) {
	differ := slices.ContainsFunc(q.groups, func(g gathered) bool { return g.upper != nil })
	if !differ {
		return
	}
	for i, t := range e.terms {
		if t.kind != histogramBelow && t.kind != histogramUpTo {
			continue
		}
		if lower, upper, ok := e.counters[i].around(t.bound); ok {
			r.warnOfBucket(t.bound, lower, upper)
			return
		}
	}
}

func (r *Reading) warnOfBucket(bound, lower, upper float64) {
	r.warn(BucketMismatch, "no bucket of the histogram ends at %v; events up to %v are counted as good, and those up to %v may be", bound, lower, upper)
}
