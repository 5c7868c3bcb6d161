package catalog

import (
	"slices"
	"strings"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// required is a text that must be given, without the space around it.
func (d *document) required(path, text, expected string) string {
	text = strings.TrimSpace(text)
	if text == "" {
		d.fail(path, "%s is missing; expected %s", leaf(path), expected)
	}
	return text
}

// oneOf checks a text that must be one of a few.
func (d *document) oneOf(path, text string, names []string) {
	switch {
	case text == "":
		d.fail(path, "%s is missing; expected %s", leaf(path), list(names))
	case !slices.Contains(names, text):
		d.fail(path, "%s is %s%s; expected %s", leaf(path), quote(text), didYouMean(text, names), list(names))
	}
}

// currency checks a code of ISO 4217; empty means the data source's own.
func (d *document) currency(path, code string) string {
	if code != "" && !validCurrency.MatchString(code) {
		d.fail(path, "%s is %s; expected three capital letters, such as EUR", leaf(path), quote(code))
	}
	return code
}

// optionalPromQL checks PromQL that may be left out.
func (d *document) optionalPromQL(path, text string) string {
	if n, _ := d.find(path); !isNull(n) {
		d.promQL(path, text)
	}
	return strings.TrimSpace(text)
}

// requiredPromQL checks PromQL that must be given.
func (d *document) requiredPromQL(path, text, what string) string {
	if n, _ := d.find(path); isNull(n) {
		d.fail(path, "%s is missing; expected PromQL for %s", leaf(path), what)
		return ""
	}
	return d.optionalPromQL(path, text)
}

// Bounds of a number, in words.
type bounds struct {
	ok       func(v float64) bool
	expected string
}

var (
	positive    = bounds{func(v float64) bool { return v > 0 }, "a number above 0"}
	notNegative = bounds{func(v float64) bool { return v >= 0 }, "a number that is not negative"}
	atLeastOne  = bounds{func(v float64) bool { return v >= 1 }, "a number of at least 1"}
	someShare   = bounds{func(v float64) bool { return v > 0 && v <= 1 }, "a share above 0 and up to 1, such as 0.25"}
	properRatio = bounds{func(v float64) bool { return v > 0 && v < 1 }, "a ratio between 0 and 1, such as 0.999"}
)

// optional is a number that may be left out; the default stands for it then.
func (d *document) optional(path string, v *float64, otherwise float64, within bounds) float64 {
	if v == nil {
		return otherwise
	}
	if !within.ok(*v) {
		d.fail(path, "%s is %v; expected %s", leaf(path), *v, within.expected)
	}
	return *v
}

// requiredNumber is a number that must be given.
func (d *document) requiredNumber(path string, v *float64, within bounds) float64 {
	if v == nil {
		d.fail(path, "%s is missing; expected %s", leaf(path), within.expected)
		return 0
	}
	return d.optional(path, v, 0, within)
}

// known is a number that may be left out and is then not known.
func (d *document) known(path string, v *float64, within bounds) slo.Number {
	if v == nil {
		return slo.Number{}
	}
	return slo.Known(d.optional(path, v, 0, within))
}
