package catalog

import (
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/prometheus/promql/parser"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

type pyrraDocument struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Metadata   any    `json:"metadata"`
	Spec       struct {
		Description string `json:"description"`
		Target      any    `json:"target"` // a text, since resources have no fractions; a number does too
		Window      string `json:"window"`
		Indicator   struct {
			Ratio *struct {
				Errors   pyrraQuery `json:"errors"`
				Total    pyrraQuery `json:"total"`
				Grouping []string   `json:"grouping"`
			} `json:"ratio"`
			Latency *struct {
				Success  pyrraQuery `json:"success"`
				Total    pyrraQuery `json:"total"`
				Grouping []string   `json:"grouping"`
			} `json:"latency"`
			LatencyNative *struct {
				Total    pyrraQuery `json:"total"`
				Latency  string     `json:"latency"`
				Grouping []string   `json:"grouping"`
			} `json:"latencyNative"`
			BoolGauge *struct {
				Metric   string   `json:"metric"`
				Grouping []string `json:"grouping"`
			} `json:"bool_gauge"`
		} `json:"indicator"`
		Alerting struct {
			Disabled   *bool  `json:"disabled"`
			Burnrates  *bool  `json:"burnrates"`
			Absent     *bool  `json:"absent"`
			Name       string `json:"name"`
			AbsentName string `json:"absentName"`
			Severities struct {
				Absent   string `json:"absent"`
				Fast     string `json:"fastBurn"`
				Medium   string `json:"mediumBurn"`
				Slow     string `json:"slowBurn"`
				LongTerm string `json:"longTermBurn"`
			} `json:"severities"`
		} `json:"alerting"`
		// What follows only matters to the rules that Pyrra makes.
		PartialResponse string `json:"partial_response_strategy"`
		Performance     bool   `json:"performanceOverAccuracy"`
		RuleOutput      any    `json:"ruleOutput"`
	} `json:"spec"`
	Status any `json:"status"`
}

type pyrraQuery struct {
	Metric string `json:"metric"`
}

func (r *reader) readPyrra(d *document) {
	doc, ok := decodeForeign[pyrraDocument](d)
	if !ok {
		return
	}
	labels := d.scalars("metadata.labels")
	namespace, _ := d.find("metadata.namespace")
	s := SLO{
		Name:        d.required("metadata.name", d.name, "a name, such as api-errors"),
		DisplayName: d.name,
		Description: doc.Spec.Description,
		Service:     orName(labels["pyrra.dev/service"], orName(textOf(namespace), "pyrra")),
		Labels:      labels,
		Indicator:   d.pyrraIndicator(doc),
		Origin:      FromPyrra,
		Place:       d.place,
	}
	if objective, ok := d.pyrraObjective(doc); ok {
		s.Objectives = []Objective{{Objective: objective}}
		s.withPolicy(pyrraPolicy(doc, objective.Window().Duration(), d.place))
	}
	if d.ok() {
		r.slos = append(r.slos, s)
	}
}

func (d *document) pyrraObjective(doc pyrraDocument) (slo.Objective, bool) {
	n, _ := d.find("spec.target")
	percent, err := strconv.ParseFloat(textOf(n), 64)
	window, windowErr := slo.ParseWindow(doc.Spec.Window)
	switch {
	case doc.Spec.Window == "":
		d.fail("spec.window", "window is missing; expected a duration of whole minutes, such as 28d")
	case windowErr != nil:
		d.fail("spec.window", "window is %s; expected a duration of whole minutes, such as 28d", quote(doc.Spec.Window))
	}
	if err != nil {
		d.fail("spec.target", "target is %s; expected a percentage in quotes, such as \"99.9\"", describe(n))
		return slo.Objective{}, false
	}
	ratio, ok := d.percentage("spec.target", percent)
	if !ok || windowErr != nil {
		return slo.Objective{}, false
	}
	objective, err := slo.NewObjective(ratio, window)
	if err != nil {
		d.fail("spec.target", "%v", err)
	}
	return objective, err == nil
}

