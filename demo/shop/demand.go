package shop

import (
	"math"
	"math/rand/v2"
	"time"
)

// demand is how many customers come, the same for every service but for scale.
type demand struct {
	seed      uint64
	end       minute
	incidents []incident
}

// rhythmOfDay is demand by hour (UTC), as a share of the busiest one. Its mean is one half.
var rhythmOfDay = [24]float64{
	0.18, 0.12, 0.09, 0.08, 0.08, 0.10, 0.16, 0.28, 0.42, 0.54, 0.62, 0.66,
	0.70, 0.68, 0.64, 0.64, 0.68, 0.76, 0.90, 1.00, 0.98, 0.82, 0.56, 0.32,
}

// rhythmOfWeek has a mean of one.
var rhythmOfWeek = [7]float64{
	time.Sunday: 1.10, time.Monday: 1.03, time.Tuesday: 0.98, time.Wednesday: 0.96,
	time.Thursday: 0.97, time.Friday: 0.95, time.Saturday: 1.01,
}

const (
	growthPerDay = 0.001 // share of the demand at the end
	hourlyNoise  = 0.05  // standard deviation of the hours' own factors
)

// customers are how many come at a minute, as a share of the busiest hour of an
// average day at the end: arriving when all is well, staying despite outages.
func (d demand) customers(m minute) (arriving, staying float64) {
	growth := 1 + growthPerDay*float64(m-d.end)/float64(day)
	arriving = rhythm(m) * growth * d.noise(m)
	staying = arriving
	for _, i := range d.incidents {
		staying *= i.present(m)
	}
	return arriving, staying
}

func rhythm(m minute) float64 {
	return between(m.hourOfDay(), func(h int) float64 { return rhythmOfDay[h%24] }) *
		rhythmOfWeek[m.time().Weekday()]
}

// noise wanders from hour to hour; it is a function of the hour alone, so that
// all services feel the same weather.
func (d demand) noise(m minute) float64 {
	h := float64(m) / float64(hour)
	return math.Exp(hourlyNoise * between(h, func(h int) float64 {
		return rand.New(rand.NewPCG(d.seed, uint64(h))).NormFloat64()
	}))
}

// between draws a straight line from one whole hour's value to the next one's.
func between(hour float64, value func(int) float64) float64 {
	whole := math.Floor(hour)
	rest := hour - whole
	return value(int(whole))*(1-rest) + value(int(whole)+1)*rest
}
