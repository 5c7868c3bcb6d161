// Package shop generates the counters of a web shop and keeps the truth behind
// them: five services, two kinds of customers, deploys, restarts, gaps in
// scraping and a handful of incidents, told backwards from one instant.
//
// Time is counted in minutes. All events of a minute happen before the scrapes
// of that minute, which come in its last quarter. So a count of samples between
// two whole minutes can be exact, and where it differs from the truth the
// counting is to blame, not the shop:
//
//   - a pod that dies is scraped once more in its last minute;
//   - a restart in place follows a scrape, before anything else happens;
//   - no pod is replaced or restarted while nobody scrapes it.
//
// The same seed and end give the same samples, however often Advance is called.
package shop

import (
	"sync"
	"time"
)

// Options say which shop.
type Options struct {
	Seed uint64
	End  time.Time // the instant the story is told from, cut to the minute
	Days int       // how much of the past there is; 60 if zero
}

const defaultDays = 60

// Shop is a generator at some minute of its life.
type Shop struct {
	mu       sync.Mutex
	end      minute
	next     minute // the first minute that has not happened yet
	demand   demand
	services []*service
	truth    *Truth
}

// New returns a shop in which nothing has happened yet.
func New(o Options) *Shop {
	if o.Days == 0 {
		o.Days = defaultDays
	}
	end := minuteOf(o.End)
	start := end - minute(o.Days)*day
	story := storyBefore(end)
	s := &Shop{
		end:    end,
		next:   start,
		demand: demand{seed: o.Seed, end: end, incidents: story.incidents},
		truth:  &Truth{start: start},
	}
	for i, p := range profiles {
		s.services = append(s.services, newService(p, story, o.Seed+uint64(i)<<32, start))
	}
	return s
}

// End is the instant the story is told from.
func (s *Shop) End() time.Time { return s.end.time() }

// Start is the first instant of the shop.
func (s *Shop) Start() time.Time { return s.truth.start.time() }

// Truth is what happened so far. It may be read while the shop advances.
func (s *Shop) Truth() *Truth { return s.truth }

// Advance lets every minute happen that is over at the given instant and hands
// each scraped sample to append, in order of time for each series.
func (s *Shop) Advance(to time.Time, append Append) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for until := minuteOf(to); s.next < until; s.next++ {
		var happened events
		arriving, staying := s.demand.customers(s.next)
		for _, svc := range s.services {
			customers := staying
			if svc.outside {
				customers = arriving
			}
			svc.live(s.next, svc.peak*customers, &happened, append)
		}
		s.truth.append(happened)
	}
}
