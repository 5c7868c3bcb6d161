package promtest

import (
	"encoding/binary"
	"hash/crc32"
	"io"
	"net/http"
	"sort"
	"testing"

	"github.com/golang/snappy"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/prompb"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"github.com/stretchr/testify/require"
)

// samplesPerChunk is as many as Prometheus puts into one.
const samplesPerChunk = 120

// serveRemoteRead answers remote reads of the given series as Prometheus does: a
// frame for each series, with chunks of samples.
func serveRemoteRead(t testing.TB, all []Series) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		require.NoError(t, err)
		text, err := snappy.Decode(nil, body)
		require.NoError(t, err)
		var request prompb.ReadRequest
		require.NoError(t, request.Unmarshal(text))
		w.Header().Set("Content-Type", "application/x-streamed-protobuf; proto=prometheus.ChunkedReadResponse")
		for i, query := range request.Queries {
			for _, s := range all {
				if !matches(t, query.Matchers, s.Labels) {
					continue
				}
				message, err := (&prompb.ChunkedReadResponse{QueryIndex: int64(i), ChunkedSeries: []*prompb.ChunkedSeries{chunked(t, s, query)}}).Marshal()
				require.NoError(t, err)
				_, _ = w.Write(binary.AppendUvarint(nil, uint64(len(message))))
				_ = binary.Write(w, binary.BigEndian, crc32.Checksum(message, crc32.MakeTable(crc32.Castagnoli)))
				_, _ = w.Write(message)
			}
		}
	}
}

func matches(t testing.TB, matchers []*prompb.LabelMatcher, have map[string]string) bool {
	types := map[prompb.LabelMatcher_Type]labels.MatchType{
		prompb.LabelMatcher_EQ: labels.MatchEqual, prompb.LabelMatcher_NEQ: labels.MatchNotEqual,
		prompb.LabelMatcher_RE: labels.MatchRegexp, prompb.LabelMatcher_NRE: labels.MatchNotRegexp,
	}
	for _, m := range matchers {
		matcher, err := labels.NewMatcher(types[m.Type], m.Name, m.Value)
		require.NoError(t, err)
		if !matcher.Matches(have[m.Name]) {
			return false
		}
	}
	return true
}

// chunked is a series with its samples in the query's range, which holds its end.
func chunked(t testing.TB, s Series, query *prompb.Query) *prompb.ChunkedSeries {
	out := &prompb.ChunkedSeries{}
	for name, value := range s.Labels {
		out.Labels = append(out.Labels, prompb.Label{Name: name, Value: value})
	}
	sort.Slice(out.Labels, func(i, k int) bool { return out.Labels[i].Name < out.Labels[k].Name })
	var chunk *chunkenc.XORChunk
	var appender chunkenc.Appender
	flush := func() {
		if chunk != nil {
			out.Chunks = append(out.Chunks, prompb.Chunk{Type: prompb.Chunk_XOR, Data: chunk.Bytes()})
			chunk = nil
		}
	}
	for _, sample := range s.Samples {
		at := sample.At.UnixMilli()
		if at < query.StartTimestampMs || at > query.EndTimestampMs {
			continue
		}
		if sample.Histogram != nil {
			flush()
			out.Chunks = append(out.Chunks, histogramChunk(t, at, sample))
			continue
		}
		if chunk == nil {
			chunk = chunkenc.NewXORChunk()
			var err error
			appender, err = chunk.Appender()
			require.NoError(t, err)
		}
		appender.Append(0, at, sample.Value)
		if chunk.NumSamples() == samplesPerChunk {
			flush()
		}
	}
	flush()
	return out
}

// histogramChunk is a chunk of one native histogram.
func histogramChunk(t testing.TB, at int64, s Sample) prompb.Chunk {
	var chunk chunkenc.Chunk = chunkenc.NewHistogramChunk()
	kind := prompb.Chunk_HISTOGRAM
	if s.Float {
		chunk, kind = chunkenc.NewFloatHistogramChunk(), prompb.Chunk_FLOAT_HISTOGRAM
	}
	appender, err := chunk.Appender()
	require.NoError(t, err)
	if s.Float {
		_, _, _, err = appender.AppendFloatHistogram(nil, 0, at, s.Histogram.ToFloat(nil), false)
	} else {
		_, _, _, err = appender.AppendHistogram(nil, 0, at, s.Histogram.Copy(), false)
	}
	require.NoError(t, err)
	return prompb.Chunk{Type: kind, Data: chunk.Bytes()}
}
