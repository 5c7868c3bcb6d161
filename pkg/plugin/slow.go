package plugin

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/catalog"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/impact"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/prom"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// slowness is what good events cost that came too late for some customers, by one value
// document.
type slowness struct {
	curve   []impact.Abandonment
	buckets []bucket
	worth   *impact.Ledger // of events that are lost, all of them for good
}

// bucket is the good events up to a latency.
type bucket struct {
	upTo   float64 // seconds
	events *slo.Timeline
}

// maxBuckets is more than a classic histogram has.
const maxBuckets = 1000

// timeEvents tells an assessment's good events apart by their latency, where a value
// document says how many customers give up waiting.
func (a assessor) timeEvents(ctx context.Context, out *assessment) error {
	var buckets []bucket
	for _, v := range out.slo.Values {
		if len(v.Abandonment) == 0 || out.ledger == nil {
			continue
		}
		if buckets == nil {
			var err error
			if buckets, err = a.buckets(ctx, out); err != nil {
				return err
			}
			if buckets == nil {
				out.warn("what slow events cost is not known: the queries of the indicator do not count a latency histogram")
				return nil
			}
		}
		// A customer who gave up is lost; nobody tried again.
		w, err := a.worth(ctx, out, v, impact.Exactly(1))
		if err != nil || w == nil {
			return err
		}
		one := slowness{curve: curveOf(v.Abandonment), buckets: buckets}
		if one.worth, err = ledgerOf(out.evidence.Events, out.group, out.stakes.segments, *w); err != nil {
			return err
		}
		out.stakes.slow = append(out.stakes.slow, one)
	}
	return nil
}

func curveOf(points []catalog.Abandonment) []impact.Abandonment {
	return pick(points, func(p catalog.Abandonment) impact.Abandonment {
		return impact.Abandonment{Above: p.Above.Seconds(), Share: impact.Exactly(p.Share)}
	})
}

// buckets are the good events of an assessment by latency, in rising order; nil where
// its indicator does not tell.
func (a assessor) buckets(ctx context.Context, out *assessment) ([]bucket, error) {
	all, upTo, err := a.allBuckets(ctx, out)
	return slices.DeleteFunc(all, func(b bucket) bool { return b.upTo > upTo }), err
}

// allBuckets are the events of an assessment by latency, in rising order, and the
// longest latency that is good; nil where its indicator does not tell.
func (a assessor) allBuckets(ctx context.Context, out *assessment) ([]bucket, float64, error) {
	indicator, upTo, ok := prom.ByLatency(out.indicator(), out.group)
	if !ok {
		return nil, 0, nil
	}
	groups, err := a.session.Groups(ctx, indicator, out.events.Timeline.Grid(), a.span.complete, maxBuckets)
	if err == nil {
		err = a.alike(out.events.Reading, groups.Reading)
	}
	if err != nil {
		return nil, 0, err
	}
	out.queries = append(out.queries, groups.Queries...)
	all := []bucket{}
	for _, g := range groups.Groups {
		end, err := strconv.ParseFloat(g.Labels["le"], 64)
		if err != nil {
			continue
		}
		all = append(all, bucket{end, g.Timeline})
	}
	slices.SortFunc(all, func(x, y bucket) int { return cmp.Compare(x.upTo, y.upTo) })
	return all, upTo, nil
}

// waits reports whether somebody said how many customers give up waiting.
func (a assessment) waits() bool {
	return slices.ContainsFunc(a.slo.Values, func(v catalog.Value) bool { return len(v.Abandonment) > 0 })
}

// slowLoss is the money lost over [from, to) with good events that customers did not
// wait for. It is unknown without a curve, buckets or events.
func (a assessment) slowLoss(from, to time.Time) (cost impact.Range, warnings []string, known bool) {
	for _, s := range a.stakes.slow {
		lost, warned, err := impact.Abandoned(s.curve, s.within(from, to))
		each, ok := s.worth.PerEvent(from, to)
		if err != nil || !ok || len(s.buckets) == 0 {
			return impact.Range{}, nil, false
		}
		cost = cost.Add(lost.Times(each))
		warnings = append(warnings, texts(warned)...)
	}
	return cost, warnings, len(a.stakes.slow) > 0
}

// within are the events of [from, to) in each bucket alone.
func (s slowness) within(from, to time.Time) []impact.Bucket {
	var all []impact.Bucket
	before, end := 0.0, math.Inf(-1)
	for _, b := range s.buckets {
		upTo := b.events.Sum(from, to).Good
		if b.upTo == end { // the same end, written in two ways
			all[len(all)-1].Count += upTo
			before += upTo
			continue
		}
		all = append(all, impact.Bucket{UpTo: b.upTo, Count: max(0, upTo-before)})
		before, end = upTo, b.upTo
	}
	return all
}
