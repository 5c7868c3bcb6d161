package shop

import (
	"math"
	"math/rand/v2"
)

// histogram is a classic histogram of durations in seconds.
type histogram struct {
	buckets []*counter // cumulative, as Prometheus has them
	sum     *counter
	count   *counter
}

// bucketsOf says where durations fall: the shares of fast requests add up to
// one, and so do those of slow ones. The promise is made at 0.3 seconds.
var bucketsOf = []struct {
	le         string
	fast, slow float64
	typical    float64 // seconds
}{
	{le: "0.05", fast: 0.25, typical: 0.035},
	{le: "0.1", fast: 0.35, typical: 0.075},
	{le: "0.2", fast: 0.28, typical: 0.14},
	{le: "0.3", fast: 0.12, typical: 0.24},
	{le: "0.5", slow: 0.60, typical: 0.38},
	{le: "1", slow: 0.25, typical: 0.7},
	{le: "2.5", slow: 0.12, typical: 1.4},
	{le: "+Inf", slow: 0.03, typical: 4},
}

func newHistogram(service, pod string) *histogram {
	const name = "shop_http_request_duration_seconds"
	h := &histogram{
		sum:   newCounter(name+"_sum", "service", service, "pod", pod),
		count: newCounter(name+"_count", "service", service, "pod", pod),
	}
	for _, b := range bucketsOf {
		h.buckets = append(h.buckets,
			newCounter(name+"_bucket", "service", service, "pod", pod, "le", b.le))
	}
	h.register()
	return h
}

// register shows every bucket from the start, as client libraries do.
func (h *histogram) register() {
	for _, c := range h.counters() {
		c.add(0)
	}
}

func (h *histogram) counters() []*counter {
	return append(append([]*counter{}, h.buckets...), h.sum, h.count)
}

// observe counts n requests of which a number were slow.
func (h *histogram) observe(r *rand.Rand, n, slow int64) {
	fast := n - slow
	fastLeft, slowLeft := 1.0, 1.0 // shares that are not placed yet
	var below int64
	var seconds float64
	for i, b := range bucketsOf {
		in := take(r, &fast, &fastLeft, b.fast) + take(r, &slow, &slowLeft, b.slow)
		below += in
		seconds += float64(in) * b.typical
		h.buckets[i].add(float64(below))
	}
	h.sum.add(seconds)
	h.sum.value = math.Round(h.sum.value*1000) / 1000
	h.count.add(float64(n))
}

// take draws how many of those left belong to one share; the last share takes the rest.
func take(r *rand.Rand, left *int64, shareLeft *float64, share float64) int64 {
	if share == 0 {
		return 0
	}
	n := *left
	if share < *shareLeft-1e-9 {
		n = binomial(r, *left, share / *shareLeft)
	}
	*left -= n
	*shareLeft -= share
	return n
}
