package prom

import (
	"context"
	"math"

	"github.com/prometheus/common/model"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// evaluate evaluates expressions as they are written, at the end of every slice,
// and adds up the series that come out. An expression that was not given has an
// empty tally.
func (s *Session) evaluate(ctx context.Context, e *Events, grid slo.Grid, expressions []expression) ([]tally, error) {
	tallies := make([]tally, len(expressions))
	for i, x := range expressions {
		if x.written == "" {
			continue
		}
		r, err := s.readWritten(ctx, x.written, grid)
		if err != nil {
			return nil, err
		}
		e.addTrace(&r.trace)
		tallies[i] = tally{events: make([]float64, grid.Len()), seen: make([]bool, grid.Len())}
		for _, matrix := range r.value {
			for _, stream := range matrix {
				e.Series++
				for _, pair := range stream.Values {
					k := grid.Index(pair.Timestamp.Time())
					v := float64(pair.Value)
					if k >= grid.Len() || math.IsNaN(v) || math.IsInf(v, 0) { // 0/0 without traffic
						continue
					}
					e.Readings++
					tallies[i].seen[k] = true
					tallies[i].events[k] += x.events(v, grid.Edge(k+1).Sub(grid.Edge(k)))
				}
			}
		}
	}
	return tallies, nil
}

func (s *Session) readWritten(ctx context.Context, query string, grid slo.Grid) (*read[[]model.Matrix], error) {
	return once(ctx, s, "written "+query+" "+gridKey(grid), func(t *Trace) ([]model.Matrix, error) {
		var all []model.Matrix
		for _, part := range grid.Parts() {
			m, err := s.perSlice(ctx, t, query, part)
			if err != nil {
				return nil, err
			}
			all = append(all, m...)
		}
		return all, nil
	})
}
