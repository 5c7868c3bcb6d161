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

// numbers are the samples of a chunk.
type numbers struct {
	stretches []stretch
	n         int // samples in them
	// nearest and farthest are the smallest and the largest distance in time between two
	// samples that follow each other, in ms; neither says anything of one sample alone.
	nearest, farthest int64
}

func (c numbers) first() int64 { return c.stretches[0].at }
func (c numbers) last() int64  { return c.stretches[len(c.stretches)-1].last() }

// reach bounds distances so that those of a chunk, 65,535 at most, can be added up.
const reach = 1 << 40

// inOrder reports that every sample is later than the one before. There is at least one.
func (c numbers) inOrder() bool {
	return c.n == 1 || c.nearest > 0 && c.farthest < reach
}

// within are the samples, in order of time, that lie in [from, to].
func (c numbers) within(from, to int64) numbers {
	if c.n == 0 || c.inOrder() && c.first() >= from && c.last() <= to {
		return c
	}
	kept := numbers{nearest: c.nearest, farthest: c.farthest}
	if !c.inOrder() {
		kept.farthest = reach // of what is left over, nobody knows
	}
	for _, r := range c.stretches {
		for i := range int64(r.n) {
			if at := r.at + i*r.step; at >= from && at <= to {
				kept.stretches = append(kept.stretches, stretch{at: at, n: 1, value: r.value})
			}
		}
	}
	kept.n = len(kept.stretches)
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

// decode decodes a chunk. What it returns is good until the next one.
func (d *xorDecoder) decode(chunk []byte) (numbers, error) {
	const header = 2
	if len(chunk) < header {
		return numbers{}, errDamaged
	}
	left := int(binary.BigEndian.Uint16(chunk))
	if left == 0 {
		return numbers{}, nil
	}
	d.stretches = slices.Grow(d.stretches[:0], left)[:left]
	d.bytes = append(append(d.bytes[:0], chunk[header:]...), 0, 0, 0, 0, 0, 0, 0, 0)
	at, n := binary.Varint(d.bytes)
	if n <= 0 || n+8 > len(d.bytes)-8 {
		return numbers{}, errDamaged
	}
	x := xorReader{bytes: d.bytes, bit: uint(n+8) * 8, end: uint(len(d.bytes)-8) * 8}
	value := binary.BigEndian.Uint64(d.bytes[n:])
	d.stretches[0] = stretch{at: at, n: 1, value: math.Float64frombits(value)}
	if left == 1 {
		return numbers{stretches: d.stretches, n: 1}, nil
	}
	distance, n := binary.Uvarint(d.bytes[x.bit/8:])
	if n <= 0 {
		return numbers{}, errDamaged
	}
	if x.bit += uint(n) * 8; x.bit > x.end {
		return numbers{}, errDamaged
	}
	return x.decode(d.stretches, at, int64(distance), value)
}

// xorReader is where in a chunk a decoder is.
type xorReader struct {
	bytes    []byte
	bit, end uint // the next bit, and behind the last
}

// certain is how many bits of a word that peek returns are those of the chunk.
const certain = 57

// peek is the next word, from the highest bit on.
func (x *xorReader) peek() uint64 {
	return binary.BigEndian.Uint64(x.bytes[x.bit/8:]) << (x.bit % 8)
}

// decode decodes the samples after the first, for each of which there is room: from the
// value of the second one on. What changes with every sample is kept in variables, and
// not in the reader: that took a sixth longer.
func (x *xorReader) decode(all []stretch, at, distance int64, value uint64) (numbers, error) {
	var (
		n, left                = 0, len(all) - 1 // of the last stretch; samples to come
		nearest, farthest      = distance, distance
		size, trailing    uint = 64, 0 // how many bits differed last, and how many zeros are behind them
		second                 = true
	)
	for left > 0 && x.bit <= x.end {
		word, used := x.peek(), uint(0)
		switch {
		case second: // its distance is known
			second = false
		case word>>62 == 0:
			// Two zero bits are a sample as far from the last one, with the same value.
			same := min(bits.LeadingZeros64(word), certain) / 2
			same = min(same, left)
			all[n].step = distance
			all[n].n += same
			at += int64(same) * distance
			x.bit += uint(2 * same)
			left -= same
			continue
		case int64(word) >= 0: // as far from the last one
			word, used = word<<1, 1
		default:
			distance += x.readChange(word)
			nearest, farthest = min(nearest, distance), max(farthest, distance)
			if x.bit > x.end {
				return numbers{}, errDamaged
			}
			word = x.peek()
		}
		at += distance
		switch {
		case int64(word) >= 0: // the same value
			x.bit += used + 1
		default:
			if word<<1>>63 == 0 { // it differs where the last one did
				word, used = word<<2, used+2
			} else {
				leading := uint(word << 2 >> 59)
				if size = uint(word << 7 >> 58); size == 0 {
					size = 64
				}
				if leading+size > 64 {
					return numbers{}, errDamaged
				}
				trailing = 64 - leading - size
				word, used = word<<13, used+13
			}
			x.bit += used
			if used+size <= certain {
				value ^= word >> ((64 - size) % 64) << (trailing % 64)
				x.bit += size
			} else {
				value ^= x.long(size) << (trailing % 64)
			}
		}
		n++
		all[n] = stretch{at: at, n: 1, value: math.Float64frombits(value)}
		left--
	}
	if left > 0 || x.bit > x.end {
		return numbers{}, errDamaged
	}
	return numbers{stretches: all[:n+1], n: len(all), nearest: nearest, farthest: farthest}, nil
}

// readChange reads by how much the distance in time changes: a prefix of ones says in
// how many bits.
func (x *xorReader) readChange(word uint64) int64 {
	prefix := uint(min(bits.LeadingZeros64(^word), 4))
	if prefix == 4 {
		x.bit += 4
		return int64(x.long(64))
	}
	size := [...]uint{1: 14, 2: 17, 3: 20}[prefix]
	x.bit += prefix + 1 + size
	change := int64(word << (prefix + 1) >> (64 - size))
	if change > 1<<(size-1) {
		change -= 1 << size
	}
	return change
}

// long reads up to 64 bits, at least one; those beyond the end are zero.
func (x *xorReader) long(size uint) uint64 {
	if x.bit > x.end {
		return 0
	}
	if size <= certain {
		word := x.peek() >> (64 - size)
		x.bit += size
		return word
	}
	high := x.peek() >> 32
	if x.bit += 32; x.bit > x.end {
		return 0
	}
	size -= 32
	low := x.peek() >> (64 - size)
	x.bit += size
	return high<<size | low
}
