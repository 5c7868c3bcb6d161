package catalog

import (
	"encoding/json"
	"reflect"

	"github.com/OpenSLO/go-sdk/pkg/openslo"
	v1 "github.com/OpenSLO/go-sdk/pkg/openslo/v1"
	"github.com/OpenSLO/go-sdk/pkg/openslo/v2alpha"
)

// dialect is how a version of OpenSLO says what all of them say. Documents are read
// as openslo/v1; a dialect knows the names that problems are reported with.
type dialect struct {
	version string
	types   map[string]reflect.Type // by kind

	service, indicator, indicatorRef string // fields of an SLO

	source     string // path from a metric to what says where it comes from, with its dot
	sourceType string // path from there to the type of its data source
	sourceRef  string // path from there to the name of its data source
}

var openSLOv1 = &dialect{
	version: string(openslo.VersionV1),
	types: map[string]reflect.Type{
		"AlertCondition":          reflect.TypeFor[v1.AlertCondition](),
		"AlertNotificationTarget": reflect.TypeFor[v1.AlertNotificationTarget](),
		"AlertPolicy":             reflect.TypeFor[v1.AlertPolicy](),
		"DataSource":              reflect.TypeFor[v1.DataSource](),
		"Service":                 reflect.TypeFor[v1.Service](),
		"SLI":                     reflect.TypeFor[v1.SLI](),
		"SLO":                     reflect.TypeFor[v1.SLO](),
	},
	service: "service", indicator: "indicator", indicatorRef: "indicatorRef",
	source: ".metricSource", sourceType: ".type", sourceRef: ".metricSourceRef",
}

var openSLOv2 = &dialect{
	version: string(openslo.VersionV2alpha),
	types: map[string]reflect.Type{
		"AlertCondition":          reflect.TypeFor[v2alpha.AlertCondition](),
		"AlertNotificationTarget": reflect.TypeFor[v2alpha.AlertNotificationTarget](),
		"AlertPolicy":             reflect.TypeFor[v2alpha.AlertPolicy](),
		"DataSource":              reflect.TypeFor[v2alpha.DataSource](),
		"Service":                 reflect.TypeFor[v2alpha.Service](),
		"SLI":                     reflect.TypeFor[v2alpha.SLI](),
		"SLO":                     reflect.TypeFor[v2alpha.SLO](),
	},
	service: "serviceRef", indicator: "sli", indicatorRef: "sliRef",
	source: "", sourceType: ".dataSourceSpec.type", sourceRef: ".dataSourceRef",
}

// asV1 is an object of any version as one of openslo/v1. Where the versions differ in
// more than names, openslo/v1 can say what the other one does.
func asV1(object openslo.Object) openslo.Object {
	switch o := object.(type) {
	case v2alpha.DataSource:
		return recast[v1.DataSource](o)
	case v2alpha.Service:
		return recast[v1.Service](o)
	case v2alpha.AlertCondition:
		return recast[v1.AlertCondition](o)
	case v2alpha.AlertNotificationTarget:
		return recast[v1.AlertNotificationTarget](o)
	case v2alpha.AlertPolicy:
		return recast[v1.AlertPolicy](o)
	case v2alpha.SLI:
		return v1.SLI{Metadata: recast[v1.Metadata](o.Metadata), Spec: sliAsV1(o.Spec)}
	case v2alpha.SLO:
		return sloAsV1(o)
	}
	return object
}

func sloAsV1(o v2alpha.SLO) v1.SLO {
	spec := v1.SLOSpec{
		Description:     o.Spec.Description,
		Service:         o.Spec.ServiceRef,
		Indicator:       inlineAsV1(o.Spec.SLI),
		IndicatorRef:    o.Spec.SLIRef,
		BudgetingMethod: v1.SLOBudgetingMethod(o.Spec.BudgetingMethod),
		TimeWindow:      recast[[]v1.SLOTimeWindow](o.Spec.TimeWindow),
		AlertPolicies:   recast[[]v1.SLOAlertPolicy](o.Spec.AlertPolicies),
	}
	for _, given := range o.Spec.Objectives {
		indicator, ref := inlineAsV1(given.SLI), given.SLIRef
		given.SLI, given.SLIRef = nil, nil
		objective := recast[v1.SLOObjective](given)
		objective.Indicator, objective.IndicatorRef = indicator, ref
		spec.Objectives = append(spec.Objectives, objective)
	}
	return v1.SLO{Metadata: recast[v1.Metadata](o.Metadata), Spec: spec}
}

func inlineAsV1(inline *v2alpha.SLOSLIInline) *v1.SLOIndicatorInline {
	if inline == nil {
		return nil
	}
	return &v1.SLOIndicatorInline{Metadata: recast[v1.Metadata](inline.Metadata), Spec: sliAsV1(inline.Spec)}
}

func sliAsV1(spec v2alpha.SLISpec) v1.SLISpec {
	out := v1.SLISpec{Description: spec.Description, ThresholdMetric: metricAsV1(spec.ThresholdMetric)}
	if ratio := spec.RatioMetric; ratio != nil {
		out.RatioMetric = &v1.SLIRatioMetric{
			Counter: ratio.Counter,
			Good:    metricAsV1(ratio.Good),
			Bad:     metricAsV1(ratio.Bad),
			Total:   metricAsV1(ratio.Total),
			RawType: v1.SLIRawMetricType(ratio.RawType),
			Raw:     metricAsV1(ratio.Raw),
		}
	}
	return out
}

func metricAsV1(metric *v2alpha.SLIMetricSpec) *v1.SLIMetricSpec {
	if metric == nil {
		return nil
	}
	source := v1.SLIMetricSource{MetricSourceRef: metric.DataSourceRef, Spec: metric.Spec}
	if metric.DataSourceSpec != nil {
		source.Type = metric.DataSourceSpec.Type
	}
	return &v1.SLIMetricSpec{MetricSource: source}
}

// recast is a value as another type whose JSON has the same names.
func recast[T any](from any) (to T) {
	text, err := json.Marshal(from)
	if err == nil {
		err = json.Unmarshal(text, &to)
	}
	if err != nil {
		panic(err) // see guard: a document must not take the others along
	}
	return to
}
