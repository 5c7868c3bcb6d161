package forecast

import (
	"time"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// hours are the events of a timeline hour by hour, in hours since the Unix epoch.
// The forecast looks at nothing finer: 35 days are 840 of them.
type hours struct {
	start time.Time // a full hour
	total []float64 // events
	bad   []float64 // bad events
	seen  []float64 // share of the hour that was observed, in [0, 1]
	now   float64   // hours from start to now, at most len(total)
}

// hourly adds up the measured slices of a timeline before now by hours. A slice
// longer than an hour counts as even over its length; one that straddles hours
// belongs to the one that it starts in.
func hourly(t *slo.Timeline, now time.Time) hours {
	grid := t.Grid()
	h := hours{start: slo.Floor(grid.Start(), time.Hour)}
	if grid.Len() == 0 || !now.After(h.start) {
		return hours{start: slo.Floor(now, time.Hour)}
	}
	h.now = now.Sub(h.start).Hours()
	n := int(slo.Ceil(now, time.Hour).Sub(h.start) / time.Hour)
	h.total, h.bad, h.seen = make([]float64, n), make([]float64, n), make([]float64, n)
	all, i := t.Slices(), 0
	for _, p := range grid.Parts() {
		for k := range p.N {
			s := all[i]
			i++
			from := p.Start.Add(time.Duration(k) * p.Step)
			if s.State != slo.Measured || from.Add(p.Step).After(now) || s.Contradictory() {
				continue
			}
			h.add(from, p.Step, s.Counts)
		}
	}
	return h
}

// add spreads counts evenly over [from, from+length).
func (h hours) add(from time.Time, length time.Duration, c slo.Counts) {
	at := int(from.Sub(h.start) / time.Hour)
	n := max(1, int(length/time.Hour))
	for k := at; k < min(at+n, len(h.total)); k++ {
		h.total[k] += c.Total / float64(n)
		h.bad[k] += max(0, c.Bad()) / float64(n)
		h.seen[k] = min(1, h.seen[k]+min(1, length.Hours()/float64(n)))
	}
}

// days is the length of what was observed, in days.
func (h hours) days() float64 {
	sum := 0.0
	for _, s := range h.seen {
		sum += s
	}
	return sum / 24
}

// sums are running sums of a quantity by hours: sums[i] is what lies before hour i.
func sums(values []float64) []float64 {
	s := make([]float64, len(values)+1)
	for i, v := range values {
		s[i+1] = s[i] + v
	}
	return s
}

// before is the running sum at a fraction of hours, even within an hour; 0 before
// the first and the whole after the last.
func before(sums []float64, hour float64) float64 {
	last := len(sums) - 1
	switch {
	case hour <= 0:
		return 0
	case hour >= float64(last):
		return sums[last]
	}
	i := int(hour)
	return sums[i] + (hour-float64(i))*(sums[i+1]-sums[i])
}
