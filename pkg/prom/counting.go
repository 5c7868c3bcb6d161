package prom

// beforeGrid stands for the time before the first slice.
const beforeGrid = -1

// reading is a value of a counter that was seen in a slice. Readings of one
// series are in order of time; a slice may have several.
type reading struct {
	slice int
	value float64
}

// addGrowth adds the growth of one series to the slices it is seen in, times sign.
//
// A fall is a restart from zero. The first reading of a series counts whole: it
// was born after firstSeen, the first slice in which anything of the indicator was
// seen, when a series that had been there before would have been seen too. In
// firstSeen itself nobody knows what the counter did before, and its value is only
// the base of what follows. Growth over a gap lands where it is seen.
func addGrowth(into []float64, readings []reading, firstSeen int, sign float64) {
	last, known := 0.0, false
	for _, r := range readings {
		grown := r.value
		switch {
		case known && r.value >= last:
			grown = r.value - last
		case !known && r.slice <= firstSeen:
			grown = 0
		}
		if r.slice > beforeGrid {
			into[r.slice] += sign * grown
		}
		last, known = r.value, true
	}
}
