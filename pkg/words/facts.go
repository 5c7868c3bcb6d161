package words

import (
	"time"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/impact"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// Facts are what sentences about one promise can say. What is zero or unknown is not
// spoken of.
type Facts struct {
	Failed bool // the promise could not be evaluated

	Report slo.Report    // verdict, counts, target, budget, burn rate; its warnings say why there is no verdict
	Window time.Duration // length of a rolling window; zero for a calendar window
	Since  time.Time     // start of the window, where it is to be named instead of Window; the report's for a calendar window
	Slice  time.Duration // length of the slices of time that the target is a share of; zero where it is one of events
	Zone   *time.Location

	Lookback time.Duration // of the burn rate

	Events     string // what is counted, in the words of the agreement, such as orders
	FailedWord string // what happens to the bad ones, such as failed

	Currency string
	Loss     impact.Loss
	Priced   bool // Loss is known

	Customers      impact.Range // who met a failure
	CustomersKnown bool

	Missing      impact.Range // money of demand that stayed away
	MissingKnown bool

	Declared     int          // incidents that no counter shows
	DeclaredCost impact.Range // what they cost

	Miss      slo.Number // probability that the window ends with the promise missed
	Exhausted time.Time  // when nothing of the budget is left, if this goes on; zero for never
	Recovers  time.Time  // when a missed promise can be kept again; zero where nobody knows

	Policy string // what the policy says is done now, in its own words
}

// Sentence is one sentence, and the fields of [Facts] and of its report that it stands
// for, by the names of their measures.
type Sentence struct {
	Text string
	From []string
}

// Statement is what one audience is told.
type Statement []Sentence

// measures say which figure a place of a template stands for.
var measures = map[string]string{
	"during": "window", "for": "window", "lookback": "burn_rate",
	"bad": "bad_events", "total": "total_events", "totalEvents": "total_events", "failed": "bad_events", "events": "total_events",
	"sli": "sli", "target": "target", "allowed": "budget_allowed_events", "limit": "budget_allowed_events", "coverage": "coverage",
	"remaining": "budget_remaining", "consumed": "budget_consumed", "times": "budget_consumed",
	"left": "budget_remaining_events", "over": "budget_remaining_events", "burn": "burn_rate",
	"loss": "loss", "excess": "loss_excess", "customers": "customers_affected", "missing": "loss_missing_demand",
	"declared": "declared_incidents", "declaredCost": "declared_incidents",
	"miss": "miss_probability", "exhausted": "exhaustion", "exhaustedAt": "exhaustion", "recovers": "recovery", "recoversAt": "recovery",
	"policy": "policy", "why": "warnings", "verdict": "status",
}
