package forecast

import (
	"math"
	"slices"
	"time"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// episode is a run of hours in which far more failed than the background explains.
type episode struct {
	first, last int     // hours, both included
	excess      float64 // bad events beyond the background's
	severity    float64 // excess over the demand that was to be expected; above 1 where more came than that
}

// length is how long an episode lasted, in hours, at least one.
func (e episode) length() float64 { return float64(e.last - e.first + 1) }

// failures are the background and the episodes of a history.
type failures struct {
	background []float64 // share of events that fail outside of episodes, by hour
	inEpisode  []bool    // by hour
	episodes   []episode
}

const (
	// An hour belongs to an episode where its failures are this many standard
	// deviations, and a few events, above what a Poisson process of the background's
	// rate explains, and this many times as frequent.
	unlikely   = 3.5
	fewEvents  = 3.0
	noticeable = 3.0

	// Clean hours between two of an episode that do not end it.
	pause = 2

	// The background of an hour is that of so many hours to either side: six days in
	// all, so that a slow change is not an episode.
	reach = 70
)

// findFailures tells episodes from background. The background is first that of the
// quieter three quarters of the hours, then that of the hours around each that are
// not in an episode, three times over: what is an episode depends on what is usual.
func findFailures(h hours, demand []float64) failures {
	f := failures{background: make([]float64, len(h.total)), inEpisode: make([]bool, len(h.total))}
	usual := quietRatio(h)
	for i := range f.background {
		f.background[i] = usual
	}
	bad, total := make([]float64, len(h.total)+1), make([]float64, len(h.total)+1)
	for range 3 {
		f.mark(h)
		f.smooth(h, bad, total)
	}
	f.mark(h)
	f.collect(h, demand)
	return f
}

// quietRatio is the share of failures in the quieter three quarters of the hours.
func quietRatio(h hours) float64 {
	type hour struct{ ratio, bad, total float64 }
	var all []hour
	for i, n := range h.total {
		if n > 0 {
			all = append(all, hour{h.bad[i] / n, h.bad[i], n})
		}
	}
	slices.SortFunc(all, func(a, b hour) int {
		switch {
		case a.ratio < b.ratio:
			return -1
		case a.ratio > b.ratio:
			return 1
		}
		return 0
	})
	bad, total := 0.0, 0.0
	for _, q := range all[:(3*len(all)+3)/4] {
		bad += q.bad
		total += q.total
	}
	if total == 0 {
		return 0
	}
	return bad / total
}

// mark finds the hours whose failures the background does not explain.
func (f *failures) mark(h hours) {
	for i, n := range h.total {
		f.inEpisode[i] = above(h.bad[i], n, f.background[i])
	}
}

// above reports whether the background leaves so many bad events unexplained.
func above(bad, total, background float64) bool {
	usual := background * total
	return bad > usual+unlikely*math.Sqrt(usual)+fewEvents && bad > noticeable*usual
}

// smooth sets the background of each hour to that of the hours around it, with room for
// two running sums.
func (f *failures) smooth(h hours, sumBad, sumTotal []float64) {
	for i, in := range f.inEpisode {
		sumBad[i+1], sumTotal[i+1] = sumBad[i], sumTotal[i]
		if !in {
			sumBad[i+1] += h.bad[i]
			sumTotal[i+1] += h.total[i]
		}
	}
	n := len(h.total)
	if sumTotal[n] == 0 {
		return // every hour is one of an episode: nothing better is known
	}
	overall := sumBad[n] / sumTotal[n]
	for i := range f.background {
		a, b := max(0, i-reach), min(n, i+reach+1)
		// A day of the overall share steadies weeks with few events.
		extra := sumTotal[n] / float64(n) * 24
		f.background[i] = (sumBad[b] - sumBad[a] + overall*extra) / (sumTotal[b] - sumTotal[a] + extra)
	}
}

// collect joins marked hours to episodes.
func (f *failures) collect(h hours, demand []float64) {
	for i, in := range f.inEpisode {
		if !in {
			continue
		}
		if n := len(f.episodes); n > 0 && i-f.episodes[n-1].last <= pause+1 {
			f.episodes[n-1].last = i
			continue
		}
		f.episodes = append(f.episodes, episode{first: i, last: i})
	}
	for k := range f.episodes {
		e := &f.episodes[k]
		expected := 0.0
		for i := e.first; i <= e.last; i++ {
			f.inEpisode[i] = true
			e.excess += h.bad[i] - f.background[i]*h.total[i]
			expected += max(demand[i]*h.seen[i], 1e-9)
		}
		e.severity = max(e.excess, 0) / expected
	}
}

// underWay is the episode that has not ended yet, and the share of events that fail
// in it at present.
type underWay struct {
	yes      bool
	age      float64 // hours
	severity float64 // share of the demand to expect, beyond the background
}

// justNow is how much of the recent past says whether an episode still goes on, as
// far as the timeline is that fine.
const justNow = 15 * time.Minute

// presently finds out whether the last episode still goes on.
func (f *failures) presently(t *slo.Timeline, h hours, now time.Time) underWay {
	n := len(f.episodes)
	if n == 0 || f.episodes[n-1].last < len(h.total)-2 {
		return underWay{}
	}
	e := f.episodes[n-1]
	background := f.background[e.last]
	recent := t.Sum(now.Add(-justNow), now).Counts
	if recent.Total <= 0 || recent.Contradictory() {
		return underWay{}
	}
	share := recent.Bad()/recent.Total - background
	if share < max(noticeable*background, e.severity/4) {
		return underWay{}
	}
	hour := t.Sum(now.Add(-time.Hour), now).Counts
	return underWay{yes: true, age: max(h.now-float64(e.first), 0.25), severity: min(1, max(share, hour.Bad()/hour.Total-background))}
}
