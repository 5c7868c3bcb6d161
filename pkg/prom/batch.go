package prom

import (
	"context"
	"errors"
	"slices"
	"strings"
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
	key      string    // of the matchers
	from, to time.Time // both in it
	series   func(labels.Labels) sink

	done chan struct{} // closed when it is answered, with err
	gone chan struct{} // closed when nobody waits for it
	err  error

	mu   sync.Mutex // held while samples are handed on
	over bool       // nothing more is handed on: nobody wants it
}

func newReadJob(matchers []*labels.Matcher, from, to time.Time, series func(labels.Labels) sink) *readJob {
	return &readJob{matchers: matchers, key: keyOf(matchers), from: from, to: to, series: series, done: make(chan struct{}), gone: make(chan struct{})}
}

func keyOf(matchers []*labels.Matcher) string {
	var key strings.Builder
	for _, m := range matchers {
		key.WriteString(m.String())
		key.WriteByte(0)
	}
	return key.String()
}

// joins reports that two jobs are better read as one: they want the same series, and
// neither waits for much more than it wants.
func (j *readJob) joins(o *readJob) bool {
	mine, others := j.to.Sub(j.from), o.to.Sub(o.from)
	return j.key == o.key && mine <= 2*others && others <= 2*mine
}

// sameSeries are jobs that are read as one; at least one.
type sameSeries []*readJob

// together puts jobs that join each other together.
func together(jobs []*readJob) []sameSeries {
	var all []sameSeries
	for _, job := range jobs {
		i := slices.IndexFunc(all, func(q sameSeries) bool { return q[0].joins(job) })
		if i < 0 {
			all = append(all, sameSeries{job})
			continue
		}
		all[i] = append(all[i], job)
	}
	return all
}

// span is from when to when any of the jobs wants samples.
func (q sameSeries) span() (from, to time.Time) {
	from, to = q[0].from, q[0].to
	for _, job := range q[1:] {
		from, to = earliest(from, job.from), latest(to, job.to)
	}
	return from, to
}

// take hands samples on to the jobs that somebody still wants, which it puts into the
// memory of wanted.
func (q sameSeries) take(wanted []*readJob, decode func([]*readJob) error) error {
	wanted = wanted[:0]
	for _, job := range q {
		job.mu.Lock() // a job is in one request at a time, and so is its lock
		defer job.mu.Unlock()
		if !job.over {
			wanted = append(wanted, job)
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	return decode(wanted)
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

// take takes a slot's share of what waits, and what is read along with it anyway.
func (b *batches) take() []*readJob {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := (len(b.queue) + maxConcurrent - 1) / maxConcurrent
	jobs := slices.Clone(b.queue[:n])
	var left []*readJob
	for _, job := range b.queue[n:] {
		if slices.ContainsFunc(b.queue[:n], job.joins) {
			jobs = append(jobs, job)
		} else {
			left = append(left, job)
		}
	}
	b.queue = left
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
