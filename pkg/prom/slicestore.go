package prom

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

const (
	// overlap is how far back a refresh reads again what was read before: samples
	// that arrive later than this are noticed when history is read anew.
	overlap = 5 * time.Minute
	// historyLife is after how long all of a counter's history is read anew, which
	// is when samples that were written or deleted afterwards are noticed.
	historyLife = 12 * time.Hour
)

// sliceStore keeps the growth of counters so that only what is new is read from the
// store. It holds what was asked for last, up to a limit of memory: beyond it, what
// was not used for longest is kept by the hour where nobody asks for more, and then
// not at all.
type sliceStore struct {
	limit int64 // bytes

	mu      sync.Mutex
	entries map[string]kept
	clock   int64 // counts uses, for the order of eviction

	metered  bool  // its memory is in the metrics
	reported int64 // as much of it
}

// kept is something that a slice store keeps.
type kept interface {
	noted() *usage
	// shrink frees memory without losing all, and notes how much is left; it does not
	// wait, and reports whether it could. mine is that the caller holds the lock.
	shrink(mine bool) bool
}

// usage is what the store has noted of what it keeps.
type usage struct {
	used  int64
	bytes int64

	shrunk time.Time // when it was last shrunk, to so many bytes
	left   int64
}

func (u *usage) noted() *usage { return u }

func newSliceStore(limit int64) *sliceStore {
	return &sliceStore{limit: limit, entries: map[string]kept{}}
}

// want is a question for growth: of some terms by some labels, on a grid, up to
// where data is complete.
type want struct {
	terms  []term
	by     []string
	scrape time.Duration
	grid   slo.Grid
	to     time.Time
	series int64  // about how many there are, where it is known
	tag    string // keeps questions apart that are about different times
}

func (w want) key() string {
	parts := make([]string, 0, len(w.terms)+1)
	for _, t := range w.terms {
		parts = append(parts, t.key()) // in the order of the counters
	}
	return strings.Join(append(parts, "by", strings.Join(w.by, ","), w.tag), " ")
}

func (w want) selectors() []string {
	all := make([]string, len(w.terms))
	for i, t := range w.terms {
		all[i] = t.selector
	}
	return all
}

// road reads growth from a store.
type road interface {
	name() string
	// read reads growth in the parts, which follow each other without a gap. fresh is
	// that nothing of what was before them is known yet.
	read(ctx context.Context, t *Trace, e *entry, counters []*growth, parts []slo.Part, fresh bool) error
}

// entry is the growth of the counters of one indicator. Who holds its lock may read
// it and bring it up to date; others who want the same wait and find it done.
type entry struct {
	lock  chan struct{} // a mutex that a context can give up waiting for
	want                // grid and to are those of the last question
	limit int64         // bytes beyond which only hours are kept

	counters  []*growth // by term; nil before the first read
	from, to  time.Time // what is complete, whole minutes
	span      time.Duration
	began     time.Time // when history was read
	firstSeen int64     // what is born later is a birth
	hours     hours
	unrefined int // slices with a restart that were not read sample by sample
	partial   incomplete
	failed    error // of the last read; nil where it did not fail
	failedAt  time.Time
	lacks     []lackOfBucket

	usage
}

// with calls use with the entry of some terms, brought up to date for a grid. Nobody
// else reads or changes the entry meanwhile.
func (s *sliceStore) with(ctx context.Context, r road, t *Trace, w want, use func(*entry)) error {
	e := fetch(s, r.name()+" "+w.key(), func() *entry { return &entry{lock: make(chan struct{}, 1), limit: s.limit / 2} })
	came := time.Now()
	select {
	case e.lock <- struct{}{}:
		defer func() { <-e.lock }()
	case <-ctx.Done():
		return inWords(ctx.Err())
	}
	if e.failed != nil && e.failedAt.After(came) {
		return e.failed // while others waited, who need not wait for the same once more
	}
	if err := e.update(ctx, r, t, w); err != nil {
		if ctx.Err() == nil {
			e.failed, e.failedAt = err, time.Now()
		}
		return err
	}
	e.failed = nil
	e.partial.tell(t)
	if t.empty() {
		for _, term := range w.terms {
			t.add(fmt.Sprintf("%s %s, kept since %s", r.name(), term.selector, stamp(e.from)), nil)
		}
	}
	use(e)
	s.account(e, e.size())
	return nil
}

// fetch is what the store keeps under a key, made where it is not there.
func fetch[T kept](s *sliceStore, key string, make func() T) T {
	s.mu.Lock()
	defer s.mu.Unlock()
	one, ok := s.entries[key].(T)
	if !ok {
		one = make()
		s.entries[key] = one
	}
	s.clock++
	one.noted().used = s.clock
	return one
}

