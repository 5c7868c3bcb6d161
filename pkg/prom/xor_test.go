package prom

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"github.com/stretchr/testify/require"
)

// sample is a value at an instant, in bits: NaNs differ.
type sample struct {
	at    int64
	value uint64
}

// encoded is a chunk as Prometheus writes it.
func encoded(t testing.TB, all []sample) []byte {
	t.Helper()
	chunk := chunkenc.NewXORChunk()
	appender, err := chunk.Appender()
	require.NoError(t, err)
	for _, s := range all {
		appender.Append(0, s.at, math.Float64frombits(s.value))
	}
	return chunk.Bytes()
}

// byPrometheus are the samples of a chunk as Prometheus reads them.
func byPrometheus(chunk []byte) (all []sample, err error) {
	c, err := chunkenc.FromData(chunkenc.EncXOR, chunk)
	if err != nil {
		return nil, err
	}
	it := c.Iterator(nil)
	for it.Next() == chunkenc.ValFloat {
		at, v := it.At()
		all = append(all, sample{at, math.Float64bits(v)})
	}
	return all, it.Err()
}

func expanded(c numbers) (all []sample) {
	for _, s := range c.stretches {
		for i := range int64(s.n) {
			all = append(all, sample{s.at + i*s.step, math.Float64bits(s.value)})
		}
	}
	return all
}

// Whatever Prometheus writes is read as Prometheus reads it: counters that stand still
// and that go on, restarts, staleness markers, distances that jitter, jump and go back.
func TestChunksAreReadAsPrometheusReadsThem(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 3))
	var d xorDecoder
	for range 3000 {
		var all []sample
		at, value, distance := rng.Int64N(1<<41), 0.0, int64(1000*(1+rng.IntN(300)))
		jitter, busy := rng.Float64(), rng.Float64()
		for range 1 + rng.IntN(140) {
			at += distance
			if rng.Float64() < jitter {
				at += []int64{1, -1, 8191, 8192, -8191, -8192, 65536, -65535, 524288, -524287, 1 << 33, -(1 << 33), rng.Int64N(5000)}[rng.IntN(13)]
			}
			if rng.Float64() < busy {
				value = []float64{value + 1, value + float64(rng.IntN(1000)), 0, value / 3, math.Inf(1), -value, math.MaxFloat64, math.SmallestNonzeroFloat64, rng.NormFloat64(), math.Float64frombits(rng.Uint64())}[rng.IntN(10)]
			}
			bits := math.Float64bits(value)
			if rng.IntN(50) == 0 {
				bits = 0x7ff0000000000002 // Prometheus' staleness marker
			}
			all = append(all, sample{at, bits})
		}
		chunk := encoded(t, all)
		got, err := d.decode(chunk)
		require.NoError(t, err)
		require.Equal(t, all, expanded(got))
		for _, cut := range []int{rng.IntN(len(chunk)), len(chunk) - 1} {
			_, err := d.decode(chunk[:cut])
			require.Error(t, err, "cut off after %d of %d bytes", cut, len(chunk))
		}
	}
}

func TestSamplesThatStandStillAreOneStretch(t *testing.T) {
	var all []sample
	for i := range 120 { // 60 times the one value, then 60 times the other
		all = append(all, sample{1000 + int64(i)*15_000, math.Float64bits(float64(i / 60))})
	}
	var d xorDecoder
	got, err := d.decode(encoded(t, all))
	require.NoError(t, err)
	// The distance is known from the second sample on.
	require.Equal(t, []stretch{{at: 1000, n: 1}, {at: 16_000, step: 15_000, n: 59}, {at: 1000 + 60*15_000, step: 15_000, n: 60, value: 1}}, got.stretches)
	require.Equal(t, []stretch{{at: 31_000, n: 1}, {at: 46_000, n: 1}}, got.within(30_999, 46_000).stretches)
	require.Zero(t, got.within(31_001, 45_999).n)
}

// Whatever bytes come, both read the same, or both refuse them.
func FuzzChunks(f *testing.F) {
	f.Add(encoded(f, []sample{{1, 2}, {3, 4}, {5, 4}, {7, 1 << 60}}))
	f.Add([]byte{0, 3, 2})
	f.Fuzz(func(t *testing.T, chunk []byte) {
		if len(chunk) < 2 {
			return // Prometheus' decoder panics
		}
		want, wantErr := byPrometheus(chunk)
		var d xorDecoder
		got, err := d.decode(chunk)
		if wantErr != nil {
			require.Error(t, err)
			return
		}
		if err == nil {
			require.Equal(t, want, expanded(got))
		}
	})
}
