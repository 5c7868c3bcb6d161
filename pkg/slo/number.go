package slo

// Number is a quantity that may be unknown. The zero Number is unknown; what is
// unknown has no value, not even zero.
type Number struct {
	Value float64
	Known bool
}

// Known is a quantity that is known.
func Known(v float64) Number { return Number{Value: v, Known: true} }
