package prom

import (
	"errors"
	"net"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// The roads by which events are counted.
const (
	RemoteRead = "remote-read" // every sample, by Prometheus' remote-read API
	LastValues = "last-values" // the last value of every series in every slice, by PromQL
	Increase   = "increase"    // increase() of every slice, by PromQL
	Slices     = "recorded"    // slices that rules recorded
)

// roads remembers by which road a store cannot be reached.
type roads struct {
	mu sync.Mutex
	// noRemoteRead is until when the store is not asked for samples; tooMany the
	// same for single counters, because they have too many.
	noRemoteRead time.Time
	tooMany      map[string]time.Time
}

// offersRemoteRead reports whether samples of these counters may be asked for.
func (s *Store) offersRemoteRead(selectors []string) bool {
	r := &s.roads
	r.mu.Lock()
	defer r.mu.Unlock()
	now := time.Now()
	return !now.Before(r.noRemoteRead) && !now.Before(r.tooMany[counterKey(selectors)])
}

// avoidRemoteRead remembers that reading samples failed: for the whole store where
// it has no such API, else for these counters.
func (s *Store) avoidRemoteRead(selectors []string, err error) {
	r := &s.roads
	r.mu.Lock()
	defer r.mu.Unlock()
	until := time.Now().Add(remoteReadRetry)
	if errors.Is(err, errNoRemoteRead) {
		r.noRemoteRead = until
		return
	}
	if r.tooMany == nil {
		r.tooMany = map[string]time.Time{}
	}
	r.tooMany[counterKey(selectors)] = until
}

func counterKey(selectors []string) string {
	sorted := slices.Sorted(slices.Values(selectors))
	return strings.Join(sorted, " ")
}

// isUnreachable reports an error for which another road would fail alike.
func isUnreachable(err error) bool {
	var (
		op     *net.OpError
		dns    *net.DNSError
		target *url.Error
		status statusError
	)
	if errors.As(err, &status) {
		return status == 401 || status == 403 || status == 429 || status == 503
	}
	return errors.As(err, &op) || errors.As(err, &dns) || errors.As(err, &target)
}
