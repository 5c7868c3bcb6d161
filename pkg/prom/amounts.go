package prom

import (
	"math"
	"slices"
)

// perDay is the number of minutes of a day.
const perDay = 1440

// maxSparse is how many minutes of a day are kept one by one: six bytes each, as
// many as a byte for every minute of the day takes.
const maxSparse = perDay / 6

// amounts are non-negative amounts, one for each minute since the epoch. They are
// kept day by day, each in as few bytes as its values are exact in: nothing for a
// day without any, the few minutes that have some, or one, two, four or eight bytes
// for every minute. Most of what is kept is quiet: a day without failures, or one
// of which only the hours are known.
type amounts struct {
	first int // day of days[0], since the epoch
	days  []day
}

// day is the amounts of one day's minutes. A nil day has none.
type day interface {
	sum(from, to int) float64
	// spread adds minutes [from, to), times a sign, to slices of a width in minutes, the
	// first of which begins at first, maybe on a day before.
	spread(slices []float64, first, width, from, to int, sign float64)
	// add adds to a minute and returns the day that has it, which may be another.
	add(minute int, v float64) day
	each(do func(minute int, v float64))
	bytes() int64
}

// sum is the sum of minutes [from, to) since the epoch.
func (a *amounts) sum(from, to int) float64 {
	from, to = max(from, a.first*perDay), min(to, (a.first+len(a.days))*perDay)
	total := 0.0
	for from < to {
		d := from / perDay
		end := min(to, (d+1)*perDay)
		if one := a.days[d-a.first]; one != nil {
			total += one.sum(from-d*perDay, end-d*perDay)
		}
		from = end
	}
	return total
}

// spread adds minutes [from, to) since the epoch, times a sign, to slices of a width in
// minutes, the first of which begins at first: what sum gives for each of them, without
// looking for each where it lies.
func (a *amounts) spread(slices []float64, first, width, from, to int, sign float64) {
	from, to = max(from, a.first*perDay), min(to, (a.first+len(a.days))*perDay)
	for from < to {
		d := from / perDay
		end := min(to, (d+1)*perDay)
		if one := a.days[d-a.first]; one != nil {
			one.spread(slices, first-d*perDay, width, from-d*perDay, end-d*perDay, sign)
		}
		from = end
	}
}

// add adds to a minute since the epoch, making room for it. What is no number of
// events, such as NaN, is not kept.
func (a *amounts) add(minute int, v float64) {
	if v == 0 || !isValue(v) {
		return
	}
	d := minute / perDay
	switch {
	case len(a.days) == 0:
		a.first = d
		a.days = make([]day, 1, 8)
	case d < a.first:
		a.days = append(make([]day, a.first-d), a.days...)
		a.first = d
	case d >= a.first+len(a.days):
		a.days = append(a.days, make([]day, d-a.first-len(a.days)+1)...)
	}
	one, rest := a.days[d-a.first], minute%perDay
	if one == nil {
		one = &sparse[float32]{}
	}
	if now := one.add(rest, v); now != a.days[d-a.first] {
		a.days[d-a.first] = now
	}
}

// fill takes over the amounts of the minutes from a midnight on, on days that had none.
func (a *amounts) fill(first int, events []float64) {
	for i := 0; i*perDay < len(events); i++ {
		piece := events[i*perDay : min((i+1)*perDay, len(events))]
		few, all, broken := survey(piece)
		switch {
		case broken || all > math.MaxUint16 && (few >= maxSparse || all >= 1<<24):
			for k, v := range piece {
				a.add((first+i)*perDay+k, v)
			}
		case few == 0:
		case few < maxSparse:
			a.put(first+i, filledSparse(piece, few))
		case all <= math.MaxUint8:
			a.put(first+i, filled[uint8](piece))
		default:
			a.put(first+i, filled[uint16](piece))
		}
	}
}

// survey tells of amounts how many there are, the bits that any of them has as whole
// numbers, and whether some are none. It does not branch: whether a minute had events is
// what a processor cannot guess.
func survey(events []float64) (few int, all uint64, broken bool) {
	rest := uint64(0)
	for _, v := range events {
		n := int64(v)
		all |= uint64(n)
		rest |= math.Float64bits(float64(n)) ^ math.Float64bits(v)
		few += int(uint64(n|-n) >> 63)
	}
	return few, all, rest != 0
}

