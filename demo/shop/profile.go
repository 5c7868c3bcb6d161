package shop

// A profile is what a service is like on an ordinary day.
type profile struct {
	name     string
	pods     int
	peak     float64 // requests a second in the busiest hour of an average day
	notFound float64 // share answered 404: the customer's mistake, not the shop's
	failing  float64 // share answered 500 when nothing special happens
	// failsEvery is for a service too quiet for a share: one failure at this distance.
	failsEvery minute
	measures   measures // what it counts besides requests
	restarts   bool     // whether its pods are ever restarted in place
	outside    bool     // not on the customers' way through the shop, so an outage there is not felt here
}

type measures int

const (
	requestsOnly measures = iota
	latencies
	orders
)

// The names of the services, as they appear in the label "service".
const (
	storefront = "storefront"
	search     = "search"
	checkout   = "checkout"
	payments   = "payments"
	accounts   = "accounts"
)

var profiles = []profile{
	{name: storefront, pods: 3, peak: 40, notFound: 0.02, failing: 0.0002, restarts: true},
	{name: search, pods: 3, peak: 15, failing: 0.0002, measures: latencies, restarts: true},
	{name: checkout, pods: 2, peak: 4, failing: 0.0001, measures: orders, restarts: true},
	{name: payments, pods: 2, peak: 4, failing: 0.0002, restarts: true},
	// About 29,000 requests in 28 days and 134 failures: between 99.46 % and
	// 99.61 % of them succeed, and the target of 99.5 % lies in between.
	{name: accounts, pods: 2, peak: 0.024, failsEvery: 5 * hour, outside: true},
}

// goldShare is the share of requests that come from gold customers.
const goldShare = 0.15

const (
	gold     = "gold"
	standard = "standard"
)
