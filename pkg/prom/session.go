package prom

import (
	"context"
	"sync"
	"time"

	"github.com/prometheus/common/model"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// Session answers the questions of one request. Questions that need the same
// data share one read of it.
type Session struct {
	store  *Store
	scrape time.Duration // how far apart samples are

	mu    sync.Mutex
	reads map[string]any // *read[T] by what is read
}

// NewSession starts a session. scrape is the interval at which the counters are
// scraped.
func (s *Store) NewSession(scrape time.Duration) *Session {
	return &Session{store: s, scrape: scrape, reads: map[string]any{}}
}

// read is a read from the store, running or done.
type read[T any] struct {
	done  chan struct{}
	value T
	trace Trace
	err   error
}

// once returns what fetch returns, calling it only for the first question with
// the same key.
func once[T any](ctx context.Context, s *Session, key string, fetch func(*Trace) (T, error)) (*read[T], error) {
	s.mu.Lock()
	r, ok := s.reads[key].(*read[T])
	if !ok {
		r = &read[T]{done: make(chan struct{})}
		s.reads[key] = r
	}
	s.mu.Unlock()
	if !ok {
		defer close(r.done)
		r.value, r.err = fetch(&r.trace)
		return r, r.err
	}
	select {
	case <-r.done:
		return r, r.err
	case <-ctx.Done():
		return nil, inWords(ctx.Err())
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
