package backtest

import (
	"math"
	"math/rand/v2"
	"time"
)

// process says how a service fails: the share of events that fail in every slot,
// and the share of demand that arrives at all.
type process struct {
	fails   []float64
	arrives []float64 // nil where all does

	usual float64 // the share of failures over the long run that its parameters mean
}

// Family makes failure processes of one kind.
type Family struct {
	Name string
	make func(rng *rand.Rand, start time.Time, slots int) process
}

// TuningFamilies are those that the forecast was tuned on.
var TuningFamilies = []Family{
	{"episodes", episodes},
	{"drift", drift},
	{"flapping", flapping},
	{"regressions", regressions},
	{"aftershocks", aftershocks},
}

// HoldOutFamilies are those that the verdict is on.
var HoldOutFamilies = []Family{
	{"deploys", deploys},
	{"rare outages", rareOutages},
	{"traffic loss", trafficLoss},
	{"storms", storms},
}

// newProcess is one with a constant background.
func newProcess(slots int, background float64) process {
	p := process{fails: make([]float64, slots), usual: background}
	for i := range p.fails {
		p.fails[i] = background
	}
	return p
}

// between draws evenly in orders of magnitude.
func between(rng *rand.Rand, low, high float64) float64 {
	return low * math.Pow(high/low, rng.Float64())
}

// beta draws from the beta distribution with the given mean and concentration.
func beta(rng *rand.Rand, mean, concentration float64) float64 {
	a, b := gamma(rng, mean*concentration), gamma(rng, (1-mean)*concentration)
	if a+b == 0 {
		return mean
	}
	return a / (a + b)
}

// gamma draws from the gamma distribution of rate 1 (Ahrens and Dieter for shapes
// below 1, sums and that for others: slow and plain).
func gamma(rng *rand.Rand, shape float64) float64 {
	sum := 0.0
	for ; shape >= 1; shape-- {
		sum += rng.ExpFloat64()
	}
	if shape <= 1e-6 {
		return sum
	}
	for {
		p := (1 + shape/math.E) * rng.Float64()
		if p <= 1 {
			if x := math.Pow(p, 1/shape); rng.ExpFloat64() >= x {
				return sum + x
			}
		} else if x := -math.Log((1 + shape/math.E - p) / shape); rng.ExpFloat64() >= (1-shape)*math.Log(x) {
			return sum + x
		}
	}
}

// lengths are those of episodes, log-normal, in slots.
type lengths struct{ hours, spread float64 } // median; standard deviation of the logarithm

func (l lengths) draw(rng *rand.Rand) float64 {
	return l.hours * math.Exp(l.spread*rng.NormFloat64()) * float64(slotsPerHour)
}

// mean is the mean length in days.
func (l lengths) mean() float64 { return l.hours * math.Exp(l.spread*l.spread/2) / 24 }

// raise makes a share of events fail from a slot on, beside those that do anyway.
func (p process) raise(from, length, share float64) {
	for i := max(0, int(from)); i < min(len(p.fails), int(from+max(length, 1))); i++ {
		p.fails[i] = max(p.fails[i], share)
	}
}

// scatter starts episodes at a rate per day.
func (p *process) scatter(rng *rand.Rand, perDay float64, l lengths, severity, concentration float64) {
	for at := 0.0; ; {
		at += rng.ExpFloat64() / perDay * float64(slotsPerDay)
		if at >= float64(len(p.fails)) {
			break
		}
		p.raise(at, l.draw(rng), beta(rng, severity, concentration))
	}
	p.usual += perDay * l.mean() * severity
}

// episodes come at random, of any length and severity.
func episodes(rng *rand.Rand, _ time.Time, slots int) process {
	p := newProcess(slots, between(rng, 1e-4, 3e-3))
	p.scatter(rng, between(rng, 0.04, 0.6), lengths{between(rng, 0.3, 3), 0.6 + 0.6*rng.Float64()}, between(rng, 0.02, 0.5), 3)
	return p
}

// drift is a background that wanders from day to day, is put right now and then,
// and hardly ever has an episode.
func drift(rng *rand.Rand, _ time.Time, slots int) process {
	usual := between(rng, 3e-4, 1e-2)
	p := newProcess(slots, usual)
	walk, noise, fixes := between(rng, 0.03, 0.15), between(rng, 0.03, 0.3), 0.02
	level := 0.0
	for i := range p.fails {
		if i%slotsPerDay == 0 {
			level += walk*rng.NormFloat64() - 0.01*level
			if rng.Float64() < fixes {
				level = 0
			}
		}
		if i%(slotsPerDay/4) == 0 {
			today := math.Exp(level + noise*rng.NormFloat64())
			for k := i; k < min(i+slotsPerDay/4, slots); k++ {
				p.fails[k] = min(1, usual*today)
			}
		}
	}
	p.scatter(rng, 0.03, lengths{1, 0.7}, between(rng, 0.02, 0.2), 4)
	return p
}

// flapping is a job of a weekday's hours that often goes wrong, and flaps when it
// does; and weeks in which it always does.
func flapping(rng *rand.Rand, start time.Time, slots int) process {
	p := newProcess(slots, between(rng, 1e-4, 2e-3))
	day, hour, hours := rng.IntN(7), rng.IntN(22), 2+rng.IntN(5)
	severity, often := between(rng, 0.02, 0.4), 0.4+0.5*rng.Float64()
	for i := 0; i < slots; i += slotsPerHour {
		at := start.Add(time.Duration(i) * Step)
		if int(at.Weekday()) != day || at.Hour() != hour || rng.Float64() > often {
			continue
		}
		for k := range hours * slotsPerHour {
			if rng.Float64() < 0.4 {
				p.raise(float64(i+k), 1, beta(rng, severity, 4))
			}
		}
	}
	p.usual += often * float64(hours) / 168 * 0.4 * severity
	p.scatter(rng, between(rng, 0.02, 0.1), lengths{0.7, 0.8}, between(rng, 0.02, 0.4), 3)
	return p
}

