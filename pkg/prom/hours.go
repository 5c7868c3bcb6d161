package prom

import (
	"time"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// recent is how far back from the newest data minutes are always kept.
const recent = 48 * time.Hour

// askedLately is for how long hours that somebody asked for finely are kept so.
const askedLately = 2 * time.Hour

// hours know how finely each hour of an entry is kept.
type hours struct {
	from   time.Time // the first of them
	coarse bool      // hours are kept as a whole where nobody asks for more
	end    time.Time
	step   []uint8  // minutes of the slices that an hour is kept in; 0 is not read
	asked  []uint32 // when it was last asked for finely, in minutes since the epoch
}

func (h *hours) index(t time.Time) int { return int(t.Sub(h.from) / time.Hour) }

func (h *hours) room(n int) {
	if n > len(h.step) {
		h.step = append(h.step, make([]uint8, n-len(h.step))...)
		h.asked = append(h.asked, make([]uint32, n-len(h.asked))...)
	}
}

// note notes the slices that were read; every is that all samples were, so that
// minutes are known.
func (h *hours) note(parts []slo.Part, every bool) {
	for _, p := range parts {
		begin, end := h.between(p.Start, p.End())
		h.room(end)
		h.end = latest(h.end, p.End())
		for i := begin; i < end; i++ {
			step := int(min(p.Step, time.Hour) / time.Minute)
			switch {
			case every && h.coarse && !h.keepFine(int(h.from.Unix()/3600)+i):
				step = 60
			case every:
				step = 1
			}
			h.step[i] = uint8(gcd(int(h.step[i]), step))
		}
	}
}

// ask notes which hours a grid asks for more finely than by the hour.
func (h *hours) ask(grid slo.Grid, to time.Time) {
	now := uint32(time.Now().Unix() / 60)
	for _, p := range grid.Parts() {
		if p.Step >= time.Hour {
			continue
		}
		begin, end := h.between(p.Start, earliest(p.End(), to))
		h.room(end)
		for i := begin; i < end; i++ {
			h.asked[i] = now
		}
	}
}

// between are the hours [begin, end) that an interval has a share in, from the first
// known one on.
func (h *hours) between(from, to time.Time) (begin, end int) {
	if !from.Before(to) {
		return 0, 0
	}
	return max(h.index(from), 0), max(h.index(to.Add(time.Hour-1)), 0)
}

// keepFine reports an hour, since the epoch, that is kept in more than one slice.
func (h *hours) keepFine(hour int) bool {
	if !h.end.IsZero() && int64(hour)*3600 > h.end.Unix()-int64(recent/time.Second) {
		return true
	}
	i := hour - int(h.from.Unix()/3600)
	if i < 0 || i >= len(h.asked) || h.asked[i] == 0 {
		return false // in the millions of samples of many groups, the clock would be noticed
	}
	return h.asked[i]+uint32(askedLately/time.Minute) > uint32(time.Now().Unix()/60)
}

// coarsen notes that the hours that nobody asks for are kept as a whole.
func (h *hours) coarsen(to time.Time) {
	h.coarse, h.end = true, latest(h.end, to)
	for i := range h.step {
		if h.step[i] != 0 && !h.keepFine(int(h.from.Unix()/3600)+i) {
			h.step[i] = 60
		}
	}
}

// lacking are the hours before an instant that a grid wants to know more finely than
// they are kept.
func (h *hours) lacking(grid slo.Grid, to time.Time) []slo.Part {
	var parts []slo.Part
	for _, p := range grid.Parts() {
		if p.Step >= time.Hour {
			continue
		}
		want := int(p.Step / time.Minute)
		begin, end := h.between(p.Start, earliest(p.End(), to))
		for i := begin; i < min(end, len(h.step)); i++ {
			if h.step[i] == 0 || want%int(h.step[i]) == 0 {
				continue
			}
			hour := h.from.Add(time.Duration(i) * time.Hour)
			length := min(to.Sub(hour), time.Hour)
			step := time.Duration(gcd(gcd(int(h.step[i]), want), int(length/time.Minute))) * time.Minute
			parts = appendPart(parts, slo.Part{Start: hour, Step: step, N: int(length / step)})
		}
	}
	return parts
}

// refined notes that hours were read more finely.
func (h *hours) refined(part slo.Part) {
	begin, end := h.between(part.Start, part.End())
	for i := begin; i < end; i++ {
		h.step[i] = uint8(part.Step / time.Minute)
	}
}

// drop forgets the hours before an instant.
func (h *hours) drop(before time.Time) {
	if n := min(h.index(before), len(h.step)); n > 0 {
		h.step, h.asked = append([]uint8(nil), h.step[n:]...), append([]uint32(nil), h.asked[n:]...)
		h.from = h.from.Add(time.Duration(n) * time.Hour)
	}
}

// partsOf are the slices to read an interval in so that a grid can be served: as
// fine as the grid is in an hour, and a whole hour where it is no finer. Both ends are
// whole minutes.
func partsOf(grid slo.Grid, from, to time.Time) []slo.Part {
	var parts []slo.Part
	for begin, last := minuteOf(from), minuteOf(to); begin < last; {
		end := min(begin-begin%60+60, last)
		step := gcd(gcd(60, begin%60), end%60)
		for _, p := range grid.Parts() {
			if p.Step < time.Hour && minuteOf(p.Start) < end && minuteOf(p.End()) > begin {
				step = gcd(step, int(p.Step/time.Minute))
			}
		}
		parts = appendPart(parts, slo.Part{Start: time.Unix(int64(begin)*60, 0).UTC(), Step: time.Duration(step) * time.Minute, N: (end - begin) / step})
		begin = end
	}
	return parts
}

// minuteOf is the minute of an instant, since the epoch.
func minuteOf(t time.Time) int { return int(t.UnixMilli() / fineMs) }

// appendPart appends a part, or prolongs the last one where it goes on alike.
func appendPart(parts []slo.Part, p slo.Part) []slo.Part {
	if n := len(parts); n > 0 && parts[n-1].Step == p.Step && parts[n-1].End().Equal(p.Start) {
		parts[n-1].N += p.N
		return parts
	}
	return append(parts, p)
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
