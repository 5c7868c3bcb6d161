package catalog

import (
	"encoding"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// Outline is what a document of one kind can say, for editors that complete what is
// typed. It is read off the types that documents are checked against, so that what
// it offers is what is accepted.
type Outline struct {
	APIVersion string  `json:"apiVersion"`
	Kind       string  `json:"kind"`
	Fields     []Field `json:"fields"`
}

// Field is a field of a document, with the fields that stand below it: of the mapping
// that it holds, or of each item of its list.
type Field struct {
	Name   string   `json:"name"`
	List   bool     `json:"list,omitempty"`
	Fields []Field  `json:"fields,omitempty"`
	Values []string `json:"values,omitempty"` // all that it may hold, where they are few
}

// choices are the values of fields that take one of a few, by kind and path. They are
// the same lists that documents are checked against.
var choices = map[string]map[string][]string{
	"SLO": {
		"spec.budgetingMethod": methodNames, "spec.objectives.op": operators,
		"metadata.annotations.stakes/absent": {"bad", "gap"}, "metadata.annotations." + alertsAnnotation: {"off"},
	},
	"Agreement":  {"spec.feel.better": betters, "spec.feel.kind": feelKinds},
	"Contract":   {"spec.fee.every": feePeriods},
	"Correction": {"spec.effect": effects},
	"Incident":   {"spec.kind": incidentKinds},
	"Journey":    {"spec.steps.mode": modes},
	"Policy":     {"spec.states.when": {always}},
}

// members are the fields below those that hold one value or a mapping, by kind and path.
// Their Go types say nothing, as both are allowed.
var members = map[string]map[string][]string{
	"Value":    {"spec.perEvent": estimates, "spec.notRecovered": estimates},
	"Incident": {"spec.cost": estimates},
	"Risk":     {"spec.costPerIncident": estimates},
	"Response": {"spec.costPerHour": estimates},
	"Policy":   {"spec.states.when": conditions},
}

// stakesTypes are the types of the documents of stakes/v1.
var stakesTypes = map[string]reflect.Type{
	"Value":      reflect.TypeFor[valueDocument](),
	"Agreement":  reflect.TypeFor[agreementDocument](),
	"Correction": reflect.TypeFor[correctionDocument](),
	"Incident":   reflect.TypeFor[incidentDocument](),
	"Policy":     reflect.TypeFor[policyDocument](),
	"Risk":       reflect.TypeFor[riskDocument](),
	"Journey":    reflect.TypeFor[journeyDocument](),
	"Contract":   reflect.TypeFor[contractDocument](),
	"Response":   reflect.TypeFor[responseDocument](),
}

// outlineDepth is deeper than any document goes.
const outlineDepth = 12

// Outlines are all kinds of openslo/v1 and of stakes/v1, in the order of their names.
func Outlines() []Outline {
	var all []Outline
	for _, family := range []struct {
		version string
		types   map[string]reflect.Type
	}{{"openslo/v1", openSLOv1.types}, {"stakes/v1", stakesTypes}} {
		for _, kind := range slices.Sorted(maps.Keys(family.types)) {
			all = append(all, Outline{family.version, kind, outliner(kind).below(family.types[kind], nil, outlineDepth)})
		}
	}
	return all
}

// outliner is the kind whose fields are looked at.
type outliner string

// field is a field with everything that it may hold.
func (kind outliner) field(name string, t reflect.Type, path []string, depth int) Field {
	at := strings.Join(path, ".")
	f := Field{Name: name, List: isList(t), Values: choices[string(kind)][at]}
	f.Fields = kind.below(t, path, depth)
	for _, member := range members[string(kind)][at] {
		f.Fields = append(f.Fields, Field{Name: member})
	}
	if isBool(t) {
		f.Values = []string{"true", "false"}
	}
	return f
}

// below are the fields of a type. Annotations are a mapping of names that the type
// does not hold.
func (kind outliner) below(t reflect.Type, path []string, depth int) []Field {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if slices.Equal(path, []string{"metadata", "annotations"}) {
		var known []Field
		for _, name := range slices.Sorted(maps.Keys(annotations)) {
			known = append(known, Field{Name: name, Values: choices[string(kind)][dot("metadata.annotations", name)]})
		}
		return known
	}
	if t.Kind() != reflect.Struct || depth == 0 || isText(t) {
		return nil
	}
	names, types := fieldsOf(t)
	fields := make([]Field, 0, len(names))
	for i, name := range names {
		if name != "" && name != "-" {
			fields = append(fields, kind.field(name, types[i], append(slices.Clone(path), name), depth-1))
		}
	}
	return fields
}

// isText reports whether a type is written as one text.
func isText(t reflect.Type) bool {
	return reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}

func isList(t reflect.Type) bool {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.Kind() == reflect.Slice && t != anyJSONType
}

func isBool(t reflect.Type) bool {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.Kind() == reflect.Bool
}