// regressions are releases that make a few more events fail, until days later
// somebody mends them.
func regressions(rng *rand.Rand, _ time.Time, slots int) process {
	p := newProcess(slots, between(rng, 2e-4, 3e-3))
	background := p.usual
	perDay, factor := between(rng, 0.03, 0.15), between(rng, 3, 15)
	p.scatter(rng, perDay, lengths{between(rng, 12, 60), 0.7}, min(0.5, background*factor), 30)
	p.scatter(rng, 0.05, lengths{0.7, 0.8}, between(rng, 0.02, 0.4), 3)
	return p
}

// aftershocks are episodes that come back hours after they seemed to be mended.
func aftershocks(rng *rand.Rand, _ time.Time, slots int) process {
	p := newProcess(slots, between(rng, 1e-4, 2e-3))
	perDay, again := between(rng, 0.03, 0.2), 0.2+0.5*rng.Float64()
	l, severity, delay := lengths{between(rng, 0.3, 2), 0.7}, between(rng, 0.02, 0.4), between(rng, 3, 24)
	for at := 0.0; at < float64(slots); {
		at += rng.ExpFloat64() / perDay * float64(slotsPerDay)
		for more := true; more; more = rng.Float64() < again {
			length := l.draw(rng)
			p.raise(at, length, beta(rng, severity, 3))
			at += length + rng.ExpFloat64()*delay*float64(slotsPerHour)
		}
	}
	p.usual += perDay / (1 - again) * l.mean() * severity
	return p
}

// deploys happen on working days; some go wrong and are rolled back, and each
// changes the background a little.
func deploys(rng *rand.Rand, start time.Time, slots int) process {
	usual := between(rng, 1e-4, 2e-3)
	p := newProcess(slots, usual)
	perDay, wrong := 0.2+0.8*rng.Float64(), between(rng, 0.05, 0.4)
	l, severity := lengths{between(rng, 0.3, 1.5), 0.8}, between(rng, 0.05, 0.4)
	background := usual
	for i := range p.fails {
		p.fails[i] = max(p.fails[i], background)
		at := start.Add(time.Duration(i) * Step)
		working := at.Weekday() != time.Saturday && at.Weekday() != time.Sunday && at.Hour() >= 8 && at.Hour() < 17
		if !working || rng.Float64() > perDay/float64(9*slotsPerHour) {
			continue
		}
		background = usual * math.Exp(0.3*rng.NormFloat64())
		if rng.Float64() < wrong {
			p.raise(float64(i), l.draw(rng), beta(rng, severity, 3))
		}
	}
	p.usual += perDay * 5 / 7 * wrong * l.mean() * severity
	return p
}

// rareOutages are few, long and severe, in a service that is else quiet.
func rareOutages(rng *rand.Rand, _ time.Time, slots int) process {
	p := newProcess(slots, between(rng, 5e-5, 1e-3))
	p.scatter(rng, 1/between(rng, 15, 60), lengths{between(rng, 1, 4), 0.7}, between(rng, 0.2, 0.8), 4)
	p.scatter(rng, between(rng, 0.03, 0.2), lengths{0.4, 0.6}, between(rng, 0.01, 0.1), 4)
	return p
}

// trafficLoss is episodes that keep users away: the worse the failures, the fewer
// come, and for an hour after it more than usual.
func trafficLoss(rng *rand.Rand, start time.Time, slots int) process {
	p := episodes(rng, start, slots)
	p.arrives = make([]float64, slots)
	loss, back := 0.5+0.5*rng.Float64(), 0
	for i, share := range p.fails {
		p.arrives[i] = 1
		switch {
		case share > 0.02:
			p.arrives[i], back = 1-loss*share, slotsPerHour
		case back > 0:
			p.arrives[i] = 1.2
			back--
		}
	}
	return p
}

// storms are days in which episodes come often, between weeks in which they hardly
// ever do.
func storms(rng *rand.Rand, _ time.Time, slots int) process {
	p := newProcess(slots, between(rng, 1e-4, 2e-3))
	calm, stormy := between(rng, 6, 25), between(rng, 1, 5) // mean days
	quiet, often := between(rng, 0.01, 0.08), between(rng, 1, 5)
	l, severity := lengths{between(rng, 0.3, 2), 0.8}, between(rng, 0.02, 0.3)
	storm, at := rng.Float64() < stormy/(calm+stormy), 0.0
	for at < float64(slots) {
		days, rate := calm, quiet
		if storm {
			days, rate = stormy, often
		}
		end := at + rng.ExpFloat64()*days*float64(slotsPerDay)
		for {
			at += rng.ExpFloat64() / rate * float64(slotsPerDay)
			if at >= min(end, float64(slots)) {
				break
			}
			p.raise(at, l.draw(rng), beta(rng, severity, 3))
		}
		at, storm = end, !storm
	}
	p.usual += (quiet*calm + often*stormy) / (calm + stormy) * l.mean() * severity
	return p
}
