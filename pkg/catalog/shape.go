package catalog

import (
	"encoding"
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	"github.com/OpenSLO/go-sdk/pkg/openslo"
	v1 "github.com/OpenSLO/go-sdk/pkg/openslo/v1"
	"go.yaml.in/yaml/v3"
)

var (
	anyJSONType   = reflect.TypeFor[json.RawMessage]()
	labelType     = reflect.TypeFor[v1.Label]()
	durationType  = reflect.TypeFor[v1.DurationShorthand]()
	kindType      = reflect.TypeFor[openslo.Kind]()
	textType      = reflect.TypeFor[encoding.TextUnmarshaler]()
	dateTagOrText = []string{"!!str", "!!timestamp"}
)

// shape compares what stands at a path with the Go type that it is decoded into,
// by the names in the type's json tags. Fields that the type does not know and
// values of the wrong kind become problems; what it accepts decodes without error.
// Null stands for an absent value everywhere.
func (d *document) shape(path string, n *yaml.Node, t reflect.Type) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case isNull(n) || t == anyJSONType:
	case t == labelType && n.Kind == yaml.SequenceNode:
		d.items(path, n, reflect.TypeFor[string]())
	case t == labelType:
		d.text(path, n)
	case reflect.PointerTo(t).Implements(textType):
		d.spelling(path, n, t)
	case t.Kind() == reflect.Struct:
		d.fields(path, n, t)
	case t.Kind() == reflect.Map:
		d.members(path, n, t.Elem())
	case t.Kind() == reflect.Slice:
		d.items(path, n, t.Elem())
	case t.Kind() == reflect.String:
		d.text(path, n)
	case t.Kind() == reflect.Bool:
		if n.Kind != yaml.ScalarNode || n.ShortTag() != "!!bool" {
			d.fail(path, "%s is %s; expected true or false", leaf(path), describe(n))
		}
	case t.Kind() == reflect.Float64:
		if _, ok := number(n); !ok {
			d.fail(path, "%s is %s; expected a number", leaf(path), describe(n))
		}
	}
}

func (d *document) fields(path string, n *yaml.Node, t reflect.Type) {
	known, types := fieldsOf(t)
	if n.Kind != yaml.MappingNode {
		d.fail(path, "%s is %s; expected a mapping with %s", leaf(path), describe(n), list(known))
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		name := n.Content[i].Value
		if at := slices.Index(known, name); at >= 0 {
			d.shape(dot(path, name), n.Content[i+1], types[at])
			continue
		}
		report := d.fail
		if d.lenient {
			report = d.warn
			// JSON would take it for the field: it does not tell capital letters from others.
			if slices.ContainsFunc(known, func(field string) bool { return strings.EqualFold(field, name) }) {
				d.misspelt = append(d.misspelt, n.Content[i])
			}
		}
		report(dot(path, name), "%s has no field %s%s; expected %s",
			leaf(path), quote(name), didYouMean(name, known), list(known))
	}
}

// fieldsOf are the names and types of a struct's fields, embedded ones included.
func fieldsOf(t reflect.Type) (names []string, types []reflect.Type) {
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous {
			embedded := f.Type
			if embedded.Kind() == reflect.Pointer {
				embedded = embedded.Elem()
			}
			n, t := fieldsOf(embedded)
			names, types = append(names, n...), append(types, t...)
			continue
		}
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		names, types = append(names, name), append(types, f.Type)
	}
	return names, types
}

func (d *document) members(path string, n *yaml.Node, t reflect.Type) {
	if n.Kind != yaml.MappingNode {
		d.fail(path, "%s is %s; expected a mapping", leaf(path), describe(n))
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		d.shape(dot(path, n.Content[i].Value), n.Content[i+1], t)
	}
}

func (d *document) items(path string, n *yaml.Node, t reflect.Type) {
	if n.Kind != yaml.SequenceNode {
		hint := ""
		if t.Kind() == reflect.String {
			hint = ", such as [one, two]"
		}
		d.fail(path, "%s is %s; expected a list%s", leaf(path), describe(n), hint)
		return
	}
	for i, item := range n.Content {
		d.shape(index(path, i), item, t)
	}
}

func (d *document) text(path string, n *yaml.Node) bool {
	if n.Kind == yaml.ScalarNode && slices.Contains(dateTagOrText, n.ShortTag()) {
		return true
	}
	hint := ""
	if n.Kind == yaml.ScalarNode {
		hint = " in quotes"
	}
	d.fail(path, "%s is %s; expected a text%s", leaf(path), describe(n), hint)
	return false
}

// spelling checks a text whose type allows some texts only.
func (d *document) spelling(path string, n *yaml.Node, t reflect.Type) {
	if !d.text(path, n) {
		return
	}
	value := reflect.New(t).Interface().(encoding.TextUnmarshaler)
	if value.UnmarshalText([]byte(n.Value)) == nil {
		return
	}
	expected := "another text"
	switch t {
	case durationType:
		expected = "a number with one of the units m, h, d, w, M, Q and Y, such as 28d"
	case kindType:
		expected = list(openSLOKinds)
	}
	d.fail(path, "%s is %s; expected %s", leaf(path), quote(n.Value), expected)
}

// describeSize is describe, and for a mapping how many members it has.
func describeSize(n *yaml.Node) string {
	if n != nil && n.Kind == yaml.MappingNode {
		return "a mapping of " + count(len(n.Content)/2, "field")
	}
	return describe(n)
}

// describe is what a node is, in words: `the number 42`, "a list".
func describe(n *yaml.Node) string {
	switch {
	case n == nil || isNull(n):
		return "empty"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case n.Kind == yaml.MappingNode:
		return "a mapping"
	case n.ShortTag() == "!!bool":
		return n.Value
	case n.ShortTag() == "!!int" || n.ShortTag() == "!!float":
		return "the number " + oneLine(n.Value)
	}
	return "the text " + quote(n.Value)
}
