package prom

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

// ByLatency is an indicator that counts the good events of another one by the buckets
// of their latency: its groups are those of the label le, each with the events up to the
// bucket's end. It counts events with the given labels only; nil stands for all.
//
// upTo is the longest latency that the other indicator takes as good, infinite where it
// does not look at latency. ok is false where the indicator's queries do not count a
// classic histogram: counters named ..._count or ..._bucket.
func ByLatency(ind Indicator, of map[string]string) (buckets Indicator, upTo float64, ok bool) {
	if ind.Good != "" {
		good, upTo, ok := byLatency(ind.Good, of)
		return Indicator{Good: good, Total: good}, upTo, ok
	}
	if ind.Total == "" || ind.Bad == "" {
		return Indicator{}, 0, false
	}
	total, noneAbove, totalOK := byLatency(ind.Total, of)
	bad, badUpTo, badOK := byLatency(ind.Bad, of)
	// Bad events up to a latency leave good ones that are slower, and no bucket tells.
	bounded := !math.IsInf(noneAbove, 1) || !math.IsInf(badUpTo, 1)
	return Indicator{Total: total, Bad: bad}, math.Inf(1), totalOK && badOK && !bounded
}

// byLatency is a query for a histogram's events with its buckets told apart, and the
// end of the bucket that it asked for.
func byLatency(query string, of map[string]string) (by string, upTo float64, ok bool) {
	tree, err := promql.ParseExpr(query)
	if err != nil {
		return "", 0, false
	}
	upTo, ok = math.Inf(1), true
	seen := false
	parser.Inspect(tree, func(node parser.Node, _ []parser.Node) error {
		switch n := node.(type) {
		case *parser.AggregateExpr:
			ok = ok && n.Op == parser.SUM && !n.Without
			n.Grouping = []string{labels.BucketLabel}
		case *parser.VectorSelector:
			end, isHistogram := allBuckets(n, of)
			// Several ends make no end of all.
			ok = ok && isHistogram && (!seen || end == upTo)
			seen, upTo = true, end
		}
		return nil
	})
	if _, aggregated := tree.(*parser.AggregateExpr); !aggregated {
		if by, _ := grouping(tree); len(by) == 0 {
			return "sum by (" + labels.BucketLabel + ") (" + tree.String() + ")", upTo, ok && seen
		}
	}
	return tree.String(), upTo, ok && seen
}

// allBuckets makes a selector of a histogram's count, or of one of its buckets, one of
// all its buckets. It returns where the bucket ends.
func allBuckets(v *parser.VectorSelector, of map[string]string) (end float64, ok bool) {
	base, isCount := strings.CutSuffix(nameOf(v), "_count")
	if !isCount {
		if base, ok = strings.CutSuffix(nameOf(v), "_bucket"); !ok {
			return 0, false
		}
	}
	end = math.Inf(1)
	var kept []*labels.Matcher
	for _, m := range v.LabelMatchers {
		switch {
		case m.Name == model.MetricNameLabel:
		case m.Name == labels.BucketLabel:
			var err error
			if end, err = strconv.ParseFloat(m.Value, 64); err != nil || m.Type != labels.MatchEqual {
				return 0, false
			}
		default:
			kept = append(kept, m)
		}
	}
	for name, value := range of {
		kept = append(kept, labels.MustNewMatcher(labels.MatchEqual, name, value))
	}
	slices.SortStableFunc(kept, func(a, b *labels.Matcher) int { return strings.Compare(a.Name, b.Name) })
	v.Name = base + "_bucket"
	v.LabelMatchers = append(kept, labels.MustNewMatcher(labels.MatchEqual, model.MetricNameLabel, v.Name))
	return end, true
}
