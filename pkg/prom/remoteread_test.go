package prom

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/golang/snappy"
	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/prompb"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"github.com/stretchr/testify/require"
)

// framed is a message as the stream of a remote read carries it.
func framed(message []byte) []byte {
	var b bytes.Buffer
	b.Write(binary.AppendUvarint(nil, uint64(len(message))))
	_ = binary.Write(&b, binary.BigEndian, crc32.Checksum(message, crc32.MakeTable(crc32.Castagnoli)))
	b.Write(message)
	return b.Bytes()
}

// message is a frame's content: one series with one chunk of samples a second apart.
func message(t *testing.T, pod string, values ...float64) []byte {
	t.Helper()
	chunk := chunkenc.NewXORChunk()
	appender, err := chunk.Appender()
	require.NoError(t, err)
	for i, v := range values {
		appender.Append(0, int64(i+1)*1000, v)
	}
	text, err := (&prompb.ChunkedReadResponse{ChunkedSeries: []*prompb.ChunkedSeries{{
		Labels: []prompb.Label{{Name: "__name__", Value: "x_total"}, {Name: "pod", Value: pod}},
		Chunks: []prompb.Chunk{{Type: prompb.Chunk_XOR, Data: chunk.Bytes()}},
	}}}).Marshal()
	require.NoError(t, err)
	return text
}

// into collects the values of one series.
type into struct {
	all map[string][]float64
	pod string
}

func (i into) floats(all numbers) {
	for _, r := range all.stretches {
		for range r.n {
			i.all[i.pod] = append(i.all[i.pod], r.value)
		}
	}
}

func (i into) histogram(int64, *histogram.FloatHistogram) {}

func (i into) done() error { return nil }

// readFrom reads [2s, 4s] from a store that answers with the given body.
func readFrom(t *testing.T, status int, contentType string, body []byte) (map[string][]float64, error) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = w.Write(body)
	}))
	defer server.Close()
	reader, err := newRemoteReader(server.URL+"/", server.Client())
	require.NoError(t, err)
	got := map[string][]float64{}
	err = reader.read(t.Context(), matchersOf(`x_total`), time.Unix(2, 0), time.Unix(4, 0), func(l labels.Labels) sink {
		return into{got, l.Get("pod")}
	})
	return got, err
}

const streamed = "application/x-streamed-protobuf; proto=prometheus.ChunkedReadResponse"

func TestSamplesAreReadFromAStreamOfChunks(t *testing.T) {
	// A series may go on in the next frame; chunks reach beyond what was asked for.
	body := append(framed(message(t, "a", 1, 2, 3, 4, 5)), framed(message(t, "b", 7, 8))...)
	got, err := readFrom(t, http.StatusOK, streamed, body)
	require.NoError(t, err)
	require.Equal(t, map[string][]float64{"a": {2, 3, 4}, "b": {8}}, got)
}

func TestADamagedStreamIsNoAnswer(t *testing.T) {
	whole := framed(message(t, "a", 1, 2, 3))
	check := func(body []byte, want string) {
		t.Helper()
		_, err := readFrom(t, http.StatusOK, streamed, body)
		require.ErrorContains(t, err, want)
	}
	for cut := 1; cut < len(whole); cut++ {
		check(whole[:cut], "broke off")
	}
	damaged := bytes.Clone(whole)
	damaged[len(damaged)-1] ^= 1
	check(damaged, "a checksum does not fit")
	check(framed([]byte("nonsense")), "cannot be decoded")
	check(binary.AppendUvarint(nil, 1<<40), "expected at most")
}

func TestAStoreWithoutStreamedRemoteReadSaysSo(t *testing.T) {
	for _, status := range []int{http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusNotImplemented} {
		_, err := readFrom(t, status, "text/plain", nil)
		require.ErrorIs(t, err, errNoRemoteRead)
	}
	_, err := readFrom(t, http.StatusOK, "application/x-protobuf", nil)
	require.ErrorIs(t, err, errNoRemoteRead, "unstreamed samples")
	_, err = readFrom(t, http.StatusOK, "text/html", []byte("<html>"))
	require.ErrorIs(t, err, errNoRemoteRead)
	_, err = readFrom(t, http.StatusUnprocessableEntity, "text/plain", nil)
	require.NotErrorIs(t, err, errNoRemoteRead, "a refusal of this read is not one of all")
	require.Error(t, err)
}

func TestARemoteReadAsksForWhatTheSelectorSays(t *testing.T) {
	body, err := request([]sameSeries{{newReadJob(matchersOf(`x_total{a="1",b!="2",c=~"3",d!~"4"}`), time.Unix(1, 0), time.Unix(2, 0), nil)}})
	require.NoError(t, err)
	text, err := snappy.Decode(nil, body)
	require.NoError(t, err)
	var got prompb.ReadRequest
	require.NoError(t, got.Unmarshal(text))
	require.Equal(t, []prompb.ReadRequest_ResponseType{prompb.ReadRequest_STREAMED_XOR_CHUNKS}, got.AcceptedResponseTypes)
	var matchers []string
	for _, m := range got.Queries[0].Matchers {
		matchers = append(matchers, m.Name+" "+m.Type.String()+" "+m.Value)
	}
	require.ElementsMatch(t, []string{"__name__ EQ x_total", "a EQ 1", "b NEQ 2", "c RE 3", "d NRE 4"}, matchers)
	require.Equal(t, int64(1000), got.Queries[0].StartTimestampMs)
	require.Equal(t, int64(2000), got.Queries[0].EndTimestampMs)
}

// A store that refuses to give samples is asked for last values, and not for
// samples again: for a while if it has none at all, for these counters if they are
// too many.
func TestRefusedSamplesAreNotAskedForAgain(t *testing.T) {
	store, err := NewStore("http://127.0.0.1:1", nil, DefaultCacheSize)
	require.NoError(t, err)
	x, y := []string{"x_total"}, []string{"y_total"}
	require.True(t, store.offersRemoteRead(x))
	store.avoidRemoteRead(x, errTooManySamples)
	require.False(t, store.offersRemoteRead(x))
	require.True(t, store.offersRemoteRead(y))
	store.avoidRemoteRead(y, errNoRemoteRead)
	require.False(t, store.offersRemoteRead([]string{"z_total"}))
}

func FuzzFrames(f *testing.F) {
	f.Add([]byte{})
	f.Add(framed([]byte("x")))
	f.Fuzz(func(t *testing.T, stream []byte) {
		d := decoder{queries: []sameSeries{{newReadJob(nil, time.UnixMilli(0), time.UnixMilli(1<<60), func(labels.Labels) sink { return into{map[string][]float64{}, ""} })}}}
		err := readFrames(bytes.NewReader(stream), d.frame)
		if err != nil {
			require.False(t, strings.Contains(err.Error(), "panic"))
		}
	})
}
