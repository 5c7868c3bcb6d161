package plugin

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/catalog"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/impact"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/prom"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// route is a journey with what its steps were assessed to.
type route struct {
	catalog.Journey
	steps []assessment // as the journey has them
	// started are the events that stand for journeys, priced by what a journey is
	// worth: those of its counter, or else those of its last step.
	started assessment
}

// aboutJourneys reports whether the question's answers are about whole journeys.
func (q question) aboutJourneys() bool { return q.by == byJourney || q.queryType == typeJourney }

// stepsOf are the names of the SLOs that are steps of journeys.
func stepsOf(c catalog.Catalog, names []string) (map[string]bool, error) {
	steps := map[string]bool{}
	for _, name := range names {
		i := slices.IndexFunc(c.Journeys, func(j catalog.Journey) bool { return j.Name == name })
		if i < 0 {
			return nil, fmt.Errorf("there is no journey %q in the catalogue%s", name, becauseOf(c))
		}
		for _, s := range c.Journeys[i].Steps {
			steps[s.SLO] = true
		}
	}
	return steps, nil
}

// travelled are the journeys that a question is about: those that it names, or else
// all with a step that it selects.
func travelled(c catalog.Catalog, q question, selected []promise) []catalog.Journey {
	var all []catalog.Journey
	for _, j := range c.Journeys {
		if len(q.journeys) > 0 && !slices.Contains(q.journeys, j.Name) {
			continue
		}
		if slices.ContainsFunc(j.Steps, func(s catalog.Step) bool {
			return slices.ContainsFunc(selected, func(p promise) bool { return p.is(s) })
		}) {
			all = append(all, j)
		}
	}
	return all
}

// is reports whether a promise is a journey's step.
func (p promise) is(s catalog.Step) bool {
	return p.journey == "" && p.slo.Name == s.SLO && (p.name == s.Objective || s.Objective == "")
}

// promisesOfJourneys are the steps of the journeys that a question is about, whether
// or not each step is selected itself, and for each journey what counts it.
func promisesOfJourneys(c catalog.Catalog, q question, selected []promise) ([]promise, error) {
	journeys := travelled(c, q, selected)
	if len(journeys) == 0 {
		return nil, fmt.Errorf("no journey in the catalogue has a step that is selected%s", becauseOf(c))
	}
	every, err := selectPromises(c, question{window: q.window})
	if err != nil {
		return nil, err
	}
	var all []promise
	for _, j := range journeys {
		var last promise
		for _, s := range j.Steps {
			i := slices.IndexFunc(every, func(p promise) bool { return p.is(s) })
			if i < 0 {
				return nil, fmt.Errorf("the journey %s has the step %s, which is no objective in the catalogue%s", j.Name, s.Name, becauseOf(c))
			}
			if s.Mode != catalog.Optional || last.slo.Name == "" {
				last = every[i]
			}
			if !slices.ContainsFunc(all, func(p promise) bool { return p.is(s) }) {
				all = append(all, every[i])
			}
		}
		counter, err := counterOf(j, last)
		if err != nil {
			return nil, err
		}
		all = append(all, counter)
	}
	return all, nil
}

// counterOf is a journey as a promise of its own, judged by nothing: its events are
// journeys. Where nothing counts them, the last step that matters stands for them.
func counterOf(j catalog.Journey, last promise) (promise, error) {
	p := last
	p.journey, p.selected = j.Name, false
	if j.Counter != nil {
		o, err := slo.NewObjective(last.objective.Target(), last.objective.Window())
		if err != nil {
			return promise{}, err
		}
		p.objective, p.own = o, catalog.Objective{Objective: o}
		p.slo = catalog.SLO{Indicator: catalog.Indicator{Good: j.Counter.Good, Total: j.Counter.Total}}
	}
	p.slo.Name, p.slo.DisplayName, p.slo.Values = j.Name, j.DisplayName, nil
	if j.Value != nil {
		p.slo.Values = []catalog.Value{*j.Value}
	}
	return p, nil
}

// journeyGroups has a group for each journey.
func journeyGroups(c catalog.Catalog, all []assessment) []*group {
	var groups []*group
	for _, j := range c.Journeys {
		r := &route{Journey: j}
		i := slices.IndexFunc(all, func(a assessment) bool { return a.journey == j.Name })
		if i < 0 {
			continue
		}
		r.started = all[i]
		g := &group{title: j.DisplayName, labels: data.Labels{"journey": j.Name}, route: r}
		for _, s := range j.Steps {
			step := all[slices.IndexFunc(all, func(a assessment) bool { return a.is(s) })]
			r.steps = append(r.steps, step)
			if !slices.ContainsFunc(g.members, func(m assessment) bool { return m.slo.Name == step.slo.Name && m.name == step.name }) {
				g.members = append(g.members, step)
			}
		}
		groups = append(groups, g)
	}
	return groups
}

