// Package faulty stands between the plugin and a Prometheus and does to their talk
// what networks, servers, proxies and operators do.
package faulty

import (
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// Proxy is a store that can be told to fail.
type Proxy struct {
	URL string

	address string
	mu      sync.Mutex
	server  *httptest.Server
	target  string
	fault   Fault
	asked   []Request
	open    int
	hole    func() // ends that the address answers nothing
}

// Request is what was asked of the store.
type Request struct {
	Path string
	Form url.Values // of PromQL queries
}

// Fault answers a request in place of the store. pass has the store answer.
type Fault func(w http.ResponseWriter, r *http.Request, pass http.HandlerFunc)

// New starts a proxy before a store. It ends with the test.
func New(t testing.TB, target string) *Proxy {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	p := &Proxy{address: listener.Addr().String(), target: target}
	p.URL = "http://" + p.address
	p.serve(listener)
	t.Cleanup(p.Down)
	return p
}

func (p *Proxy) serve(listener net.Listener) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(p.handle))
	_ = server.Listener.Close()
	server.Listener = listener
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // it tells of answers that were broken off
	server.Config.ConnState = p.count
	server.Start()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.server = server
}

func (p *Proxy) count(_ net.Conn, state http.ConnState) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch state {
	case http.StateNew:
		p.open++
	case http.StateClosed, http.StateHijacked:
		p.open--
	}
}

// Connections is how many connections to the proxy are open.
func (p *Proxy) Connections() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.open
}

// Down ends the proxy at once, with answers that are under way, so that connections are
// refused.
func (p *Proxy) Down() {
	p.mu.Lock()
	server, hole := p.server, p.hole
	p.server, p.hole = nil, nil
	p.mu.Unlock()
	if hole != nil {
		hole()
	}
	if server != nil {
		server.CloseClientConnections()
		server.Close()
	}
}

// Up starts the proxy again, at the same address.
func (p *Proxy) Up(t testing.TB) {
	t.Helper()
	p.Down()
	listener, err := net.Listen("tcp", p.address)
	require.NoError(t, err)
	p.serve(listener)
}

// Set makes a fault begin; nil ends it.
func (p *Proxy) Set(f Fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fault = f
}

// Before puts the proxy before another store.
func (p *Proxy) Before(target string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.target = target
}

// Asked are the requests since it was called last.
func (p *Proxy) Asked() []Request {
	p.mu.Lock()
	defer p.mu.Unlock()
	all := p.asked
	p.asked = nil
	return all
}

func (p *Proxy) handle(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	form, _ := url.ParseQuery(string(body))
	p.mu.Lock()
	p.asked = append(p.asked, Request{r.URL.Path, form})
	fault, target := p.fault, p.target
	p.mu.Unlock()
	pass := func(w http.ResponseWriter, r *http.Request) {
		to, err := url.Parse(target)
		if err != nil {
			panic(err)
		}
		proxy := httputil.NewSingleHostReverseProxy(to)
		proxy.ErrorLog = log.New(io.Discard, "", 0)
		proxy.ServeHTTP(w, r)
	}
	r.Body = io.NopCloser(newReader(body))
	if fault == nil {
		pass(w, r)
		return
	}
	fault(w, r, pass)
}
