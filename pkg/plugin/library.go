package plugin

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/catalog"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/prom"
)

const (
	// readEvery is how often parts of the catalogue are read anew, give or take a tenth, so
	// that many data sources do not ask at once.
	readEvery = 5 * time.Minute
	// readAgain is how soon a read that failed is tried again; twice as long each time.
	readAgain = 15 * time.Second
	// readWithin bounds one read.
	readWithin = 30 * time.Second
	// oldCopy is how old a copy may be for answers that do not wait for a read that is due:
	// nobody asked for a while.
	oldCopy = 3 * readEvery
)

// patience is how long an answer waits for a part that was never read, or not for
// long.
var patience = 5 * time.Second

// library is the catalogue of a data source: its own documents, and parts that are read
// from elsewhere, again and again, behind the questions. The last good copy of a part is
// kept.
type library struct {
	own   []catalog.Source
	parts []*part

	background lifetime // of the data source
	end        func()

	mu       sync.Mutex // guards the state of parts
	building sync.Mutex // lets one catalogue be made at a time
	shelf    atomic.Pointer[shelf]
}

// lifetime is a context that ends with a data source. Unlike that of a request, it carries
// nothing: what is read behind the questions is read in nobody's name.
type lifetime struct{ done chan struct{} }

func (lifetime) Deadline() (at time.Time, ok bool) { return at, false }
func (l lifetime) Done() <-chan struct{}           { return l.done }
func (lifetime) Value(any) any                     { return nil }

func (l lifetime) Err() error {
	select {
	case <-l.done:
		return context.Canceled
	default:
		return nil
	}
}

// part is a part of the catalogue that is read from elsewhere.
type part struct {
	name  string // for everybody: without addresses
	where string // for those who may see the settings
	quiet bool   // nobody asked for it, so that answers do not complain without it
	read  func(context.Context) (copied, error)

	last    copied
	at      time.Time     // when the last good copy was read or found unchanged
	err     error         // of the last read; nil where it was good
	failed  int           // how often in a row
	tried   bool          // a read came to its end, good or bad
	due     time.Time     // when to read next
	running chan struct{} // closed when the read that is under way ends; else nil
}

// copied is what a part holds.
type copied struct {
	text     string
	slos     []catalog.SLO
	problems []catalog.Problem
	same     bool // as the last good copy
	barren   bool // there are documents, and none defines anything
}

// shelf is a catalogue at an instant, with the state of its parts.
type shelf struct {
	catalog.Catalog
	parts []partState
}

// partState is how a part was when the catalogue was made.
type partState struct {
	name, where string
	quiet       bool
	tried       bool
	at          time.Time // of the copy that is used; zero where there is none
	err         error     // why there is no newer one
	slos        int       // that were discovered
	barren      bool      // the copy defines nothing
}

func newLibrary(own []catalog.Source, parts ...*part) *library {
	l := &library{own: own, parts: parts, background: lifetime{make(chan struct{})}}
	l.end = sync.OnceFunc(func() { close(l.background.done) })
	l.build()
	l.look(time.Now())
	return l
}

// look starts to read the parts that are due.
func (l *library) look(now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, p := range l.parts {
		if p.running == nil && !p.due.After(now) && l.background.Err() == nil {
			p.running = make(chan struct{})
			go l.fetch(p)
		}
	}
}

// fetch reads a part. What is new makes a new catalogue; what failed leaves the last
// good copy where it was.
func (l *library) fetch(p *part) {
	ctx, cancel := context.WithTimeout(l.background, readWithin)
	defer cancel()
	var got copied
	err := prom.Safely(func() (err error) {
		got, err = p.read(ctx)
		return err
	})()
	if panicked := new(prom.Panic); errors.As(err, &panicked) {
		backend.Logger.Error("Reading the catalogue panicked", "part", p.name, "details", panicked.Details)
	}
	l.mu.Lock()
	now := time.Now()
	p.err, p.tried = err, true
	if err != nil {
		p.failed++
		p.due = now.Add(jitter(min(readAgain<<min(p.failed-1, 10), readEvery)))
	} else {
		p.at, p.failed, p.due = now, 0, now.Add(jitter(readEvery))
		if !got.same {
			p.last = got
		}
	}
	l.mu.Unlock()
	l.build()
	l.mu.Lock()
	close(p.running)
	p.running = nil
	l.mu.Unlock()
}

// jitter is a length of time, give or take a tenth.
func jitter(d time.Duration) time.Duration {
	return time.Duration(float64(d) * (0.9 + 0.2*rand.Float64())) //nolint:gosec // nothing depends on it
}

// build makes the catalogue of all parts as they are. Where no part changed, only their
// state does.
func (l *library) build() {
	l.building.Lock()
	defer l.building.Unlock()
	in := catalog.Input{Sources: slices.Clone(l.own)}
	made := &shelf{}
	l.mu.Lock()
	for _, p := range l.parts {
		state := partState{p.name, p.where, p.quiet, p.tried, p.at, p.err, len(p.last.slos), p.last.barren}
		made.parts = append(made.parts, state)
		in.Sources = append(in.Sources, catalog.Source{Name: p.name, Text: p.last.text})
		in.Discovered = append(in.Discovered, p.last.slos...)
		in.Problems = append(in.Problems, p.last.problems...)
		in.Partial = in.Partial || p.at.IsZero()
		if problem, ok := state.problem(); ok {
			in.Problems = append(in.Problems, problem)
		}
	}
	l.mu.Unlock()
	made.Catalog = catalog.Read(in)
	l.shelf.Store(made)
}