// currencies is the currency of what a journey is worth.
func (r *route) currencies() []string {
	if r.started.ledger == nil {
		return nil
	}
	return []string{r.started.currency}
}

// tells reports whether a figure of the name means something for a journey. Journeys
// have no target of their own, and therefore no budget.
func (r *route) tells(name string) bool {
	switch name {
	case "good_events", "bad_events", "total_events":
		return r.Counter != nil
	}
	return slices.Contains([]string{"sli", "coverage", "status", "loss", "loss_low", "loss_high", "miss_probability"}, name)
}

// trip is a journey at one instant.
type trip struct {
	figures
	impact.Journey
	reports []slo.Report // of the steps
	score   slo.Number
	started slo.Number // journeys; at least so many where the last step stands for them
	failed  *impact.Range
	parts   []*impact.Range // of the loss, one for each of Journey.Steps
}

// travel reckons a journey at an instant, knowing what came after it until another.
// Its status is that of the worst step that the journey needs.
func (g *group) travel(at, asOf time.Time, q question) trip {
	r := g.route
	out := trip{figures: figures{route: r}}
	status, coverage := slo.Met, 1.0
	for i, step := range r.steps {
		report := step.report(at, asOf, q)
		out.reports = append(out.reports, report)
		out.Measured = out.Measured || report.Measured
		coverage = min(coverage, report.Coverage)
		if i == 0 || report.From.Before(out.From) {
			out.From = report.From
		}
		out.To, out.End = report.To, report.End
		if r.Steps[i].Mode != catalog.Optional {
			status = slo.Worse(status, report.Status)
		}
		if step.err != nil {
			out.warnings = append(out.warnings, r.Steps[i].Name+": "+reasons(step.warnings))
		}
	}
	counts := slo.Counts{}
	started := r.started.report(at, asOf, q)
	if r.Counter != nil && started.SLI.Known {
		counts = started.Events
	}
	steps, weights := r.legs(out.reports)
	// The catalogue has checked the steps, and no SLI is outside of [0, 1].
	out.Journey, _ = impact.Travel(steps, counts)
	out.score, _ = impact.Score(steps, weights)
	out.Status, out.Coverage, out.SLI, out.Events = status, coverage, out.Counted, counts
	if !out.SLI.Known {
		out.SLI = out.Independent
	}
	for _, w := range out.Journey.Warnings {
		out.warnings = append(out.warnings, w.Text)
	}
	if r.started.err != nil {
		out.warnings = append(out.warnings, "journeys could not be counted; the query inspector says why")
	}
	out.lose(started)
	return out
}

// legs are a journey's steps as they follow each other: alternatives stand together,
// in the place of the first. Weights are the shares of journeys that take them.
func (r *route) legs(reports []slo.Report) ([]impact.Step, []float64) {
	var steps []impact.Step
	var weights []float64
	for i, s := range r.Steps {
		step := impact.Step{Name: s.Name, SLI: reports[i].SLI, Share: s.Share, NiceToHave: s.Mode == catalog.Optional}
		if s.Mode != catalog.Parallel {
			steps, weights = append(steps, step), append(weights, s.Share)
			continue
		}
		at := slices.IndexFunc(steps, func(have impact.Step) bool { return have.Name == s.Group && have.Instead != nil })
		if at < 0 {
			at = len(steps)
			steps, weights = append(steps, impact.Step{Name: s.Group}), append(weights, 1)
		}
		steps[at].Instead = append(steps[at].Instead, step)
	}
	return steps, weights
}

// lose puts money on the journeys that failed. An order counts once, at however many
// steps it failed.
func (t *trip) lose(started slo.Report) {
	a := t.route.started
	if !started.Measured || started.Events.Contradictory() || a.events.Method == prom.RatioOnly {
		return // minutes of a ratio are no journeys
	}
	n := started.Events.Total
	failed := t.Failed(n)
	t.started, t.failed = slo.Known(n), &failed
	from, to := a.objective.Window().Bounds(started.To)
	loss, known := a.lossIn(slo.Interval{From: from, To: to})
	switch {
	case !known:
		return
	case t.Counted.Known: // each priced when it failed
		t.loss = &impact.Loss{Gross: loss.Gross}
	case n > 0:
		// What the target accepts of all events says what all of them are worth.
		each := loss.Accepted.Scale(1 / (a.objective.InForce(to).BudgetRatio() * n))
		t.loss = &impact.Loss{Gross: failed.Times(each)}
	default:
		t.loss = &impact.Loss{}
	}
	if parts, known := t.LossBySteps(t.loss.Gross); known {
		for i := range parts {
			t.parts = append(t.parts, &parts[i])
		}
	}
}

