package shop

import "math"

// A story is what goes wrong in the days before its end.
type story struct {
	incidents []incident
	gaps      []gap
	decay     decay
}

// An incident makes a share of a service's requests fail.
type incident struct {
	service  string
	from, to minute
	failing  float64 // share of requests that fail
	code     string
	// staying is the share of customers who keep coming; zero means that nobody
	// leaves. It is felt by every service on the customers' way.
	staying float64
}

// A gap is a time in which a service, or one of its pods, is not scraped.
type gap struct {
	service  string
	pod      int // its place in the fleet; allPods for the whole service
	from, to minute
	// marked gaps are scrapes that failed: Prometheus then ends the series with
	// a staleness marker. In the others nobody even tried.
	marked bool
}

const allPods = -1

// decay is the share of searches slower than 300 ms: steady, then growing with
// the square of time until the end of the story.
type decay struct {
	from, to      minute
	before, after float64
}

func storyBefore(end minute) story {
	return story{
		incidents: []incident{
			// The same incident twice: once while the customers sleep, once at peak.
			{service: checkout, from: end.clock(19, 3), to: end.clock(19, 4), failing: 0.5, code: "500"},
			{service: checkout, from: end.clock(8, 19), to: end.clock(8, 20), failing: 0.5, code: "500"},
			{service: storefront, from: end.clock(13, 14), to: end.clock(13, 14) + 40, failing: 0.97, code: "503", staying: 0.15},
			{service: payments, from: end.clock(2, 11), to: end.clock(2, 11) + 20, failing: 0.36, code: "503"},
		},
		gaps: []gap{
			{service: search, pod: allPods, from: end.clock(5, 16) + 10, to: end.clock(5, 16) + 30},
			{service: storefront, pod: 0, from: end.clock(11, 9), to: end.clock(11, 12), marked: true},
		},
		decay: decay{from: end - 21*day, to: end, before: 0.03, after: 0.09},
	}
}

func (d decay) at(m minute) float64 {
	progress := float64(m-d.from) / float64(d.to-d.from)
	progress = math.Min(math.Max(progress, 0), 1)
	return d.before + (d.after-d.before)*progress*progress
}

// How fast customers give up during an outage and come back after it: minutes
// until all but a third of the change has happened.
const (
	leaving   = 4
	returning = 45
)

// present is the share of customers who still come, at a minute.
func (i incident) present(m minute) float64 {
	if i.staying == 0 || m < i.from {
		return 1
	}
	gone := (1 - i.staying) * (1 - math.Exp(-float64(min(m, i.to)-i.from)/leaving))
	if m > i.to {
		gone *= math.Exp(-float64(m-i.to) / returning)
	}
	return 1 - gone
}

// of keeps what concerns one service.
func (s story) of(service string) story {
	mine := story{decay: s.decay}
	for _, i := range s.incidents {
		if i.service == service {
			mine.incidents = append(mine.incidents, i)
		}
	}
	for _, g := range s.gaps {
		if g.service == service {
			mine.gaps = append(mine.gaps, g)
		}
	}
	return mine
}

// incident is the one that rages at a minute.
func (s story) incident(m minute) (incident, bool) {
	for _, i := range s.incidents {
		if m >= i.from && m < i.to {
			return i, true
		}
	}
	return incident{}, false
}

// gap is the one in which a pod is not scraped at a minute.
func (s story) gap(pod int, m minute) (gap, bool) {
	for _, g := range s.gaps {
		if m >= g.from && m < g.to && (g.pod == allPods || g.pod == pod) {
			return g, true
		}
	}
	return gap{}, false
}

// unscraped says whether any pod has a gap between two minutes.
func (s story) unscraped(from, to minute) bool {
	for _, g := range s.gaps {
		if from < g.to && g.from < to {
			return true
		}
	}
	return false
}

// troubled says whether an incident overlaps the time between two minutes.
func (s story) troubled(from, to minute) bool {
	for _, i := range s.incidents {
		if from < i.to && i.from < to {
			return true
		}
	}
	return false
}
