package backtest

import "math"

// pair is how two methods did on one story.
type pair struct{ ours, theirs tally }

// estimate is a figure with its standard error.
type estimate struct{ mean, error float64 }

// compare is by what share our pinball loss is below theirs, and by how much our Brier
// score is. What is asked at several instants of one story is not independent, so that
// the errors are those of stories (ratio and mean of clusters; Cochran, Sampling
// Techniques, 1977, ch. 6 and 9).
func compare(stories []pair) (less, brier estimate) {
	var ours, theirs tally
	for _, p := range stories {
		ours, theirs = ours.plus(p.ours), theirs.plus(p.theirs)
	}
	ratio := ours.pinball / theirs.pinball
	below := (theirs.brier - ours.brier) / ours.n
	for _, p := range stories {
		off := p.ours.pinball - ratio*p.theirs.pinball
		less.error += off * off
		off = p.theirs.brier - p.ours.brier - below*p.ours.n
		brier.error += off * off
	}
	more := math.Sqrt(float64(len(stories)) / float64(len(stories)-1))
	return estimate{1 - ratio, more * math.Sqrt(less.error) / theirs.pinball}, estimate{below, more * math.Sqrt(brier.error) / ours.n}
}
