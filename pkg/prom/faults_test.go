package prom

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/prompb"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/internal/promtest"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// trip is a way to the store that is a function.
type trip func(*http.Request) (*http.Response, error)

func (f trip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestPatienceIsWhatAStoreAsksForWithinReason(t *testing.T) {
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	check := func(status int, header string, want time.Duration) {
		t.Helper()
		response := &http.Response{StatusCode: status, Header: http.Header{"Retry-After": {header}}}
		require.Equal(t, want, retryAfter(response, now), header)
	}
	check(429, "7", 7*time.Second)
	check(503, "7", 7*time.Second)
	check(500, "7", 0)
	check(200, "7", 0)
	check(429, "", 0)
	check(429, "soon", 0)
	check(429, "-5", 0)
	check(429, "86400", time.Minute)
	check(429, "99999999999999999999", 0) // no number that there is
	check(429, "9223372036854775807", time.Minute)
	check(429, "Mon, 02 Mar 2026 12:00:30 GMT", 30*time.Second)
	check(429, "Mon, 02 Mar 2026 11:00:00 GMT", 0)
	check(429, "Mon, 02 Mar 2099 12:00:00 GMT", time.Minute)
}

// A store that asks for patience is left alone, by every question.
func TestAStoreThatIsAskedTooMuchIsLeftAlone(t *testing.T) {
	asked := 0
	way := &asking{next: trip(func(*http.Request) (*http.Response, error) {
		asked++
		return &http.Response{StatusCode: 429, Header: http.Header{"Retry-After": {"30"}}, Body: io.NopCloser(strings.NewReader(""))}, nil
	})}
	for range 3 {
		req, err := http.NewRequest(http.MethodGet, "http://store/api/v1/query", nil)
		require.NoError(t, err)
		_, err = way.RoundTrip(req)
		require.EqualError(t, inWords(err), "Prometheus is asked too much (HTTP 429); it wants to be asked again in 30 s")
	}
	require.Equal(t, 1, asked)
}

// brokenBody gives a text and then an error.
type brokenBody struct {
	io.Reader
	err error
}

func (b brokenBody) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if errors.Is(err, io.EOF) {
		err = b.err
	}
	return n, err
}

func (brokenBody) Close() error { return nil }

// Looking for the mark of a partial answer changes nothing of the answer, nor how it
// ends.
func TestTheMarkOfAPartialAnswerIsFound(t *testing.T) {
	for _, test := range []struct {
		body  string
		ends  error
		found bool
	}{
		{`{"status":"success","isPartial":true,"data":{}}`, io.EOF, true},
		{`{"status":"success","isPartial":true,"data":{}}` + strings.Repeat(" ", 1000), io.EOF, true},
		{`{"status":"success","isPartial":false,"data":{}}`, io.EOF, false},
		{strings.Repeat(" ", 1000) + `"isPartial":true`, io.EOF, false},
		{``, io.EOF, false},
		{`{"status"`, io.ErrUnexpectedEOF, false},
		{strings.Repeat("x", 64), io.ErrUnexpectedEOF, false},
		{strings.Repeat("x", 1000), io.ErrUnexpectedEOF, false},
	} {
		found := false
		response := &http.Response{Body: brokenBody{strings.NewReader(test.body), test.ends}}
		markPartial(watchingPartial(t.Context(), &found), response)
		require.Equal(t, test.found, found, test.body)
		got, err := io.ReadAll(response.Body)
		require.Equal(t, test.body, string(got))
		if errors.Is(test.ends, io.EOF) {
			require.NoError(t, err)
		} else {
			require.ErrorIs(t, err, test.ends)
		}
	}
}

// warning adds a warning to answers, or marks them as VictoriaMetrics does.
func warning(text string) trip {
	return func(r *http.Request) (*http.Response, error) {
		response, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			return nil, err
		}
		body, err := io.ReadAll(response.Body)
		_ = response.Body.Close()
		body = bytes.Replace(body, []byte(`"status":"success"`), []byte(`"status":"success",`+text), 1)
		body = bytes.Replace(body, []byte(`{"data"`), []byte(`{`+text+`,"data"`), 1) // fields in another order
		response.Body, response.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		return response, err
	}
}

