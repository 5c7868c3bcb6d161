package catalog

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// Tools are those whose SLOs can be discovered, by what their rules record in the store.
var Tools = []Origin{FromSloth, FromPyrra, FromGrafana}

// FromGrafana is the origin of SLOs of Grafana SLO; Name is the UUID.
const FromGrafana Origin = "grafana"

// Found is what a store has of the SLOs of other tools.
type Found struct {
	Series []FoundSeries
	Rules  []FoundRule // none where the store does not give its rules
	// Split takes the ratio of two counters apart, as far as their events can be counted.
	Split func(ratio string) (part, total string, rest, ok bool)
}

// FoundSeries is the newest value of a series.
type FoundSeries struct {
	Labels map[string]string
	Value  float64
}

// FoundRule is a query that the store records the result of, or alerts by.
type FoundRule struct {
	Name   string // of the metric or the alert
	Alert  bool
	Labels map[string]string
	Query  string
}

// recordedFor is how long ago something may have been recorded last: rules that are
// loaded anew, or a Prometheus that restarts, leave gaps.
const recordedFor = "1h"

// recordedAs is a label that the query of discovery itself gives to what it groups.
const recordedAs = "stakes_recorded"

// DiscoveryQuery is the one query that finds the SLOs of tools.
func DiscoveryQuery(tools []Origin) string {
	names := map[Origin]string{
		FromSloth:   "sloth_slo_info|slo:objective:ratio|slo:time_period:days",
		FromPyrra:   "pyrra_objective|pyrra_window|pyrra_requests:rate5m|pyrra_requests_total",
		FromGrafana: "grafana_slo_info|grafana_slo_objective|grafana_slo_objective_window_seconds",
	}
	grouped := map[Origin]string{
		// Objectives with groups have no series but these, and boolean gauges record numbers
		// of checks under the names of rates.
		FromPyrra: grouping("burnrate", "slo", `{__name__=~".+:burnrate[0-9].*",slo!=""}`) +
			grouping("checks", "slo", `{__name__=~".+:count[0-9].*",slo!=""}`),
		// Only those of ratios record events.
		FromGrafana: grouping("events", "grafana_slo_uuid", `grafana_slo_total_rate_5m{grafana_slo_uuid!=""}`),
	}
	var all []string
	query := ""
	for _, tool := range tools {
		all = append(all, names[tool])
		query += grouped[tool]
	}
	return fmt.Sprintf(`last_over_time({__name__=~"%s"}[%s])`, strings.Join(all, "|"), recordedFor) + query
}

func grouping(as, label, selector string) string {
	return fmt.Sprintf(` or label_replace(group by (__name__, %s) (%s), "%s", "%s", "", "")`, label, selector, recordedAs, as)
}

// IsRuleOfTool says whether a rule tells something about an SLO of the tools.
func IsRuleOfTool(name string, labels map[string]string) bool {
	return name == slothErrors && labels["sloth_id"] != "" || labels["slo"] != "" ||
		(name == grafanaSuccess || name == grafanaTotal) && labels["grafana_slo_uuid"] != ""
}

const (
	slothErrors    = "slo:sli_error:ratio_rate5m"
	grafanaSuccess = "grafana_slo_success_rate_5m"
	grafanaTotal   = "grafana_slo_total_rate_5m"
	grafanaRatio   = "grafana_slo_sli_5m"
)

// Discover makes definitions of what a store has: by counters where its rules say what they
// count, else by the rates that are recorded, else by the ratio alone. Problems are warnings
// about what is recorded and cannot be judged.
func Discover(tools []Origin, found Found) (slos []SLO, problems []Problem) {
	d := discovery{Found: found}
	for _, tool := range tools {
		switch tool {
		case FromSloth:
			d.sloth()
		case FromPyrra:
			d.pyrra()
		case FromGrafana:
			d.grafana()
		}
	}
	return d.slos, d.problems
}

// discovery is what Discover knows so far.
type discovery struct {
	Found
	slos     []SLO
	problems []Problem
}

