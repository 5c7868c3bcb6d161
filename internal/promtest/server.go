package promtest

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	neturl "net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
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
func Server(t testing.TB, all []Series) string { return ServerWithFlags(t, all) }

// ServerWithFlags is Server with flags beyond the usual ones.
func ServerWithFlags(t testing.TB, all []Series, flags ...string) string {
	t.Helper()
	dir := t.TempDir()
	return serve(t, dir, makeBlocks(t, dir, all, "--max-block-duration=744h"), flags...)
}

// makeBlocks writes series as Prometheus keeps them, in blocks of a size, and returns where.
func makeBlocks(t testing.TB, dir string, all []Series, size string) string {
	t.Helper()
	promtool := program(t, "promtool")
	metrics := filepath.Join(dir, "samples.om")
	require.NoError(t, os.WriteFile(metrics, []byte(openMetrics(all)), 0o600))
	blocks := filepath.Join(dir, "data")
	out, err := exec.Command(promtool, "tsdb", "create-blocks-from", "openmetrics", size, metrics, blocks).CombinedOutput()
	if err != nil { // older ones do not know the option
		out, err = exec.Command(promtool, "tsdb", "create-blocks-from", "openmetrics", metrics, blocks).CombinedOutput()
	}
	require.NoError(t, err, "promtool: %s", out)
	return blocks
}

// serve starts a Prometheus server on blocks, with the rules that are in a directory.
func serve(t testing.TB, dir, blocks string, flags ...string) string {
	t.Helper()
	address := freeAddress(t)
	run(t, prometheus(t, dir, blocks, address, flags...))
	url := "http://" + address
	ready(t, url+"/-/ready")
	return url
}

// prometheus is the command that serves blocks at an address, for good where no flag says
// otherwise.
func prometheus(t testing.TB, dir, blocks, address string, flags ...string) *exec.Cmd {
	t.Helper()
	config := filepath.Join(dir, "prometheus.yml")
	require.NoError(t, os.WriteFile(config, []byte("rule_files: [rules.yml]\n"), 0o600))
	args := append([]string{"--config.file=" + config, "--storage.tsdb.path=" + blocks, "--web.listen-address=" + address, "--log.level=error"}, flags...)
	if !slices.ContainsFunc(flags, func(flag string) bool { return strings.HasPrefix(flag, retention) }) {
		args = append(args, retention+"100y")
	}
	return exec.Command(program(t, "prometheus"), args...)
}

const retention = "--storage.tsdb.retention.time="

// ServerKeeping is Server that throws away, two hours at a time, what is older than a
// length of time.
func ServerKeeping(t testing.TB, all []Series, age time.Duration) string {
	t.Helper()
	dir := t.TempDir()
	return serve(t, dir, makeBlocks(t, dir, all, "--max-block-duration=2h"), retention+age.String())
}

// ServerWithRules starts a real Prometheus server on the given series and on what
// rules would have recorded of them from one instant to another, evaluated by
// Prometheus itself: each file of rules on what is there after those before it. The test
// is skipped where it is not installed.
func ServerWithRules(t testing.TB, all []Series, from, to time.Time, files ...string) string {
	t.Helper()
	url := Server(t, all)
	dir := t.TempDir()
	metrics, recorded := filepath.Join(dir, "samples.om"), filepath.Join(dir, "recorded")
	require.NoError(t, os.WriteFile(metrics, []byte(openMetrics(all)), 0o600))
	promtool := func(args ...string) {
		out, err := exec.Command(program(t, "promtool"), args...).CombinedOutput()
		require.NoError(t, err, "promtool: %s", out)
	}
	for i, rules := range files {
		file, blocks := filepath.Join(dir, fmt.Sprintf("rules%d.yml", i)), filepath.Join(dir, fmt.Sprintf("data%d", i))
		require.NoError(t, os.WriteFile(file, []byte(rules), 0o600))
		promtool("tsdb", "create-blocks-from", "rules", "--url="+url, fmt.Sprintf("--start=%d", from.Unix()), fmt.Sprintf("--end=%d", to.Unix()),
			"--eval-interval=5m", "--output-dir="+recorded, file)
		require.NoError(t, os.CopyFS(blocks, os.DirFS(recorded)))
		promtool("tsdb", "create-blocks-from", "openmetrics", metrics, blocks)
		url = serve(t, dir, blocks)
	}
	return url
}

