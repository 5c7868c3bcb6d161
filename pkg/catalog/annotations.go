package catalog

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// annotationPrefix begins the annotations of an SLO that Stakes understands; all
// others are somebody else's.
const annotationPrefix = "stakes/"

// annotation is what one of them sets.
type annotation struct {
	expected string
	set      func(s *SLO, text string) bool // false where the text is none of those expected
}

var annotations = map[string]annotation{
	"stakes/absent": {"bad or gap", func(s *SLO, text string) bool {
		s.Indicator.AbsentIsBad = text == "bad" && s.Indicator.watched()
		for _, o := range s.Objectives {
			if o.Own != nil {
				o.Own.AbsentIsBad = text == "bad" && o.Own.watched()
			}
		}
		return text == "bad" || text == "gap"
	}},
	alertsAnnotation:     {"off", readAlertsOff},
	labelsAnnotation:     {`a mapping as JSON, such as {"example.com/team":"shop"}`, readLabels},
	"stakes/minCoverage": shareAnnotation(func(s *SLO) *float64 { return &s.Rules.MinCoverage }),
	"stakes/atRiskBelow": shareAnnotation(func(s *SLO) *float64 { return &s.Rules.AtRiskBelow }),
	"stakes/minEvents":   countAnnotation(func(s *SLO) *float64 { return &s.Rules.MinEvents }),
	"stakes/minFailures": countAnnotation(func(s *SLO) *float64 { return &s.Rules.MinFailures }),
}

func shareAnnotation(field func(*SLO) *float64) annotation {
	return numberAnnotation("a share above 0 and up to 1 in quotes, such as \"0.9\"", 1, field)
}

func countAnnotation(field func(*SLO) *float64) annotation {
	return numberAnnotation("a number of events above 0 in quotes, such as \"100\"", 1e15, field)
}

func numberAnnotation(expected string, most float64, field func(*SLO) *float64) annotation {
	return annotation{expected, func(s *SLO, text string) bool {
		v, err := strconv.ParseFloat(text, 64)
		*field(s) = v
		return err == nil && v > 0 && v <= most
	}}
}

// annotate sets what the annotations of an SLO say.
func (d *document) annotate(s *SLO, given map[string]string) {
	for _, key := range slices.Sorted(maps.Keys(given)) {
		if !strings.HasPrefix(key, annotationPrefix) {
			continue
		}
		path := dot("metadata.annotations", key)
		a, known := annotations[key]
		switch {
		case !known:
			names := slices.Sorted(maps.Keys(annotations))
			d.fail(path, "the annotation %s is none that Stakes knows%s; expected %s", quote(key), didYouMean(key, names), list(names))
		case !a.set(s, given[key]):
			d.fail(path, "%s is %s; expected %s", key, quote(given[key]), a.expected)
		case key == "stakes/absent" && given[key] == "bad" && d.ok() && !s.absentIsBad():
			d.fail(path, "stakes/absent is bad, and events that are not there cannot be counted; expected it with a thresholdMetric or a raw ratio")
		}
	}
}

// absentIsBad says whether absence is bad for any of the objectives.
func (s SLO) absentIsBad() bool {
	return slices.ContainsFunc(s.Objectives, func(o Objective) bool { return o.Indicator(s).AbsentIsBad })
}

// watched says whether a value is looked at over and over, so that its absence is
// something: a threshold or a ratio, and not events.
func (i Indicator) watched() bool { return i.Threshold != "" || i.Raw != "" }