// recorded is all that is recorded of one SLO.
type recorded struct {
	name   string
	values map[string]float64  // by metric; the first one where there are several
	labels map[string]string   // that all of its series have, and those of the tool itself
	kinds  map[string][]string // metrics, by what the query of discovery calls them
}

// byName are the SLOs that a label tells apart, sorted. What some series have and others
// have not, such as the replica that recorded them, is no label of the SLO.
func (d *discovery) byName(label string) []recorded {
	all := map[string]*recorded{}
	for _, s := range d.Series {
		name := s.Labels[label]
		if name == "" {
			continue
		}
		r, known := all[name]
		if !known {
			r = &recorded{name: name, values: map[string]float64{}, kinds: map[string][]string{}}
			all[name] = r
		}
		if kind := s.Labels[recordedAs]; kind != "" {
			r.kinds[kind] = append(r.kinds[kind], s.Labels["__name__"])
			continue
		}
		metric := s.Labels["__name__"]
		if _, known := r.values[metric]; !known {
			r.values[metric] = s.Value
		}
		if r.labels == nil {
			r.labels = maps.Clone(s.Labels)
			continue
		}
		for key, value := range s.Labels {
			// Of the series of one tool, only some have a label of its own.
			if _, have := r.labels[key]; !have && isOfTool(key) {
				r.labels[key] = value
			}
		}
		maps.DeleteFunc(r.labels, func(key, value string) bool { return !isOfTool(key) && s.Labels[key] != value })
	}
	list := make([]recorded, 0, len(all))
	for _, name := range slices.Sorted(maps.Keys(all)) {
		list = append(list, *all[name])
	}
	return list
}

// isOfTool tells the labels that a tool gives from those that a user gave.
func isOfTool(key string) bool {
	return key == "__name__" || strings.HasPrefix(key, "sloth_") || strings.HasPrefix(key, "grafana_slo_") || strings.HasPrefix(key, "__")
}

// own are the labels that a user gave to an SLO.
func (r recorded) own(besides ...string) map[string]string {
	labels := map[string]string{}
	for key, value := range r.labels {
		if !isOfTool(key) && !slices.Contains(besides, key) {
			labels[key] = value
		}
	}
	return labels
}

// rule is the query by which the store records a metric of an SLO; empty where it does
// not say, or where several do.
func (d *discovery) rule(metric, label, name string) string {
	query := ""
	for _, r := range d.Rules {
		if r.Alert || r.Name != metric || r.Labels[label] != name {
			continue
		}
		if query != "" && query != r.Query {
			return ""
		}
		query = r.Query
	}
	return query
}

// counted is the indicator of a ratio of failures whose events can be counted.
func (d *discovery) counted(failures string) (Indicator, bool) {
	if failures == "" || d.Split == nil {
		return Indicator{}, false
	}
	part, total, rest, ok := d.Split(failures)
	switch {
	case !ok:
		return Indicator{}, false
	case rest:
		return Indicator{Good: part, Total: total}, true
	}
	return Indicator{Bad: part, Total: total}, true
}

// Title is what a tool calls itself.
func (o Origin) Title() string {
	return map[Origin]string{FromOpenSLO: "OpenSLO", FromSloth: "Sloth", FromPyrra: "Pyrra", FromGrafana: "Grafana SLO"}[o]
}

// inStore begins the source of what was discovered.
const inStore = "the store, by "

// IsDiscovered says whether a source is a tool that records in the store.
func IsDiscovered(source string) bool { return strings.HasPrefix(source, inStore) }

// place is where SLOs of a tool are.
func (o Origin) place() Place { return Place{Source: inStore + o.Title()} }

func (d *discovery) warn(tool Origin, format string, args ...any) {
	d.problems = append(d.problems, Problem{Place: tool.place(), Message: oneLine(fmt.Sprintf(format, args...)), Severity: Warning})
}

// add adds an SLO with its objective, if that is one.
func (d *discovery) add(s SLO, target float64, window time.Duration) {
	rolling, err := slo.Rolling(window)
	var objective slo.Objective
	if err == nil {
		objective, err = slo.NewObjective(target, rolling)
	}
	if err != nil {
		d.warn(s.Origin, "the SLO %s is recorded, and its objective cannot be judged: %v", quote(s.Name), err)
		return
	}
	s.Objectives = []Objective{{Objective: objective}}
	s.DisplayName = orName(s.DisplayName, s.Name)
	s.Place, s.Recorded = s.Origin.place(), s.Origin
	d.slos = append(d.slos, s)
}

