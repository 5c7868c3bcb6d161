package prom

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/api"
	v1 "github.com/prometheus/client_golang/api/prometheus/v1"
	"github.com/prometheus/common/model"
)

// Prometheus refuses a range query of more than 11,000 points per series. Chunks
// are smaller, which also bounds what one answer holds.
const maxPoints = 2000

// maxReadings bounds the memory of one counter: 16 bytes each.
const maxReadings = 20_000_000

// maxConcurrent is how many queries of one data source the store sees at a time.
const maxConcurrent = 4

// Store is a Prometheus-compatible store.
type Store struct {
	api    v1.API
	remote *remoteReader
	rules  string // address of the API that lists rules
	slices *sliceStore
	values *valueStore
	slots  chan struct{}
	roads  roads

	batches batches
	census  census

	maxSamples int64
	features   features
}

// SamplesRead is how many samples were read from the store one by one.
func (s *Store) SamplesRead() int64 { return s.remote.samples.Load() }

// Held is how much memory what is kept takes, in bytes.
func (s *Store) Held() int64 {
	s.slices.mu.Lock()
	defer s.slices.mu.Unlock()
	total := int64(0)
	for _, one := range s.slices.entries {
		total += one.noted().bytes
	}
	return total
}

// Option changes what a store does.
type Option func(*Store)

// MaxSamples bounds how many samples are read for one indicator; beyond it, coarser
// ways are taken.
func MaxSamples(n int64) Option { return func(s *Store) { s.maxSamples = n } }

// DefaultCacheSize is how much memory slices take where nobody says otherwise, in
// bytes.
const DefaultCacheSize = 64 << 20

// NewStore returns the store at a URL, spoken to through the given HTTP client.
// Slices that were counted are kept in cacheSize bytes of memory.
func NewStore(url string, client *http.Client, cacheSize int64, options ...Option) (*Store, error) {
	if client == nil {
		client = http.DefaultClient
	}
	way := &asking{next: transportOf(client)}
	queries, samples := *client, *client
	queries.Transport, samples.Transport = keepingInstants{way}, way
	c, err := api.NewClient(api.Config{Address: url, Client: &queries})
	if err != nil {
		return nil, fmt.Errorf("URL %q: %w", url, err)
	}
	remote, err := newRemoteReader(url, &samples)
	if err != nil {
		return nil, fmt.Errorf("URL %q: %w", url, err)
	}
	s := &Store{
		api: v1.NewAPI(c), remote: remote, rules: strings.TrimSuffix(remote.url, "/read") + "/rules", slices: newSliceStore(cacheSize), values: newValueStore(),
		slots: make(chan struct{}, maxConcurrent), maxSamples: DefaultMaxSamples,
	}
	s.slices.metered = true
	for _, change := range options {
		change(s)
	}
	return s, nil
}

func transportOf(client *http.Client) http.RoundTripper {
	if client.Transport == nil {
		return http.DefaultTransport
	}
	return client.Transport
}

// Forget drops all that was kept, so that history is read anew.
func (s *Store) Forget() {
	s.slices.forget()
	s.values.forget()
	s.census.forget()
}

// slot waits for leave to ask the store something.
func (s *Store) slot(ctx context.Context) (release func(), err error) {
	select {
	case s.slots <- struct{}{}:
		return func() { <-s.slots }, nil
	case <-ctx.Done():
		return nil, inWords(ctx.Err())
	}
}

// Version is the version that the store says it has; empty where it does not say.
func (s *Store) Version(ctx context.Context) string {
	info, err := s.api.Buildinfo(ctx)
	if err != nil {
		return "" // many compatible stores have no such endpoint
	}
	return info.Version
}

// isTwo reports whether a value is 2: a scalar or, from VictoriaMetrics, a vector of one.
func isTwo(v model.Value) bool {
	switch v := v.(type) {
	case *model.Scalar:
		return v.Value == 2
	case model.Vector:
		return len(v) == 1 && v[0].Value == 2
	}
	return false
}

// Ping proves that the store evaluates PromQL.
func (s *Store) Ping(ctx context.Context, at time.Time) error {
	v, _, err := s.api.Query(ctx, "1+1", at)
	if err != nil {
		return inWords(err)
	}
	if !isTwo(v) {
		return fmt.Errorf("the server at the URL does not calculate like Prometheus: 1+1 is %s", v)
	}
	return nil
}

// instant evaluates a query at one instant.
func (s *Store) instant(ctx context.Context, t *Trace, query string, at time.Time) (model.Value, error) {
	return s.run(ctx, t, fmt.Sprintf("%s @ %s", query, stamp(at)), func(ctx context.Context) (model.Value, v1.Warnings, error) {
		return s.api.Query(ctx, query, at)
	})
}

// matrix evaluates a query at instants that are a step apart.
func (s *Store) matrix(ctx context.Context, t *Trace, query string, r v1.Range) (model.Matrix, error) {
	v, err := s.run(ctx, t, fmt.Sprintf("%s from %s to %s step %s", query, stamp(r.Start), stamp(r.End), r.Step), func(ctx context.Context) (model.Value, v1.Warnings, error) {
		return s.api.QueryRange(ctx, query, r)
	})
	if err != nil {
		return nil, err
	}
	m, err := matrixOf(v)
	if err != nil {
		return nil, err
	}
	return m, keptInstants(m, r.Start, r.Step)
}

// matrixOf are the series of an answer, each in order of time.
func matrixOf(v model.Value) (model.Matrix, error) {
	m, ok := v.(model.Matrix)
	if !ok {
		return nil, wrongType(v, "matrix")
	}
	return m, orderly(m)
}

// run waits for a slot, asks and traces.
func (s *Store) run(ctx context.Context, t *Trace, what string, ask func(context.Context) (model.Value, v1.Warnings, error)) (model.Value, error) {
	release, err := s.slot(ctx)
	if err != nil {
		return nil, err
	}
	defer release()
	partial := false
	v, warnings, err := ask(watchingPartial(ctx, &partial))
	if partial {
		warnings = append(warnings, partialWords)
	}
	t.add(what, warnings)
	if err != nil {
		return nil, inWords(err)
	}
	return v, nil
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// Trace is what was asked of the store on the way to an answer. Its methods may
// be called concurrently.
type Trace struct {
	mu       sync.Mutex
	queries  []string
	warnings []string
}

func (t *Trace) add(query string, warnings []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.queries = append(t.queries, query)
	t.warnings = append(t.warnings, warnings...)
}

// warn adds warnings that came with an earlier answer.
func (t *Trace) warn(warnings []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.warnings = append(t.warnings, warnings...)
}

// empty reports that nothing was asked.
func (t *Trace) empty() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.queries) == 0
}

// Queries are the queries that ran, sorted: they run side by side.
func (t *Trace) Queries() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Sorted(slices.Values(t.queries))
}

// Warnings are the store's own warnings.
func (t *Trace) Warnings() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.warnings)
}
