package prom

import (
	"math"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/histogram"
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

// openMinutes are the minutes of a growth without groups, from the day of its start on.
type openMinutes struct {
	first  int // minute since the epoch, of a midnight
	events []float64
	seen   []uint64 // a bit for each
}

// emptyMinutes are open minutes that nothing is in, for the next read of history: there
// is half a megabyte of them for five weeks.
var emptyMinutes = sync.Pool{New: func() any { return &openMinutes{} }}

func openedMinutes(first, n int) *openMinutes {
	o := emptyMinutes.Get().(*openMinutes)
	words := (n + 63) / 64
	if cap(o.events) < n || cap(o.seen) < words {
		o.events, o.seen = make([]float64, n), make([]uint64, words)
	}
	o.first, o.events, o.seen = first, o.events[:n], o.seen[:words]
	return o
}

// close empties the minutes. Nobody may use them from then on.
func (o *openMinutes) close() {
	clear(o.events)
	clear(o.seen)
	emptyMinutes.Put(o)
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
// and was scraped before at another.
type fallAt struct{ at, before int64 }

// returned is a series that missed at least one scrape and came back no lower. If
// its process restarted meanwhile, its last value before is missing in the growth.
type returned struct {
	process    string
	before, at int64 // last and next sample
	last       float64
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

// openUp makes room for every minute, for a growth that has no groups.
func (g *growth) openUp() {
	if len(g.by) > 0 || g.coarse {
		return
	}
	first := int(g.start/fineMs) / perDay * perDay
	g.open = openedMinutes(first, int(g.end/fineMs)-first)
}

// closeUp keeps what was counted in as little memory as it takes.
func (g *growth) closeUp() {
	if g.open == nil {
		return
	}
	g.seen.fill(g.open.first/perDay, g.open.seen)
	if c := g.columns[""]; c != nil {
		c.events.fill(g.open.first/perDay, g.open.events)
	}
	g.open.close()
	g.open = nil
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

// seriesID names a series. Buckets that are written "1" and "1.0" are the same: the
// text changes with the version of Prometheus, and not the counter.
func seriesID(l labels.Labels) uint64 {
	le := l.Get(labels.BucketLabel)
	if le == "" || le == canonicalBucket(le) {
		return l.Hash()
	}
	return labels.NewBuilder(l).Set(labels.BucketLabel, canonicalBucket(le)).Labels().Hash()
}

// seriesGrowth is one series of a growth.
type seriesGrowth struct {
	*growth
	column    *column
	process   string
	group     string
	known     bool
	at        int64
	value     float64
	histogram *histogram.FloatHistogram // the last, of native histograms
}

// join puts a series into its group.
func (s *seriesGrowth) join(l labels.Labels) {
	values := make([]string, len(s.by))
	for i, name := range s.by {
		values[i] = l.Get(name)
	}
	s.group = groupKey(values)
	s.column = s.growth.column(s.group, values)
	if s.groupOf == nil {
		return
	}
	if other, ok := s.groupOf[s.process]; ok && other != s.group {
		s.shared = true
	}
	s.groupOf[s.process] = s.group
}

func groupKey(values []string) string { return strings.Join(values, "\xff") }

// see notes a sample and returns the minute that it counts in; inside is false
// where it lies before the first.
func (s *seriesGrowth) see(at int64) (minute int, inside bool) {
	g := s.growth
	g.readings++
	g.last, s.column.last = max(g.last, at), max(s.column.last, at)
	if at < g.start {
		g.before = true
		return 0, false
	}
	return g.mark(s.column, at), true
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

// isValue reports whether a sample says anything about a counter: staleness markers,
// other NaNs and infinities do not.
func isValue(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// add takes the next sample. One that was taken before is not taken again.
func (s *seriesGrowth) add(at int64, value float64) {
	at -= s.term.lag.Milliseconds()
	if !isValue(value) || s.known && at <= s.at || at >= s.end {
		return
	}
	minute, inside := s.see(at)
	grown := value
	switch s.term.kind {
	case counterGrowth:
		grown = s.grow(at, value, inside)
	case sampleCount:
		grown = 1
	case sampleSum:
	default: // a histogram is no number
		return
	}
	if inside {
		s.count(minute, grown)
	}
	s.known, s.at, s.value = true, at, value
}

// addAll takes the samples of a chunk: as add, one after the other. Nearly all are the
// next values of a counter that goes on; these are counted without a detour.
func (s *seriesGrowth) addAll(c numbers) {
	all := c.stretches
	if !s.known {
		s.addEach(&all[0])
		all = all[1:]
	}
	g := s.growth
	switch {
	case len(all) == 0:
	case !s.known, g.term.kind != counterGrowth, g.term.lag != 0, !c.inOrder(), all[0].at <= s.at, c.last() >= g.end:
		for i := range all {
			s.addEach(&all[i])
		}
	case c.last() < g.start:
		s.pass(all)
	case all[0].at < g.start:
		for i := range all {
			s.addEach(&all[i])
		}
	default:
		s.goOn(all)
	}
}

func (s *seriesGrowth) addEach(r *stretch) {
	for i := range int64(r.n) {
		s.add(r.at+i*r.step, r.value)
	}
}

// follows reports that a stretch is the next of a counter that went on from a sample: no
// restart, no scrape missed that matters, nothing but numbers.
func (r *stretch) follows(at int64, value float64, missed int64) bool {
	return r.value >= value && r.value <= math.MaxFloat64 && r.at-at <= missed && (r.n == 1 || r.step <= missed)
}

// longestGap is above which distance between samples a scrape was missed, where that
// matters.
func (s *seriesGrowth) longestGap() int64 {
	if s.process == "" {
		return never
	}
	return s.missed
}

// pass takes samples of before the first minute, in order of time: what they grew by is
// not counted.
func (s *seriesGrowth) pass(all []stretch) {
	g, missed := s.growth, s.longestGap()
	for i := range all {
		r := &all[i]
		if !r.follows(s.at, s.value, missed) {
			s.addEach(r)
			continue
		}
		s.at, s.value = r.last(), r.value
		g.readings += r.n
		g.before = true
	}
	g.last, s.column.last = max(g.last, s.at), max(s.column.last, s.at)
}

// goOn takes samples in order of time that all lie in the minutes that are counted.
func (s *seriesGrowth) goOn(all []stretch) {
	g, missed := s.growth, s.longestGap()
	first, events := uint64(0), []float64(nil)
	if g.open != nil {
		first, events = uint64(g.open.first), g.open.events
	}
	from := int64(never)      // the first of the samples that are to be marked: at most a minute apart
	minute, pending := 0, 0.0 // what is to be counted where, in place of several small amounts
	at, value, n := s.at, s.value, 0
	for i := range all {
		r := &all[i]
		if !r.follows(at, value, missed) {
			s.markRun(from, at)
			s.at, s.value = at, value
			s.addEach(r)
			at, value = s.at, s.value
			from = never
			continue
		}
		if from == never || r.at-at > fineMs {
			s.markRun(from, at)
			from = r.at
		}
		switch grown := r.value - value; {
		case events != nil:
			events[uint64(r.at)/uint64(fineMs)-first] += grown
		case grown > 0:
			if place := g.place(r.at); place != minute {
				s.column.events.add(minute, pending)
				minute, pending = place, 0
			}
			pending += grown
		}
		n += r.n
		at, value = r.at, r.value
		if r.n > 1 {
			if r.step > fineMs {
				for i := range int64(r.n) {
					s.markRun(r.at+i*r.step, r.at+i*r.step)
				}
				from = r.last()
			}
			at = r.last()
		}
	}
	s.markRun(from, at)
	s.column.events.add(minute, pending)
	s.at, s.value = at, value
	g.readings += n
	g.last, s.column.last = max(g.last, at), max(s.column.last, at)
}

// markRun marks the minutes from one instant to another, both in them, as seen; none
// where the first is never.
func (s *seriesGrowth) markRun(from, to int64) {
	if from == never {
		return
	}
	g := s.growth
	first, last := int(from/fineMs), int(to/fineMs)
	if g.open != nil {
		setBits(g.open.seen, first-g.open.first, last-g.open.first+1)
		return
	}
	if g.coarse {
		for minute := first; minute <= last; minute++ {
			g.mark(s.column, int64(minute)*fineMs)
		}
		return
	}
	g.seen.setRun(first, last+1)
	if g.groupOf != nil {
		s.column.seen.setRun(first, last+1)
	}
}

// count counts events in a minute.
func (s *seriesGrowth) count(minute int, events float64) {
	if s.open != nil {
		s.open.events[minute-s.open.first] += events
		return
	}
	s.column.events.add(minute, events)
}

// grow is what a counter grew by with its next sample, as far as it is known yet.
func (s *seriesGrowth) grow(at int64, value float64, inside bool) float64 {
	switch {
	case !s.known:
		if inside {
			s.column.births = append(s.column.births, birth{at, value})
		}
		return 0
	case value < s.value:
		if s.process != "" {
			s.falls[s.process] = append(s.falls[s.process], fallAt{at, s.at})
		}
		return value
	}
	if s.process != "" && at-s.at > s.missed && s.value > 0 {
		s.column.returns = append(s.column.returns, returned{s.process, s.at, at, s.value})
	}
	return value - s.value
}

// never is the first instant at which anything was seen where nothing was.
const never = math.MaxInt64

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
				// Scraped together before, and gone at the very scrape that shows the
				// restart.
				if f.before == r.before && f.at < r.at {
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

// processOfLabels names the process that a series is of; empty where no label says.
func processOfLabels(l labels.Labels) string {
	process := ""
	for _, name := range processLabels {
		if value := l.Get(string(name)); value != "" {
			process += string(name) + "=" + value + ","
		}
	}
	return process
}

// labelsOf are the labels of a metric, without its name.
func labelsOf(m model.Metric) labels.Labels {
	builder := labels.NewScratchBuilder(len(m))
	for name, value := range m {
		if name != model.MetricNameLabel {
			builder.Add(string(name), string(value))
		}
	}
	builder.Sort()
	return builder.Labels()
}
