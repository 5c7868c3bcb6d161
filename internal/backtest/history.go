package backtest

import (
	"math"
	"math/rand/v2"
	"time"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// story is what happened to one service: its events by slot, and its objective.
type story struct {
	family, demand string
	start          time.Time
	total, bad     []float64
	sumTotal       []float64 // running sums
	sumBad         []float64
	sumMeant       []float64 // running sum of the bad events that the process means, chance left out
	budget         float64   // share of events that may fail
	born           int       // slot that the service begins at; nothing is known before
	sumLost        []float64 // running sum of slots that were not recorded
}

// Window is the rolling window that all objectives of the back-test have.
const Window = 28 * 24 * time.Hour

const windowSlots = int(Window / Step)

// budgets are what promises look like.
var budgets = []float64{0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05}

// tell lets a service live through demand. Its objective is one that its parameters
// make neither trivial nor hopeless: the usual consumption is about 0.3 to 1.5.
func tell(rng *rand.Rand, family Family, d Demand) story {
	p := family.make(rng, d.Start, len(d.Events))
	s := story{family: family.Name, demand: d.Name, start: d.Start, total: make([]float64, len(d.Events)), bad: make([]float64, len(d.Events))}
	meant := make([]float64, len(d.Events))
	for i, events := range d.Events {
		if p.arrives != nil {
			events = math.Round(events * p.arrives[i])
		}
		s.total[i], s.bad[i] = events, binomial(rng, events, p.fails[i])
		meant[i] = events * p.fails[i]
	}
	s.sumTotal, s.sumBad, s.sumMeant = running(s.total), running(s.bad), running(meant)
	gone := make([]float64, len(d.Events))
	for i := range d.lost {
		if d.lost[i] {
			gone[i] = 1
		}
	}
	s.sumLost = running(gone)
	wanted := p.usual / between(rng, 0.3, 1.5)
	for _, b := range budgets {
		if s.budget == 0 || math.Abs(math.Log(b/wanted)) < math.Abs(math.Log(s.budget/wanted)) {
			s.budget = b
		}
	}
	return s
}

func running(values []float64) []float64 {
	s := make([]float64, len(values)+1)
	for i, v := range values {
		s[i+1] = s[i] + v
	}
	return s
}

// bornBefore is the story of the same service had it begun some days before a slot.
func (s story) bornBefore(slot, days int) story {
	s.born = max(0, slot-days*slotsPerDay)
	return s
}

// consumed is the budget consumed in the window that ends at a slot.
func (s story) consumed(slot int) float64 {
	from := s.windowFrom(slot)
	total := s.sumTotal[slot] - s.sumTotal[from]
	if total <= 0 {
		return 0
	}
	return (s.sumBad[slot] - s.sumBad[from]) / (s.budget * total)
}

// observed reports whether all slots of [from, to) were recorded.
func (s story) observed(from, to int) bool { return s.sumLost[to] == s.sumLost[from] }

// windowFrom is the slot at which the window that ends at a slot begins.
func (s story) windowFrom(slot int) int { return max(s.born, slot-windowSlots) }

// at is the instant a slot starts.
func (s story) at(slot int) time.Time { return s.start.Add(time.Duration(slot) * Step) }

// fine is how long before now slices of a slot begin; older ones are an hour long.
const fine = 3 * time.Hour

// timeline is what is known at a slot, by hours and then by slots, and nothing of
// what comes after.
func (s story) timeline(slot int) *slo.Timeline {
	now := s.at(slot)
	first := slo.Floor(s.at(s.born), time.Hour)
	edge := slo.Floor(now.Add(-fine), time.Hour)
	parts := []slo.Part{
		{Start: first, Step: time.Hour, N: int(edge.Sub(first) / time.Hour)},
		{Start: edge, Step: Step, N: int(now.Sub(edge) / Step)},
	}
	grid, err := slo.NewGrid(parts...)
	if err != nil {
		panic(err) // the slots stand on the epoch
	}
	all := make([]slo.Slice, grid.Len())
	for i := range all {
		a, b := max(s.born, int(grid.Edge(i).Sub(s.start)/Step)), int(grid.Edge(i+1).Sub(s.start)/Step)
		total, bad := s.sumTotal[b]-s.sumTotal[a], s.sumBad[b]-s.sumBad[a]
		if s.sumLost[b]-s.sumLost[a] < float64(b-a) || a >= b {
			all[i] = slo.Slice{Counts: slo.Counts{Good: total - bad, Total: total}, State: slo.Measured}
		}
	}
	timeline, err := slo.NewTimeline(grid, all)
	if err != nil {
		panic(err)
	}
	return timeline
}
