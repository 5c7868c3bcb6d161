package impact

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// Group is what one customer met: the events of one value of a label that names
// customers.
type Group struct {
	Name string
	slo.Counts
}

// Customers are those that a failure reached. Names are confidential: they belong in
// tables, never in notices.
type Customers struct {
	Affected int
	Seen     int      // customers with events at all
	Names    []string // of those affected, the most failures first
}

// AffectedGroups counts the customers of whose events more than threshold, a ratio
// in [0, 1), failed. Customers without events, or with counts that contradict each
// other, are neither affected nor seen.
func AffectedGroups(groups []Group, threshold float64) Customers {
	var c Customers
	var hit []Group
	for _, g := range groups {
		sli := g.SLI()
		if !sli.Known {
			continue
		}
		c.Seen++
		if 1-sli.Value > threshold {
			hit = append(hit, g)
		}
	}
	slices.SortFunc(hit, func(a, b Group) int {
		return cmp.Or(cmp.Compare(b.Bad(), a.Bad()), cmp.Compare(a.Name, b.Name))
	})
	c.Affected = len(hit)
	for _, g := range hit {
		c.Names = append(c.Names, g.Name)
	}
	return c
}

// AffectedUsers is how many of u unique users met a failure when each sends k
// requests and the share e of all requests failed.
//
// Base is u x (1 - (1-e)^k), which takes failures as independent of each other, and
// a warning says so. The bounds need no such assumption: at least u x e, where all
// requests of the same users fail, and at most u x min(1, k x e), where every failure
// meets another user.
//
// u is not negative, k at least 1 and e in [0, 1]; anything else is an error.
func AffectedUsers(u, k, e float64) (Range, []slo.Warning, error) {
	switch {
	case !(u >= 0) || math.IsInf(u, 1):
		return Range{}, nil, fmt.Errorf("%v unique users; expected a number that is not negative", u)
	case !(k >= 1) || math.IsInf(k, 1):
		return Range{}, nil, fmt.Errorf("%v requests per user; expected at least 1", k)
	case !(e >= 0 && e <= 1):
		return Range{}, nil, fmt.Errorf("a share of %v failed; expected a ratio between 0 and 1", e)
	}
	users := Range{Low: u * e, Base: -u * math.Expm1(k*math.Log1p(-e)), High: u * min(1, k*e)}
	if e == 0 || e == 1 || k == 1 {
		return users, nil, nil
	}
	return users, []slo.Warning{{Kind: Independence, Text: "the number of customers takes failures as independent of each other; its range does not"}}, nil
}

// AffectedByEvent is how many customers failed events stand for when each is worth
// perEvent of a customer, such as one half where people try twice.
func AffectedByEvent(c slo.Counts, perEvent Range) (Range, bool) {
	if !c.SLI().Known {
		return Range{}, false
	}
	return perEvent.Scale(c.Bad()), true
}

// CustomerMinutes is the time that customers lost: the sum over slices of active
// users x share of failures x length in minutes. active has one number for each slice
// of the timeline, the users at work in it.
//
// A slice without events, or without a known number of users, tells nothing: the
// sum is over the others, and a warning says that some are missing. It is unknown
// where no slice tells anything.
func CustomerMinutes(t *slo.Timeline, active []slo.Number) (slo.Number, []slo.Warning, error) {
	slices := t.Slices()
	if len(active) != len(slices) {
		return slo.Number{}, nil, fmt.Errorf("%d numbers of active users for %d slices", len(active), len(slices))
	}
	minutes, told, silent := 0.0, 0, 0
	for i, s := range slices {
		sli := s.SLI()
		if s.State == slo.Measured && s.Total == 0 {
			continue // measured: nobody did anything
		}
		if s.State != slo.Measured || !sli.Known || !active[i].Known {
			silent++
			continue
		}
		told++
		length := t.Grid().Edge(i + 1).Sub(t.Grid().Edge(i))
		minutes += active[i].Value * (1 - sli.Value) * length.Minutes()
	}
	var warnings []slo.Warning
	if silent > 0 {
		warnings = []slo.Warning{{Kind: NotObserved, Text: fmt.Sprintf("customer-minutes are missing for %d of %d slices", silent, len(slices))}}
	}
	if told == 0 {
		return slo.Number{}, warnings, nil
	}
	return slo.Known(minutes), warnings, nil
}
