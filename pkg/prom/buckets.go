package prom

import (
	"context"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// Buckets of classic histograms are told by a text, le. Prometheus 3 writes "1.0"
// where those before it wrote what the process said, mostly "1": both are the same
// bucket.

// canonicalBucket is the text of a bucket's end, written one way; the text itself
// where it is no number.
func canonicalBucket(le string) string {
	v, err := strconv.ParseFloat(le, 64)
	if err != nil {
		return le
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}

// bucketTexts are the ways in which the end of a bucket is written.
func bucketTexts(le string, end float64) []string {
	texts := []string{le}
	for _, format := range []byte{'g', 'f'} {
		text := strconv.FormatFloat(end, format, -1, 64)
		texts = append(texts, text)
		if !strings.ContainsAny(text, ".eIN") {
			texts = append(texts, text+".0")
		}
	}
	slices.Sort(texts)
	return slices.Compact(texts)
}

// bucketTerm is the term of a selector's counter. One that asks for the bucket
// le="1" gets le="1.0" too.
func bucketTerm(v *parser.VectorSelector) term {
	t := term{selector: v.String(), sign: 1}
	for _, m := range v.LabelMatchers {
		if m.Name != labels.BucketLabel || m.Type != labels.MatchEqual {
			continue
		}
		end, err := strconv.ParseFloat(m.Value, 64)
		if err != nil || math.IsInf(end, 0) || math.IsNaN(end) {
			return t
		}
		return term{selector: withBucket(v, m.Value, end), sign: 1, bound: end, bucket: true}
	}
	return t
}

// withBucket is a selector for the bucket with the given end, however it is
// written.
func withBucket(v *parser.VectorSelector, text string, end float64) string {
	if math.IsInf(end, 1) {
		return withMatcher(v, labels.MustNewMatcher(labels.MatchEqual, labels.BucketLabel, "+Inf"))
	}
	texts := bucketTexts(text, end)
	if len(texts) == 1 {
		return withMatcher(v, labels.MustNewMatcher(labels.MatchEqual, labels.BucketLabel, text))
	}
	for i, one := range texts {
		texts[i] = regexp.QuoteMeta(one)
	}
	return withMatcher(v, labels.MustNewMatcher(labels.MatchRegexp, labels.BucketLabel, strings.Join(texts, "|")))
}

// withMatcher is a selector with one matcher in place of those of the same label; a
// matcher that is nil only takes le away.
func withMatcher(v *parser.VectorSelector, put *labels.Matcher) string {
	changed := &parser.VectorSelector{Name: v.Name}
	for _, m := range v.LabelMatchers {
		if m.Name != labels.BucketLabel {
			changed.LabelMatchers = append(changed.LabelMatchers, m)
		}
	}
	if put != nil {
		changed.LabelMatchers = append(changed.LabelMatchers, put)
	}
	return changed.String()
}

// bucketLife is how long it is remembered which buckets a histogram has.
const bucketLife = 10 * time.Minute

// snapBuckets looks for the buckets next to those that an indicator asks for and the
// store does not have. It reports whether there are any: then the count is one of
// events up to the next lower bucket, and upper up to the next higher one.
func (s *Session) snapBuckets(ctx context.Context, r *Reading, q *counting) (bool, error) {
	lower, upper := cloned(q.lower), cloned(q.lower)
	changed := false
	for i, x := range q.lower {
		few, many := lower[i].terms[:0], upper[i].terms[:0]
		for _, t := range x.terms {
			if !t.bucket || q.indexIn(q.unseen, t) < 0 {
				few, many = append(few, t), append(many, t)
				continue
			}
			ends, err := s.bucketEnds(ctx, r, t.selector, q.to)
			if err != nil {
				return false, err
			}
			if len(ends) == 0 {
				few, many = append(few, t), append(many, t)
				continue
			}
			changed = true
			below, above := snapped(t, ends)
			if !favours(i, t) {
				below, above = above, below
			}
			few, many = append(few, below...), append(many, above...)
			r.warnOfSnap(t.bound, ends)
		}
		lower[i].terms, upper[i].terms = few, many
	}
	if changed {
		q.lower, q.upper = lower, upper
		q.want.terms = q.terms()
	}
	return changed, nil
}

func cloned(all []expression) []expression {
	out := slices.Clone(all)
	for i := range out {
		out[i].terms = slices.Clone(out[i].terms)
	}
	return out
}

// snapped are the terms for the buckets next to a term's bound. There need not be a
// lower one; then no event is known to be below.
func snapped(t term, ends []float64) (below, above []term) {
	v := selectorOf(t.selector)
	at := func(end float64) []term {
		moved := t
		moved.bound, moved.selector = end, withBucket(v, strconv.FormatFloat(end, 'g', -1, 64), end)
		return []term{moved}
	}
	if lower, ok := nextBelow(t.bound, ends); ok {
		below = at(lower)
	}
	return below, at(nextAbove(t.bound, ends))
}

func nextBelow(bound float64, ends []float64) (float64, bool) {
	best, ok := 0.0, false
	for _, end := range ends {
		if end <= bound && (!ok || end > best) {
			best, ok = end, true
		}
	}
	return best, ok
}

func nextAbove(bound float64, ends []float64) float64 {
	best := math.Inf(1)
	for _, end := range ends {
		if end >= bound && end < best {
			best = end
		}
	}
	return best
}

func (r *Reading) warnOfSnap(bound float64, ends []float64) {
	if slices.ContainsFunc(r.Warnings, func(w slo.Warning) bool { return w.Kind == BucketMismatch }) {
		return
	}
	above := nextAbove(bound, ends)
	if below, ok := nextBelow(bound, ends); ok {
		r.warnOfBucket(bound, below, above)
		return
	}
	r.warn(BucketMismatch, "no bucket of the histogram ends at %v or below; all events count as bad, although those up to %v may be good", bound, above)
}

// bucketEnds are the ends of the buckets that a histogram has, where it does not have
// the one that a selector asks for.
func (s *Session) bucketEnds(ctx context.Context, r *Reading, selector string, to time.Time) ([]float64, error) {
	all := withMatcher(selectorOf(selector), nil)
	got, err := once(ctx, s, "buckets "+all+stamp(slo.Floor(to, bucketLife)), func(t *Trace) ([]float64, error) {
		vector, err := s.store.vector(ctx, t, "group by (le) (last_over_time("+all+"["+seconds(lookbehind)+"]))", lastInstant(to))
		if err != nil {
			return nil, err
		}
		var ends []float64
		for _, sample := range vector {
			if end, err := strconv.ParseFloat(string(sample.Metric[labels.BucketLabel]), 64); err == nil {
				ends = append(ends, end)
			}
		}
		return ends, nil
	})
	if err != nil {
		return nil, err
	}
	r.addTrace(&got.trace)
	return got.value, nil
}
