package prom

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"golang.org/x/sync/errgroup"
)

const (
	// overlap is how far back a refresh reads again what was read before: samples
	// that arrive later than this are noticed when history is read anew.
	overlap = 5 * time.Minute
	// historyLife is after how long all of a counter's history is read anew, which
	// is when samples that were written or deleted afterwards are noticed.
	historyLife = 12 * time.Hour
)

// sliceStore keeps the growth of counters, minute by minute, so that only what is
// new is read from the store. It holds the counters that were asked for last, up to
// a limit of memory.
type sliceStore struct {
	limit int64 // bytes

	mu      sync.Mutex
	entries map[string]*entry
	clock   int64 // counts uses, for the order of eviction
}

func newSliceStore(limit int64) *sliceStore {
	return &sliceStore{limit: limit, entries: map[string]*entry{}}
}

// entry is the growth of the counters of one indicator. Who holds its lock may read
// it and bring it up to date; others who want the same wait and find it done.
type entry struct {
	lock     chan struct{} // a mutex that a context can give up waiting for
	reads    []sharedRead
	counters []*growth // by selector; nil before the first read
	from, to time.Time // what is complete, whole minutes
	span     time.Duration
	began    time.Time // when history was read

	// Guarded by the store's lock.
	used  int64
	bytes int64
}

// with calls use with the entry of some selectors, brought up to date for an
// interval. Nobody else reads or changes the entry meanwhile.
func (s *sliceStore) with(ctx context.Context, store *Store, t *Trace, selectors []string, scrape time.Duration, from, to time.Time, use func(*entry)) error {
	e := s.entry(selectors)
	select {
	case e.lock <- struct{}{}:
		defer func() { <-e.lock }()
	case <-ctx.Done():
		return inWords(ctx.Err())
	}
	if err := e.update(ctx, store, t, selectors, scrape, from, to); err != nil {
		return err
	}
	if t.empty() {
		for _, one := range e.reads {
			t.add(fmt.Sprintf("remote read %s, kept since %s", one.base, stamp(e.from)), nil)
		}
	}
	use(e)
	s.account(e)
	return nil
}

func (s *sliceStore) entry(selectors []string) *entry {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := strings.Join(selectors, " ") // in the order of the counters
	e, ok := s.entries[key]
	if !ok {
		e = &entry{lock: make(chan struct{}, 1), reads: shareReads(selectors)}
		s.entries[key] = e
	}
	s.clock++
	e.used = s.clock
	return e
}

// account notes how large an entry has become, and drops those that were not used
// for longest until the limit is kept.
func (s *sliceStore) account(changed *entry) {
	var bytes int64
	for _, g := range changed.counters {
		bytes += g.bytes()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	changed.bytes = bytes
	for {
		total, oldest := int64(0), ""
		for key, e := range s.entries {
			total += e.bytes
			if oldest == "" || e.used < s.entries[oldest].used {
				oldest = key
			}
		}
		if total <= s.limit || oldest == "" {
			return
		}
		delete(s.entries, oldest) // who uses it now still may
	}
}

// forget drops everything, so that history is read anew.
func (s *sliceStore) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.entries = map[string]*entry{}
}

// update makes the entry complete for [from, to), whole minutes. It reads what is
// missing at the end, or all where the beginning is missing or history is old.
//
// A read that breaks off leaves nothing wrong behind: history that was begun anew is
// thrown away, and what was added at the end is passed over when it comes again,
// because samples are taken once.
func (e *entry) update(ctx context.Context, store *Store, t *Trace, selectors []string, scrape time.Duration, from, to time.Time) error {
	e.span = max(e.span, to.Sub(from))
	switch {
	case e.counters == nil, from.Before(e.from), time.Since(e.began) > historyLife:
		began := time.Now()
		if e.counters != nil {
			// As much as was ever asked for, so that the next question finds its
			// beginning too.
			to = latest(to, e.to)
			from = earliest(from, to.Add(-e.span))
		}
		counters := make([]*growth, len(selectors))
		for i := range counters {
			counters[i] = newGrowth(from, scrape)
			counters[i].extend(to)
		}
		if err := readAll(ctx, store, t, e.reads, counters, from.Add(-lookbehind), to); err != nil {
			return err
		}
		e.counters, e.from, e.to, e.began = counters, from, to, began
	case to.After(e.to):
		for _, g := range e.counters {
			g.extend(to)
		}
		if err := readAll(ctx, store, t, e.reads, e.counters, e.to.Add(-overlap), to); err != nil {
			return err
		}
		e.to = to
		// A day more than was ever asked for, so that a question about a moment ago
		// finds its beginning.
		if keep := to.Add(-e.span - 24*time.Hour); keep.After(e.from.Add(24 * time.Hour)) {
			for _, g := range e.counters {
				g.forget(keep, to)
			}
			e.from = keep
		}
	}
	return nil
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earliest(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// readAll reads the samples in [from, to) of several reads, side by side.
func readAll(ctx context.Context, store *Store, t *Trace, reads []sharedRead, counters []*growth, from, to time.Time) error {
	group, gctx := errgroup.WithContext(ctx)
	for _, one := range reads {
		group.Go(Safely(func() error { return readShared(gctx, store, t, one, counters, from, to) }))
	}
	return group.Wait()
}

// readShared reads every sample of one base and gives each to the counters that it
// is of.
func readShared(ctx context.Context, store *Store, t *Trace, one sharedRead, counters []*growth, from, to time.Time) error {
	release, err := store.slot(ctx)
	if err != nil {
		return err
	}
	defer release()
	matchers := make([][]*labels.Matcher, len(one.selectors))
	for i, selector := range one.selectors {
		matchers[i] = matchersOf(selector)
	}
	samples := 0
	series := func(l labels.Labels) sample {
		var into []*seriesGrowth
		for i, k := range one.terms {
			if matchesAll(matchers[i], l) {
				into = append(into, counters[k].of(l))
			}
		}
		return func(at int64, value float64) error {
			if samples++; samples > maxSamples {
				return errTooManySamples
			}
			for _, s := range into {
				s.add(at, value)
			}
			return nil
		}
	}
	t.add(fmt.Sprintf("remote read %s from %s to %s", one.base, stamp(from), stamp(to)), nil)
	return store.remote.read(ctx, matchersOf(one.base), from, lastInstant(to), series)
}
