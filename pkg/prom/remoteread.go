package prom

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/golang/snappy"
	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/prompb"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
)

// remoteReader reads samples through Prometheus' remote-read API, as a stream of
// the chunks that the store itself keeps, about one byte a sample.
type remoteReader struct {
	url    string
	client *http.Client
}

// sink takes the samples of one series, in order of time: numbers as they stand in a
// chunk, and native histograms one by one. done is called after each chunk, and may
// put an end to the read.
type sink interface {
	floats(at []int64, values []float64)
	histogram(at int64, h *histogram.FloatHistogram)
	done() error
}

// errNoRemoteRead is that a store has no such API, or not the streamed kind.
var errNoRemoteRead = errors.New("the store offers no streamed remote read")

// statusError is an HTTP status other than 200.
type statusError int

func (s statusError) Error() string { return fmt.Sprintf("server error: %d", int(s)) }

const (
	streamedType = "application/x-streamed-protobuf"
	// maxFrame bounds what one frame of the stream may hold; Prometheus sends 1 MiB.
	maxFrame = 64 << 20
)

func newRemoteReader(address string, client *http.Client) (*remoteReader, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	u.Path = strings.TrimRight(u.Path, "/") + "/api/v1/read"
	return &remoteReader{url: u.String(), client: client}, nil
}

// read reads all samples of the series that match, in [from, to].
func (r *remoteReader) read(ctx context.Context, matchers []*labels.Matcher, from, to time.Time, series func(labels.Labels) sink) error {
	job := newReadJob(matchers, from, to, series)
	if err := r.readJobs(ctx, []*readJob{job}); err != nil {
		return err
	}
	return job.err
}

// readJobs reads for several jobs in one request.
func (r *remoteReader) readJobs(ctx context.Context, jobs []*readJob) error {
	body, err := request(jobs)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-protobuf")
	req.Header.Set("Content-Encoding", "snappy")
	req.Header.Set("X-Prometheus-Remote-Read-Version", "0.1.0")
	response, err := r.client.Do(req)
	if err != nil {
		return err
	}
	defer func() {
		// What is left of a refusal is read, so that the connection can be used again;
		// what is left of a stream that is given up is not worth reading.
		_, _ = io.CopyN(io.Discard, response.Body, 4096)
		_ = response.Body.Close()
	}()
	switch {
	case response.StatusCode == http.StatusNotFound, response.StatusCode == http.StatusMethodNotAllowed, response.StatusCode == http.StatusNotImplemented:
		return errNoRemoteRead
	case response.StatusCode != http.StatusOK:
		return statusError(response.StatusCode)
	case !strings.HasPrefix(response.Header.Get("Content-Type"), streamedType):
		return errNoRemoteRead
	}
	return readFrames(response.Body, func(frame []byte) error {
		return decodeFrame(frame, jobs)
	})
}

var matchTypes = map[labels.MatchType]prompb.LabelMatcher_Type{
	labels.MatchEqual: prompb.LabelMatcher_EQ, labels.MatchNotEqual: prompb.LabelMatcher_NEQ,
	labels.MatchRegexp: prompb.LabelMatcher_RE, labels.MatchNotRegexp: prompb.LabelMatcher_NRE,
}

