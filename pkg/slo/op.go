package slo

// Op compares a measured value with a threshold: OpenSLO's operators.
type Op string

// The operators.
const (
	LT  Op = "lt"
	LTE Op = "lte"
	GT  Op = "gt"
	GTE Op = "gte"
)

// Ops are all of them.
var Ops = []Op{LT, LTE, GT, GTE}

// PromQL is the operator as PromQL writes it; empty for what is none.
func (o Op) PromQL() string {
	return map[Op]string{LT: "<", LTE: "<=", GT: ">", GTE: ">="}[o]
}
