package prom

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// asking is the way to the store: every request takes it. It waits where the store
// asks for patience, notices answers that are marked as partial, and counts.
type asking struct {
	next http.RoundTripper

	mu    sync.Mutex
	until time.Time // before which the store is not asked, because it said so
}

// maxPatience bounds how long a store can keep us away, so that a wrong header does not
// do so for a day.
const maxPatience = time.Minute

// busyError is that the store asked to be left alone for a while.
type busyError struct{ status, seconds int }

func (e busyError) Error() string {
	return "Prometheus is asked too much (HTTP " + strconv.Itoa(e.status) + "); it wants to be asked again in " + strconv.Itoa(e.seconds) + " s"
}

// RoundTrip asks the store, unless it wants to be left alone.
func (a *asking) RoundTrip(req *http.Request) (*http.Response, error) {
	if left := a.patience(); left > 0 {
		requests.WithLabelValues("held back").Inc()
		return nil, busyError{http.StatusTooManyRequests, int((left + time.Second - 1) / time.Second)}
	}
	if req.Context().Value(fewBytesKey{}) != nil {
		req = req.Clone(req.Context())
		req.Header.Set("Accept-Encoding", "identity")
	}
	began := time.Now()
	response, err := a.next.RoundTrip(req)
	requestSeconds.Observe(time.Since(began).Seconds())
	requests.WithLabelValues(outcome(response, err)).Inc()
	if err != nil {
		return nil, err
	}
	if wait := retryAfter(response, time.Now()); wait > 0 {
		a.mu.Lock()
		a.until = time.Now().Add(wait)
		a.mu.Unlock()
		_, _ = io.CopyN(io.Discard, response.Body, 4096)
		_ = response.Body.Close()
		return nil, busyError{response.StatusCode, int((wait + time.Second - 1) / time.Second)}
	}
	markPartial(req.Context(), response)
	return response, nil
}

type fewBytesKey struct{}

// inFewBytes is a context whose requests are answered in few bytes, which are not worth
// compressing: Prometheus allocates 800 KB anew for every answer that it compresses, and
// collecting them takes longer than to count a few series.
func inFewBytes(ctx context.Context) context.Context {
	return context.WithValue(ctx, fewBytesKey{}, true)
}

func (a *asking) patience() time.Duration {
	a.mu.Lock()
	defer a.mu.Unlock()
	return time.Until(a.until)
}

// retryAfter is how long a refusal for lack of capacity asks to wait; zero where it does
// not say. It may be in seconds or a date (RFC 9110, section 10.2.3).
func retryAfter(response *http.Response, now time.Time) time.Duration {
	if response.StatusCode != http.StatusTooManyRequests && response.StatusCode != http.StatusServiceUnavailable {
		return 0
	}
	text := strings.TrimSpace(response.Header.Get("Retry-After"))
	wait := time.Duration(0)
	if seconds, err := strconv.Atoi(text); err == nil {
		wait = time.Duration(min(max(seconds, 0), int(maxPatience/time.Second))) * time.Second
	} else if at, err := http.ParseTime(text); err == nil {
		wait = at.Sub(now)
	}
	return min(max(wait, 0), maxPatience)
}

// outcome is what became of a request, in few words: a status, or why there is none.
func outcome(response *http.Response, err error) string {
	switch {
	case err == nil:
		return strconv.Itoa(response.StatusCode)
	case errors.Is(err, context.Canceled):
		return "cancelled"
	case errors.Is(err, context.DeadlineExceeded):
		return "too late"
	}
	return "unreachable"
}

// VictoriaMetrics marks an answer that some of its nodes did not contribute to in the
// body, where Prometheus' client does not look; Thanos and Mimir warn.
var partialMark = []byte(`"isPartial":true`)

// markReach is how far into an answer the mark is looked for: it comes right after the
// status.
const markReach = 64

type partialKey struct{}

// watchingPartial is a context whose requests set found where their answer is marked as
// partial.
func watchingPartial(ctx context.Context, found *bool) context.Context {
	return context.WithValue(ctx, partialKey{}, found)
}

func markPartial(ctx context.Context, response *http.Response) {
	found, ok := ctx.Value(partialKey{}).(*bool)
	if !ok {
		return
	}
	var (
		start = make([]byte, markReach)
		n     int
		err   error
	)
	for n < len(start) && err == nil {
		var more int
		more, err = response.Body.Read(start[n:])
		n += more
	}
	start = start[:n]
	*found = bytes.Contains(start, partialMark)
	rest := io.Reader(response.Body)
	if err != nil {
		rest = failing{err} // its end, or where it broke off
	}
	response.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(start), rest), response.Body}
}

// failing is a body that has nothing more to give, and says why.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// partialWords stand for the mark.
const partialWords = "partial response: some of the store's nodes did not answer"

// isPartial tells a warning that data is missing from what PromQL has to say about a
// query.
func isPartial(warning string) bool { return !strings.HasPrefix(warning, "PromQL ") }
