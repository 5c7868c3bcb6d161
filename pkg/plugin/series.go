package plugin

import (
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// series answers with one frame for each group and measure, with a point for
// every instant.
func (a *answer) series(groups []*group) {
	a.frameType = data.FrameTypeTimeSeriesMulti
	instants := a.span.instants()
	if len(instants) == 0 {
		return
	}
	for _, g := range groups {
		points := make([]figures, len(instants))
		for i, at := range instants {
			points[i] = g.figures(at, a.span.to, a.question)
		}
		// Warnings about windows long past would only puzzle; those of the newest
		// point say what holds now.
		last := points[len(points)-1]
		a.rest(last)
		a.warn(g, last.warnings)
		for _, m := range a.question.measures {
			values := make([]slo.Number, len(points))
			shown := make([]*float64, len(points))
			times := make([]time.Time, len(points))
			for i, f := range points {
				values[i] = f.value(m.Name)
				shown[i] = nullable(values[i])
				times[i] = instants[i]
			}
			value := data.NewField(m.Name, a.labels(g, m), shown)
			value.Config = a.field(g, m, values, last.Target)
			value.Config.Interval = float64(a.span.step.Milliseconds())
			a.frames = append(a.frames, data.NewFrame(m.Name, data.NewField("time", nil, times), value))
		}
	}
}
