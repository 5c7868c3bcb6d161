package forecast

import "math"

// background is the share of events that fail outside of episodes: a level whose
// logarithm wanders, seen through a noise that is new every day and through the
// chance of counting few events. How far it wanders and how noisy it is, is not
// known: every pair of a grid is weighed by how well it foresaw the history.
type background struct {
	fits levelFits
}

// levelFit is what one pair of walk and noise makes of a history.
type levelFit struct {
	walk, noise float64 // standard deviations of the logarithm, of a day's change and of a day
	mean, sd    float64 // of the logarithm of the level now
	score       float64 // logarithm of how likely it made what was seen
	weight      float64 // share of all fits, running sum up to this one

	// Where goesHome, the level goes back there: to the mean of a logarithm, whose own
	// standard deviation is homeSD.
	goesHome     bool
	home, homeSD float64
}

// levelFits are all pairs of a grid.
type levelFits []levelFit

// weigh turns scores into weights.
func (fits levelFits) weigh() {
	best, sum := math.Inf(-1), 0.0
	for _, f := range fits {
		best = max(best, f.score)
	}
	for i := range fits {
		sum += math.Exp(fits[i].score - best)
		fits[i].weight = sum
	}
	for i := range fits {
		fits[i].weight /= sum
	}
}

// draw picks a fit by its weight, from a number in [0, 1).
func (fits levelFits) draw(u float64) *levelFit {
	for i := range fits {
		if u <= fits[i].weight {
			return &fits[i]
		}
	}
	return &fits[len(fits)-1]
}

// wait lets days pass.
func (f *levelFit) wait(days float64) {
	if !f.goesHome {
		f.sd = math.Sqrt(f.sd*f.sd + f.walk*f.walk*days)
		return
	}
	left := leftAfter(days)
	f.mean = f.home + (f.mean-f.home)*left
	f.sd = math.Sqrt(f.sd*f.sd*left*left + f.walk*f.walk*wandered(left))
}

// see learns from the logarithm of one day or block, which is so unsure (variance)
// around the level. What is further off than a number of standard deviations counts
// as if it were that far.
func (f *levelFit) see(log, unsure, furthest float64) {
	variance := f.sd * f.sd
	whole := variance + unsure
	far := furthest * math.Sqrt(whole)
	off := min(max(log-f.mean, -far), far)
	f.score -= 0.5 * (math.Log(whole) + off*off/whole)
	f.mean += variance / whole * off
	f.sd = math.Sqrt(variance * unsure / whole)
}

// block is the background of some days.
type block struct {
	bad, total float64
	age        float64 // days from its middle to now
	days       float64
	log        float64 // of the share that fails
}

var (
	walks  = []float64{0, 0.02, 0.05, 0.1, 0.2}
	noises = []float64{0.03, 0.1, 0.2, 0.4}
)

// enoughBad is how many bad events make the logarithm of their share about normal.
const enoughBad = 5.0

// blocks are the unmarked hours of a history by days counted back from now, from old
// to new. Where days hold too few bad events, several are one block.
func blocks(h hours, inEpisode []bool) []block {
	bad, total := 0.0, 0.0
	for i, in := range inEpisode {
		if !in {
			bad += h.bad[i]
			total += h.total[i]
		}
	}
	length := 24.0
	if days := h.now / 24; days > 1 {
		per := bad / days
		if per < enoughBad {
			length = 24 * math.Ceil(min(enoughBad/max(per, 1e-9), days))
		}
	}
	n := int(math.Ceil(h.now / length))
	all := make([]block, n)
	for i, in := range inEpisode {
		k := int((h.now - float64(i) - 0.5) / length)
		if k < 0 || k >= n {
			continue
		}
		b := &all[n-1-k]
		b.age = (float64(k) + 0.5) * length / 24
		if !in && h.seen[i] > 0 {
			b.bad += h.bad[i]
			b.total += h.total[i]
			b.days += h.seen[i] / 24
		}
	}
	kept := all[:0]
	for _, b := range all {
		if b.total > 0 {
			b.log = math.Log((b.bad + 0.5) / (b.total + 1))
			kept = append(kept, b)
		}
	}
	return kept
}

// learnBackground filters the blocks with every pair of walk and noise (a local level
// model, Kalman 1960; Harvey 1989).
func learnBackground(all []block, prior *Prior) background {
	bad, total := 0.0, 0.0
	for _, b := range all {
		bad += b.bad
		total += b.total
	}
	if total == 0 {
		return background{}
	}
	start := math.Log((bad + 0.5) / (total + 1))
	var found background
	for i, walk := range walks {
		for k, noise := range noises {
			fit := filter(all, start, walk, noise)
			fit.score += prior.walk[i] + prior.noise[k]
			found.fits = append(found.fits, fit)
		}
	}
	found.fits.weigh()
	return found
}

// filter runs the blocks through one model.
func filter(all []block, start, walk, noise float64) levelFit {
	fit := levelFit{walk: walk, noise: noise, mean: start, sd: 1}
	age := all[0].age
	for _, b := range all {
		fit.wait(age - b.age)
		age = b.age
		// The logarithm of a Poisson count has a variance of about one over its mean. Were
		// it one over the count, blocks with few bad events by chance would count less than
		// those with many, and the background come out too high.
		mean := exp(fit.mean) * b.total
		fit.see(b.log, 1/(mean+0.5)+noise*noise/max(1, b.days), math.Inf(1))
	}
	fit.wait(age)
	return fit
}