// What came in part says so for as long as it is used, and is read anew after a while.
func TestWhatCameInPartIsReadAnew(t *testing.T) {
	for _, partial := range []string{`"warnings":["No StoreAPIs matched for this query"]`, `"isPartial":true`} {
		for _, ind := range []Indicator{
			{Bad: "sum(rate(x_total{code=\"500\"}[5m]))", Total: "sum(rate(x_total[5m]))"}, // counted
			{Threshold: "sum(x_total)", Op: "gt", Value: 3},                                // kept as written
		} {
			at := time.Now().Add(-2 * time.Hour).Truncate(time.Hour)
			var samples []promtest.Sample
			for i := range 60 {
				samples = append(samples, promtest.Sample{At: at.Add(time.Duration(i) * time.Minute), Value: float64(i)})
			}
			url := promtest.InProcess(t, []promtest.Series{{Labels: map[string]string{"__name__": "x_total", "code": "200"}, Samples: samples}})
			sick := true
			store, err := NewStore(url, &http.Client{Transport: trip(func(r *http.Request) (*http.Response, error) {
				if sick {
					return warning(partial)(r)
				}
				return http.DefaultTransport.RoundTrip(r)
			})}, DefaultCacheSize)
			require.NoError(t, err)
			grid, err := slo.NewGrid(slo.Part{Start: at, Step: time.Hour, N: 1})
			require.NoError(t, err)
			partly := func() bool {
				events, err := store.NewSession(time.Minute).Events(t.Context(), ind, grid, at.Add(2*time.Hour))
				require.NoError(t, err)
				return Partial(events.StoreWarnings)
			}
			require.True(t, partly())
			sick = false
			require.True(t, partly(), "it is kept, and still in part")
			for _, one := range store.slices.entries { // two minutes later
				switch e := one.(type) {
				case *entry:
					e.began = e.began.Add(-partialLife - time.Second)
				case *writtenSlices:
					e.began = e.began.Add(-partialLife - time.Second)
				}
			}
			require.False(t, partly())
		}
	}
}

// What PromQL has to say about a query is no sign of missing data.
func TestRemarksOnAQueryAreNotPartialAnswers(t *testing.T) {
	require.False(t, Partial(nil))
	require.False(t, Partial([]string{`PromQL info: metric might not be a counter: "x"`, "PromQL warning: ratio value should be between -1 and 1"}))
	require.True(t, Partial([]string{"PromQL info: x", "receive series from Addr: down"}))
}

func TestAnswersAreOrderly(t *testing.T) {
	stream := func(name string, times ...model.Time) *model.SampleStream {
		s := &model.SampleStream{Metric: model.Metric{"__name__": model.LabelValue(name)}}
		for _, at := range times {
			s.Values = append(s.Values, model.SamplePair{Timestamp: at})
		}
		return s
	}
	require.NoError(t, orderly(model.Matrix{stream("a", 1, 2, 3), stream("b", 1), stream("c")}))
	require.ErrorContains(t, orderly(model.Matrix{stream("a", 1), stream("b", 1), stream("a", 2)}), "the same series twice")
	require.ErrorContains(t, orderly(model.Matrix{stream("a", 1, 3, 2)}), "out of order")
	require.ErrorContains(t, orderly(model.Matrix{stream("a", 1, 1)}), "out of order")
}

// Chunks that do not follow each other would lose the earlier ones.
func TestChunksOutOfOrderAreNoAnswer(t *testing.T) {
	chunk := func(from int64) prompb.Chunk {
		c := chunkenc.NewXORChunk()
		appender, err := c.Appender()
		require.NoError(t, err)
		appender.Append(0, from, 1)
		appender.Append(0, from+1000, 2)
		return prompb.Chunk{Type: prompb.Chunk_XOR, Data: c.Bytes(), MinTimeMs: from, MaxTimeMs: from + 1000}
	}
	read := func(chunks ...prompb.Chunk) error {
		text, err := (&prompb.ChunkedReadResponse{ChunkedSeries: []*prompb.ChunkedSeries{{Chunks: chunks}}}).Marshal()
		require.NoError(t, err)
		_, err = readFrom(t, http.StatusOK, streamed, framed(text))
		return err
	}
	require.NoError(t, read(chunk(2000), chunk(3000), chunk(4000)))
	require.ErrorIs(t, read(chunk(3000), chunk(2000)), errDisorder)
}

