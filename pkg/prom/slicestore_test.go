package prom

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/golang/snappy"
	"github.com/prometheus/prometheus/prompb"
	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/internal/promtest"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// watched is the way to a store that notes what is read and can break it off.
type watched struct {
	mu    sync.Mutex
	reads []*prompb.Query
	other int
	// requests are those for samples; single refuses those with several reads.
	requests int
	single   bool
	slow     time.Duration // how long a read takes at least
	// points are the points per series that range queries asked for.
	points int
	cut    bool // break off the next read's answer
}

func (w *watched) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Path == "/api/v1/read" {
		time.Sleep(w.slow)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if req.URL.Path != "/api/v1/read" {
		w.other++
		if req.URL.Path == "/api/v1/query_range" {
			w.points += pointsOf(req)
		}
		return http.DefaultTransport.RoundTrip(req)
	}
	body, err := req.GetBody()
	if err != nil {
		return nil, err
	}
	packed, _ := io.ReadAll(body)
	text, _ := snappy.Decode(nil, packed)
	var read prompb.ReadRequest
	if err := read.Unmarshal(text); err != nil {
		return nil, err
	}
	w.requests++
	if w.single && len(read.Queries) > 1 {
		return &http.Response{StatusCode: http.StatusUnprocessableEntity, Body: http.NoBody, Request: req}, nil
	}
	w.reads = append(w.reads, read.Queries...)
	response, err := http.DefaultTransport.RoundTrip(req)
	if err == nil && w.cut {
		w.cut = false
		response.Body = io.NopCloser(&cutOff{response.Body, 5_000})
	}
	return response, err
}

// pointsOf is the number of points of a range query.
func pointsOf(req *http.Request) int {
	body, err := req.GetBody()
	if err != nil {
		return 0
	}
	text, _ := io.ReadAll(body)
	form, _ := url.ParseQuery(string(text))
	number := func(name string) float64 {
		v, _ := strconv.ParseFloat(form.Get(name), 64)
		return v
	}
	return int((number("end")-number("start"))/number("step")) + 1
}

// cutOff is a body that ends in the middle.
type cutOff struct {
	io.Reader
	left int
}

func (c *cutOff) Read(p []byte) (int, error) {
	if c.left <= 0 {
		return 0, errors.New("the connection broke")
	}
	n, err := c.Reader.Read(p[:min(len(p), c.left)])
	c.left -= n
	return n, err
}

var shopStart = time.Date(2026, time.May, 4, 0, 0, 0, 0, time.UTC)

// shop is a store with two days of a fleet, and the truth about it.
func shop(t *testing.T, cacheSize int64) (*Store, *watched, promtest.Truth) {
	t.Helper()
	fleet := promtest.Fleet{Service: "shop", Seed: 5, PerSec: 2, Failures: 0.01, Pods: 3, Scrape: 30 * time.Second,
		Start: shopStart, End: shopStart.Add(48 * time.Hour), Deploy: 9 * time.Hour, Restart: 10 * time.Hour}
	series, truth := fleet.Series()
	way := &watched{}
	store, err := NewStore(promtest.InProcessWithRemoteRead(t, series), &http.Client{Transport: way}, cacheSize)
	require.NoError(t, err)
	return store, way, truth
}

var failures = Indicator{Bad: `sum(rate(fleet_requests_total{code="500"}[5m]))`, Total: `sum(rate(fleet_requests_total[5m]))`}

// dayOf asks for the day that ends at an instant, and checks it against the truth.
func dayOf(t *testing.T, store *Store, truth promtest.Truth, end time.Time) {
	t.Helper()
	grid, err := slo.CoverWindows(end, end, time.Minute, 24*time.Hour, time.Hour)
	require.NoError(t, err)
	events, err := store.NewSession(30*time.Second).Events(t.Context(), failures, grid, end)
	require.NoError(t, err)
	require.Equal(t, RemoteRead, events.Road)
	good, bad := truth.Between(end.Add(-24*time.Hour), end)
	sum := events.Timeline.Sum(end.Add(-24*time.Hour), end)
	require.InDelta(t, bad, sum.Bad(), 0)
	require.InDelta(t, good+bad, sum.Total, 0)
}