// ServerEvaluating is Server with rules that it evaluates from now on, and lists. The
// series are to hold what they recorded until now.
func ServerEvaluating(t testing.TB, all []Series, rules string) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "rules.yml"), []byte(rules), 0o600))
	return serve(t, dir, makeBlocks(t, dir, all, "--max-block-duration=744h"))
}

// VictoriaMetrics starts a real VictoriaMetrics server on the given series and
// returns its address. The test is skipped where it is not installed.
func VictoriaMetrics(t testing.TB, all []Series) string {
	t.Helper()
	path, err := exec.LookPath("victoria-metrics")
	if err != nil {
		t.Skip("victoria-metrics is not installed")
	}
	address := freeAddress(t)
	server := exec.Command(path, "-storageDataPath="+filepath.Join(t.TempDir(), "data"), "-httpListenAddr="+address,
		"-retentionPeriod=100y", "-loggerLevel=ERROR", "-search.latencyOffset=0s")
	run(t, server)
	url := "http://" + address
	ready(t, url+"/health")
	post(t, url+"/api/v1/import/prometheus", exposition(all))
	post(t, url+"/internal/force_flush", "")
	// What was imported can be found a moment later, series by series.
	require.Eventually(t, func() bool { return samplesIn(t, url, all) == count(all) }, 30*time.Second, 100*time.Millisecond, "VictoriaMetrics did not show what was imported")
	return url
}

func count(all []Series) (n int) {
	for _, s := range all {
		n += len(s.Samples)
	}
	return n
}

// samplesIn is the number of samples of all series that VictoriaMetrics can find.
func samplesIn(t testing.TB, url string, all []Series) int {
	t.Helper()
	last := time.Time{}
	for _, s := range all {
		if at := s.Samples[len(s.Samples)-1].At; at.After(last) {
			last = at
		}
	}
	query := neturl.Values{"nocache": {"1"}, "time": {fmt.Sprint(last.Unix() + 1)}, "query": {`sum(count_over_time({__name__!=""}[1000d]))`}}
	response, err := http.Get(url + "/api/v1/query?" + query.Encode()) //nolint:noctx // a test's own server
	require.NoError(t, err)
	defer func() { require.NoError(t, response.Body.Close()) }()
	var answer struct {
		Data struct {
			Result []struct {
				Value [2]any
			}
		}
	}
	require.NoError(t, json.NewDecoder(response.Body).Decode(&answer))
	if len(answer.Data.Result) == 0 {
		return 0
	}
	n, err := strconv.Atoi(answer.Data.Result[0].Value[1].(string))
	require.NoError(t, err)
	return n
}

// run starts a server, which ends with the test.
func run(t testing.TB, server *exec.Cmd) {
	t.Helper()
	server.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	require.NoError(t, server.Start())
	t.Cleanup(func() {
		_ = server.Process.Signal(syscall.SIGTERM)
		_ = server.Wait()
	})
}

// exposition writes series in the text format, with timestamps in ms.
func exposition(all []Series) string {
	var b strings.Builder
	for _, s := range all {
		id := s.Labels["__name__"] + "{" + labelText(s.Labels) + "}"
		for _, sample := range s.Samples {
			fmt.Fprintf(&b, "%s %v %d\n", id, sample.Value, sample.At.UnixMilli())
		}
	}
	return b.String()
}

func post(t testing.TB, url, body string) {
	t.Helper()
	response, err := http.Post(url, "text/plain", strings.NewReader(body)) //nolint:noctx // a test's own server
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Less(t, response.StatusCode, 300, url)
}

func ready(t testing.TB, url string) {
	t.Helper()
	require.Eventually(t, func() bool {
		response, err := http.Get(url) //nolint:noctx // a test's own server
		if err != nil {
			return false
		}
		_ = response.Body.Close()
		return response.StatusCode == http.StatusOK
	}, 30*time.Second, 50*time.Millisecond, "the server did not become ready")
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
