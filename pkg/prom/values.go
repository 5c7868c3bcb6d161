package prom

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// Values are what a query gives over time, for quantities that are not counted,
// such as the value of an order.
type Values struct {
	PerSlice      []slo.Number // of the hour that a slice lies in
	Queries       []string
	StoreWarnings []string
}

// Values evaluates a query that gives one series at the end of every hour. A slice
// has the value of its hour; of the hour that is not over yet, nothing is known.
// Where the query gives nothing, or no finite number, the value is unknown.
//
// Hours that are over are asked for once.
func (s *Session) Values(ctx context.Context, query string, grid slo.Grid, complete time.Time) (*Values, error) {
	// One hour more than the grid has, so that a short grid has a value to go on with.
	from, to := slo.Floor(grid.Start(), slo.Coarse).Add(-slo.Coarse), slo.Floor(earliest(grid.End(), complete), slo.Coarse)
	var trace Trace
	hours, err := s.values.get(ctx, &trace, query, from, to, func(from, to time.Time) ([]slo.Number, error) {
		return s.evaluateHours(ctx, &trace, query, from, to)
	})
	if err != nil {
		return nil, err
	}
	if trace.empty() {
		trace.add(fmt.Sprintf("%s, kept from %s to %s", query, stamp(from), stamp(to)), nil)
	}
	out := &Values{PerSlice: make([]slo.Number, grid.Len()), Queries: trace.Queries(), StoreWarnings: trace.Warnings()}
	last := slo.Number{}
	if len(hours) > 0 {
		last = hours[0]
	}
	for i := range out.PerSlice {
		if hour := int(grid.Edge(i).Sub(from) / slo.Coarse); hour < len(hours) {
			last = hours[hour]
		}
		out.PerSlice[i] = last
	}
	return out, nil
}

// evaluateHours evaluates a query at the end of every hour in [from, to).
func (s *Session) evaluateHours(ctx context.Context, t *Trace, query string, from, to time.Time) ([]slo.Number, error) {
	hours := slo.Part{Start: from, Step: slo.Coarse, N: int(to.Sub(from) / slo.Coarse)}
	matrices, err := s.store.perSlice(ctx, t, query, hours)
	if err != nil {
		return nil, err
	}
	out := make([]slo.Number, hours.N)
	for _, matrix := range matrices {
		if len(matrix) > 1 {
			return nil, QueryError{fmt.Errorf("PromQL %s gives %d series; expected one, such as by sum() around it", query, len(matrix))}
		}
		for _, stream := range matrix {
			for _, pair := range stream.Values {
				hour := int(pair.Timestamp.Time().Sub(from) / slo.Coarse)
				if v := float64(pair.Value); hour < len(out) && !math.IsNaN(v) && !math.IsInf(v, 0) {
					out[hour] = slo.Known(v)
				}
			}
		}
	}
	return out, nil
}

// valueStore keeps the values of queries at the ends of hours. There are as many
// queries as the catalogue has, and 24 bytes for each hour.
type valueStore struct {
	mu      sync.Mutex
	queries map[string]*hourly
}

// hourly is the values of one query in the hours [from, to).
type hourly struct {
	lock     chan struct{} // a mutex that a context can give up waiting for
	from, to time.Time
	values   []slo.Number
	began    time.Time // when the first of them were asked for
	partial  incomplete
}

func newValueStore() *valueStore { return &valueStore{queries: map[string]*hourly{}} }

// get returns the values of the hours in [from, to), asking for those that are not
// there.
func (s *valueStore) get(ctx context.Context, t *Trace, query string, from, to time.Time, ask func(from, to time.Time) ([]slo.Number, error)) ([]slo.Number, error) {
	if !from.Before(to) {
		return nil, nil
	}
	s.mu.Lock()
	h, ok := s.queries[query]
	if !ok {
		h = &hourly{lock: make(chan struct{}, 1)}
		s.queries[query] = h
	}
	s.mu.Unlock()
	select {
	case h.lock <- struct{}{}:
		defer func() { <-h.lock }()
	case <-ctx.Done():
		return nil, inWords(ctx.Err())
	}
	switch {
	case h.values == nil, from.Before(h.from), time.Since(h.began) > historyLife, h.partial.expired(h.began):
		values, err := ask(from, latest(to, h.to))
		if err != nil {
			return nil, err
		}
		h.from, h.to, h.values, h.began = from, latest(to, h.to), values, time.Now()
		h.partial.note(t, true)
	case to.After(h.to):
		more, err := ask(h.to, to)
		if err != nil {
			return nil, err
		}
		h.values, h.to = append(h.values, more...), to
		h.partial.note(t, false)
	}
	h.partial.tell(t)
	return slices.Clone(h.values[from.Sub(h.from)/slo.Coarse : to.Sub(h.from)/slo.Coarse]), nil
}

func (s *valueStore) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queries = map[string]*hourly{}
}
