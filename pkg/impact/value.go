package impact

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// Value is what is assumed about the worth of an event.
type Value struct {
	PerOrder     Range // money one order brings in
	NotRecovered Range // share of failures that no retry and no return makes good, in [0, 1]
	Requests     Range // events that one order takes, at least 1; the zero Range stands for one
}

// PerFailure is the money lost with one failed event: value of an order x share not
// recovered / events per order. An order that takes more events makes each of them
// worth less, so that the low end divides by the high number of events.
func (v Value) PerFailure() (Range, error) {
	if v.Requests == (Range{}) {
		v.Requests = Exactly(1)
	}
	if err := v.PerOrder.check("the value of an order", 0, math.Inf(1)); err != nil {
		return Range{}, err
	}
	if err := v.NotRecovered.check("the share not recovered", 0, 1); err != nil {
		return Range{}, err
	}
	if err := v.Requests.check("the number of events per order", 1, math.Inf(1)); err != nil {
		return Range{}, err
	}
	lost := v.PerOrder.Times(v.NotRecovered)
	return Range{lost.Low / v.Requests.High, lost.Base / v.Requests.Base, lost.High / v.Requests.Low}, nil
}

// check refuses a range that is out of order or leaves [least, most].
func (r Range) check(what string, least, most float64) error {
	if !(r.Low <= r.Base && r.Base <= r.High) { // also NaN
		return fmt.Errorf("%s is %v to %v with %v as the best estimate; expected low <= base <= high", what, r.Low, r.High, r.Base)
	}
	if r.Low < least || r.High > most {
		if math.IsInf(most, 1) {
			return fmt.Errorf("%s is %v to %v; expected at least %v", what, r.Low, r.High, least)
		}
		return fmt.Errorf("%s is %v to %v; expected between %v and %v", what, r.Low, r.High, least, most)
	}
	return nil
}

// LossBySegment is the loss of each value of a label over [from, to), each priced by
// what its own events are worth. Segments without a known loss are left out.
func LossBySegment(ledgers map[string]*Ledger, o slo.Objective, from, to time.Time) map[string]Loss {
	losses := map[string]Loss{}
	for name, l := range ledgers {
		if loss, ok := l.Loss(o, from, to); ok {
			losses[name] = loss
		}
	}
	return losses
}

// Segment is part of a promise's customers: one value of a label.
type Segment struct {
	Name   string
	Status slo.Status // the verdict on the segment's events alone
	Loss   Range      // money lost in the segment; zero where nobody said
}

// Hidden are the segments whose promise was missed while the total says that it was
// kept: a large segment that works covers for a small one that does not. The
// costliest comes first.
func Hidden(segments []Segment, total slo.Status) []Segment {
	if total != slo.Met && total != slo.AtRisk {
		return nil
	}
	var hidden []Segment
	for _, s := range segments {
		if s.Status == slo.Missed {
			hidden = append(hidden, s)
		}
	}
	slices.SortFunc(hidden, func(a, b Segment) int {
		return cmp.Or(cmp.Compare(b.Loss.Base, a.Loss.Base), cmp.Compare(a.Name, b.Name))
	})
	return hidden
}