func TestWhatWasCountedIsNotReadAgain(t *testing.T) {
	store, way, truth := shop(t, DefaultCacheSize)
	end := shopStart.Add(30 * time.Hour)
	dayOf(t, store, truth, end)
	require.Len(t, way.reads, 1, "failures are picked out of the requests")

	dayOf(t, store, truth, end)
	require.Len(t, way.reads, 1, "the same question reads nothing")

	for minute := 1; minute <= 10; minute++ {
		end = end.Add(time.Minute)
		dayOf(t, store, truth, end)
		require.Len(t, way.reads, 1+minute)
		read := way.reads[minute]
		require.LessOrEqual(t, read.EndTimestampMs-read.StartTimestampMs, (overlap + time.Minute).Milliseconds(), "a refresh reads the last minutes only")
	}

	// A question about the past is answered from what is there; one that reaches
	// further back reads history anew.
	dayOf(t, store, truth, end.Add(-time.Hour).Add(20*time.Minute))
	require.Len(t, way.reads, 12)
	dayOf(t, store, truth, end)
	require.Len(t, way.reads, 12, "and what is new is still there")
	require.Equal(t, 3, way.other, "no PromQL was asked but how many series there are, and for each of two hours what rules record")

	store.Forget()
	dayOf(t, store, truth, end)
	require.Len(t, way.reads, 13)
}

// A question that reaches beyond what is complete, as one about the current hour
// does, leaves the rest of the hour to be read when it has happened.
func TestTheFutureIsNotKept(t *testing.T) {
	store, way, truth := shop(t, DefaultCacheSize)
	now := shopStart.Add(30*time.Hour + 10*time.Minute)
	grid, err := slo.NewGrid(slo.Part{Start: shopStart.Add(5 * time.Hour), Step: time.Hour, N: 26})
	require.NoError(t, err)
	events, err := store.NewSession(30*time.Second).Events(t.Context(), failures, grid, now)
	require.NoError(t, err)
	slices := events.Timeline.Slices()
	require.Equal(t, slo.NotYet, slices[len(slices)-1].State)

	// One that lies in the future as a whole reads nothing.
	ahead, err := slo.NewGrid(slo.Part{Start: shopStart.Add(40 * time.Hour), Step: time.Hour, N: 2})
	require.NoError(t, err)
	_, err = store.NewSession(30*time.Second).Events(t.Context(), failures, ahead, now)
	require.NoError(t, err)
	require.Len(t, way.reads, 1)

	dayOf(t, store, truth, now.Add(20*time.Minute))
	require.Len(t, way.reads, 2, "the twenty minutes since are read")
	dayOf(t, store, truth, now.Add(45*time.Minute))
}

// Hours of refreshes, minute by minute, lose and add nothing.
func TestARefreshedCountStaysTrue(t *testing.T) {
	store, _, truth := shop(t, DefaultCacheSize)
	for end := shopStart.Add(26 * time.Hour); end.Before(shopStart.Add(47 * time.Hour)); end = end.Add(13 * time.Minute) {
		dayOf(t, store, truth, end)
	}
}

func TestConcurrentQuestionsShareOneRead(t *testing.T) {
	store, way, truth := shop(t, DefaultCacheSize)
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() { dayOf(t, store, truth, shopStart.Add(30*time.Hour)) })
	}
	wg.Wait()
	require.Len(t, way.reads, 1)
}

// A read that breaks off in the middle, of history and of a refresh, leaves no
// half-counted minutes behind.
func TestABrokenReadLeavesNothingWrong(t *testing.T) {
	for _, warm := range []bool{false, true} {
		store, way, truth := shop(t, DefaultCacheSize)
		end := shopStart.Add(30 * time.Hour)
		if warm {
			dayOf(t, store, truth, end)
			end = end.Add(10 * time.Hour)
		}
		way.cut = true
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		var trace Trace
		grid, err := slo.CoverWindows(end, end, time.Minute, 24*time.Hour, time.Hour)
		require.NoError(t, err)
		c, err := compileIndicator(failures)
		require.NoError(t, err)
		q := &counting{lower: []expression{c.total, c.good, c.bad}}
		err = store.slices.with(ctx, samples{store}, &trace, want{terms: q.terms(), scrape: 30 * time.Second, grid: grid, to: end}, func(*entry) {})
		cancel()
		require.ErrorContains(t, err, "broke off")
		dayOf(t, store, truth, end)
		dayOf(t, store, truth, end.Add(3*time.Minute))
	}
}