// A counter goes on from its last number: NaN and infinities are none.
func TestNaNAndInfinitiesAreNoValues(t *testing.T) {
	at := time.Now().Add(-3 * time.Hour).Truncate(time.Hour)
	for _, strange := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		var samples []promtest.Sample
		for i := range 180 {
			v := float64(10 * i)
			if i%7 == 3 {
				v = strange
			}
			samples = append(samples, promtest.Sample{At: at.Add(time.Duration(i) * time.Minute), Value: v})
		}
		series := []promtest.Series{{Labels: map[string]string{"__name__": "x_total", "code": "200", "pod": "a"}, Samples: samples}}
		for road, url := range map[string]string{LastValues: promtest.InProcess(t, series), RemoteRead: promtest.InProcessWithRemoteRead(t, series)} {
			store, err := NewStore(url, http.DefaultClient, DefaultCacheSize)
			require.NoError(t, err)
			grid, err := slo.NewGrid(slo.Part{Start: at.Add(time.Hour), Step: 10 * time.Minute, N: 6})
			require.NoError(t, err)
			events, err := store.NewSession(time.Minute).Events(t.Context(), Indicator{Bad: `sum(rate(x_total{code="500"}[5m]))`, Total: "sum(rate(x_total[5m]))"}, grid, at.Add(3*time.Hour))
			require.NoError(t, err)
			require.Equal(t, road, events.Road)
			// Samples 59 (350th of 7 is 59%7 = 3, strange: the last before is 58) to 119: 119%7 = 0.
			// From 580 at minute 58 to 1190 at minute 119 the counter grew by 610.
			require.InDelta(t, 610, events.Timeline.Sum(grid.Start(), grid.End()).Total, 1e-9, fmt.Sprint(road, strange))
		}
	}
}

// Who waits for a read that fails fails with it, and does not wait for another one: a
// dashboard before a store that does not answer takes one time-out, not one for each panel.
func TestWhoWaitsForAReadThatFailsDoesNotReadAgain(t *testing.T) {
	var reads atomic.Int32
	store, err := NewStore("http://store", &http.Client{Transport: trip(func(r *http.Request) (*http.Response, error) {
		if strings.HasSuffix(r.URL.Path, "/read") {
			reads.Add(1)
			time.Sleep(200 * time.Millisecond)
		}
		return nil, &net.OpError{Op: "dial", Err: errors.New("connection refused")}
	})}, DefaultCacheSize)
	require.NoError(t, err)
	at := time.Now().Add(-2 * time.Hour).Truncate(time.Hour)
	grid, err := slo.NewGrid(slo.Part{Start: at, Step: time.Hour, N: 1})
	require.NoError(t, err)
	ask := func() {
		_, err := store.NewSession(time.Minute).Events(t.Context(), Indicator{Bad: `sum(rate(x_total{code="500"}[5m]))`, Total: "sum(rate(x_total[5m]))"}, grid, at.Add(2*time.Hour))
		require.EqualError(t, err, "cannot reach Prometheus: connection refused")
	}
	var group sync.WaitGroup
	for range 20 {
		group.Go(ask)
	}
	group.Wait()
	require.LessOrEqual(t, reads.Load(), int32(2))
	before := reads.Load()
	ask()
	require.Equal(t, before+1, reads.Load(), "who comes later asks again")
}

