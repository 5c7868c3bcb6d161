package catalog

import (
	"strings"

	v1 "github.com/OpenSLO/go-sdk/pkg/openslo/v1"
)

// indicatorOf is the indicator of an SLO, its own or that of an SLI document.
func (r *reader) indicatorOf(d *document, spec v1.SLOSpec) Indicator {
	switch {
	case spec.Indicator != nil && spec.IndicatorRef != nil:
		d.fail("spec", "indicator and indicatorRef are both given; expected one of them")
		return Indicator{}
	case spec.Indicator != nil:
		return r.indicator(d, "spec.indicator.spec", spec.Indicator.Spec)
	case spec.IndicatorRef == nil && spec.HasCompositeObjectives():
		return Indicator{} // a problem already
	case spec.IndicatorRef == nil:
		d.fail("spec", "indicator is missing; expected an indicator, or an indicatorRef with the name of an SLI")
		return Indicator{}
	}
	const path = "spec.indicatorRef"
	name := *spec.IndicatorRef
	indicator, ok := r.indicators[name]
	switch sli := r.claimant("SLI", name); {
	case ok:
	case sli != nil:
		d.fail(path, "indicatorRef names the SLI %s, which has problems itself (%s); expected an SLI without", quote(name), sli.place)
	default:
		d.fail(path, "indicatorRef %s names no SLI document%s; expected the name of one in this catalogue", quote(name), didYouMean(name, r.namesOf("SLI")))
	}
	return indicator
}

// indicator is what the spec of an SLI at the path measures.
func (r *reader) indicator(d *document, path string, spec v1.SLISpec) Indicator {
	const expected = "expected a ratio metric with good or bad and total"
	if spec.ThresholdMetric != nil {
		d.reject(path+".thresholdMetric", "thresholdMetric is not supported in this version; %s", expected)
		return Indicator{}
	}
	ratio := spec.RatioMetric
	if ratio == nil {
		d.fail(path, "ratioMetric is missing; %s", expected)
		return Indicator{}
	}
	path += ".ratioMetric"
	switch {
	case ratio.Raw != nil:
		d.reject(path+".raw", "raw is not supported in this version; %s", expected)
		return Indicator{}
	case ratio.Total == nil:
		d.fail(path, "total is missing; %s", expected)
	case ratio.Good == nil && ratio.Bad == nil:
		d.fail(path, "good and bad are missing; %s", expected)
	case ratio.Good != nil && ratio.Bad != nil:
		d.fail(path, "good and bad are both given; expected one of them and total")
	}
	return Indicator{
		Good:  r.query(d, path+".good", ratio.Good),
		Bad:   r.query(d, path+".bad", ratio.Bad),
		Total: r.query(d, path+".total", ratio.Total),
	}
}

// query is the PromQL of a metric at the path, empty where there is no metric.
func (r *reader) query(d *document, path string, metric *v1.SLIMetricSpec) string {
	if metric == nil {
		return ""
	}
	path += ".metricSource"
	source := metric.MetricSource
	if !r.sourceType(d, path, source) {
		return ""
	}
	query, hasQuery := source.Spec["query"]
	promQL, hasPromQL := source.Spec["promql"]
	name, value := "query", query
	switch {
	case hasQuery && hasPromQL:
		d.fail(path+".spec", "query and promql are both given; expected one of them")
		return ""
	case hasPromQL:
		name, value = "promql", promQL
	case !hasQuery:
		d.fail(path+".spec", "query is missing; expected PromQL, such as query: sum(increase(http_requests_total[5m]))")
		return ""
	}
	text, isText := value.(string)
	if !isText {
		n, _ := d.find(path + ".spec." + name)
		d.fail(path+".spec."+name, "%s is %s; expected PromQL", name, describe(n))
		return ""
	}
	d.promQL(path+".spec."+name, text)
	return strings.TrimSpace(text)
}

// sourceType checks that a metric comes from Prometheus, by its own word or by
// that of the DataSource that it refers to. It is false where the query may be in
// another language.
func (r *reader) sourceType(d *document, path string, source v1.SLIMetricSource) bool {
	ref := source.MetricSourceRef
	given, known := r.sourceTypes[ref]
	dataSource := r.claimant("DataSource", ref)
	switch {
	case source.Type != "" && !isPrometheus(source.Type):
		d.fail(path+".type", "type is %s; expected Prometheus", quote(source.Type))
		return false
	case source.Type == "" && ref == "":
		d.fail(path, "type is missing; expected type: Prometheus, or a metricSourceRef to a DataSource of that type")
	case ref == "":
	case known && !isPrometheus(given):
		d.fail(path+".metricSourceRef", "metricSourceRef names the DataSource %s of type %s (%s); expected one of type Prometheus", quote(ref), quote(given), dataSource.place)
		return false
	case known:
	case dataSource != nil:
		d.fail(path+".metricSourceRef", "metricSourceRef names the DataSource %s, which has problems itself (%s); expected one without", quote(ref), dataSource.place)
	case source.Type == "":
		d.fail(path+".metricSourceRef", "metricSourceRef %s names no DataSource document%s; expected the name of one in this catalogue, or type: Prometheus", quote(ref), didYouMean(ref, r.namesOf("DataSource")))
	default:
		d.warn(path+".metricSourceRef", "metricSourceRef %s names no DataSource document%s; expected the name of one in this catalogue, or only type: Prometheus", quote(ref), didYouMean(ref, r.namesOf("DataSource")))
	}
	return true
}

func isPrometheus(sourceType string) bool { return strings.EqualFold(sourceType, "Prometheus") }
