package forecast

import (
	"fmt"
	"math"
	"time"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// History is what one SLO of a fleet can teach.
type History struct {
	Timeline *slo.Timeline
	Budget   float64 // share of events that may fail, in (0, 1)
	Now      time.Time
	Location *time.Location // UTC where it is nil
}

// fleetCounts is the number of SLOs at which a fleet's own figures weigh as much as
// the built-in ones.
const fleetCounts = 5.0

// LearnPrior learns from the histories of a fleet what to believe of a service of the
// same fleet whose own history is short: how often episodes begin, how long and how
// severe they are, and how much services differ in that. Few or short histories move
// the built-in prior little, and none leaves it as it is.
func LearnPrior(histories ...History) (*Prior, error) {
	var rates, weights []float64
	var length, severity members
	prior := BuiltIn()
	for i, h := range histories {
		q, err := Question{Timeline: h.Timeline, Budget: h.Budget, Now: h.Now, Location: h.Location, Window: Rolling(day)}.complete()
		if err != nil {
			return nil, fmt.Errorf("history %d of %d: %w", i+1, len(histories), err)
		}
		m := learn(q)
		days := m.hours.days()
		if days < 1 {
			continue
		}
		rates = append(rates, float64(len(m.failures.episodes))/days)
		weights = append(weights, days)
		var lengths, severities []float64
		for _, e := range m.failures.episodes {
			if e.severity > 0 {
				lengths = append(lengths, math.Log(e.length()))
				severities = append(severities, math.Log(e.severity/severityScale(h.Budget)))
			}
		}
		length.add(lengths)
		severity.add(severities)
	}
	prior.arrivals = prior.arrivals.from(rates, weights)
	prior.length = length.prior(prior.length)
	prior.severity = severity.prior(prior.severity)
	return prior, nil
}

// from is the gamma distribution that the rates of a fleet, observed over so many
// days each, come from (method of moments), mixed with what was believed.
func (a arrivals) from(rates, days []float64) arrivals {
	n := float64(len(rates))
	if n == 0 {
		return a
	}
	sum, whole, perDay := 0.0, 0.0, 0.0
	for i, rate := range rates {
		sum += rate * days[i]
		whole += days[i]
		perDay += 1 / days[i] / n
	}
	mean := (sum + a.episodes) / (whole + a.days)
	variance := 0.0
	for _, rate := range rates {
		variance += (rate - mean) * (rate - mean) / n
	}
	// A rate that was counted over days varies by mean / days even if all are alike.
	shape := mean * mean / max(variance-mean*perDay, mean*mean/8)
	own := n / (n + fleetCounts)
	mixed := math.Exp(own*math.Log(shape) + (1-own)*math.Log(a.episodes))
	return arrivals{episodes: mixed, days: mixed / mean}
}

// members are the logarithms of one quantity in the episodes of each SLO of a fleet,
// in sums.
type members struct {
	n, values       float64 // SLOs that had an episode, and episodes
	means, squares  float64 // sums over SLOs of their mean and of its square
	within, freedom float64 // sum of squares around each SLO's own mean
	perMean         float64 // sum of 1 / episodes
}

func (m *members) add(logs []float64) {
	n := float64(len(logs))
	if n == 0 {
		return
	}
	mean := 0.0
	for _, v := range logs {
		mean += v / n
	}
	for _, v := range logs {
		m.within += (v - mean) * (v - mean)
	}
	m.n++
	m.values += n
	m.freedom += n - 1
	m.means += mean
	m.squares += mean * mean
	m.perMean += 1 / n
}

// prior is what the fleet teaches, mixed with what was believed: the mean of the
// means, the variance within an SLO, and how many episodes of one the mean of the
// fleet is worth, which is the variance within over that between SLOs.
func (m members) prior(believed lognormal) lognormal {
	if m.n == 0 {
		return believed
	}
	p := believed
	usual := believed.scale / (believed.shape - 1)
	// Episodes count singly, as far as they say how much episodes of one SLO differ.
	variance := (m.within + 2*(believed.shape-1)*usual) / (m.freedom + 2*(believed.shape-1))
	p.scale = variance * (believed.shape - 1)
	own := m.n / (m.n + fleetCounts)
	mean := m.means / m.n
	p.mean = own*mean + (1-own)*believed.mean
	between := max(m.squares/m.n-mean*mean-variance*m.perMean/m.n, variance/10)
	p.weight = math.Exp(own*math.Log(variance/between) + (1-own)*math.Log(believed.weight))
	return p
}
