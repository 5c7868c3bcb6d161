package prom

import (
	"context"
	"slices"
	"time"

	v1 "github.com/prometheus/client_golang/api/prometheus/v1"
)

// Names are names that the store holds, for editors that complete what is typed.
type Names struct {
	Metrics []string `json:"metrics"`
	Labels  []string `json:"labels"`
}

// namesSince is how far back a name may have been seen last.
const namesSince = time.Hour

// Names are the metrics and labels of the last hour, at most limit of each: a store may
// hold more than anybody reads through. A store that ignores the limit is cut all the
// same.
func (s *Store) Names(ctx context.Context, at time.Time, limit int) (Names, error) {
	release, err := s.slot(ctx)
	if err != nil {
		return Names{}, err
	}
	defer release()
	metrics, _, err := s.api.LabelValues(ctx, "__name__", nil, at.Add(-namesSince), at, v1.WithLimit(uint64(limit)))
	if err != nil {
		return Names{}, inWords(err)
	}
	labels, _, err := s.api.LabelNames(ctx, nil, at.Add(-namesSince), at, v1.WithLimit(uint64(limit)))
	if err != nil {
		return Names{}, inWords(err)
	}
	return Names{first(metrics, limit), first(labels, limit)}, nil
}

func first[T ~string](names []T, limit int) []string {
	texts := make([]string, 0, min(len(names), limit))
	for _, name := range names[:min(len(names), limit)] {
		texts = append(texts, string(name))
	}
	slices.Sort(texts)
	return texts
}
