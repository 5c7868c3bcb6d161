package catalog

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

var estimates = []string{"low", "base", "high"}

// perEvent reads money per event: a number, PromQL, or low, base and high of these.
func (d *document) perEvent(path string) AmountRange {
	low, base, high := readRange(d, path, "a number such as 42, PromQL, or {low, base, high}", d.amount)
	constants := []float64(nil)
	for _, a := range []Amount{low, base, high} {
		if a.PromQL == "" {
			constants = append(constants, a.Constant)
		}
	}
	d.ordered(path, constants)
	return AmountRange{Low: low, Base: base, High: high}
}

// notRecovered reads the share of failures that are lost for good; where it is not
// given, all of them are.
func (d *document) notRecovered(path string) ShareRange {
	if n, _ := d.find(path); isNull(n) {
		return ShareRange{Low: 1, Base: 1, High: 1}
	}
	low, base, high := readRange(d, path, "a number between 0 and 1, or {low, base, high}", d.share)
	d.ordered(path, []float64{low, base, high})
	return ShareRange{Low: low, Base: base, High: high}
}

// money reads an amount of money that is no PromQL: a number, or low, base and high.
func (d *document) money(path, what string) MoneyRange {
	low, base, high := readRange(d, path, "a number for "+what+", or {low, base, high}", func(path string, n *yaml.Node) float64 {
		v, ok := number(n)
		if !ok || v < 0 {
			d.fail(path, "%s is %s; expected money that is not negative, such as 1200", leaf(path), describe(n))
		}
		return v
	})
	d.ordered(path, []float64{low, base, high})
	return MoneyRange{Low: low, Base: base, High: high}
}

// readRange reads one estimate or three at a path; low and high default to base.
func readRange[T any](d *document, path, expected string, read func(path string, n *yaml.Node) T) (low, base, high T) {
	n, _ := d.find(path)
	switch {
	case isNull(n):
		d.fail(path, "%s is missing; expected %s", leaf(path), expected)
		return
	case n.Kind == yaml.ScalarNode:
		one := read(path, n)
		return one, one, one
	case n.Kind != yaml.MappingNode:
		d.fail(path, "%s is %s; expected %s", leaf(path), describe(n), expected)
		return
	}
	for i := 0; i < len(n.Content); i += 2 {
		if name := n.Content[i].Value; !slices.Contains(estimates, name) {
			d.fail(dot(path, name), "%s has no field %s%s; expected %s", leaf(path), quote(name), didYouMean(name, estimates), list(estimates))
		}
	}
	get := func(name string, otherwise T) T {
		if _, value := member(n, name); !isNull(value) {
			return read(dot(path, name), value)
		}
		return otherwise
	}
	if _, value := member(n, "base"); isNull(value) {
		d.fail(dot(path, "base"), "base is missing; expected the estimate that %s goes by", leaf(path))
	}
	base = get("base", base)
	return get("low", base), base, get("high", base)
}

// amount reads a constant, as a number or as a text that is one, or PromQL.
func (d *document) amount(path string, n *yaml.Node) Amount {
	if n.Kind != yaml.ScalarNode || n.ShortTag() == "!!bool" {
		d.fail(path, "%s is %s; expected a number or PromQL", leaf(path), describe(n))
		return Amount{}
	}
	text := strings.TrimSpace(n.Value)
	v, isNumber := number(n)
	if !isNumber {
		parsed, err := strconv.ParseFloat(text, 64)
		v, isNumber = parsed, err == nil
	}
	if n.ShortTag() == "!!float" && !isNumber { // .inf or .nan
		v, isNumber = math.NaN(), true
	}
	switch {
	case !isNumber:
		d.promQL(path, n.Value)
		return Amount{PromQL: text}
	case !(v >= 0 && v-v == 0): // also NaN and infinity
		d.fail(path, "%s is %s; expected money per event that is not negative", leaf(path), text)
	}
	return Amount{Constant: v}
}

func (d *document) share(path string, n *yaml.Node) float64 {
	v, ok := number(n)
	if !ok || v < 0 || v > 1 {
		d.fail(path, "%s is %s; expected a share between 0 and 1, such as 0.5", leaf(path), describe(n))
	}
	return v
}

// ordered checks that estimates do not fall from low to high.
func (d *document) ordered(path string, constants []float64) {
	if !d.reported(path) && !d.reportedWithin(path) && !slices.IsSorted(constants) {
		d.fail(path, "the estimates of %s are not in order; expected low <= base <= high", leaf(path))
	}
}

// reportedWithin says whether there is a problem with something that the property
// at the path contains.
func (d *document) reportedWithin(path string) bool {
	return slices.ContainsFunc(d.problems, func(p Problem) bool { return strings.HasPrefix(p.Path, path+".") })
}