func TestSlicesTakeNoMoreMemoryThanTheyMay(t *testing.T) {
	const limit = 30_000
	store, way, _ := shop(t, limit)
	end := shopStart.Add(30 * time.Hour)
	ask := func(code string) {
		grid, err := slo.CoverWindows(end, end, time.Minute, 24*time.Hour)
		require.NoError(t, err)
		_, err = store.NewSession(30*time.Second).Events(t.Context(), Indicator{Bad: `fleet_requests_total{code="` + code + `"}`, Total: `fleet_requests_total`}, grid, end)
		require.NoError(t, err)
		var total int64
		for _, e := range store.slices.entries {
			total += e.noted().bytes
		}
		require.LessOrEqual(t, total, int64(limit))
	}
	for _, code := range []string{"500", "501", "502", "503", "504", "505", "506", "507", "508", "509", "510", "511"} {
		ask(code)
	}
	require.NotEmpty(t, store.slices.entries)
	require.Less(t, len(store.slices.entries), 12)
	before := len(way.reads)
	ask("511")
	require.Len(t, way.reads, before, "what was used last is still there")
	ask("500")
	require.Len(t, way.reads, before+1, "what was not used for longest is not")
}

// Without remote read too, what was counted is not asked for again: a refresh asks
// for the newest slices, and for no more of history than the hours in which windows
// begin and end now.
func TestLastValuesAreNotReadAgain(t *testing.T) {
	store, way, truth := shop(t, DefaultCacheSize)
	store.roads.noRemoteRead = time.Now().Add(time.Hour)
	asked := func(end time.Time) (points int) {
		t.Helper()
		way.points = 0
		grid, err := slo.CoverWindows(end, end, time.Minute, 24*time.Hour, time.Hour)
		require.NoError(t, err)
		events, err := store.NewSession(30*time.Second).Events(t.Context(), failures, grid, end)
		require.NoError(t, err)
		require.Equal(t, LastValues, events.Road)
		good, bad := truth.Between(end.Add(-24*time.Hour), end)
		sum := events.Timeline.Sum(end.Add(-24*time.Hour), end)
		require.InDelta(t, bad, sum.Bad(), 1)
		require.InDelta(t, good+bad, sum.Total, max(1, 0.001*(good+bad)))
		return way.points
	}
	end := shopStart.Add(30*time.Hour + 5*time.Minute)
	cold := asked(end)
	require.Greater(t, cold, 4*23, "two counters, their restarts, and a point for each hour")
	require.Zero(t, asked(end), "the same question asks for nothing")
	for range 10 {
		end = end.Add(time.Minute)
		require.LessOrEqual(t, asked(end), 2*4, "a minute of two counters and their restarts, and of those in the slice that has one")
	}
	// An hour later, minutes are wanted of the hour in which the window begins now.
	require.LessOrEqual(t, asked(end.Add(time.Hour)), 4*(60+60))
}

// What is evaluated as written is asked for once, but for the newest slices.
func TestWhatWasEvaluatedIsNotAskedForAgain(t *testing.T) {
	store, way, _ := shop(t, DefaultCacheSize)
	asked := func(end time.Time) (points int) {
		t.Helper()
		way.points = 0
		grid, err := slo.CoverWindows(end, end, time.Minute, 24*time.Hour, time.Hour)
		require.NoError(t, err)
		_, err = store.NewSession(30*time.Second).Events(t.Context(), Indicator{
			Bad: `sum(rate(fleet_requests_total{code="500"}[5m])) * 1`, Total: `sum(rate(fleet_requests_total[5m])) * 1`,
		}, grid, end)
		require.NoError(t, err)
		return way.points
	}
	end := shopStart.Add(30*time.Hour + 5*time.Minute)
	require.Greater(t, asked(end), 2*23)
	for range 10 {
		end = end.Add(time.Minute)
		require.LessOrEqual(t, asked(end), 2*(1+int(overlap/time.Minute)), "the minutes that may not have been complete")
	}
}
