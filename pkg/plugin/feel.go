package plugin

import (
	"context"
	"time"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/catalog"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/impact"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/words"
)

// feeling is how a metric of what customers feel moves with a promise's indicator.
type feeling struct {
	impact.Felt
	step   time.Duration // between the points that were compared
	higher bool          // is the metric better when it is higher
}

// Feelings are told by days where there are days enough, because hours of the day and
// their customs stand between an indicator and what customers do; else by hours. A metric
// may come so much later than the SLI.
const (
	feltDays    = impact.MinPoints // from so many on by days
	maxLagDays  = 7
	maxLagHours = 12
)

// feel compares the indicator of an assessment with the metric that its agreement says
// customers feel it by.
func (a assessor) feel(ctx context.Context, out *assessment, f catalog.Feel) error {
	units := out.evidence.Units
	from, to := slo.Ceil(units.Grid().Start(), slo.Coarse), slo.Floor(a.span.to, slo.Coarse)
	if !from.Before(to) {
		return nil
	}
	grid, err := slo.NewGrid(slo.Part{Start: from, Step: slo.Coarse, N: int(to.Sub(from) / slo.Coarse)})
	if err != nil {
		return err
	}
	metric, err := a.perSlice(ctx, out, f.Query, grid)
	if err != nil {
		return err
	}
	sli := hourly(units, grid)
	step, lag := slo.Coarse, maxLagHours
	if both(sli, metric) >= feltDays*24 {
		step, lag = 24*time.Hour, maxLagDays
		sli, metric = daily(units, grid), meanOfDays(metric)
	}
	felt, err := impact.Feel(sli, metric, lag)
	if err != nil {
		return err
	}
	out.stakes.felt = &feeling{Felt: felt, step: step, higher: f.Higher}
	return nil
}

// hourly are the SLIs of the hours of a grid.
func hourly(units *slo.Timeline, grid slo.Grid) []slo.Number {
	all := make([]slo.Number, grid.Len())
	for i := range all {
		all[i] = sliOf(units, grid.Edge(i), grid.Edge(i+1))
	}
	return all
}

// daily are the SLIs of the whole days that end with a grid of hours.
func daily(units *slo.Timeline, grid slo.Grid) []slo.Number {
	var all []slo.Number
	for i := grid.Len() % 24; i < grid.Len(); i += 24 {
		all = append(all, sliOf(units, grid.Edge(i), grid.Edge(i+24)))
	}
	return all
}

// sliOf is the SLI of a stretch of time of which at least half was observed.
func sliOf(units *slo.Timeline, from, to time.Time) slo.Number {
	tally := units.Sum(from, to)
	if tally.Observed < to.Sub(from)/2 || tally.Contradictory() {
		return slo.Number{}
	}
	return tally.SLI()
}

// meanOfDays are the means of the whole days at the end of a list of hours, of which at
// least half are known.
func meanOfDays(hours []slo.Number) []slo.Number {
	var all []slo.Number
	for i := len(hours) % 24; i < len(hours); i += 24 {
		sum, n := 0.0, 0
		for _, v := range hours[i : i+24] {
			if v.Known {
				sum, n = sum+v.Value, n+1
			}
		}
		all = append(all, known(n >= 12, sum/float64(max(n, 1))))
	}
	return all
}

// both is how many pairs are known.
func both(a, b []slo.Number) int {
	n := 0
	for i := range a {
		if a[i].Known && b[i].Known {
			n++
		}
	}
	return n
}

// words say in a language whether customers feel an indicator; empty where nobody looked.
func (f *feeling) words(l *words.Language) string {
	if f == nil {
		return ""
	}
	return l.Felt(f.Felt, f.higher)
}

// level is the SLI below which customers feel it, or a bound of it: a target to think
// about. It is unknown where the metric does not get worse with the indicator.
func (f *feeling) level(of func(impact.Felt) slo.Number) slo.Number {
	if f == nil || f.Feeling != impact.Moves || f.Wrongly(f.higher) {
		return slo.Number{}
	}
	return of(f.Felt)
}

// figure is a figure of the comparison; unknown where nobody looked.
func (f *feeling) figure(of func(impact.Felt) slo.Number) slo.Number {
	if f == nil {
		return slo.Number{}
	}
	return of(f.Felt)
}

// lag is how much later the metric moves, in hours; unknown where it does not.
func (f *feeling) lag() slo.Number {
	if f == nil || f.Feeling != impact.Moves {
		return slo.Number{}
	}
	return slo.Known((time.Duration(f.Lag) * f.step).Hours())
}

// reviewFeelings adds columns of whether customers feel the indicators.
func (a *answer) reviewFeelings(t table, rows []reviewed) {
	strictest := 0.0
	for _, r := range rows {
		strictest = max(strictest, r.objective.Target())
	}
	metric := func(r reviewed) string {
		if r.slo.Agreement == nil || r.slo.Agreement.Feel == nil {
			return ""
		}
		return r.slo.Agreement.Feel.Name
	}
	t.text("feel", "What customers feel", pick(rows, metric))
	t.text("felt", "Do they feel it?", pick(rows, func(r reviewed) string { return r.stakes.felt.words(a.question.language) }))
	for _, c := range []struct {
		name, title string
		of          func(impact.Felt) slo.Number
	}{
		{"correlation", "Rank correlation", func(f impact.Felt) slo.Number { return f.Correlation }},
		{"correlation_low", "Rank correlation, low", func(f impact.Felt) slo.Number { return f.Low }},
		{"correlation_high", "Rank correlation, high", func(f impact.Felt) slo.Number { return f.High }},
	} {
		t.number(c.name, pick(rows, func(r reviewed) slo.Number { return r.stakes.felt.figure(c.of) }), titled(c.title, "none", 2))
	}
	t.number("lag", pick(rows, func(r reviewed) slo.Number { return r.stakes.felt.lag() }), titled("Felt after", "h", 0))
	for _, c := range []struct {
		name, title string
		of          func(impact.Felt) slo.Number
	}{
		{"felt_below", "Felt below this SLI", func(f impact.Felt) slo.Number { return f.Threshold }},
		{"felt_below_low", "Felt below this SLI, low", func(f impact.Felt) slo.Number { return f.ThresholdLow }},
		{"felt_below_high", "Felt below this SLI, high", func(f impact.Felt) slo.Number { return f.ThresholdHigh }},
	} {
		t.number(c.name, pick(rows, func(r reviewed) slo.Number { return r.stakes.felt.level(c.of) }), titled(c.title, "percentunit", targetDecimals(strictest)))
	}
}
