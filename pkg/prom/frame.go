package prom

import (
	"errors"
	"fmt"
	"math"

	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/prompb"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"google.golang.org/protobuf/encoding/protowire"
)

// A frame of the stream is a prompb.ChunkedReadResponse. Its chunks are decoded where
// they stand: the generated decoder would copy every one of them first.
const (
	frameSeries protowire.Number = 1 // of prompb.ChunkedReadResponse
	frameQuery  protowire.Number = 2

	seriesLabel protowire.Number = 1 // of prompb.ChunkedSeries
	seriesChunk protowire.Number = 2

	labelName  protowire.Number = 1 // of prompb.Label
	labelValue protowire.Number = 2

	chunkType protowire.Number = 3 // of prompb.Chunk
	chunkData protowire.Number = 4
)

var errFrame = errors.New("the stream of samples cannot be decoded: a message is damaged")

// eachField calls do with the fields of a message: with a number, or with bytes.
func eachField(message []byte, do func(field protowire.Number, number uint64, text []byte) error) error {
	for len(message) > 0 {
		field, kind, n := protowire.ConsumeTag(message)
		if n < 0 {
			return errFrame
		}
		message = message[n:]
		var (
			number uint64
			text   []byte
		)
		switch kind {
		case protowire.VarintType:
			number, n = protowire.ConsumeVarint(message)
		case protowire.BytesType:
			text, n = protowire.ConsumeBytes(message)
		default:
			n = protowire.ConsumeFieldValue(field, kind, message)
		}
		if n < 0 {
			return errFrame
		}
		message = message[n:]
		if err := do(field, number, text); err != nil {
			return err
		}
	}
	return nil
}

// decoder decodes the frames of one answer, one chunk after the other in the same memory.
type decoder struct {
	queries  []sameSeries // that are answered
	numbers  xorDecoder
	iterator chunkenc.Iterator // of histograms
	samples  int64             // decoded
	newest   int64             // instant of the series so far, in ms since the epoch

	series    [][]byte // of a frame
	wanted    []*readJob
	builder   labels.ScratchBuilder
	receivers []receiver
	words     map[string]string // names and values of labels, which come again and again
}

// frame hands on the samples of a frame to the jobs that they are for. A series that
// does not fit into one frame goes on in the next, as a series of the same labels.
func (d *decoder) frame(frame []byte) error {
	query := uint64(0) // comes after the series
	d.series = d.series[:0]
	err := eachField(frame, func(field protowire.Number, number uint64, text []byte) error {
		switch field {
		case frameSeries:
			d.series = append(d.series, text)
		case frameQuery:
			query = number
		}
		return nil
	})
	if err != nil {
		return err
	}
	if query >= uint64(len(d.queries)) {
		return fmt.Errorf("the stream of samples cannot be decoded: it answers query %d of %d", query, len(d.queries))
	}
	return d.queries[query].take(d.wanted, func(jobs []*readJob) error {
		d.wanted = jobs
		for _, one := range d.series {
			if err := d.take(one, jobs); err != nil {
				return err
			}
		}
		return nil
	})
}

// take hands on the samples of a series that lie in what each job wants: chunks are
// sent whole.
func (d *decoder) take(message []byte, jobs []*readJob) error {
	d.builder.Reset()
	d.newest = math.MinInt64
	d.receivers = d.receivers[:0]
	for _, job := range jobs {
		d.receivers = append(d.receivers, receiver{readJob: job, labels: &d.builder, begin: job.from.UnixMilli(), end: job.to.UnixMilli()})
	}
	return eachField(message, func(field protowire.Number, _ uint64, text []byte) error {
		switch field {
		case seriesLabel:
			return d.addLabel(text)
		case seriesChunk: // after all labels
			return d.chunk(text, d.receivers)
		}
		return nil
	})
}

// receiver is a job that receives the samples of one series.
type receiver struct {
	*readJob
	labels     *labels.ScratchBuilder
	begin, end int64 // of what it wants, both in it
	sink       sink
}

