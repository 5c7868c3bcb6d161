package prom

import (
	"context"
	"fmt"
	"slices"
	"time"

	v1 "github.com/prometheus/client_golang/api/prometheus/v1"
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"golang.org/x/sync/errgroup"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// lookbehind is how far before the grid the last value of a counter is looked
// for. A series that nothing was seen of for longer counts as born.
const lookbehind = 24 * time.Hour

// lastValues is the road on which the last value of every series in every slice is
// asked for, by PromQL.
type lastValues struct{ store *Store }

func (lastValues) name() string { return LastValues }

// beforeGrid stands for the time before the first slice.
const beforeGrid = -1

// reading is a value of a counter that was seen in a slice. Readings of one
// series are in order of time; a slice may have several.
type reading struct {
	slice int
	value float64
	gone  bool // not seen: its process restarted, and it starts from value
}

// counterData is what was read of all series of one counter.
type counterData struct {
	series   map[uint64]*counterSeries
	restarts map[int]bool // slices in which a series fell
	readings int
}

// counterSeries is one series of a counter with its last value in each slice.
type counterSeries struct {
	labels   labels.Labels
	process  string // what process it is of; empty where its labels do not say
	readings []reading
}

// read reads the last values in the parts' slices and counts what series grew by.
// Nothing is counted before all is read.
func (r lastValues) read(ctx context.Context, t *Trace, e *entry, counters []*growth, parts []slo.Part, fresh bool) error {
	grid, err := slo.NewGrid(parts...)
	if err != nil {
		return err
	}
	data := make([]*counterData, len(e.terms))
	group, gctx := errgroup.WithContext(ctx)
	for i, one := range e.terms {
		group.Go(Safely(func() (err error) {
			data[i], err = r.readTerm(gctx, t, one, e.scrape, grid, fresh)
			return err
		}))
	}
	if err := group.Wait(); err != nil {
		return err
	}
	refined, left, err := r.refine(ctx, t, e, grid, data)
	if err != nil {
		return err
	}
	e.unrefined += left
	for i, g := range counters {
		for _, series := range refined[i] {
			g.of(series.labels).takeAll(grid, series.readings)
		}
	}
	return nil
}

// takeAll takes readings: as add, with no instant known but that they are in a
// slice.
func (s *seriesGrowth) takeAll(grid slo.Grid, readings []reading) {
	for _, r := range readings {
		if r.gone {
			s.value = r.value
			continue
		}
		at := grid.Edge(r.slice+1).UnixMilli() - 1 // before the grid: its start
		minute, inside := s.see(at)
		grown := r.value
		switch {
		case s.term.kind != counterGrowth:
		case !s.known:
			grown = 0
			if inside {
				s.column.births = append(s.column.births, birth{at, r.value})
			}
		case r.value >= s.value:
			grown = r.value - s.value
		}
		if inside {
			s.column.events.add(minute, grown)
		}
		s.known, s.at, s.value = true, at, r.value
	}
}

// readTerm reads what a term is counted from.
func (r lastValues) readTerm(ctx context.Context, t *Trace, one term, scrape time.Duration, grid slo.Grid, fresh bool) (*counterData, error) {
	data := &counterData{series: map[uint64]*counterSeries{}, restarts: map[int]bool{}}
	var (
		before   model.Vector
		values   = make([][]model.Matrix, len(grid.Parts()))
		restarts = make([][]model.Matrix, len(grid.Parts()))
		function = map[kind]string{counterGrowth: "last_over_time", sampleSum: "sum_over_time", sampleCount: "count_over_time"}[one.kind]
	)
	offset := ""
	if one.lag > 0 {
		offset = " offset -" + seconds(one.lag)
	}
	closed := false
	if one.kind != counterGrowth {
		var err error
		if closed, err = r.store.rangesHoldTheirStart(ctx, t); err != nil {
			return nil, err
		}
	}
	group, gctx := errgroup.WithContext(ctx)
	if fresh && one.kind == counterGrowth {
		group.Go(Safely(func() (err error) {
			before, err = r.store.vector(gctx, t, fmt.Sprintf("last_over_time(%s[%s])", one.selector, model.Duration(lookbehind)), lastInstant(grid.Start()))
			return err
		}))
	}
	for i, part := range grid.Parts() {
		group.Go(Safely(func() (err error) {
			length := part.Step
			if closed && one.kind != counterGrowth {
				length -= time.Millisecond // of two samples a slice apart, one
			}
			values[i], err = r.store.perSlice(gctx, t, fmt.Sprintf("%s(%s[%s]%s)", function, one.selector, model.Duration(length), offset), part)
			return err
		}))
		if one.kind != counterGrowth {
			continue
		}
		group.Go(Safely(func() (err error) {
			// Two scrapes more than the slice, so that a fall from its last
			// sample before to its first is seen.
			reach := model.Duration(part.Step + 2*scrape)
			restarts[i], err = r.store.perSlice(gctx, t, fmt.Sprintf("resets(%s[%s]) > 0", one.selector, reach), part)
			return err
		}))
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	numbers, err := r.finiteBefore(ctx, t, one.selector, grid.Start(), before)
	if err != nil {
		return nil, err
	}
	for _, stream := range numbers {
		if n := len(stream.Values); n > 0 {
			data.add(stream.Metric, reading{slice: beforeGrid, value: float64(stream.Values[n-1].Value)})
		}
	}
	for _, sample := range before {
		if !isValue(float64(sample.Value)) {
			continue
		}
		data.add(sample.Metric, reading{slice: beforeGrid, value: float64(sample.Value)})
	}
	for i := range grid.Parts() {
		eachPoint(values[i], grid, func(m model.Metric, slice int, v float64) { data.add(m, reading{slice: slice, value: v}) })
		eachPoint(restarts[i], grid, func(_ model.Metric, slice int, _ float64) { data.restarts[slice] = true })
	}
	if data.readings > maxReadings {
		return nil, QueryError{fmt.Errorf("a counter has too many series to be read in slices this fine (%d series); ask for a shorter window or record it with fewer labels", len(data.series))}
	}
	return data, nil
}

// finiteBefore are the samples of the last hour before an instant of the counters whose
// last value is no number, without those that are none. It is nil where there are no
// such counters.
func (r lastValues) finiteBefore(ctx context.Context, t *Trace, selector string, at time.Time, before model.Vector) (model.Matrix, error) {
	strange := map[model.Fingerprint]bool{}
	for _, sample := range before {
		if !isValue(float64(sample.Value)) {
			strange[labelSetOf(sample.Metric)] = true
		}
	}
	if len(strange) == 0 {
		return nil, nil
	}
	v, err := r.store.instant(ctx, t, selector+"[1h]", lastInstant(at))
	if err != nil {
		return nil, err
	}
	m, err := matrixOf(v)
	if err != nil {
		return nil, err
	}
	m = slices.DeleteFunc(m, func(s *model.SampleStream) bool { return !strange[labelSetOf(s.Metric)] })
	return finiteOnly(m), nil
}

// labelSetOf names a series, without the name of its metric, which not all functions
// keep.
func labelSetOf(m model.Metric) model.Fingerprint {
	m = m.Clone()
	delete(m, model.MetricNameLabel)
	return m.Fingerprint()
}

// finiteOnly takes NaN and infinities out.
func finiteOnly(m model.Matrix) model.Matrix {
	for _, one := range m {
		one.Values = slices.DeleteFunc(one.Values, func(p model.SamplePair) bool { return !isValue(float64(p.Value)) })
	}
	return m
}

// eachPoint calls do with every point of some matrices.
func eachPoint(all []model.Matrix, grid slo.Grid, do func(m model.Metric, slice int, v float64)) {
	for _, stream := range slices.Concat(all...) {
		for _, pair := range stream.Values {
			if slice := grid.Index(pair.Timestamp.Time()); slice < grid.Len() {
				do(stream.Metric, slice, float64(pair.Value))
			}
		}
	}
}

// add takes a reading. NaN and infinities are no values of a counter: the slice is read
// sample by sample.
func (d *counterData) add(m model.Metric, r reading) {
	if !isValue(r.value) {
		d.restarts[r.slice] = true
		return
	}
	l := labelsOf(m)
	id := seriesID(l)
	series, ok := d.series[id]
	if !ok {
		series = &counterSeries{labels: l, process: processOfLabels(l)}
		d.series[id] = series
	}
	series.readings = append(series.readings, r)
	d.readings++
}

// perSlice evaluates a query at the last instant of every slice of a part.
func (s *Store) perSlice(ctx context.Context, t *Trace, query string, part slo.Part) ([]model.Matrix, error) {
	var all []model.Matrix
	for first := 0; first < part.N; first += maxPoints {
		n := min(maxPoints, part.N-first)
		start := part.Start.Add(time.Duration(first+1) * part.Step)
		m, err := s.matrix(ctx, t, query, v1.Range{
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
func (s *Store) vector(ctx context.Context, t *Trace, query string, at time.Time) (model.Vector, error) {
	v, err := s.instant(ctx, t, query, at)
	if err != nil {
		return nil, err
	}
	vector, ok := v.(model.Vector)
	if !ok {
		return nil, wrongType(v, "vector")
	}
	seen := make(map[model.Fingerprint]bool, len(vector))
	for _, sample := range vector {
		id := sample.Metric.Fingerprint()
		if seen[id] {
			return nil, errTwice
		}
		seen[id] = true
	}
	return vector, nil
}

// lastInstant is the last instant of an interval that ends, exclusively, at t.
// Timestamps in Prometheus are whole milliseconds.
func lastInstant(t time.Time) time.Time { return t.Add(-time.Millisecond) }
