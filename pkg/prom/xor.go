package prom

import (
	"encoding/binary"
	"errors"
	"math"
	"math/bits"
	"slices"
)

// stretch is samples of one series that are equally far apart and have the same value:
// most of what a quiet counter has, and in the stream two bits each.
type stretch struct {
	at    int64 // of the first, in ms since the epoch
	step  int64 // from one to the next; means nothing where there is one
	n     int   // how many; at least one
	value float64
}

// last is the instant of the last sample.
func (r stretch) last() int64 { return r.at + int64(r.n-1)*r.step }

// within are the samples of stretches, in order of time, that lie in [from, to].
func within(all []stretch, from, to int64) []stretch {
	inside := true
	for _, r := range all {
		inside = inside && r.at >= from && r.last() <= to
	}
	if inside {
		return all
	}
	var kept []stretch
	for _, r := range all {
		for i := range int64(r.n) {
			if at := r.at + i*r.step; at >= from && at <= to {
				kept = append(kept, stretch{at: at, n: 1, value: r.value})
			}
		}
	}
	return kept
}

// errDamaged is that a chunk ends before its samples do.
var errDamaged = errors.New("a chunk ends before its samples do")

// xorDecoder decodes one chunk of numbers after the other in the same memory.
//
// The encoding is Prometheus' own, of tsdb/chunkenc: the number of samples in two bytes,
// the first instant and value as they are, then how much the distance in time changes
// and the bits in which the value differs from the one before. Prometheus' decoder gives
// one sample at a time through an interface and reads bit by bit, which took a third of a
// cold read; this one reads a word at a time and passes over samples that say "as before"
// by counting zero bits.
type xorDecoder struct {
	bytes     []byte // a chunk with a word of zeros behind it
	stretches []stretch
}

// decode decodes a chunk. The stretches are good until the next one.
func (d *xorDecoder) decode(chunk []byte) ([]stretch, error) {
	const header = 2
	if len(chunk) < header {
		return nil, errDamaged
	}
	left := int(binary.BigEndian.Uint16(chunk))
	if left == 0 {
		return nil, nil
	}
	d.stretches = slices.Grow(d.stretches[:0], left)
	d.bytes = append(append(d.bytes[:0], chunk[header:]...), 0, 0, 0, 0, 0, 0, 0, 0)
	at, n := binary.Varint(d.bytes)
	if n <= 0 || n+8 > len(d.bytes)-8 {
		return nil, errDamaged
	}
	x := xorReader{bytes: d.bytes, end: uint(len(d.bytes)-8) * 8, at: at, value: binary.BigEndian.Uint64(d.bytes[n:]), size: 64}
	x.bit = uint(n+8) * 8
	all := append(d.stretches, x.stretch())
	if left--; left > 0 {
		distance, n := binary.Uvarint(d.bytes[x.bit/8:])
		if n <= 0 {
			return nil, errDamaged
		}
		if x.bit += uint(n) * 8; x.bit > x.end {
			return nil, errDamaged
		}
		x.distance = int64(distance)
		x.at += x.distance
		x.readValue(x.peek(), 0)
		all = append(all, x.stretch())
		left--
	}
	all = x.decode(all, left)
	if x.bit > x.end {
		return nil, errDamaged
	}
	d.stretches = all
	return all, nil
}

// xorReader is where in a chunk a decoder is.
type xorReader struct {
	bytes    []byte
	bit, end uint // the next bit, and behind the last

	at, distance   int64
	value          uint64 // its bits
	size, trailing uint   // how many bits differed last, and how many zeros are behind them
}

func (x *xorReader) stretch() stretch {
	return stretch{at: x.at, n: 1, value: math.Float64frombits(x.value)}
}

// certain is how many bits of a word that peek returns are those of the chunk.
const certain = 57

// peek is the next word, from the highest bit on.
func (x *xorReader) peek() uint64 {
	return binary.BigEndian.Uint64(x.bytes[x.bit/8:]) << (x.bit % 8)
}

// decode decodes as many more samples as are left, or up to the end.
func (x *xorReader) decode(all []stretch, left int) []stretch {
	for left > 0 && x.bit <= x.end {
		word := x.peek()
		// Two zero bits are a sample as far from the last one, with the same value.
		if same := min(bits.LeadingZeros64(word), certain) / 2; same > 0 {
			same = min(same, left)
			last := &all[len(all)-1]
			last.step = x.distance
			last.n += same
			x.at += int64(same) * x.distance
			x.bit += uint(2 * same)
			left -= same
			continue
		}
		if word>>63 == 0 {
			x.at += x.distance
			x.readValue(word<<1, 1)
		} else {
			x.distance += x.readChange(word)
			x.at += x.distance
			if x.bit > x.end {
				break
			}
			x.readValue(x.peek(), 0)
		}
		all = append(all, x.stretch())
		left--
	}
	return all
}

// readChange reads by how much the distance in time changes: a prefix of ones says in
// how many bits.
func (x *xorReader) readChange(word uint64) int64 {
	prefix := uint(min(bits.LeadingZeros64(^word), 4))
	if prefix == 4 {
		x.bit += 4
		return int64(x.long())
	}
	size := [...]uint{1: 14, 2: 17, 3: 20}[prefix]
	x.bit += prefix + 1 + size
	change := int64(word << (prefix + 1) >> (64 - size))
	if change > 1<<(size-1) {
		change -= 1 << size
	}
	return change
}

// long reads 64 bits; none beyond the end.
func (x *xorReader) long() uint64 {
	if x.bit > x.end {
		return 0
	}
	high := x.peek() >> 32
	if x.bit += 32; x.bit > x.end {
		return 0
	}
	low := x.peek() >> 32
	x.bit += 32
	return high<<32 | low
}

// readValue reads the bits in which a value differs from the last one, from a word of
// which some bits are used up.
func (x *xorReader) readValue(word uint64, used uint) {
	switch word >> 62 {
	case 0b00, 0b01:
		x.bit += used + 1
		return
	case 0b10: // where the last one differed
		used, word = used+2, word<<2
	default:
		leading := uint(word << 2 >> 59)
		x.size = uint(word << 7 >> 58)
		if x.size == 0 {
			x.size = 64
		}
		if leading+x.size > 64 {
			x.bit = x.end + 1
			return
		}
		x.trailing = 64 - leading - x.size
		used, word = used+13, word<<13
	}
	x.bit += used
	switch {
	case used+x.size <= certain:
		x.value ^= word >> (64 - x.size) << x.trailing
		x.bit += x.size
	case x.bit > x.end:
	case x.size <= certain:
		x.value ^= x.peek() >> (64 - x.size) << x.trailing
		x.bit += x.size
	default:
		low := x.size - 32
		value := x.peek() >> 32 << low
		if x.bit += 32; x.bit <= x.end {
			x.value ^= (value | x.peek()>>(64-low)) << x.trailing
			x.bit += low
		}
	}
}
