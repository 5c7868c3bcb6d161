package grafana

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// How long Grafana may take: to start, image included, and to end.
const (
	startTimeout = 5 * time.Minute
	endTimeout   = 10 * time.Second
)

// Grafana is a running server.
type Grafana struct {
	URL        string
	What       string // which binary or image it is
	Dashboards []Dashboard

	dir      string
	launcher launcher
	cmd      *exec.Cmd
	exited   chan struct{}
}

// Start runs Grafana and waits until it is healthy. The error is ErrNone where
// there is no Grafana to run.
func Start(ctx context.Context, s Settings) (*Grafana, error) {
	l, err := find(ctx)
	if err != nil {
		return nil, err
	}
	if s.Port, err = freePort(s.Port); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "stakes-demo-grafana-")
	if err != nil {
		return nil, err
	}
	g := &Grafana{
		URL:      "http://127.0.0.1:" + strconv.Itoa(s.Port),
		What:     l.what,
		dir:      dir,
		launcher: l,
		exited:   make(chan struct{}),
	}
	g.Dashboards = listDashboards(s.Dashboards, g.URL)
	if err := g.start(ctx, s); err != nil {
		return nil, errors.Join(fmt.Errorf("start Grafana (%s): %w%s", l.what, err, g.lastLines()), g.Close())
	}
	return g, nil
}

func (g *Grafana) start(ctx context.Context, s Settings) error {
	if err := s.write(g.dir); err != nil {
		return err
	}
	log, err := os.Create(g.logFile())
	if err != nil {
		return err
	}
	defer log.Close() // the child has its own copy
	cmd := g.launcher.command(g.dir, s)
	cmd.Stdout, cmd.Stderr = log, log
	ownGroup(cmd)
	if err := cmd.Start(); err != nil {
		return err
	}
	g.cmd = cmd
	go func() {
		cmd.Wait() //nolint:errcheck // why it ended is in the log
		close(g.exited)
	}()
	return g.waitUntilHealthy(ctx)
}

func (g *Grafana) waitUntilHealthy(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	for {
		if g.healthy(ctx) {
			return nil
		}
		select {
		case <-g.exited:
			return errors.New("it ended before it was healthy")
		case <-ctx.Done():
			return fmt.Errorf("it was not healthy in time: %w", ctx.Err())
		case <-time.After(300 * time.Millisecond):
		}
	}
}

func (g *Grafana) healthy(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, g.URL+"/api/health", nil)
	if err != nil {
		return false
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}

// Exited is closed when Grafana ends, by itself or by Close.
func (g *Grafana) Exited() <-chan struct{} { return g.exited }

// Close asks Grafana to end, kills it if it does not, and removes its files.
func (g *Grafana) Close() error {
	if g.cmd != nil {
		askToEnd(g.cmd)
		select {
		case <-g.exited:
		case <-time.After(endTimeout):
		}
		g.Kill() // also what a dead server left behind in its group
		<-g.exited
	}
	return os.RemoveAll(g.dir)
}

// Kill ends the processes at once.
func (g *Grafana) Kill() {
	if g.cmd == nil {
		return
	}
	killGroup(g.cmd)
	if g.launcher.kill != nil {
		g.launcher.kill(g.dir)
	}
}

func (g *Grafana) logFile() string { return filepath.Join(g.dir, "grafana.log") }

// lastLines is the end of the log, for an error message.
func (g *Grafana) lastLines() string {
	const enough = 10
	text, err := os.ReadFile(g.logFile())
	if err != nil || len(text) == 0 {
		return ""
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return "\n" + strings.Join(lines[max(0, len(lines)-enough):], "\n")
}

// freePort is the wanted port, or any free one if it is taken.
func freePort(wanted int) (int, error) {
	for _, port := range []int{wanted, 0} {
		listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err != nil {
			continue
		}
		defer listener.Close()
		return listener.Addr().(*net.TCPAddr).Port, nil
	}
	return 0, errors.New("no free port on 127.0.0.1")
}
