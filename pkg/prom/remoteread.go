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
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/golang/snappy"
	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/prompb"
)

// remoteReader reads samples through Prometheus' remote-read API, as a stream of
// the chunks that the store itself keeps, about one byte a sample.
type remoteReader struct {
	url     string
	client  *http.Client
	samples atomic.Int64 // that were read
}

// sink takes the samples of one series, in order of time: numbers as they stand in a
// chunk, and native histograms one by one. done is called after each chunk, and may
// put an end to the read.
type sink interface {
	floats(all numbers)
	histogram(at int64, h *histogram.FloatHistogram)
	done() error
}

// errNoRemoteRead is that a store has no such API, or not the streamed kind.
var errNoRemoteRead = errors.New("the store offers no streamed remote read")

// errDisorder is that the chunks of a series do not follow each other. Samples that come
// late are passed over, and events would be missing.
var errDisorder = errors.New("the samples of a series are out of order")

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

// readJobs reads for several jobs in one request. Jobs that want samples of the same
// series are one query, whose samples are sent and decoded once.
func (r *remoteReader) readJobs(ctx context.Context, jobs []*readJob) error {
	queries := together(jobs)
	body, err := request(queries)
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
	d := decoder{queries: queries}
	defer func() {
		r.samples.Add(d.samples)
		samplesTaken.Add(float64(d.samples))
	}()
	return readFrames(response.Body, d.frame)
}

var matchTypes = map[labels.MatchType]prompb.LabelMatcher_Type{
	labels.MatchEqual: prompb.LabelMatcher_EQ, labels.MatchNotEqual: prompb.LabelMatcher_NEQ,
	labels.MatchRegexp: prompb.LabelMatcher_RE, labels.MatchNotRegexp: prompb.LabelMatcher_NRE,
}

// request is the body of a remote-read request that accepts streamed chunks only.
func request(queries []sameSeries) ([]byte, error) {
	all := &prompb.ReadRequest{AcceptedResponseTypes: []prompb.ReadRequest_ResponseType{prompb.ReadRequest_STREAMED_XOR_CHUNKS}}
	for _, jobs := range queries {
		from, to := jobs.span()
		query := &prompb.Query{StartTimestampMs: from.UnixMilli(), EndTimestampMs: to.UnixMilli()}
		for _, m := range jobs[0].matchers {
			query.Matchers = append(query.Matchers, &prompb.LabelMatcher{Type: matchTypes[m.Type], Name: m.Name, Value: m.Value})
		}
		all.Queries = append(all.Queries, query)
	}
	body, err := all.Marshal()
	return snappy.Encode(nil, body), err
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// frameReader is the memory that a stream of frames is read in. It is used again: cold
// reads come one after the other, and what they leave behind costs as much to collect.
type frameReader struct {
	*bufio.Reader
	large []byte // a frame that the reader's own buffer does not hold
}

var frameReaders = sync.Pool{New: func() any { return &frameReader{Reader: bufio.NewReaderSize(nil, 1<<16)} }}

// keptFrame is up to which size room for a frame is kept: Prometheus sends 1 MiB at most,
// unless it is told otherwise.
const keptFrame = 2 << 20

// readFrames reads a stream of frames: the length of a message as a varint, its
// checksum (CRC-32, Castagnoli, big endian), the message, which is good until the next
// one is read. Prometheus' own reader of this format is in a package that brings the
// clients of three clouds along.
func readFrames(stream io.Reader, frame func([]byte) error) error {
	r := frameReaders.Get().(*frameReader)
	r.Reset(stream)
	defer func() {
		r.Reset(nil)
		if cap(r.large) > keptFrame {
			r.large = nil
		}
		frameReaders.Put(r)
	}()
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
		message, err := r.message(int(size))
		if err != nil {
			return fmt.Errorf("the stream of samples broke off: %w", io.ErrUnexpectedEOF)
		}
		if crc32.Checksum(message, castagnoli) != binary.BigEndian.Uint32(sum[:]) {
			return errors.New("the stream of samples is damaged: a checksum does not fit")
		}
		if err := frame(message); err != nil {
			return err
		}
	}
}

// message reads a message of a size: where it stands, if it can be.
func (r *frameReader) message(size int) ([]byte, error) {
	if size <= r.Size() {
		message, err := r.Peek(size)
		if err != nil {
			return nil, err
		}
		_, err = r.Discard(size) // it stays where it is until more is read
		return message, err
	}
	r.large = slices.Grow(r.large[:0], size)[:size]
	_, err := io.ReadFull(r, r.large)
	return r.large, err
}