// put keeps a day that there was nothing of.
func (a *amounts) put(d int, one day) {
	if len(a.days) == 0 {
		a.first = d
		a.days = make([]day, 0, 8)
	}
	for d >= a.first+len(a.days) {
		a.days = append(a.days, nil)
	}
	a.days[d-a.first] = one
}

func filled[T uint8 | uint16](events []float64) *dense[T] {
	out := &dense[T]{}
	for hour := range out.hours {
		from := min(hour*60, len(events))
		sum := 0.0
		for i, v := range events[from:min(from+60, len(events))] {
			out.minutes[from+i] = T(v)
			sum += v
		}
		out.hours[hour] = sum
	}
	return out
}

// filledSparse is a day of a few whole numbers that four bytes hold exactly, with room for
// births, of which it is not yet known whether they count.
func filledSparse(events []float64, few int) *sparse[float32] {
	const births = 4
	out := &sparse[float32]{at: make([]uint16, 0, few+births), values: make([]float32, 0, few+births)}
	for i, v := range events {
		if v != 0 {
			out.at, out.values = append(out.at, uint16(i)), append(out.values, float32(v))
		}
	}
	return out
}

// drop forgets the days that end before a minute and frees their memory.
func (a *amounts) drop(before int) {
	if n := min(before/perDay-a.first, len(a.days)); n > 0 {
		a.days = slices.Clone(a.days[n:])
		a.first += n
	}
}

// rewrite moves every amount in minutes [from, to) to where place says, or drops it
// where that is negative.
func (a *amounts) rewrite(from, to int, place func(minute int) int) {
	for i, one := range a.days {
		start := (a.first + i) * perDay
		if one == nil || start+perDay <= from || start >= to {
			continue
		}
		var fresh day = &sparse[float32]{}
		any := false
		one.each(func(minute int, v float64) {
			at := start + minute
			if at >= from && at < to {
				at = place(at)
			}
			if at >= 0 {
				fresh, any = fresh.add(at-start, v), true
			}
		})
		switch few := fresh.(type) {
		case *sparse[float32]:
			few.clip()
		case *sparse[float64]:
			few.clip()
		}
		if !any {
			fresh = nil
		}
		a.days[i] = fresh
	}
}

func (a *amounts) bytes() int64 {
	total := int64(cap(a.days)) * 16
	for _, one := range a.days {
		if one != nil {
			total += one.bytes()
		}
	}
	return total
}

// sparse is a day with few amounts, in order of time.
type sparse[T float32 | float64] struct {
	at     []uint16
	values []T
}

// search is where the first minute stands that is not before one.
func search(at []uint16, minute int) int {
	i, _ := slices.BinarySearch(at, uint16(minute))
	return i
}

func (s *sparse[T]) sum(from, to int) float64 {
	i := search(s.at, from)
	total := 0.0
	for ; i < len(s.at) && int(s.at[i]) < to; i++ {
		total += float64(s.values[i])
	}
	return total
}

func (s *sparse[T]) spread(slices []float64, first, width, from, to int, sign float64) {
	i := search(s.at, from)
	for ; i < len(s.at) && int(s.at[i]) < to; i++ {
		slices[(int(s.at[i])-first)/width] += sign * float64(s.values[i])
	}
}

func (s *sparse[T]) each(do func(int, float64)) {
	for i, at := range s.at {
		do(int(at), float64(s.values[i]))
	}
}

func (s *sparse[T]) bytes() int64 {
	var one T
	width := int64(4)
	if _, wide := any(one).(float64); wide {
		width = 8
	}
	return 64 + int64(cap(s.at))*2 + int64(cap(s.values))*width
}

