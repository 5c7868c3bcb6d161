package prom

import (
	"context"
	"errors"
	"slices"
	"time"
)

// Kept says that the store could not be asked for the newest events, and that those
// which were counted before stand in. What came after is not known: its slices are
// gaps, so that coverage falls for as long as the store is away.
type Kept struct {
	To    time.Time // up to when events are known
	Cause error     // why the store could not be asked
}

// countKept counts from what is kept where the store fails. It does not where the
// store refused the question or the credentials: whoever may no longer see data is not
// shown what was read before.
func (s *Session) countKept(ctx context.Context, r *Reading, q *counting, limit int, cause error) bool {
	var failure *Error
	if ctx.Err() != nil || !errors.As(cause, &failure) || failure.refused {
		return false
	}
	for _, road := range []string{RemoteRead, LastValues} {
		to, ok := s.slices.peek(road, q.want, func(e *entry) {
			r.Series, r.Readings = 0, 0
			for _, g := range e.counters {
				r.Series += len(g.series)
			}
			q.take(e, limit)
			q.warnOfBounds(r, e)
		})
		if ok {
			q.unseeAfter(to)
			r.Road, r.Kept = road, &Kept{To: to, Cause: cause}
			r.Plan = "the store could not be asked; what was read before was counted"
			keptAnswers.Inc()
			return true
		}
	}
	return false
}

// peek calls use with what is kept for a question, as far as it goes. ok is false where
// its beginning is missing, or where it is kept less finely than the question asks.
func (s *sliceStore) peek(road string, w want, use func(*entry)) (to time.Time, ok bool) {
	s.mu.Lock()
	e, _ := s.entries[road+" "+w.key()].(*entry)
	s.mu.Unlock()
	if e == nil {
		return to, false
	}
	select {
	case e.lock <- struct{}{}:
		defer func() { <-e.lock }()
	case <-time.After(time.Second): // somebody asks the store again
		return to, false
	}
	if e.counters == nil || w.grid.Start().Before(e.from) || !w.grid.Start().Before(e.to) || len(e.hours.lacking(w.grid, e.to)) > 0 {
		return to, false
	}
	use(e)
	return e.to, true
}

// unseeAfter makes slices that end after an instant ones that nothing was seen in: a
// read that broke off may have left some of their samples behind.
func (q *counting) unseeAfter(to time.Time) {
	known := q.grid.Len()
	for known > 0 && q.grid.Edge(known).After(to) {
		known--
	}
	for _, g := range q.groups {
		for _, tallies := range [][]tally{g.tallies, g.upper} {
			for i := range tallies {
				clearRun(&tallies[i], run{known, q.grid.Len()})
				tallies[i].last = min(tallies[i].last, lastInstant(to).UnixMilli())
			}
		}
	}
}

// partialLife is after how long history that the store gave in part only is asked for
// again.
const partialLife = 2 * time.Minute

// incomplete are the warnings with which a store gave less than it should have, and
// when. What they came with counts with them until it is read anew.
type incomplete struct{ warnings []string }

// note takes over what a read was warned of. fresh is that it read everything anew.
func (i *incomplete) note(t *Trace, fresh bool) {
	if fresh {
		i.warnings = nil
	}
	for _, w := range t.Warnings() {
		if isPartial(w) && len(i.warnings) == 0 {
			i.warnings = append(i.warnings, w)
		}
	}
}

// expired reports that it is time to ask again.
func (i *incomplete) expired(began time.Time) bool {
	return len(i.warnings) > 0 && time.Since(began) > partialLife
}

// tell adds the warnings to a trace that has none of its own.
func (i *incomplete) tell(t *Trace) {
	if len(i.warnings) > 0 && len(t.Warnings()) == 0 {
		t.warn(i.warnings)
	}
}

// Partial reports warnings of a store that it answered in part only.
func Partial(storeWarnings []string) bool { return slices.ContainsFunc(storeWarnings, isPartial) }

// ErrPartial is what those are told who cannot use an answer in part.
var ErrPartial error = &Error{words: "Prometheus answered in part only, and says that data is missing"}
