package catalog

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/OpenSLO/go-sdk/pkg/openslo"
	v1 "github.com/OpenSLO/go-sdk/pkg/openslo/v1"
	"go.yaml.in/yaml/v3"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// OpenSLO writes SLOs and their services as documents of openslo/v1, whatever they were
// read from. What OpenSLO has no words for is in the notes, a sentence each.
func (c Catalog) OpenSLO() (text string, notes []string, err error) {
	w := openSLOWriter{}
	var documents []string
	add := func(object openslo.Object) {
		var document string
		if document, err = asYAML(object); err == nil {
			documents = append(documents, document)
		}
	}
	for _, s := range c.Services {
		if validName.MatchString(s.Name) && s.DisplayName != s.Name {
			add(v1.NewService(v1.Metadata{Name: s.Name, DisplayName: w.cut("the display name of the service "+s.Name, s.DisplayName, 63)}, v1.ServiceSpec{}))
		}
	}
	for _, s := range c.SLOs {
		add(w.slo(s))
		if err != nil {
			return "", nil, err
		}
	}
	return strings.Join(documents, "---\n"), w.notes, err
}

// openSLOWriter turns definitions into OpenSLO's, and notes what is lost.
type openSLOWriter struct{ notes []string }

func (w *openSLOWriter) note(format string, args ...any) {
	w.notes = append(w.notes, fmt.Sprintf(format, args...))
}

func (w *openSLOWriter) slo(s SLO) v1.SLO {
	name := w.name("SLO", s.Name)
	metadata := v1.Metadata{Name: name, Annotations: s.rulesAsAnnotations()}
	if s.DisplayName != s.Name {
		metadata.DisplayName = w.cut("the display name of "+s.Name, s.DisplayName, 63)
	}
	metadata.Labels = w.labels(s, metadata.Annotations)
	spec := v1.SLOSpec{
		Description:     w.cut("the description of "+s.Name, s.Description, 1050),
		Service:         s.Service,
		BudgetingMethod: budgetingMethod(s.Objectives[0].Method()),
		TimeWindow:      []v1.SLOTimeWindow{timeWindow(s.Objectives[0].Window())},
	}
	if !s.Composite() {
		spec.Indicator = w.indicator(s.Name, name, s.Indicator)
	}
	for _, o := range s.Objectives {
		spec.Objectives = append(spec.Objectives, w.objective(s, name, o))
	}
	for _, p := range s.AlertPolicies {
		spec.AlertPolicies = append(spec.AlertPolicies, w.policies(s, p)...)
	}
	if s.AlertsOff {
		metadata.Annotations[alertsAnnotation] = "off"
		w.note("SLO %s has its alerts switched off, which OpenSLO has no word for.", s.Name)
	}
	return v1.NewSLO(metadata, spec)
}

// rulesAsAnnotations are the annotations that the rules of an SLO are read from.
func (s SLO) rulesAsAnnotations() v1.Annotations {
	found := make(v1.Annotations)
	for key, v := range map[string]float64{
		"stakes/minCoverage": s.Rules.MinCoverage, "stakes/atRiskBelow": s.Rules.AtRiskBelow,
		"stakes/minEvents": s.Rules.MinEvents, "stakes/minFailures": s.Rules.MinFailures,
	} {
		if v != 0 {
			found[key] = strconv.FormatFloat(v, 'f', -1, 64)
		}
	}
	if s.absentIsBad() {
		found["stakes/absent"] = "bad"
	}
	return found
}

// labelKey is what OpenSLO allows for the key of a label.
var labelKey = regexp.MustCompile(`^[a-zA-Z0-9]([-._a-zA-Z0-9]{0,61}[a-zA-Z0-9])?$`)

// labels are those that OpenSLO allows; others become annotations.
func (w *openSLOWriter) labels(s SLO, annotations v1.Annotations) v1.Labels {
	labels, others := make(v1.Labels), map[string]string{}
	for _, key := range slices.Sorted(maps.Keys(s.Labels)) {
		if labelKey.MatchString(key) {
			labels[key] = strings.Split(s.Labels[key], ",")
			continue
		}
		annotations[key], others[key] = s.Labels[key], s.Labels[key]
		w.note("The label %s of SLO %s is an annotation, since OpenSLO's labels have no such keys.", key, s.Name)
	}
	if text, err := json.Marshal(others); err == nil && len(others) > 0 {
		annotations[labelsAnnotation] = string(text)
	}
	return labels
}

