package slotest

import (
	"github.com/stakes-slo/stakes-slo-datasource/pkg/impact"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// Core is the engine that asks packages slo and impact directly.
type Core struct{}

// Eval answers from the loaded slices, without any Prometheus in between.
func (Core) Eval(load Load, q Question) (Answer, error) {
	text := q.SLO.Window
	if q.Window != "" {
		text = q.Window
	}
	window, err := slo.ParseWindow(text)
	if err != nil {
		return Answer{}, err
	}
	objective, err := slo.NewObjective(q.SLO.Target, window)
	if err != nil {
		return Answer{}, err
	}
	grid, err := slo.NewGrid(slo.Part{Start: Origin, Step: load.Step, N: len(load.Total)})
	if err != nil {
		return Answer{}, err
	}
	timeline, err := slo.NewTimeline(grid, load.Slices())
	if err != nil {
		return Answer{}, err
	}
	answer := Answer{Values: map[string][]slo.Number{}}
	for _, at := range q.Instants() {
		report := slo.Judge(timeline, objective, at, q.Lookback, slo.DefaultRules)
		loss, err := lossOf(q.SLO, timeline, objective, report)
		if err != nil {
			return Answer{}, err
		}
		for name, v := range values(report, loss) {
			answer.Values[name] = append(answer.Values[name], v)
		}
		if q.Step == 0 {
			for _, w := range report.Warnings {
				answer.Warnings = append(answer.Warnings, w.Text)
			}
		}
	}
	return answer, nil
}

func lossOf(s SLO, t *slo.Timeline, o slo.Objective, r slo.Report) (*impact.Loss, error) {
	if s.Value == nil {
		return nil, nil
	}
	perEvent := make([]impact.Range, t.Grid().Len())
	for i := range perEvent {
		perEvent[i] = s.Value.Times(s.NotRecovered)
	}
	ledger, err := impact.Price(t, perEvent)
	if err != nil {
		return nil, err
	}
	loss, ok := ledger.Loss(o, r.From, r.To)
	if !ok {
		return nil, nil
	}
	return &loss, nil
}

// values are a report's figures under the names of the measures.
func values(r slo.Report, loss *impact.Loss) map[string]slo.Number {
	v := map[string]slo.Number{
		"sli": r.SLI, "sli_low": r.SLILow, "sli_high": r.SLIHigh,
		"target":          slo.Known(r.Target),
		"budget_consumed": r.BudgetConsumed, "budget_remaining": r.BudgetRemaining,
		"burn_rate": r.BurnRate, "coverage": slo.Known(r.Coverage),
		"status":      slo.Known(float64(r.Status)),
		"good_events": {}, "bad_events": {}, "total_events": {},
		"loss": {}, "loss_low": {}, "loss_high": {}, "loss_accepted": {}, "loss_excess": {},
	}
	if r.Measured {
		v["good_events"] = slo.Known(r.Counts.Good)
		v["bad_events"] = slo.Known(r.Counts.Bad())
		v["total_events"] = slo.Known(r.Counts.Total)
	}
	if loss != nil {
		v["loss"] = slo.Known(loss.Gross.Base)
		v["loss_low"] = slo.Known(loss.Gross.Low)
		v["loss_high"] = slo.Known(loss.Gross.High)
		v["loss_accepted"] = slo.Known(loss.Accepted.Base)
		v["loss_excess"] = slo.Known(loss.Excess.Base)
	}
	return v
}
