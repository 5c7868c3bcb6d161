package bench

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/golang/snappy"
	"github.com/prometheus/prometheus/prompb"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
)

// synthetic is a store that makes its samples up as they are asked for, so that sets can
// be larger than what a Prometheus on one machine holds. It answers remote reads, and
// how many series there are; each series of one kind has the same samples.
type synthetic struct {
	end    time.Time
	series func(matchers []*prompb.LabelMatcher) []made
	shapes []shape

	requests atomic.Int64
}

// made is a series that was made up.
type made struct {
	labels []prompb.Label // sorted
	shape  int
}

// shape is the chunks of a series.
type shape []prompb.Chunk

// newShape is a counter that grows by about perScrape with every scrape.
func newShape(seed uint64, start, end time.Time, scrape time.Duration, perScrape float64) (all shape) {
	rng := rand.New(rand.NewPCG(seed, 1))
	value, at := 0.0, start
	for at.Before(end) {
		chunk := chunkenc.NewXORChunk()
		appender, _ := chunk.Appender() // a new chunk always has one
		from := at
		for ; chunk.NumSamples() < 120 && at.Before(end); at = at.Add(scrape) {
			for range int(perScrape) + 1 {
				if rng.Float64() < perScrape/float64(int(perScrape)+1) {
					value++
				}
			}
			appender.Append(0, at.UnixMilli(), value)
		}
		all = append(all, prompb.Chunk{MinTimeMs: from.UnixMilli(), MaxTimeMs: at.Add(-scrape).UnixMilli(), Type: prompb.Chunk_XOR, Data: chunk.Bytes()})
	}
	return all
}

func (s *synthetic) RoundTrip(req *http.Request) (*http.Response, error) {
	s.requests.Add(1)
	if !strings.HasSuffix(req.URL.Path, "/api/v1/read") {
		return s.count(req)
	}
	packed, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	body, err := snappy.Decode(nil, packed)
	if err != nil {
		return nil, err
	}
	var request prompb.ReadRequest
	if err := request.Unmarshal(body); err != nil {
		return nil, err
	}
	stream, into := io.Pipe()
	go func() { _ = into.CloseWithError(s.write(into, request)) }()
	return &http.Response{StatusCode: http.StatusOK, Body: stream, Request: req, Header: http.Header{"Content-Type": {"application/x-streamed-protobuf; proto=prometheus.ChunkedReadResponse"}}}, nil
}

// count answers how many series there are: as many as for the samples of any selector.
func (s *synthetic) count(req *http.Request) (*http.Response, error) {
	body := fmt.Sprintf(`{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[%d,"%d"]}]}}`, s.end.Unix(), len(s.series(nil)))
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(body)), Request: req, Header: http.Header{"Content-Type": {"application/json"}}}, nil
}

// write writes the frames of an answer.
func (s *synthetic) write(w io.Writer, request prompb.ReadRequest) error {
	table := crc32.MakeTable(crc32.Castagnoli)
	for i, query := range request.Queries {
		for _, one := range s.series(query.Matchers) {
			answer := &prompb.ChunkedSeries{Labels: one.labels}
			for _, c := range s.shapes[one.shape] {
				if c.MinTimeMs <= query.EndTimestampMs && c.MaxTimeMs >= query.StartTimestampMs {
					answer.Chunks = append(answer.Chunks, c)
				}
			}
			if len(answer.Chunks) == 0 {
				continue
			}
			message, err := (&prompb.ChunkedReadResponse{QueryIndex: int64(i), ChunkedSeries: []*prompb.ChunkedSeries{answer}}).Marshal()
			if err != nil {
				return err
			}
			frame := bytes.NewBuffer(binary.AppendUvarint(nil, uint64(len(message))))
			_ = binary.Write(frame, binary.BigEndian, crc32.Checksum(message, table)) // into memory
			frame.Write(message)
			if _, err := w.Write(frame.Bytes()); err != nil {
				return err
			}
		}
	}
	return nil
}

// valueOf is the value that a matcher of a label asks for.
func valueOf(matchers []*prompb.LabelMatcher, name string) string {
	for _, m := range matchers {
		if m.Name == name {
			return m.Value
		}
	}
	return ""
}
