package prom

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// DefaultMaxSamples bounds what is read for one indicator where nobody says
// otherwise: about as many bytes, and two seconds of counting.
const DefaultMaxSamples = 100_000_000

// remoteReadRetry is how long a store that offers no remote read is not asked again.
const remoteReadRetry = 10 * time.Minute

var errTooManySamples = errors.New("too many samples to read")

// samples is the road on which every sample is read, by remote read.
type samples struct{ store *Store }

func (samples) name() string { return RemoteRead }

// read reads the samples of the parts: with those of a day before them, so that the
// last values before are known, or with those of the last minutes before, which may
// have come late.
func (r samples) read(ctx context.Context, t *Trace, e *entry, counters []*growth, parts []slo.Part, fresh bool) error {
	from, to := parts[0].Start, parts[len(parts)-1].End()
	back := overlap
	if fresh {
		back = lookbehind
	}
	for _, one := range e.terms {
		to = latest(to, parts[len(parts)-1].End().Add(one.lag))
	}
	var jobs []*readJob
	var lock sync.Mutex
	came := new(int64) // series so far
	for _, one := range shareReads(e.selectors()) {
		t.add(fmt.Sprintf("remote read %s from %s to %s", one.base, stamp(from.Add(-back)), stamp(to)), nil)
		jobs = append(jobs, newReadJob(matchersOf(one.base), from.Add(-back), lastInstant(to), r.deliver(e, one, counters, fresh, &lock, came)))
	}
	return r.store.read(ctx, jobs)
}

// deliver gives every sample of one base to the counters that it is of. Several bases
// may come in requests side by side; the lock is held by whichever counts.
func (r samples) deliver(e *entry, one sharedRead, counters []*growth, fresh bool, lock *sync.Mutex, came *int64) func(labels.Labels) sink {
	matchers := make([][]*labels.Matcher, len(one.selectors))
	for i, selector := range one.selectors {
		matchers[i] = matchersOf(selector)
	}
	read := &delivery{lock: lock, max: r.store.maxSamples}
	return func(l labels.Labels) sink {
		lock.Lock()
		defer lock.Unlock()
		if fresh && read.series == 0 { // room for every minute is made once it is needed
			for _, k := range one.terms {
				counters[k].openUp()
			}
		}
		read.into = read.into[:0]
		for i, k := range one.terms {
			if matchesAll(matchers[i], l) {
				read.into = append(read.into, counters[k].of(l))
			}
		}
		read.series++
		if *came++; *came%boundEvery == 0 && !counters[0].coarse && len(e.by) > 0 {
			e.bound(counters, *came)
		}
		return read
	}
}

// boundEvery is after how many series it is looked at how much memory they take.
const boundEvery = 100

// bound keeps only hours where nobody asks for more, once minutes take more memory
// than they may, or will when all series that there are have come.
func (e *entry) bound(counters []*growth, came int64) {
	var bytes int64
	for _, g := range counters {
		bytes += g.bytes()
	}
	if float64(bytes)*max(1, float64(e.series)/float64(came)) > float64(e.limit) {
		e.hours.coarse = true
		for _, g := range counters {
			g.coarsen(e.hours.keepFine)
		}
	}
}

// delivery hands the samples of one series on, and counts them.
type delivery struct {
	lock    *sync.Mutex
	into    []*seriesGrowth
	series  int
	samples int64
	max     int64
}

func (r *delivery) floats(all numbers) {
	r.lock.Lock()
	defer r.lock.Unlock()
	r.samples += int64(all.n)
	for _, s := range r.into {
		s.addAll(all)
	}
}

func (r *delivery) histogram(at int64, h *histogram.FloatHistogram) {
	r.lock.Lock()
	defer r.lock.Unlock()
	r.samples++
	for _, s := range r.into {
		s.addHistogram(at, h)
	}
}

func (r *delivery) done() error {
	if r.samples > r.max {
		return errTooManySamples
	}
	return nil
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
		if !slices.ContainsFunc(have, func(h *labels.Matcher) bool { return h.Name == w.Name && h.Type == w.Type && h.Value == w.Value }) {
			return false
		}
	}
	return true
}

// matchersOf are the matchers of a selector, the name among them.
func matchersOf(selector string) []*labels.Matcher {
	v := selectorOf(selector)
	if v == nil {
		return nil // selectors are written by compile
	}
	return v.LabelMatchers
}

// selectorOf is a selector understood. It must not be changed.
func selectorOf(selector string) *parser.VectorSelector {
	return selectorsRead.of(selector, func() *parser.VectorSelector {
		tree, err := promql.ParseExpr(selector)
		if err != nil {
			return nil
		}
		v, _ := tree.(*parser.VectorSelector)
		return v
	})
}

func matchesAll(matchers []*labels.Matcher, l labels.Labels) bool {
	for _, m := range matchers {
		if !m.Matches(l.Get(m.Name)) {
			return false
		}
	}
	return true
}
