package forecast

import "math"

// powers are the bits of 2^(i/128), less those that i adds to the exponent.
var powers = func() (bits [128]uint64) {
	for i := range bits {
		bits[i] = math.Float64bits(math.Exp2(float64(i)/128)) - uint64(i)<<45
	}
	return bits
}()

// exp is e^x to 11 digits, in a fifth of the time of math.Exp: futures are made of
// little else. x is n/128 of ln 2 and a rest, for which four terms of the series do.
func exp(x float64) float64 {
	const (
		rounding = 0x1.8p52 // added, the integer part is in the lowest bits
		perUnit  = 128 / math.Ln2
		unit     = math.Ln2 / 128
	)
	if !(x > -700 && x < 700) {
		return math.Exp(x)
	}
	shifted := x*perUnit + rounding
	n := math.Float64bits(shifted)
	r := x - (shifted-rounding)*unit
	return math.Float64frombits(powers[n%128]+n<<45) * (1 + r*(1+r*(1.0/2+r*(1.0/6))))
}
