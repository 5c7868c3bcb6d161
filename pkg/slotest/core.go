package slotest

import (
	"slices"
	"time"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/impact"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// Core is the engine that asks packages slo and impact directly.
type Core struct{}

// Eval answers from the loaded slices, without any Prometheus in between.
func (Core) Eval(load Load, q Question) (Answer, error) {
	objective, err := q.SLO.objective(q.Window)
	if err != nil {
		return Answer{}, err
	}
	grid, err := slo.NewGrid(slo.Part{Start: load.Origin, Step: load.Step, N: len(load.Total)})
	if err != nil {
		return Answer{}, err
	}
	timeline, err := slo.NewTimeline(grid, load.Slices())
	if err != nil {
		return Answer{}, err
	}
	evidence, err := slo.Gather(objective, timeline, q.SLO.Corrections)
	if err != nil {
		return Answer{}, err
	}
	switch q.Kind {
	case History:
		return history(evidence, objective, q)
	case Incidents:
		return incidents(evidence, objective, q), nil
	case Alert:
		return alerts(evidence, objective, q), nil
	}
	return evaluate(evidence, objective, q)
}

func evaluate(e slo.Evidence, o slo.Objective, q Question) (Answer, error) {
	answer := Answer{Values: map[string][]slo.Number{}}
	for _, at := range q.Instants() {
		report := slo.Judge(e, o, slo.Moment{At: at, Lookback: q.Lookback, AsOf: q.To}, slo.DefaultRules)
		hangs, err := stakesOf(q, e.Events, o, report)
		if err != nil {
			return Answer{}, err
		}
		answer.add(values(report, hangs))
		if q.Step == 0 {
			for _, w := range slices.Concat(report.Warnings, slo.Suspicions(e.Events, report.From, at)) {
				answer.Warnings = append(answer.Warnings, w.Text)
			}
		}
	}
	return answer, nil
}

// add appends one number to each measure.
func (a *Answer) add(numbers map[string]slo.Number) {
	for name, v := range numbers {
		a.Values[name] = append(a.Values[name], v)
	}
}

func history(e slo.Evidence, o slo.Objective, q Question) (Answer, error) {
	zone, err := time.LoadLocation(q.SLO.Zone)
	if err != nil {
		return Answer{}, err
	}
	as, err := slo.CalendarOf(q.By, zone, time.Monday)
	if err != nil {
		return Answer{}, err
	}
	kept, err := slo.History(e, o, as, q.From, q.To, slo.DefaultRules)
	if err != nil {
		return Answer{}, err
	}
	answer := Answer{Values: map[string][]slo.Number{}}
	for _, k := range kept {
		numbers := values(k.Report, stakes{})
		numbers["start"], numbers["end"] = q.hours(k.Interval.From), q.hours(k.Interval.To)
		numbers["over"] = truth(k.Over)
		answer.add(numbers)
	}
	return answer, nil
}

func incidents(e slo.Evidence, o slo.Objective, q Question) Answer {
	answer := Answer{Values: map[string][]slo.Number{}}
	for _, in := range slo.Incidents(e, o, q.From, q.To, slo.DefaultIncidentRule) {
		answer.add(map[string]slo.Number{
			"start": q.hours(in.From), "end": q.hours(in.To), "ongoing": truth(in.Ongoing),
			"bad_events": slo.Known(in.Events.Bad()), "total_events": slo.Known(in.Events.Total),
			"share": in.Share, "peak": in.Peak,
		})
	}
	return answer
}

func alerts(e slo.Evidence, o slo.Objective, q Question) Answer {
	answer := Answer{Values: map[string][]slo.Number{}}
	for _, alert := range slo.Alerts(e, o, q.To, slo.Usable(slo.DefaultAlertWindows, o), slo.DefaultRules) {
		answer.add(map[string]slo.Number{alert.Severity: alert.Firing})
		for _, row := range alert.Rows {
			answer.add(map[string]slo.Number{
				"factor": slo.Known(row.BurnFactor), "share": slo.Known(row.EffectiveShare(o)),
				"burn_long": row.Long, "burn_short": row.Short, "firing": row.Firing,
			})
		}
	}
	return answer
}

// hours is an instant as hours after the scenario's origin.
func (q Question) hours(t time.Time) slo.Number { return slo.Known(t.Sub(q.Origin).Hours()) }

func truth(b bool) slo.Number {
	if b {
		return slo.Known(1)
	}
	return slo.Known(0)
}

// objective is the SLO's promise, over another window where one is given.
func (s SLO) objective(window string) (slo.Objective, error) {
	if window == "" {
		window = s.Window
	}
	w, err := s.window(window)
	if err != nil {
		return slo.Objective{}, err
	}
	o, err := slo.NewObjective(s.Target, w)
	if err == nil && s.Method != slo.Occurrences {
		o, err = o.Sliced(s.Method, s.Slice, s.SliceTarget)
	}
	if err == nil && s.History != nil {
		o, err = o.WithHistory(s.History)
	}
	return o, err
}

func (s SLO) window(text string) (slo.Window, error) {
	for _, unit := range slo.Units {
		if text == string(unit) {
			zone, err := time.LoadLocation(s.Zone)
			if err != nil {
				return slo.Window{}, err
			}
			return slo.CalendarOf(unit, zone, time.Monday)
		}
	}
	return slo.ParseWindow(text)
}

// stakes are what hangs on the events of a window; nil is not known.
type stakes struct {
	loss            *impact.Loss
	rate, customers *impact.Range
}

func stakesOf(q Question, t *slo.Timeline, o slo.Objective, r slo.Report) (stakes, error) {
	s := q.SLO
	if s.Value == nil {
		return stakes{}, nil
	}
	each, err := impact.Value{PerOrder: *s.Value, NotRecovered: s.NotRecovered, Requests: impact.Exactly(s.Requests)}.PerFailure()
	if err != nil {
		return stakes{}, err
	}
	perEvent := make([]impact.Range, t.Grid().Len())
	for i := range perEvent {
		perEvent[i] = each
	}
	ledger, err := impact.Price(t, perEvent)
	if err != nil {
		return stakes{}, err
	}
	var out stakes
	if loss, ok := ledger.Loss(o, r.From, r.To); ok {
		out.loss = &loss
	}
	if rate, ok := ledger.Rate(r.To.Add(-q.Lookback), r.To); ok {
		out.rate = &rate
	}
	if s.Customers > 0 {
		if number, ok := impact.AffectedByEvent(t.Sum(r.From, r.To).Counts, impact.Exactly(s.Customers)); ok {
			out.customers = &number
		}
	}
	return out, nil
}

// values are a report's figures under the names of the measures.
func values(r slo.Report, at stakes) map[string]slo.Number {
	v := map[string]slo.Number{
		"sli": r.SLI, "sli_low": r.SLILow, "sli_high": r.SLIHigh,
		"target":          slo.Known(r.Target),
		"budget_consumed": r.BudgetConsumed, "budget_remaining": r.BudgetRemaining,
		"budget_consumed_to_date": r.BudgetConsumedToDate, "budget_remaining_to_date": r.BudgetRemainingToDate,
		"budget_remaining_events": r.BudgetRemainingUnits, "budget_remaining_minutes": minutes(r.BudgetRemainingTime),
		"burn_rate": r.BurnRate, "coverage": slo.Known(r.Coverage),
		"status":      slo.Known(float64(r.Status)),
		"good_events": {}, "bad_events": {}, "total_events": {},
		"sli_uncorrected": {}, "budget_remaining_uncorrected": {}, "forgiven_events": {},
		"loss": {}, "loss_low": {}, "loss_high": {}, "loss_accepted": {}, "loss_excess": {},
		"budget_remaining_value": {}, "loss_rate": {}, "customers_affected": {},
	}
	if r.Measured {
		v["good_events"] = slo.Known(r.Events.Good)
		v["bad_events"] = slo.Known(r.Events.Bad())
		v["total_events"] = slo.Known(r.Events.Total)
	}
	if raw := r.Uncorrected; raw != nil {
		v["sli_uncorrected"], v["budget_remaining_uncorrected"] = raw.SLI, raw.BudgetRemaining
		v["forgiven_events"] = slo.Known(raw.Events.Bad() - r.Events.Bad())
	}
	if at.rate != nil {
		v["loss_rate"] = slo.Known(at.rate.Base)
	}
	if at.customers != nil {
		v["customers_affected"] = slo.Known(at.customers.Base)
	}
	if loss := at.loss; loss != nil {
		v["budget_remaining_value"] = slo.Known(loss.Remaining().Base)
		v["loss"] = slo.Known(loss.Gross.Base)
		v["loss_low"] = slo.Known(loss.Gross.Low)
		v["loss_high"] = slo.Known(loss.Gross.High)
		v["loss_accepted"] = slo.Known(loss.Accepted.Base)
		v["loss_excess"] = slo.Known(loss.Excess.Base)
	}
	return v
}

// minutes is a length of time in seconds as minutes.
func minutes(seconds slo.Number) slo.Number {
	if !seconds.Known {
		return seconds
	}
	return slo.Known(seconds.Value / 60)
}
