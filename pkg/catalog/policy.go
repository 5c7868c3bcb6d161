package catalog

import (
	"slices"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// Policy is what a team agreed to do when the budget runs low. The first state whose
// condition holds is the one that the SLO is in; where none does, it is in no state.
type Policy struct {
	Name       string
	States     []PolicyState     // at least one, from the gravest to the calmest
	Exceptions []PolicyException // may be empty
	Place      Place
}

// PolicyState is one state: ship, caution, freeze.
type PolicyState struct {
	Name        string
	When        PolicyCondition
	Consequence string // what is done in it; never empty
	Owner       string // who sees to it; may be empty
}

// PolicyCondition is when a state holds. Exactly one of its members is given.
type PolicyCondition struct {
	Always               bool
	BudgetRemainingBelow slo.Number // ratio of the budget, up to 1; may be negative
	BurnRateAbove        slo.Number // above 0
}

// PolicyException lets somebody act as if the budget were not spent, until a day.
type PolicyException struct {
	Until  string // YYYY-MM-DD, the last day
	Reason string
	By     string
}

type policyDocument struct {
	header
	Spec struct {
		Select     selection         `json:"select"`
		States     []policyState     `json:"states"`
		Exceptions []policyException `json:"exceptions"`
	} `json:"spec"`
}

type policyState struct {
	Name        string `json:"name"`
	When        any    `json:"when"` // the word always, or a mapping of conditionSpec
	Consequence string `json:"consequence"`
	Owner       string `json:"owner"`
}

type policyException struct {
	Until  string `json:"until"`
	Reason string `json:"reason"`
	By     string `json:"by"`
}

func (d *document) budgetPolicy(doc policyDocument) Policy {
	p := Policy{Name: d.name, Place: d.place}
	if len(doc.Spec.States) == 0 {
		d.fail("spec.states", "states is missing or empty; expected at least one, such as {name: freeze, when: {budgetRemainingBelow: 0}, consequence: Only repairs are released.}")
	}
	first := make(map[string]string)
	for i, s := range doc.Spec.States {
		at := index("spec.states", i)
		state := PolicyState{
			Name:        d.required(at+".name", s.Name, "a name such as freeze"),
			When:        d.policyCondition(at + ".when"),
			Consequence: d.required(at+".consequence", s.Consequence, "what is done in this state"),
			Owner:       s.Owner,
		}
		if other := first[state.Name]; other != "" && state.Name != "" {
			d.fail(at+".name", "the name %s is taken by %s; expected a name that no other state has", quote(state.Name), other)
		}
		first[state.Name] = leaf(at)
		if state.When.Always && i < len(doc.Spec.States)-1 {
			d.fail(at+".when", "this state always holds, so that those after it never do; expected it last")
		}
		p.States = append(p.States, state)
	}
	for i, e := range doc.Spec.Exceptions {
		at := index("spec.exceptions", i)
		d.date(at+".until", d.required(at+".until", e.Until, "the last day of the exception, such as 2027-06-30"))
		p.Exceptions = append(p.Exceptions, PolicyException{
			Until:  e.Until,
			Reason: d.required(at+".reason", e.Reason, "why there is an exception"),
			By:     d.required(at+".by", e.By, "who allowed it"),
		})
	}
	return p
}

// always is the condition that holds at all times, and conditions are the thresholds that
// others name.
const always = "always"

var conditions = []string{"budgetRemainingBelow", "burnRateAbove"}

// policyCondition reads the word always or one threshold.
func (d *document) policyCondition(path string) (c PolicyCondition) {
	const expected = "expected always, {budgetRemainingBelow: 0.25} or {burnRateAbove: 2}"
	n, _ := d.find(path)
	if textOf(n) == always {
		return PolicyCondition{Always: true}
	}
	if n == nil || len(n.Content) != 2 || isNull(n.Content[1]) {
		d.fail(path, "when is %s; %s", describeSize(n), expected)
		return c
	}
	v, isNumber := number(n.Content[1])
	switch name := n.Content[0].Value; {
	case !slices.Contains(conditions, name):
		d.fail(dot(path, name), "when has no field %s%s; %s", quote(name), didYouMean(name, conditions), expected)
	case name == "budgetRemainingBelow" && (!isNumber || v > 1):
		d.fail(dot(path, name), "budgetRemainingBelow is %s; expected a ratio of the budget up to 1, such as 0.25", describe(n.Content[1]))
	case name == "budgetRemainingBelow":
		c.BudgetRemainingBelow = slo.Known(v)
	case !isNumber || v <= 0:
		d.fail(dot(path, name), "burnRateAbove is %s; expected a number above 0, such as 2", describe(n.Content[1]))
	default:
		c.BurnRateAbove = slo.Known(v)
	}
	return c
}
