package faulty

import (
	"net"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Vanish has the proxy's address answer nothing any more, not even that it refuses, as of a
// machine without power: nobody takes connections up, and the queue of those that wait is
// full. Up and Down end that.
func (p *Proxy) Vanish(t testing.TB) {
	t.Helper()
	p.Down()
	listener, err := net.Listen("tcp", p.address)
	require.NoError(t, err)
	raw, err := listener.(*net.TCPListener).SyscallConn()
	require.NoError(t, err)
	require.NoError(t, raw.Control(func(fd uintptr) { err = syscall.Listen(int(fd), 0) }))
	require.NoError(t, err)
	waiting := []net.Conn{}
	for full := false; !full; {
		conn, err := net.DialTimeout("tcp", p.address, 200*time.Millisecond)
		if full = err != nil; !full {
			waiting = append(waiting, conn)
		}
		require.Less(t, len(waiting), 100, "the queue does not get full")
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.hole = func() {
		for _, conn := range waiting {
			_ = conn.Close()
		}
		_ = listener.Close()
	}
}
