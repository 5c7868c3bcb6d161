package impact

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// Need is what is known of a promise when somebody asks what to fix first. Money is
// over one horizon, in one currency.
type Need struct {
	Name     string
	Currency string
	Miss     slo.Number // probability that the promise is missed within the horizon; 1 where it is missed already
	Excess   Range      // money lost beyond what is accepted, if it is missed
	PerHour  Range      // money being lost now
	Accepted Range      // of that, what the promise accepts to lose
	Credits  Range      // credits that contracts make to be expected, each by its own probability
	Declared Range      // what declared incidents cost
	Risks    Range      // what declared risks cost in a year
	Effort   slo.Number // what the fix takes, in any one unit above 0; unknown where nobody said
}

// Cause is the part of a priority that weighs most.
type Cause string

// What can make something a priority.
const (
	ByMiss     Cause = "miss"     // probability of a miss x excess, beyond what is being lost anyway
	ByRunRate  Cause = "run-rate" // money being lost now beyond what is accepted, over the horizon
	ByCredits  Cause = "credits"  // credits to customers
	ByDeclared Cause = "declared" // declared incidents
	ByRisks    Cause = "risks"    // declared risks
	ByNothing  Cause = "nothing"  // nothing is at stake that anybody knows of
)

// Priority is one promise's place among all.
type Priority struct {
	Need
	Score   Range // money at stake over the horizon, per unit of effort where effort is known
	AtStake Range // the same before it is divided by effort

	Cause  Cause // the largest part at the best estimate, which is the reason to give
	Amount Range // that part's money

	Place, PlaceLow, PlaceHigh int // from 1 on, by the best estimate, the low and the high assumptions
	Stable                     bool
	Partial                    bool // the probability of a miss is unknown and left out
}

// Priorities is one list across promises.
type Priorities struct {
	List     []Priority // the most money first
	Stable   bool       // the order is the same by low and by high assumptions
	Warnings []slo.Warning
}

// Prioritise ranks promises by loss per hour beyond what is accepted x horizon +
// probability of a miss x (excess beyond that) + credits + declared incidents + declared risks x horizon / year, divided
// by effort where all of them have one: money and money per day of work cannot stand in
// one list. Equal scores share a place and keep the order of their names.
//
// Failures that go on as now and failures that a miss would take are the same failures:
// of the excess, only what the loss of the horizon does not hold already comes on top.
// Neither holds the loss that was agreed to: nobody has to fix what is as promised.
//
// Amounts in different currencies cannot be ranked: that is an error.
func Prioritise(needs []Need, horizon time.Duration) (Priorities, error) {
	byEffort := len(needs) > 0
	for _, n := range needs {
		switch {
		case n.Currency != needs[0].Currency:
			return Priorities{}, fmt.Errorf("amounts in %q and %q cannot be ranked; expected one currency", needs[0].Currency, n.Currency)
		case n.Miss.Known && !(n.Miss.Value >= 0 && n.Miss.Value <= 1):
			return Priorities{}, fmt.Errorf("%s is missed with a probability of %v; expected a ratio between 0 and 1", n.Name, n.Miss.Value)
		case n.Effort.Known && !(n.Effort.Value > 0):
			return Priorities{}, fmt.Errorf("the effort for %s is %v; expected a number above 0", n.Name, n.Effort.Value)
		}
		byEffort = byEffort && n.Effort.Known
	}
	var p Priorities
	partial := 0
	for _, n := range needs {
		one := n.priority(horizon)
		one.Score = one.AtStake
		if byEffort {
			one.Score = one.AtStake.Scale(1 / n.Effort.Value)
		}
		if one.Partial {
			partial++
		}
		p.List = append(p.List, one)
	}
	p.place()
	if partial > 0 {
		p.Warnings = append(p.Warnings, slo.Warning{Kind: MissUnknown, Text: fmt.Sprintf("for %d of %d promises nobody knows how probable a miss is: its cost is left out", partial, len(needs))})
	}
	return p, nil
}

// priority adds up what is at stake, and which part of it weighs most.
func (n Need) priority(horizon time.Duration) Priority {
	one := Priority{Need: n, Cause: ByNothing, Partial: !n.Miss.Known}
	goesOn := positive(n.PerHour.Sub(n.Accepted)).Scale(horizon.Hours())
	for _, part := range []struct {
		cause  Cause
		amount Range
	}{
		{ByMiss, positive(n.Excess.Sub(goesOn)).Scale(n.Miss.Value)}, // an unknown probability has the value 0
		{ByRunRate, goesOn},
		{ByCredits, n.Credits},
		{ByDeclared, n.Declared},
		{ByRisks, n.Risks.Scale(horizon.Minutes() / MinutesPerYear)},
	} {
		one.AtStake = one.AtStake.Add(part.amount)
		if part.amount.Base > one.Amount.Base {
			one.Cause, one.Amount = part.cause, part.amount
		}
	}
	return one
}

// place sorts by the best estimate, and says where each would stand by the low and by
// the high assumptions.
func (p *Priorities) place() {
	slices.SortStableFunc(p.List, func(a, b Priority) int {
		return cmp.Or(cmp.Compare(b.Score.Base, a.Score.Base), cmp.Compare(a.Name, b.Name))
	})
	p.Stable = true
	for i := range p.List {
		one := &p.List[i]
		one.Place, one.PlaceLow, one.PlaceHigh = 1, 1, 1
		for _, other := range p.List {
			one.Place += above(other.Score.Base, one.Score.Base)
			one.PlaceLow += above(other.Score.Low, one.Score.Low)
			one.PlaceHigh += above(other.Score.High, one.Score.High)
		}
		one.Stable = one.Place == one.PlaceLow && one.Place == one.PlaceHigh
		p.Stable = p.Stable && one.Stable
	}
}

func above(a, b float64) int {
	if a > b {
		return 1
	}
	return 0
}