// pyrraIndicator is what Pyrra's rules count, by the same labels.
func (d *document) pyrraIndicator(doc pyrraDocument) Indicator {
	const path = "spec.indicator"
	given := doc.Spec.Indicator
	if howMany(given.Ratio != nil, given.Latency != nil, given.LatencyNative != nil, given.BoolGauge != nil) != 1 {
		d.fail(path, "indicator has none or several of ratio, latency, latencyNative and bool_gauge; expected one of them")
		return Indicator{}
	}
	switch {
	case given.Ratio != nil:
		at := path + ".ratio"
		sum := d.summed(at+".grouping", given.Ratio.Grouping)
		return Indicator{
			Bad:   sum("increase", d.selector(at+".errors.metric", given.Ratio.Errors.Metric)),
			Total: sum("increase", d.selector(at+".total.metric", given.Ratio.Total.Metric)),
		}
	case given.Latency != nil:
		at := path + ".latency"
		sum := d.summed(at+".grouping", given.Latency.Grouping)
		d.bucketed(at+".success.metric", given.Latency.Success.Metric)
		return Indicator{
			Good:  sum("increase", d.selector(at+".success.metric", given.Latency.Success.Metric)),
			Total: sum("increase", d.selector(at+".total.metric", given.Latency.Total.Metric)),
		}
	case given.LatencyNative != nil:
		at := path + ".latencyNative"
		sum := d.summed(at+".grouping", given.LatencyNative.Grouping)
		histogram := sum("increase", d.selector(at+".total.metric", given.LatencyNative.Total.Metric))
		bound := d.requiredLength(at+".latency", given.LatencyNative.Latency, "the latency that is fast enough")
		seconds := strconv.FormatFloat(bound.Seconds(), 'g', -1, 64)
		return Indicator{
			Good:  "histogram_fraction(0, " + seconds + ", " + histogram + ") * histogram_count(" + histogram + ")",
			Total: "histogram_count(" + histogram + ")",
		}
	}
	at := path + ".bool_gauge"
	sum := d.summed(at+".grouping", given.BoolGauge.Grouping)
	gauge := d.selector(at+".metric", given.BoolGauge.Metric)
	return Indicator{Good: sum("sum_over_time", gauge), Total: sum("count_over_time", gauge)}
}

// summed makes sums of a function over five minutes, by the labels of a grouping.
func (d *document) summed(path string, grouping []string) func(function, selector string) string {
	for i, name := range grouping {
		d.label(index(path, i), name)
	}
	by := "sum("
	if len(grouping) > 0 {
		by = "sum by (" + strings.Join(grouping, ", ") + ") ("
	}
	return func(function, selector string) string { return by + function + "(" + selector + "[5m]))" }
}

// selector checks that a metric is a plain selector, which is all that Pyrra takes.
func (d *document) selector(path, text string) string {
	text = d.requiredPromQL(path, text, "the series that are counted")
	if d.reported(path) {
		return text
	}
	expr, err := promQL.ParseExpr(text)
	if selector, ok := expr.(*parser.VectorSelector); err != nil || !ok || selector.OriginalOffset != 0 {
		d.fail(path, "metric is %s; expected a metric with matchers and nothing else, such as http_requests_total{job=\"api\"}", quote(text))
	}
	return text
}

// bucketed checks that a metric selects one bucket of a histogram.
func (d *document) bucketed(path, text string) {
	expr, err := promQL.ParseExpr(text)
	selector, ok := expr.(*parser.VectorSelector)
	if err != nil || !ok {
		return // a problem already
	}
	for _, m := range selector.LabelMatchers {
		if _, err := strconv.ParseFloat(m.Value, 64); m.Name == "le" && err == nil {
			return
		}
	}
	d.fail(path, "metric has no matcher for one bucket; expected one such as le=\"0.3\"")
}

// pyrraPolicy is the burn rates that Pyrra alerts at: those for 28 days, stretched to the
// window and rounded to minutes.
func pyrraPolicy(doc pyrraDocument, window time.Duration, place Place) AlertPolicy {
	alerting := doc.Spec.Alerting
	name := orName(alerting.Name, "ErrorBudgetBurn")
	policy := AlertPolicy{Name: name, DisplayName: name, Place: place}
	if alerting.Disabled != nil && *alerting.Disabled || alerting.Burnrates != nil && !*alerting.Burnrates {
		return policy
	}
	stretched := func(of time.Duration) time.Duration {
		d := time.Duration(float64(of) * float64(window) / float64(28*24*time.Hour))
		return max(d.Round(time.Minute), time.Minute)
	}
	severities := alerting.Severities
	for _, w := range []slo.AlertWindow{
		{Severity: orName(severities.Fast, "critical"), Long: time.Hour, Short: 5 * time.Minute, Factor: 14},
		{Severity: orName(severities.Medium, "critical"), Long: 6 * time.Hour, Short: 30 * time.Minute, Factor: 7},
		{Severity: orName(severities.Slow, "warning"), Long: 24 * time.Hour, Short: 2 * time.Hour, Factor: 2},
		{Severity: orName(severities.LongTerm, "warning"), Long: 4 * 24 * time.Hour, Short: 6 * time.Hour, Factor: 1},
	} {
		w.Long, w.Short = stretched(w.Long), stretched(w.Short)
		c := burnRate(w)
		c.After = w.Short / 2
		policy.Conditions = append(policy.Conditions, c)
	}
	return policy
}
