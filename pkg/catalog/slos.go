package catalog

import (
	"regexp"
	"strconv"
	"strings"
	"time"
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
		Place:       d.place,
	}
	for key, values := range o.Metadata.Labels {
		s.Labels[key] = strings.Join(values, ",")
	}
	d.budgetingMethod(string(o.Spec.BudgetingMethod))
	window := d.timeWindow(o.Spec.TimeWindow)
	s.Objectives = d.objectives(o.Spec.Objectives, window)
	s.Indicator = r.indicatorOf(d, o.Spec)
	return s
}

func (d *document) budgetingMethod(method string) {
	const path = "spec.budgetingMethod"
	switch method {
	case "Occurrences":
	case "":
		d.fail(path, "budgetingMethod is missing; expected Occurrences")
	case "Timeslices", "RatioTimeslices":
		d.reject(path, "budgetingMethod %s is not supported in this version; expected Occurrences", method)
	default:
		d.fail(path, "budgetingMethod is %s%s; expected Occurrences", quote(method), didYouMean(method, []string{"Occurrences"}))
	}
}

// openSLODuration has as many digits as a time.Duration can hold in weeks.
var openSLODuration = regexp.MustCompile(`^[0-9]{1,4}([mhdwMQY])$`)

// timeWindow is the window of an SLO. Where there is none, it is one that targets
// can still be checked with.
func (d *document) timeWindow(windows []v1.SLOTimeWindow) slo.Window {
	const path = "spec.timeWindow"
	fallback, _ := slo.Rolling(28 * 24 * time.Hour)
	if len(windows) != 1 {
		d.fail(path, "timeWindow has %d windows; expected exactly one, such as {duration: 28d, isRolling: true}", len(windows))
		return fallback
	}
	if windows[0].Calendar != nil {
		d.reject(path+"[0].calendar", "calendar-aligned windows are not supported in this version; expected isRolling: true and no calendar")
		return fallback
	}
	if !windows[0].IsRolling {
		d.reject(path+"[0].isRolling", "isRolling is not true; expected isRolling: true, for calendar-aligned windows are not supported in this version")
	}
	const duration = path + "[0].duration"
	n, _ := d.find(duration)
	text := textOf(n)
	parts := openSLODuration.FindStringSubmatch(text)
	if parts == nil {
		d.fail(duration, "duration is %s; expected a number of days or weeks, such as 28d or 4w", quote(text))
		return fallback
	}
	if unit := map[string]string{"M": "months", "Q": "quarters", "Y": "years"}[parts[1]]; unit != "" {
		d.reject(duration, "duration %s is in %s, which differ in length; expected days or weeks for a rolling window, such as 28d or 4w", text, unit)
		return fallback
	}
	window, err := slo.ParseWindow(text)
	if err != nil {
		d.fail(duration, "duration: %v", err)
		return fallback
	}
	return window
}

func (d *document) objectives(given []v1.SLOObjective, window slo.Window) []Objective {
	const path = "spec.objectives"
	if len(given) == 0 {
		d.fail(path, "objectives is empty; expected at least one, such as {target: 0.999}")
	}
	var found []Objective
	first := make(map[string]string)
	for i, o := range given {
		at := index(path, i)
		if o.Indicator != nil || o.IndicatorRef != nil || o.CompositeWeight != nil {
			d.reject(at, "composite objectives are not supported in this version; expected one indicator at spec.indicator or spec.indicatorRef")
			continue
		}
		objective, ok := d.objective(at, o, window)
		if !ok {
			continue
		}
		name := ""
		if len(given) > 1 {
			name = objectiveName(o.DisplayName, objective.Target())
			if other := first[name]; other != "" {
				d.fail(at, "the name %s is taken by %s; expected a displayName that no other objective of this SLO has", quote(name), other)
			}
			first[name] = leaf(at)
		}
		found = append(found, Objective{Name: name, Objective: objective})
	}
	return found
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
