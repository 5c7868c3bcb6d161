package prom

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// Rules record, every RecordedEvery, by how many events an indicator grew since they
// did so last: in RecordedMetric, with the labels slo, which names the indicator, and
// kind, which is good, bad or total. Where raw samples are too many to be read, sums of
// these are read in their place.
const (
	RecordedMetric = "stakes_slice_events"
	RecordedEvery  = 5 * time.Minute
)

// recorded sums what rules recorded of an indicator, and counts by its own queries what
// they did not: slices that are shorter than the rules' interval, and those in which
// they did not run all the time. ok is false where they recorded nothing at all.
func (s *Session) recorded(ctx context.Context, r *Reading, c *compiled, by []string, grid slo.Grid, complete time.Time, limit int) (groups []gathered, left int, ok bool, err error) {
	to := earliest(grid.End(), slo.Floor(complete, fine))
	if !grid.Start().Before(to) {
		return nil, 0, false, nil
	}
	q := &counting{by: by, lower: recordedExpressions(c)}
	q.want = want{terms: q.terms(), by: by, scrape: RecordedEvery, grid: grid, to: to}
	sums := newReading(c)
	if _, err := s.countBy(ctx, &sums, q, limit); err != nil {
		return nil, 0, false, err
	}
	if sums.Series == 0 {
		r.Queries = append(r.Queries, sums.Queries...)
		return nil, 0, false, nil
	}
	r.Method, r.Road = Recorded, Slices
	r.add(&sums)
	groups = q.groups
	raw := *c
	raw.Indicator.Recorded = ""
	for i, run := range lackingRuns(grid, groups, complete) {
		part, err := slo.NewGrid(partsBetween(grid, run.from, run.to)...)
		if err != nil {
			return nil, 0, false, err
		}
		raw.tag = fmt.Sprintf("run %d", i)
		if run.to == grid.Len() {
			raw.tag = "tail"
		}
		read := newReading(c)
		more, _, err := s.gather(ctx, &read, &raw, by, part, complete, limit)
		if err != nil {
			return nil, 0, false, err
		}
		r.add(&read)
		groups = patched(groups, more, grid.Len(), run)
	}
	r.Plan = fmt.Sprintf("what rules recorded was added up, and what they did not was counted; %s series, %s values read", rounded(int64(r.Series)), rounded(int64(r.Readings)))
	return groups, q.left, true, nil
}

// add adds what another reading read.
func (r *Reading) add(o *Reading) {
	r.Series += o.Series
	r.Readings += o.Readings
	r.Estimated += o.Estimated
	r.Queries = append(r.Queries, o.Queries...)
	r.StoreWarnings = append(r.StoreWarnings, o.StoreWarnings...)
	r.Warnings = append(r.Warnings, o.Warnings...)
}

// recordedExpressions are the sums of what was recorded of an indicator's total, good
// and bad events, and how often the rules ran.
func recordedExpressions(c *compiled) []expression {
	out := make([]expression, 4)
	first := ""
	for i, x := range c.expressions() {
		if x.written == "" {
			continue
		}
		selector := fmt.Sprintf("%s{kind=%q,slo=%q}", RecordedMetric, []string{"total", "good", "bad"}[i], c.Recorded)
		if first == "" {
			first = selector
		}
		out[i] = expression{written: selector, terms: []term{{selector: selector, sign: 1, kind: sampleSum}}}
	}
	out[3].terms = []term{{selector: first, sign: 1, kind: sampleCount}}
	return out
}

// run is a run of slices [from, to).
type run struct{ from, to int }

// lackingRuns are the complete slices in which rules did not record all the time, for
// any of the groups. Runs that are less than an hour apart are one.
func lackingRuns(grid slo.Grid, groups []gathered, complete time.Time) []run {
	var runs []run
	for i := range grid.Len() {
		length := grid.Edge(i + 1).Sub(grid.Edge(i))
		lacks := length < RecordedEvery
		for _, g := range groups {
			ran := 0.0
			if g.tallies[3].events != nil {
				ran = g.tallies[3].events[i]
			}
			lacks = lacks || ran < float64(length/RecordedEvery)
		}
		if !lacks || grid.Edge(i+1).After(complete) {
			continue
		}
		if n := len(runs); n > 0 && grid.Edge(i).Sub(grid.Edge(runs[n-1].to)) < time.Hour {
			runs[n-1].to = i + 1
			continue
		}
		runs = append(runs, run{i, i + 1})
	}
	return runs
}

// partsBetween are the parts of a grid's slices [from, to).
func partsBetween(grid slo.Grid, from, to int) []slo.Part {
	var parts []slo.Part
	for i := from; i < to; i++ {
		parts = appendPart(parts, slo.Part{Start: grid.Edge(i), Step: grid.Edge(i + 1).Sub(grid.Edge(i)), N: 1})
	}
	return parts
}

// patched are groups with a run of slices counted otherwise.
func patched(groups, more []gathered, n int, at run) []gathered {
	for i := range groups {
		for k := range groups[i].tallies[:3] {
			clearRun(&groups[i].tallies[k], at)
		}
	}
	for _, m := range more {
		i := slices.IndexFunc(groups, func(g gathered) bool { return slices.Equal(g.values, m.values) })
		if i < 0 {
			groups = append(groups, gathered{values: m.values, tallies: make([]tally, 4)})
			i = len(groups) - 1
		}
		for k, t := range m.tallies[:3] {
			if t.events == nil {
				continue
			}
			into := &groups[i].tallies[k]
			if into.events == nil {
				into.events, into.seen = make([]float64, n), make([]bool, n)
			}
			copy(into.events[at.from:at.to], t.events)
			copy(into.seen[at.from:at.to], t.seen)
			into.last = max(into.last, t.last)
		}
	}
	return groups
}

func clearRun(t *tally, at run) {
	if t.events != nil {
		clear(t.events[at.from:at.to])
		clear(t.seen[at.from:at.to])
	}
}
