package slo

// Counts are the good and total events of one interval of time, both not
// negative. Counts of disjoint intervals add up to the counts of their union.
type Counts struct {
	Good, Total float64
}

// Bad is the number of events that were not good.
func (c Counts) Bad() float64 { return c.Total - c.Good }

// Add is the counts of both intervals together.
func (c Counts) Add(o Counts) Counts {
	return Counts{Good: c.Good + o.Good, Total: c.Total + o.Total}
}

// SLI is the ratio of good to total events. It is unknown without events, and
// where the good outnumber the total, since then the two do not count the same
// thing.
func (c Counts) SLI() Number {
	if c.Total <= 0 || c.Contradictory() {
		return Number{}
	}
	return Known(c.Good / c.Total)
}

// Contradictory reports more good events than events, by more than what adding
// up floating-point numbers explains.
func (c Counts) Contradictory() bool { return c.Good > c.Total*(1+1e-9) }
