package prom

// minutes are amounts, one for each minute. They take four bytes each as long as
// all are exact in that, as whole numbers up to 16 million are, and eight from then
// on: events are counted in whole numbers, but counters need not be.
type minutes struct {
	narrow []float32
	wide   []float64 // in place of narrow, once something needs it
}

// sum is the sum of minutes [from, to).
func (m *minutes) sum(from, to int) float64 {
	total := 0.0
	if m.wide != nil {
		for _, v := range m.wide[from:to] {
			total += v
		}
		return total
	}
	for _, v := range m.narrow[from:to] {
		total += float64(v)
	}
	return total
}

func (m *minutes) add(i int, v float64) {
	if m.wide == nil {
		sum := float64(m.narrow[i]) + v
		if float64(float32(sum)) == sum {
			m.narrow[i] = float32(sum)
			return
		}
		m.wide = make([]float64, len(m.narrow))
		for k, n := range m.narrow {
			m.wide[k] = float64(n)
		}
		m.narrow = nil
	}
	m.wide[i] += v
}

// extend appends n minutes of nothing.
func (m *minutes) extend(n int) {
	if m.wide != nil {
		m.wide = append(m.wide, make([]float64, n)...)
		return
	}
	m.narrow = append(m.narrow, make([]float32, n)...)
}

// drop forgets the first n minutes and frees their memory.
func (m *minutes) drop(n int) {
	if m.wide != nil {
		m.wide = append([]float64(nil), m.wide[n:]...)
		return
	}
	m.narrow = append([]float32(nil), m.narrow[n:]...)
}

func (m *minutes) bytes() int64 { return int64(cap(m.narrow))*4 + int64(cap(m.wide))*8 }
