package prom

import (
	"context"
	"errors"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// maxSamples bounds what is read for one counter: about as many bytes, and a
// second of counting for every hundred million.
const maxSamples = 100_000_000

// remoteReadRetry is how long a store that offers no remote read is not asked again.
const remoteReadRetry = 10 * time.Minute

var errTooManySamples = errors.New("too many samples to read")

// countSamples counts the growth of the expressions' counters from all their
// samples, by remote read. ok is false where the store does not offer it, or not
// for as much; then there is another road.
func (s *Session) countSamples(ctx context.Context, e *Events, grid slo.Grid, complete time.Time, terms []expressionTerm, tallies []tally) (ok bool, err error) {
	selectors := make([]string, len(terms))
	for i, t := range terms {
		selectors[i] = t.selector
	}
	if !s.store.offersRemoteRead(selectors) {
		return false, nil
	}
	// What has not happened yet must not be kept as if it had been read.
	to := earliest(grid.End(), slo.Floor(complete, fine))
	if !grid.Start().Before(to) {
		return true, nil
	}
	var trace Trace
	err = s.slices.with(ctx, s.store, &trace, selectors, s.scrape, grid.Start(), to, func(counted *entry) {
		firstSeen := int64(never)
		falls := map[string][]fallAt{}
		for _, g := range counted.counters {
			firstSeen = min(firstSeen, g.firstSeen())
			for process, list := range g.falls {
				falls[process] = append(falls[process], list...)
			}
			e.Series += len(g.series)
			e.Readings += g.readings
		}
		for i, g := range counted.counters {
			into, grown := tallies[terms[i].expression], g.onGrid(grid, firstSeen, falls)
			for k := range grown.events {
				into.events[k] += terms[i].sign * grown.events[k]
				into.seen[k] = into.seen[k] || grown.seen[k]
			}
		}
	})
	e.addTrace(&trace)
	switch {
	case err == nil:
		return true, nil
	case errors.As(err, new(*Panic)):
		return false, err
	case ctx.Err() != nil || isUnreachable(err):
		return false, inWords(err)
	}
	s.store.avoidRemoteRead(selectors, err)
	return false, nil
}

// sharedRead is one read for several counters: those whose selectors narrow base.
type sharedRead struct {
	base      string
	selectors []string
	terms     []int
}

// shareReads groups selectors so that failures, which are usually some of all
// requests, are not read twice.
func shareReads(selectors []string) []sharedRead {
	var reads []sharedRead
	taken := make([]bool, len(selectors))
	for {
		// The selector that most of the others narrow.
		best := sharedRead{}
		for i, base := range selectors {
			if taken[i] {
				continue
			}
			candidate := sharedRead{base: base}
			for k, selector := range selectors {
				if !taken[k] && narrows(selector, base) {
					candidate.selectors = append(candidate.selectors, selector)
					candidate.terms = append(candidate.terms, k)
				}
			}
			if len(candidate.terms) > len(best.terms) {
				best = candidate
			}
		}
		if len(best.terms) == 0 {
			return reads
		}
		for _, k := range best.terms {
			taken[k] = true
		}
		reads = append(reads, best)
	}
}

// narrows reports whether every series of a selector is one of base too, which is
// so where it has all of base's matchers.
func narrows(selector, base string) bool {
	have, want := matchersOf(selector), matchersOf(base)
	for _, w := range want {
		found := false
		for _, h := range have {
			found = found || h.String() == w.String()
		}
		if !found {
			return false
		}
	}
	return true
}

// matchersOf are the matchers of a selector, the name among them.
func matchersOf(selector string) []*labels.Matcher {
	tree, err := promql.ParseExpr(selector)
	if err != nil {
		return nil // selectors are written by compile
	}
	if v, ok := tree.(*parser.VectorSelector); ok {
		return v.LabelMatchers
	}
	return nil
}

func matchesAll(matchers []*labels.Matcher, l labels.Labels) bool {
	for _, m := range matchers {
		if !m.Matches(l.Get(m.Name)) {
			return false
		}
	}
	return true
}