// account notes how large something has become, and makes room until the limit is
// kept: first by what was not used for longest being kept by the hour, then by dropping
// it.
func (s *sliceStore) account(changed kept, bytes int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	changed.noted().bytes = bytes
	total := int64(0)
	defer func() { s.report(total) }()
	for _, one := range s.entries {
		total += one.noted().bytes
	}
	if total <= s.limit {
		return
	}
	keys := slices.Collect(maps.Keys(s.entries))
	slices.SortFunc(keys, func(a, b string) int { return cmp.Compare(s.entries[a].noted().used, s.entries[b].noted().used) })
	for _, key := range keys {
		if total <= s.limit {
			return
		}
		total -= shrink(s.entries[key], s.entries[key] == changed)
	}
	for _, key := range keys {
		if total <= s.limit {
			return
		}
		total -= s.entries[key].noted().bytes
		delete(s.entries, key) // who uses it now still may
	}
}

// shrinkAgain is after how long it is worth another try to shrink what did not grow:
// hours that somebody asked for finely may not matter any more.
const shrinkAgain = 10 * time.Minute

// shrink frees what something can do without, and returns how much that was. mine is
// that the caller has its lock.
func shrink(one kept, mine bool) (freed int64) {
	u := one.noted()
	if time.Since(u.shrunk) < shrinkAgain && u.bytes <= u.left+u.left/8 {
		return 0
	}
	before := u.bytes
	if one.shrink(mine) {
		u.shrunk, u.left = time.Now(), u.bytes
	}
	return before - u.bytes
}

// forget drops everything, so that history is read anew.
func (s *sliceStore) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.entries = map[string]kept{}
	s.report(0)
}

// report tells the metrics how much memory is held; the caller holds the lock.
func (s *sliceStore) report(total int64) {
	if s.metered {
		cacheBytes.Add(float64(total - s.reported))
		s.reported = total
	}
}

func (e *entry) size() (bytes int64) {
	for _, g := range e.counters {
		bytes += g.bytes()
	}
	return bytes + int64(len(e.hours.step))*5
}

// shrink keeps only hours where nobody asked for more of late.
func (e *entry) shrink(mine bool) bool {
	if !mine {
		select {
		case e.lock <- struct{}{}:
			defer func() { <-e.lock }()
		default:
			return false // somebody is at it
		}
	}
	e.coarsen(e.counters)
	e.bytes = e.size() // the caller holds the store's lock
	return true
}

func (e *entry) coarsen(counters []*growth) {
	e.hours.coarsen(e.to)
	for _, g := range counters {
		g.coarsen(e.hours.keepFine)
	}
}

// update makes the entry complete for a question. It reads what is missing at the
// end, or all where the beginning is missing or history is old; and again, more
// finely, the hours of which the question wants to know more than is kept.
//
// A read that breaks off leaves nothing wrong behind: what was begun anew is
// thrown away, and what was added at the end is passed over when it comes again.
func (e *entry) update(ctx context.Context, r road, t *Trace, w want) error {
	e.want = w
	from, to := slo.Floor(w.grid.Start(), time.Hour), w.to
	e.span = max(e.span, to.Sub(from))
	result := "hit"
	defer func() { cacheUses.WithLabelValues(result).Inc() }()
	switch {
	case e.counters == nil, e.empty() && time.Since(e.began) > emptyLife, from.Before(e.from), time.Since(e.began) > historyLife, e.partial.expired(e.began):
		result = "miss"
		if err := e.begin(ctx, r, t, from, to); err != nil {
			return err
		}
		e.partial.note(t, true)
	case to.After(e.to):
		result = "refresh"
		for _, g := range e.counters {
			g.extend(to)
		}
		parts := partsOf(w.grid, e.unread(), to)
		if err := r.read(ctx, t, e, e.counters, parts, false); err != nil {
			return err
		}
		e.settle(e.counters)
		if lacks := lacksOf(e.counters); len(lacks) > 0 { // else what was found in all of history
			e.lacks = lacks
		}
		e.to = to
		e.partial.note(t, false)
		e.hours.note(parts, r.name() == RemoteRead)
		// A day more than was ever asked for, so that a question about a moment ago
		// finds its beginning.
		if keep := slo.Floor(to.Add(-e.span-24*time.Hour), 24*time.Hour); keep.After(e.from.Add(24 * time.Hour)) {
			for _, g := range e.counters {
				g.forget(keep, to)
			}
			e.hours.drop(keep)
			e.from = keep
		}
	}
	e.hours.ask(w.grid, e.to)
	return e.refine(ctx, r, t)
}

