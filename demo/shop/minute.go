package shop

import "time"

// minute is a whole minute since 1970, in UTC: the grid on which events happen.
type minute int64

const (
	hour minute = 60
	day  minute = 24 * hour
)

func minuteOf(t time.Time) minute   { return minute(t.Unix() / 60) }
func (m minute) time() time.Time    { return time.Unix(int64(m)*60, 0).UTC() }
func (m minute) millis() int64      { return int64(m) * 60_000 }
func (m minute) midnight() minute   { return m - m%day }
func (m minute) hourOfDay() float64 { return float64(m%day) / float64(hour) }

// clock is the instant hours after the midnight that lies daysAgo before m.
func (m minute) clock(daysAgo int, hours float64) minute {
	return m.midnight() - minute(daysAgo)*day + minute(hours*float64(hour))
}
