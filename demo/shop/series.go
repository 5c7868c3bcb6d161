package shop

import (
	"math"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/value"
)

// Series is one line of a pod's metrics page; its address is its identity.
type Series struct{ Labels labels.Labels }

// Append takes one scraped sample: milliseconds since 1970 and a value, which is
// Prometheus' staleness marker where a series ends.
type Append func(s *Series, at int64, v float64)

var stale = math.Float64frombits(value.StaleNaN)

// counter is a series as the process in the pod holds it.
type counter struct {
	Series
	value   float64
	counted bool // the process has it; a fresh process has none
	scraped bool // the last scrape found it
}

func newCounter(name string, pairs ...string) *counter {
	return &counter{Series: Series{labels.FromStrings(append(pairs, model.MetricNameLabel, name)...)}}
}

// add creates the counter in the process where needed: nothing is initialised to zero.
func (c *counter) add(n float64) {
	c.value += n
	c.counted = true
}

// forget is what a restart does to a counter.
func (c *counter) forget() { c.value, c.counted = 0, false }

// scrape hands on the value, or the marker in the first scrape without one.
func (c *counter) scrape(at int64, append Append) {
	if c.counted {
		append(&c.Series, at, c.value)
		c.scraped = true
		return
	}
	c.end(at, append)
}

// end marks the series as ended, if it was there.
func (c *counter) end(at int64, append Append) {
	if c.scraped {
		append(&c.Series, at, stale)
		c.scraped = false
	}
}
