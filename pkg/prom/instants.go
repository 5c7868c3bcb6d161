package prom

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/prometheus/common/model"
)

// VictoriaMetrics moves the instants of a range query to multiples of its step,
// unless it is told not to use its cache. A slice is read a millisecond before its
// end: moved to its end, every count would land in the slice after. Other stores do
// not know the parameter and pass it over.
const keepInstants = "nocache=1"

// keepingInstants asks range queries with keepInstants.
type keepingInstants struct{ next http.RoundTripper }

func (k keepingInstants) RoundTrip(req *http.Request) (*http.Response, error) {
	if strings.HasSuffix(req.URL.Path, "/query_range") {
		req = req.Clone(req.Context())
		if req.URL.RawQuery != "" {
			req.URL.RawQuery += "&"
		}
		req.URL.RawQuery += keepInstants
	}
	return k.next.RoundTrip(req)
}

// orderly makes sure that every series is in an answer once, with its samples in order
// of time. A proxy that puts the answers of replicas together may get either wrong, and
// counts would be wrong with it.
func orderly(m model.Matrix) error {
	seen := make(map[model.Fingerprint]bool, len(m))
	for _, stream := range m {
		id := stream.Metric.Fingerprint()
		if seen[id] {
			return errTwice
		}
		seen[id] = true
		for i := 1; i < len(stream.Values); i++ {
			if stream.Values[i].Timestamp <= stream.Values[i-1].Timestamp {
				return &Error{words: "the store answered with samples out of order, which cannot be counted"}
			}
		}
	}
	return nil
}

var errTwice = &Error{words: "the store answered with the same series twice, which cannot be counted; replicas are put together in the store, or in the proxy before it"}

// keptInstants makes sure that a store answered for the instants that it was asked
// for.
func keptInstants(m model.Matrix, start time.Time, step time.Duration) error {
	for _, stream := range m {
		for _, pair := range stream.Values {
			if off := (int64(pair.Timestamp) - start.UnixMilli()) % step.Milliseconds(); off != 0 {
				return &Error{words: fmt.Sprintf("the store answers for other instants than it was asked for, %d ms off; its answers cannot be counted", off)}
			}
		}
	}
	return nil
}
