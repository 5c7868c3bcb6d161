package prom

import (
	"context"
	"sync"
	"time"

	"github.com/prometheus/common/model"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// Session answers questions that are asked at about the same time. Questions that
// need the same data share one read of it. Past data does not change, so that an
// answer is never older than the session.
type Session struct {
	store  *Store
	slices *sliceStore
	values *valueStore
	census *census
	scrape time.Duration // how far apart samples are

	mu    sync.Mutex
	reads map[string]any // *read[T] by what is read
}

// NewSession starts a session. scrape is the interval at which the counters are
// scraped.
func (s *Store) NewSession(scrape time.Duration) *Session {
	return &Session{store: s, slices: s.slices, values: s.values, census: &s.census, scrape: scrape, reads: map[string]any{}}
}

// NewPrivateSession starts a session that shares nothing with others, for requests
// that carry credentials of their own and may not see the same data.
func (s *Store) NewPrivateSession(scrape time.Duration) *Session {
	return &Session{store: s, slices: newSliceStore(s.slices.limit), values: newValueStore(), census: &census{}, scrape: scrape, reads: map[string]any{}}
}

// read is a read from the store, running or done.
type read[T any] struct {
	done  chan struct{}
	value T
	trace Trace
	err   error
}

// once returns what fetch returns, calling it only for the first question with
// the same key. A failure is not kept: whoever waited for it asks for itself, since
// the first one may only have been cancelled.
func once[T any](ctx context.Context, s *Session, key string, fetch func(*Trace) (T, error)) (*read[T], error) {
	for {
		s.mu.Lock()
		r, ok := s.reads[key].(*read[T])
		if !ok {
			r = &read[T]{done: make(chan struct{})}
			s.reads[key] = r
		}
		s.mu.Unlock()
		if !ok {
			r.err = Safely(func() (err error) {
				r.value, err = fetch(&r.trace)
				return err
			})()
			if r.err != nil {
				s.mu.Lock()
				delete(s.reads, key)
				s.mu.Unlock()
			}
			close(r.done)
			return r, r.err
		}
		select {
		case <-r.done:
			if r.err == nil {
				return r, nil
			}
		case <-ctx.Done():
			return nil, inWords(ctx.Err())
		}
	}
}

// gridKey names a grid.
func gridKey(g slo.Grid) string {
	key := ""
	for _, p := range g.Parts() {
		key += stamp(p.Start) + "/" + p.Step.String() + "/" + model.Duration(p.End().Sub(p.Start)).String() + ";"
	}
	return key
}
