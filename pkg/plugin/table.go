package plugin

import (
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/impact"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// table is a frame that is filled row by row, column by column.
type table struct {
	*data.Frame
}

func newTable(name string) table { return table{data.NewFrame(name)} }

// text adds a column of texts.
func (t table) text(name, title string, values []string) {
	t.column(data.NewField(name, nil, values), title)
}

// flag adds a column of yes and no.
func (t table) flag(name, title string, values []bool) {
	t.yesOrNo(data.NewField(name, nil, values), title)
}

// maybe adds a column of yes, no and not known.
func (t table) maybe(name, title string, values []*bool) {
	t.yesOrNo(data.NewField(name, nil, values), title)
}

func (t table) yesOrNo(field *data.Field, title string) {
	t.column(field, title)
	field.Config.Mappings = data.ValueMappings{data.ValueMapper{"true": {Text: "yes"}, "false": {Text: "no"}}}
}

// date adds a column of days, as texts: an instant would be another day to who looks
// from another time zone. The zero time is blank.
func (t table) date(name, title string, values []time.Time) {
	shown := make([]string, len(values))
	for i, day := range values {
		if !day.IsZero() {
			shown[i] = day.Format(time.DateOnly)
		}
	}
	t.text(name, title, shown)
}

// time adds a column of instants; the zero time is blank.
func (t table) time(name, title string, values []time.Time) {
	shown := make([]*time.Time, len(values))
	for i := range values {
		if !values[i].IsZero() {
			shown[i] = &values[i]
		}
	}
	t.column(data.NewField(name, nil, shown), title)
}

// number adds a column of numbers with how it looks.
func (t table) number(name string, values []slo.Number, config *data.FieldConfig) {
	shown := make([]*float64, len(values))
	for i, v := range values {
		shown[i] = nullable(v)
	}
	field := data.NewField(name, nil, shown)
	field.Config = config
	t.Fields = append(t.Fields, field)
}

// money adds columns of an amount: its best estimate, the low and the high one. nil is
// not known.
func (t table) money(name, title, currency string, values []*impact.Range) {
	for _, part := range []struct {
		suffix, title string
		of            func(impact.Range) float64
	}{
		{"", title, func(r impact.Range) float64 { return r.Base }},
		{"_low", title + ", low", func(r impact.Range) float64 { return r.Low }},
		{"_high", title + ", high", func(r impact.Range) float64 { return r.High }},
	} {
		numbers := pick(values, func(r *impact.Range) slo.Number { return partOf(r, part.of) })
		config := titled(part.title, currencyUnit(currency), moneyDecimals(numbers))
		config.NoValue = notKnown
		t.number(name+part.suffix, numbers, config)
	}
}

// partOf is a bound or the best estimate of a range; unknown where that is nil.
func partOf(r *impact.Range, of func(impact.Range) float64) slo.Number {
	if r == nil {
		return slo.Number{}
	}
	return slo.Known(of(*r))
}

func (t table) column(field *data.Field, title string) {
	t.Fields = append(t.Fields, field.SetConfig(&data.FieldConfig{DisplayNameFromDS: title}))
}

// pick makes a column of rows.
func pick[R, V any](rows []R, of func(R) V) []V {
	values := make([]V, len(rows))
	for i, r := range rows {
		values[i] = of(r)
	}
	return values
}

// titled is how a column of numbers looks that is no measure.
func titled(title, unit string, decimals uint16) *data.FieldConfig {
	config := &data.FieldConfig{DisplayNameFromDS: title, Unit: unit, NoValue: "no data"}
	config.SetDecimals(decimals)
	return config
}
