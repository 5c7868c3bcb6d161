package prom

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// reader reads the same thing as others, and says how often it was fetched.
type reader struct {
	session *Session
	fetched int
}

// ask reads; what fetch gives is what the store would.
func (r *reader) ask(ctx context.Context, fetch func() (string, error)) (string, error) {
	got, err := once(ctx, r.session, "it", func(t *Trace) (string, error) {
		r.fetched++
		t.add("a query", nil)
		return fetch()
	})
	if err != nil {
		return "", err
	}
	return got.value, nil
}

func newReader() *reader { return &reader{session: (&Store{}).NewSession(time.Minute)} }

func after(d time.Duration, value string, err error) func() (string, error) {
	return func() (string, error) {
		time.Sleep(d) // no time at all: the clock of a synctest bubble
		return value, err
	}
}

func TestQuestionsForTheSameDataShareOneRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newReader()
		var group sync.WaitGroup
		for range 10 {
			group.Go(func() {
				got, err := r.ask(t.Context(), after(time.Second, "data", nil))
				require.NoError(t, err)
				require.Equal(t, "data", got)
			})
		}
		group.Wait()
		got, err := r.ask(t.Context(), after(0, "", errors.New("asked again")))
		require.NoError(t, err)
		require.Equal(t, "data", got, "what was read is kept")
		require.Equal(t, 1, r.fetched)

		other, err := once(t.Context(), r.session, "something else", func(*Trace) (string, error) { return "other", nil })
		require.NoError(t, err)
		require.Equal(t, "other", other.value)
	})
}

// Who comes first may be cancelled: a panel that is scrolled away. Those who wait
// for it ask for themselves, one of them for all.
func TestWhoWaitsForACancelledReadAsksForItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newReader()
		first, cancel := context.WithCancel(t.Context())
		var group sync.WaitGroup
		group.Go(func() {
			_, err := r.ask(first, func() (string, error) {
				<-first.Done()
				return "", inWords(first.Err())
			})
			require.EqualError(t, err, "the query was cancelled")
		})
		synctest.Wait() // the first one is at it
		for range 3 {
			group.Go(func() {
				got, err := r.ask(t.Context(), after(time.Second, "data", nil))
				require.NoError(t, err)
				require.Equal(t, "data", got)
			})
		}
		synctest.Wait() // the others wait
		cancel()
		group.Wait()
		require.Equal(t, 2, r.fetched)
	})
}

func TestAFailedReadIsNotKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newReader()
		down := errors.New("down")
		var group sync.WaitGroup
		group.Go(func() {
			_, err := r.ask(t.Context(), after(time.Second, "", down))
			require.ErrorIs(t, err, down)
		})
		synctest.Wait()
		group.Go(func() {
			got, err := r.ask(t.Context(), after(time.Second, "data", nil))
			require.NoError(t, err, "who waited is not told of another's failure")
			require.Equal(t, "data", got)
		})
		group.Wait()
		require.Equal(t, 2, r.fetched)
	})
}

func TestWhoIsCancelledWhileWaitingGoes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newReader()
		var group sync.WaitGroup
		group.Go(func() {
			got, err := r.ask(t.Context(), after(time.Hour, "data", nil))
			require.NoError(t, err)
			require.Equal(t, "data", got)
		})
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began := time.Now()
		_, err := r.ask(ctx, after(0, "", nil))
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, time.Second, time.Since(began), "not an hour")
		group.Wait()
	})
}
