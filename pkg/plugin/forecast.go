package plugin

import (
	"fmt"
	"runtime"
	"sync"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"
	"golang.org/x/sync/errgroup"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/forecast"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/prom"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// scenario is a future that can be asked about.
type scenario struct {
	option
	// Failures says that the query's failures are part of it.
	Failures bool `json:"failures,omitempty"`

	kind forecast.Kind
}

// eachScenario is all of them, one after the other.
const eachScenario = "each"

var scenarios = []scenario{
	{option{"expected", "What is likely", "What this promise's own history makes likely, with an incident under way lasting as long as such incidents do."}, false, forecast.Expected},
	{option{string(forecast.AsNow), "As now", "Failures go on at the rate of the lookback."}, false, forecast.AsNow},
	{option{string(forecast.Typical), "Typical", "An ordinary stretch of this history, without the incident that is under way."}, false, forecast.Typical},
	{option{string(forecast.IncidentStops), "The incident stops now", "The best case: only the failures that are always there go on."}, false, forecast.IncidentStops},
	{option{string(forecast.IncidentGoesOn), "The incident goes on", "The worst of the ordinary: the incident under way lasts."}, false, forecast.IncidentGoesOn},
	{option{string(forecast.Own), "My own", "From now on as many fail as you say: a share of all events, or a multiple of the share of the lookback."}, true, forecast.Own},
	{option{eachScenario, "Each of them", "One row for each scenario, in a table; your own among them where you say how many fail."}, true, ""},
}

// learningHistory is how far back a forecast looks at least, to learn from.
const learningHistory = 28 * 24 * time.Hour

// Futures that are simulated: lines and alerts are to be smooth, and tables of a hundred
// promises quick.
const (
	smoothPaths = 1000
	quickPaths  = 200
)

// paths is the number of futures that a question's forecasts are made of.
func (q question) paths() int {
	if q.queryType == typeForecast || q.queryType == typeNumber {
		return smoothPaths
	}
	return quickPaths
}

// brief says that nothing between now and the end is shown of a question's forecasts.
func (q question) brief() bool { return q.queryType != typeForecast || q.format == formatTable }

// ahead is the forecast of a promise from an instant on, under the first scenario that
// is asked about.
func (a assessment) ahead(at time.Time, q question, zone *time.Location) (forecast.Forecast, error) {
	q.scenarios = q.scenarios[:1]
	all, err := a.aheadEach(at, q, zone)
	if err != nil {
		return forecast.Forecast{}, err
	}
	return all[0], nil
}

// aheadEach are the forecasts of a promise from an instant on, one for each scenario.
//
// The same events and the same instant give the same forecast, so that one that was
// made is kept until the instant moves on.
func (a assessment) aheadEach(at time.Time, q question, zone *time.Location) ([]forecast.Forecast, error) {
	units := a.evidence.Units
	seen := units.Sum(units.Grid().Start(), at)
	key := fmt.Sprint(a.slo.Name, "\x00", a.name, "\x00", a.group, a.objective, q.queryType == typeForecast, q.brief(), q.paths(), q.horizon, q.lookback, q.scenarios, zone, seen)
	return a.foreseen.get(at, key, func() ([]forecast.Forecast, error) { return a.foresee(at, q, zone) })
}

// foresee makes the forecasts of a promise.
func (a assessment) foresee(at time.Time, q question, zone *time.Location) ([]forecast.Forecast, error) {
	o := a.objective.InForce(at)
	window := forecast.Rolling(o.Window().Duration())
	if o.Window().IsCalendar() {
		start, _ := o.Window().Bounds(at)
		end := o.Window().End(at)
		if !end.After(at) { // the period has just ended: what lies ahead is the next one
			start, end = at, o.Window().Next(at)
		}
		window = forecast.Calendar(start, end)
	}
	// Other figures of the same answer may have read further back: the forecast learns
	// from the same history in every answer but its own.
	units := a.evidence.Units
	if q.queryType != typeForecast {
		var err error
		if units, err = units.Since(at.Add(-max(learningHistory, o.Window().Duration()))); err != nil {
			return nil, err
		}
	}
	return forecast.PredictEach(forecast.Question{
		Timeline: units, Budget: o.BudgetRatio(), Now: at, Window: window,
		Horizon: q.horizon, Location: zone, Lookback: q.lookback, Paths: q.paths(), Brief: q.brief(),
	}, q.scenarios...)
}

// foreseeAll makes the forecasts of an answer, as many at a time as there are
// processors. Whoever needs one finds it among those foreseen.
func (a *answer) foreseeAll(all []assessment) {
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for _, one := range all {
		if one.err != nil {
			continue
		}
		group.Go(func() error {
			// Whoever asks again gets the error, with its place.
			_ = prom.Safely(func() error {
				_, err := one.aheadEach(a.span.to, a.question, a.zone)
				return err
			})()
			return nil
		})
	}
	_ = group.Wait() // no member returns an error
}

// foreseen keeps the forecasts that were made at one instant.
type foreseen struct {
	mu        sync.Mutex
	at        time.Time
	forecasts map[string][]forecast.Forecast
}

// maxForeseen bounds what is kept, where many different questions are asked at once.
const maxForeseen = 2000

// get are the forecasts that are kept, or new ones. They are made without the lock: who
// waits for one is not waited for by others.
func (f *foreseen) get(at time.Time, key string, foresee func() ([]forecast.Forecast, error)) ([]forecast.Forecast, error) {
	if f == nil {
		return foresee()
	}
	f.mu.Lock()
	have, ok := f.forecasts[key]
	ok = ok && f.at.Equal(at)
	f.mu.Unlock()
	if ok {
		return have, nil
	}
	made, err := foresee()
	if err != nil {
		return made, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.at.Equal(at) || len(f.forecasts) >= maxForeseen {
		f.at, f.forecasts = at, map[string][]forecast.Forecast{}
	}
	f.forecasts[key] = made
	return made, nil
}

// outlook is a promise with its forecast.
type outlook struct {
	*group
	forecast.Forecast
	title    string
	scenario string // its title
}

// forecast answers how much budget will be left, as lines with a band, or as a table
// of when it is gone, when it is back and how likely a miss is.
func (a *answer) forecast(groups []*group) error {
	var all []outlook
	for _, g := range groups {
		member := g.members[0]
		if member.err != nil {
			a.warn(g, member.warnings)
			continue
		}
		each, err := member.aheadEach(a.span.to, a.question, a.zone)
		if err != nil {
			return invalid(fmt.Errorf("%s: %w", member.slo.Name, err))
		}
		a.warn(g, append(member.warnings, texts(each[0].Warnings)...))
		a.rest(g.figures(a.span.to, a.span.to, a.question))
		for _, f := range each {
			if f.Exhaustion.Median.Equal(a.span.to) { // gone already, as the verdict says
				f.Exhaustion.Median, f.Exhaustion.Earliest, f.Exhaustion.Latest = time.Time{}, time.Time{}, time.Time{}
			}
			all = append(all, outlook{g, f, g.title, scenarioTitle(f.Scenario)})
		}
	}
	if a.question.format == formatTable {
		a.forecastTable(all)
		return nil
	}
	a.forecastSeries(all)
	return nil
}

// bands are the lines of a forecast. Where one is filled down to another, that one is
// named.
var bands = []struct {
	name, title, fillTo string
	of                  func(forecast.Step) float64
}{
	{"high_80", "80 %, best", "80 %, worst", func(s forecast.Step) float64 { return s.Band80.Remaining().High }},
	{"high_50", "50 %, best", "50 %, worst", func(s forecast.Step) float64 { return s.Band50.Remaining().High }},
	{"median", "median", "", forecast.Step.Remaining},
	{"low_50", "50 %, worst", "", func(s forecast.Step) float64 { return s.Band50.Remaining().Low }},
	{"low_80", "80 %, worst", "", func(s forecast.Step) float64 { return s.Band80.Remaining().Low }},
}

// forecastSeries has lines for the remaining budget ahead: the median, and the bands
// that hold it half and four fifths of the time.
func (a *answer) forecastSeries(all []outlook) {
	a.frameType = data.FrameTypeTimeSeriesMulti
	for _, o := range all {
		times := pick(o.Steps, func(s forecast.Step) time.Time { return s.At })
		for _, band := range bands {
			values := pick(o.Steps, func(s forecast.Step) slo.Number { return slo.Known(band.of(s)) })
			labels := o.labels.Copy()
			labels["measure"] = band.name
			f := data.NewField("budget_remaining", labels, pick(values, nullable))
			f.Config = field("budget_remaining", "", values, o.members[0].objective.Target())
			f.Config.DisplayNameFromDS = o.title + ": " + band.title
			if band.name != "median" {
				f.Config.Custom = map[string]any{"lineWidth": 0, "fillOpacity": 0}
			}
			if band.fillTo != "" {
				f.Config.Custom = map[string]any{"lineWidth": 0, "fillOpacity": 15, "fillBelowTo": o.title + ": " + band.fillTo}
			}
			a.frames = append(a.frames, data.NewFrame(band.name, data.NewField("time", nil, times), f))
		}
	}
}

func (a *answer) forecastTable(all []outlook) {
	remaining := func(of func(forecast.Step) float64) []slo.Number {
		return pick(all, func(o outlook) slo.Number {
			if len(o.Steps) == 0 {
				return slo.Number{}
			}
			return slo.Known(of(o.Steps[len(o.Steps)-1]))
		})
	}
	percent := func(title string) *data.FieldConfig { return titled(title, "percentunit", 0) }
	t := newTable("forecast")
	t.text("slo", "SLO", pick(all, func(o outlook) string { return o.labels["slo"] }))
	t.text("title", "Name", pick(all, func(o outlook) string { return o.title }))
	t.text("service", "Service", pick(all, func(o outlook) string { return o.labels["service"] }))
	if len(a.question.scenarios) > 1 || a.question.scenarios[0].Kind != forecast.Expected {
		t.text("scenario", "Scenario", pick(all, func(o outlook) string { return o.scenario }))
	}
	t.number("miss_probability", pick(all, func(o outlook) slo.Number { return o.MissProbability }), field("miss_probability", "", nil, 0))
	t.time("until", "Until", pick(all, func(o outlook) time.Time { return last(o.Steps).At }))
	t.number("remaining", remaining(forecast.Step.Remaining), percent("Budget left then"))
	t.number("remaining_low", remaining(func(s forecast.Step) float64 { return s.Band80.Remaining().Low }), percent("Budget left then, low"))
	t.number("remaining_high", remaining(func(s forecast.Step) float64 { return s.Band80.Remaining().High }), percent("Budget left then, high"))
	t.number("exhaustion_probability", pick(all, func(o outlook) slo.Number { return chance(o.Forecast, o.Exhaustion) }), ofChance(percent("Chance that the budget runs out")))
	t.time("exhaustion", "Budget gone", pick(all, func(o outlook) time.Time { return o.Exhaustion.Median }))
	t.time("exhaustion_earliest", "Budget gone, earliest", pick(all, func(o outlook) time.Time { return o.Exhaustion.Earliest }))
	t.time("exhaustion_latest", "Budget gone, latest", pick(all, func(o outlook) time.Time { return o.Exhaustion.Latest }))
	t.time("recovery", "Budget back", pick(all, func(o outlook) time.Time { return o.Recovery.Median }))
	t.time("recovery_earliest", "Budget back, earliest", pick(all, func(o outlook) time.Time { return o.Recovery.Earliest }))
	t.time("recovery_latest", "Budget back, latest", pick(all, func(o outlook) time.Time { return o.Recovery.Latest }))
	t.number("history", pick(all, func(o outlook) slo.Number { return slo.Known(o.HistoryDays) }), titled("Days of history", "none", 0))
	t.number("episodes", pick(all, func(o outlook) slo.Number { return slo.Known(float64(o.Episodes)) }), titled("Episodes in it", "none", 0))
	t.flag("under_way", "Incident under way", pick(all, func(o outlook) bool { return o.UnderWay }))
	t.text("reason", "Note", pick(all, func(o outlook) string { return reasons(texts(o.Warnings)) }))
	a.frames = data.Frames{t.Frame}
}

// chance is the probability of a crossing; unknown where there is no forecast.
func chance(f forecast.Forecast, c forecast.Crossing) slo.Number {
	if len(f.Steps) == 0 {
		return slo.Number{}
	}
	return slo.Known(c.Probability)
}

func last(steps []forecast.Step) forecast.Step {
	if len(steps) == 0 {
		return forecast.Step{}
	}
	return steps[len(steps)-1]
}

// lookAhead adds what is foreseen for a group to its figures: of the member that is
// likeliest to miss.
func (f *figures) lookAhead(g *group, at time.Time, q question, zone *time.Location) {
	for _, m := range g.members {
		if m.err != nil {
			continue
		}
		ahead, err := m.ahead(at, q, zone)
		if err != nil || !ahead.MissProbability.Known || f.miss.Known && ahead.MissProbability.Value <= f.miss.Value {
			continue
		}
		f.miss, f.gone, f.back = ahead.MissProbability, ahead.Exhaustion.Median, ahead.Recovery.Median
		if f.gone.Equal(at) { // it is gone already, and the verdict says so
			f.gone = time.Time{}
		}
	}
}
