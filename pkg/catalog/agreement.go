package catalog

import (
	"slices"
	"strings"
	"time"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// Agreement is the promise in the customers' words and who stands behind it.
type Agreement struct {
	Name         string
	Promise      string
	Events       string // what one event is, in the plural: "orders"; never empty
	Failed       string // what a bad one did: "failed", "took too long"; never empty
	Owner        string
	Stakeholders []string
	Approver     string // who agreed to the promise; may be empty
	AgreedOn     string // YYYY-MM-DD, or empty
	Review       Review
	// TargetHistory is the targets that the promise had, in order of time. The
	// objectives of the SLO know them too.
	TargetHistory []TargetChange
	Feel          *Feel // nil where nothing measures what customers feel
	Place         Place
}

// Review is when the agreement is looked at again.
type Review struct {
	Every Cadence // zero where nobody says
	Last  string  // YYYY-MM-DD, or empty
	Next  string  // YYYY-MM-DD, or empty; see Due
}

// Due is the day of the next review: the one that was agreed on or, without it, the
// last one and the cadence. It is the zero time where neither is known.
func (r Review) Due() time.Time {
	if next, err := time.Parse(time.DateOnly, r.Next); err == nil {
		return next
	}
	last, err := time.Parse(time.DateOnly, r.Last)
	if err != nil || r.Every.IsZero() {
		return time.Time{}
	}
	return r.Every.After(last)
}

// TargetChange is a target since a time. Objective is empty where the SLO has only one.
type TargetChange struct {
	Objective string
	slo.TargetChange
}

// Feel is a metric of what customers feel.
type Feel struct {
	Name   string
	Query  string // PromQL that gives one value for each slice
	Higher bool   // is higher better, as for satisfaction; else lower, as for contacts
	Kind   string // satisfaction, conversion or contacts
}

type agreementDocument struct {
	header
	Spec struct {
		Select        selection      `json:"select"`
		Promise       string         `json:"promise"`
		Events        string         `json:"events"`
		Failed        string         `json:"failed"`
		Owner         string         `json:"owner"`
		Stakeholders  []string       `json:"stakeholders"`
		Approver      string         `json:"approver"`
		AgreedOn      string         `json:"agreedOn"`
		Review        reviewSpec     `json:"review"`
		TargetHistory []targetChange `json:"targetHistory"`
		Feel          *feelSpec      `json:"feel"`
	} `json:"spec"`
}

type reviewSpec struct {
	Every string `json:"every"`
	Last  string `json:"last"`
	Next  string `json:"next"`
}

type targetChange struct {
	From      string   `json:"from"`
	Target    *float64 `json:"target"`
	Objective string   `json:"objective"`
}

type feelSpec struct {
	Name   string `json:"name"`
	Query  string `json:"query"`
	Better string `json:"better"`
	Kind   string `json:"kind"`
}

func (d *document) agreement(doc agreementDocument) Agreement {
	spec := doc.Spec
	return Agreement{
		Name:          d.name,
		Promise:       d.required("spec.promise", spec.Promise, "what customers are promised, in their words"),
		Events:        orName(strings.TrimSpace(spec.Events), "requests"),
		Failed:        orName(strings.TrimSpace(spec.Failed), "failed"),
		Owner:         spec.Owner,
		Stakeholders:  spec.Stakeholders,
		Approver:      spec.Approver,
		AgreedOn:      d.day("spec.agreedOn", spec.AgreedOn),
		Review:        d.review("spec.review", spec.Review),
		TargetHistory: d.targetHistory("spec.targetHistory", spec.TargetHistory),
		Feel:          d.feel("spec.feel", spec.Feel),
		Place:         d.place,
	}
}

// day is a date that stays the text that it is.
func (d *document) day(path, text string) string {
	d.date(path, text)
	return text
}

func (d *document) review(path string, spec reviewSpec) Review {
	review := Review{
		Every: d.cadence(path+".every", spec.Every),
		Last:  d.day(path+".last", spec.Last),
		Next:  d.day(path+".next", spec.Next),
	}
	if review.Last != "" && review.Next != "" && review.Next <= review.Last && !d.reportedWithin(path) {
		d.fail(path+".next", "next is not after last; expected a later date")
	}
	return review
}

func (d *document) targetHistory(path string, given []targetChange) []TargetChange {
	var all []TargetChange
	last := make(map[string]time.Time)
	for i, g := range given {
		at := index(path, i)
		from, ok := d.moment(at+".from", g.From, time.UTC)
		target := d.requiredNumber(at+".target", g.Target, properRatio)
		if before, found := last[g.Objective]; ok && found && !before.Before(from) {
			d.fail(at+".from", "from is not after the change before it; expected the changes in order of time")
		}
		last[g.Objective] = from
		all = append(all, TargetChange{Objective: g.Objective, TargetChange: slo.TargetChange{From: from, Target: target}})
	}
	return all
}

// betters say which way a metric of what customers feel gets better.
var betters = []string{"higher", "lower"}

var feelKinds = []string{"satisfaction", "conversion", "contacts"}

func (d *document) feel(path string, spec *feelSpec) *Feel {
	if spec == nil {
		return nil
	}
	d.oneOf(path+".better", spec.Better, betters)
	d.oneOf(path+".kind", spec.Kind, feelKinds)
	return &Feel{
		Name:   d.required(path+".name", spec.Name, "what the metric is called, such as Conversion"),
		Query:  d.requiredPromQL(path+".query", spec.Query, "what customers feel"),
		Higher: spec.Better == "higher",
		Kind:   spec.Kind,
	}
}

// withHistory are the objectives of an SLO with the targets that an agreement says they
// had. A change that fits none of them is a problem.
func (d *document) withHistory(s *SLO, history []TargetChange) []Objective {
	objectives := slices.Clone(s.Objectives)
	changes := make(map[string][]slo.TargetChange)
	for i, h := range history {
		at := index("spec.targetHistory", i)
		if !slices.ContainsFunc(objectives, func(o Objective) bool { return o.Name == h.Objective }) {
			d.fail(at+".objective", "%s; expected %s", whichObjective(s, h.Objective), objectivesOf(s))
			continue
		}
		changes[h.Objective] = append(changes[h.Objective], h.TargetChange)
	}
	for i, o := range objectives {
		if len(changes[o.Name]) == 0 {
			continue
		}
		with, err := o.WithHistory(changes[o.Name])
		if err != nil {
			d.fail("spec.targetHistory", "%v", err)
			continue
		}
		objectives[i].Objective = with
		if last := changes[o.Name][len(changes[o.Name])-1]; last.Target != o.Target() {
			d.warn("spec.targetHistory", "targetHistory ends with the target %v, and the SLO %s has %v; expected the last change to be the target of today",
				last.Target, quote(s.Name), o.Target())
		}
	}
	return objectives
}

// whichObjective says why a name is none of an SLO's objectives.
func whichObjective(s *SLO, name string) string {
	switch {
	case name == "":
		return "objective is missing, and the SLO " + quote(s.Name) + " has several"
	case len(s.Objectives) == 1:
		return "objective is " + quote(name) + ", and the SLO " + quote(s.Name) + " has only one, which has no name"
	}
	return "objective " + quote(name) + " is none of the SLO " + quote(s.Name)
}

// objectivesOf are the names of an SLO's objectives in words.
func objectivesOf(s *SLO) string {
	var names []string
	for _, o := range s.Objectives {
		names = append(names, o.Name)
	}
	if len(names) == 1 {
		return "no objective"
	}
	return list(names)
}
