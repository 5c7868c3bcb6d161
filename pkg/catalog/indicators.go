package catalog

import (
	"slices"
	"strings"

	v1 "github.com/OpenSLO/go-sdk/pkg/openslo/v1"
)

// indicatorOf is the indicator of an SLO, its own or that of an SLI document.
func (r *reader) indicatorOf(d *document, spec v1.SLOSpec) Indicator {
	if spec.Indicator == nil && spec.IndicatorRef == nil && spec.HasCompositeObjectives() {
		return Indicator{} // each objective has its own
	}
	return r.indicatorAt(d, "spec", spec.Indicator, spec.IndicatorRef)
}

// indicatorAt is the indicator that stands at a path or that a name there refers to.
func (r *reader) indicatorAt(d *document, path string, inline *v1.SLOIndicatorInline, ref *string) Indicator {
	words := d.dialect
	switch {
	case inline != nil && ref != nil:
		d.fail(path, "%s and %s are both given; expected one of them", words.indicator, words.indicatorRef)
		return Indicator{}
	case inline != nil:
		return r.indicator(d, dot(path, words.indicator)+".spec", inline.Spec)
	case ref == nil:
		d.fail(path, "%[1]s is missing; expected %[3]s %[1]s, or %[3]s %[2]s with the name of an SLI", words.indicator, words.indicatorRef, article(words.indicator))
		return Indicator{}
	}
	path = dot(path, words.indicatorRef)
	indicator, ok := r.indicators[*ref]
	switch sli := r.claimant("SLI", *ref); {
	case ok:
	case sli != nil:
		d.fail(path, "%s names the SLI %s, which has problems itself (%s); expected an SLI without", words.indicatorRef, quote(*ref), sli.place)
	default:
		d.fail(path, "%s %s names no SLI document%s; expected the name of one in this catalogue", words.indicatorRef, quote(*ref), didYouMean(*ref, r.namesOf("SLI")))
	}
	return indicator
}

func article(word string) string {
	if strings.ContainsAny(word[:1], "aeiou") || word == "sli" || word == "sliRef" {
		return "an"
	}
	return "a"
}

// indicator is what the spec of an SLI at the path measures.
func (r *reader) indicator(d *document, path string, spec v1.SLISpec) Indicator {
	switch {
	case spec.RatioMetric != nil && spec.ThresholdMetric != nil:
		d.fail(path, "ratioMetric and thresholdMetric are both given; expected one of them")
	case spec.ThresholdMetric != nil:
		return Indicator{Threshold: r.query(d, path+".thresholdMetric", spec.ThresholdMetric)}
	case spec.RatioMetric != nil:
		return r.ratio(d, path+".ratioMetric", *spec.RatioMetric)
	default:
		d.fail(path, "ratioMetric and thresholdMetric are missing; expected one of them")
	}
	return Indicator{}
}

// ratio reads any two of good, bad and total, or a ratio as it is.
func (r *reader) ratio(d *document, path string, ratio v1.SLIRatioMetric) Indicator {
	const expected = "expected two of good, bad and total, or raw"
	given := 0
	for _, metric := range []*v1.SLIMetricSpec{ratio.Good, ratio.Bad, ratio.Total} {
		if metric != nil {
			given++
		}
	}
	switch {
	case ratio.Raw != nil && given > 0:
		d.fail(path, "raw is given beside good, bad or total; expected it alone")
		return Indicator{}
	case ratio.Raw != nil:
		return Indicator{Raw: r.query(d, path+".raw", ratio.Raw), RawFailure: ratio.RawType == v1.SLIRawMetricTypeFailure}
	case given == 0:
		d.fail(path, "good, bad and total are missing; %s", expected)
	case ratio.Good == nil && ratio.Bad == nil:
		d.fail(path, "good and bad are missing; %s", expected)
	case given == 1:
		d.fail(path, "total is missing; %s", expected)
	case given == 3:
		d.fail(path, "good, bad and total are all given; expected two of them")
	case ratio.Total == nil:
		d.accept(path) // OpenSLO's rules ask for a total, which good and bad make up
	}
	if ratio.RawType != "" {
		d.warn(path+".rawType", "rawType is given and raw is not; expected it only with raw")
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
	path += d.dialect.source
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
	return d.windowed(path+".spec."+name, text)
}

// sourceType checks that a metric comes from Prometheus, by its own word or by
// that of the DataSource that it refers to. It is false where the query may be in
// another language.
func (r *reader) sourceType(d *document, path string, source v1.SLIMetricSource) bool {
	ref := source.MetricSourceRef
	given, known := r.sourceTypes[ref]
	dataSource := r.claimant("DataSource", ref)
	typePath, refPath := path+d.dialect.sourceType, path+d.dialect.sourceRef
	refName, own := leaf(refPath), "type: Prometheus"
	if d.dialect == openSLOv2 {
		own = "a dataSourceSpec of type Prometheus"
	}
	switch {
	case source.Type != "" && !isPrometheus(source.Type):
		d.fail(typePath, "type is %s; expected Prometheus", quote(source.Type))
		return false
	case source.Type == "" && ref == "" && d.dialect == openSLOv2:
		d.fail(path, "dataSourceRef is missing; expected the name of a DataSource of type Prometheus, or %s", own)
	case source.Type == "" && ref == "":
		d.fail(path, "type is missing; expected %s, or a %s to a DataSource of that type", own, refName)
	case ref == "":
	case known && !isPrometheus(given):
		d.fail(refPath, "%s names the DataSource %s of type %s (%s); expected one of type Prometheus", refName, quote(ref), quote(given), dataSource.place)
		return false
	case known:
	case dataSource != nil:
		d.fail(refPath, "%s names the DataSource %s, which has problems itself (%s); expected one without", refName, quote(ref), dataSource.place)
	case source.Type == "":
		d.fail(refPath, "%s %s names no DataSource document%s; expected the name of one in this catalogue, or %s", refName, quote(ref), didYouMean(ref, r.namesOf("DataSource")), own)
	default:
		d.warn(refPath, "%s %s names no DataSource document%s; expected the name of one in this catalogue, or only %s", refName, quote(ref), didYouMean(ref, r.namesOf("DataSource")), own)
	}
	return true
}

// promQLTypes are the types of data sources that are asked in PromQL.
var promQLTypes = []string{"prometheus", "mimir", "thanos", "cortex", "victoriametrics"}

func isPrometheus(sourceType string) bool {
	return slices.Contains(promQLTypes, strings.ToLower(sourceType))
}
