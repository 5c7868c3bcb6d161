package plugin

import (
	"sync"
	"time"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/prom"
)

// sessionLife is how long the panels of a dashboard, which ask one after the other,
// share what one of them read. It is short, so that nothing is kept beyond the
// loading of a dashboard.
const sessionLife = 15 * time.Second

// sharedSession is the session of the requests of the last moments.
type sharedSession struct {
	mu      sync.Mutex
	current *prom.Session
	started time.Time
}

// session is the session to ask in: the shared one, or one of the request's own
// where users ask with credentials of their own and may not see the same data.
func (d *Datasource) session(now time.Time) *prom.Session {
	if d.store == nil {
		return nil
	}
	if d.settings.ownCredentials {
		return d.store.NewPrivateSession(d.settings.scrape)
	}
	s := &d.sessions
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.current == nil || now.Sub(s.started) > sessionLife {
		s.current, s.started = d.store.NewSession(d.settings.scrape), now
		time.AfterFunc(sessionLife, s.drop(s.current))
	}
	return s.current
}

// drop lets go of a session's data once it is too old to be shared.
func (s *sharedSession) drop(old *prom.Session) func() {
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.current == old {
			s.current = nil
		}
	}
}

// forget makes the next request start a session of its own.
func (s *sharedSession) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.current = nil
}
