package prom

import (
	"sync"

	"github.com/prometheus/prometheus/promql/parser"
)

// memo keeps what was made of something, so that a catalogue's queries are not parsed
// again by every refresh. It holds mostMemos and begins anew beyond them.
type memo[K comparable, V any] struct {
	mu   sync.Mutex
	made map[K]V
}

const mostMemos = 10_000

var (
	indicatorsRead memo[Indicator, compiling]
	selectorsRead  memo[string, *parser.VectorSelector]
)

// of is what was made of the key, which make makes where it is not kept.
func (m *memo[K, V]) of(key K, make func() V) V {
	m.mu.Lock()
	have, ok := m.made[key]
	m.mu.Unlock()
	if ok {
		return have
	}
	made := make()
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.made == nil || len(m.made) >= mostMemos {
		m.made = map[K]V{}
	}
	m.made[key] = made
	return made
}
