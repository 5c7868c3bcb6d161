package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/stakes-slo/stakes-slo-datasource/demo/card"
	"github.com/stakes-slo/stakes-slo-datasource/demo/grafana"
	"github.com/stakes-slo/stakes-slo-datasource/demo/shop"
	"github.com/stakes-slo/stakes-slo-datasource/demo/store"
)

// demo is what has been started so far.
type demo struct {
	out io.Writer

	mu      sync.Mutex // a second signal kills from another goroutine
	store   *store.Store
	plugin  *asker
	grafana *grafana.Grafana
}

// run starts everything and waits until the context ends or Grafana does.
func (d *demo) run(ctx context.Context, o options) error {
	began := time.Now()
	repo, err := findRepo()
	if err != nil {
		return err
	}
	catalog, err := os.ReadFile(repo.catalog())
	if err != nil {
		return err
	}
	if o.plugin == "" {
		o.plugin = repo.plugin()
	}
	if o.plugin, err = filepath.Abs(o.plugin); err != nil {
		return err
	}

	s, err := d.startStore(ctx, o)
	if err != nil {
		return err
	}
	text := recent(string(catalog), s.End())
	if err := d.startPlugin(o, text); err != nil {
		return err
	}
	if err := d.report(ctx, s); err != nil || o.once {
		return err
	}

	failed, stop := d.followClock(ctx, s)
	defer stop()
	if o.grafana != "off" {
		if err := d.startGrafana(ctx, o, repo, text); err != nil {
			return err
		}
	}
	d.say("\nReady after %s. Ctrl-C ends everything that was started here.", since(began))
	return d.wait(ctx, failed)
}

func (d *demo) startStore(ctx context.Context, o options) (*shop.Shop, error) {
	s := shop.New(shop.Options{Seed: o.seed, End: time.Now()})
	started, what, err := open(ctx, s, o)
	if err != nil {
		return nil, err
	}
	d.set(func() { d.store = started })
	d.say("%-11s %s holds %s samples of %s series over %d days, filled in %s",
		what, started.URL, card.Thousands(int64(started.Filled.Samples)), card.Thousands(int64(started.Filled.Series)),
		int(s.End().Sub(s.Start()).Hours()/24), started.Filled.Took.Round(100*time.Millisecond))
	return s, nil
}

// open fills a store, and says what it is.
func open(ctx context.Context, s *shop.Shop, o options) (*store.Store, string, error) {
	if o.store != "" {
		opened, err := store.OpenElsewhere(ctx, s, o.store)
		return opened, "Your store", err
	}
	opened, err := store.Open(ctx, s, o.port)
	return opened, "Prometheus", err
}

func (d *demo) startPlugin(o options, catalog string) error {
	started, err := startPlugin(o.plugin, d.store.URL, catalog, nil)
	if err != nil {
		return err
	}
	d.set(func() { d.plugin = started })
	return nil
}

func (d *demo) startGrafana(ctx context.Context, o options, r repo, catalog string) error {
	started, err := grafana.Start(ctx, grafana.Settings{
		Port:       o.grafanaPort,
		PluginID:   pluginID,
		PluginDir:  filepath.Dir(o.plugin),
		Dashboards: r.dashboards(),
		SourceUID:  sourceUID,
		SourceURL:  d.store.URL,
		JSONData:   settings(catalog),
	})
	if errors.Is(err, grafana.ErrNone) {
		d.say("\nGrafana     not started: found %v.", err)
		d.say("            Install Grafana 11.6 or later and set GRAFANA_HOME or PATH, or start Docker.")
		return nil
	}
	if err != nil {
		return err
	}
	d.set(func() { d.grafana = started })
	d.say("\nGrafana     %s (user %s, password %s), from %s", started.URL, grafana.User, grafana.Password, started.What)
	for _, dashboard := range started.Dashboards {
		d.say("            %-30s %s", dashboard.Title, dashboard.URL)
	}
	return nil
}

// followClock lets the shop live on. It must have stopped before the store closes.
func (d *demo) followClock(ctx context.Context, s *shop.Shop) (failed <-chan error, stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	errs, done := make(chan error, 1), make(chan struct{})
	go func() {
		defer close(done)
		if err := d.store.FollowClock(ctx, s); err != nil {
			errs <- err
		}
	}()
	return errs, func() { cancel(); <-done }
}

// wait blocks until someone interrupts, or something that should run has ended.
func (d *demo) wait(ctx context.Context, failed <-chan error) error {
	var grafanaExited <-chan struct{}
	if d.grafana != nil {
		grafanaExited = d.grafana.Exited()
	}
	select {
	case <-ctx.Done():
		return nil
	case err := <-failed:
		return err
	case <-grafanaExited:
		return errors.New("the Grafana started here ended by itself")
	}
}

// close ends everything in the opposite order of its start.
func (d *demo) close() error {
	var errs []error
	if d.grafana != nil {
		errs = append(errs, d.grafana.Close())
	}
	if d.plugin != nil {
		d.plugin.Close()
	}
	if d.store != nil {
		errs = append(errs, d.store.Close())
	}
	return errors.Join(errs...)
}

// kill ends the child processes without asking.
func (d *demo) kill() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.grafana != nil {
		d.grafana.Kill()
	}
	if d.plugin != nil {
		d.plugin.Kill()
	}
}

func (d *demo) set(started func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	started()
}

func (d *demo) say(format string, args ...any) { fmt.Fprintf(d.out, format+"\n", args...) }

func since(t time.Time) time.Duration { return time.Since(t).Round(10 * time.Millisecond) }
