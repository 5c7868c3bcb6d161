package prom

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/prometheus/common/model"
	"golang.org/x/sync/errgroup"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

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
	m, err := matrixOf(v)
	if err != nil {
		return nil, err
	}
	byID := make(map[uint64]stream, len(m))
	for _, one := range finiteOnly(m) {
		l := labelsOf(one.Metric)
		byID[seriesID(l)] = stream{processOfLabels(l), one.Values}
	}
	return byID, nil
}
