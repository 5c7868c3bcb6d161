package prom_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/internal/promtest"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/prom"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// Two servers scrape the same two pods, the second one a little later; nobody
// deduplicates.
func scrapedTwice(t *testing.T, label string) []promtest.Series {
	return []promtest.Series{
		scraped(t, -scrape, scrape, fmt.Sprintf(`http_total{pod="a",code="200",%s="0"} 100+6x179`, label)),
		scraped(t, -scrape/2, scrape, fmt.Sprintf(`http_total{pod="a",code="200",%s="1"} 103+6x179`, label)),
		scraped(t, -scrape, scrape, fmt.Sprintf(`http_total{pod="b",code="200",%s="0"} 40+2x179`, label)),
		scraped(t, -scrape/2, scrape, fmt.Sprintf(`http_total{pod="b",code="200",%s="1"} 41+2x179`, label)),
	}
}

// copiesIn reports whether a count warns of copies, on both roads alike.
func copiesIn(t *testing.T, ind prom.Indicator, all []promtest.Series) bool {
	t.Helper()
	warned := func(url string) bool {
		store, err := prom.NewStore(url, http.DefaultClient, prom.DefaultCacheSize)
		require.NoError(t, err)
		grid := hourly(t, 2)
		got, err := store.NewSession(scrape).Events(t.Context(), ind, grid, grid.End())
		require.NoError(t, err)
		again, err := store.NewSession(scrape).Events(t.Context(), ind, grid, grid.End())
		require.NoError(t, err)
		require.Equal(t, kinds(got.Reading), kinds(again.Reading), "what is kept is warned of as well")
		require.LessOrEqual(t, len(got.Warnings), 1)
		return len(got.Warnings) > 0 && got.Warnings[0].Kind == prom.Copies
	}
	lastValues, remoteRead := warned(promtest.InProcess(t, all)), warned(promtest.InProcessWithRemoteRead(t, all))
	require.Equal(t, lastValues, remoteRead)
	return remoteRead
}

func TestCopiesByReplicasOfPrometheusAreWarnedOf(t *testing.T) {
	all := prom.Indicator{Bad: `sum(rate(http_total{code="500"}[5m]))`, Total: `sum(rate(http_total[5m]))`}
	for _, label := range []string{"prometheus_replica", "replica", "__replica__"} {
		require.True(t, copiesIn(t, all, scrapedTwice(t, label)), label)
	}
	one := prom.Indicator{Bad: `sum(rate(http_total{code="500",replica="1"}[5m]))`, Total: `sum(rate(http_total{replica="1"}[5m]))`}
	require.False(t, copiesIn(t, one, scrapedTwice(t, "replica")), "one replica is selected")
	require.False(t, copiesIn(t, all, scrapedTwice(t, "zone")), "an ordinary label")

	// Replicas of the service itself, which have their own events.
	require.False(t, copiesIn(t, all, []promtest.Series{
		scraped(t, -scrape, scrape, `http_total{job="db",code="200",replica="0"} 900+7x179`),
		scraped(t, -scrape, scrape, `http_total{job="db",code="200",replica="1"} 50+3x179`),
		scraped(t, -scrape, scrape, `http_total{job="db",code="200",replica="2"} 4000+1x179`),
	}))
}

// How many series there are is one number, asked for alone and uncompressed; whether they
// are copies is asked where they differ by replicas.
func TestOnlyReplicasAreComparedAsCopies(t *testing.T) {
	asked := func(all []promtest.Series) (queries, encodings []string) {
		t.Helper()
		client := &http.Client{Transport: transport(func(r *http.Request) (*http.Response, error) {
			if strings.HasSuffix(r.URL.Path, "/query") {
				require.NoError(t, r.ParseForm())
				queries, encodings = append(queries, r.Form.Get("query")), append(encodings, r.Header.Get("Accept-Encoding"))
				r.Body = io.NopCloser(strings.NewReader(r.PostForm.Encode()))
			}
			return http.DefaultTransport.RoundTrip(r)
		})}
		store, err := prom.NewStore(promtest.InProcessWithRemoteRead(t, all), client, prom.DefaultCacheSize)
		require.NoError(t, err)
		grid := hourly(t, 2)
		_, err = store.NewSession(scrape).Events(t.Context(), prom.Indicator{Bad: `sum(rate(http_total{code="500"}[5m]))`, Total: `sum(rate(http_total[5m]))`}, grid, grid.End())
		require.NoError(t, err)
		return queries, encodings
	}
	const recorded, census = `count by (definition) (last_over_time(stakes_slice_events{kind="ran"}[1d]))`, `count by (prometheus_replica, __replica__, replica, receive_replica) (http_total)`
	queries, encodings := asked(scrapedTwice(t, "zone"))
	require.Equal(t, []string{recorded, census}, queries)
	require.Equal(t, []string{"identity", "identity"}, encodings)
	queries, encodings = asked(scrapedTwice(t, "replica"))
	require.Len(t, queries, 3)
	require.Equal(t, []string{recorded, census}, queries[:2])
	require.Contains(t, queries[2], "min without (prometheus_replica, __replica__, replica, receive_replica) (http_total)")
	require.Equal(t, []string{"identity", "identity", "identity"}, encodings)
}

// transport is a way to the store that is a function.
type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// The count itself is not guessed at: it is that of all series, and says so.
func TestCopiesAreCountedAsTheyAre(t *testing.T) {
	grid := hourly(t, 2)
	ind := prom.Indicator{Bad: `sum(rate(http_total{code="500"}[5m]))`, Total: `sum(rate(http_total[5m]))`}
	got := count(t, grid, ind, scrapedTwice(t, "replica")...)
	// 8 a minute and replica, from the last sample before each hour to the last in it.
	require.Equal(t, []float64{960, 960}, totals(got))
	require.Equal(t, []slo.WarningKind{prom.Copies}, kinds(got.Reading))
	require.Contains(t, got.Warnings[0].Text, "every event is counted once for each")
}
