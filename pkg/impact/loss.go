package impact

import (
	"fmt"
	"time"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// Ledger is the money on one indicator's events, slice by slice: what the bad
// ones cost, and what all would have cost had they failed. It answers for any
// window by a difference of prefix sums.
type Ledger struct {
	timeline *slo.Timeline
	bad      []Range // bad[i] is the sum over slices [0, i) of bad events x loss per event
	total    []Range // the same of all events
}

// Loss is money over one window.
type Loss struct {
	Gross    Range // bad events x loss per event
	Accepted Range // what the objective accepts: (1 - target) x all events x loss per event
	Excess   Range // gross beyond accepted; never negative
}

// Price puts money on the events of a timeline. perEvent is the money lost with
// one failed event in each slice, so the value of an event times the share of
// failures that are not recovered by a retry or a return.
func Price(t *slo.Timeline, perEvent []Range) (*Ledger, error) {
	slices := t.Slices()
	if len(perEvent) != len(slices) {
		return nil, fmt.Errorf("%d values of an event for %d slices", len(perEvent), len(slices))
	}
	l := &Ledger{timeline: t, bad: make([]Range, len(slices)+1), total: make([]Range, len(slices)+1)}
	for i, s := range slices {
		l.bad[i+1], l.total[i+1] = l.bad[i], l.total[i]
		if s.State == slo.Measured {
			l.bad[i+1] = l.bad[i].Add(perEvent[i].Scale(s.Bad()))
			l.total[i+1] = l.total[i].Add(perEvent[i].Scale(s.Total))
		}
	}
	return l, nil
}

// Together is the ledger of a timeline whose events are divided into sets, each with a
// ledger of its own: those of gold and of silver customers, say. Ledgers that price the
// same events add up too, such as goods and shipping.
func Together(t *slo.Timeline, parts ...*Ledger) (*Ledger, error) {
	n := t.Grid().Len() + 1
	l := &Ledger{timeline: t, bad: make([]Range, n), total: make([]Range, n)}
	for _, part := range parts {
		if len(part.bad) != n {
			return nil, fmt.Errorf("a ledger of %d slices for a timeline of %d", len(part.bad)-1, n-1)
		}
		for i := range n {
			l.bad[i], l.total[i] = l.bad[i].Add(part.bad[i]), l.total[i].Add(part.total[i])
		}
	}
	return l, nil
}

// PerEvent is the money lost with one failure in the mean over all events of [from,
// to), both edges of the timeline's grid. It is unknown (false) without events.
func (l *Ledger) PerEvent(from, to time.Time) (Range, bool) {
	tally := l.timeline.Sum(from, to)
	if tally.Total <= 0 {
		return Range{}, false
	}
	a, b := l.timeline.Grid().Index(from), l.timeline.Grid().Index(to)
	return l.total[b].Sub(l.total[a]).Scale(1 / tally.Total), true
}

// Loss is the money over [from, to), both edges of the timeline's grid. It is
// unknown (false) where the window was not observed or its counts contradict
// each other.
func (l *Ledger) Loss(o slo.Objective, from, to time.Time) (Loss, bool) {
	tally := l.timeline.Sum(from, to)
	if tally.Observed == 0 || tally.Contradictory() {
		return Loss{}, false
	}
	a, b := l.timeline.Grid().Index(from), l.timeline.Grid().Index(to)
	gross := l.bad[b].Sub(l.bad[a])
	accepted := l.total[b].Sub(l.total[a]).Scale(o.BudgetRatio())
	return Loss{Gross: gross, Accepted: accepted, Excess: positive(gross.Sub(accepted))}, true
}

// Add is the loss of two disjoint sets of events together. An excess here is not
// made good by a budget left there: excesses add up.
func (l Loss) Add(o Loss) Loss {
	return Loss{l.Gross.Add(o.Gross), l.Accepted.Add(o.Accepted), l.Excess.Add(o.Excess)}
}

// Union is the loss of sets of events together that may have events in common, which
// nobody can tell: at most it is their sum, which its base is too, and at least the
// loss of the set that lost most. The loss of no set is none.
func Union(losses ...Loss) (all Loss) {
	var gross, excess []Range
	for _, l := range losses {
		all = all.Add(l)
		gross, excess = append(gross, l.Gross), append(excess, l.Excess)
	}
	all.Gross, all.Excess = UnionOf(gross...), UnionOf(excess...)
	return all
}

// UnionOf is the same of amounts.
func UnionOf(amounts ...Range) (all Range) {
	low := 0.0
	for i, r := range amounts {
		all = all.Add(r)
		if i == 0 || r.Low > low {
			low = r.Low
		}
	}
	all.Low = low
	return all
}

func positive(r Range) Range { return Range{max(0, r.Low), max(0, r.Base), max(0, r.High)} }
