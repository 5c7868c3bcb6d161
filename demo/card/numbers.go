package card

import (
	"math"
	"strconv"
	"strings"
)

// unknown is printed for what the plugin cannot know.
const unknown = "—"

// percent prints a ratio with a number of decimals.
func percent(ratio *float64, decimals int) string {
	if ratio == nil {
		return unknown
	}
	return strconv.FormatFloat(*ratio*100, 'f', decimals, 64) + " %"
}

// target prints a ratio with as many decimals as it has.
func target(ratio *float64) string {
	if ratio == nil {
		return unknown
	}
	return strconv.FormatFloat(math.Round(*ratio*1e8)/1e6, 'f', -1, 64) + " %"
}

func times(n *float64) string {
	if n == nil {
		return unknown
	}
	return strconv.FormatFloat(*n, 'f', 1, 64) + "×"
}

func events(n *float64) string {
	if n == nil {
		return unknown
	}
	return Thousands(int64(math.Round(*n)))
}

// money prints two significant figures: more would be false precision.
func money(n *float64, currency string) string {
	if n == nil {
		return unknown
	}
	return Thousands(int64(twoFigures(*n))) + " " + symbol(currency)
}

func twoFigures(x float64) float64 {
	if x == 0 {
		return 0
	}
	unit := math.Pow(10, math.Floor(math.Log10(math.Abs(x)))-1)
	return math.Round(x/unit) * unit
}

func symbol(currency string) string {
	switch currency {
	case "EUR":
		return "€"
	case "USD":
		return "$"
	case "GBP":
		return "£"
	}
	return currency
}

// Thousands prints a whole number with commas.
func Thousands(n int64) string {
	if n < 0 {
		return "-" + Thousands(-n)
	}
	digits := strconv.FormatInt(n, 10)
	var groups []string
	for len(digits) > 3 {
		groups = append([]string{digits[len(digits)-3:]}, groups...)
		digits = digits[:len(digits)-3]
	}
	return strings.Join(append([]string{digits}, groups...), ",")
}
