package promtest

import (
	"os/exec"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// Process is a real Prometheus server that a test can end as machines and operators do,
// and start again at the same address, on the same data.
type Process struct {
	URL string

	dir, blocks, address string
	server               *exec.Cmd
}

// Restartable starts a real Prometheus server on the given series. The test is skipped
// where it is not installed.
func Restartable(t testing.TB, all []Series) *Process {
	t.Helper()
	dir := t.TempDir()
	p := &Process{dir: dir, blocks: makeBlocks(t, dir, all, "--max-block-duration=744h"), address: freeAddress(t)}
	p.URL = "http://" + p.address
	p.Start(t)
	return p
}

// Start starts the server, and waits until it answers.
func (p *Process) Start(t testing.TB) {
	t.Helper()
	p.server = prometheus(t, p.dir, p.blocks, p.address)
	run(t, p.server)
	ready(t, p.URL+"/-/ready")
}

// Freeze has the server stand still: it takes connections up and answers nothing.
func (p *Process) Freeze(t testing.TB) {
	t.Helper()
	require.NoError(t, p.server.Process.Signal(syscall.SIGSTOP))
	frozen := p.server.Process
	t.Cleanup(func() { _ = frozen.Signal(syscall.SIGCONT) }) // what stands still cannot be ended
}

// Kill ends the server at once, with all that it was about to answer.
func (p *Process) Kill(t testing.TB) {
	t.Helper()
	require.NoError(t, p.server.Process.Kill())
	_ = p.server.Wait() // it says that the process was killed
}