// request is the body of a remote-read request that accepts streamed chunks only.
func request(jobs []*readJob) ([]byte, error) {
	all := &prompb.ReadRequest{AcceptedResponseTypes: []prompb.ReadRequest_ResponseType{prompb.ReadRequest_STREAMED_XOR_CHUNKS}}
	for _, job := range jobs {
		query := &prompb.Query{StartTimestampMs: job.from.UnixMilli(), EndTimestampMs: job.to.UnixMilli()}
		for _, m := range job.matchers {
			query.Matchers = append(query.Matchers, &prompb.LabelMatcher{Type: matchTypes[m.Type], Name: m.Name, Value: m.Value})
		}
		all.Queries = append(all.Queries, query)
	}
	body, err := all.Marshal()
	return snappy.Encode(nil, body), err
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// readFrames reads a stream of frames: the length of a message as a varint, its
// checksum (CRC-32, Castagnoli, big endian), the message. Prometheus' own reader of
// this format is in a package that brings the clients of three clouds along.
func readFrames(stream io.Reader, frame func([]byte) error) error {
	r := bufio.NewReaderSize(stream, 1<<16)
	var buffer []byte
	for {
		size, err := binary.ReadUvarint(r)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("the stream of samples broke off: %w", err)
		}
		if size > maxFrame {
			return fmt.Errorf("a frame of %d bytes in the stream of samples; expected at most %d", size, maxFrame)
		}
		var sum [4]byte
		if _, err := io.ReadFull(r, sum[:]); err != nil {
			return fmt.Errorf("the stream of samples broke off: %w", io.ErrUnexpectedEOF)
		}
		if uint64(cap(buffer)) < size {
			buffer = make([]byte, size)
		}
		buffer = buffer[:size]
		if _, err := io.ReadFull(r, buffer); err != nil {
			return fmt.Errorf("the stream of samples broke off: %w", io.ErrUnexpectedEOF)
		}
		if crc32.Checksum(buffer, castagnoli) != binary.BigEndian.Uint32(sum[:]) {
			return errors.New("the stream of samples is damaged: a checksum does not fit")
		}
		if err := frame(buffer); err != nil {
			return err
		}
	}
}

// decodeFrame hands on the samples of a frame to the job that they are for.
func decodeFrame(frame []byte, jobs []*readJob) error {
	var message prompb.ChunkedReadResponse
	if err := message.Unmarshal(frame); err != nil {
		return fmt.Errorf("the stream of samples cannot be decoded: %w", err)
	}
	if message.QueryIndex < 0 || message.QueryIndex >= int64(len(jobs)) {
		return fmt.Errorf("the stream of samples cannot be decoded: it answers query %d of %d", message.QueryIndex, len(jobs))
	}
	return jobs[message.QueryIndex].take(func(from, to int64, series func(labels.Labels) sink) error {
		return decodeSeries(&message, from, to, series)
	})
}

// decodeSeries hands on samples that lie in [from, to]: chunks are sent whole. A series
// that does not fit into one frame goes on in the next, as a series of the same labels.
func decodeSeries(message *prompb.ChunkedReadResponse, from, to int64, series func(labels.Labels) sink) error {
	builder := labels.NewScratchBuilder(16)
	var d decoder
	for _, one := range message.ChunkedSeries {
		builder.Reset()
		for _, l := range one.Labels {
			builder.Add(strings.Clone(l.Name), strings.Clone(l.Value)) // the frame is reused
		}
		builder.Sort()
		into := series(builder.Labels())
		for _, c := range one.Chunks {
			if err := d.chunk(c, from, to, into); err != nil {
				return err
			}
		}
	}
	return nil
}

// encodings are the chunks that the stream may hold.
var encodings = map[prompb.Chunk_Encoding]chunkenc.Encoding{
	prompb.Chunk_XOR:             chunkenc.EncXOR,
	prompb.Chunk_HISTOGRAM:       chunkenc.EncHistogram,
	prompb.Chunk_FLOAT_HISTOGRAM: chunkenc.EncFloatHistogram,
}

// decoder decodes one chunk after the other in the same memory.
type decoder struct {
	iterator chunkenc.Iterator
	at       []int64
	values   []float64
}

func (d *decoder) chunk(c prompb.Chunk, from, to int64, into sink) error {
	encoding, ok := encodings[c.Type]
	if !ok {
		return errNoRemoteRead
	}
	chunk, err := chunkenc.FromData(encoding, c.Data)
	if err != nil {
		return fmt.Errorf("the stream of samples cannot be decoded: %w", err)
	}
	it := chunk.Iterator(d.iterator)
	d.iterator = it
	times, values := d.at[:0], d.values[:0]
	for {
		switch it.Next() {
		case chunkenc.ValFloat:
			if at, value := it.At(); at >= from && at <= to {
				times, values = append(times, at), append(values, value)
			}
		case chunkenc.ValHistogram, chunkenc.ValFloatHistogram:
			if at := it.AtT(); at >= from && at <= to {
				_, h := it.AtFloatHistogram(nil)
				into.histogram(at, h)
			}
		default:
			if err := it.Err(); err != nil {
				return fmt.Errorf("the stream of samples cannot be decoded: %w", err)
			}
			d.at, d.values = times, values
			into.floats(times, values)
			return into.done()
		}
	}
}
