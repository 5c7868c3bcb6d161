package store

import (
	"context"
	"fmt"
	"math"
	"net/url"
	"strings"
	"time"

	"github.com/golang/snappy"
	"github.com/prometheus/client_golang/api"
	v1 "github.com/prometheus/client_golang/api/prometheus/v1"
	config_util "github.com/prometheus/common/config"
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/prompb"
	"github.com/prometheus/prometheus/storage/remote"

	"github.com/stakes-slo/stakes-slo-datasource/demo/shop"
)

// perRequest is how many samples one remote-write request holds: some 300 kB, compressed.
const perRequest = 50_000

// OpenElsewhere writes a shop's past to a store that somebody else runs, by
// Prometheus' remote write at /api/v1/write below its address. The store has to take
// samples as old as the shop, as VictoriaMetrics does by itself.
func OpenElsewhere(ctx context.Context, s *shop.Shop, address string) (*Store, error) {
	address = strings.TrimSuffix(address, "/")
	endpoint, err := url.Parse(address + "/api/v1/write")
	if err != nil || endpoint.Host == "" {
		return nil, fmt.Errorf("%q is no address of a store; expected one like http://127.0.0.1:8428", address)
	}
	client, err := remote.NewWriteClient("demo", &remote.ClientConfig{
		URL:     &config_util.URL{URL: endpoint},
		Timeout: model.Duration(time.Minute),
	})
	if err != nil {
		return nil, err
	}
	elsewhere := &Store{URL: address, writer: client}
	if err := elsewhere.mustBeEmpty(ctx, s); err != nil {
		return nil, err
	}

	began := time.Now()
	known, lastHour := map[*shop.Series]bool{}, 0
	for day := s.Start(); day.Before(s.End()); day = day.Add(blockLength) {
		until := day.Add(blockLength)
		if until.After(s.End()) {
			until = s.End()
		}
		scraped := map[*shop.Series][]sample{}
		s.Advance(until, func(series *shop.Series, at int64, v float64) {
			scraped[series] = append(scraped[series], sample{at, v})
			known[series] = true
			elsewhere.Filled.Samples++
			if at > s.End().Add(-time.Hour).UnixMilli() && !math.IsNaN(v) {
				lastHour++
			}
		})
		if err := elsewhere.write(ctx, scraped); err != nil {
			return nil, fmt.Errorf("fill %s: %w", address, err)
		}
	}
	elsewhere.Filled.Series = len(known)
	if err := elsewhere.waitFor(ctx, s, lastHour); err != nil {
		return nil, err
	}
	elsewhere.Filled.Took = time.Since(began)
	return elsewhere, nil
}

// mustBeEmpty refuses a store that holds a shop: two shops in one would be neither.
func (s *Store) mustBeEmpty(ctx context.Context, from *shop.Shop) error {
	client, err := api.NewClient(api.Config{Address: s.URL})
	if err != nil {
		return err
	}
	found, _, err := v1.NewAPI(client).Series(ctx, []string{`{__name__=~"shop_.+"}`}, from.Start(), from.End(), v1.WithLimit(1))
	switch {
	case err != nil:
		return fmt.Errorf("ask %s what it holds: %w", s.URL, err)
	case len(found) > 0:
		return fmt.Errorf("%s holds a shop from an earlier run; samples of two would be mixed: empty it first", s.URL)
	}
	return nil
}

// visible is how long it may take until samples that were written can be found.
// VictoriaMetrics hides the last 30 seconds.
const visible = 2 * time.Minute

// waitFor waits until the samples of the shop's last hour can be found.
func (s *Store) waitFor(ctx context.Context, from *shop.Shop, samples int) error {
	client, err := api.NewClient(api.Config{Address: s.URL})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, visible)
	defer cancel()
	for {
		found, _, err := v1.NewAPI(client).Query(ctx, `sum(count_over_time({__name__=~"shop_.+"}[1h]))`, from.End())
		if sums, ok := found.(model.Vector); err == nil && ok && len(sums) == 1 && int(sums[0].Value) >= samples {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s does not show the %d samples of the last hour that it took (it shows %v)", s.URL, samples, found)
		case <-time.After(500 * time.Millisecond):
		}
	}
}

// write sends samples, those of one series in the order of time.
func (s *Store) write(ctx context.Context, scraped map[*shop.Series][]sample) error {
	var request prompb.WriteRequest
	samples := 0
	send := func() error {
		if samples == 0 {
			return nil
		}
		text, err := request.Marshal()
		if err != nil {
			return err
		}
		request, samples = prompb.WriteRequest{}, 0
		_, err = s.writer.Store(ctx, snappy.Encode(nil, text), 0)
		return err
	}
	for series, all := range scraped {
		one := prompb.TimeSeries{Samples: make([]prompb.Sample, len(all))}
		series.Labels.Range(func(l labels.Label) {
			one.Labels = append(one.Labels, prompb.Label{Name: l.Name, Value: l.Value})
		})
		for i, sample := range all {
			one.Samples[i] = prompb.Sample{Timestamp: sample.at, Value: sample.value}
		}
		request.Timeseries = append(request.Timeseries, one)
		if samples += len(all); samples >= perRequest {
			if err := send(); err != nil {
				return err
			}
		}
	}
	return send()
}

// followElsewhere is Follow for a store that somebody else runs.
func (s *Store) followElsewhere(ctx context.Context, from *shop.Shop, to time.Time) error {
	scraped := map[*shop.Series][]sample{}
	from.Advance(to, func(series *shop.Series, at int64, v float64) {
		scraped[series] = append(scraped[series], sample{at, v})
	})
	return s.write(ctx, scraped)
}
