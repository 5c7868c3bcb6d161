package prom

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// Metrics of our own, of all data sources together, on Grafana's endpoint
// /metrics/plugins/stakes-slo-datasource. Their labels are few and hold nothing of
// what is asked.
var (
	requests = promauto.NewCounterVec(prometheus.CounterOpts{
		Name: "stakes_store_requests_total",
		Help: "Requests to Prometheus by outcome: an HTTP status, unreachable, too late, cancelled, or held back where Prometheus asked for patience.",
	}, []string{"outcome"})
	requestSeconds = promauto.NewHistogram(prometheus.HistogramOpts{
		Name:    "stakes_store_request_duration_seconds",
		Help:    "Time until Prometheus began to answer.",
		Buckets: []float64{0.005, 0.02, 0.1, 0.5, 2, 10, 30},
	})
	samplesTaken = promauto.NewCounter(prometheus.CounterOpts{
		Name: "stakes_store_samples_total",
		Help: "Samples that were read one by one.",
	})
	cacheUses = promauto.NewCounterVec(prometheus.CounterOpts{
		Name: "stakes_cache_uses_total",
		Help: "Questions for counters: hit where all was kept, refresh where the end was read, miss where history was.",
	}, []string{"result"})
	cacheBytes = promauto.NewGauge(prometheus.GaugeOpts{
		Name: "stakes_cache_bytes",
		Help: "Memory of what is kept of counters, of all data sources.",
	})
	keptAnswers = promauto.NewCounter(prometheus.CounterOpts{
		Name: "stakes_kept_answers_total",
		Help: "Counters that were answered from what was kept because Prometheus failed.",
	})
	answers = promauto.NewCounterVec(prometheus.CounterOpts{
		Name: "stakes_answers_total",
		Help: "Answers by query type and outcome: ok, bad input, store, internal.",
	}, []string{"type", "outcome"})
	staleness = promauto.NewHistogram(prometheus.HistogramOpts{
		Name:    "stakes_data_age_seconds",
		Help:    "Age of the newest sample of an answer about now.",
		Buckets: []float64{60, 120, 300, 600, 1800, 3600, 4 * 3600, 24 * 3600},
	})
)

// CountAnswer counts an answer for the metrics.
func CountAnswer(queryType, outcome string) { answers.WithLabelValues(queryType, outcome).Inc() }

// ObserveAge notes how old the newest sample of an answer about now is, in seconds.
func ObserveAge(seconds float64) { staleness.Observe(seconds) }
