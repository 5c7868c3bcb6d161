package prom

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/prometheus/common/model"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// evaluate evaluates an indicator's expressions as they are written, in every slice as
// often as covers it, and adds up the series that come out.
func (s *Session) evaluate(ctx context.Context, r *Reading, c *compiled, by []string, grid slo.Grid, complete time.Time, limit int) ([]gathered, int, error) {
	tables := make([]*table, 3)
	for i, x := range c.expressions() {
		if x.written == "" {
			continue
		}
		t, err := s.readWritten(ctx, r, x.over, by, grid, complete)
		if err != nil {
			return nil, 0, err
		}
		tables[i] = t.scaled(grid, x.events)
	}
	groups, left := tabulate(grid, tables, limit)
	return groups, left, s.lastWritten(ctx, r, c, by, grid, complete, groups)
}

// readAsWritten makes an indicator that was to be counted one that is evaluated.
func (c *compiled) readAsWritten() error {
	for _, x := range c.expressions() {
		if x.written != "" {
			if err := x.readAsWritten(); err != nil {
				return err
			}
		}
	}
	return nil
}

// table is what a query gave: per group and slice, the sum of its series.
type table struct {
	groups map[string]*tableGroup
	series int
}

type tableGroup struct {
	values []string // of the labels
	tally
}

func (t *table) group(key string, values []string, n int) *tableGroup {
	g, ok := t.groups[key]
	if !ok {
		g = &tableGroup{values: values, tally: tally{events: make([]float64, n), seen: make([]bool, n)}}
		t.groups[key] = g
	}
	return g
}

// scaled is a table of events, made of values and how long their slices are.
func (t *table) scaled(grid slo.Grid, events func(value float64, slice time.Duration) float64) *table {
	for _, g := range t.groups {
		for i, v := range g.events {
			g.events[i] = events(v, grid.Edge(i+1).Sub(grid.Edge(i)))
		}
	}
	return t
}

// tabulate are the groups with most events in tables of total, good and bad events,
// some of which may be nil.
func tabulate(grid slo.Grid, tables []*table, limit int) ([]gathered, int) {
	seen := map[string]bool{}
	var all []candidate
	for i, t := range tables {
		if t == nil {
			continue
		}
		for key, g := range t.groups {
			if seen[key] {
				continue
			}
			seen[key] = true
			one := candidate{key: key, values: g.values}
			for k, weigh := range tables[i:] {
				// Without a total, the good and the bad events are all there are.
				if weigh == nil || k+i > 0 && tables[0] != nil || weigh.groups[key] == nil {
					continue
				}
				for _, v := range weigh.groups[key].events {
					one.events += v
				}
			}
			all = append(all, one)
		}
	}
	chosen, left := choose(all, limit)
	groups := make([]gathered, len(chosen))
	for i, one := range chosen {
		groups[i] = gathered{values: one.values, tallies: make([]tally, 3)}
		for k, t := range tables {
			if t != nil && t.groups[one.key] != nil {
				groups[i].tallies[k] = t.groups[one.key].tally
				groups[i].tallies[k].last = t.groups[one.key].newest(grid)
			}
		}
	}
	return groups, left
}

// newest is the last instant of the last slice that has a value.
func (t tally) newest(grid slo.Grid) int64 {
	for i := len(t.seen) - 1; i >= 0; i-- {
		if t.seen[i] {
			return lastInstant(grid.Edge(i + 1)).UnixMilli()
		}
	}
	return 0
}

// writtenSlices keeps what a query gave at the ends of slices of one length. What is
// older than the overlap is asked for once.
type writtenSlices struct {
	lock   chan struct{} // a mutex that a context can give up waiting for
	began  time.Time
	have   map[int64]bool // by the end of the slice in minutes since the epoch
	groups map[string]*writtenGroup

	partial incomplete
	usage
}

type writtenGroup struct {
	values []string
	at     map[int64]float64
}

// shrink can free nothing but all.
func (*writtenSlices) shrink(bool) bool { return false }

func (w *writtenSlices) size() int64 {
	n := len(w.have)
	for _, g := range w.groups {
		n += 2*len(g.at) + 4
	}
	return int64(n) * 24
}

