package prom

import "math/bits"

// marks say in which minutes since the epoch something was seen. A day takes 184
// bytes, and next to none where all of its minutes, or only hours, are marked.
type marks struct {
	first int // day of days[0], since the epoch
	days  []marked
}

// marked is one day's minutes, and the hours of which no more is known than that
// something was seen: they count as seen in their last minute.
type marked struct {
	minutes *[23]uint64
	hours   uint32
}

// everyMinute is shared by the days in which something was seen all the time.
var everyMinute = func() *[23]uint64 {
	var all [23]uint64
	for minute := range perDay {
		all[minute/64] |= 1 << (minute % 64)
	}
	return &all
}()

func (m *marks) day(d int) *marked {
	switch {
	case len(m.days) == 0:
		m.first = d
		m.days = make([]marked, 1, 8)
	case d < m.first:
		m.days = append(make([]marked, m.first-d), m.days...)
		m.first = d
	case d >= m.first+len(m.days):
		m.days = append(m.days, make([]marked, d-m.first-len(m.days)+1)...)
	}
	return &m.days[d-m.first]
}

// set marks a minute.
func (m *marks) set(minute int) {
	d, rest := m.day(minute/perDay), minute%perDay
	if d.minutes == nil {
		d.minutes = new([23]uint64)
	}
	if d.minutes[rest/64]&(1<<(rest%64)) == 0 {
		d.minutes[rest/64] |= 1 << (rest % 64)
	}
}

// setRun marks minutes [from, to).
func (m *marks) setRun(from, to int) {
	for from < to {
		day := from / perDay
		end := min(to, (day+1)*perDay)
		d := m.day(day)
		if d.minutes == nil {
			d.minutes = new([23]uint64)
		}
		if d.minutes != everyMinute {
			setBits(d.minutes[:], from-day*perDay, end-day*perDay)
		}
		from = end
	}
}

// setBits sets bits [from, to).
func setBits(words []uint64, from, to int) {
	for from < to {
		n := min(64-from%64, to-from)
		words[from/64] |= ^uint64(0) >> (64 - n) << (from % 64)
		from += n
	}
}

// fill marks the minutes from a midnight on that have a bit, on days that had none.
func (m *marks) fill(first int, seen []uint64) {
	for i := 0; i*perDay < len(seen)*64; i++ {
		day, any := [23]uint64{}, uint64(0)
		for k := range day {
			at := i*perDay + k*64
			if at/64 < len(seen) {
				day[k] = seen[at/64] >> (at % 64)
			}
			if at%64 > 0 && at/64+1 < len(seen) {
				day[k] |= seen[at/64+1] << (64 - at%64)
			}
		}
		day[22] &= 1<<(perDay%64) - 1
		for _, word := range day {
			any |= word
		}
		switch {
		case any == 0:
		case day == *everyMinute:
			m.day(first + i).minutes = everyMinute
		default:
			m.day(first + i).minutes = &day
		}
	}
}

// setHour marks the last minute of an hour.
func (m *marks) setHour(minute int) {
	m.day(minute / perDay).hours |= 1 << (minute % perDay / 60)
}

// clear takes the marks off minutes [from, to).
func (m *marks) clear(from, to int) {
	for minute := max(from, m.first*perDay); minute < min(to, (m.first+len(m.days))*perDay); minute++ {
		d, rest := &m.days[minute/perDay-m.first], minute%perDay
		if rest%60 == 59 {
			d.hours &^= 1 << (rest / 60)
		}
		if d.minutes == everyMinute {
			own := *everyMinute
			d.minutes = &own
		}
		if d.minutes != nil {
			d.minutes[rest/64] &^= 1 << (rest % 64)
		}
	}
}

// any reports a mark in minutes [from, to).
func (m *marks) any(from, to int) bool {
	from, to = max(from, m.first*perDay), min(to, (m.first+len(m.days))*perDay)
	for from < to {
		d, start := m.days[from/perDay-m.first], from/perDay*perDay
		end := min(to, start+perDay)
		if d.any(from-start, end-start) {
			return true
		}
		from = end
	}
	return false
}

// spread marks those of slices of a width in minutes, the first of which begins at first,
// that have a mark in minutes [from, to).
func (m *marks) spread(slices []bool, first, width, from, to int) {
	from, to = max(from, m.first*perDay), min(to, (m.first+len(m.days))*perDay)
	for from < to {
		start := from / perDay * perDay
		d, end := &m.days[from/perDay-m.first], min(to, start+perDay)
		if d.minutes == everyMinute {
			for k := (from - first) / width; k <= (end-1-first)/width; k++ {
				slices[k] = true
			}
			from = end
		}
		for from < end {
			k := (from - first) / width
			edge := min(end, first+(k+1)*width)
			if d.any(from-start, edge-start) {
				slices[k] = true
			}
			from = edge
		}
	}
}

func (d *marked) any(from, to int) bool {
	for hour := from / 60; d.hours != 0 && hour*60+59 < to; hour++ {
		if d.hours&(1<<hour) != 0 {
			return true
		}
	}
	if d.minutes == nil {
		return false
	}
	for from < to {
		word := d.minutes[from/64] >> (from % 64)
		n := min(64-from%64, to-from)
		if word != 0 && bits.TrailingZeros64(word) < n {
			return true
		}
		from += n
	}
	return false
}

// next is the first marked minute that is not before one; ok is false where there
// is none.
func (m *marks) next(minute int) (first int, ok bool) {
	for minute = max(minute, m.first*perDay); minute < (m.first+len(m.days))*perDay; minute++ {
		if m.any(minute, minute+1) {
			return minute, true
		}
	}
	return 0, false
}

// coarsen keeps of the minutes in [from, to), whole hours, which hours have marks.
func (m *marks) coarsen(from, to int) {
	for hour := from; hour < to; hour += 60 {
		seen := m.any(hour, hour+60)
		m.clear(hour, hour+60)
		if seen {
			m.setHour(hour)
		}
	}
	for i := range m.days {
		if d := &m.days[i]; d.minutes != nil && *d.minutes == [23]uint64{} {
			d.minutes = nil
		}
	}
}

// drop forgets the days that end before a minute.
func (m *marks) drop(before int) {
	if n := min(before/perDay-m.first, len(m.days)); n > 0 {
		m.days = append([]marked(nil), m.days[n:]...)
		m.first += n
	}
}

// settle shares what days in which all minutes are marked have in common.
func (m *marks) settle() {
	for i := range m.days {
		if d := &m.days[i]; d.minutes != nil && *d.minutes == *everyMinute {
			d.minutes = everyMinute
		}
	}
}

func (m *marks) bytes() int64 {
	total := int64(cap(m.days)) * 16
	for _, d := range m.days {
		if d.minutes != nil && d.minutes != everyMinute {
			total += 184
		}
	}
	return total
}
