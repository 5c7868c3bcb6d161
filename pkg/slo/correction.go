package slo

import "time"

// Effect is what a correction does with the events in its interval.
type Effect string

// The effects.
const (
	Exclude   Effect = "exclude"       // as if the time had not been
	CountGood Effect = "count-as-good" // the events count, and none as bad
)

// Correction is an interval of time, half-open, that somebody declared to count
// otherwise than it was measured: a planned maintenance, a fault of the measurement.
type Correction struct {
	Name           string
	From, To       time.Time
	Effect         Effect
	Reason, Author string
}

// Interval is when the correction holds.
func (c Correction) Interval() Interval { return Interval{c.From, c.To} }

// Correct is a timeline as corrections would have it. A slice is corrected where its
// middle lies inside a correction; grids have an edge where corrections begin and
// end. Excluding wins over counting as good. A gap inside any correction is excluded:
// nobody was meant to see anything.
func Correct(t *Timeline, corrections []Correction) (*Timeline, error) {
	if len(corrections) == 0 {
		return t, nil
	}
	corrected := append([]Slice(nil), t.slices...)
	for _, c := range corrections {
		first, end := t.grid.Index(c.From), t.grid.Index(c.To)
		for i := first; i <= end && i < len(corrected); i++ {
			from, to := t.grid.Edge(i), t.grid.Edge(i+1)
			if middle := from.Add(to.Sub(from) / 2); !c.Interval().Holds(middle) {
				continue
			}
			s := &corrected[i]
			switch {
			case s.State == NotYet:
			case c.Effect == Exclude || s.State == Gap:
				*s = Slice{State: Excluded}
			case s.State == Measured:
				s.Good = s.Total
			}
		}
	}
	return NewTimeline(t.grid, corrected)
}
