package plugin

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/forecast"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/words"
)

// wireQuery is a query as it is saved in dashboards and alert rules. All but its
// type is in one object called "query", which Grafana removes from what the viewers
// of a public dashboard receive.
type wireQuery struct {
	QueryType string `json:"queryType"`
	Query     struct {
		Version int `json:"version"`
		Select  struct {
			SLO     []string          `json:"slo"`
			Service []string          `json:"service"`
			Journey []string          `json:"journey"`
			Labels  map[string]values `json:"labels"`
		} `json:"select"`
		Measures []string `json:"measures"`
		By       string   `json:"by"`
		Lookback string   `json:"lookback"`
		Window   string   `json:"window"`
		Period   string   `json:"period"`
		Format   string   `json:"format"`
		Pool     string   `json:"pool"`
		Scenario string   `json:"scenario"`
		Failures string   `json:"failures"`
		Horizon  string   `json:"horizon"`
		Audience string   `json:"audience"`
		Locale   string   `json:"locale"`
		Targets  loose    `json:"targets"`
		Cost     loose    `json:"cost"`
	} `json:"query"`
}

// values are one value of a label, or several of which any will do: what a
// dashboard variable with several values gives.
type values []string

// UnmarshalJSON reads a text or a list of texts.
func (v *values) UnmarshalJSON(text []byte) error {
	var one string
	if json.Unmarshal(text, &one) == nil {
		*v = values{one}
		return nil
	}
	return json.Unmarshal(text, (*[]string)(v))
}

// question is a valid query.
type question struct {
	queryType string
	alerting  bool     // what is answered calls people: only what is sure is an answer
	slos      []string // names; empty selects all
	services  []string
	journeys  []string // names; their steps are what is selected
	labels    map[string]values
	measures  []measure
	by        string
	lookback  time.Duration
	window    *slo.Window // nil: the objective's own
	period    slo.Window  // of a history
	format    string      // of answers that can be a table or numbers
	pool      string      // how the members of a group are put together
	audience  string      // of statements; empty for all
	language  *words.Language
	scenarios []forecast.Scenario // at least one
	targets   []float64           // that promises are compared with; empty for the usual ones
	cost      slo.Number          // money a year that a higher one takes
	horizon   time.Duration       // how far ahead; zero for as far as the window says
	timeRange backend.TimeRange
	interval  time.Duration // between the points of a series, at least
	maxPoints int
}

// needsLookback reports whether the answer depends on the lookback.
func (q question) needsLookback() bool {
	return q.needsStakes() || slices.Contains([]string{typeForecast, typeContracts, typePriorities, typeReview}, q.queryType) ||
		slices.ContainsFunc(q.measures, func(m measure) bool { return m.Lookback })
}

// needsMoney reports whether the answer depends on what events are worth.
func (q question) needsMoney() bool {
	return slices.Contains([]string{typeScorecard, typeStatement, typeHistory, typeIncidents, typeImpact, typeJourney, typePriorities, typeRisks, typeWhatIf}, q.queryType) ||
		slices.ContainsFunc(q.measures, func(m measure) bool { return m.Money })
}

// onlyMoney reports whether the answer is nothing without what events are worth.
func (q question) onlyMoney() bool {
	return len(q.measures) > 0 && !slices.ContainsFunc(q.measures, func(m measure) bool { return !m.Money })
}

const (
	queryVersion    = 1
	defaultLookback = time.Hour
	defaultType     = typeSeries // what the editor starts with
	defaultMeasure  = "budget_remaining"
)

// maxQuery is how long a query may be, in bytes: enough to name thousands of SLOs.
const maxQuery = 1 << 20

