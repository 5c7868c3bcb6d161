package catalog

import (
	"strconv"
	"strings"
	"unicode"

	v1 "github.com/OpenSLO/go-sdk/pkg/openslo/v1"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// slo is what an SLO document defines; its problems say where it defines nothing.
func (r *reader) slo(d *document, o v1.SLO) SLO {
	s := SLO{
		Name:        d.name,
		DisplayName: orName(o.Metadata.DisplayName, d.name),
		Description: o.Spec.Description,
		Service:     o.Spec.Service,
		Labels:      make(map[string]string, len(o.Metadata.Labels)),
		Origin:      FromOpenSLO,
		Place:       d.place,
	}
	for key, values := range o.Metadata.Labels {
		s.Labels[key] = strings.Join(values, ",")
	}
	method := d.budgetingMethod(string(o.Spec.BudgetingMethod))
	window := d.timeWindow(o.Spec.TimeWindow)
	s.Indicator = r.indicatorOf(d, o.Spec)
	s.Objectives = r.objectives(d, o.Spec, s.Indicator, judging{window, method})
	d.annotate(&s, o.Metadata.Annotations)
	r.alert(d, &s, o.Spec.AlertPolicies)
	return s
}

// methodNames are OpenSLO's budgeting methods, and methods what they are to us.
var methodNames = []string{"Occurrences", "Timeslices", "RatioTimeslices"}

var methods = map[string]slo.Method{
	"Occurrences": slo.Occurrences, "Timeslices": slo.Timeslices, "RatioTimeslices": slo.RatioTimeslices,
}

func (d *document) budgetingMethod(method string) slo.Method {
	const path = "spec.budgetingMethod"
	switch {
	case method == "":
		d.fail(path, "budgetingMethod is missing; expected %s", list(methodNames))
	case methods[method] == "":
		d.fail(path, "budgetingMethod is %s%s; expected %s", quote(method), didYouMean(method, methodNames), list(methodNames))
	}
	return methods[method]
}

// judging is what all objectives of an SLO have in common.
type judging struct {
	window slo.Window
	method slo.Method // empty where the document has none that is valid
}

func (r *reader) objectives(d *document, spec v1.SLOSpec, indicator Indicator, by judging) []Objective {
	const path = "spec.objectives"
	if len(spec.Objectives) == 0 {
		d.fail(path, "objectives is empty; expected at least one, such as {target: 0.999}")
	}
	composite := spec.HasCompositeObjectives()
	if composite && (spec.Indicator != nil || spec.IndicatorRef != nil) {
		d.fail("spec", "%[1]s is given here and in objectives; expected it in one of the two places", d.dialect.indicator)
		return nil
	}
	var found []Objective
	first := make(map[string]string)
	for i, o := range spec.Objectives {
		at := index(path, i)
		objective := Objective{}
		if composite {
			own := r.indicatorAt(d, at, o.Indicator, o.IndicatorRef)
			objective.Own, objective.Weight = &own, 1
			d.threshold(at, o, own, &objective)
		} else {
			d.threshold(at, o, indicator, &objective)
		}
		d.weight(at, o, composite, &objective)
		target, ok := d.objective(at, o, by.window)
		if !ok {
			continue
		}
		objective.Objective = d.sliced(at, o, target, by.method)
		if len(spec.Objectives) > 1 {
			objective.Name = objectiveName(nameGiven(o), target.Target())
			if other := first[objective.Name]; other != "" {
				d.fail(at, "the name %s is taken by %s; expected a displayName that no other objective of this SLO has", quote(objective.Name), other)
			}
			first[objective.Name] = leaf(at)
		}
		found = append(found, objective)
	}
	return found
}

// nameGiven is what an objective calls itself, or what its own indicator is called.
func nameGiven(o v1.SLOObjective) string {
	switch {
	case o.DisplayName != "":
		return o.DisplayName
	case o.Indicator != nil:
		return o.Indicator.Metadata.Name
	case o.IndicatorRef != nil:
		return *o.IndicatorRef
	}
	return ""
}

// threshold reads the value that a measured one is compared with, which an indicator
// by threshold needs and no other one has.
func (d *document) threshold(at string, given v1.SLOObjective, indicator Indicator, o *Objective) {
	if indicator == (Indicator{}) { // that is the problem
		d.accept(at + ".op")
		d.accept(at + ".value")
		return
	}
	switch op := string(given.Operator); {
	case indicator.Threshold == "" && op != "":
		d.warn(at+".op", "op is given, and a ratioMetric does not use it; expected it only where the SLI has a thresholdMetric")
	case indicator.Threshold == "":
	case op == "":
		d.fail(at+".op", "op is missing; a thresholdMetric needs one of %s", list(operators))
	case slo.Op(op).PromQL() == "":
		d.fail(at+".op", "op is %s; expected %s", quote(op), list(operators))
	default:
		o.Op = slo.Op(op)
	}
	switch {
	case indicator.Threshold == "" && given.Value != nil:
		d.warn(at+".value", "value is given, and a ratioMetric does not use it; expected it only where the SLI has a thresholdMetric")
	case indicator.Threshold != "" && given.Value == nil:
		d.fail(at+".value", "value is missing; a thresholdMetric needs the number that it is compared with")
	case indicator.Threshold != "":
		o.Value = *given.Value
	}
}

var operators = []string{"lt", "lte", "gt", "gte"}

// weight reads how much an objective counts among those of a composite SLO.
func (d *document) weight(at string, given v1.SLOObjective, composite bool, o *Objective) {
	switch weight := given.CompositeWeight; {
	case weight == nil:
	case !composite:
		d.warn(at+".compositeWeight", "compositeWeight is given, and the objective has no %s of its own; expected it only in a composite SLO", d.dialect.indicator)
	case !(*weight > 0):
		d.fail(at+".compositeWeight", "compositeWeight is %v; expected a number above 0", *weight)
	default:
		o.Weight = *weight
	}
}

// sliced is an objective by the method that the document names, with its time slices.
func (d *document) sliced(at string, given v1.SLOObjective, o slo.Objective, method slo.Method) slo.Objective {
	target, window := at+".timeSliceTarget", at+".timeSliceWindow"
	if method != slo.Timeslices && given.TimeSliceTarget != nil {
		d.warn(target, "timeSliceTarget is given; expected it only with the budgetingMethod Timeslices")
	}
	switch {
	case method == "":
		return o
	case method == slo.Occurrences && given.TimeSliceWindow != nil:
		d.warn(window, "timeSliceWindow is given; expected it only with the budgetingMethod Timeslices or RatioTimeslices")
		return o
	case method == slo.Occurrences:
		return o
	case given.TimeSliceWindow == nil:
		d.fail(window, "timeSliceWindow is missing; expected how long a time slice is, such as 5m")
		return o
	case method == slo.Timeslices && given.TimeSliceTarget == nil:
		d.fail(target, "timeSliceTarget is missing; expected the ratio from which a time slice is good, such as 0.95")
		return o
	}
	atLeast := 0.0
	if method == slo.Timeslices {
		atLeast = *given.TimeSliceTarget
	}
	length := d.span(window, false)
	if d.reported(window) {
		return o
	}
	if method == slo.Timeslices && !(atLeast > 0 && atLeast <= 1) {
		d.fail(target, "timeSliceTarget is %v; expected a ratio above 0 and up to 1, such as 0.95", atLeast)
		return o
	}
	sliced, err := o.Sliced(method, length, atLeast)
	if err != nil {
		d.fail(window, "%v", err)
		return o
	}
	return sliced
}

// objective reads the target; ok is false where there is no valid one.
func (d *document) objective(at string, o v1.SLOObjective, window slo.Window) (_ slo.Objective, ok bool) {
	switch {
	case o.Target == nil && o.TargetPercent == nil:
		d.fail(at, "target is missing; expected a ratio such as target: 0.999, or targetPercent: 99.9")
		return slo.Objective{}, false
	case o.Target != nil && o.TargetPercent != nil:
		d.fail(at, "target and targetPercent are both given; expected one of them")
		return slo.Objective{}, false
	case o.Target != nil:
		objective, err := slo.NewObjective(*o.Target, window)
		if err != nil {
			d.fail(at+".target", "%v", err)
		}
		return objective, err == nil
	}
	percent := *o.TargetPercent
	objective, err := slo.NewObjective(shift(percent, -2), window)
	switch {
	case percent == 100:
		d.fail(at+".targetPercent", "targetPercent 100 leaves no error budget; expected a percentage below 100, such as 99.9")
	case err != nil:
		d.fail(at+".targetPercent", "targetPercent %v is not a percentage between 0 and 100, such as 99.9", percent)
	case percent < 1:
		d.warn(at+".targetPercent", "targetPercent %v means that less than 1 %% of the events must be good; expected a percentage such as 99.9, or target for a ratio", percent)
	}
	return objective, err == nil
}

// shift moves the decimal point of the shortest decimal form of v, so that 99.9
// becomes 0.999 and not 0.9990000000000001.
func shift(v float64, digits int) float64 {
	shifted, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'f', -1, 64)+"e"+strconv.Itoa(digits), 64)
	return shifted
}

// objectiveName is the display name in lower case with "-" for all that is neither
// letter nor digit, or the target in percent, such as "99.9".
func objectiveName(displayName string, target float64) string {
	words := strings.FieldsFunc(strings.ToLower(displayName), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	if len(words) > 0 {
		return strings.Join(words, "-")
	}
	return strconv.FormatFloat(shift(target, 2), 'f', -1, 64)
}
