package shop

import (
	"fmt"
	"math/rand/v2"
)

// service is a fleet of pods that share the requests.
type service struct {
	profile
	story      story
	seed       uint64
	random     *rand.Rand
	pods       []*pod
	replaceAt  []minute // when the deploy under way reaches each pod
	nextDeploy minute
}

func newService(p profile, s story, seed uint64, start minute) *service {
	svc := &service{
		profile:   p,
		story:     s.of(p.name),
		seed:      seed,
		random:    rand.New(rand.NewPCG(seed, 0)),
		pods:      make([]*pod, p.pods),
		replaceAt: make([]minute, p.pods),
	}
	svc.deploy(start, 0)
	return svc
}

// live lets one minute pass: first the fleet changes, then requests come, then
// the pods are scraped.
func (s *service) live(now minute, rate float64, happened *events, append Append) {
	if now >= s.nextDeploy && !s.story.unscraped(now-10, now+10) {
		s.deploy(now, 1)
	}
	for i := range s.pods {
		s.replace(i, now, append)
		s.maybeRestart(i, now)
		s.serve(s.pods[i], now, rate/float64(len(s.pods)), happened)
		s.scrape(i, now, append)
	}
}

// deploy replaces the pods one after the other, pause minutes apart, and sets
// the next deploy: one to three days later, in working hours.
func (s *service) deploy(now, pause minute) {
	for i := range s.replaceAt {
		s.replaceAt[i] = now + minute(i)*pause
	}
	s.nextDeploy = now.midnight() + minute(1+s.random.IntN(3))*day + 8*hour + minute(s.random.IntN(int(8*hour)))
}

func (s *service) replace(i int, now minute, append Append) {
	if now != s.replaceAt[i] {
		return
	}
	if old := s.pods[i]; old != nil {
		old.end(old.scrapeTime(now, s.random), append)
	}
	name := fmt.Sprintf("%s-%08x-%05x", s.name, uint32(s.nextDeploy*2654435761), s.random.IntN(1<<20))
	s.pods[i] = newPod(s.profile, name, now, s.random)
}

// maybeRestart restarts a pod about every five days, while nothing else is going on.
func (s *service) maybeRestart(i int, now minute) {
	const distance = 5 * day
	if !s.restarts || s.random.IntN(int(distance)) != 0 {
		return
	}
	calm := !s.story.unscraped(now-10, now+10) && !s.story.troubled(now, now+6*hour)
	if calm && s.pods[i].mayRestart(now) {
		s.pods[i].restart()
	}
}

// serve lets the requests of a minute happen in one pod.
func (s *service) serve(p *pod, now minute, rate float64, happened *events) {
	s.serveCustomers(p, gold, now, rate*goldShare, happened)
	s.serveCustomers(p, standard, now, rate*(1-goldShare), happened)
}

func (s *service) serveCustomers(p *pod, customer string, now minute, rate float64, happened *events) {
	n := poisson(s.random, rate*60)
	failing, code := s.failing, "500"
	if i, on := s.story.incident(now); on {
		failing, code = i.failing, i.code
	}
	failed := binomial(s.random, n, failing)
	if s.failsEvery > 0 && now%s.failsEvery == 0 && customer == standard && p == s.pods[0] {
		n, failed = n+1, failed+1
	}
	notFound := binomial(s.random, n-failed, s.notFound)
	p.request(s.name, customer, code, failed)
	p.request(s.name, customer, "404", notFound)
	p.request(s.name, customer, "200", n-failed-notFound)

	happened.add(availabilityOf[s.name], n-failed, failed)
	switch s.measures {
	case latencies:
		slow := binomial(s.random, n, s.story.decay.at(now))
		p.latency.observe(s.random, n, slow)
		happened.add(searchLatency, n-slow, slow)
	case orders:
		average := averageOrderOn(now, s.seed)
		p.orders.sell(s.random, n-failed, average)
		happened.lost += float64(failed) * average
		if customer == gold {
			happened.add(checkoutGold, n-failed, failed)
		}
	}
}

func (s *service) scrape(i int, now minute, append Append) {
	p := s.pods[i]
	at := p.scrapeTime(now, s.random)
	gap, unscraped := s.story.gap(i, now)
	switch {
	case !unscraped:
		p.scrape(at, append)
	case gap.marked:
		p.end(at, append)
	}
}
