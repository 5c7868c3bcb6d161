package grafana

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// image is what runs where there is no binary.
const image = "grafana/grafana:12.4.0"

// ErrNone says that there is nothing to start.
var ErrNone = errors.New("neither a grafana binary nor a running Docker engine")

// launcher makes the command that runs Grafana with the files in a directory.
type launcher struct {
	what    string
	command func(dir string, s Settings) *exec.Cmd
	// kill ends what killing the command does not; nil if there is no such thing.
	kill func(dir string)
}

// find looks for a binary first, then for Docker.
func find(ctx context.Context) (launcher, error) {
	if path, home := binary(); path != "" {
		return launcher{what: path, command: func(dir string, _ Settings) *exec.Cmd {
			return exec.Command(path, "server", "--homepath", home, "--config", configFile(dir))
		}}, nil
	}
	if dockerRuns(ctx) {
		return launcher{what: "Docker image " + image, command: docker, kill: dockerKill}, nil
	}
	return launcher{}, ErrNone
}

// binary finds grafana and its home, the directory with conf/ and public/.
func binary() (path, home string) {
	if home = os.Getenv("GRAFANA_HOME"); home != "" {
		if path, err := exec.LookPath(filepath.Join(home, "bin", "grafana")); err == nil {
			return path, home
		}
	}
	path, err := exec.LookPath("grafana")
	if err != nil {
		return "", ""
	}
	for _, home := range homesOf(path) {
		if _, err := os.Stat(filepath.Join(home, "conf", "defaults.ini")); err == nil {
			return path, home
		}
	}
	return "", ""
}

// homesOf lists where the home of a binary may be: what the user says, the
// directory it was unpacked into, and where packages put it.
func homesOf(path string) []string {
	homes := []string{}
	if home := os.Getenv("GRAFANA_HOME"); home != "" {
		homes = append(homes, home)
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		homes = append(homes, filepath.Dir(filepath.Dir(real)), filepath.Join(filepath.Dir(filepath.Dir(real)), "share", "grafana"))
	}
	return append(homes, "/usr/share/grafana", "/usr/local/share/grafana", "/opt/homebrew/share/grafana")
}

func dockerRuns(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	return exec.CommandContext(ctx, "docker", "info").Run() == nil
}

// docker runs the image on the host's network, so that it reaches Prometheus on
// the loopback interface and listens only there. The same files are mounted at
// the same paths, read by the same user, so one configuration fits both launchers.
func docker(dir string, s Settings) *exec.Cmd {
	args := []string{
		"run", "--rm", "--name", container(dir), "--network", "host",
		"--user", fmt.Sprintf("%d:%d", os.Getuid(), os.Getgid()),
		"--volume", dir + ":" + dir,
		"--volume", s.PluginDir + ":" + s.PluginDir + ":ro",
		"--env", "GF_PATHS_CONFIG=" + configFile(dir),
		"--env", "GF_PATHS_DATA=" + filepath.Join(dir, "data"),
		"--env", "GF_PATHS_PLUGINS=" + filepath.Join(dir, "plugins"),
	}
	if _, err := os.Stat(s.Dashboards); err == nil {
		args = append(args, "--volume", s.Dashboards+":"+s.Dashboards+":ro")
	}
	return exec.Command("docker", append(args, image)...)
}

// dockerKill ends the container, which outlives a killed client.
func dockerKill(dir string) {
	exec.Command("docker", "kill", container(dir)).Run() //nolint:errcheck // it may be gone
}

func container(dir string) string { return filepath.Base(dir) }
