package store

import (
	"context"
	"net/http"
	"net/url"

	"time"

	"github.com/grafana/regexp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/route"
	"github.com/prometheus/prometheus/config"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/rules"
	"github.com/prometheus/prometheus/tsdb"
	"github.com/prometheus/prometheus/util/features"
	"github.com/prometheus/prometheus/util/notifications"
	v1 "github.com/prometheus/prometheus/web/api/v1"
)

// version is that of the module prometheus/prometheus in go.mod: v0.315.0 is 3.15.0.
const version = "3.15.0"

// The limits and defaults of a Prometheus that nobody has configured.
const (
	maxSamples          = 50_000_000
	queryTimeout        = 2 * time.Minute
	lookback            = 5 * time.Minute
	remoteReadSamples   = 50_000_000
	remoteReadQueries   = 10
	remoteReadFrame     = 1 << 20
	defaultStepOfSubqry = time.Minute
)

// newAPI serves the database as Prometheus itself does, under /api/v1.
func newAPI(db *tsdb.DB, dir, address string) http.Handler {
	engine := promql.NewEngine(promql.EngineOpts{
		Logger:                   quiet(),
		MaxSamples:               maxSamples,
		Timeout:                  queryTimeout,
		LookbackDelta:            lookback,
		NoStepSubqueryIntervalFn: func(int64) int64 { return defaultStepOfSubqry.Milliseconds() },
		EnableAtModifier:         true,
		EnableNegativeOffset:     true,
		Parser:                   parser.NewParser(parser.Options{}),
	})
	api := v1.NewAPI(
		engine,
		db,
		nil, nil, // nothing is written over HTTP
		db,
		func(context.Context) v1.ScrapePoolsRetriever { return nobody{} },
		func(context.Context) v1.TargetRetriever { return pages },
		func(context.Context) v1.AlertmanagerRetriever { return nobody{} },
		func() config.Config { return config.DefaultConfig },
		map[string]string{},
		v1.GlobalURLOptions{ListenAddress: address, Host: address, Scheme: "http"},
		func(f http.HandlerFunc) http.HandlerFunc { return f }, // always ready
		adminStats{db},
		dir,
		false, false, 0, // no admin interface, no search
		quiet(),
		func(context.Context) v1.RulesRetriever { return nobody{} },
		remoteReadSamples, remoteReadQueries, remoteReadFrame,
		false, // not an agent
		regexp.MustCompile("^$"),
		func() (v1.RuntimeInfo, error) { return v1.RuntimeInfo{}, nil },
		&v1.PrometheusVersion{Version: version, Revision: "embedded", Branch: "embedded"},
		func() []notifications.Notification { return nil },
		func() (<-chan notifications.Notification, func(), bool) { return nil, func() {}, false },
		prometheus.NewRegistry(), prometheus.NewRegistry(),
		nil,
		false, nil, // no remote write
		false, false, false, // no OTLP
		false,
		lookback,
		false, false,
		nil,
		features.NewRegistry(),
		v1.OpenAPIOptions{ExternalURL: "http://" + address, Version: version},
		parser.NewParser(parser.Options{}),
	)
	router := route.New()
	api.Register(router.WithPrefix("/api/v1"))
	return router
}

// nobody answers for what this Prometheus does not do: scrape, alert, record.
type nobody struct{}

func (nobody) ScrapePools() []string                { return nil }
func (nobody) Alertmanagers() []*url.URL            { return nil }
func (nobody) DroppedAlertmanagers() []*url.URL     { return nil }
func (nobody) RuleGroups() []*rules.Group           { return nil }
func (nobody) AlertingRules() []*rules.AlertingRule { return nil }

// adminStats adds what the API wants to know about a database.
type adminStats struct{ *tsdb.DB }

func (a adminStats) BlockMetas() ([]tsdb.BlockMeta, error) { return a.DB.BlockMetas(), nil }

func (a adminStats) Stats(label string, limit int) (*tsdb.Stats, error) {
	return a.Head().Stats(label, limit), nil
}

func (adminStats) WALReplayStatus() (tsdb.WALReplayStatus, error) {
	return tsdb.WALReplayStatus{}, nil
}
