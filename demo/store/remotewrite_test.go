package store

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/golang/snappy"
	"github.com/prometheus/prometheus/prompb"
	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/demo/shop"
)

// taker is a store that counts what it takes.
type taker struct {
	mu     sync.Mutex
	holds  int // samples, staleness markers included
	series map[string]bool
	shows  string // what it says the last hour has
}

func (k *taker) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	k.mu.Lock()
	defer k.mu.Unlock()
	switch r.URL.Path {
	case "/api/v1/write":
		packed, _ := io.ReadAll(r.Body)
		text, err := snappy.Decode(nil, packed)
		var request prompb.WriteRequest
		if err != nil || request.Unmarshal(text) != nil {
			out.WriteHeader(http.StatusBadRequest)
			return
		}
		for _, s := range request.Timeseries {
			k.holds += len(s.Samples)
			k.series[labelText(s.Labels)] = true
		}
		out.WriteHeader(http.StatusNoContent)
	case "/api/v1/series":
		json.NewEncoder(out).Encode(map[string]any{"status": "success", "data": []string{}}) //nolint:errcheck // the test would see it
	default:
		json.NewEncoder(out).Encode(map[string]any{"status": "success", "data": map[string]any{ //nolint:errcheck // the test would see it
			"resultType": "vector", "result": []any{map[string]any{"metric": map[string]string{}, "value": []any{0, k.shows}}},
		}})
	}
}

func labelText(labels []prompb.Label) (text string) {
	for _, l := range labels {
		text += l.Name + "=" + l.Value + ","
	}
	return text
}

func TestEverySampleIsWrittenElsewhere(t *testing.T) {
	other := &taker{series: map[string]bool{}, shows: "1e9"}
	server := httptest.NewServer(other)
	t.Cleanup(server.Close)
	s := shop.New(shop.Options{Seed: 1, End: time.Date(2026, 3, 4, 10, 17, 0, 0, time.UTC), Days: 2})
	elsewhere, err := OpenElsewhere(t.Context(), s, server.URL+"/")
	require.NoError(t, err)
	require.Equal(t, server.URL, elsewhere.URL)
	require.Greater(t, other.holds, 100_000)
	require.Equal(t, elsewhere.Filled.Samples, other.holds)
	require.Equal(t, elsewhere.Filled.Series, len(other.series))

	before := other.holds
	require.NoError(t, elsewhere.Follow(t.Context(), s, s.End().Add(3*time.Minute)))
	require.Greater(t, other.holds, before, "the shop lives on")
	require.NoError(t, elsewhere.Close())
}

func TestAStoreThatShowsLessThanItTookIsNotAsked(t *testing.T) {
	other := &taker{series: map[string]bool{}, shows: "12"}
	server := httptest.NewServer(other)
	t.Cleanup(server.Close)
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
	t.Cleanup(cancel)
	_, err := OpenElsewhere(ctx, shop.New(shop.Options{Seed: 1, End: time.Date(2026, 3, 4, 10, 17, 0, 0, time.UTC), Days: 1}), server.URL)
	require.ErrorContains(t, err, "does not show the")
}

func TestAnAddressThatIsNoneIsRefused(t *testing.T) {
	_, err := OpenElsewhere(t.Context(), shop.New(shop.Options{Seed: 1, Days: 1, End: time.Now()}), "victoria")
	require.EqualError(t, err, `"victoria" is no address of a store; expected one like http://127.0.0.1:8428`)
}