// readWritten evaluates a query, which may depend on the length of slices, at the end
// of each slice that is complete. NaN and infinities are no values.
func (s *Session) readWritten(ctx context.Context, r *Reading, query func(slice time.Duration) string, by []string, grid slo.Grid, complete time.Time) (*table, error) {
	got, err := once(ctx, s, "written "+query(time.Hour)+" by "+groupKey(by)+" "+gridKey(grid)+stamp(complete), func(t *Trace) (*table, error) {
		out := &table{groups: map[string]*tableGroup{}}
		for _, part := range grid.Parts() {
			if err := s.readPart(ctx, t, query(part.Step), by, grid, part, complete, out); err != nil {
				return nil, err
			}
		}
		return out, nil
	})
	if err != nil {
		return nil, err
	}
	r.addTrace(&got.trace)
	copied := &table{groups: map[string]*tableGroup{}, series: got.value.series}
	r.Series += max(copied.series, len(got.value.groups))
	for key, g := range got.value.groups {
		c := copied.group(key, g.values, grid.Len())
		copy(c.events, g.events)
		copy(c.seen, g.seen)
		for _, seen := range g.seen {
			if seen {
				r.Readings++
			}
		}
	}
	return copied, nil
}

// readPart reads slices of one length.
func (s *Session) readPart(ctx context.Context, t *Trace, query string, by []string, grid slo.Grid, part slo.Part, complete time.Time, out *table) error {
	kept := fetch(s.slices, "written "+part.Step.String()+" "+query+" by "+groupKey(by), func() *writtenSlices {
		return &writtenSlices{lock: make(chan struct{}, 1)}
	})
	select {
	case kept.lock <- struct{}{}:
		defer func() { <-kept.lock }()
	case <-ctx.Done():
		return inWords(ctx.Err())
	}
	if kept.have == nil || time.Since(kept.began) > historyLife || kept.partial.expired(kept.began) {
		kept.partial = incomplete{}
		kept.have, kept.groups, kept.began = map[int64]bool{}, map[string]*writtenGroup{}, time.Now()
	}
	for _, missing := range kept.missing(part, complete) {
		matrices, err := s.store.perSlice(ctx, t, query, missing)
		if err != nil {
			return err
		}
		kept.partial.note(t, false)
		kept.take(matrices, by, missing, complete)
		out.series = max(out.series, len(slices.Concat(matrices...)))
	}
	kept.partial.tell(t)
	for i := range part.N {
		end := part.Start.Add(time.Duration(i+1) * part.Step)
		k := grid.Index(end) - 1
		for key, g := range kept.groups {
			if v, ok := g.at[end.Unix()/60]; ok {
				into := out.group(key, g.values, grid.Len())
				into.events[k], into.seen[k] = v, true
			}
		}
	}
	s.slices.account(kept, kept.size())
	return nil
}

// missing are the complete slices of a part that are not kept.
func (w *writtenSlices) missing(part slo.Part, complete time.Time) []slo.Part {
	var parts []slo.Part
	for i := range part.N {
		begin := part.Start.Add(time.Duration(i) * part.Step)
		if end := begin.Add(part.Step); !end.After(complete) && !w.have[end.Unix()/60] {
			parts = appendPart(parts, slo.Part{Start: begin, Step: part.Step, N: 1})
		}
	}
	return parts
}

// take keeps what a query gave for slices.
func (w *writtenSlices) take(matrices []model.Matrix, by []string, part slo.Part, complete time.Time) {
	for i := range part.N {
		end := part.Start.Add(time.Duration(i+1) * part.Step)
		if !end.After(complete.Add(-overlap)) {
			w.have[end.Unix()/60] = true
		}
		for _, g := range w.groups {
			delete(g.at, end.Unix()/60)
		}
	}
	for _, stream := range slices.Concat(matrices...) {
		values := make([]string, len(by))
		for i, name := range by {
			values[i] = string(stream.Metric[model.LabelName(name)])
		}
		key := groupKey(values)
		for _, pair := range stream.Values {
			v := float64(pair.Value)
			if math.IsNaN(v) || math.IsInf(v, 0) { // 0/0 without traffic
				continue
			}
			g, ok := w.groups[key]
			if !ok {
				g = &writtenGroup{values: values, at: map[int64]float64{}}
				w.groups[key] = g
			}
			// At the last instant of the slice, a millisecond before its end.
			g.at[(int64(pair.Timestamp)+1)/fineMs] += v
		}
	}
}

// lastWritten finds the newest sample of the first metric of an indicator's total.
func (s *Session) lastWritten(ctx context.Context, r *Reading, c *compiled, by []string, grid slo.Grid, complete time.Time, groups []gathered) error {
	for _, x := range c.expressions() {
		if x.written == "" {
			continue
		}
		if selector := firstSelector(x.written); selector != "" {
			at, err := s.newestOf(ctx, r, selector, by, earliest(grid.End(), complete))
			if err == nil {
				at.of(groups)
			}
			return err
		}
		return nil
	}
	return nil
}