// problem is what is wrong with the part, if anything is.
func (p partState) problem() (catalog.Problem, bool) {
	problem := catalog.Problem{Place: catalog.Place{Source: p.name}, Severity: catalog.Warning}
	switch {
	case p.quiet, p.tried && p.err == nil:
		return problem, false
	case !p.tried:
		problem.Message = "not read yet"
	case p.at.IsZero():
		problem.Severity, problem.Message = catalog.Error, p.err.Error()
	default:
		problem.Message = p.err.Error() + "; the last good copy is used"
	}
	return problem, true
}

// now is the catalogue as it is.
func (l *library) now() *shelf { return l.shelf.Load() }

// current is the catalogue for an answer. It starts to read what is due and waits, but not for
// long, for parts that were never read or of which there is only an old copy.
func (l *library) current(ctx context.Context, now time.Time) *shelf {
	l.look(now)
	timeout := time.NewTimer(patience)
	defer timeout.Stop()
	for i, p := range l.parts {
		shown := l.now().parts[i]
		if shown.tried && (shown.at.IsZero() || now.Sub(shown.at) < oldCopy) {
			continue
		}
		if !l.await(ctx, p, timeout.C) {
			break
		}
	}
	return l.now()
}

// anew reads all parts again and waits for them.
func (l *library) anew(ctx context.Context) *shelf {
	l.expire()
	l.look(time.Now())
	for _, p := range l.parts {
		if !l.await(ctx, p, nil) {
			break
		}
	}
	return l.now()
}

// await waits for a part that is being read, and reports whether there is time for more.
func (l *library) await(ctx context.Context, p *part, timeout <-chan time.Time) bool {
	l.mu.Lock()
	running := p.running
	l.mu.Unlock()
	if running == nil {
		return true
	}
	select {
	case <-running:
		return true
	case <-timeout:
	case <-ctx.Done():
	}
	return false
}

// expire makes all parts due.
func (l *library) expire() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, p := range l.parts {
		p.due = time.Time{}
	}
}

// unread is the error of an answer that has to wait for parts of the catalogue.
func (s *shelf) unread() error {
	var names []string
	for _, p := range s.parts {
		if !p.tried {
			names = append(names, p.name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	return unreadError("the catalogue is not read yet from " + strings.Join(names, " and ") + "; try again in a moment")
}

// incomplete is the error of an alert rule that does not name the SLOs that it is about, while
// a part of the catalogue never was read, or never held anything but errors: the SLOs of that part would vanish from its
// answer, and Grafana resolves alerts that vanish. Parts that nobody asked for are not waited
// for.
func (s *shelf) incomplete() error {
	var names []string
	for _, p := range s.parts {
		if (p.at.IsZero() || p.barren) && !p.quiet {
			names = append(names, p.name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	return unreadError("the catalogue could not be read from " + strings.Join(names, " and ") + ", and alerts of what it defines would be lost; select SLOs by name to do without")
}

// unreadError is that an answer would be without parts of the catalogue.
type unreadError string

func (e unreadError) Error() string { return string(e) }

// admit says which parts of the catalogue are missing or old. Reasons may hold addresses,
// which viewers of public dashboards must not see: health has them.
func (a *answer) admit(s *shelf) {
	for _, p := range s.parts {
		switch {
		case p.err == nil || p.quiet:
		case p.at.IsZero():
			a.notice(data.NoticeSeverityWarning, fmt.Sprintf("the catalogue could not be read from %s, and what it defines is missing", p.name))
		default:
			a.notice(data.NoticeSeverityWarning, fmt.Sprintf("the catalogue could not be read anew from %s; the copy of %s is used", p.name, ago(a.now.Sub(p.at))))
		}
	}
}

// ago is how long ago something was, in words.
func ago(d time.Duration) string {
	if d < 2*time.Minute {
		return "a minute ago"
	}
	return spokenDuration(d) + " ago"
}

// told is a sentence for each part, for those who may see the settings.
func (s *shelf) told(now time.Time) string {
	all := make([]string, len(s.parts))
	for i, p := range s.parts {
		state := "is not read yet"
		switch {
		case p.err != nil && p.at.IsZero():
			state = "could not be read: " + p.err.Error()
		case p.err != nil:
			state = "could not be read: " + p.err.Error() + "; the copy of " + ago(now.Sub(p.at)) + " is used"
		case p.tried:
			state = "was read " + ago(now.Sub(p.at))
		}
		name := capital(p.name)
		if p.where != "" {
			name += " (" + p.where + ")"
		}
		all[i] = name + " " + state + "."
	}
	return strings.Join(all, " ")
}
