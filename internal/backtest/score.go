package backtest

// tally adds up how one method did at one horizon.
type tally struct {
	n                             float64
	held50, held80, held95        float64
	pinball, brier                float64
	below                         [7]float64 // outcomes below each of levels
	said, happened, probabilities [bins]float64
}

// bins is the number of rows of a reliability table.
const bins = 10

// add scores what was said against what came.
func (t *tally) add(s said, came float64) {
	t.n++
	holds := func(low, high int) float64 {
		if s.quantiles[low] <= came && came <= s.quantiles[high] {
			return 1
		}
		return 0
	}
	t.held50 += holds(2, 4)
	t.held80 += holds(1, 5)
	t.held95 += holds(0, 6)
	for i, level := range levels {
		t.pinball += pinball(s.quantiles[i], came, level) / float64(len(levels))
		if came < s.quantiles[i] {
			t.below[i]++
		}
	}
	missed := 0.0
	if came > 1 {
		missed = 1
	}
	t.brier += (s.miss - missed) * (s.miss - missed)
	bin := min(int(s.miss*bins), bins-1)
	t.said[bin]++
	t.happened[bin] += missed
	t.probabilities[bin] += s.miss
}

// pinball is the loss of a quantile (Koenker and Bassett, 1978): the mean over all
// quantiles is the smaller the nearer and the more honest a distribution is.
func pinball(said, came, level float64) float64 {
	if came >= said {
		return level * (came - said)
	}
	return (1 - level) * (said - came)
}

// plus is the tally of both.
func (t tally) plus(o tally) tally {
	t.n += o.n
	t.held50 += o.held50
	t.held80 += o.held80
	t.held95 += o.held95
	t.pinball += o.pinball
	t.brier += o.brier
	for i := range t.below {
		t.below[i] += o.below[i]
	}
	for i := range t.said {
		t.said[i] += o.said[i]
		t.happened[i] += o.happened[i]
		t.probabilities[i] += o.probabilities[i]
	}
	return t
}

// Score is how a method did at one horizon. Ratios are in [0, 1].
type Score struct {
	N                      int
	Held50, Held80, Held95 float64 // share of outcomes inside the bands
	Pinball                float64 // mean over quantiles and outcomes, in budgets
	Brier                  float64 // of the probability of a miss
}

func (t tally) score() Score {
	return Score{int(t.n), t.held50 / t.n, t.held80 / t.n, t.held95 / t.n, t.pinball / t.n, t.brier / t.n}
}
