package impact

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"gonum.org/v1/gonum/mathext"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// MinutesPerYear is the length of a year of 365.25 days, which risks and their
// budgets are reckoned over.
const MinutesPerYear = 525_960

// RedShare is the share of the yearly budget from which on one risk alone is too
// much, the rule of thumb of Google's customer reliability engineers.
const RedShare = 0.25

// Risk is something that may go wrong.
type Risk struct {
	Name      string
	PerYear   Range // incidents in a year
	Detect    Range // minutes until somebody knows
	Repair    Range // minutes from then until it works again
	Users     Range // share of users that it hits, in [0, 1]
	PerMinute Range // money lost with one minute in which everything fails; zero where nobody said

	PerIncident Range // money that each incident costs besides; zero where nobody said
}

// BadMinutes are the minutes of full outage to expect in a year: incidents x (time to
// detect + time to repair) x share of users.
func (r Risk) BadMinutes() Range {
	return r.PerYear.Times(r.Detect.Add(r.Repair)).Times(r.Users)
}

// PerYearMoney is what the risk costs in a year: bad minutes x money per minute +
// incidents x money per incident.
func (r Risk) PerYearMoney() Range {
	return r.BadMinutes().Times(r.PerMinute).Add(r.PerYear.Times(r.PerIncident))
}

// Check refuses a risk that cannot be.
func (r Risk) Check() error {
	for _, part := range []struct {
		what  string
		value Range
		most  float64
	}{
		{"the number of incidents in a year", r.PerYear, math.Inf(1)},
		{"the minutes to detect", r.Detect, math.Inf(1)},
		{"the minutes to repair", r.Repair, math.Inf(1)},
		{"the share of users", r.Users, 1},
		{"the money per minute", r.PerMinute, math.Inf(1)},
		{"the money per incident", r.PerIncident, math.Inf(1)},
	} {
		if err := part.value.check(part.what, 0, part.most); err != nil {
			return fmt.Errorf("risk %q: %w", r.Name, err)
		}
	}
	return nil
}

// Assessed is a risk against a promise.
type Assessed struct {
	Risk
	BadMinutes Range
	Budget     Range   // share of the yearly budget that it takes; above 1 is more than all of it
	Stacked    float64 // share of the budget that it and all larger ones take together, at the best estimate
	Money      Range   // in a year
	Red        bool    // it alone takes more than [RedShare] of the budget, at the best estimate

	// What is saved in bad minutes a year by halving one of its parts. Halving how
	// often it happens halves all of it.
	HalfDetect, HalfRepair, HalfFrequency Range
}

// AssessRisks holds risks against a year of the objective's budget, (1 - target) x
// [MinutesPerYear]. The largest comes first.
func AssessRisks(risks []Risk, o slo.Objective) ([]Assessed, error) {
	yearly := o.BudgetRatio() * MinutesPerYear
	all := make([]Assessed, 0, len(risks))
	for _, r := range risks {
		if err := r.Check(); err != nil {
			return nil, err
		}
		share := r.PerYear.Times(r.Users).Scale(0.5)
		a := Assessed{
			Risk:          r,
			BadMinutes:    r.BadMinutes(),
			Budget:        r.BadMinutes().Scale(1 / yearly),
			Money:         r.PerYearMoney(),
			HalfDetect:    share.Times(r.Detect),
			HalfRepair:    share.Times(r.Repair),
			HalfFrequency: r.BadMinutes().Scale(0.5),
		}
		a.Red = a.Budget.Base > RedShare
		all = append(all, a)
	}
	slices.SortStableFunc(all, func(a, b Assessed) int {
		return cmp.Or(cmp.Compare(b.BadMinutes.Base, a.BadMinutes.Base), cmp.Compare(a.Name, b.Name))
	})
	stacked := 0.0
	for i := range all {
		stacked += all[i].Budget.Base
		all[i].Stacked = stacked
	}
	return all, nil
}

// Happened is one incident that was observed.
type Happened struct {
	Detect, Repair time.Duration // until somebody knew, and from then on until it worked again
}

// Observed is what a ledger of incidents says about a risk.
type Observed struct {
	Incidents int
	PerYear   Range      // Base is incidents / time; Low and High hold the true rate with 80 %
	Detect    slo.Number // mean in minutes; unknown without incidents
	Repair    slo.Number
}

// Observe reckons how often incidents happen from those that were seen over a time.
// Incidents are taken to come at random (Poisson), so that the interval is Garwood's
// (1936): with n incidents in T years from the 10th percentile of Gamma(n) / T to the
// 90th of Gamma(n+1) / T. It is exact for one incident and for none: nothing seen does
// not mean that nothing happens.
func Observe(incidents []Happened, over time.Duration) (Observed, error) {
	if over <= 0 {
		return Observed{}, fmt.Errorf("incidents were watched for %s; expected a positive time", over)
	}
	years := over.Minutes() / MinutesPerYear
	n := float64(len(incidents))
	o := Observed{
		Incidents: len(incidents),
		PerYear:   Range{Base: n / years, High: mathext.GammaIncRegInv(n+1, 0.9) / years},
	}
	if n == 0 {
		return o, nil
	}
	o.PerYear.Low = mathext.GammaIncRegInv(n, 0.1) / years
	var detect, repair time.Duration
	for _, h := range incidents {
		detect += h.Detect
		repair += h.Repair
	}
	o.Detect, o.Repair = slo.Known(detect.Minutes()/n), slo.Known(repair.Minutes()/n)
	return o, nil
}

// Calibration says how a declared risk stands to what was observed.
type Calibration string

// The calibrations of a declared frequency.
const (
	Agrees       Calibration = "agrees"        // the two ranges overlap
	Optimistic   Calibration = "optimistic"    // it happens more often than declared
	Pessimistic  Calibration = "pessimistic"   // it happens less often than declared
	NotYetTested Calibration = "not-yet-known" // too little was observed to say
)

// Calibrate compares how often a risk is declared to happen with how often it did.
// Where nothing happened and nothing was to be expected in that time either, nothing
// is known yet.
func (r Risk) Calibrate(o Observed) Calibration {
	switch {
	case r.PerYear.High < o.PerYear.Low:
		return Optimistic
	case r.PerYear.Low > o.PerYear.High:
		return Pessimistic
	case o.Incidents == 0:
		return NotYetTested
	}
	return Agrees
}
