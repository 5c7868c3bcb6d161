// Package catalog reads the definitions of a team: which promises exist, how they
// are measured, who made them and what an event is worth.
//
// Documents go in, definitions and problems come out. One bad document never
// hides the good ones: what is wrong with it becomes a [Problem].
package catalog

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// Catalog is everything that the documents of a stream define.
type Catalog struct {
	SLOs      []SLO      // sorted by name
	Services  []Service  // sorted by name; those that documents define or SLOs name
	Journeys  []Journey  // sorted by name
	Incidents []Incident // in order of the documents; those of SLOs and all others
	// Definitions lists every document that was read, good or bad, in its order.
	Definitions []Definition
	Problems    []Problem
}

// SLO is a named indicator with one or more objectives, joined with the business
// context that other documents attach to it.
type SLO struct {
	Name        string
	DisplayName string // never empty: the name where no display name is given
	Description string
	Service     string
	Labels      map[string]string
	// Indicator is what all objectives judge; empty where each has its own, see
	// [Objective.Indicator].
	Indicator  Indicator
	Objectives []Objective // at least one
	Rules      Rules
	// AlertWindows are those of the alert policies that fire at a burn rate.
	AlertWindows  []slo.AlertWindow
	AlertPolicies []AlertPolicy
	// AlertsOff says that the definition switches alerts off. Without it and without
	// AlertWindows, it says nothing of alerts.
	AlertsOff bool
	Origin    Origin
	// Recorded is the tool that records the SLO in the store, as far as that was
	// discovered; empty where none does.
	Recorded Origin
	aliases  []string // other names that its definition may have in a document of its service

	// What documents say of this SLO that select it, in their order; nil or empty where
	// none does.
	Agreement   *Agreement
	Values      []Value // all in one currency
	Corrections []Correction
	Incidents   []Incident
	Policy      *Policy
	Risks       []Risk
	Contracts   []Contract
	Response    *Response

	Place Place
}

// Composite says whether each objective has an indicator of its own.
func (s SLO) Composite() bool { return len(s.Objectives) > 0 && s.Objectives[0].Own != nil }

// LabelValues are the texts that a label of the SLO can be selected by: its value
// and, where OpenSLO gave it as a list, each entry. There are none without the label.
func (s SLO) LabelValues(key string) []string {
	value, ok := s.Labels[key]
	if !ok {
		return nil
	}
	if entries := strings.Split(value, ","); len(entries) > 1 {
		return append(entries, value)
	}
	return []string{value}
}

// Owner is who answers for the promise; empty where no agreement says.
func (s SLO) Owner() string {
	if s.Agreement == nil {
		return ""
	}
	return s.Agreement.Owner
}

// Indicator tells good from bad by PromQL, in one of three ways: by events (two of
// Good, Bad and Total), by a ratio as it is (Raw), or by comparing each value
// that is measured with a threshold (Threshold). An expression that is not given is
// empty.
type Indicator struct {
	Good, Bad, Total string

	Raw        string // a ratio in [0, 1]
	RawFailure bool   // Raw is the ratio of bad events, not of good ones

	Threshold string  // good where it is Op Value: latency lte 0.3
	Op        slo.Op  // empty without Threshold
	Value     float64 // in the unit of Threshold

	AbsentIsBad bool // no data is bad, as for freshness; else it is a gap
}

// Objective is one objective of an SLO. Name is empty where the SLO has only one.
type Objective struct {
	Name string
	slo.Objective
	Op    slo.Op  // of an SLO by threshold; otherwise empty
	Value float64 // of an SLO by threshold, in its unit
	// Own is the indicator of one objective of a composite SLO; nil where the SLO's is
	// the objective's.
	Own    *Indicator
	Weight float64 // above 0 in a composite SLO, relative to its others; otherwise 0
}

// Indicator is what the objective of an SLO judges, with its threshold.
func (o Objective) Indicator(s SLO) Indicator {
	indicator := s.Indicator
	if o.Own != nil {
		indicator = *o.Own
	}
	indicator.Op, indicator.Value = o.Op, o.Value
	return indicator
}

// Rules are the thresholds of a verdict on an SLO. Zero stands for the default.
type Rules struct {
	MinCoverage float64 // share of the window that must have been observed, in (0, 1]
	AtRiskBelow float64 // budget remaining below which a kept promise is at risk, in (0, 1]
	MinEvents   float64 // events below which there is no verdict
	MinFailures float64 // bad events below which no alert fires
}

// Or are the rules with defaults where they say nothing.
func (r Rules) Or(defaults slo.Rules) slo.Rules {
	return slo.Rules{
		MinCoverage: cmp.Or(r.MinCoverage, defaults.MinCoverage),
		AtRiskBelow: cmp.Or(r.AtRiskBelow, defaults.AtRiskBelow),
		MinEvents:   cmp.Or(r.MinEvents, defaults.MinEvents),
	}
}

// Service is what SLOs belong to.
type Service struct {
	Name        string
	DisplayName string // never empty
}

// Definition is one document of the stream, for the list of what was read.
type Definition struct {
	Kind     string // such as "SLO"; empty where the document could not be read
	Name     string
	Place    Place
	Problems int
}

// Place is where something stands in the catalogue.
type Place struct {
	Source   string // such as "catalog"; says which setting or address it came from
	Document int    // counted from 1; 0 for what was discovered
	Line     int    // counted from 1, within the whole source
}

// String is the place in words, such as "catalog, document 3, line 41". What is in no
// document has only a source.
func (p Place) String() string {
	if p.Document == 0 {
		return p.Source
	}
	return fmt.Sprintf("%s, document %d, line %d", p.Source, p.Document, p.Line)
}

// Problem is what is wrong with a document, in one sentence that says what was
// expected. A document with an error defines nothing; one with a warning does.
type Problem struct {
	Place
	Path     string // of the property, such as "spec.objectives[0].target"; may be empty
	Message  string
	Severity Severity
}

// Severity tells problems that hide a definition from those that do not.
type Severity string

// The severities of a problem.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
)

// String is the problem in one line.
func (p Problem) String() string {
	where := p.Place.String()
	if p.Path != "" {
		where += ", " + p.Path
	}
	return where + ": " + p.Message
}