// tidy is a number that rules compute, such as 0.9990000000000001, as somebody wrote it.
func tidy(v float64) float64 {
	short, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 12, 64), 64)
	return short
}

func (d *discovery) sloth() {
	for _, r := range d.byName("sloth_id") {
		target, known := r.values["slo:objective:ratio"]
		if percent, err := strconv.ParseFloat(r.labels["sloth_objective"], 64); err == nil {
			target, known = shift(percent, -2), true
		}
		if !known {
			d.warn(FromSloth, "the SLO %s is recorded without its objective; expected the metric slo:objective:ratio", quote(r.name))
			continue
		}
		days, known := r.values["slo:time_period:days"]
		if !known {
			days = slothPeriod.Hours() / 24
		}
		indicator, counted := d.counted(d.rule(slothErrors, "sloth_id", r.name))
		if !counted {
			indicator = Indicator{Raw: slothErrors + "{sloth_id=" + strconv.Quote(r.name) + "}", RawFailure: true}
		}
		d.add(SLO{
			Name: r.name, Service: orName(r.labels["sloth_service"], "sloth"), Labels: r.own(), Origin: FromSloth, Indicator: indicator,
			aliases: slothAliases(r.labels),
		}, tidy(target), time.Duration(days*24*float64(time.Hour)))
	}
}

// slothAliases are other names of an SLO that Sloth read from a document of OpenSLO: it
// adds the number of the objective.
func slothAliases(labels map[string]string) []string {
	name := strings.TrimSuffix(labels["sloth_slo"], "-0")
	if !strings.HasPrefix(labels["sloth_spec"], "openslo") || name == "" {
		return nil
	}
	return []string{name}
}

// pyrraTarget finds the objective in the rules that Pyrra alerts by.
var pyrraTarget = regexp.MustCompile(`\(\s*1\s*-\s*(0?\.[0-9]+)\s*\)`)

// pyrraWindow finds the window in the names of what Pyrra records over it, and
// pyrraBurnRate the rates.
var (
	pyrraWindow   = regexp.MustCompile(`:(?:increase|count)([0-9][0-9a-z]*)$`)
	pyrraBurnRate = regexp.MustCompile(`:burnrate([0-9][0-9a-z]*)$`)
)

func (d *discovery) pyrra() {
	for _, r := range d.byName("slo") {
		target, hasTarget := r.values["pyrra_objective"]
		seconds, hasWindow := r.values["pyrra_window"]
		window := time.Duration(seconds) * time.Second
		indicator, counted := Indicator{}, false
		shortest := time.Duration(0)
		for _, rule := range d.Rules {
			if rule.Labels["slo"] != r.name {
				continue
			}
			if found := pyrraTarget.FindStringSubmatch(rule.Query); rule.Alert && found != nil && !hasTarget {
				target, _ = strconv.ParseFloat(found[1], 64)
				hasTarget = true
			}
			if length, ok := lengthIn(pyrraWindow, rule.Name); ok && !hasWindow {
				window = max(window, length)
			}
			if length, ok := lengthIn(pyrraBurnRate, rule.Name); ok && (shortest == 0 || length < shortest) {
				shortest = length
				indicator, counted = d.counted(rule.Query)
			}
		}
		switch {
		case !hasTarget && len(r.kinds["burnrate"]) == 0:
			continue // somebody else's label
		case !hasTarget || window == 0:
			d.warn(FromPyrra, "the SLO %s is recorded without its objective, and the store does not give its rules; expected Pyrra to run with --generic-rules, or the definition in the catalogue", quote(r.name))
			continue
		}
		if !counted && len(r.kinds["checks"]) == 0 { // boolean gauges have no rates
			indicator, counted = r.pyrraRates()
		}
		if !counted {
			indicator, counted = r.burnRate()
		}
		if !counted {
			d.warn(FromPyrra, "the SLO %s is recorded without its errors; expected the definition in the catalogue", quote(r.name))
			continue
		}
		d.add(SLO{
			Name: r.name, Service: orName(r.labels["service"], "pyrra"), Description: r.labels["description"],
			Labels: r.own("slo", "description"), Origin: FromPyrra, Indicator: indicator,
		}, tidy(target), window)
	}
}

