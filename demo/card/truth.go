package card

import (
	"fmt"
	"math"

	"github.com/stakes-slo/stakes-slo-datasource/demo/shop"
)

// Close says whether a count is within 0.1 % of the truth, or one event.
func Close(counted *float64, generated int64) bool {
	if counted == nil {
		return false
	}
	allowed := math.Max(1, 0.001*float64(generated))
	return math.Abs(*counted-float64(generated)) <= allowed
}

// beside is how a row's failures compare with what the shop generated.
func beside(row Row, truth map[string]shop.Counts) string {
	generated, known := truth[row.SLO]
	switch {
	case !known || row.Bad == nil:
		return unknown
	case math.Round(*row.Bad) == float64(generated.Bad):
		return "= exactly"
	}
	return fmt.Sprintf("%+d", int64(math.Round(*row.Bad))-generated.Bad)
}

// Verdict sums up how the failures counted compare with the failures generated.
func (c Scorecard) Verdict(truth map[string]shop.Counts) string {
	var counted float64
	var generated int64
	for _, row := range c.Rows {
		if t, known := truth[row.SLO]; known {
			generated += t.Bad
			if row.Bad != nil {
				counted += math.Round(*row.Bad)
			}
		}
	}
	return fmt.Sprintf("Failures counted %s; generated %s.", Thousands(int64(counted)), Thousands(generated))
}
