package backtest

import (
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Step is the length of the slots that demand and failures are made in.
const Step = 5 * time.Minute

const (
	slotsPerHour = int(time.Hour / Step)
	slotsPerDay  = 24 * slotsPerHour
)

// Demand is the number of events in every slot from Start on.
type Demand struct {
	Name   string
	Start  time.Time
	Events []float64

	lost []bool // slots that nothing was recorded of; nil where all was
	from int    // the slot from which on forecasts are asked for
}

// Days is the length of the series, in whole days.
func (d Demand) Days() int { return len(d.Events) / slotsPerDay }

// origin is a Saturday, 1 July 1995: the first day of the real demand.
var origin = time.Date(1995, time.July, 1, 4, 0, 0, 0, time.UTC)

// ReadCSV reads events per five minutes, or coarser, from a CSV file, gzipped or not, of
// two columns: seconds since the start, or dates, and events. Slots without a line are empty,
// and so many in a row that nobody can have come for hours were not recorded. Of the
// file's first half only the history is used: it was looked at when demand was modelled.
func ReadCSV(path string) (Demand, error) {
	file, err := os.Open(path)
	if err != nil {
		return Demand{}, err
	}
	defer func() { _ = file.Close() }()
	var text io.Reader = file
	if strings.HasSuffix(path, ".gz") {
		if text, err = gzip.NewReader(file); err != nil {
			return Demand{}, fmt.Errorf("%s: %w", path, err)
		}
	}
	rows, err := csv.NewReader(text).ReadAll()
	if err != nil {
		return Demand{}, fmt.Errorf("%s: %w", path, err)
	}
	d := Demand{Name: filepath.Base(path), Start: origin}
	var seconds, events []float64
	for i, row := range rows {
		at, err1 := second(row[0])
		n, err2 := strconv.ParseFloat(row[len(row)-1], 64)
		if err1 != nil || err2 != nil {
			if i == 0 { // the names of the columns
				continue
			}
			return Demand{}, fmt.Errorf("%s, line %d: %q is not a time and a number of events", path, i+1, strings.Join(row, ","))
		}
		seconds, events = append(seconds, at), append(events, n)
	}
	if err := d.fill(path, seconds, events); err != nil {
		return Demand{}, err
	}
	if d.Days() < 30 {
		return Demand{}, fmt.Errorf("%s holds %d days of demand; a back-test needs at least 30", path, d.Days())
	}
	d.lost = lost(d.Events)
	d.from = len(d.Events) / 2
	return d, nil
}

// second is the time of a row: seconds since the start, or a date and time.
func second(text string) (float64, error) {
	if at, err := time.Parse("2006-01-02 15:04:05", text); err == nil {
		return float64(at.Unix()), nil
	}
	return strconv.ParseFloat(text, 64)
}

// fill spreads the events of each row evenly over the slots up to the next.
func (d *Demand) fill(path string, seconds, events []float64) error {
	if len(seconds) < 2 || seconds[1] <= seconds[0] {
		return fmt.Errorf("%s holds no demand over time: it needs rows of a time and a number of events", path)
	}
	if seconds[0] > 0 { // dates: the start is that of the first row
		d.Start = time.Unix(int64(seconds[0]), 0).UTC()
	}
	width := max(1, int((seconds[1]-seconds[0])/Step.Seconds()))
	if width > slotsPerDay {
		return fmt.Errorf("%s: rows are more than a day apart; a back-test needs the hours of a day", path)
	}
	for i, at := range seconds {
		slot := int((at - seconds[0]) / Step.Seconds())
		if slot < 0 || slot > 10*366*slotsPerDay {
			return fmt.Errorf("%s, row %d: the time is not between that of the first row and ten years later", path, i+1)
		}
		for len(d.Events) < slot+width {
			d.Events = append(d.Events, 0)
		}
		for k := slot; k < slot+width; k++ {
			// Whole events, none lost: the k-th slot gets what the running sum gains.
			of := func(n int) float64 { return math.Round(events[i] * float64(n) / float64(width)) }
			d.Events[k] += of(k-slot+1) - of(k-slot)
		}
	}
	return nil
}

// silence is how long demand has to be without any event to count as lost: a busy
// service whose record is empty for hours was not recorded.
const silence = 6 * slotsPerHour

// lost are the slots of long silences.
func lost(events []float64) []bool {
	lost, begin := make([]bool, len(events)), 0
	for i := 0; i <= len(events); i++ {
		if i < len(events) && events[i] == 0 {
			continue
		}
		if i-begin >= silence {
			for k := begin; k < i; k++ {
				lost[k] = true
			}
		}
		begin = i + 1
	}
	return lost
}

// rhythm is the shape of made-up demand.
type rhythm struct {
	name      string
	perDay    float64
	peak      float64 // hour of the day, UTC
	amplitude float64 // of the day's wave, in (0, 1)
	second    float64 // amplitude of a wave of half a day
	weekend   float64 // factor of Saturday and Sunday
	growth    float64 // per day
	wander    float64 // standard deviation of a day's change of level
	noise     float64 // standard deviation of a day
	holidays  float64 // chance that a day is one
	launches  float64 // chance that a burst begins on a day
}

// make draws demand over some days.
func (r rhythm) make(rng *rand.Rand, days int) Demand {
	d := Demand{Name: r.name, Start: origin.Add(-4 * time.Hour), Events: make([]float64, days*slotsPerDay)}
	level, burst, burstLeft := 0.0, 1.0, 0
	for k := range days {
		level += r.growth + r.wander*rng.NormFloat64()
		today := level + r.noise*rng.NormFloat64()
		switch weekday := d.Start.AddDate(0, 0, k).Weekday(); {
		case weekday == time.Saturday || weekday == time.Sunday:
			today += math.Log(r.weekend)
		case rng.Float64() < r.holidays:
			today += math.Log(0.5 + 0.3*rng.Float64())
		}
		launch := -1
		if rng.Float64() < r.launches {
			launch = rng.IntN(slotsPerDay)
		}
		for i := range slotsPerDay {
			if i == launch {
				burst, burstLeft = 1.5+3*rng.Float64(), slotsPerHour*(1+rng.IntN(10))
			}
			if burstLeft--; burstLeft <= 0 {
				burst = 1
			}
			hour := float64(i)/float64(slotsPerHour) - r.peak
			wave := 1 + r.amplitude*math.Cos(hour*math.Pi/12) + r.second*math.Cos(hour*math.Pi/6)
			mean := r.perDay / float64(slotsPerDay) * math.Exp(today) * max(wave, 0.02) * burst
			d.Events[k*slotsPerDay+i] = poisson(rng, mean*math.Exp(0.1*rng.NormFloat64()))
		}
	}
	return d
}

// TuningDemand is the made-up demand that the forecast was tuned on: an office, a
// shop, and an interface that machines call, each anything from steady to erratic.
func TuningDemand(rng *rand.Rand) Demand {
	shapes := []rhythm{
		{name: "office", peak: 14, amplitude: 0.8, second: 0.1, weekend: 0.4, wander: 0.01, noise: 0.06, holidays: 0.02},
		{name: "shop", peak: 19, amplitude: 0.6, second: 0.15, weekend: 1.3, growth: 0.004, wander: 0.02, noise: 0.1, launches: 0.04},
		{name: "interface", peak: 3, amplitude: 0.15, weekend: 0.95, wander: 0.015, noise: 0.04},
	}
	r := shapes[rng.IntN(len(shapes))]
	r.perDay = math.Pow(10, 2.7+3*rng.Float64())
	r.noise *= between(rng, 0.5, 4)
	r.wander *= between(rng, 0.5, 4)
	r.launches += 0.1 * rng.Float64() * rng.Float64()
	return r.make(rng, 90)
}

// HoldOutDemand is made-up demand of other shapes: a game and a newspaper.
func HoldOutDemand(rng *rand.Rand) Demand {
	shapes := []rhythm{
		{name: "game", peak: 21, amplitude: 0.7, second: -0.1, weekend: 1.6, growth: -0.005, wander: 0.03, noise: 0.08, launches: 0.02},
		{name: "newspaper", peak: 8, amplitude: 0.5, second: 0.3, weekend: 0.7, wander: 0.02, noise: 0.15, holidays: 0.03, launches: 0.08},
	}
	r := shapes[rng.IntN(len(shapes))]
	r.perDay = math.Pow(10, 3.5+2.5*rng.Float64())
	return r.make(rng, 80)
}

// poisson draws a number of events from their mean.
func poisson(rng *rand.Rand, mean float64) float64 {
	if mean > 30 {
		return max(0, math.Round(mean+math.Sqrt(mean)*rng.NormFloat64()))
	}
	limit, product, n := math.Exp(-mean), rng.Float64(), 0.0
	for product > limit {
		product *= rng.Float64()
		n++
	}
	return n
}

// binomial draws how many of a number of events fail.
func binomial(rng *rand.Rand, events, share float64) float64 {
	switch {
	case share <= 0 || events <= 0:
		return 0
	case share < 0.05:
		return min(events, poisson(rng, events*share))
	case events > 50:
		return min(events, max(0, math.Round(events*share+math.Sqrt(events*share*(1-share))*rng.NormFloat64())))
	}
	n := 0.0
	for range int(events) {
		if rng.Float64() < share {
			n++
		}
	}
	return n
}
