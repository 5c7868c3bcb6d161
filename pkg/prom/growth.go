package prom

import (
	"time"

	"github.com/prometheus/prometheus/model/labels"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// fine is the length of the slices that growth is kept in: windows, lookbacks and
// steps are whole minutes.
const fine = time.Minute

const fineMs = int64(fine / time.Millisecond)

// growth is what one term of an indicator counts per minute, by group. It is fed
// with the samples of the term's series as they stream by, and can go on where it was
// with later samples. All instants are in ms since the epoch, all minutes are since
// the epoch too.
type growth struct {
	term   term
	by     []string // the labels that make groups
	start  int64
	end    int64
	missed int64 // between samples above which a scrape was missed

	columns map[string]*column // by the values of the labels
	seen    marks              // something was seen, of any group
	before  bool               // something was seen before start
	falls   map[string][]fallAt
	series  map[uint64]*seriesGrowth
	// groupOf is a group of each process; shared is that a process has several.
	groupOf map[string]string
	shared  bool

	// coarse keeps hours only where keepFine does not say otherwise.
	coarse   bool
	keepFine func(hour int) bool

	// open is room for every minute while history is read: adding is fast there, and
	// what is small is made of it in the end. It is nil otherwise.
	open *openMinutes

	readings int
	last     int64 // newest sample
}

// column is what one group of a growth counts.
type column struct {
	values  []string // of the labels
	events  amounts
	seen    marks // of groups only
	last    int64 // newest sample
	births  []birth
	returns []returned
}

// birth is the first sample of a series, until it is known whether it counts: it
// does where the indicator had been seen before.
type birth struct {
	at    int64
	value float64
}

// fallAt is a restart that was seen: a series of the process fell at an instant,
// to what it counted since, and was scraped before at another.
type fallAt struct {
	at, before int64
	value      float64
}

// restarts reports whether the fall is of the process that a series came back to. Both
// were scraped together before. Then either the series was gone at the very scrape that
// shows the restart; or both were away and came back together, and the series counted no
// more than the other did since: a counter that one process exports for others, and that only went on,
// mostly stands far higher.
func (f fallAt) restarts(r returned) bool {
	return f.before == r.before && (f.at < r.at || f.at == r.at && r.value <= f.value)
}

// returned is a series that missed at least one scrape and came back no lower. If
// its process restarted meanwhile, its last value before is missing in the growth.
type returned struct {
	process    string
	before, at int64 // last and next sample
	last       float64
	value      float64 // of the next sample
}

func newGrowth(t term, by []string, start time.Time, scrape time.Duration) *growth {
	g := &growth{
		term: t, by: by, start: start.UnixMilli(), end: start.UnixMilli(), missed: scrape.Milliseconds() * 3 / 2,
		columns: map[string]*column{}, falls: map[string][]fallAt{}, series: map[uint64]*seriesGrowth{},
	}
	if len(by) > 0 {
		g.groupOf = map[string]string{}
	}
	return g
}

// extend makes room up to an instant.
func (g *growth) extend(to time.Time) { g.end = max(g.end, to.UnixMilli()) }

// forget lets go of what lies before an instant, and of series that have not been
// seen for so long that they would count as born if they came back.
func (g *growth) forget(from, to time.Time) {
	minute := int(from.UnixMilli() / fineMs)
	if first, ok := g.seen.next(int(g.start / fineMs)); ok && first < minute {
		g.before = true
	}
	g.start = max(g.start, from.UnixMilli())
	g.seen.drop(minute)
	for key, c := range g.columns {
		c.events.drop(minute)
		c.seen.drop(minute)
		if c.last < g.start && len(c.events.days) == 0 {
			delete(g.columns, key)
		}
	}
	old := to.Add(-lookbehind).UnixMilli()
	for id, s := range g.series {
		if s.at < old {
			delete(g.series, id)
		}
	}
	if g.groupOf != nil { // of the processes that are left
		g.groupOf = map[string]string{}
		for _, s := range g.series {
			g.groupOf[s.process] = s.group
		}
	}
}

// bytes is about how much memory the growth holds.
func (g *growth) bytes() int64 {
	const perSeries, perColumn, perEvent = 160, 200, 48 // with their share of maps and strings
	n := 0
	for _, list := range g.falls {
		n += len(list)
	}
	total := g.seen.bytes() + int64(len(g.series))*perSeries + int64(len(g.groupOf))*64
	for _, c := range g.columns {
		n += len(c.births) + len(c.returns)
		total += perColumn + c.events.bytes() + c.seen.bytes()
	}
	return total + int64(n)*perEvent
}

// column is the group with the given values of the labels.
func (g *growth) column(key string, values []string) *column {
	c, ok := g.columns[key]
	if !ok {
		c = &column{values: values}
		g.columns[key] = c
	}
	return c
}

// of is the series with the given labels. Asked again, it goes on where it was.
func (g *growth) of(l labels.Labels) *seriesGrowth {
	id := seriesID(l)
	s, ok := g.series[id]
	if !ok {
		s = &seriesGrowth{growth: g, process: processOfLabels(l)}
		s.join(l)
		g.series[id] = s
	}
	return s
}

// mark marks the minute of an instant as seen and returns where growth at the instant
// is kept: in its minute, or in the last one of its hour.
func (g *growth) mark(c *column, at int64) int {
	minute := int(at / fineMs)
	if g.open != nil {
		at := uint(minute - g.open.first)
		g.open.seen[at/64] |= 1 << (at % 64)
		return minute
	}
	if g.coarse && !g.keepFine(minute/60) {
		g.seen.setHour(minute)
		if g.groupOf != nil {
			c.seen.setHour(minute)
		}
		return minute - minute%60 + 59
	}
	g.seen.set(minute)
	if g.groupOf != nil {
		c.seen.set(minute)
	}
	return minute
}

// firstSeen is the end of the first minute in which anything was seen: what is born
// after it was born while somebody watched.
func (g *growth) firstSeen() int64 {
	g.closeUp()
	if g.before {
		return g.start
	}
	if minute, ok := g.seen.next(int(g.start / fineMs)); ok {
		return int64(minute+1) * fineMs
	}
	return never
}

// settle counts what could not be judged sample by sample: births count from
// firstSeen on; series that came back after their process restarted, which falls
// tell, count from zero.
func (g *growth) settle(firstSeen int64, falls map[string][]fallAt) {
	g.closeUp()
	for _, c := range g.columns {
		for _, b := range c.births {
			if b.at >= firstSeen {
				c.events.add(g.place(b.at), b.value)
			}
		}
		for _, r := range c.returns {
			for _, f := range falls[r.process] {
				if f.restarts(r) {
					if r.at >= g.start {
						c.events.add(g.place(r.at), r.last)
					}
					break
				}
			}
		}
		c.births, c.returns = nil, nil
		c.seen.settle()
	}
	g.seen.settle()
}

// place is where growth at an instant is kept.
func (g *growth) place(at int64) int {
	minute := int(at / fineMs)
	if g.coarse && !g.keepFine(minute/60) {
		return minute - minute%60 + 59
	}
	return minute
}

// forgetFalls drops restarts that nothing that is still known can have come back
// after.
func (g *growth) forgetFalls(before int64) {
	for process, list := range g.falls {
		kept := list[:0]
		for _, f := range list {
			if f.at >= before {
				kept = append(kept, f)
			}
		}
		if g.falls[process] = kept; len(kept) == 0 {
			delete(g.falls, process)
		}
	}
}

// coarsen keeps of hours only their sums, except of those that are asked for finely.
func (g *growth) coarsen(keepFine func(hour int) bool) {
	g.coarse, g.keepFine = true, keepFine
	from, to := int(g.start/fineMs), int(g.end/fineMs)
	from, to = (from+59)/60*60, to/60*60
	for begin := from; begin < to; {
		if keepFine(begin / 60) {
			begin += 60
			continue
		}
		end := begin + 60
		for end < to && !keepFine(end/60) {
			end += 60
		}
		g.seen.coarsen(begin, end)
		for _, c := range g.columns {
			c.events.rewrite(begin, end, func(minute int) int { return minute - minute%60 + 59 })
			c.seen.coarsen(begin, end)
		}
		begin = end
	}
}

// replace takes over what was counted more finely in minutes [from, to).
func (g *growth) replace(finer *growth, from, to int) {
	nowhere := func(int) int { return -1 }
	g.seen.clear(from, to)
	for _, c := range g.columns {
		c.events.rewrite(from, to, nowhere)
		c.seen.clear(from, to)
	}
	for minute, ok := finer.seen.next(from); ok && minute < to; minute, ok = finer.seen.next(minute + 1) {
		g.seen.set(minute)
	}
	for key, f := range finer.columns {
		c := g.column(key, f.values)
		c.last = max(c.last, f.last)
		for i, one := range f.events.days {
			if one == nil {
				continue
			}
			start := (f.events.first + i) * perDay
			one.each(func(minute int, v float64) {
				if at := start + minute; at >= from && at < to {
					c.events.add(at, v)
				}
			})
		}
		for minute, ok := f.seen.next(from); ok && minute < to; minute, ok = f.seen.next(minute + 1) {
			c.seen.set(minute)
		}
	}
	g.seen.settle()
}

// addOnGrid adds the growth of a group per slice of a grid, times a sign, to a tally.
// What was seen is that of the group where own says so, and of all groups otherwise.
func (g *growth) addOnGrid(out *tally, grid slo.Grid, c *column, own bool, sign float64) {
	seen := &g.seen
	if own {
		seen = &marks{}
		if c != nil {
			seen = &c.seen
		}
	}
	if c != nil {
		out.last = max(out.last, c.last)
	}
	first, last := int(g.start/fineMs), int(g.end/fineMs)
	i := 0
	for _, part := range grid.Parts() {
		minute, width, end := int(part.Start.UnixMilli()/fineMs), int(part.Step/fine), i+part.N
		if from, to := max(minute, first), min(minute+width*part.N, last); from < to {
			if c != nil {
				c.events.spread(out.events[i:end], minute, width, from, to, sign)
			}
			seen.spread(out.seen[i:end], minute, width, from, to)
		}
		i = end
	}
}
