package prom

import (
	"context"
	"fmt"
	"slices"
	"time"

	v1 "github.com/prometheus/client_golang/api/prometheus/v1"
	"github.com/prometheus/common/model"
	"golang.org/x/sync/errgroup"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// lookbehind is how far before the grid the last value of a counter is looked
// for. A series that nothing was seen of for longer counts as born.
const lookbehind = 24 * time.Hour

// counterData is what was read of all series of one counter.
type counterData struct {
	series   map[model.Fingerprint]*counterSeries
	seen     []bool       // per slice: something was seen
	before   bool         // something was seen before the grid
	restarts map[int]bool // slices in which a series fell
	readings int
}

// counterSeries is one series of a counter with its last value in each slice.
type counterSeries struct {
	process  string // what process it is of; empty where its labels do not say
	readings []reading
}

// readCounter reads the last value of every series of a counter in every slice,
// and finds the slices in which one fell.
func (s *Session) readCounter(ctx context.Context, selector string, grid slo.Grid) (*read[*counterData], error) {
	return once(ctx, s, "counter "+selector+" "+gridKey(grid), func(t *Trace) (*counterData, error) {
		var (
			before   model.Vector
			last     = make([][]model.Matrix, len(grid.Parts()))
			restarts = make([][]model.Matrix, len(grid.Parts()))
		)
		group, gctx := errgroup.WithContext(ctx)
		group.Go(Safely(func() (err error) {
			before, err = s.vector(gctx, t, fmt.Sprintf("last_over_time(%s[%s])", selector, model.Duration(lookbehind)), lastInstant(grid.Start()))
			return err
		}))
		for i, part := range grid.Parts() {
			group.Go(Safely(func() (err error) {
				last[i], err = s.perSlice(gctx, t, fmt.Sprintf("last_over_time(%s[%s])", selector, model.Duration(part.Step)), part)
				return err
			}))
			group.Go(Safely(func() (err error) {
				// Two scrapes more than the slice, so that a fall from its last
				// sample before to its first is seen.
				reach := model.Duration(part.Step + 2*s.scrape)
				restarts[i], err = s.perSlice(gctx, t, fmt.Sprintf("resets(%s[%s]) > 0", selector, reach), part)
				return err
			}))
		}
		if err := group.Wait(); err != nil {
			return nil, err
		}
		data := &counterData{series: map[model.Fingerprint]*counterSeries{}, seen: make([]bool, grid.Len()), restarts: map[int]bool{}}
		for _, sample := range before {
			data.before = true
			data.add(sample.Metric, reading{beforeGrid, float64(sample.Value)})
		}
		for i := range grid.Parts() {
			for _, stream := range streams(last[i]) {
				for _, pair := range stream.Values {
					if slice := grid.Index(pair.Timestamp.Time()); slice < grid.Len() {
						data.seen[slice] = true
						data.add(stream.Metric, reading{slice, float64(pair.Value)})
					}
				}
			}
			for _, stream := range streams(restarts[i]) {
				for _, pair := range stream.Values {
					if slice := grid.Index(pair.Timestamp.Time()); slice < grid.Len() {
						data.restarts[slice] = true
					}
				}
			}
		}
		if data.readings > maxReadings {
			return nil, QueryError{fmt.Errorf("a counter has too many series to be read in slices this fine (%d series); ask for a shorter window or record it with fewer labels", len(data.series))}
		}
		return data, nil
	})
}

// streams are the series of several matrices.
func streams(all []model.Matrix) []*model.SampleStream { return slices.Concat(all...) }

func (d *counterData) add(m model.Metric, r reading) {
	id := identity(m)
	series, ok := d.series[id]
	if !ok {
		series = &counterSeries{process: processOf(m)}
		d.series[id] = series
	}
	series.readings = append(series.readings, r)
	d.readings++
}

// firstSeen is the first slice in which anything of the counter was seen,
// beforeGrid where that was earlier, and n, the number of slices, where never.
func (d *counterData) firstSeen() int {
	if d.before {
		return beforeGrid
	}
	for i, seen := range d.seen {
		if seen {
			return i
		}
	}
	return len(d.seen)
}

// perSlice evaluates a query at the last instant of every slice of a part.
func (s *Session) perSlice(ctx context.Context, t *Trace, query string, part slo.Part) ([]model.Matrix, error) {
	var all []model.Matrix
	for first := 0; first < part.N; first += maxPoints {
		n := min(maxPoints, part.N-first)
		start := part.Start.Add(time.Duration(first+1) * part.Step)
		m, err := s.store.matrix(ctx, t, query, v1.Range{
			Start: lastInstant(start),
			End:   lastInstant(start.Add(time.Duration(n-1) * part.Step)),
			Step:  part.Step,
		})
		if err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	return all, nil
}

// vector evaluates a query at one instant.
func (s *Session) vector(ctx context.Context, t *Trace, query string, at time.Time) (model.Vector, error) {
	v, err := s.store.instant(ctx, t, query, at)
	if err != nil {
		return nil, err
	}
	vector, ok := v.(model.Vector)
	if !ok {
		return nil, wrongType(v, "vector")
	}
	return vector, nil
}

// lastInstant is the last instant of an interval that ends, exclusively, at t.
// Timestamps in Prometheus are whole milliseconds.
func lastInstant(t time.Time) time.Time { return t.Add(-time.Millisecond) }

// identity is a series without the name of its metric, which some functions drop.
// Counters are read one metric at a time.
func identity(m model.Metric) model.Fingerprint {
	labels := make(model.Metric, len(m))
	for name, value := range m {
		if name != model.MetricNameLabel {
			labels[name] = value
		}
	}
	return labels.Fingerprint()
}