func budgetingMethod(method slo.Method) v1.SLOBudgetingMethod {
	for name, m := range methods {
		if m == method {
			return v1.SLOBudgetingMethod(name)
		}
	}
	return v1.SLOBudgetingMethodOccurrences
}

func timeWindow(window slo.Window) v1.SLOTimeWindow {
	n, unit, anchor := window.Calendar()
	if n == 0 {
		return v1.SLOTimeWindow{Duration: shorthand(window.Duration()), IsRolling: true}
	}
	for letter, u := range calendarUnits {
		if u == unit {
			return v1.SLOTimeWindow{
				Duration: v1.NewDurationShorthand(n, v1.DurationShorthandUnit(letter)),
				Calendar: &v1.SLOCalendar{StartTime: anchor.Format(time.DateTime), TimeZone: anchor.Location().String()},
			}
		}
	}
	return v1.SLOTimeWindow{}
}

// upToMinute is a duration in whole minutes, which OpenSLO has at the finest.
func upToMinute(d time.Duration) time.Duration {
	return (d + time.Minute - 1).Truncate(time.Minute)
}

// shorthand is a duration of whole minutes in OpenSLO's notation.
func shorthand(d time.Duration) v1.DurationShorthand {
	text, err := v1.ParseDurationShorthand(slo.FormatDuration(d))
	if err != nil {
		return v1.NewDurationShorthand(int(d/time.Minute), v1.DurationShorthandUnitMinute)
	}
	return text
}

func (w *openSLOWriter) objective(s SLO, name string, o Objective) v1.SLOObjective {
	target := o.Target()
	out := v1.SLOObjective{Target: &target}
	if o.Name != objectiveName("", target) {
		out.DisplayName = o.Name
	}
	if o.Op != "" {
		value := o.Value
		out.Operator, out.Value = v1.Operator(o.Op), &value
	}
	if length := o.SliceLength(); length > 0 {
		slice := shorthand(length)
		out.TimeSliceWindow = &slice
	}
	if atLeast := o.SliceTarget(); atLeast > 0 {
		out.TimeSliceTarget = &atLeast
	}
	if o.Own != nil {
		weight := o.Weight
		out.CompositeWeight = &weight
		out.Indicator = w.indicator(s.Name, w.name("objective", orName(o.Name, name)), *o.Own)
	}
	return out
}

func (w *openSLOWriter) indicator(of, name string, i Indicator) *v1.SLOIndicatorInline {
	spec := v1.SLISpec{}
	switch {
	case i.Threshold != "":
		spec.ThresholdMetric = metric(i.Threshold)
	case i.Raw != "":
		spec.RatioMetric = &v1.SLIRatioMetric{Raw: metric(i.Raw), RawType: v1.SLIRawMetricTypeSuccess}
		if i.RawFailure {
			spec.RatioMetric.RawType = v1.SLIRawMetricTypeFailure
		}
	default:
		spec.RatioMetric = &v1.SLIRatioMetric{Counter: true, Good: metric(i.Good), Bad: metric(i.Bad), Total: metric(i.Total)}
		if i.Total == "" {
			w.note("SLO %s has good and bad events and no total, which OpenSLO's own rules ask for.", of)
		}
	}
	return &v1.SLOIndicatorInline{Metadata: v1.Metadata{Name: name}, Spec: spec}
}

func metric(query string) *v1.SLIMetricSpec {
	if query == "" {
		return nil
	}
	return &v1.SLIMetricSpec{MetricSource: v1.SLIMetricSource{Type: "Prometheus", Spec: map[string]any{"query": query}}}
}