// emptyLife is after how long history in which nothing was seen is read anew: the store
// may not have been ready. It costs little for as long as there is none.
const emptyLife = 5 * time.Second

// empty reports that nothing was ever seen.
func (e *entry) empty() bool {
	for _, g := range e.counters {
		if len(g.columns) > 0 {
			return false
		}
	}
	return true
}

// unread is from when on a refresh reads: from the end of what was read, or, where
// nothing was seen of late, from the newest sample on. A store that answered with
// nothing for a while may have it after all.
func (e *entry) unread() time.Time {
	newest := int64(0)
	for _, g := range e.counters {
		newest = max(newest, g.last)
	}
	seen := slo.Floor(time.UnixMilli(newest), fine)
	if e.to.Sub(seen) <= overlap {
		return e.to
	}
	return latest(seen, latest(e.from, e.to.Add(-lookbehind)))
}

// begin reads history.
func (e *entry) begin(ctx context.Context, r road, t *Trace, from, to time.Time) error {
	began := time.Now()
	if e.counters != nil {
		// As much as was ever asked for, so that the next question finds its
		// beginning too.
		to = latest(to, e.to)
		from = slo.Floor(earliest(from, to.Add(-e.span)), time.Hour)
	}
	// The end is known before anything comes: what is kept by the minute while it is read
	// must be what is noted to be.
	oldHours, oldUnrefined, oldFirstSeen := e.hours, e.unrefined, e.firstSeen
	e.hours, e.unrefined, e.firstSeen = hours{from: from, end: to}, 0, never
	e.hours.ask(e.grid, to)
	parts := partsOf(e.grid, from, to)
	counters := e.fresh(from, to)
	if err := r.read(ctx, t, e, counters, parts, true); err != nil {
		e.hours, e.unrefined, e.firstSeen = oldHours, oldUnrefined, oldFirstSeen
		return err
	}
	e.settle(counters)
	e.counters, e.from, e.to, e.began = counters, from, to, began
	e.lacks = lacksOf(counters)
	coarse := len(counters) > 0 && counters[0].coarse
	e.hours.coarse = coarse
	e.hours.note(parts, r.name() == RemoteRead)
	return nil
}

// fresh are counters that nothing was counted by yet.
func (e *entry) fresh(from, to time.Time) []*growth {
	counters := make([]*growth, len(e.terms))
	for i, t := range e.terms {
		counters[i] = newGrowth(t, e.by, from, e.scrape)
		counters[i].extend(to)
	}
	return counters
}

// settle judges what was read: births by when anything of the indicator was first
// seen, and what came back by the restarts that any of its counters showed.
func (e *entry) settle(counters []*growth) {
	falls := map[string][]fallAt{}
	for _, g := range counters {
		if e.firstSeen == never {
			e.firstSeen = min(e.firstSeen, g.firstSeen())
		}
		for process, list := range g.falls {
			falls[process] = append(falls[process], list...)
		}
	}
	for _, g := range counters {
		g.settle(e.firstSeen, falls)
		g.forgetFalls(g.end - lookbehind.Milliseconds())
	}
}

// refine reads again, more finely, what the question wants to know more of than is
// kept.
func (e *entry) refine(ctx context.Context, r road, t *Trace) error {
	for _, part := range e.hours.lacking(e.grid, e.to) {
		finer := e.fresh(part.Start, part.End())
		if err := r.read(ctx, t, e, finer, []slo.Part{part}, true); err != nil {
			return err
		}
		falls := map[string][]fallAt{}
		for _, g := range finer {
			for process, list := range g.falls {
				falls[process] = append(falls[process], list...)
			}
		}
		from, to := int(part.Start.UnixMilli()/fineMs), int(part.End().UnixMilli()/fineMs)
		if e.sees(e.counters, from, to) && !e.sees(finer, from, to) {
			e.counters = nil // and nothing of it is trusted
			return errVanished
		}
		for i, g := range finer {
			g.settle(e.firstSeen, falls)
			e.counters[i].replace(g, from, to)
		}
		e.hours.refined(part)
	}
	return nil
}

// sees reports whether any counter was seen in minutes [from, to).
func (e *entry) sees(counters []*growth, from, to int) bool {
	for _, g := range counters {
		if minute, ok := g.seen.next(from); ok && minute < to {
			return true
		}
	}
	return false
}

// errVanished is that a store no longer has what it had. It may not be ready, or data
// may have been deleted: the next question reads all of it anew.
var errVanished = &Error{words: "Prometheus no longer has data that it had before; it is read anew with the next question"}

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
