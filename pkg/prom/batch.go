package prom

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/prometheus/prometheus/model/labels"
)

// batches puts the reads of samples that wait for a slot at the same time into one
// request: a hundred indicators that are refreshed together take a few requests and
// not a hundred. What runs alone waits for nobody.
type batches struct {
	mu    sync.Mutex
	queue []*readJob
}

// readJob is a read of the samples of some series.
type readJob struct {
	matchers []*labels.Matcher
	from, to time.Time // both in it
	series   func(labels.Labels) sink

	done chan struct{} // closed when it is answered, with err
	gone chan struct{} // closed when nobody waits for it
	err  error

	mu   sync.Mutex // held while samples are handed on
	over bool       // nothing more is handed on: nobody wants it
}

func newReadJob(matchers []*labels.Matcher, from, to time.Time, series func(labels.Labels) sink) *readJob {
	return &readJob{matchers: matchers, from: from, to: to, series: series, done: make(chan struct{}), gone: make(chan struct{})}
}

// giveUp makes sure that nothing more is handed on.
func (j *readJob) giveUp() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.over = true
	close(j.gone)
}

func (j *readJob) isWaitedFor() bool {
	select {
	case <-j.gone:
		return false
	default:
		return true
	}
}

// take hands a frame's series on, unless nobody wants them. What ends a read of one
// job, as too many samples do, does not end the others.
func (j *readJob) take(decode func(from, to int64, series func(labels.Labels) sink) error) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.over {
		return nil
	}
	err := decode(j.from.UnixMilli(), j.to.UnixMilli(), j.series)
	if errors.Is(err, errTooManySamples) {
		j.err, j.over, err = err, true, nil
	}
	return err
}

// read reads samples for some jobs, in a request of their own or with others. It
// returns when all of them are over.
func (s *Store) read(ctx context.Context, jobs []*readJob) error {
	s.batches.mu.Lock()
	s.batches.queue = append(s.batches.queue, jobs...)
	s.batches.mu.Unlock()
	var first error
	for _, job := range jobs {
		if err := s.wait(ctx, job); err != nil && first == nil {
			first = err
		}
	}
	return first
}

// wait waits for a job, and runs what waits while it does.
func (s *Store) wait(ctx context.Context, job *readJob) error {
	for {
		select {
		case s.slots <- struct{}{}:
		case <-job.done:
			return job.err
		case <-ctx.Done():
			job.giveUp()
			return ctx.Err()
		}
		jobs := s.batches.take()
		if len(jobs) == 0 { // somebody else has taken it
			<-s.slots
			select {
			case <-job.done:
				return job.err
			case <-ctx.Done():
				job.giveUp()
				return ctx.Err()
			}
		}
		go s.runJobs(ctx, jobs)
	}
}

// take takes a slot's share of what waits.
func (b *batches) take() []*readJob {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := (len(b.queue) + maxConcurrent - 1) / maxConcurrent
	jobs := b.queue[:n:n]
	b.queue = b.queue[n:]
	return jobs
}

// runJobs reads for several jobs in one request, in a slot that it frees. It goes on
// for as long as anybody waits for one of them. Where the store refuses them together,
// each is asked for alone: only one of them may be too much. Samples that come again
// are passed over by whoever has taken them.
func (s *Store) runJobs(ctx context.Context, jobs []*readJob) {
	defer func() { <-s.slots }()
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	go func() {
		for _, job := range jobs {
			select {
			case <-job.gone:
			case <-job.done:
			case <-ctx.Done():
				return
			}
		}
		cancel()
	}()
	run := func(jobs ...*readJob) error {
		return Safely(func() error { return s.remote.readJobs(ctx, jobs) })()
	}
	if !slices.ContainsFunc(jobs, (*readJob).isWaitedFor) {
		return // they were given up before anything was asked
	}
	err := run(jobs...)
	for _, job := range jobs {
		if err != nil && len(jobs) > 1 && !errors.Is(err, errNoRemoteRead) {
			job.finish(run(job))
		} else {
			job.finish(err)
		}
	}
}

// finish answers whoever waits for a job.
func (j *readJob) finish(err error) {
	if j.err == nil {
		j.err = err
	}
	close(j.done)
}
