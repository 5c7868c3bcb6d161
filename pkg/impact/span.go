package impact

import (
	"cmp"
	"slices"
	"time"
)

// Span is an interval of time, half-open: [From, To).
type Span struct {
	From, To time.Time
}

// Length is how long the span is.
func (s Span) Length() time.Duration { return s.To.Sub(s.From) }

// overlaps reports whether the spans have time in common.
func (s Span) overlaps(o Span) bool { return s.From.Before(o.To) && o.From.Before(s.To) }

// merge joins spans that overlap or touch, in order of time; empty ones are left out.
func merge(spans []Span) []Span {
	sorted := slices.Clone(spans)
	slices.SortFunc(sorted, func(a, b Span) int { return cmp.Or(a.From.Compare(b.From), a.To.Compare(b.To)) })
	var merged []Span
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
