//go:build !unix

package grafana

import "os/exec"

func ownGroup(*exec.Cmd) {}

func askToEnd(cmd *exec.Cmd) { cmd.Process.Kill() } //nolint:errcheck // it may be gone

func killGroup(cmd *exec.Cmd) { cmd.Process.Kill() } //nolint:errcheck // it may be gone
