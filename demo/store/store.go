// Package store is Prometheus in this process: its database, its query engine
// and its HTTP API, remote read included, on a port of the loopback interface.
// What it holds comes from a shop instead of from scrapes.
package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/prometheus/common/promslog"
	"github.com/prometheus/prometheus/storage/remote"
	"github.com/prometheus/prometheus/tsdb"

	"github.com/stakes-slo/stakes-slo-datasource/demo/shop"
)

// Store is a running Prometheus, or another store that samples are written to.
type Store struct {
	URL    string
	Filled Filled

	dir    string
	db     *tsdb.DB
	server *http.Server

	writer remote.WriteClient // to a store that somebody else runs; else nil
}

// Open fills a database in a temporary directory with a shop's past and serves
// it on a port of 127.0.0.1, any free one if port is zero.
func Open(ctx context.Context, s *shop.Shop, port int) (*Store, error) {
	dir, err := os.MkdirTemp("", "stakes-demo-prometheus-")
	if err != nil {
		return nil, err
	}
	store := &Store{dir: dir}
	if err := store.open(ctx, s, port); err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return store, nil
}

func (s *Store) open(ctx context.Context, from *shop.Shop, port int) error {
	listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return fmt.Errorf("listen for the embedded Prometheus: %w", err)
	}
	s.URL = "http://" + listener.Addr().String()

	if s.Filled, err = fill(ctx, from, s.dir); err != nil {
		listener.Close()
		return fmt.Errorf("fill the embedded Prometheus: %w", err)
	}
	if s.db, err = openDB(s.dir); err != nil {
		listener.Close()
		return fmt.Errorf("open the embedded Prometheus: %w", err)
	}
	s.server = &http.Server{Handler: newAPI(s.db, s.dir, listener.Addr().String()), ReadHeaderTimeout: 10 * time.Second}
	go s.server.Serve(listener) //nolint:errcheck // it always ends with ErrServerClosed
	return nil
}

func openDB(dir string) (*tsdb.DB, error) {
	opts := tsdb.DefaultOptions()
	opts.RetentionDuration = math.MaxInt64 / int64(time.Millisecond) // the past is never cut off
	opts.WALSegmentSize = -1                                         // nothing outlives the process, so nothing is logged
	db, err := tsdb.Open(dir, quiet(), nil, opts, nil)
	if err != nil {
		return nil, err
	}
	db.DisableCompactions() // a few days of live samples fit in memory
	return db, nil
}

// Follow lets the shop advance to an instant and stores what was scraped.
func (s *Store) Follow(ctx context.Context, from *shop.Shop, to time.Time) error {
	if s.writer != nil {
		return s.followElsewhere(ctx, from, to)
	}
	app := s.db.Appender(ctx)
	var failed error
	from.Advance(to, func(series *shop.Series, at int64, v float64) {
		if failed == nil {
			_, failed = app.Append(0, series.Labels, at, v)
		}
	})
	if failed != nil {
		return errors.Join(failed, app.Rollback())
	}
	return app.Commit()
}

// FollowClock lets the shop live along with the clock until the context ends. A
// minute is complete when it is over, so it appears within a few seconds after.
func (s *Store) FollowClock(ctx context.Context, from *shop.Shop) error {
	const often = 5 * time.Second
	tick := time.NewTicker(often)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case now := <-tick.C:
			if err := s.Follow(ctx, from, now); err != nil && ctx.Err() == nil {
				return fmt.Errorf("store fresh samples: %w", err)
			}
		}
	}
}

// Close stops serving and removes the data; a store that somebody else runs keeps it.
func (s *Store) Close() error {
	if s.writer != nil {
		return nil
	}
	var errs []error
	if s.server != nil {
		errs = append(errs, s.server.Close())
	}
	if s.db != nil {
		errs = append(errs, s.db.Close())
	}
	return errors.Join(append(errs, os.RemoveAll(s.dir))...)
}

// quiet drops what Prometheus would log.
func quiet() *slog.Logger { return promslog.NewNopLogger() }