// into is where the job's samples of the series go.
func (r *receiver) into() sink {
	if r.sink == nil {
		r.labels.Sort()
		r.sink = r.series(r.labels.Labels())
	}
	return r.sink
}

func (d *decoder) addLabel(message []byte) error {
	var name, value string
	err := eachField(message, func(field protowire.Number, _ uint64, text []byte) error {
		switch field {
		case labelName:
			name = d.word(text)
		case labelValue:
			value = d.word(text)
		}
		return nil
	})
	d.builder.Add(name, value)
	return err
}

// mostWords bounds the words that are kept of one answer.
const mostWords = 10_000

// word is a text that outlives the frame.
func (d *decoder) word(text []byte) string {
	if word, ok := d.words[string(text)]; ok {
		return word
	}
	if d.words == nil || len(d.words) >= mostWords {
		d.words = map[string]string{}
	}
	word := string(text)
	d.words[word] = word
	return word
}

// chunk hands on a chunk's samples. A job that has enough is passed over from then on.
func (d *decoder) chunk(message []byte, receivers []receiver) error {
	kind, data := prompb.Chunk_UNKNOWN, []byte(nil)
	err := eachField(message, func(field protowire.Number, number uint64, text []byte) error {
		switch field {
		case chunkType:
			kind = prompb.Chunk_Encoding(number)
		case chunkData:
			data = text
		}
		return nil
	})
	if err != nil {
		return err
	}
	var (
		all        numbers
		histograms []histogramAt
	)
	switch kind {
	case prompb.Chunk_XOR:
		all, err = d.numbers.decode(data)
	case prompb.Chunk_HISTOGRAM, prompb.Chunk_FLOAT_HISTOGRAM:
		histograms, err = d.histogramsOf(kind, data)
	default:
		return errNoRemoteRead
	}
	if err != nil {
		return fmt.Errorf("the stream of samples cannot be decoded: %w", err)
	}
	if err := d.follows(all, histograms); err != nil {
		return err
	}
	d.samples += int64(all.n + len(histograms))
	for i := range receivers {
		if r := &receivers[i]; !r.over {
			r.receive(all, histograms)
		}
	}
	return nil
}

// follows makes sure that a chunk of a series begins after the one before it.
func (d *decoder) follows(all numbers, histograms []histogramAt) error {
	first, last := int64(math.MaxInt64), d.newest
	if all.n > 0 {
		first, last = all.first(), all.last()
	}
	if n := len(histograms); n > 0 {
		first, last = min(first, histograms[0].at), max(last, histograms[n-1].at)
	}
	if first < d.newest {
		return errDisorder
	}
	d.newest = last
	return nil
}

// receive takes what the job wants of a chunk.
func (r *receiver) receive(all numbers, histograms []histogramAt) {
	if all = all.within(r.begin, r.end); all.n > 0 {
		r.into().floats(all)
	}
	for _, one := range histograms {
		if one.at >= r.begin && one.at <= r.end {
			r.into().histogram(one.at, one.histogram)
		}
	}
	if r.sink != nil {
		if err := r.sink.done(); err != nil {
			r.err, r.over = err, true
		}
	}
}

// histogramAt is a native histogram at an instant, in ms since the epoch.
type histogramAt struct {
	at        int64
	histogram *histogram.FloatHistogram
}

func (d *decoder) histogramsOf(kind prompb.Chunk_Encoding, data []byte) ([]histogramAt, error) {
	encoding := chunkenc.EncHistogram
	if kind == prompb.Chunk_FLOAT_HISTOGRAM {
		encoding = chunkenc.EncFloatHistogram
	}
	chunk, err := chunkenc.FromData(encoding, data)
	if err != nil {
		return nil, err
	}
	d.iterator = chunk.Iterator(d.iterator)
	var all []histogramAt
	for d.iterator.Next() != chunkenc.ValNone {
		at, h := d.iterator.AtFloatHistogram(nil)
		all = append(all, histogramAt{at, h})
	}
	return all, d.iterator.Err()
}
