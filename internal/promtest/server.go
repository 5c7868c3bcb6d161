package promtest

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// RequireServer is the environment variable that turns "there is no Prometheus
// here" from a skipped test into a failed one.
const RequireServer = "STAKES_REQUIRE_PROMETHEUS"

// Server starts a real Prometheus server on the given series and returns its
// address. The test is skipped where prometheus and promtool are not installed.
func Server(t testing.TB, all []Series) string {
	t.Helper()
	prometheus, promtool := program(t, "prometheus"), program(t, "promtool")
	dir := t.TempDir()
	metrics := filepath.Join(dir, "samples.om")
	require.NoError(t, os.WriteFile(metrics, []byte(openMetrics(all)), 0o600))
	blocks := filepath.Join(dir, "data")
	out, err := exec.Command(promtool, "tsdb", "create-blocks-from", "openmetrics", "--max-block-duration=744h", metrics, blocks).CombinedOutput()
	if err != nil { // older ones do not know the option
		out, err = exec.Command(promtool, "tsdb", "create-blocks-from", "openmetrics", metrics, blocks).CombinedOutput()
	}
	require.NoError(t, err, "promtool: %s", out)
	config := filepath.Join(dir, "prometheus.yml")
	require.NoError(t, os.WriteFile(config, []byte("scrape_configs: []\n"), 0o600))

	address := freeAddress(t)
	server := exec.Command(prometheus, "--config.file="+config, "--storage.tsdb.path="+blocks,
		"--storage.tsdb.retention.time=100y", "--web.listen-address="+address, "--log.level=error")
	server.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	require.NoError(t, server.Start())
	t.Cleanup(func() {
		_ = server.Process.Signal(syscall.SIGTERM)
		_ = server.Wait()
	})
	url := "http://" + address
	require.Eventually(t, func() bool {
		response, err := http.Get(url + "/-/ready") //nolint:noctx // a test's own server
		if err != nil {
			return false
		}
		_ = response.Body.Close()
		return response.StatusCode == http.StatusOK
	}, 30*time.Second, 50*time.Millisecond, "Prometheus did not become ready")
	return url
}

func program(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err == nil {
		return path
	}
	if os.Getenv(RequireServer) != "" {
		t.Fatalf("%s is not installed, and %s is set", name, RequireServer)
	}
	t.Skipf("%s is not installed; set %s to make this a failure", name, RequireServer)
	return ""
}

func freeAddress(t testing.TB) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, listener.Close()) }()
	return fmt.Sprint(listener.Addr())
}