// History that is gone when it is asked for more finely is not taken for a time in which
// nothing was scraped: it is an error, and the next question reads all of it anew.
func TestHistoryThatVanishedIsAnError(t *testing.T) {
	at := time.Now().Add(-6 * time.Hour).Truncate(time.Hour)
	var samples []promtest.Sample
	for i := range 300 {
		samples = append(samples, promtest.Sample{At: at.Add(time.Duration(i) * time.Minute), Value: float64(10 * i)})
	}
	full := promtest.InProcess(t, []promtest.Series{{Labels: map[string]string{"__name__": "x_total", "code": "200", "pod": "a"}, Samples: samples}})
	empty := promtest.InProcess(t, nil)
	behind := full
	store, err := NewStore("http://store", &http.Client{Transport: trip(func(r *http.Request) (*http.Response, error) {
		r = r.Clone(r.Context())
		r.URL.Host = strings.TrimPrefix(behind, "http://")
		return http.DefaultTransport.RoundTrip(r)
	})}, DefaultCacheSize)
	require.NoError(t, err)
	total := func(step time.Duration) (slo.Tally, error) {
		grid, err := slo.NewGrid(slo.Part{Start: at.Add(time.Hour), Step: step, N: int(2 * time.Hour / step)})
		require.NoError(t, err)
		events, err := store.NewSession(time.Minute).Events(t.Context(), Indicator{Bad: `sum(rate(x_total{code="500"}[5m]))`, Total: "sum(rate(x_total[5m]))"}, grid, at.Add(4*time.Hour))
		if err != nil {
			return slo.Tally{}, err
		}
		require.Nil(t, events.Kept)
		return events.Timeline.Sum(grid.Start(), grid.End()), nil
	}
	got, err := total(time.Hour)
	require.NoError(t, err)
	require.InDelta(t, 1200, got.Total, 1e-9) // ten a minute for two hours

	behind = empty
	_, err = total(10 * time.Minute)
	require.EqualError(t, err, "Prometheus no longer has data that it had before; it is read anew with the next question")
	got, err = total(10 * time.Minute)
	require.NoError(t, err)
	require.Zero(t, got.Observed)

	behind = full
	for _, one := range store.slices.entries { // five seconds later
		if e, ok := one.(*entry); ok {
			e.began = e.began.Add(-emptyLife - time.Second)
		}
	}
	got, err = total(10 * time.Minute)
	require.NoError(t, err)
	require.InDelta(t, 1200, got.Total, 1e-9)
}

// What a store has of the past few hours, after it answered with nothing for as long, is
// counted too.
func TestWhatWasMissingOfLateIsReadOnceItIsThere(t *testing.T) {
	at := time.Now().Add(-6 * time.Hour).Truncate(time.Hour)
	var samples []promtest.Sample
	for i := range 300 {
		samples = append(samples, promtest.Sample{At: at.Add(time.Duration(i) * time.Minute), Value: float64(10 * i)})
	}
	labels := map[string]string{"__name__": "x_total", "code": "200", "pod": "a"}
	for _, serve := range []func(testing.TB, []promtest.Series) string{promtest.InProcess, promtest.InProcessWithRemoteRead} {
		behind := serve(t, []promtest.Series{{Labels: labels, Samples: samples[:120]}}) // no more than two hours, for now
		store, err := NewStore("http://store", &http.Client{Transport: trip(func(r *http.Request) (*http.Response, error) {
			r = r.Clone(r.Context())
			r.URL.Host = strings.TrimPrefix(behind, "http://")
			return http.DefaultTransport.RoundTrip(r)
		})}, DefaultCacheSize)
		require.NoError(t, err)
		observed := func(until time.Duration) slo.Tally {
			grid, err := slo.NewGrid(slo.Part{Start: at.Add(time.Hour), Step: 10 * time.Minute, N: int((until - time.Hour) / (10 * time.Minute))})
			require.NoError(t, err)
			events, err := store.NewSession(time.Minute).Events(t.Context(), Indicator{Bad: `sum(rate(x_total{code="500"}[5m]))`, Total: "sum(rate(x_total[5m]))"}, grid, at.Add(until))
			require.NoError(t, err)
			return events.Timeline.Sum(grid.Start(), grid.End())
		}
		require.Equal(t, time.Hour, observed(4*time.Hour).Observed, "of three")
		behind = serve(t, []promtest.Series{{Labels: labels, Samples: samples}})
		whole := observed(4*time.Hour + 10*time.Minute)
		require.Equal(t, 3*time.Hour+10*time.Minute, whole.Observed)
		// From 590 at minute 59 to 2490 at minute 249.
		require.InDelta(t, 1900, whole.Total, 1e-9)
	}
}
