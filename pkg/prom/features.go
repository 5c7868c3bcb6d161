package prom

import (
	"context"
	"sync"
	"time"

	"github.com/prometheus/common/model"
)

// features are what is known of a store's ways, found out when it first matters.
type features struct {
	mu          sync.Mutex
	rangesKnown bool
	closed      bool // ranges hold their start too
}

// rangesHoldTheirStart reports whether a range holds its start as well as its end,
// as before Prometheus 3: then a sample on the edge of two slices is in both. It is
// found out by asking for two minutes of a value that there is every minute.
func (s *Store) rangesHoldTheirStart(ctx context.Context, t *Trace) (bool, error) {
	f := &s.features
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.rangesKnown {
		return f.closed, nil
	}
	vector, err := s.vector(ctx, t, "count_over_time(vector(1)[2m:1m])", time.Unix(0, 0).Add(24*time.Hour))
	if err != nil {
		return false, err
	}
	f.rangesKnown, f.closed = true, len(vector) > 0 && vector[0].Value > model.SampleValue(2)
	return f.closed, nil
}
