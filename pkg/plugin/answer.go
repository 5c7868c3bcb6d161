package plugin

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/catalog"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/prom"
)

// answer is what becomes the response to a question.
type answer struct {
	question    question
	span        span
	zone        *time.Location
	assessments []assessment
	catalog     catalog.Catalog
	currency    string // of money that names none
	now         time.Time
	frames      data.Frames
	frameType   data.FrameType
	notices     []data.Notice
	said        map[string]*remark // warnings of groups, by their text

	// What the answer rests on, for meta.custom.
	from, to time.Time // from the start of the earliest window to the end of the last
	coverage float64   // the lowest of all groups
	events   float64   // in all windows
}

func newAnswer(q question, s span, zone *time.Location, assessments []assessment) *answer {
	return &answer{question: q, span: s, zone: zone, assessments: assessments, coverage: 1, frameType: data.FrameTypeTable}
}

// rest notes what a group's figures rest on.
func (a *answer) rest(f figures) {
	if a.from.IsZero() || f.From.Before(a.from) {
		a.from = f.From
	}
	if f.To.After(a.to) {
		a.to = f.To
	}
	a.coverage = min(a.coverage, f.Coverage)
	a.events += f.Events.Total
}

// warn adds a notice for each warning of a group. What is said of several of them is said
// once, with the names of all.
func (a *answer) warn(g *group, warnings []string) {
	if a.said == nil {
		a.said = map[string]*remark{}
	}
	for _, w := range warnings {
		r := a.said[w]
		if r == nil {
			r = &remark{notice: len(a.notices)}
			a.said[w] = r
			a.notices = append(a.notices, data.Notice{Severity: data.NoticeSeverityWarning})
		}
		if !slices.Contains(r.titles, g.title) {
			r.titles = append(r.titles, g.title)
		}
		a.notices[r.notice].Text = someOf(r.titles) + ": " + w
	}
}

// remark is a warning that one or more groups have.
type remark struct {
	notice int // its place among the notices
	titles []string
}

func (a *answer) notice(severity data.NoticeSeverity, text string) {
	n := data.Notice{Severity: severity, Text: text}
	if !slices.Contains(a.notices, n) {
		a.notices = append(a.notices, n)
	}
}

// response is the answer in Grafana's terms. Every frame says of what type it is;
// the first one carries the notices and what the answer rests on.
func (a *answer) response() backend.DataResponse {
	if len(a.frames) == 0 {
		a.frames = data.Frames{data.NewFrame("")}
	}
	for _, frame := range a.frames {
		if frame.Meta == nil {
			frame.Meta = &data.FrameMeta{}
		}
		frame.Meta.Type = a.frameType
		frame.Meta.TypeVersion = data.FrameTypeVersion{0, 1}
		frame.Meta.ExecutedQueryString = a.executed()
		greyUnknown(frame)
	}
	for _, warning := range a.storeWarnings() {
		a.notice(data.NoticeSeverityWarning, "Prometheus warns: "+telling.ReplaceAllString(warning, "…"))
	}
	if method := a.method(); method != "" && !a.to.IsZero() {
		what := writeCount(a.events) + " events"
		if a.question.aboutJourneys() {
			what = "events of the steps" // journeys have none of their own
		}
		a.notice(data.NoticeSeverityInfo, fmt.Sprintf("%s %s from %s to %s; data for at least %s of the time",
			what, method, a.from.UTC().Format("2006-01-02 15:04"), a.to.UTC().Format("2006-01-02 15:04 MST"), writeRatio(a.coverage, 1)))
	}
	visualization := data.VisType(data.VisTypeTable)
	if a.frameType == data.FrameTypeTimeSeriesMulti {
		visualization = data.VisTypeGraph
	}
	meta := a.frames[0].Meta
	meta.PreferredVisualization = visualization
	meta.Notices = a.notices
	meta.Custom = a.custom()
	return backend.DataResponse{Frames: a.frames, Status: backend.StatusOK}
}

