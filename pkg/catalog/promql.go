package catalog

import (
	"errors"
	"regexp"
	"strings"
	"unicode"

	"github.com/prometheus/prometheus/promql/parser"
	"go.yaml.in/yaml/v3"
)

// promQL is Prometheus' own parser. Whether the store has an experimental function
// is for the store to say.
var promQL = parser.NewParser(parser.Options{EnableExperimentalFunctions: true})

// variable finds what Grafana and template engines fill in: $name, ${name}, [[name]]
// and {{ ... }}. A "$" that ends a regular expression is not one.
var variable = regexp.MustCompile(`\$\w*[A-Za-z_]\w*|\$\{[^}"]*\}?|\[\[\w+\]\]|\{\{[^}"]*(\}\})?`)

// promQL checks the PromQL text that stands at a path. What it gives must be
// samples of one instant: a vector or a scalar.
func (d *document) promQL(path, text string) {
	if strings.TrimSpace(text) == "" {
		d.fail(path, "%s is empty; expected PromQL", leaf(path))
		return
	}
	expr, err := promQL.ParseExpr(text)
	var parseErrors parser.ParseErrors
	switch {
	case err != nil && variable.MatchString(text):
		d.unresolved(path, variable.FindString(text))
	case errors.As(err, &parseErrors) && len(parseErrors) > 0:
		first := parseErrors[0]
		n, _ := d.find(path)
		d.failAt(d.lineWithin(n, int(first.PositionRange.Start)), path,
			"%s is not valid PromQL: %s", leaf(path), first.Err)
	case err != nil:
		d.fail(path, "%s is not valid PromQL: %s", leaf(path), err)
	case expr.Type() == parser.ValueTypeMatrix:
		d.fail(path, "%s gives a range of samples; expected one value per series, such as sum(increase(http_requests_total[5m]))", leaf(path))
	case expr.Type() == parser.ValueTypeString:
		d.fail(path, "%s gives a text; expected a number or one value per series", leaf(path))
	default:
		d.unresolved(path, variableInSelectors(expr))
	}
}

func (d *document) unresolved(path, name string) {
	if name != "" {
		d.fail(path, "%s has the variable %s, which nothing fills in here; expected PromQL as Prometheus runs it, with a range such as [5m]", leaf(path), quote(name))
	}
}

// variableInSelectors is the first variable in a matcher: PromQL takes job="$job"
// literally, and silently finds nothing. Elsewhere "$1" and "${name}" have their
// own meaning, as in label_replace.
func variableInSelectors(expr parser.Expr) (found string) {
	parser.Inspect(expr, func(n parser.Node, _ []parser.Node) error {
		if selector, ok := n.(*parser.VectorSelector); ok {
			for _, m := range selector.LabelMatchers {
				if found == "" {
					found = variable.FindString(m.Value)
				}
			}
		}
		return nil
	})
	return found
}

// lineWithin is the line of the source that holds the byte at an offset of a
// text. Line breaks of the text are not those of the source where YAML folds
// them, so it counts the characters that are not space.
func (d *document) lineWithin(n *yaml.Node, offset int) int {
	count := func(s string) (visible int) {
		for _, r := range s {
			if !unicode.IsSpace(r) {
				visible++
			}
		}
		return visible
	}
	before := min(count(n.Value[:min(max(offset, 0), len(n.Value))]), count(n.Value)-1)
	line, column := n.Line, n.Column-1
	if n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		line, column = line+1, 0
	}
	for ; line <= len(d.lines); line++ {
		runes := []rune(d.lines[line-1])
		if before -= count(string(runes[min(max(column, 0), len(runes)):])); before < 0 {
			return line
		}
		column = 0
	}
	return n.Line
}
