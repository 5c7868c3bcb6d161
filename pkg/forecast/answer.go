package forecast

import (
	"time"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// Forecast is the distribution of consumed budget ahead, and what follows from it.
type Forecast struct {
	Scenario Scenario
	Method   string // how it was made, in words

	// Steps are the instants answered for, from now to the horizon's end. There is
	// none where nothing was observed, and only the first and the last in a brief answer.
	Steps []Step

	// Exhaustion is the first instant at which the whole budget is consumed. Where it
	// already is, that instant is now and Recovery says when it no longer will be.
	Exhaustion Crossing

	// Recovery is the first instant at which an exhausted budget is not exhausted
	// any more. It is unknown, with probability 0, where the budget is not exhausted.
	Recovery Crossing

	// MissProbability is the chance that more than the budget is consumed at the end
	// of a calendar window, or at the horizon's end of a rolling one, in [0, 1].
	MissProbability slo.Number

	// Events is the number of events in the window that ends at the last step.
	Events Band

	// BurnRate is the present one, over the lookback; unknown without events in it.
	BurnRate slo.Number

	// UnderWay says that an episode is under way now.
	UnderWay bool

	// HistoryDays is the length of what was observed, in days; Episodes is the number
	// of episodes in it.
	HistoryDays float64
	Episodes    int

	Warnings []slo.Warning

	end    []float64 // consumed at the last step, one for each path, ascending
	budget float64   // share of events that may fail
}

// Step is what the budget may look like at one instant.
type Step struct {
	At time.Time

	// Consumed budget: a ratio of the budget, above 1 where overspent. In a calendar
	// window it is of the budget of the whole period, to the period's end, so that it
	// never falls; in a rolling one of the window that ends at At.
	Median, Mean           float64
	Band50, Band80, Band95 Band // central: as likely below as above

	// MissProbability is the chance that more than the budget is consumed at this
	// instant, in [0, 1].
	MissProbability float64
}

// Remaining is the median of the budget left, 1 - consumed; negative is overspent.
func (s Step) Remaining() float64 { return 1 - s.Median }

// Band is a central interval, with Low <= High.
type Band struct{ Low, High float64 }

// Remaining turns a band of consumed budget into one of remaining budget.
func (b Band) Remaining() Band { return Band{Low: 1 - b.High, High: 1 - b.Low} }

// Holds reports whether a value is inside the band, its bounds included.
func (b Band) Holds(v float64) bool { return b.Low <= v && v <= b.High }

// Crossing is the instant at which consumed budget crosses 1. Each instant is
// unknown, the zero time, where it lies beyond the horizon.
type Crossing struct {
	// Probability is the chance that it happens within the horizon, in [0, 1].
	Probability float64

	// Median is the instant by which it has happened in half of all futures, Earliest
	// and Latest those of one and nine in ten: an interval at 80 %.
	Median, Earliest, Latest time.Time
}

// ProbabilityOfSLIBelow is the chance that the SLI of the window that ends at the
// last step is below a target, in [0, 1]: tiers of a contract have targets of their
// own. It is unknown where nothing was observed.
func (f Forecast) ProbabilityOfSLIBelow(target float64) slo.Number {
	if len(f.end) == 0 {
		return slo.Number{}
	}
	return slo.Known(shareAbove(f.end, (1-target)/f.budget))
}

// ExpectedOverspend is the mean, over all futures at the last step, of the budget that is
// consumed beyond all of it: max(0, consumed - 1), a ratio of the budget. It is what the
// integral of [Forecast.ProbabilityOfSLIBelow] from 0 to the target comes to, divided by
// the budget. It is unknown where nothing was observed.
func (f Forecast) ExpectedOverspend() slo.Number {
	if len(f.end) == 0 {
		return slo.Number{}
	}
	sum := 0.0
	for _, consumed := range f.end {
		sum += max(0, consumed-1)
	}
	return slo.Known(sum / float64(len(f.end)))
}

// What a forecast can warn of.
const (
	NothingObserved slo.WarningKind = "nothing-observed" // no history, no forecast
	ShortHistory    slo.WarningKind = "short-history"    // days or weeks were not seen often enough
	FewEpisodes     slo.WarningKind = "few-episodes"     // how often and how badly it fails rests on the prior
)
