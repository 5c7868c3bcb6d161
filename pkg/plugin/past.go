package plugin

import (
	"context"
	"slices"
	"time"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/impact"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// looksBack reports whether the answer is about windows that are over.
func (q question) looksBack() bool { return q.queryType == typeReview || q.queryType == typeWhatIf }

// leastPast is how many windows are looked back at, where the time range holds fewer.
const leastPast = max(impact.MinReviewed, impact.MinSeparate)

// overlaps is how many windows begin within one that candidates for a target are held
// against: one a day for four weeks.
const overlaps = 28

// past are the windows of a promise that are over, the newest first, as far back as the
// time range reaches and at least [leastPast] of them. Calendar periods are whole.
// Candidates for a target are held against windows that overlap; a review looks at those
// that do not.
func (s span) past(q question, p promise) []slo.Interval {
	w := p.objective.Window()
	if w.IsCalendar() {
		from, _ := w.Bounds(s.to)
		for range leastPast {
			from, _ = w.Bounds(from)
		}
		periods := w.Periods(earlier(s.from, from), s.to)
		periods = slices.DeleteFunc(periods, func(i slo.Interval) bool { return i.To.After(s.to) })
		slices.Reverse(periods)
		return periods
	}
	length := w.Duration()
	step := length
	if q.queryType == typeWhatIf {
		step = atLeast(max(length/overlaps, s.slice))
	}
	// At whole hours where the window allows it, which cost nothing to look at.
	end := slo.Floor(s.to, largest(slo.Coarse, []time.Duration{length, step}))
	return impact.PastWindows(earlier(s.from, end.Add(-leastPast*length)), end, length, step)
}

// pastZones are where the windows of a question that looks back begin and end.
func (s span) pastZones(q question, p promise) []slo.Zone {
	zones := []slo.Zone{{From: s.to, To: s.to, Step: s.slice}}
	if q.needsPages(p) {
		zones[0].From = slo.Floor(s.from.Add(-longestLookback(p.alertWindows())), s.slice)
	}
	if q.needsLookback() {
		zones = append(zones, slo.EdgeAt(s.to.Add(-q.lookback), s.slice))
	}
	w := p.objective.Window()
	if !w.IsCalendar() {
		zones = append(zones, slo.EdgeAt(s.to.Add(-w.Duration()), s.slice))
	}
	past := s.past(q, p)
	if len(past) == 0 {
		return zones
	}
	oldest, newest := past[len(past)-1], past[0]
	if fine := commonStepOf(past); !w.IsCalendar() && fine < slo.Coarse {
		return append(zones, slo.Zone{From: oldest.From, To: newest.To, Step: fine})
	}
	for _, i := range past {
		if w.IsCalendar() {
			zones = append(zones, slo.EdgeAt(i.From, s.slice))
		}
	}
	return append(zones, slo.EdgeAt(oldest.From, s.slice))
}

// commonStepOf is the longest nice length whose multiples since the epoch all bounds of
// some intervals are.
func commonStepOf(intervals []slo.Interval) time.Duration {
	return largest(slo.Coarse, slices.Concat(
		pick(intervals, func(i slo.Interval) time.Duration { return time.Duration(i.From.UnixNano()) }),
		pick(intervals, func(i slo.Interval) time.Duration { return time.Duration(i.To.UnixNano()) })))
}

// longestLookback is the longest lookback of rows of alerting.
func longestLookback(windows []slo.AlertWindow) time.Duration {
	longest := time.Duration(0)
	for _, w := range windows {
		longest = max(longest, w.Long+w.After)
	}
	return longest
}

// since is what an assessment's figures rest on that look back to an instant.
func (a assessment) since(from, to time.Time) figures {
	out := figures{Report: slo.Report{From: from, To: to}}
	if a.err != nil {
		return out
	}
	tally := a.evidence.Events.Sum(from, to)
	out.Events = tally.Counts
	if length := to.Sub(from) - tally.Excluded; length > 0 {
		out.Coverage = tally.Observed.Seconds() / length.Seconds()
	}
	return out
}

// lookBack finds out what only questions that look back ask. What cannot be found out is
// left unknown: all else is known.
func (a assessor) lookBack(ctx context.Context, out *assessment, corrections []slo.Correction) {
	switch {
	case a.question.queryType == typeReview && out.slo.Agreement != nil && out.slo.Agreement.Feel != nil:
		if err := a.feel(ctx, out, *out.slo.Agreement.Feel); err != nil {
			a.unknown(out, err, "what customers feel could not be evaluated")
		}
	case a.question.queryType == typeWhatIf:
		if err := a.otherLatencies(ctx, out, corrections); err != nil {
			out.stakes.latencies = nil
			a.unknown(out, err, "other latencies could not be evaluated")
		}
	}
}
