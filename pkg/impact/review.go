package impact

import (
	"cmp"
	"slices"
	"time"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// Agreed is what a review looks at of one promise.
type Agreed struct {
	Name     string
	Promise  string // in the customer's words
	Owner    string
	Approver string

	AgreedOn   time.Time     // zero where nobody said
	NextReview time.Time     // zero where nobody said; it counts before Every
	Every      time.Duration // how often it is reviewed, from AgreedOn on; zero where nobody said

	Assumptions []Assumption

	Windows       int        // past windows without an overlap that support a verdict
	Met           int        // of which the promise was met in so many
	MostConsumed  slo.Number // the largest share of the budget that any of them consumed
	CustomersFeel Feeling    // the zero Feeling where nobody looked
}

// Assumption is something that money rests on.
type Assumption struct {
	Name    string
	SetBy   string
	SetOn   time.Time // zero where nobody said
	Expires time.Time // zero where it never does; it is stale from then on
}

// FindingKind tells findings apart.
type FindingKind string

// What a review can find, the gravest first.
const (
	AlwaysMissed    FindingKind = "always-missed"    // met in none of the past windows: not a promise but a wish
	Unowned         FindingKind = "unowned"          // nobody answers for it
	Overdue         FindingKind = "overdue"          // it should have been reviewed
	StaleAssumption FindingKind = "stale-assumption" // what money rests on has expired
	NoPromise       FindingKind = "no-promise"       // nobody wrote down what customers were told
	NotFelt         FindingKind = "not-felt"         // the indicator does not move with what customers do
	NeverBurned     FindingKind = "never-burned"     // hardly any of the budget was ever used: the target asks too little
	Unapproved      FindingKind = "unapproved"       // nobody approved it
	NoReview        FindingKind = "no-review"        // nobody knows when to look at it again
)

var gravity = []FindingKind{AlwaysMissed, Unowned, Overdue, StaleAssumption, NoPromise, NotFelt, NeverBurned, Unapproved, NoReview}

// Finding is something that a review should talk about.
type Finding struct {
	Kind  FindingKind
	Name  string    // of the promise
	About string    // the assumption; empty for other kinds
	Since time.Time // when it was due or expired; zero for other kinds
	Days  int       // whole days from then to now
}

// NeverBurnedBelow is the share of the budget that a window must have consumed for the
// promise to count as one that is ever used, and MinReviewed the number of windows from
// which on "always" and "never" are said.
const (
	NeverBurnedBelow = 0.1
	MinReviewed      = 4
)

// Review is what to talk about, the gravest first, then by name.
func Review(promises []Agreed, now time.Time) []Finding {
	var all []Finding
	for _, a := range promises {
		all = append(all, a.findings(now)...)
	}
	slices.SortStableFunc(all, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(slices.Index(gravity, a.Kind), slices.Index(gravity, b.Kind)), cmp.Compare(b.Days, a.Days), cmp.Compare(a.Name, b.Name))
	})
	return all
}

func (a Agreed) findings(now time.Time) []Finding {
	var found []Finding
	add := func(when bool, kind FindingKind) {
		if when {
			found = append(found, Finding{Kind: kind, Name: a.Name})
		}
	}
	add(a.Windows >= MinReviewed && a.Met == 0, AlwaysMissed)
	add(a.Owner == "", Unowned)
	add(a.Promise == "", NoPromise)
	add(a.Approver == "", Unapproved)
	add(a.CustomersFeel == DoesNotMove, NotFelt)
	add(a.Windows >= MinReviewed && a.MostConsumed.Known && a.MostConsumed.Value < NeverBurnedBelow, NeverBurned)

	next, known := a.next()
	add(!known, NoReview)
	if known && !now.Before(next) {
		found = append(found, Finding{Kind: Overdue, Name: a.Name, Since: next, Days: days(next, now)})
	}
	for _, as := range a.Assumptions {
		if !as.Expires.IsZero() && !now.Before(as.Expires) {
			found = append(found, Finding{Kind: StaleAssumption, Name: a.Name, About: as.Name, Since: as.Expires, Days: days(as.Expires, now)})
		}
	}
	return found
}

// next is when the promise is to be reviewed.
func (a Agreed) next() (time.Time, bool) {
	switch {
	case !a.NextReview.IsZero():
		return a.NextReview, true
	case !a.AgreedOn.IsZero() && a.Every > 0:
		return a.AgreedOn.Add(a.Every), true
	}
	return time.Time{}, false
}

func days(from, to time.Time) int { return int(to.Sub(from).Hours() / 24) }

// Age is how old an assumption is at an instant; unknown (false) where nobody said
// when it was made.
func (a Assumption) Age(now time.Time) (time.Duration, bool) {
	if a.SetOn.IsZero() {
		return 0, false
	}
	return now.Sub(a.SetOn), true
}
