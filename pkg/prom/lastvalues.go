package prom

import (
	"context"
	"fmt"
	"slices"
	"sync"
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
	m, ok := v.(model.Matrix)
	if !ok {
		return nil, wrongType(v, "matrix")
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

// A restart of a process restarts all its counters, also those that cannot be
// seen to fall: an error counter comes back with the next error, perhaps at a
// higher value than before. The slices with a restart are therefore read sample by
// sample, for every counter of the indicator.

// maxRestarts is the number of slices of one indicator that are read sample by
// sample.
const maxRestarts = 64

// processLabels are the labels that tell which process a counter is of.
var processLabels = []model.LabelName{"job", "instance", "namespace", "pod", "container"}

// stream is the samples of one series around one slice, in order of time.
type stream struct {
	process string
	samples []model.SamplePair
}

// search is where the first sample that is not before t is; found is that it is at t.
func (s stream) search(t model.Time) (i int, found bool) {
	return slices.BinarySearchFunc(s.samples, t, func(p model.SamplePair, t model.Time) int { return int(p.Timestamp - t) })
}

// last is the series' last sample before t.
func (s stream) last(t model.Time) (model.SamplePair, bool) {
	i, _ := s.search(t)
	if i == 0 {
		return model.SamplePair{}, false
	}
	return s.samples[i-1], true
}

// at reports whether the series has a sample at t.
func (s stream) at(t model.Time) bool {
	_, found := s.search(t)
	return found
}

// refine replaces the readings of slices with a restart by the samples in them,
// with a zero where a process restarted that the series is of. It returns the
// refined readings of the counters' series, and how many slices with a restart
// were left as they are because there were too many.
func (r lastValues) refine(ctx context.Context, t *Trace, e *entry, grid slo.Grid, data []*counterData) ([][]*counterSeries, int, error) {
	restarts := map[int]bool{}
	for _, d := range data {
		for slice := range d.restarts {
			restarts[slice] = true
		}
	}
	ordered := make([]int, 0, len(restarts))
	for slice := range restarts {
		ordered = append(ordered, slice)
	}
	slices.Sort(ordered)
	// The newest matter most: lookbacks end there.
	left := max(0, len(ordered)-maxRestarts)
	ordered = ordered[left:]

	exact := make([]map[int]map[uint64]stream, len(e.terms)) // by term, slice and series
	var (
		mu    sync.Mutex
		group errgroup.Group
	)
	group.SetLimit(maxConcurrent)
	for i, one := range e.terms {
		exact[i] = map[int]map[uint64]stream{}
		if one.kind != counterGrowth {
			continue
		}
		for _, slice := range ordered {
			group.Go(Safely(func() error {
				samples, err := r.readSlice(ctx, t, one.selector, e.scrape, grid, slice)
				if err != nil {
					return err
				}
				mu.Lock()
				defer mu.Unlock()
				exact[i][slice] = samples
				return nil
			}))
		}
	}
	if err := group.Wait(); err != nil {
		return nil, 0, err
	}

	falls := make(map[int]map[string][]fall, len(ordered))
	for _, slice := range ordered {
		falls[slice] = fallsIn(exact, slice)
	}
	refined := make([][]*counterSeries, len(e.terms))
	for i, d := range data {
		for id, series := range d.series {
			if e.terms[i].kind == counterGrowth {
				series.readings = refineSeries(id, series, grid, ordered, exact[i], falls)
			}
			refined[i] = append(refined[i], series)
		}
	}
	return refined, left, nil
}

// fall is a restart that was seen: a series of the process fell at an instant.
type fall struct {
	at     model.Time
	series stream
}

// fallsIn are the restarts in one slice, by process, in order of time.
func fallsIn(exact []map[int]map[uint64]stream, slice int) map[string][]fall {
	falls := map[string][]fall{}
	for _, bySlice := range exact {
		for _, s := range bySlice[slice] {
			for k := 1; k < len(s.samples); k++ {
				if s.process != "" && s.samples[k].Value < s.samples[k-1].Value {
					falls[s.process] = append(falls[s.process], fall{s.samples[k].Timestamp, s})
				}
			}
		}
	}
	for _, list := range falls {
		slices.SortFunc(list, func(a, b fall) int { return int(a.at - b.at) })
	}
	return falls
}

// refineSeries are the readings of one series with all samples in slices with a
// restart.
//
// Where the process restarted and the series was gone at the first scrape after
// it, a reading of zero stands for the restart. That the series was scraped
// together with the one that fell, and is not of another process that carries the
// same labels, is seen from their samples having the same timestamp.
func refineSeries(id uint64, series *counterSeries, grid slo.Grid, restarts []int, exact map[int]map[uint64]stream, falls map[int]map[string][]fall) []reading {
	var out []reading
	rest := series.readings
	for _, slice := range restarts {
		for len(rest) > 0 && rest[0].slice < slice {
			out = append(out, rest[0])
			rest = rest[1:]
		}
		s, ok := exact[slice][id]
		if !ok {
			continue
		}
		for len(rest) > 0 && rest[0].slice == slice {
			rest = rest[1:]
		}
		var gone []model.Time
		for _, f := range falls[slice][series.process] {
			last, ok := s.last(f.at)
			if ok && !s.at(f.at) && f.series.at(last.Timestamp) {
				gone = append(gone, f.at)
			}
		}
		restarted := reading{slice: slice, gone: true}
		from := model.TimeFromUnixNano(grid.Edge(slice).UnixNano())
		for _, pair := range s.samples {
			if pair.Timestamp < from {
				// Belongs to the slice before, as do the restarts that it came after.
				for len(gone) > 0 && gone[0] < pair.Timestamp {
					gone = gone[1:]
				}
				continue
			}
			for len(gone) > 0 && gone[0] < pair.Timestamp {
				out = append(out, restarted)
				gone = gone[1:]
			}
			out = append(out, reading{slice: slice, value: float64(pair.Value)})
		}
		if len(gone) > 0 {
			out = append(out, restarted)
		}
	}
	return append(out, rest...)
}

// readSlice reads every sample of a counter in one slice, and those of two scrapes
// before it.
func (r lastValues) readSlice(ctx context.Context, t *Trace, selector string, scrape time.Duration, grid slo.Grid, slice int) (map[uint64]stream, error) {
	from, to := grid.Edge(slice).Add(-2*scrape), grid.Edge(slice+1)
	v, err := r.store.instant(ctx, t, fmt.Sprintf("%s[%s]", selector, model.Duration(to.Sub(from))), lastInstant(to))
	if err != nil {
		return nil, err
	}
	m, ok := v.(model.Matrix)
	if !ok {
		return nil, wrongType(v, "matrix")
	}
	if err := orderly(m); err != nil {
		return nil, err
	}
	byID := make(map[uint64]stream, len(m))
	for _, one := range finiteOnly(m) {
		l := labelsOf(one.Metric)
		byID[seriesID(l)] = stream{processOfLabels(l), one.Values}
	}
	return byID, nil
}
