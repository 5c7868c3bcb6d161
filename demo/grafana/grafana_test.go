package grafana

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// The tests run this very binary in place of Grafana.
func TestMain(m *testing.M) {
	switch os.Getenv("STAKES_FAKE_GRAFANA") {
	case "":
		os.Exit(m.Run())
	case "broken":
		fmt.Println("database is locked")
		os.Exit(1)
	default:
		serveHealth(os.Args[len(os.Args)-1])
	}
}

// serveHealth listens where the configuration says, as Grafana would.
func serveHealth(configFile string) {
	text, err := os.ReadFile(configFile)
	if err != nil {
		panic(err)
	}
	port := regexp.MustCompile(`http_port = (\d+)`).FindStringSubmatch(string(text))[1]
	panic(http.ListenAndServe("127.0.0.1:"+port, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})))
}

// fake makes the test binary the grafana of a home directory.
func fake(t *testing.T, kind string) {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	home := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(home, "bin"), 0o755))
	require.NoError(t, os.Symlink(self, filepath.Join(home, "bin", "grafana")))
	t.Setenv("GRAFANA_HOME", home)
	t.Setenv("STAKES_FAKE_GRAFANA", kind)
}

func settings(t *testing.T) Settings {
	dashboards := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dashboards, "promises.json"), []byte(`{"uid":"p1","title":"Promises"}`), 0o644))
	return Settings{
		PluginID: "stakes-slo-datasource", PluginDir: "/repo/dist", Dashboards: dashboards,
		SourceUID: "stakes-demo", SourceURL: "http://127.0.0.1:9090",
		JSONData: map[string]any{"catalog": "kind: SLO # costs $5\n", "currency": "EUR"},
	}
}

func TestItStartsAndLeavesNothingBehind(t *testing.T) {
	fake(t, "healthy")
	g, err := Start(context.Background(), settings(t))
	require.NoError(t, err)
	require.Equal(t, []Dashboard{{Title: "Promises", URL: g.URL + "/d/p1"}}, g.Dashboards)
	resp, err := http.Get(g.URL + "/api/health")
	require.NoError(t, err)
	resp.Body.Close()

	require.NoError(t, g.Close())
	_, err = http.Get(g.URL + "/api/health")
	require.Error(t, err, "the process has ended")
	require.NoDirExists(t, g.dir)
}

func TestAGrafanaThatDoesNotStartSaysWhy(t *testing.T) {
	fake(t, "broken")
	_, err := Start(context.Background(), settings(t))
	require.ErrorContains(t, err, "ended before it was healthy")
	require.ErrorContains(t, err, "database is locked")
}

func TestATakenPortIsReplacedByAFreeOne(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	busy := taken.Addr().(*net.TCPAddr).Port
	port, err := freePort(busy)
	require.NoError(t, err)
	require.NotZero(t, port)
	require.NotEqual(t, busy, port)
}

func TestNothingToStartIsSaid(t *testing.T) {
	t.Setenv("GRAFANA_HOME", "")
	t.Setenv("PATH", t.TempDir())
	_, err := Start(context.Background(), settings(t))
	require.ErrorIs(t, err, ErrNone)
}

func TestTheDataSourceIsProvisionedWithTheWholeCatalogue(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, settings(t).write(dir))
	text, err := os.ReadFile(filepath.Join(dir, "provisioning/datasources/stakes.yaml"))
	require.NoError(t, err)
	var file struct {
		Datasources []struct {
			UID, Type, URL string
			JSONData       map[string]string `yaml:"jsonData"`
		}
	}
	require.NoError(t, yaml.Unmarshal(text, &file))
	require.Equal(t, "stakes-demo", file.Datasources[0].UID)
	require.Equal(t, "stakes-slo-datasource", file.Datasources[0].Type)
	require.Equal(t, "kind: SLO # costs $$5\n", file.Datasources[0].JSONData["catalog"],
		"a dollar would be a variable")

	ini, err := os.ReadFile(configFile(dir))
	require.NoError(t, err)
	for _, line := range []string{
		"http_addr = 127.0.0.1",
		"allow_loading_unsigned_plugins = stakes-slo-datasource",
		"path = /repo/dist",
	} {
		require.Contains(t, string(ini), line)
	}
}

func TestMissingDashboardsAreNoObstacle(t *testing.T) {
	s := settings(t)
	s.Dashboards = filepath.Join(s.Dashboards, "missing")
	dir := t.TempDir()
	require.NoError(t, s.write(dir))
	require.NoFileExists(t, filepath.Join(dir, "provisioning/dashboards/stakes.yaml"))
}

func TestDockerReadsTheSameFilesAtTheSamePaths(t *testing.T) {
	s := settings(t)
	line := strings.Join(docker("/tmp/stakes-demo-grafana-1", s).Args, " ")
	require.Contains(t, line, "--network host")
	require.Contains(t, line, "--volume /tmp/stakes-demo-grafana-1:/tmp/stakes-demo-grafana-1 ")
	require.Contains(t, line, "--volume /repo/dist:/repo/dist:ro")
	require.Contains(t, line, s.Dashboards+":ro")
	require.True(t, strings.HasSuffix(line, image))
}

// A process that ignores the request to end is killed with its whole group.
func TestWhatDoesNotEndIsKilled(t *testing.T) {
	cmd := exec.Command("sh", "-c", "trap '' TERM; sleep 60 & wait; sleep 60")
	ownGroup(cmd)
	require.NoError(t, cmd.Start())
	g := &Grafana{cmd: cmd, exited: make(chan struct{}), dir: t.TempDir()}
	go func() {
		cmd.Wait() //nolint:errcheck // killed
		close(g.exited)
	}()
	g.Kill()
	select {
	case <-g.Exited():
	case <-time.After(5 * time.Second):
		t.Fatal("still there")
	}
}
