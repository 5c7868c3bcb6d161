package impact

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// PolicyState is one state of an error budget policy, such as ship, caution or freeze,
// and what follows from it. It holds where all of its conditions do; one without
// conditions always holds.
type PolicyState struct {
	Name           string
	RemainingBelow slo.Number // holds where less of the budget than this remains, ratio of the budget
	BurnAbove      slo.Number // holds where the budget burns faster than this
	Consequence    string     // what is done then, in words
	Owner          string     // who sees to it
}

// PolicyException sets the policy aside for a time.
type PolicyException struct {
	slo.Interval        // a zero From stands for always before
	State        string // the state that holds instead; empty stands for the one that always holds, or for none
	Reason       string
	By           string // who allowed it
}

// Policy is what was agreed to do about an error budget. It is made by [NewPolicy] alone.
type Policy struct {
	states     []PolicyState
	exceptions []PolicyException
}

// Ruling is a policy's answer at an instant.
type Ruling struct {
	State     PolicyState      // the zero state where none holds
	Index     int              // the state's place in the order of declaration, from 0; -1 where none holds
	Exception *PolicyException // why the state is another one than the budget's; nil without one
	ByPolicy  string           // the state that the budget is in; empty where that is none or unknown
}

// NewPolicy returns the policy with the given states, the gravest first: the first one
// that holds is the answer. A state that always holds stands last.
func NewPolicy(states []PolicyState, exceptions []PolicyException) (Policy, error) {
	if len(states) == 0 {
		return Policy{}, fmt.Errorf("the policy has no states; expected at least one, such as ship")
	}
	names := map[string]bool{"": true}
	for i, s := range states {
		switch {
		case s.Name == "":
			return Policy{}, fmt.Errorf("state %d of the policy has no name", i+1)
		case names[s.Name]:
			return Policy{}, fmt.Errorf("the policy has two states called %q", s.Name)
		case s.always() && i < len(states)-1:
			return Policy{}, fmt.Errorf("state %q always holds, so that no state after it ever does; expected it last", s.Name)
		case math.IsNaN(s.RemainingBelow.Value) || math.IsNaN(s.BurnAbove.Value):
			return Policy{}, fmt.Errorf("state %q has a condition that is not a number", s.Name)
		}
		names[s.Name] = true
	}
	for _, e := range exceptions {
		switch {
		case !names[e.State]:
			return Policy{}, fmt.Errorf("an exception names the state %q, which the policy does not have", e.State)
		case !e.From.Before(e.To):
			return Policy{}, fmt.Errorf("an exception ends at %s, before it begins; expected a later end", e.To.UTC().Format(time.RFC3339))
		}
	}
	return Policy{states: states, exceptions: exceptions}, nil
}

func (s PolicyState) always() bool { return !s.RemainingBelow.Known && !s.BurnAbove.Known }

// Rule is the state that holds at an instant with so much of the budget remaining and
// burning so fast. Of exceptions that overlap the one declared last counts.
//
// It is unknown (false) where the answer hangs on a number that is unknown: missing
// data neither freezes a team nor sets it free.
func (p Policy) Rule(remaining, burn slo.Number, now time.Time) (Ruling, bool) {
	index, known := p.hold(remaining, burn)
	var r Ruling
	if known && index >= 0 {
		r.ByPolicy = p.states[index].Name
	}
	for i := range p.exceptions {
		if e := p.exceptions[i]; e.Holds(now) {
			r.Exception, known, index = &e, true, p.named(e.State)
		}
	}
	if !known {
		return Ruling{}, false
	}
	if r.Index = index; index >= 0 {
		r.State = p.states[index]
	}
	return r, true
}

// named is the place of a state; without a name that of the one that always holds, and
// -1 without such a one.
func (p Policy) named(state string) int {
	return slices.IndexFunc(p.states, func(s PolicyState) bool {
		return s.Name == state || state == "" && s.always()
	})
}

// hold is the first state that holds, unless a graver one may hold too, and -1 where
// none does.
func (p Policy) hold(remaining, burn slo.Number) (int, bool) {
	for i, s := range p.states {
		below, known := holds(s.RemainingBelow, remaining, func(limit, v float64) bool { return v < limit })
		above, knownToo := holds(s.BurnAbove, burn, func(limit, v float64) bool { return v > limit })
		switch {
		case known && !below || knownToo && !above: // one condition that fails is enough
			continue
		case !known || !knownToo:
			return -1, false
		}
		return i, true
	}
	return -1, true
}

// holds reports whether a condition holds, and whether that is known.
func holds(limit, value slo.Number, test func(limit, v float64) bool) (bool, bool) {
	if !limit.Known {
		return true, true
	}
	return value.Known && test(limit.Value, value.Value), value.Known
}
