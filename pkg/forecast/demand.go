package forecast

import (
	"fmt"
	"math"
	"time"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// Demand is how many events to expect at any hour: a level that moves slowly, times
// the shape of the days of a week in a time zone. Outages, launches and holidays
// are too few to move it.
type Demand struct {
	location *time.Location
	now      time.Time

	firstDay int       // local day number of the first level
	levels   []float64 // logarithm of events per hour, by local day of the history
	level    float64   // the same at now
	slope    float64   // its change per day at now; it fades

	shape [7][24]float64 // of an hour of a weekday, relative to the level

	noise float64   // standard deviation of the logarithm of a day to come around its level
	days  []float64 // what the noise was on the days of the history
	home  float64   // logarithm of the level that it goes back to

	// Standard deviations of logarithms: of the level now, of its change in a day, of home,
	// and of what a shape does that was not seen whole.
	unsure, walk, homeUnsure, strange float64

	fits levelFits // what level, unsure, walk and homeUnsure are the averages of
}

const (
	otherDays    = 7    // number of days not seen that are as likely as one seen each
	likeBefore   = 0.4  // correlation of the noise of a day and of the day before: how often a day is like it
	slopeFade    = 14.0 // days after which a trend has gone on by as much as it ever will, but for 1/e
	shapeWeeks   = 3.0  // weeks after which a weekday's own shape counts half
	trimmed      = 0.2  // share of days left out at either end of an hour's mean
	minDayHours  = 6    // observed hours that make a day's level
	unknownShape = 0.30 // how far a day's shape may be off that was not seen whole
	unknownWeek  = 0.20 // the same of the week's

	assumedNoise   = 0.15 // standard deviation of a day's logarithm, where it was not seen
	weekdaysDiffer = 0.30 // standard deviation of the logarithms of weekdays
)

// LearnDemand learns demand from what a timeline holds before now. The time zone
// is UTC where it is nil.
func LearnDemand(t *slo.Timeline, now time.Time, location *time.Location) (*Demand, error) {
	if t == nil {
		return nil, fmt.Errorf("demand needs a timeline")
	}
	if location == nil {
		location = time.UTC
	}
	h := hourly(t, now)
	if h.days() == 0 {
		return nil, fmt.Errorf("nothing was observed before %s: there is no demand to learn", now.Format(time.RFC3339))
	}
	return learnDemand(h, newCalendar(h.start, len(h.total), location), now, location), nil
}

// ExpectedDemand is the number of events to expect in [from, to), in the past or in
// the future, with an interval at 80 %, given what a timeline holds before now. In
// the past it is what would have been expected had nothing special happened.
func ExpectedDemand(t *slo.Timeline, now, from, to time.Time, location *time.Location) (events float64, interval Band, err error) {
	d, err := LearnDemand(t, now, location)
	if err != nil {
		return 0, Band{}, err
	}
	events, interval = d.Between(from, to)
	return events, interval, nil
}

// Between is the number of events to expect in [from, to), with an interval at 80 %.
func (d *Demand) Between(from, to time.Time) (events float64, interval Band) {
	for at := slo.Floor(from, time.Hour); at.Before(to); at = at.Add(time.Hour) {
		begin, end := later(at, from), earlier(at.Add(time.Hour), to)
		events += d.rate(at) * end.Sub(begin).Hours()
	}
	begin, end := d.ahead(from), d.ahead(to)
	days := max(to.Sub(from).Hours()/24, 1.0/24)
	left := leftAfter(begin)
	level := d.unsure*d.unsure*left*left + d.walk*d.walk*wandered(left)
	// Of days that are alike, several are worth fewer that are not.
	variance := d.noise*d.noise/max(1, days*(1-likeBefore)/(1+likeBefore)) + level/max(1, days*(1-dayLeft)/(1+dayLeft)) +
		d.homeUnsure*d.homeUnsure + homeWalk*homeWalk*(begin+(end-begin)/3) + d.strange*d.strange
	reach := math.Exp(1.2815515655446004 * math.Sqrt(variance)) // the 90th percentile of the normal distribution
	return events, Band{Low: events / reach, High: events * reach}
}

// ahead is how many days from now an instant is, at least none.
func (d *Demand) ahead(at time.Time) float64 { return max(0, at.Sub(d.now).Hours()/24) }

// rate is the number of events to expect in the hour that starts at an instant.
func (d *Demand) rate(at time.Time) float64 {
	day, hour := local(at, d.location)
	return math.Exp(d.levelOn(day, at)) * d.shape[weekday(day)][hour]
}

// levelOn is the logarithm of the level on a local day.
func (d *Demand) levelOn(day int, at time.Time) float64 {
	if at.Before(d.now) && len(d.levels) > 0 {
		return d.levels[min(max(day-d.firstDay, 0), len(d.levels)-1)]
	}
	if len(d.fits) == 0 {
		return d.level // nothing ever happened
	}
	ahead := d.ahead(at)
	level := d.home + (d.level-d.home)*leftAfter(ahead)
	if d.slope != 0 {
		level += d.slope * slopeFade * (1 - exp(-ahead/slopeFade))
	}
	return level
}

// hourlyAhead is the demand of the hours of a calendar, which begins with the one that
// holds now, as running sums.
func (d *Demand) hourlyAhead(cal calendar) []float64 {
	s := make([]float64, len(cal.day)+1)
	at, level := slo.Floor(d.now, time.Hour), 0.0
	for i, day := range cal.day {
		if i < 2 || i%3 == 0 { // the first hour began before now; of the level, three hours change little
			level = exp(d.levelOn(cal.first+day, at.Add(time.Duration(i)*time.Hour)))
		}
		s[i+1] = s[i] + level*d.shape[cal.weekday(i)][cal.hour[i]]
	}
	return s
}

// learnDemand learns demand from hours of which at least one was observed.
func learnDemand(h hours, cal calendar, now time.Time, location *time.Location) *Demand {
	d := &Demand{location: location, now: now, firstDay: cal.first}
	common := dayShape(h, cal)
	levels := dayLevels(h, cal, common)
	week := weekShape(levels, cal.first)
	d.shape = hourShape(h, cal, common, week, levels)
	plain := d.fitLevel(levels, week, now)
	d.fitNoise(d.totals(h, cal, plain))
	d.strange = ignorance(h.days())
	return d
}

// ignorance is how far demand may be off whose day or week was not seen whole.
func ignorance(days float64) float64 {
	switch {
	case days < 1:
		return unknownShape
	case days < 7:
		return unknownWeek
	}
	return 0
}
