package e2e

import (
	"io"
	"log"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func copyAll(w io.Writer, r io.Reader) (int64, error) { return io.Copy(w, r) }

// quiet is a logger for servers that complain of what a test does to them.
func quiet() *log.Logger { return log.New(io.Discard, "", 0) }

func seconds(t *testing.T, text string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(text, 64)
	require.NoError(t, err, text)
	return v
}

// formBody is the body of a request whose form was read.
func formBody(r *http.Request) io.ReadCloser {
	text := r.PostForm.Encode()
	r.ContentLength = int64(len(text))
	return io.NopCloser(strings.NewReader(text))
}
