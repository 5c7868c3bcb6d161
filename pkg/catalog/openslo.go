package catalog

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/OpenSLO/go-sdk/pkg/openslo"
	"github.com/OpenSLO/go-sdk/pkg/openslosdk"
	"github.com/nobl9/govy/pkg/govy"
	"github.com/nobl9/govy/pkg/rules"
	"go.yaml.in/yaml/v3"
)

// openSLOKinds are the kinds of every version of OpenSLO.
var openSLOKinds = slices.Sorted(maps.Keys(openSLOv1.types))

// decodeOpenSLO reads a document by OpenSLO's own SDK, as it is written and as one of
// openslo/v1; nil where it has problems that leave nothing to look at.
func (d *document) decodeOpenSLO() (written, read openslo.Object) {
	before := len(d.problems)
	d.shape("", d.root, d.dialect.types[d.kind])
	if len(d.problems) > before {
		return nil, nil
	}
	err := guard(func() error {
		text, err := json.Marshal(plain(d.root, nil))
		if err != nil {
			return err
		}
		objects, err := openslosdk.Decode(bytes.NewReader(text), openslosdk.FormatJSON)
		if err == nil && len(objects) == 1 {
			written, read = objects[0], asV1(objects[0])
		}
		return err
	})
	if err != nil || read == nil {
		d.fail("", "OpenSLO cannot read this %s: %v", d.kind, err)
		return nil, nil
	}
	return written, read
}

// validateOpenSLO adds what OpenSLO's own rules say of an object, except where a
// problem with the same property says it already.
func (d *document) validateOpenSLO(object openslo.Object) {
	err := guard(object.Validate)
	var invalid *govy.ValidatorError
	if !errors.As(err, &invalid) {
		if err != nil {
			d.fail("", "OpenSLO cannot check this %s: %v", d.kind, err)
		}
		return
	}
	for _, property := range invalid.Errors {
		path := d.withinScalars(property.PropertyName)
		if d.reported(path) || slices.Contains(d.accepted, path) {
			continue
		}
		value := property.PropertyValue
		if n, _ := d.find(path); textOf(n) != "" && !property.IsKeyError {
			value = n.Value
		}
		for _, rule := range property.Errors {
			if property.IsKeyError {
				d.fail(path, `the key %s is not allowed; expected at most 63 letters, digits, "-", "_" and "."`, quote(value))
			} else {
				d.fail(path, "%s", ruleInWords(leaf(path), value, rule))
			}
		}
	}
}

// guard turns a panic into an error: one document must not take the others along.
func guard(f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("it stopped at %v", r)
		}
	}()
	return f()
}

// withinScalars cuts from a path what the SDK sees inside of a scalar: the "unit"
// of "28d" has no place of its own.
func (d *document) withinScalars(path string) string {
	for i := len(path); i > 0; i = strings.LastIndexByte(path[:i], '.') {
		if n, _ := d.find(path[:i]); n != nil && n.Kind == yaml.ScalarNode {
			return path[:i]
		}
	}
	return path
}

// ruleInWords is a broken rule of the SDK as a sentence about the named property,
// whose value may be empty or, where it is no scalar, JSON.
func ruleInWords(name, value string, rule *govy.RuleError) string {
	switch {
	case rule.Code.Has(rules.ErrorCodeRequired):
		return name + " is missing; OpenSLO requires it"
	case rule.Code.Has(rules.ErrorCodeForbidden):
		return name + " is given; expected it only where the SLI has a thresholdMetric"
	case rule.Code.Has(rules.ErrorCodeStringDNSLabel):
		return notAName(name, value)
	case rule.Code.Has(rules.ErrorCodeOneOf):
		return name + " is " + quote(value) + "; expected " + strings.TrimPrefix(rule.Message, "must be ")
	}
	subject := name + " is " + quote(value)
	if value == "" || strings.ContainsAny(value[:1], "{[") {
		subject = name + " does not fit"
	}
	return subject + "; OpenSLO's rule is: " + strings.NewReplacer("[", "", "]", "").Replace(rule.Message)
}

func notAName(property, value string) string {
	return fmt.Sprintf(`%s is %s; expected at most 63 lower-case letters, digits and "-", such as checkout-availability`, property, quote(value))
}