// explainJourneys says what the SLI of each journey is.
func (a *answer) explainJourneys(groups []*group) {
	for _, g := range groups {
		if g.route == nil {
			continue
		}
		t := g.travel(a.span.to, a.span.to, a.question)
		switch {
		case t.Counted.Known:
			a.notice(data.NoticeSeverityInfo, g.title+": journeys are counted, from beginning to end")
		case t.Independent.Known:
			a.notice(data.NoticeSeverityInfo, fmt.Sprintf("%s: the SLI takes failures of the steps as independent of each other; whether or not they are, it lies between %s and %s", g.title, writeRatio(t.Low, 3), writeRatioUp(t.High, 3)))
		}
		if window := t.route.steps[0].objective.Window().String(); slices.ContainsFunc(t.route.steps, func(s assessment) bool { return s.objective.Window().String() != window }) {
			a.notice(data.NoticeSeverityWarning, g.title+": its steps are judged over different windows; choose one window for all")
		}
		if t.route.Counter == nil && t.route.Value != nil && t.started.Known {
			a.notice(data.NoticeSeverityInfo, g.title+": as many journeys as reached the last step; those that failed before are not among them, so that the loss is rather too low")
		}
	}
}

// writeRatioUp writes a ratio as a percentage like writeRatio, rounded up: the upper
// end of an interval.
func writeRatioUp(ratio float64, decimals int) string {
	scale := math.Pow(10, float64(decimals))
	return fmt.Sprintf("%g%%", math.Ceil(ratio*100*scale-1e-6)/scale)
}

// leg is one row of an answer about journeys: a whole one, a step, or one of the
// alternatives that a step consists of.
type leg struct {
	*group
	*trip
	part, step, slo, mode string
	status, sli, share    slo.Number
	failures              *impact.StepFailures // nil for what is no step of its own
	loss                  *impact.Range
	note                  string
}

// journey answers with a row for each journey, followed by its steps.
func (a *answer) journey(groups []*group) error {
	var legs []leg
	for _, g := range groups {
		t := g.travel(a.span.to, a.span.to, a.question)
		a.rest(t.figures)
		a.warn(g, t.warnings)
		whole := leg{group: g, trip: &t, part: "Journey", status: slo.Known(float64(t.Status)), sli: t.SLI, note: reasons(t.warnings)}
		if t.loss != nil {
			whole.loss = &t.loss.Gross
		}
		legs = append(append(legs, whole), t.legs(g)...)
	}
	a.frames = data.Frames{a.journeyTable(legs)}
	return nil
}

// legs are the rows of a journey's steps.
func (t *trip) legs(g *group) []leg {
	var legs []leg
	seen := map[string]bool{}
	for i := range t.Steps {
		f := &t.Steps[i]
		part := leg{group: g, part: "Step", step: f.Name, failures: f}
		if t.parts != nil {
			part.loss = t.parts[i]
		}
		var alternatives []leg
		for j, s := range t.route.Steps {
			one := leg{group: g, part: "Alternative", step: s.Name, slo: s.SLO, mode: string(s.Mode),
				status: slo.Known(float64(t.reports[j].Status)), sli: t.reports[j].SLI, share: slo.Known(s.Share), note: reasons(texts(t.reports[j].Warnings))}
			switch {
			case s.Mode == catalog.Parallel && s.Group == f.Name:
				alternatives = append(alternatives, one)
			case s.Mode != catalog.Parallel && s.Name == f.Name && !seen[s.Name]:
				seen[s.Name] = true
				one.part, one.failures, one.loss = part.part, f, part.loss
				part = one
			}
		}
		if alternatives != nil {
			part.mode = "any of " + strings.Join(pick(alternatives, func(l leg) string { return l.step }), ", ")
			if f.Failed.Known {
				part.sli = slo.Known(1 - f.Failed.Value)
			}
		}
		legs = append(append(legs, part), alternatives...)
	}
	return legs
}

