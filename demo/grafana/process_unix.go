//go:build unix

package grafana

import (
	"os/exec"
	"syscall"
)

// ownGroup keeps Ctrl-C in the terminal away from the child: it ends when it is
// told to, and everything it started ends with it.
func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

func askToEnd(cmd *exec.Cmd) { syscall.Kill(cmd.Process.Pid, syscall.SIGTERM) } //nolint:errcheck // it may be gone

func killGroup(cmd *exec.Cmd) { syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) } //nolint:errcheck // it may be gone
