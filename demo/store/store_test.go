package store

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"testing"
	"time"

	config_util "github.com/prometheus/common/config"
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/storage/remote"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/demo/shop"
)

// twoDays is a store with a small shop in it, the shop at its end.
func twoDays(t *testing.T) (*Store, *shop.Shop) {
	t.Helper()
	s := shop.New(shop.Options{Seed: 1, End: time.Date(2026, 3, 4, 10, 17, 0, 0, time.UTC), Days: 2})
	store, err := Open(context.Background(), s, 0)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, store.Close()) })
	return store, s
}

// get asks the API and decodes the data of its answer.
func get(t *testing.T, store *Store, path string, params url.Values, into any) {
	t.Helper()
	resp, err := http.Get(store.URL + path + "?" + params.Encode())
	require.NoError(t, err)
	defer resp.Body.Close()
	answer := struct {
		Status, Error string
		Data          any
	}{Data: into}
	require.NoError(t, json.NewDecoder(resp.Body).Decode(&answer))
	require.Equal(t, "success", answer.Status, answer.Error)
}

func TestItAnswersAsPrometheusDoes(t *testing.T) {
	store, s := twoDays(t)

	t.Run("a range query has a point per step", func(t *testing.T) {
		var data struct {
			ResultType string
			Result     []struct {
				Metric map[string]string
				Values [][2]any
			}
		}
		get(t, store, "/api/v1/query_range", url.Values{
			"query": {`sum by (service) (rate(shop_http_requests_total[5m]))`},
			"start": {fmt.Sprint(s.End().Add(-6 * time.Hour).Unix())},
			"end":   {fmt.Sprint(s.End().Unix())},
			"step":  {"3600"},
		}, &data)
		require.Equal(t, "matrix", data.ResultType)
		require.Len(t, data.Result, 5, "one line per service")
		require.Len(t, data.Result[0].Values, 7)
	})

	t.Run("metadata, labels, series and build are there", func(t *testing.T) {
		var metadata map[string][]struct{ Type string }
		get(t, store, "/api/v1/metadata", nil, &metadata)
		require.Equal(t, "counter", metadata["shop_http_requests_total"][0].Type)

		var services []string
		get(t, store, "/api/v1/label/service/values", nil, &services)
		require.Equal(t, []string{"accounts", "checkout", "payments", "search", "storefront"}, services)

		var series []map[string]string
		get(t, store, "/api/v1/series", url.Values{
			"match[]": {"shop_order_value_euros_sum"},
			"start":   {fmt.Sprint(s.Start().Unix())},
			"end":     {fmt.Sprint(s.End().Unix())},
		}, &series)
		require.NotEmpty(t, series)

		var build struct{ Version string }
		get(t, store, "/api/v1/status/buildinfo", nil, &build)
		require.Equal(t, version, build.Version)
	})
}

func TestRemoteReadStreamsEverySample(t *testing.T) {
	store, s := twoDays(t)
	endpoint, err := url.Parse(store.URL + "/api/v1/read")
	require.NoError(t, err)
	client, err := remote.NewReadClient("test", &remote.ClientConfig{
		URL:              &config_util.URL{URL: endpoint},
		Timeout:          model.Duration(time.Minute),
		ChunkedReadLimit: 50 << 20,
	})
	require.NoError(t, err)

	query, err := remote.ToQuery(s.Start().UnixMilli(), s.End().UnixMilli(),
		[]*labels.Matcher{labels.MustNewMatcher(labels.MatchRegexp, "__name__", ".+")}, nil)
	require.NoError(t, err)
	found, err := client.Read(context.Background(), query, false)
	require.NoError(t, err)
	series, samples := count(t, found)
	require.Equal(t, store.Filled.Series, series)
	require.Equal(t, store.Filled.Samples, samples)
}

func count(t *testing.T, set storage.SeriesSet) (series, samples int) {
	t.Helper()
	var it chunkenc.Iterator
	for set.Next() {
		series++
		it = set.At().Iterator(it)
		for it.Next() != chunkenc.ValNone {
			samples++
		}
		require.NoError(t, it.Err())
	}
	require.NoError(t, set.Err())
	return series, samples
}

func TestFreshSamplesContinueThePast(t *testing.T) {
	store, s := twoDays(t)
	later := s.End().Add(10 * time.Minute)
	require.NoError(t, store.Follow(context.Background(), s, later))

	var data struct {
		Result []struct{ Value [2]any }
	}
	get(t, store, "/api/v1/query", url.Values{
		"query": {`max(count_over_time(shop_http_requests_total{service="storefront"}[20m]))`},
		"time":  {fmt.Sprint(later.Unix())},
	}, &data)
	require.Equal(t, "20", data.Result[0].Value[1], "a sample a minute, across the seam")
}

func TestClosingLeavesNothingBehind(t *testing.T) {
	s := shop.New(shop.Options{Seed: 1, End: time.Date(2026, 3, 4, 10, 17, 0, 0, time.UTC), Days: 1})
	store, err := Open(context.Background(), s, 0)
	require.NoError(t, err)
	require.DirExists(t, store.dir)
	require.NoError(t, store.Close())
	_, err = os.Stat(store.dir)
	require.ErrorIs(t, err, os.ErrNotExist)
	_, err = http.Get(store.URL + "/api/v1/query?query=1")
	require.Error(t, err)
}
