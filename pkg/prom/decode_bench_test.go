package prom

import (
	"bytes"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/prompb"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/internal/promtest"
)

// BenchmarkDecoding decodes and counts a stream of remote read, as it comes from
// Prometheus: what a cold read takes of the plugin's own time.
func BenchmarkDecoding(b *testing.B) {
	const days = 10
	series, _ := promtest.Fleet{Service: "s", Seed: 1, Start: shopStart, End: shopStart.Add(days * 24 * time.Hour), Scrape: time.Minute, Pods: 3, PerSec: 20, Failures: 0.002, Deploy: 50 * time.Hour, Restart: 200 * time.Hour}.Series()
	var stream bytes.Buffer
	samples := 0
	for _, s := range series {
		one := &prompb.ChunkedSeries{}
		for name, value := range s.Labels {
			one.Labels = append(one.Labels, prompb.Label{Name: name, Value: value})
		}
		for begin := 0; begin < len(s.Samples); begin += 120 {
			chunk := chunkenc.NewXORChunk()
			appender, err := chunk.Appender()
			require.NoError(b, err)
			for _, sample := range s.Samples[begin:min(begin+120, len(s.Samples))] {
				appender.Append(0, sample.At.UnixMilli(), sample.Value)
				samples++
			}
			one.Chunks = append(one.Chunks, prompb.Chunk{Type: prompb.Chunk_XOR, Data: chunk.Bytes()})
		}
		text, err := (&prompb.ChunkedReadResponse{ChunkedSeries: []*prompb.ChunkedSeries{one}}).Marshal()
		require.NoError(b, err)
		stream.Write(framed(text))
	}
	b.SetBytes(int64(samples))
	for b.Loop() {
		all, bad := newGrowth(term{}, nil, shopStart, time.Minute), newGrowth(term{}, nil, shopStart, time.Minute)
		for _, g := range []*growth{all, bad} {
			g.extend(shopStart.Add(days * 24 * time.Hour))
			g.openUp()
		}
		failed := matchersOf(`{code="500"}`)
		d := decoder{queries: []sameSeries{{newReadJob(nil, time.UnixMilli(0), time.UnixMilli(1<<60), func(l labels.Labels) sink {
			into := []*seriesGrowth{all.of(l)}
			if matchesAll(failed, l) {
				into = append(into, bad.of(l))
			}
			return &delivery{lock: &sync.Mutex{}, into: into, max: 1 << 40}
		})}}}
		err := readFrames(bytes.NewReader(stream.Bytes()), d.frame)
		require.NoError(b, err)
		all.settle(0, nil)
		bad.settle(0, nil)
	}
}
