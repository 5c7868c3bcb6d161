package prom

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/common/model"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// features are what is known of a store's ways, found out when it first matters.
type features struct {
	mu          sync.Mutex
	rangesKnown bool
	closed      bool // ranges hold their start too

	kindKnown time.Time // when the store was asked what it is
	victoria  bool      // it is a VictoriaMetrics
}

// census is how many series selectors have, as far as anybody asked.
type census struct {
	mu     sync.Mutex
	living map[string]living
	// recorded are the definitions that rules recorded slices of, by the hour.
	recorded map[int64]map[string]bool
}

// forget makes the next question ask anew.
func (c *census) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.living, c.recorded = nil, nil
}

// living is how many series a selector had, and whether they look like copies.
type living struct {
	series int64
	copies bool
	asked  time.Time
}

// rangesHoldTheirStart reports whether a range holds its start as well as its end,
// as before Prometheus 3: then a sample on the edge of two slices is in both. It is
// found out by asking for two minutes of a value that there is every minute.
func (s *Store) rangesHoldTheirStart(ctx context.Context, t *Trace) (bool, error) {
	f := &s.features
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.rangesKnown {
		return f.closed, nil
	}
	vector, err := s.vector(ctx, t, "count_over_time(vector(1)[2m:1m])", time.Unix(0, 0).Add(24*time.Hour))
	if err != nil {
		return false, err
	}
	f.rangesKnown, f.closed = true, len(vector) > 0 && vector[0].Value > model.SampleValue(2)
	return f.closed, nil
}

// featureLife is how long what was found out about a store is taken to hold.
const featureLife = time.Hour

// isVictoriaMetrics reports whether the store is a VictoriaMetrics, whose increase()
// counts births and extrapolates nothing. The functions of MetricsQL tell it: others
// refuse them.
func (s *Store) isVictoriaMetrics(ctx context.Context) bool {
	f := &s.features
	f.mu.Lock()
	defer f.mu.Unlock()
	if time.Since(f.kindKnown) < featureLife {
		return f.victoria
	}
	_, _, err := s.api.Query(ctx, "sum(increase_pure(up[1m]))", time.Unix(0, 0).Add(24*time.Hour))
	if err != nil && (ctx.Err() != nil || isUnreachable(err)) {
		return false
	}
	f.victoria, f.kindKnown = err == nil, time.Now()
	return f.victoria
}

// replicaLabels tell replicas of Prometheus apart that scrape the same processes: the
// external labels that the Prometheus operator, Thanos and Mimir take for it.
var replicaLabels = []string{"prometheus_replica", "__replica__", "replica", "receive_replica"}

// censusOf is a query for how many series a selector has, by the labels of replicas.
func censusOf(selector string) string {
	return "count by (" + strings.Join(replicaLabels, ", ") + ") (" + selector + ")"
}

// copiesOf is a query for which share of the series that differ by a label of replicas
// only does so by at most a tenth in value. Two servers that scrape the same process see
// nearly the same; processes of their own, which may be called replicas too, mostly do
// not.
func copiesOf(selector string) string {
	without := " without (" + strings.Join(replicaLabels, ", ") + ") (" + selector + ")"
	return "avg((min" + without + " >= bool 0.9 * max" + without + ") and count" + without + " > 1)"
}

// seriesOf is how many series a selector has now: of those that come and go, about as
// many are there at any time. A store that does not say has none.
func (s *Session) seriesOf(ctx context.Context, t *Trace, selector string, at time.Time) living {
	c := s.census
	c.mu.Lock()
	known, ok := c.living[selector]
	c.mu.Unlock()
	if ok && time.Since(known.asked) < featureLife {
		return known
	}
	vector, err := s.store.vector(inFewBytes(ctx), t, censusOf(selector), lastInstant(at))
	if err != nil {
		return living{} // it is only an estimate; what matters fails by itself
	}
	now := living{asked: time.Now()}
	for _, sample := range vector {
		now.series += int64(sample.Value)
	}
	if len(vector) > 1 { // else no two series differ by the labels of replicas
		copies, err := s.store.vector(inFewBytes(ctx), t, copiesOf(selector), lastInstant(at))
		if err != nil {
			return living{}
		}
		now.copies = len(copies) > 0 && copies[0].Value >= 0.5
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.living == nil || len(c.living) > 10_000 {
		c.living = map[string]living{}
	}
	c.living[selector] = now
	return now
}

// knownAsRecorded reports whether rules recorded slices of a definition in the day before
// the last full hour before an instant. All definitions are asked for at once, for each hour
// that questions end in once. A store that does not answer has none; then counting finds
// out what is wrong with it.
func (s *Session) knownAsRecorded(ctx context.Context, definition string, to time.Time) bool {
	at := slo.Floor(to, featureLife)
	known, err := once(ctx, s, "recorded "+stamp(at), func(*Trace) (map[string]bool, error) {
		c := s.census
		c.mu.Lock()
		known, ok := c.recorded[at.Unix()]
		c.mu.Unlock()
		if ok {
			return known, nil
		}
		vector, err := s.store.vector(inFewBytes(ctx), &Trace{}, "count by (definition) (last_over_time("+RecordedMetric+`{kind="`+kindRan+`"}[1d]))`, at)
		if err != nil {
			return nil, err
		}
		known = map[string]bool{}
		for _, sample := range vector {
			known[string(sample.Metric["definition"])] = true
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.recorded == nil || len(c.recorded) > 100 {
			c.recorded = map[int64]map[string]bool{}
		}
		c.recorded[at.Unix()] = known
		return known, nil
	})
	return err == nil && known.value[definition]
}