// telling are the parts of a warning that may hold PromQL, names of metrics or
// addresses.
var telling = regexp.MustCompile(`"[^"]*"|'[^']*'|\{[^}]*\}|\S+:\d+\S*`)

// custom is what programs can read about the answer. It holds nothing that a
// viewer of a public dashboard must not see.
func (a *answer) custom() map[string]any {
	warnings := []string{}
	for _, n := range a.notices {
		if n.Severity == data.NoticeSeverityWarning {
			warnings = append(warnings, n.Text)
		}
	}
	series, readings := 0, 0
	for _, one := range a.assessments {
		if one.events != nil {
			series += one.events.Series
			readings += one.events.Readings
		}
	}
	custom := map[string]any{
		"method": a.method(), "road": a.road(), "plan": a.each(func(one assessment) string { return one.events.Plan }, "; "),
		"budgeting": a.each(func(one assessment) string { return string(one.objective.Method()) }, " and "),
		"coverage":  a.coverage, "events": a.events,
		"series": series, "readings": readings, "warnings": warnings,
	}
	if newest := a.newest(); !newest.IsZero() {
		custom["newest"] = newest.UnixMilli()
		if !a.span.to.Before(a.span.complete.Add(-time.Hour)) {
			prom.ObserveAge(max(0, a.now.Sub(newest).Seconds()))
		}
	}
	if !a.to.IsZero() {
		custom["from"], custom["to"] = a.from.UnixMilli(), a.to.UnixMilli()
	}
	return custom
}

// newest is the newest sample of the promise whose data is oldest.
func (a *answer) newest() time.Time {
	var oldest time.Time
	for _, one := range a.assessments {
		if one.events != nil && !one.events.LastSample.IsZero() && (oldest.IsZero() || one.events.LastSample.Before(oldest)) {
			oldest = one.events.LastSample
		}
	}
	return oldest
}

// method is how events came about, such as "counted"; empty where there are none.
func (a *answer) method() string {
	return a.each(func(one assessment) string { return one.events.Method }, " and ")
}

// road is how the counters were read, such as "remote-read".
func (a *answer) road() string {
	return a.each(func(one assessment) string { return one.events.Road }, " and ")
}

// mostWords bounds what each joins: a hundred promises may have as many plans.
const mostWords = 10

// each joins the different words for the answer's events: "counted and as-written".
func (a *answer) each(word func(assessment) string, join string) string {
	var words []string
	for _, one := range a.assessments {
		if one.events == nil {
			continue
		}
		if w := word(one); w != "" && !slices.Contains(words, w) && len(words) < mostWords {
			words = append(words, w)
		}
	}
	return strings.Join(words, join)
}

// executed are the queries that ran, with what went wrong on the way. Grafana
// removes it from what viewers of public dashboards receive.
func (a *answer) executed() string {
	var lines []string
	add := func(line string) {
		if !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	for _, one := range a.assessments {
		if one.err != nil {
			add("# " + one.slo.Name + ": " + one.err.Error())
		}
		if one.events == nil {
			continue
		}
		add(strings.TrimSpace("# " + one.slo.Name + ": " + one.events.Method + " " + one.events.Road))
		if one.events.Kept != nil {
			add("# " + one.slo.Name + ": " + one.events.Kept.Cause.Error())
		}
		if one.events.Plan != "" {
			add("# " + one.events.Plan)
		}
		for _, query := range slices.Concat(one.events.Queries, one.queries) {
			add(query)
		}
	}
	for _, warning := range a.storeWarnings() {
		add("# Prometheus warns: " + warning)
	}
	return strings.Join(lines, "\n")
}

func (a *answer) storeWarnings() []string {
	var all []string
	for _, one := range a.assessments {
		if one.events == nil {
			continue
		}
		for _, w := range one.events.StoreWarnings {
			if !slices.Contains(all, w) {
				all = append(all, w)
			}
		}
	}
	return all
}
