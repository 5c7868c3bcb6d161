package card

import (
	"strings"

	"github.com/grafana/grafana-plugin-sdk-go/data"
)

// table finds cells of a frame by the name of the field. What is not there is
// nil or empty: a demo shows what it gets.
type table struct {
	fields map[string]*data.Field
	rows   int
}

func newTable(f *data.Frame) table {
	t := table{fields: map[string]*data.Field{}, rows: f.Rows()}
	for _, field := range f.Fields {
		t.fields[field.Name] = field
	}
	return t
}

func (t table) has(name string) bool { return t.fields[name] != nil }

func (t table) names() []string {
	var names []string
	for name := range t.fields {
		names = append(names, name)
	}
	return names
}

func (t table) text(name string, row int) string {
	if !t.has(name) {
		return ""
	}
	value, _ := t.fields[name].ConcreteAt(row)
	text, _ := value.(string)
	return text
}

func (t table) number(name string, row int) *float64 {
	if !t.has(name) {
		return nil
	}
	n, err := t.fields[name].NullableFloatAt(row)
	if err != nil {
		return nil
	}
	return n
}

// currency is what a field's unit says, such as "currencyEUR".
func (t table) currency(name string) string {
	if !t.has(name) || t.fields[name].Config == nil {
		return ""
	}
	code, isMoney := strings.CutPrefix(t.fields[name].Config.Unit, "currency")
	if !isMoney {
		return ""
	}
	return strings.TrimPrefix(code, ":")
}
