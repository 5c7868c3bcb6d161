package plugin

import (
	"context"
	"math"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// latencyOf is a promise's events judged by another latency.
type latencyOf struct {
	upTo     float64 // seconds up to which an event is good
	evidence slo.Evidence
}

// otherLatencies judges an assessment's events by every end of its histogram's buckets,
// in rising order. There are none where its indicator does not look at latency.
func (a assessor) otherLatencies(ctx context.Context, out *assessment, corrections []slo.Correction) error {
	buckets, upTo, err := a.allBuckets(ctx, out)
	if err != nil || math.IsInf(upTo, 1) || len(buckets) == 0 {
		return err
	}
	out.stakes.latency = slo.Known(upTo)
	total := out.events.Timeline
	for i := 0; i < len(buckets); {
		end, good := buckets[i].upTo, make([]slo.Slice, total.Grid().Len())
		copy(good, total.Slices())
		for j := range good {
			good[j].Good = 0
		}
		for ; i < len(buckets) && buckets[i].upTo == end; i++ { // the same end may be written in two ways
			for j, s := range buckets[i].events.Slices() {
				if s.State == slo.Measured {
					good[j].Good += s.Good
				}
			}
		}
		if math.IsInf(end, 1) || end == upTo {
			continue
		}
		events, err := slo.NewTimeline(total.Grid(), good)
		if err != nil {
			return err
		}
		one := latencyOf{upTo: end}
		if one.evidence, err = slo.Gather(out.objective, events, corrections); err != nil {
			return err
		}
		out.stakes.latencies = append(out.stakes.latencies, one)
	}
	return nil
}