// decode makes a question of a query. What the frontend would have filled in is
// filled in here: public dashboards and alert rules have no frontend.
func decode(q backend.DataQuery, alert bool, s settings) (question, error) {
	var wire wireQuery
	if len(q.JSON) > maxQuery {
		return question{}, fmt.Errorf("query %s has %d bytes; expected at most %d", q.RefID, len(q.JSON), maxQuery)
	}
	if len(q.JSON) > 0 {
		if err := json.Unmarshal(q.JSON, &wire); err != nil {
			return question{}, fmt.Errorf("query %s cannot be read: %w", q.RefID, err)
		}
	}
	w := wire.Query
	if w.Version > queryVersion {
		return question{}, fmt.Errorf("query version %d is newer than this version of Stakes, which knows version %d", w.Version, queryVersion)
	}
	texts := slices.Concat(w.Select.SLO, w.Select.Service, w.Select.Journey, w.Measures, []string{w.By, w.Lookback, w.Window, w.Period, w.Format, w.Pool, w.Scenario, w.Failures, w.Horizon, w.Audience, w.Locale}, w.Targets, w.Cost)
	for key, values := range w.Select.Labels {
		texts = append(append(texts, key), values...)
	}
	if variable := leftover(texts); variable != "" {
		return question{}, fmt.Errorf("the variable %s was not replaced: dashboard variables do not exist in alert rules and public dashboards", variable)
	}
	out := question{
		queryType: q.QueryType, slos: w.Select.SLO, services: w.Select.Service, journeys: w.Select.Journey, labels: w.Select.Labels,
		by: w.By, lookback: defaultLookback,
		timeRange: q.TimeRange, interval: q.Interval, maxPoints: int(q.MaxDataPoints),
	}
	if out.queryType == "" {
		out.queryType = wire.QueryType // the preview of an alert rule has it here only
	}
	if out.queryType == "" {
		out.queryType = defaultType
	}
	out.alerting = alert || out.queryType == typeAlert
	kind, ok := find(queryTypes, out.queryType)
	switch {
	case !ok:
		return question{}, fmt.Errorf("there is no query type %q; expected one of %s", out.queryType, names(queryTypes))
	case alert && (!kind.Alertable || w.Format == formatTable):
		return question{}, fmt.Errorf("a %s is a table, which an alert rule cannot evaluate; use the query type %s", out.queryType, alertables())
	}
	if out.by == "" || !kind.By {
		out.by = bySLO
	}
	if _, ok := find(groupings, out.by); !ok {
		return question{}, fmt.Errorf("answers cannot be grouped by %q; expected one of %s", out.by, names(groupings))
	}
	if err := out.choose(kind, w.Format, w.Pool); err != nil {
		return question{}, err
	}
	if w.Audience != "" {
		if _, ok := find(audiences, w.Audience); !ok {
			return question{}, fmt.Errorf("there are no statements for the audience %q; expected one of %s", w.Audience, names(audiences))
		}
	}
	out.audience = w.Audience
	var err error
	if out.language, err = words.In(w.Locale); err != nil {
		return question{}, fmt.Errorf("locale: %w", err)
	}
	if kind.Measures {
		if len(w.Measures) == 0 {
			w.Measures = []string{defaultMeasure}
		}
		for _, name := range w.Measures {
			m, ok := find(measures, name)
			if !ok {
				return question{}, fmt.Errorf("there is no measure %q; expected one of %s", name, names(measures))
			}
			if m.Ahead && out.queryType == typeSeries {
				return question{}, fmt.Errorf("%s looks ahead from now and has no past; ask for it as a number, or for a forecast", name)
			}
			if m.Instant && out.queryType == typeSeries {
				return question{}, fmt.Errorf("%s is reckoned for one instant only; ask for it as a number, or for an impact", name)
			}
			if !slices.ContainsFunc(out.measures, func(have measure) bool { return have.Name == m.Name }) {
				out.measures = append(out.measures, m)
			}
		}
	}
	if w.Lookback != "" {
		d, err := slo.ParseDuration(w.Lookback)
		if err != nil {
			return question{}, fmt.Errorf("lookback: %w", err)
		}
		if d < time.Minute || d%time.Minute != 0 {
			return question{}, fmt.Errorf("lookback %s is not a whole number of minutes of at least 1m", w.Lookback)
		}
		out.lookback = d
	}
	if w.Window != "" {
		window, err := s.window(w.Window)
		if err != nil {
			return question{}, fmt.Errorf("window: %w", err)
		}
		out.window = &window
	}
	if kind.Period {
		if w.Period == "" {
			w.Period = string(slo.Month)
		}
		if !slices.Contains(slo.Units, slo.Unit(w.Period)) {
			return question{}, fmt.Errorf("there is no calendar period %q; expected one of day, week, month, quarter, year", w.Period)
		}
		var err error
		if out.period, err = s.window(w.Period); err != nil {
			return question{}, err
		}
	}
	if err := out.tryOut(kind, w.Targets, w.Cost); err != nil {
		return question{}, err
	}
	if err := out.assume(kind, w.Scenario, w.Failures); err != nil {
		return question{}, err
	}
	if err := out.lookAhead(kind, w.Horizon); err != nil {
		return question{}, err
	}
	if out.timeRange.To.Before(out.timeRange.From) {
		return question{}, fmt.Errorf("the time range ends before it starts")
	}
	return out, nil
}

// choose takes over a choice among a few, or the first one where none was made.
func (q *question) choose(kind queryType, format, pool string) error {
	q.format, q.pool = formatTable, poolEvents
	if len(kind.Formats) > 0 {
		q.format = kind.Formats[0].Name
		if format != "" {
			if _, ok := find(kind.Formats, format); !ok {
				return fmt.Errorf("a %s cannot be answered as %q; expected one of %s", kind.Name, format, names(kind.Formats))
			}
			q.format = format
		}
	}
	if pool != "" {
		if _, ok := find(pools, pool); !ok {
			return fmt.Errorf("members of a group cannot be put together by %q; expected one of %s", pool, names(pools))
		}
		q.pool = pool
	}
	return nil
}

// lookAhead takes over how far ahead is looked.
func (q *question) lookAhead(kind queryType, horizon string) error {
	if horizon == "" || !kind.Horizon {
		return nil
	}
	d, err := slo.ParseDuration(horizon)
	if err != nil {
		return fmt.Errorf("horizon: %w", err)
	}
	if d < time.Hour || d > maxHorizon {
		return fmt.Errorf("horizon %s is not between 1h and %s", horizon, slo.FormatDuration(maxHorizon))
	}
	q.horizon = d
	return nil
}

// maxHorizon is farther than anybody should believe a forecast.
const maxHorizon = 92 * 24 * time.Hour

// needsForecast reports whether the answer looks ahead.
func (q question) needsForecast() bool {
	return slices.Contains([]string{typeForecast, typeScorecard, typeStatement, typeContracts, typePriorities}, q.queryType) ||
		slices.ContainsFunc(q.measures, func(m measure) bool { return m.Ahead })
}

var variablePattern = regexp.MustCompile(`\$\{[^}]+\}|\$\w+|\[\[[^\]]+\]\]`)

// leftover is the first dashboard variable that nobody replaced; empty without any.
func leftover(texts []string) string {
	for _, text := range texts {
		if found := variablePattern.FindString(text); found != "" {
			return found
		}
	}
	return ""
}
