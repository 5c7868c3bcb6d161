package catalog

import (
	"slices"
	"strings"
)

// Journey is what a customer does from beginning to end, in steps that are SLOs.
type Journey struct {
	Name        string
	DisplayName string // never empty
	Description string
	Owner       string // may be empty
	Steps       []Step // at least two
	// Counter counts whole journeys, good ones of all; nil where nothing does.
	Counter *JourneyCounter
	Value   *Value // what a journey is worth; nil where nobody says
	Place   Place
}

// Mode is how a step is part of a journey.
type Mode string

// The modes of a step.
const (
	Serial   Mode = "serial"   // the journey fails with it
	Parallel Mode = "parallel" // the journey fails only with all steps of its group
	Optional Mode = "optional" // the journey goes on without it
)

var modes = []string{string(Serial), string(Parallel), string(Optional)}

// Step is one step of a journey.
type Step struct {
	Name      string // never empty: the SLO's where none is given; once in a journey
	SLO       string // the name of an SLO in the catalogue
	Objective string // empty where the SLO has only one
	Mode      Mode
	Group     string  // of parallel steps that stand in for each other; otherwise empty
	Share     float64 // of journeys that take the step, in (0, 1]
}

// JourneyCounter counts whole journeys by PromQL, as an indicator does.
type JourneyCounter struct {
	Good, Total string
}

type journeyDocument struct {
	header
	Spec struct {
		DisplayName string          `json:"displayName"`
		Description string          `json:"description"`
		Owner       string          `json:"owner"`
		Steps       []stepSpec      `json:"steps"`
		Counter     *journeyCounter `json:"counter"`
		Value       string          `json:"value"`
	} `json:"spec"`
}

type stepSpec struct {
	Name      string   `json:"name"`
	SLO       string   `json:"slo"`
	Objective string   `json:"objective"`
	Mode      string   `json:"mode"`
	Group     string   `json:"group"`
	Share     *float64 `json:"share"`
}

type journeyCounter struct {
	Good  string `json:"good"`
	Total string `json:"total"`
}

func (r *reader) journey(d *document, doc journeyDocument) Journey {
	spec := doc.Spec
	j := Journey{
		Name:        d.name,
		DisplayName: orName(strings.TrimSpace(spec.DisplayName), d.name),
		Description: spec.Description,
		Owner:       spec.Owner,
		Steps:       r.steps(d, spec.Steps),
		Place:       d.place,
	}
	if spec.Counter != nil {
		j.Counter = &JourneyCounter{
			Good:  d.requiredPromQL("spec.counter.good", spec.Counter.Good, "journeys that succeeded"),
			Total: d.requiredPromQL("spec.counter.total", spec.Counter.Total, "all journeys"),
		}
	}
	if spec.Value != "" {
		j.Value = r.valueNamed(d, "spec.value", spec.Value)
	}
	return j
}

// valueNamed is a Value document by its name.
func (r *reader) valueNamed(d *document, path, name string) *Value {
	if value, ok := r.values[name]; ok {
		return &value
	}
	if bad := r.claims[identity{stakes, "Value", name}]; bad != nil {
		d.fail(path, "%s names the Value %s, which has problems itself (%s); expected one without", leaf(path), quote(name), bad.place)
		return nil
	}
	d.fail(path, "%s %s names no Value document%s; expected the name of one in this catalogue", leaf(path), quote(name), didYouMean(name, r.namesIn(stakes, "Value")))
	return nil
}

func (r *reader) steps(d *document, given []stepSpec) []Step {
	if len(given) < 2 {
		d.fail("spec.steps", "steps has %s; expected at least two, such as {slo: checkout-availability}", count(len(given), "step"))
	}
	var steps []Step
	groups := make(map[string][]string)
	for i, g := range given {
		at := index("spec.steps", i)
		if g.Mode == "" {
			g.Mode = string(Serial)
		}
		d.oneOf(at+".mode", g.Mode, modes)
		step := Step{
			Name: orName(strings.TrimSpace(g.Name), g.SLO), SLO: g.SLO, Objective: g.Objective, Mode: Mode(g.Mode), Group: g.Group,
			Share: d.optional(at+".share", g.Share, 1, someShare),
		}
		r.stepTarget(d, at, step)
		switch {
		case step.Mode == Parallel && step.Group == "":
			d.fail(at+".group", "group is missing; expected the name that this step and those that stand in for it have in common")
		case step.Mode != Parallel && step.Group != "":
			d.fail(at+".group", "group is given to a step that is %s; expected it only with mode: parallel", step.Mode)
		}
		if slices.ContainsFunc(steps, func(other Step) bool { return other.Name == step.Name }) && step.Name != "" {
			d.fail(at, "there is a step %s already; expected a name that no other step has", quote(step.Name))
		}
		groups[step.Group] = append(groups[step.Group], at)
		steps = append(steps, step)
	}
	for group, members := range groups {
		if group != "" && len(members) == 1 && !d.reportedWithin(members[0]) {
			d.fail(members[0]+".group", "group %s has only this step; expected at least two that stand in for each other", quote(group))
		}
	}
	return steps
}

// stepTarget checks that a step's SLO and objective are there.
func (r *reader) stepTarget(d *document, at string, step Step) {
	i := slices.IndexFunc(r.slos, func(s SLO) bool { return s.Name == step.SLO })
	bad := r.claimant("SLO", step.SLO)
	switch {
	case step.SLO == "":
		d.fail(at+".slo", "slo is missing; expected the name of an SLO in this catalogue")
	case i >= 0:
		if s := &r.slos[i]; !hasObjective(s, step.Objective) {
			d.fail(at+".objective", "%s; expected %s", whichObjective(s, step.Objective), objectivesOf(s))
		}
	case bad != nil:
		d.fail(at+".slo", "slo names the SLO %s, which has problems itself (%s); expected one without", quote(step.SLO), bad.place)
	default:
		d.fail(at+".slo", "slo %s names no SLO%s; expected the name of one in this catalogue", quote(step.SLO), didYouMean(step.SLO, r.namesOf("SLO")))
	}
}

func hasObjective(s *SLO, name string) bool {
	return slices.ContainsFunc(s.Objectives, func(o Objective) bool { return o.Name == name })
}
