package prom

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// recorded sums what rules recorded of an indicator, and counts by its own queries what
// they did not: slices that are no multiples of the rules' interval, the newest ones, and
// those in which rules did not run just as often as they should. ok is false where they
// recorded nothing of it.
//
// What is recorded is believed only if it is of the very same definition, if rules ran
// once for each five minutes of a slice, no more and no less, and if a bucket that is
// asked for is there.
func (s *Session) recorded(ctx context.Context, r *Reading, c *compiled, by []string, grid slo.Grid, complete time.Time, limit int) (groups []gathered, left int, ok bool, err error) {
	to := earliest(grid.End(), slo.Floor(complete.Add(-recordedLag), RecordedEvery))
	if !couldBeRecorded(grid, to) {
		return nil, 0, false, nil
	}
	definition := c.definition()
	if !s.knownAsRecorded(ctx, definition, to) {
		return nil, 0, false, nil
	}
	sums := newReading(c)
	ran, err := s.recordedSums(ctx, &sums, &counting{lower: []expression{{}, recordedSum(definition, kindRan), recordedSum(definition, kindShared)}}, grid, to, 1)
	if err != nil || len(ran.groups) == 0 {
		return nil, 0, false, err
	}
	var events []expression
	for i, x := range c.expressions() {
		one := expression{}
		if x.written != "" {
			one = recordedSum(definition, kindsOfEvents[i])
		}
		events = append(events, one)
	}
	apart := len(by) > 0 && !slices.Contains(ran.groups[0].tallies[2].seen, true)
	q, err := s.recordedSums(ctx, &sums, &counting{by: by, lower: events, apart: apart}, grid, to, limit)
	if err != nil {
		return nil, 0, false, err
	}
	groups = q.groups
	runs := lackingRuns(grid, ran.groups[0].tallies[1], c.bucketsMissing(groups), to, complete)
	if len(runs) == 1 && runs[0] == (run{0, grid.Index(complete)}) {
		return nil, 0, false, nil
	}
	r.Method, r.Road = Recorded, Slices
	r.add(&sums)
	if groups, err = s.countRuns(ctx, r, c, by, grid, complete, limit, groups, runs); err != nil {
		return nil, 0, false, err
	}
	r.Plan = fmt.Sprintf("what rules recorded was added up, and what they did not was counted; %s series, %s values read", rounded(int64(r.Series)), rounded(int64(r.Readings)))
	return groups, q.left, true, nil
}

// recordedSum sums what was recorded of a kind.
func recordedSum(definition, kind string) expression {
	selector := recordedSelector(definition, kind)
	return expression{written: selector, terms: []term{{selector: selector, sign: 1, kind: sampleSum, lag: recordedLag}}}
}

// recordedSums reads what was recorded.
func (s *Session) recordedSums(ctx context.Context, r *Reading, q *counting, grid slo.Grid, to time.Time, limit int) (*counting, error) {
	q.want = want{terms: q.terms(), by: q.by, scrape: RecordedEvery, grid: grid, to: to}
	read := newReading(&compiled{})
	_, err := s.countBy(ctx, &read, q, limit)
	r.add(&read)
	return q, err
}

// bucketsMissing are the slices in which something was recorded, and nothing of a
// histogram's bucket that the indicator asks for: which bucket to take then is for
// counting to find out.
func (c *compiled) bucketsMissing(groups []gathered) func(slice int) bool {
	var buckets, others []int
	for k, x := range c.expressions() {
		switch {
		case slices.ContainsFunc(x.terms, func(t term) bool { return t.bucket }):
			buckets = append(buckets, k)
		case x.written != "":
			others = append(others, k)
		}
	}
	seen := func(kinds []int, slice int) bool {
		return slices.ContainsFunc(groups, func(g gathered) bool {
			return slices.ContainsFunc(kinds, func(k int) bool { return g.tallies[k].seen != nil && g.tallies[k].seen[slice] })
		})
	}
	return func(slice int) bool {
		return slices.ContainsFunc(buckets, func(k int) bool { return seen(others, slice) && !seen([]int{k}, slice) })
	}
}

// countRuns counts runs of slices by the indicator's own queries.
func (s *Session) countRuns(ctx context.Context, r *Reading, c *compiled, by []string, grid slo.Grid, complete time.Time, limit int, groups []gathered, runs []run) ([]gathered, error) {
	raw := *c
	raw.fromRaw = true
	for i, run := range runs {
		part, err := slo.NewGrid(partsBetween(grid, run.from, run.to)...)
		if err != nil {
			return nil, err
		}
		raw.tag = fmt.Sprintf("run %d", i)
		if run.to == grid.Index(complete) {
			raw.tag = "tail"
		}
		read := newReading(c)
		more, _, err := s.gather(ctx, &read, &raw, by, part, complete, limit)
		if err != nil {
			return nil, err
		}
		r.add(&read)
		groups = patched(groups, more, grid.Len(), run)
	}
	return groups, nil
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

// run is a run of slices [from, to).
type run struct{ from, to int }

// couldBeRecorded reports whether any slice of a grid is one that rules record.
func couldBeRecorded(grid slo.Grid, to time.Time) bool {
	for _, p := range grid.Parts() {
		if p.Step%RecordedEvery == 0 && !p.Start.Add(p.Step).After(to) {
			return true
		}
	}
	return false
}

// lackingRuns are the complete slices that rules did not record up to an instant, in
// which they did not run as often as they should, or that are missing for another reason.
// Runs that are less than an hour apart are one.
func lackingRuns(grid slo.Grid, ran tally, missing func(slice int) bool, to, complete time.Time) []run {
	var runs []run
	for i := range grid.Len() {
		end := grid.Edge(i + 1)
		length := end.Sub(grid.Edge(i))
		times := 0.0
		if ran.events != nil {
			times = ran.events[i]
		}
		lacks := length%RecordedEvery != 0 || end.After(to) || times != float64(length/RecordedEvery) || missing(i)
		if !lacks || end.After(complete) {
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
		for k := range groups[i].tallies {
			clearRun(&groups[i].tallies[k], at)
		}
	}
	for _, m := range more {
		i := slices.IndexFunc(groups, func(g gathered) bool { return slices.Equal(g.values, m.values) })
		if i < 0 {
			groups = append(groups, gathered{values: m.values, tallies: make([]tally, 3)})
			i = len(groups) - 1
		}
		for k, t := range m.tallies {
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