func (a *answer) journeyTable(legs []leg) *data.Frame {
	var currencies []string
	for _, l := range legs {
		for _, c := range l.route().currencies() {
			if !slices.Contains(currencies, c) {
				currencies = append(currencies, c)
			}
		}
	}
	// A figure of the whole journey, in its own row only.
	whole := func(of func(*trip) slo.Number) []slo.Number {
		return pick(legs, func(l leg) slo.Number {
			if l.trip == nil {
				return slo.Number{}
			}
			return of(l.trip)
		})
	}
	ofStep := func(of func(*impact.StepFailures) slo.Number) []slo.Number {
		return pick(legs, func(l leg) slo.Number {
			if l.failures == nil {
				return slo.Number{}
			}
			return of(l.failures)
		})
	}
	failedOf := func(of func(impact.Range) float64) []slo.Number {
		return whole(func(t *trip) slo.Number { return partOf(t.failed, of) })
	}
	ratio := func(title string) *data.FieldConfig { return titled(title, "percentunit", 3) }
	t := newTable("journey")
	t.text("journey", "Journey", pick(legs, func(l leg) string { return l.labels["journey"] }))
	t.text("title", "Name", pick(legs, func(l leg) string { return l.title }))
	t.text("part", "Part", pick(legs, func(l leg) string { return l.part }))
	t.text("step", "Step", pick(legs, func(l leg) string { return l.step }))
	t.text("slo", "SLO", pick(legs, func(l leg) string { return l.slo }))
	t.text("mode", "Mode", pick(legs, func(l leg) string { return l.mode }))
	t.number("status", pick(legs, func(l leg) slo.Number { return l.status }), field("status", "", nil, 0))
	t.number("sli", pick(legs, func(l leg) slo.Number { return l.sli }), ratio("SLI"))
	// Bounds of 0 and 1 say nothing: no step was measured.
	bound := func(of func(*trip) float64) []slo.Number {
		return whole(func(t *trip) slo.Number { return known(t.Low > 0 || t.High < 1, of(t)) })
	}
	t.number("low", bound(func(t *trip) float64 { return t.Low }), ratio("At least"))
	t.number("independent", whole(func(t *trip) slo.Number { return t.Independent }), ratio("If failures are independent"))
	t.number("counted", whole(func(t *trip) slo.Number { return t.Counted }), ratio("Counted"))
	t.number("high", bound(func(t *trip) float64 { return t.High }), ratio("At most"))
	t.number("score", whole(func(t *trip) slo.Number { return t.score }), ratio("Score (weighted mean of steps)"))
	t.number("share", pick(legs, func(l leg) slo.Number { return l.share }), titled("Taken by", "percentunit", 0))
	t.number("failed", ofStep(func(f *impact.StepFailures) slo.Number { return f.Failed }), ratio("Journeys in which it fails"))
	t.number("part_of_failures", ofStep(func(f *impact.StepFailures) slo.Number { return f.Shapley }), titled("Part of the failures", "percentunit", 0))
	t.number("started", whole(func(t *trip) slo.Number { return t.started }), titled("Journeys", "short", 0))
	t.number("failed_journeys", failedOf(func(r impact.Range) float64 { return r.Base }), titled("Failed journeys", "short", 0))
	t.number("failed_low", failedOf(func(r impact.Range) float64 { return r.Low }), titled("Failed journeys, low", "short", 0))
	t.number("failed_high", failedOf(func(r impact.Range) float64 { return r.High }), titled("Failed journeys, high", "short", 0))
	t.money("loss", "Loss", only(currencies), pick(legs, func(l leg) *impact.Range { return l.loss }))
	if len(currencies) > 1 {
		t.text("currency", "Currency", pick(legs, func(l leg) string { return only(l.route().currencies()) }))
	}
	t.text("owner", "Owner", pick(legs, func(l leg) string { return cmp.Or(l.route().Owner, nobody) }))
	t.text("reason", "Note", pick(legs, func(l leg) string { return l.note }))
	return t.Frame
}

func (l leg) route() *route { return l.group.route }

// listJourneys are the journeys with their steps, for editors.
func listJourneys(c catalog.Catalog) any {
	type step struct {
		Name string `json:"name"`
		SLO  string `json:"slo"`
		Mode string `json:"mode"`
	}
	type entry struct {
		Name        string `json:"name"`
		DisplayName string `json:"displayName"`
		Owner       string `json:"owner"`
		Steps       []step `json:"steps"`
	}
	list := make([]entry, 0, len(c.Journeys))
	for _, j := range c.Journeys {
		e := entry{Name: j.Name, DisplayName: j.DisplayName, Owner: j.Owner}
		for _, s := range j.Steps {
			e.Steps = append(e.Steps, step{s.Name, s.SLO, string(s.Mode)})
		}
		list = append(list, e)
	}
	return list
}
