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
