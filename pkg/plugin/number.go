package plugin

import (
	"maps"
	"slices"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// number answers with one frame for each group and measure, each with one number
// and a label set of its own, as Grafana alerting needs it.
func (a *answer) number(groups []*group) {
	a.frameType = data.FrameTypeNumericMulti
	for _, g := range groups {
		f := g.figures(a.span.to, a.span.to, a.question)
		if a.question.needsForecast() {
			f.lookAhead(g, a.span.to, a.question, a.zone)
		}
		a.rest(f)
		a.warn(g, f.warnings)
		for _, m := range a.question.measures {
			v := f.value(m.Name)
			value := data.NewField(m.Name, a.labels(g, m), []*float64{nullable(v)})
			value.Config = a.field(g, m, []slo.Number{v}, f.Target)
			a.frames = append(a.frames, data.NewFrame(m.Name, value))
		}
	}
}

// labels are the stable identity of a figure.
func (a *answer) labels(g *group, m measure) data.Labels {
	labels := maps.Clone(g.labels)
	if len(a.question.measures) > 1 {
		labels["measure"] = m.Name
	}
	return labels
}

// field is how a measure of a group looks, under the name that readers know.
func (a *answer) field(g *group, m measure, values []slo.Number, target float64) *data.FieldConfig {
	config := field(m.Name, only(g.currencies()), values, target)
	explainMoney(config, values, slices.Repeat([]*group{g}, len(values)))
	if m.Name == "policy_state" {
		names, _ := g.states()
		showStates(config, names)
	}
	config.DisplayNameFromDS = g.title
	if len(a.question.measures) > 1 {
		config.DisplayNameFromDS += ": " + m.Title
	}
	return config
}