// policies are an alert policy as OpenSLO has it: with one condition each.
func (w *openSLOWriter) policies(s SLO, p AlertPolicy) []v1.SLOAlertPolicy {
	var all []v1.SLOAlertPolicy
	targets := []v1.AlertPolicyNotificationTarget{}
	for _, target := range p.Targets {
		targets = append(targets, v1.AlertPolicyNotificationTarget{
			AlertPolicyNotificationTargetRef: &v1.AlertPolicyNotificationTargetRef{TargetRef: target},
		})
	}
	if len(targets) == 0 {
		targets = append(targets, v1.AlertPolicyNotificationTarget{
			AlertPolicyNotificationTargetRef: &v1.AlertPolicyNotificationTargetRef{TargetRef: "default"},
		})
		w.note("AlertPolicy %s of SLO %s names nobody to notify, which OpenSLO requires; it says default.", p.Name, s.Name)
	}
	for i, c := range p.Conditions {
		name := p.Name
		if len(p.Conditions) > 1 {
			name += "-" + strconv.Itoa(i+1)
		}
		factor, after := c.BurnFactor(s.Objectives[0].Objective), shorthand(upToMinute(c.After))
		condition := v1.AlertConditionSpec{Severity: c.Severity, Condition: v1.AlertConditionType{
			Kind: v1.AlertConditionKindBurnRate, Operator: v1.Operator(c.Op), Threshold: &factor, LookbackWindow: shorthand(c.Long),
		}}
		if c.After > 0 {
			condition.Condition.AlertAfter = &after
		}
		if c.Short != c.Long {
			w.note("AlertPolicy %s of SLO %s has the lookback %s alone, since OpenSLO has no second one.", name, s.Name, slo.FormatDuration(c.Long))
		}
		metadata := v1.Metadata{Name: w.name("AlertPolicy", name)}
		if p.DisplayName != p.Name {
			metadata.DisplayName = p.DisplayName
		}
		inline := &v1.SLOAlertPolicyInline{
			Kind: openslo.KindAlertPolicy, Metadata: metadata,
			Spec: v1.AlertPolicySpec{
				Description: p.Description, AlertWhenNoData: p.WhenNoData, AlertWhenBreaching: p.WhenBreaching, AlertWhenResolved: p.WhenResolved,
				Conditions: []v1.AlertPolicyCondition{{AlertPolicyConditionInline: &v1.AlertPolicyConditionInline{
					Kind: openslo.KindAlertCondition, Metadata: v1.Metadata{Name: w.name("AlertCondition", c.Name)}, Spec: condition,
				}}},
				NotificationTargets: targets,
			},
		}
		inline.Metadata.Annotations = beyondOpenSLO(p, c, *inline).annotations(p)
		all = append(all, v1.SLOAlertPolicy{SLOAlertPolicyInline: inline})
	}
	return all
}

// notInNames is what names of OpenSLO have no place for.
var notInNames = regexp.MustCompile(`[^a-z0-9]+`)

// name is a name that OpenSLO allows, the same one where it is.
func (w *openSLOWriter) name(kind, name string) string {
	if validName.MatchString(name) {
		return name
	}
	allowed := strings.Trim(notInNames.ReplaceAllString(strings.ToLower(name), "-"), "-")
	if len(allowed) > 63 {
		allowed = strings.Trim(allowed[:63], "-")
	}
	if allowed == "" {
		allowed = "unnamed"
	}
	w.note("The %s %s is called %s, since OpenSLO has no such names.", kind, name, allowed)
	return allowed
}

// cut is the beginning of a text that is longer than OpenSLO allows.
func (w *openSLOWriter) cut(what, text string, most int) string {
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	w.note("OpenSLO allows %d characters; %s is cut.", most, what)
	return string(runes[:most])
}

// asYAML is an object as a document, its fields in OpenSLO's order.
func asYAML(object openslo.Object) (string, error) {
	text, err := json.Marshal(object)
	if err != nil {
		return "", err
	}
	var document yaml.Node
	if err := yaml.Unmarshal(text, &document); err != nil { // JSON is YAML
		return "", err
	}
	inBlocks(&document)
	var out strings.Builder
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	err = encoder.Encode(&document)
	return out.String(), err
}

// inBlocks takes the braces and quotes of JSON away.
func inBlocks(n *yaml.Node) {
	n.Style = 0
	if n.Kind == yaml.ScalarNode && n.Tag == "!!str" && strings.Contains(n.Value, "\n") {
		n.Style = yaml.LiteralStyle
	}
	for _, child := range n.Content {
		inBlocks(child)
	}
}
