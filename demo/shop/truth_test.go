package shop

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The truth is reachable: whoever counts the samples of every series exactly
// finds each event, through births, deploys, restarts and gaps.
func TestSamplesCountedExactlyAreTheTruth(t *testing.T) {
	for seed := uint64(1); seed <= 2; seed++ {
		s, samples := run(Options{Seed: seed, End: at(t, "2026-05-10T00:31:00Z").AddDate(0, 0, int(seed)), Days: 30})
		for name, part := range map[string][2]time.Time{
			"all there is":    {s.Start(), s.End()},
			"the last 28":     {s.End().Add(-window), s.End()},
			"an hour at peak": {s.End().Add(-5 * time.Hour), s.End().Add(-4 * time.Hour)},
		} {
			counted := countSamples(samples, part[0], part[1])
			for slo, truth := range s.Truth().Between(part[0], part[1]) {
				require.Equal(t, truth, counted[slo], "%s, %s, seed %d", slo, name, seed)
			}
		}
	}
}

// countSamples turns increases of series into the events of SLOs.
func countSamples(samples map[*Series][]scraped, from, to time.Time) map[string]Counts {
	counted := map[string]Counts{}
	add := func(slo slo, good, bad float64) {
		c := counted[sloNames[slo]]
		c.Good, c.Bad = c.Good+int64(good), c.Bad+int64(bad)
		c.Total = c.Good + c.Bad
		counted[sloNames[slo]] = c
	}
	for series, points := range samples {
		get := series.Labels.Get
		n := increase(points, from, to)
		switch get("__name__") {
		case "shop_http_requests_total":
			good, bad := n, 0.0
			if get("code")[0] == '5' {
				good, bad = 0, n
			}
			add(availabilityOf[get("service")], good, bad)
			if get("service") == checkout && get("customer") == gold {
				add(checkoutGold, good, bad)
			}
		case "shop_http_request_duration_seconds_bucket":
			if get("le") == "0.3" {
				add(searchLatency, n, -n)
			}
		case "shop_http_request_duration_seconds_count":
			add(searchLatency, 0, n)
		}
	}
	return counted
}

func TestALostOrderIsWorthTheAverageOfItsDay(t *testing.T) {
	s, samples := run(Options{Seed: 3, End: at(t, "2026-05-10T12:00:00Z"), Days: 30})
	from, to := s.End().Add(-window), s.End()

	var euros, sold float64
	for series, points := range samples {
		switch series.Labels.Get("__name__") {
		case "shop_order_value_euros_sum":
			euros += increase(points, from, to)
		case "shop_order_value_euros_count":
			sold += increase(points, from, to)
		}
	}
	truth := s.Truth().Between(from, to)["checkout-availability"]
	require.EqualValues(t, truth.Good, sold, "only orders that went through have a value")
	require.InDelta(t, 58, euros/sold, 4)
	require.InEpsilon(t, euros/sold, s.Truth().Lost(from, to)/float64(truth.Bad), 0.15)
}

func TestCountsAddUpOverTime(t *testing.T) {
	s := lived(Options{Seed: 3, End: at(t, "2026-05-10T12:00:00Z"), Days: 2})
	middle := s.Start().Add(17 * time.Hour)
	whole := s.Truth().Between(s.Start(), s.End())
	first, second := s.Truth().Between(s.Start(), middle), s.Truth().Between(middle, s.End())
	for slo, c := range whole {
		require.Equal(t, c.Total, first[slo].Total+second[slo].Total, slo)
		require.Equal(t, c.Total, c.Good+c.Bad, slo)
	}
	require.Equal(t, whole, s.Truth().Between(s.Start().AddDate(-1, 0, 0), s.End().AddDate(1, 0, 0)),
		"before the start and after the end nothing happened")
}
