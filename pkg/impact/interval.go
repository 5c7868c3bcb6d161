package impact

import (
	"cmp"
	"slices"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// overlap reports whether two intervals have time in common.
func overlap(a, b slo.Interval) bool { return a.From.Before(b.To) && b.From.Before(a.To) }

// merge joins intervals that overlap or touch, in order of time; empty ones are left out.
func merge(intervals []slo.Interval) []slo.Interval {
	sorted := slices.Clone(intervals)
	slices.SortFunc(sorted, func(a, b slo.Interval) int { return cmp.Or(a.From.Compare(b.From), a.To.Compare(b.To)) })
	var merged []slo.Interval
	for _, s := range sorted {
		if !s.From.Before(s.To) {
			continue
		}
		if last := len(merged) - 1; last >= 0 && !s.From.After(merged[last].To) {
			if s.To.After(merged[last].To) {
				merged[last].To = s.To
			}
			continue
		}
		merged = append(merged, s)
	}
	return merged
}
