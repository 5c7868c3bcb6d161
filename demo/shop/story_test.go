package shop

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// atRisk is a promise kept with less than this share of its budget left.
const atRisk = 0.25

func TestTheScorecardIsAGoodMix(t *testing.T) {
	target := targets(t)
	for seed, end := range map[uint64]string{
		1: "2026-03-04T10:17:00Z",
		2: "2026-05-10T00:30:00Z", // just after midnight, a Sunday
		3: "2026-08-01T23:40:00Z", // just before it, a Saturday
		4: "2026-11-23T15:05:00Z", // a Monday
	} {
		s := lived(Options{Seed: seed, End: at(t, end), Days: 30})
		counts := s.Truth().Between(s.End().Add(-window), s.End())
		require.Len(t, counts, len(target), "the catalogue and the truth speak of the same SLOs")
		for slo, want := range map[string]string{
			"storefront-availability": "kept",
			"search-availability":     "kept",
			"search-latency":          "at risk",
			"checkout-availability":   "missed",
			"checkout-gold":           "missed",
			"payments-availability":   "at risk",
			"accounts-availability":   "cannot tell",
		} {
			require.Equal(t, want, verdict(counts[slo], target[slo]), "%s at %s: %+v", slo, end, counts[slo])
		}
	}
}

func verdict(c Counts, target float64) string {
	low, high := wilson(c)
	left := 1 - float64(c.Bad)/(float64(c.Total)*(1-target))
	switch {
	case low < target && target < high:
		return "cannot tell"
	case left < 0:
		return "missed"
	case left < atRisk:
		return "at risk"
	}
	return "kept"
}

func TestTheSameIncidentCostsTenTimesMoreAtPeak(t *testing.T) {
	s := lived(Options{Seed: 1, End: at(t, "2026-03-04T10:17:00Z"), Days: 30})
	during := func(daysAgo int, hours float64) Counts {
		from := s.end.clock(daysAgo, hours).time()
		return s.Truth().Between(from, from.Add(time.Hour))["checkout-availability"]
	}
	night, peak := during(19, 3), during(8, 19)
	require.InDelta(t, 0.5, float64(night.Bad)/float64(night.Total), 0.06)
	require.InDelta(t, 0.5, float64(peak.Bad)/float64(peak.Total), 0.02)
	require.Greater(t, peak.Bad, 10*night.Bad)
}

func TestCustomersStayAwayFromAnOutageAndReturnSlowly(t *testing.T) {
	s := lived(Options{Seed: 1, End: at(t, "2026-03-04T10:17:00Z"), Days: 30})
	began := s.end.clock(13, 14)
	present := func(from, length minute) float64 {
		from += began
		var expected float64
		for m := from; m < from+length; m++ {
			arriving, _ := s.demand.customers(m)
			expected += arriving * 40 * 60
		}
		came := s.Truth().Between(from.time(), (from + length).time())["storefront-availability"].Total
		return float64(came) / expected
	}
	require.InDelta(t, 1, present(-30, 30), 0.02)
	require.InDelta(t, 0.15, present(30, 10), 0.02)
	require.InDelta(t, 0.5, present(60, 15), 0.1)
	require.InDelta(t, 1, present(300, 30), 0.02)
}

func TestSlowSearchesGrowFromThreeToNinePercent(t *testing.T) {
	s := lived(Options{Seed: 1, End: at(t, "2026-03-04T10:17:00Z"), Days: 30})
	slow := func(daysAgo int) float64 {
		from := s.End().AddDate(0, 0, -daysAgo)
		c := s.Truth().Between(from, from.Add(12*time.Hour))["search-latency"]
		return float64(c.Bad) / float64(c.Total)
	}
	require.InDelta(t, 0.03, slow(25), 0.001)
	require.InDelta(t, 0.087, slow(1), 0.004)
}

func TestTheFleetIsAsRestlessAsARealOne(t *testing.T) {
	s, samples := run(Options{Seed: 1, End: at(t, "2026-03-04T10:17:00Z"), Days: 30})
	pods := map[string]map[string]bool{}
	born := map[string]int64{}
	var falls, lateErrors, markers int
	for series, points := range samples {
		service, pod := series.Labels.Get("service"), series.Labels.Get("pod")
		if pods[service] == nil {
			pods[service] = map[string]bool{}
		}
		pods[service][pod] = true
		if known, ok := born[pod]; !ok || points[0].at < known {
			born[pod] = points[0].at
		}
		for i := range points {
			if points[i].value != points[i].value {
				markers++
			} else if i > 0 && points[i].value < points[i-1].value {
				falls++
			}
		}
	}
	for series, points := range samples {
		if !strings.HasPrefix(series.Labels.Get("code"), "5") {
			continue
		}
		require.Positive(t, points[0].value, "an error series is never initialised to zero")
		if points[0].at > born[series.Labels.Get("pod")] {
			lateErrors++
		}
	}
	require.InDelta(t, 30/2*3, len(pods[storefront]), 12, "a deploy every two days replaces three pods")
	require.Greater(t, lateErrors, 50)
	require.Greater(t, falls, 5)
	require.Greater(t, markers, len(samples)*9/10, "nearly every series has ended")

	gap := s.end.clock(5, 16) + 10
	for series, points := range samples {
		if series.Labels.Get("service") != search {
			continue
		}
		for _, p := range points {
			require.False(t, p.at >= gap.millis() && p.at < (gap+20).millis(), "nobody scrapes search in its gap")
		}
	}
}
