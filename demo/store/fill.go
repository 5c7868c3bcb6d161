package store

import (
	"context"
	"errors"
	"time"

	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb"
	"golang.org/x/sync/errgroup"

	"github.com/stakes-slo/stakes-slo-datasource/demo/shop"
)

// Filled says how much was written, and how long it took.
type Filled struct {
	Samples int
	Series  int
	Took    time.Duration
}

// blockLength is what one block of the database holds.
const blockLength = 24 * time.Hour

// writers is how many blocks are written at a time, while the next one is generated.
const writers = 2

type sample struct {
	at    int64
	value float64
}

// fill lets the shop advance to its end, a day at a time, and writes each day as
// a block: much faster than appending, since no block waits for another.
func fill(ctx context.Context, from *shop.Shop, dir string) (Filled, error) {
	began := time.Now()
	var filled Filled
	known := map[*shop.Series]bool{}

	var group errgroup.Group
	group.SetLimit(writers)
	for day := from.Start().Truncate(blockLength); day.Before(from.End()) && ctx.Err() == nil; day = day.Add(blockLength) {
		until := day.Add(blockLength)
		if until.After(from.End()) {
			until = from.End()
		}
		scraped := map[*shop.Series][]sample{}
		from.Advance(until, func(s *shop.Series, at int64, v float64) {
			scraped[s] = append(scraped[s], sample{at, v})
			filled.Samples++
		})
		for s := range scraped {
			known[s] = true
		}
		group.Go(func() error { return writeBlock(dir, scraped) })
	}
	err := errors.Join(group.Wait(), ctx.Err())
	filled.Series = len(known)
	filled.Took = time.Since(began)
	return filled, err
}

// writeBlock writes one block into the directory of a database that is not open yet.
func writeBlock(dir string, scraped map[*shop.Series][]sample) (err error) {
	if len(scraped) == 0 {
		return nil
	}
	// Series come one after the other, each from the start of the block; the
	// writer takes samples up to half its length older than the newest one.
	writer, err := tsdb.NewBlockWriter(quiet(), dir, 2*blockLength.Milliseconds())
	if err != nil {
		return err
	}
	defer func() {
		if closed := writer.Close(); err == nil {
			err = closed
		}
	}()
	ctx := context.Background()
	for s, samples := range scraped {
		if err := appendSeries(writer.Appender(ctx), s, samples); err != nil {
			return err
		}
	}
	_, err = writer.Flush(ctx)
	return err
}

func appendSeries(app storage.Appender, s *shop.Series, samples []sample) error {
	var ref storage.SeriesRef
	for _, one := range samples {
		var err error
		if ref, err = app.Append(ref, s.Labels, one.at, one.value); err != nil {
			app.Rollback() //nolint:errcheck // the first error says more
			return err
		}
	}
	return app.Commit()
}
