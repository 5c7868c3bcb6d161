package prom

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// Grouped are the events of an indicator by the labels that its queries are grouped
// by.
type Grouped struct {
	Labels  []string // sorted; none where the queries are not grouped
	Groups  []Group  // in order of the labels' values
	LeftOut int      // groups with fewer events that there are more
	Reading
}

// Group is the events of one group.
type Group struct {
	Labels     map[string]string
	Timeline   *slo.Timeline
	Upper      *slo.Timeline // as in Events
	LastSample time.Time     // the zero time where nothing was seen
}

// Groups counts an indicator's events by the labels of its queries, of the limit
// groups with most events. A group that has no failures has none counted; one whose
// counters are not there while those of others of the same processes are has no
// events.
func (s *Session) Groups(ctx context.Context, ind Indicator, grid slo.Grid, complete time.Time, limit int) (*Grouped, error) {
	c, err := compileIndicator(ind)
	if err == nil {
		err = c.byErr
	}
	if err != nil {
		return nil, QueryError{err}
	}
	out := &Grouped{Labels: c.by, Reading: newReading(c)}
	groups, left, err := s.gather(ctx, &out.Reading, c, c.by, grid, complete, max(limit, 0))
	if err != nil {
		return nil, err
	}
	out.LeftOut = left
	slices.Sort(out.Queries)
	for _, g := range groups {
		one := Group{Labels: make(map[string]string, len(c.by))}
		for i, name := range c.by {
			one.Labels[name] = g.values[i]
		}
		if one.Timeline, one.Upper, one.LastSample, err = c.timelines(grid, g, complete); err != nil {
			return nil, err
		}
		out.Groups = append(out.Groups, one)
	}
	return out, nil
}

// candidate is a group with the number of its events, by which it is chosen.
type candidate struct {
	key    string
	values []string
	events float64
}

// choose keeps the limit candidates with most events, in order of their labels'
// values. Of those with equally many, the first by their values are kept.
func choose(all []candidate, limit int) (kept []candidate, left int) {
	byValues := func(a, b candidate) int { return slices.Compare(a.values, b.values) }
	slices.SortFunc(all, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.events, a.events), byValues(a, b))
	})
	kept = all[:min(limit, len(all))]
	slices.SortFunc(kept, byValues)
	return kept, len(all) - len(kept)
}
