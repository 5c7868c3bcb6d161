package plugin

import (
	"fmt"
	"time"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// span is what a question is about in time, and how finely events are counted for
// it: one instant, or instants that are a step apart.
type span struct {
	from, to time.Time     // first and last instant; none where from is after to
	step     time.Duration // between instants; zero for a single one
	slice    time.Duration // of the slices where windows begin or end
	complete time.Time     // data is complete up to here
	// head and tail are where the first bar begins and the last one ends, which may be
	// shorter than a step; zero where bars are not asked for.
	head, tail time.Time
}

// bar lets bars fill the time range: what just happened is in one too. They begin with
// an hour, where there is one, since the past is kept by the hour. A range without a slice
// in it has the step before it.
func (s *span) bar(from, to time.Time, slice time.Duration) {
	s.head, s.tail = slo.Ceil(from, slo.Coarse), slo.Floor(to, slice)
	if !s.head.Before(s.tail) {
		s.head = slo.Ceil(from, slice)
	}
	if !s.head.Before(s.tail) {
		s.head, s.tail = s.to.Add(-s.step), s.to
	}
}

// nice are the lengths that slices and steps may have. All divide a day, and up to
// the hour they divide each other's multiples well enough for common windows.
var nice = []time.Duration{
	time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute,
	time.Hour, 2 * time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour,
}

const (
	maxSeriesPoints = 11_000  // as many as Prometheus gives
	maxSlices       = 100_000 // of one indicator
)

// clocksDiffer is by how much a browser's clock may be ahead: a range of the last minutes,
// which it asks for, has begun all the same.
const clocksDiffer = 5 * time.Minute

// planSpan decides when the question's instants are and how long slices are.
// Slices are at least two scrapes long where the windows allow it: shorter ones
// would be empty now and then without anything missing.
func planSpan(q question, promises []promise, s settings, now time.Time) (span, error) {
	// Of what is still to come there are no incidents, and a forecast speaks of nothing else.
	aheadToo := q.queryType == typeForecast || q.queryType == typeIncidents
	if from := q.timeRange.From; !aheadToo && from.After(now.Add(clocksDiffer)) {
		return span{}, fmt.Errorf("the time range begins at %s, which is still to come; expected one that has begun, or a question of the type %s",
			from.UTC().Format(time.RFC3339), typeForecast)
	}
	complete := now.Add(-s.delay)
	end := q.timeRange.To
	if end.After(complete) {
		end = complete
	}
	lengths := q.lengths(promises)
	switch {
	case q.queryType == typeSeries:
		return planSeries(q, lengths, s, end, complete)
	case q.byStep():
		out, err := planSeries(q, lengths, s, end, complete)
		if err == nil {
			out.bar(q.timeRange.From, end, smallest(2*s.scrape, slo.Coarse, lengths))
		}
		return out, err
	case q.queryType == typeIncidents, q.queryType == typeRisks, q.looksBack():
		slice := incidentSlice(q.timeRange.Duration(), s.scrape, lengths)
		to := slo.Floor(end, slice)
		return span{from: earlier(slo.Floor(q.timeRange.From, slice), to), to: to, slice: slice, complete: complete}, nil
	}
	slice := smallest(2*s.scrape, slo.Coarse, lengths)
	at := slo.Floor(end, slice)
	out := span{from: at, to: at, slice: slice, complete: complete}
	switch q.queryType {
	case typeHistory:
		out.from = earlier(q.timeRange.From, at)
	case typeAlert: // what must have held for a while is looked at in the past too
		for _, p := range promises {
			for _, w := range p.alertWindows() {
				out.from = earlier(out.from, slo.Floor(at.Add(-w.After), slice))
			}
		}
	}
	return out, nil
}

func planSeries(q question, lengths []time.Duration, s settings, end, complete time.Time) (span, error) {
	step := atLeast(max(q.interval, q.timeRange.Duration()/time.Duration(q.points()), 2*s.scrape))
	slice := largest(min(step, slo.Coarse), append(lengths, step))
	out := span{from: slo.Ceil(q.timeRange.From, step), to: slo.Floor(end, step), step: step, slice: slice, complete: complete}
	if out.to.Before(out.from) {
		out.from = out.to // a range shorter than a step, or of the last minutes, still has its last point
	}
	if n := 2 * (out.to.Sub(out.from) / slice); n > maxSlices {
		return span{}, tooFine(slice, q)
	}
	return out, nil
}

func tooFine(slice time.Duration, q question) error {
	return fmt.Errorf("slices of %s over a time range of %s are too many to count; ask for a shorter range or a longer lookback", slo.FormatDuration(slice), q.timeRange.Duration().Round(time.Minute))
}

// incidentSlice is how finely incidents are told: five minutes, or two scrapes, and
// coarser over long ranges.
func incidentSlice(length, scrape time.Duration, lengths []time.Duration) time.Duration {
	const most = 30_000
	return smallest(max(5*time.Minute, 2*scrape, length/most), slo.Coarse, lengths)
}

// lengths are the lengths of the windows and slices that the question reads.
func (q question) lengths(promises []promise) []time.Duration {
	var all []time.Duration
	if q.needsLookback() {
		all = append(all, q.lookback)
	}
	for _, p := range promises {
		if w := p.objective.Window(); !w.IsCalendar() {
			all = append(all, w.Duration())
		}
		if slice := p.objective.SliceLength(); slice > 0 {
			all = append(all, slice)
		}
		if q.queryType == typeAlert || q.queryType == typeRisks || q.looksBack() {
			for _, w := range p.alertWindows() {
				all = append(all, w.Long, w.Short)
			}
		}
	}
	return all
}

func (q question) points() int {
	if q.maxPoints <= 0 || q.maxPoints > maxSeriesPoints {
		return maxSeriesPoints
	}
	return q.maxPoints
}

// grid is the grid on which a promise's windows can be read. Time before the epoch of
// a calendar window's history is not on it: demand that is yet to come is told from
// four weeks back.
func (s span) grid(q question, p promise) (slo.Grid, error) {
	zones := append(s.windows(q, p), s.edges(q, p)...)
	coarse := slo.Coarse
	if p.objective.SliceLength() > 0 || p.masked() { // every slice is judged for itself
		coarse = min(coarse, s.slice)
	}
	grid, err := slo.Cover(coarse, zones...)
	if err == nil && grid.Len() > 2*maxSlices { // a series reads three times its range at most
		err = tooFine(min(coarse, s.slice), q)
	}
	return grid, err
}

// windows are where windows of fixed lengths begin and end.
func (s span) windows(q question, p promise) []slo.Zone {
	if q.looksBack() {
		return s.pastZones(q, p)
	}
	if q.queryType == typeRisks {
		return s.riskZones(p)
	}
	zones := []slo.Zone{{From: s.from, To: s.to, Step: s.slice}}
	if q.queryType == typeHistory { // judged at the ends of calendar periods
		zones[0].From = s.to
	}
	for _, l := range q.lookbacks(p) {
		zones = append(zones, slo.Zone{From: zones[0].From.Add(-l), To: s.to.Add(-l), Step: s.slice})
	}
	if w := p.objective.Window(); !w.IsCalendar() && q.queryType != typeHistory && !q.byStep() {
		zones = append(zones, slo.Zone{From: s.from.Add(-w.Duration()), To: s.to.Add(-w.Duration()), Step: s.slice})
	}
	return zones
}

// lookbacks are what burn rates are measured over.
func (q question) lookbacks(p promise) []time.Duration {
	var all []time.Duration
	if q.needsLookback() {
		all = append(all, q.lookback)
	}
	if q.queryType == typeAlert {
		for _, w := range p.alertWindows() {
			all = append(all, w.Long, w.Short)
		}
	}
	return all
}

// demandHistory is how far back the traffic of past weeks is looked at to tell what a
// calendar period is yet to hold.
const demandHistory = 28 * 24 * time.Hour

// edges are single instants at which something begins: calendar periods, corrections.
func (s span) edges(q question, p promise) []slo.Zone {
	var zones []slo.Zone
	window := p.objective.Window()
	if q.queryType == typeHistory {
		window = q.period
	}
	for _, at := range []time.Time{s.head, s.tail} {
		if !at.IsZero() {
			zones = append(zones, slo.EdgeAt(at, s.slice))
		}
	}
	if window.IsCalendar() {
		for _, period := range window.Periods(s.from.Add(-time.Nanosecond), s.to) {
			zones = append(zones, slo.EdgeAt(period.From, s.slice))
		}
		if window.End(s.to).After(s.to) {
			zones = append(zones, slo.EdgeAt(slo.Floor(s.to.Add(-demandHistory), slo.Coarse), s.slice))
		}
	}
	if q.needsForecast() {
		back := max(learningHistory, window.Duration())
		if q.queryType == typeForecast {
			back = window.Duration() + learningHistory
		}
		zones = append(zones, slo.EdgeAt(slo.Floor(s.to.Add(-back), slo.Coarse), s.slice))
	}
	if q.needsMissing() && len(p.slo.Values) > 0 {
		from, _ := window.Bounds(s.to)
		zones = append(zones, slo.EdgeAt(slo.Floor(from.Add(-missingHistory), slo.Coarse), s.slice))
	}
	start, end := s.to, s.to
	if s.tail.After(end) {
		end = s.tail
	}
	for _, z := range append(zones, s.windows(q, p)...) {
		start = earlier(start, z.From)
	}
	for _, c := range p.corrections(start, end) {
		for _, at := range []time.Time{slo.Floor(c.From, time.Minute), slo.Ceil(c.To, time.Minute)} {
			if at.After(start) && at.Before(end) {
				zones = append(zones, slo.EdgeAt(at, s.slice))
			}
		}
	}
	return zones
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// instants are the instants that the question is about.
func (s span) instants() []time.Time {
	if s.step == 0 {
		return []time.Time{s.to}
	}
	var all []time.Time
	for at := s.from; !at.After(s.to); at = at.Add(s.step) {
		all = append(all, at)
	}
	return all
}

// atLeast is the smallest nice length that is not below d, or whole days.
func atLeast(d time.Duration) time.Duration {
	for _, n := range nice {
		if n >= d {
			return n
		}
	}
	const day = 24 * time.Hour
	return (d + day - 1) / day * day
}

// smallest is the shortest nice length from low to high that divides all; where
// there is none, the longest below.
func smallest(low, high time.Duration, all []time.Duration) time.Duration {
	for _, n := range nice {
		if n >= low && n <= high && divides(n, all) {
			return n
		}
	}
	return largest(min(low, high), all)
}

// largest is the longest nice length up to high that divides all. A minute always
// does: windows, lookbacks and steps are whole minutes.
func largest(high time.Duration, all []time.Duration) time.Duration {
	best := time.Minute
	for _, n := range nice {
		if n <= high && divides(n, all) {
			best = n
		}
	}
	return best
}

func divides(n time.Duration, all []time.Duration) bool {
	for _, d := range all {
		if d%n != 0 {
			return false
		}
	}
	return true
}
