package impact

// Range is an amount of money, or a share, with Low <= Base <= High. Base is the
// single best estimate.
type Range struct {
	Low, Base, High float64
}

// Exactly is a range without uncertainty.
func Exactly(v float64) Range { return Range{v, v, v} }

// Add is the sum of two amounts, bound by bound.
func (r Range) Add(o Range) Range { return Range{r.Low + o.Low, r.Base + o.Base, r.High + o.High} }

// Sub is the difference of two amounts that rest on the same assumption, bound by
// bound: low minus low, high minus high.
func (r Range) Sub(o Range) Range { return Range{r.Low - o.Low, r.Base - o.Base, r.High - o.High} }

// Times is the product of two ranges that are not negative, bound by bound: an
// amount per event times a share of events.
func (r Range) Times(o Range) Range { return Range{r.Low * o.Low, r.Base * o.Base, r.High * o.High} }

// Scale is the amount times a number that is not negative.
func (r Range) Scale(f float64) Range { return Range{r.Low * f, r.Base * f, r.High * f} }
