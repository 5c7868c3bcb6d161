package promtest

import (
	"bytes"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/golang/snappy"
	"github.com/prometheus/prometheus/prompb"
	"github.com/stretchr/testify/require"
)

// Receiver is a real Prometheus server that takes samples as they are written to it,
// also late ones and those that are out of order.
type Receiver struct{ URL string }

// NewReceiver starts a server that takes samples up to lateness older than the newest.
// The test is skipped where Prometheus is not installed.
func NewReceiver(t testing.TB, lateness time.Duration) *Receiver {
	t.Helper()
	dir := t.TempDir()
	config := filepath.Join(dir, "prometheus.yml")
	require.NoError(t, os.WriteFile(config, []byte("storage:\n  tsdb:\n    out_of_order_time_window: "+lateness.String()+"\n"), 0o600))
	address := freeAddress(t)
	run(t, exec.Command(program(t, "prometheus"), "--config.file="+config, "--storage.tsdb.path="+filepath.Join(dir, "data"),
		"--storage.tsdb.retention.time=100y", "--web.enable-remote-write-receiver", "--web.listen-address="+address, "--log.level=error"))
	url := "http://" + address
	ready(t, url+"/-/ready")
	return &Receiver{URL: url}
}

// Write writes samples by remote write, in the order that they are given in.
func (r *Receiver) Write(t testing.TB, all ...Series) {
	t.Helper()
	request := &prompb.WriteRequest{}
	for _, s := range all {
		one := prompb.TimeSeries{}
		for name, value := range s.Labels {
			one.Labels = append(one.Labels, prompb.Label{Name: name, Value: value})
		}
		for _, sample := range s.Samples {
			one.Samples = append(one.Samples, prompb.Sample{Timestamp: sample.At.UnixMilli(), Value: sample.Value})
		}
		request.Timeseries = append(request.Timeseries, one)
	}
	body, err := request.Marshal()
	require.NoError(t, err)
	response, err := http.Post(r.URL+"/api/v1/write", "application/x-protobuf", bytes.NewReader(snappy.Encode(nil, body))) //nolint:noctx // a test's own server
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Less(t, response.StatusCode, 300, "remote write")
}
