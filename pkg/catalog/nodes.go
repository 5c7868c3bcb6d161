package catalog

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// Limits of a document, so that a few lines of aliases cannot grow without end.
const (
	maxValues = 100_000
	maxDepth  = 100
)

// nodeProblem is why a tree cannot be used, and the line in the whole source.
type nodeProblem struct {
	line    int
	message string
}

// flatten returns a copy of a parsed document in which aliases and merge keys
// ("<<") are resolved and lines are counted within the whole source, of which the
// document has the lines [from, to). Keys are texts and stand once.
func flatten(tree *yaml.Node, from, to int) (*yaml.Node, *nodeProblem) {
	if tree == nil || len(tree.Content) == 0 {
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Line: from + 1}, nil
	}
	f := flattener{from: from, to: to}
	root := tree.Content[0]
	flat := f.node(root, 0)
	if f.problem != nil {
		return &yaml.Node{Line: f.line(root)}, f.problem
	}
	return flat, nil
}

type flattener struct {
	from, to int
	values   int
	problem  *nodeProblem // the first one; what follows is not looked at
}

func (f *flattener) line(n *yaml.Node) int {
	return min(max(f.from+n.Line, f.from+1), f.to)
}

func (f *flattener) fail(n *yaml.Node, format string, args ...any) {
	if f.problem == nil {
		f.problem = &nodeProblem{line: f.line(n), message: fmt.Sprintf(format, args...)}
	}
}

func (f *flattener) node(n *yaml.Node, depth int) *yaml.Node {
	f.values++
	flat := &yaml.Node{Kind: n.Kind, Tag: n.Tag, Value: n.Value, Style: n.Style, Line: f.line(n), Column: n.Column}
	switch {
	case f.problem != nil:
	case depth > maxDepth:
		f.fail(n, "values are nested deeper than %d levels here; expected fewer, and no anchor that contains itself", maxDepth)
	case f.values > maxValues:
		f.fail(n, "the aliases of this document unfold to more than %d values; expected fewer", maxValues)
	case n.Kind == yaml.AliasNode:
		return f.node(n.Alias, depth+1)
	case n.Kind == yaml.SequenceNode:
		for _, item := range n.Content {
			flat.Content = append(flat.Content, f.node(item, depth+1))
		}
	case n.Kind == yaml.MappingNode:
		f.mapping(flat, n, depth)
	}
	return flat
}

func (f *flattener) mapping(flat, n *yaml.Node, depth int) {
	lines := make(map[string]int)
	var merged []*yaml.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := f.node(n.Content[i], depth+1), f.node(n.Content[i+1], depth+1)
		switch {
		case f.problem != nil:
			return
		case key.Kind != yaml.ScalarNode:
			f.fail(n.Content[i], "a key is a list or a mapping here; expected a plain text")
		case key.ShortTag() == "!!merge":
			merged = append(merged, value)
		case lines[key.Value] != 0:
			f.fail(n.Content[i], "the key %s is given twice, first in line %d; expected it once", quote(key.Value), lines[key.Value])
		default:
			lines[key.Value] = key.Line
			flat.Content = append(flat.Content, key, value)
		}
	}
	for _, m := range merged {
		f.merge(flat, m, lines)
	}
}

// merge adds the keys of a mapping, or of a list of mappings, that are not there yet.
func (f *flattener) merge(flat, from *yaml.Node, lines map[string]int) {
	switch from.Kind {
	case yaml.SequenceNode:
		for _, item := range from.Content {
			f.merge(flat, item, lines)
		}
	case yaml.MappingNode:
		for i := 0; i+1 < len(from.Content); i += 2 {
			if key := from.Content[i]; lines[key.Value] == 0 {
				lines[key.Value] = key.Line
				flat.Content = append(flat.Content, key, from.Content[i+1])
			}
		}
	default:
		if f.problem == nil {
			f.problem = &nodeProblem{line: from.Line, message: `"<<" merges something that is not a mapping; expected an alias of a mapping`}
		}
	}
}

func isNull(n *yaml.Node) bool {
	return n == nil || n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null"
}

// member is the key and the value of a mapping's member, both nil where there is none.
func member(n *yaml.Node, name string) (key, value *yaml.Node) {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil, nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return n.Content[i], n.Content[i+1]
		}
	}
	return nil, nil
}

// number is the value of a node that YAML reads as a finite number.
func number(n *yaml.Node) (v float64, ok bool) {
	if tag := n.ShortTag(); n.Kind != yaml.ScalarNode || tag != "!!int" && tag != "!!float" {
		return 0, false
	}
	if n.Decode(&v) != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return 0, false
	}
	return v, true
}

// plain is a node as encoding/json reads values: numbers are finite, and dates and
// all other scalars are texts as they were written. The members with some keys are left out.
func plain(n *yaml.Node, without []*yaml.Node) any {
	switch n.Kind {
	case yaml.MappingNode:
		m := make(map[string]any, len(n.Content)/2)
		for i := 0; i+1 < len(n.Content); i += 2 {
			if !slices.Contains(without, n.Content[i]) {
				m[n.Content[i].Value] = plain(n.Content[i+1], without)
			}
		}
		return m
	case yaml.SequenceNode:
		s := make([]any, len(n.Content))
		for i, item := range n.Content {
			s[i] = plain(item, without)
		}
		return s
	}
	if isNull(n) {
		return nil
	}
	if v, ok := number(n); ok {
		return v
	}
	if n.ShortTag() == "!!bool" {
		if v, err := strconv.ParseBool(n.Value); err == nil {
			return v
		}
	}
	return n.Value
}
