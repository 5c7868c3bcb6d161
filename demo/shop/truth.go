package shop

import (
	"sync"
	"time"
)

// Counts are the events of an interval. Total is Good plus Bad.
type Counts struct{ Good, Bad, Total int64 }

// slo is one of the SLOs of examples/shop/catalog.yaml, whose truth the shop keeps.
type slo int

const (
	storefrontAvailability slo = iota
	searchAvailability
	searchLatency
	checkoutAvailability
	checkoutGold
	paymentsAvailability
	accountsAvailability
	slos // how many there are
)

var sloNames = [slos]string{
	storefrontAvailability: "storefront-availability",
	searchAvailability:     "search-availability",
	searchLatency:          "search-latency",
	checkoutAvailability:   "checkout-availability",
	checkoutGold:           "checkout-gold",
	paymentsAvailability:   "payments-availability",
	accountsAvailability:   "accounts-availability",
}

// availabilityOf is the SLO in which the requests of a service count.
var availabilityOf = map[string]slo{
	storefront: storefrontAvailability,
	search:     searchAvailability,
	checkout:   checkoutAvailability,
	payments:   paymentsAvailability,
	accounts:   accountsAvailability,
}

// events are those of one minute.
type events struct {
	outcomes [slos]outcome
	lost     float64 // euros
}

type outcome struct{ good, bad int32 }

func (e *events) add(s slo, good, bad int64) {
	e.outcomes[s].good += int32(good)
	e.outcomes[s].bad += int32(bad)
}

// Truth is what really happened, per minute: every event, whether or not a
// scrape saw it.
type Truth struct {
	mu      sync.RWMutex
	start   minute
	minutes []events
}

func (t *Truth) append(e events) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.minutes = append(t.minutes, e)
}

// Between counts the events in [from, to), both cut to the minute, by name of SLO.
// Minutes before the shop's start or in its future count as empty.
func (t *Truth) Between(from, to time.Time) map[string]Counts {
	var sums [slos]Counts
	t.each(from, to, func(e *events) {
		for s, o := range e.outcomes {
			sums[s].Good += int64(o.good)
			sums[s].Bad += int64(o.bad)
		}
	})
	named := make(map[string]Counts, slos)
	for s, c := range sums {
		c.Total = c.Good + c.Bad
		named[sloNames[s]] = c
	}
	return named
}

// Lost is the order value, in euros, of the checkouts that failed in [from, to):
// each is worth the average order of its day. Orders that customers repeated
// later are not taken off.
func (t *Truth) Lost(from, to time.Time) float64 {
	var euros float64
	t.each(from, to, func(e *events) { euros += e.lost })
	return euros
}

func (t *Truth) each(from, to time.Time, do func(*events)) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	index := func(at time.Time) minute {
		return min(max(minuteOf(at)-t.start, 0), minute(len(t.minutes)))
	}
	for m := index(from); m < index(to); m++ {
		do(&t.minutes[m])
	}
}
