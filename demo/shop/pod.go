package shop

import "math/rand/v2"

// pod is one process and its metrics.
type pod struct {
	name     string
	born     minute
	offset   int64 // when in the minute it is scraped, in ms
	requests map[requestKey]*counter
	latency  *histogram // nil where not measured
	orders   *orderValue
	counters []*counter // all of the above, in the order of their creation
}

type requestKey struct{ customer, code string }

// Scrapes come between these milliseconds of a minute; each is off by up to
// jitter in either direction.
const (
	firstScrape = 45_000
	lastScrape  = 59_500
	jitter      = 20
)

func newPod(p profile, name string, born minute, r *rand.Rand) *pod {
	pod := &pod{
		name:     name,
		born:     born,
		offset:   firstScrape + r.Int64N(lastScrape-firstScrape),
		requests: map[requestKey]*counter{},
	}
	switch p.measures {
	case latencies:
		pod.latency = newHistogram(p.name, name)
		pod.counters = append(pod.counters, pod.latency.counters()...)
	case orders:
		pod.orders = newOrderValue(name)
		pod.counters = append(pod.counters, pod.orders.sum, pod.orders.count)
	}
	return pod
}

// request counts n requests of a kind; a kind is born with its first request.
func (p *pod) request(service, customer, code string, n int64) {
	if n == 0 {
		return
	}
	key := requestKey{customer, code}
	c, known := p.requests[key]
	if !known {
		c = newCounter("shop_http_requests_total",
			"service", service, "pod", p.name, "customer", customer, "code", code)
		p.requests[key] = c
		p.counters = append(p.counters, c)
	}
	c.add(float64(n))
}

// restart empties the process; its labels stay.
func (p *pod) restart() {
	for _, c := range p.counters {
		c.forget()
	}
	if p.latency != nil {
		p.latency.register()
	}
}

// mayRestart says whether a restart would be visible as a fall in every counter.
// A counter of 2 that comes back as 3 looks like growth to every reader; so only
// counters that are absent or well ahead of what one minute brings may be lost.
func (p *pod) mayRestart(now minute) bool {
	const old, wellAhead = 3 * hour, 20
	if now-p.born < old {
		return false
	}
	for _, c := range p.counters {
		if c.counted && c.value < wellAhead {
			return false
		}
	}
	return true
}

func (p *pod) scrape(at int64, append Append) {
	for _, c := range p.counters {
		c.scrape(at, append)
	}
}

// end is what Prometheus writes when the pod is gone or does not answer.
func (p *pod) end(at int64, append Append) {
	for _, c := range p.counters {
		c.end(at, append)
	}
}

// scrapeTime is when the pod is scraped in a minute.
func (p *pod) scrapeTime(m minute, r *rand.Rand) int64 {
	return m.millis() + p.offset + r.Int64N(2*jitter) - jitter
}