// pyrraRates is the indicator of the requests and errors that Pyrra records per second.
func (r recorded) pyrraRates() (Indicator, bool) {
	if _, known := r.values["pyrra_requests:rate5m"]; known {
		return Indicator{Bad: sumOf("pyrra_errors:rate5m", "slo", r.name), Total: sumOf("pyrra_requests:rate5m", "slo", r.name)}, true
	}
	// Older versions call the rates a total, which they are not. They are recorded every
	// 30 seconds.
	if _, known := r.values["pyrra_requests_total"]; known {
		events := func(metric string) string {
			return "30 * sum(sum_over_time(" + metric + "{slo=" + strconv.Quote(r.name) + "}[5m]))"
		}
		return Indicator{Bad: events("pyrra_errors_total"), Total: events("pyrra_requests_total")}, true
	}
	return Indicator{}, false
}

// burnRate is the indicator of the error ratio that Pyrra records over the shortest time.
func (r recorded) burnRate() (Indicator, bool) {
	name, shortest := "", time.Duration(0)
	for _, metric := range r.kinds["burnrate"] {
		if length, ok := lengthIn(pyrraBurnRate, metric); ok && (name == "" || length < shortest) {
			name, shortest = metric, length
		}
	}
	return Indicator{Raw: name + "{slo=" + strconv.Quote(r.name) + "}", RawFailure: true}, name != ""
}

// lengthIn is the duration that a name ends with.
func lengthIn(in *regexp.Regexp, name string) (time.Duration, bool) {
	found := in.FindStringSubmatch(name)
	if found == nil {
		return 0, false
	}
	length, err := slo.ParseDuration(found[1])
	return length, err == nil
}

func sumOf(metric, label, value string) string {
	return "sum(" + metric + "{" + label + "=" + strconv.Quote(value) + "})"
}

func (d *discovery) grafana() {
	for _, r := range d.byName("grafana_slo_uuid") {
		target, known := r.values["grafana_slo_objective"]
		if !known {
			d.warn(FromGrafana, "the SLO %s is recorded without its objective; expected the metric grafana_slo_objective", quote(r.name))
			continue
		}
		window := time.Duration(r.values["grafana_slo_objective_window_seconds"]) * time.Second
		if length, err := slo.ParseDuration(r.labels["grafana_slo_window"]); err == nil {
			window = length
		}
		d.add(SLO{
			Name: r.name, DisplayName: r.labels["grafana_slo_name"], Service: orName(r.labels["grafana_slo_service"], orName(r.labels["service"], "grafana")),
			Labels: r.grafanaLabels(), Origin: FromGrafana, Indicator: d.grafanaIndicator(r),
		}, tidy(target), window)
	}
}

// grafanaLabels are the labels of a user, and the team that Grafana SLO has a name for.
func (r recorded) grafanaLabels() map[string]string {
	labels := r.own()
	if team := r.labels["grafana_slo_team"]; team != "" {
		labels["team"] = team
	}
	return labels
}

func (d *discovery) grafanaIndicator(r recorded) Indicator {
	success, total := d.rule(grafanaSuccess, "grafana_slo_uuid", r.name), d.rule(grafanaTotal, "grafana_slo_uuid", r.name)
	if success != "" && total != "" && d.Split != nil {
		if good, all, rest, ok := d.Split("(" + success + ") / (" + total + ")"); ok && !rest {
			return Indicator{Good: good, Total: all}
		}
	}
	if len(r.kinds["events"]) > 0 {
		return Indicator{Good: sumOf(grafanaSuccess, "grafana_slo_uuid", r.name), Total: sumOf(grafanaTotal, "grafana_slo_uuid", r.name)}
	}
	return Indicator{Raw: grafanaRatio + "{grafana_slo_uuid=" + strconv.Quote(r.name) + "}"}
}
