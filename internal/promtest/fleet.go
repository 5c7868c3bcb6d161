package promtest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"
)

// Fleet describes a service whose counters are subject to all that fleets do to
// them.
type Fleet struct {
	Service  string
	Seed     uint64
	Start    time.Time
	End      time.Time
	Scrape   time.Duration
	Pods     int           // at a time
	Deploy   time.Duration // every so often all pods are replaced, one after the other
	Restart  time.Duration // every so often, on average, a pod restarts in place
	PerSec   float64       // requests of all pods, at the peak of the day
	Failures float64       // share of requests that fail
	// Blind are intervals without any scrape; BlindPod without those of pod 0.
	Blind, BlindPod [][2]time.Time
}

// Truth is what happened, by the instant of the scrape that could see it first.
type Truth struct {
	at        []time.Time
	good, bad []float64
}

// Between are the good and bad events that scrapes in [from, to) could see.
func (t Truth) Between(from, to time.Time) (good, bad float64) {
	for i, at := range t.at {
		if !at.Before(from) && at.Before(to) {
			good += t.good[i]
			bad += t.bad[i]
		}
	}
	return good, bad
}

type pod struct {
	name    string
	offset  time.Duration // of its scrapes
	ends    time.Time
	good    float64
	bad     float64
	goodOut *Series
	badOut  *Series // nil until the first failure
}

// Series are the fleet's counters, fleet_requests_total by service, pod and code,
// with the truth. The error counter of a pod is born with its first failure, so
// that its first value is not zero. Pods are scraped as they end; restarts come
// right after a scrape, so that nothing is lost to any reader.
func (f Fleet) Series() ([]Series, Truth) {
	var (
		rng   = rand.New(rand.NewPCG(f.Seed, 7))
		truth Truth
		done  []*Series
		pods  = make([]*pod, f.Pods)
		born  int
	)
	birth := func(slot int, at time.Time) {
		born++
		ends := at.Add(f.Deploy)
		if at.Equal(f.Start) { // the first deploy rolls over the pods
			ends = at.Add(f.Deploy * time.Duration(slot+1) / time.Duration(f.Pods))
		}
		p := &pod{name: fmt.Sprintf("%s-%d", f.Service, born), offset: time.Duration(rng.Int64N(int64(f.Scrape)/2/1e6)) * time.Millisecond, ends: ends}
		p.goodOut = &Series{Labels: f.labels(p, "200")}
		done = append(done, p.goodOut)
		pods[slot] = p
	}
	for slot := range pods {
		birth(slot, f.Start)
		// Pods that were there before the first sample.
		pods[slot].good = float64(rng.IntN(100_000))
	}
	for at := f.Start; at.Before(f.End); at = at.Add(f.Scrape) {
		for slot, p := range pods {
			scrape := at.Add(p.offset)
			rate := f.PerSec / float64(f.Pods) * (0.55 - 0.45*math.Cos(2*math.Pi*float64(at.Unix()%86400)/86400))
			n := poisson(rng, rate*f.Scrape.Seconds())
			bad := 0.0
			for range int(n) {
				if rng.Float64() < f.Failures {
					bad++
				}
			}
			p.good += n - bad
			p.bad += bad
			truth.at = append(truth.at, scrape)
			truth.good = append(truth.good, n-bad)
			truth.bad = append(truth.bad, bad)
			if !within(scrape, f.Blind) && !(slot == 0 && within(scrape, f.BlindPod)) {
				f.scrape(p, scrape, &done)
			}
			switch {
			// A pod that ended unseen would take events with it that nobody can count.
			case !at.Add(f.Scrape).Before(p.ends) && !within(scrape, f.Blind) && !within(scrape, f.BlindPod):
				birth(slot, at)
			case f.Restart > 0 && rng.Float64() < f.Scrape.Seconds()/f.Restart.Seconds() && !within(scrape, f.Blind) && !within(scrape, f.BlindPod):
				p.good, p.bad = 0, 0
			}
		}
	}
	all := make([]Series, 0, len(done))
	for _, s := range done {
		if len(s.Samples) > 0 {
			all = append(all, *s)
		}
	}
	return all, truth
}

func (f Fleet) scrape(p *pod, at time.Time, done *[]*Series) {
	p.goodOut.Samples = append(p.goodOut.Samples, Sample{At: at, Value: p.good})
	if p.bad > 0 && p.badOut == nil {
		p.badOut = &Series{Labels: f.labels(p, "500")}
		*done = append(*done, p.badOut)
	}
	// After a restart there is no error counter until the next failure.
	if p.badOut != nil && p.bad > 0 {
		p.badOut.Samples = append(p.badOut.Samples, Sample{At: at, Value: p.bad})
	}
}

func (f Fleet) labels(p *pod, code string) map[string]string {
	return map[string]string{"__name__": "fleet_requests_total", "service": f.Service, "pod": p.name, "code": code}
}

func within(at time.Time, intervals [][2]time.Time) bool {
	for _, i := range intervals {
		if !at.Before(i[0]) && at.Before(i[1]) {
			return true
		}
	}
	return false
}

// poisson draws the number of events where mean are expected.
func poisson(rng *rand.Rand, mean float64) float64 {
	if mean > 50 {
		return max(0, math.Round(mean+math.Sqrt(mean)*rng.NormFloat64()))
	}
	limit, product, n := math.Exp(-mean), rng.Float64(), 0.0
	for product > limit {
		product *= rng.Float64()
		n++
	}
	return n
}
