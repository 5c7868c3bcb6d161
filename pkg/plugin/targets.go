package plugin

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// loose are texts, numbers, or lists of them: what people, editors and dashboard
// variables put where a number is meant.
type loose []string

// UnmarshalJSON reads a text, a number, or a list of them.
func (l *loose) UnmarshalJSON(text []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var given any
	if err := decoder.Decode(&given); err != nil {
		return err
	}
	list, ok := given.([]any)
	if !ok {
		list = []any{given}
	}
	*l = nil
	for _, one := range list {
		switch v := one.(type) {
		case nil:
		case string:
			*l = append(*l, v)
		case json.Number:
			*l = append(*l, v.String())
		default:
			return fmt.Errorf("%v is neither a number nor a text", one)
		}
	}
	return nil
}

// tryOut takes over what is to be tried.
func (q *question) tryOut(kind queryType, targets, cost loose) (err error) {
	if kind.Targets {
		if q.targets, err = targetsOf(targets); err != nil {
			return err
		}
	}
	if kind.Cost {
		q.cost, err = costOf(cost)
	}
	return err
}

// usualTargets are what promises are compared with where nobody names candidates.
var usualTargets = []float64{0.9, 0.95, 0.99, 0.995, 0.999, 0.9995, 0.9999}

// maxTargets is more than anybody compares.
const maxTargets = 50

// targetsOf are the candidates for a target that a query names, in rising order: ratios
// such as 0.999 or percentages such as 99.9, one in each text or several that are divided
// by commas, semicolons or blanks. There are none in a query that names none.
func targetsOf(given loose) ([]float64, error) {
	var all []float64
	for _, text := range given {
		if doubtful := decimalComma(text); doubtful != "" {
			point, list := strings.Replace(doubtful, ",", ".", 1), strings.Replace(doubtful, ",", "; ", 1)
			return nil, fmt.Errorf("the targets %q can be read as one target or as two; expected %s, or %s", doubtful, point, list)
		}
		for _, part := range strings.FieldsFunc(text, dividesTargets) {
			target, err := targetOf(part)
			if err != nil {
				return nil, err
			}
			all = append(all, target)
		}
	}
	if len(all) > maxTargets {
		return nil, fmt.Errorf("%d targets are too many to compare; expected at most %d", len(all), maxTargets)
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}

// dividesTargets reports what stands between targets: what people write, and what the
// formats of variables add, as in {99,99.9} and (99|99.9).
func dividesTargets(r rune) bool { return strings.ContainsRune(" \t\n\r,;{}()|[]\"'%", r) }

// targetOf reads one candidate: percent from 1 on, else a ratio.
func targetOf(text string) (float64, error) {
	v, err := strconv.ParseFloat(text, 64)
	if err == nil && v > 1 {
		v = math.Round(v*1e10) / 1e12 // 99.95 / 100 is not what it looks like
	}
	if err != nil || !(v > 0 && v < 1) {
		return 0, fmt.Errorf("%q is not a target; expected a percentage below 100 such as 99.9, or a ratio such as 0.999", text)
	}
	return v, nil
}

// decimalComma is the first piece of a text in which a comma may stand for a decimal
// point: between digits, with no point in the numbers at either side. It is empty without
// such a piece.
func decimalComma(text string) string {
	inNumber := func(r rune) bool { return r >= '0' && r <= '9' || r == '.' }
	for i, r := range text {
		if r != ',' {
			continue
		}
		before := text[:i]
		left := before[strings.LastIndexFunc(before, func(r rune) bool { return !inNumber(r) })+1:]
		after := text[i+1:]
		right := after
		if end := strings.IndexFunc(after, func(r rune) bool { return !inNumber(r) }); end >= 0 {
			right = after[:end]
		}
		if left != "" && right != "" && !strings.Contains(left+right, ".") {
			return left + "," + right
		}
	}
	return ""
}

// costOf is the money a year that a query says it takes to keep a higher target; unknown
// where it says none.
func costOf(given loose) (slo.Number, error) {
	text := strings.TrimSpace(strings.Join(given, " "))
	if text == "" {
		return slo.Number{}, nil
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) || v < 0 {
		return slo.Number{}, fmt.Errorf("the cost is %q; expected money a year as a number, such as 20000", text)
	}
	return slo.Known(v), nil
}
