package prom

import (
	"strings"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
)

// lackOfBucket is that some processes of a histogram do not have a bucket that is
// counted: what they count is missing there.
type lackOfBucket struct {
	bound float64
	// of so many processes that have the histogram, so many lack the bucket
	lacking, processes int
}

// lacksOf finds the buckets that only some of their histogram's processes have. A
// histogram writes all of its buckets from its first event on, so that one that is not
// there is none that stands at zero.
func lacksOf(counters []*growth) []lackOfBucket {
	var all []lackOfBucket
	for _, bucket := range counters {
		if !bucket.term.bucket || len(bucket.series) == 0 {
			continue // without any series it is snapped to the buckets next to it
		}
		have, want := bucket.processes(), map[string]bool{}
		for _, other := range counters {
			if other != bucket && sameHistogram(bucket.term, other.term) {
				for process := range other.processes() {
					want[process] = true
				}
			}
		}
		lack := lackOfBucket{bound: bucket.term.bound, processes: len(want)}
		for process := range want {
			if !have[process] {
				lack.lacking++
			}
		}
		if lack.lacking > 0 {
			all = append(all, lack)
		}
	}
	return all
}

// processes are those that a growth's series are of.
func (g *growth) processes() map[string]bool {
	all := map[string]bool{}
	for _, s := range g.series {
		all[s.process] = true
	}
	return all
}

// sameHistogram reports that a term counts all events of the histogram whose bucket
// another one counts, of the same series.
func sameHistogram(bucket, t term) bool {
	a, b := selectorOf(bucket.selector), selectorOf(t.selector)
	if a == nil || b == nil {
		return false
	}
	base, ok := strings.CutSuffix(nameOf(a), "_bucket")
	if !ok || nameOf(b) != base+"_count" && nameOf(b) != base+"_bucket" {
		return false
	}
	return sameBut(a.LabelMatchers, b.LabelMatchers)
}

// sameBut reports that matchers are the same but for the name and the bucket.
func sameBut(a, b []*labels.Matcher) bool {
	texts := func(all []*labels.Matcher) map[string]bool {
		out := map[string]bool{}
		for _, m := range all {
			if m.Name != model.MetricNameLabel && m.Name != labels.BucketLabel {
				out[m.String()] = true
			}
		}
		return out
	}
	left, right := texts(a), texts(b)
	for text := range left {
		if !right[text] {
			return false
		}
	}
	return len(left) == len(right)
}

func (r *Reading) warnOfLack(l lackOfBucket) {
	r.warnOnce(BucketMismatch, "%d of %d processes have no bucket of the histogram that ends at %v: none of their events is known to be up to it", l.lacking, l.processes, l.bound)
}