func (s *sparse[T]) add(minute int, v float64) day {
	i := len(s.at)
	if i > 0 && int(s.at[i-1]) >= minute { // mostly, minutes come in order
		i, _ = slices.BinarySearch(s.at, uint16(minute))
	}
	found := i < len(s.at) && int(s.at[i]) == minute
	if found {
		v += float64(s.values[i])
	}
	if float64(T(v)) != v {
		wide := &sparse[float64]{at: s.at, values: make([]float64, len(s.values), cap(s.at))}
		for k, old := range s.values {
			wide.values[k] = float64(old)
		}
		if found {
			wide.values[i] = v
			return wide
		}
		return wide.add(minute, v)
	}
	switch {
	case found:
		s.values[i] = T(v)
	case len(s.at) >= maxSparse:
		return s.dense().add(minute, v)
	default:
		s.at = slices.Insert(s.at, i, uint16(minute))
		s.values = slices.Insert(s.values, i, T(v))
	}
	return s
}

// clip frees the room that nothing more is likely to come into.
func (s *sparse[T]) clip() { s.at, s.values = slices.Clone(s.at), slices.Clone(s.values) }

// dense is the same with room for every minute, as narrow as it may be.
func (s *sparse[T]) dense() day {
	var out day = &dense[uint8]{}
	for i, at := range s.at {
		out = out.add(int(at), float64(s.values[i]))
	}
	return out
}

// dense is a day with an amount for every minute, and the sums of its hours: most
// slices are an hour long.
type dense[T uint8 | uint16 | float32 | float64] struct {
	minutes [perDay]T
	hours   [24]float64
}

func (d *dense[T]) sum(from, to int) float64 {
	total := 0.0
	if from%60 != 0 {
		edge := min(to, from/60*60+60)
		total += d.few(from, edge)
		from = edge
	}
	for ; from+60 <= to; from += 60 {
		total += d.hours[from/60]
	}
	if from < to {
		total += d.few(from, to)
	}
	return total
}

// few is the sum of minutes of one hour. Whole numbers are added up as such, which does
// not wait for one addition to end before the next.
func (d *dense[T]) few(from, to int) float64 {
	switch minutes := any(&d.minutes).(type) {
	case *[perDay]uint8:
		return whole(minutes[from:to])
	case *[perDay]uint16:
		return whole(minutes[from:to])
	}
	total := 0.0
	for _, v := range d.minutes[from:to] {
		total += float64(v)
	}
	return total
}

func whole[T uint8 | uint16](minutes []T) float64 {
	total := 0
	for _, v := range minutes {
		total += int(v)
	}
	return float64(total)
}

func (d *dense[T]) spread(slices []float64, first, width, from, to int, sign float64) {
	for from < to {
		k := (from - first) / width
		end := min(to, first+(k+1)*width)
		slices[k] += sign * d.sum(from, end)
		from = end
	}
}

func (d *dense[T]) each(do func(int, float64)) {
	for minute, v := range d.minutes {
		if v != 0 {
			do(minute, float64(v))
		}
	}
}

func (d *dense[T]) bytes() int64 {
	var one T
	width := int64(8)
	switch any(one).(type) {
	case uint8:
		width = 1
	case uint16:
		width = 2
	case float32:
		width = 4
	}
	return perDay*width + 24*8
}

func (d *dense[T]) add(minute int, v float64) day {
	sum := float64(d.minutes[minute]) + v
	if fits[T](sum) {
		d.minutes[minute] = T(sum)
		d.hours[minute/60] += v
		return d
	}
	var wider day
	switch {
	case fits[uint16](sum) && d.allFit():
		wider = widen[uint16](d)
	case fits[float32](sum):
		wider = widen[float32](d)
	default:
		wider = widen[float64](d)
	}
	return wider.add(minute, v)
}

// allFit reports that whole numbers of two bytes hold every amount.
func (d *dense[T]) allFit() bool {
	for _, v := range d.minutes {
		if !fits[uint16](float64(v)) {
			return false
		}
	}
	return true
}

// fits reports that a type holds an amount exactly.
func fits[T uint8 | uint16 | float32 | float64](v float64) bool {
	var one T
	switch any(one).(type) {
	case uint8:
		return v <= 255 && v == float64(uint8(v))
	case uint16:
		return v <= 65535 && v == float64(uint16(v))
	}
	return v == float64(T(v))
}

func widen[T, F uint8 | uint16 | float32 | float64](from *dense[F]) *dense[T] {
	out := &dense[T]{hours: from.hours}
	for i, v := range from.minutes {
		out.minutes[i] = T(v)
	}
	return out
}
