package prom

import (
	"sync"
)

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
