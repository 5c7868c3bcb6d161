package catalog

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/teambition/rrule-go"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// Correction says that some time counts otherwise than it was measured: once, again and
// again, or whenever a query says so. Exactly one of Interval, Recurrence and Mask is
// given.
type Correction struct {
	Name           string
	Interval       *slo.Interval
	Recurrence     *Recurrence
	Mask           string // PromQL; corrected is when any series has another value than 0
	Effect         slo.Effect
	Reason, Author string // never empty
	Place          Place
}

// Recurrence is a time that comes round, by the rules of calendars (RFC 5545).
type Recurrence struct {
	Rule  string    // such as FREQ=WEEKLY;BYDAY=SU
	Start time.Time // of the first occurrence, in the time zone that the rule reckons in
	// Length is how long each occurrence lasts, above 0.
	Length time.Duration
}

// maxOccurrences of one recurrence in one question: 27 years of days.
const maxOccurrences = 10_000

// Between are the occurrences that overlap [from, to), in order of time, each as long
// as it is. There are none for a mask: a query has to say.
func (c Correction) Between(from, to time.Time) []slo.Correction {
	var all []slo.Correction
	add := func(i slo.Interval) {
		if i.From.Before(to) && i.To.After(from) && len(all) < maxOccurrences {
			all = append(all, slo.Correction{Name: c.Name, From: i.From, To: i.To, Effect: c.Effect, Reason: c.Reason, Author: c.Author})
		}
	}
	switch {
	case c.Interval != nil:
		add(*c.Interval)
	case c.Recurrence != nil:
		for _, i := range c.Recurrence.between(from, to) {
			add(i)
		}
	}
	return all
}

// between are the occurrences that begin before to and end after from.
func (r Recurrence) between(from, to time.Time) []slo.Interval {
	rule, err := r.rule(to)
	if err != nil {
		return nil // refused when it was read
	}
	var all []slo.Interval
	next := rule.Iterator()
	for len(all) < maxOccurrences {
		start, ok := next()
		if !ok || !start.Before(to) {
			break
		}
		start = firstOf(start)
		if end := start.Add(r.Length); end.After(from) {
			all = append(all, slo.Interval{From: start.UTC(), To: end.UTC()})
		}
	}
	return all
}

// rule is the parsed rule. It ends at an instant, so that even one that never occurs,
// such as 30 February, comes to an end.
func (r Recurrence) rule(until time.Time) (*rrule.RRule, error) {
	option, err := rrule.StrToROptionInLocation(strings.TrimPrefix(r.Rule, "RRULE:"), r.Start.Location())
	if err != nil {
		return nil, err
	}
	option.Dtstart = r.Start
	if option.Until.IsZero() || option.Until.After(until) {
		option.Until = until
	}
	return rrule.NewRRule(*option)
}

type correctionDocument struct {
	header
	Spec struct {
		Select   selection `json:"select"`
		From     string    `json:"from"`
		To       string    `json:"to"`
		RRule    string    `json:"rrule"`
		Start    string    `json:"start"`
		Duration string    `json:"duration"`
		TimeZone string    `json:"timeZone"`
		Mask     string    `json:"mask"`
		Effect   string    `json:"effect"`
		Reason   string    `json:"reason"`
		Author   string    `json:"author"`
	} `json:"spec"`
}

// effects are what a correction does with the time that it is about.
var effects = []string{string(slo.Exclude), string(slo.CountGood)}

// correctionForms are the members of each of the three forms.
var correctionForms = [][]string{{"from", "to"}, {"rrule", "start", "duration"}, {"mask"}}

func (d *document) correction(doc correctionDocument) Correction {
	spec := doc.Spec
	d.oneOf("spec.effect", spec.Effect, effects)
	c := Correction{
		Name:   d.name,
		Effect: slo.Effect(spec.Effect),
		Reason: d.required("spec.reason", spec.Reason, "why this time counts otherwise"),
		Author: d.required("spec.author", spec.Author, "who says so"),
		Place:  d.place,
	}
	zone := d.optionalZone("spec.timeZone", spec.TimeZone)
	switch form := d.form(); form {
	case "from":
		interval := d.interval("spec", "from", "to", [2]string{spec.From, spec.To}, zone)
		c.Interval = &interval
	case "rrule":
		c.Recurrence = d.recurrence(spec.RRule, spec.Start, spec.Duration, zone)
	case "mask":
		c.Mask = d.requiredPromQL("spec.mask", spec.Mask, "when time is corrected")
	}
	return c
}

// form is the first member of the one form that a correction has; empty, and a problem,
// where it has none or several.
func (d *document) form() string {
	var found []string
	for _, members := range correctionForms {
		for _, name := range members {
			if n, _ := d.find(dot("spec", name)); !isNull(n) {
				found = append(found, members[0])
				break
			}
		}
	}
	if len(found) == 1 {
		return found[0]
	}
	what := "no time is given"
	if len(found) > 1 {
		what = "several forms of time are given"
	}
	d.fail("spec", "%s; expected from and to, or rrule with start and duration, or mask", what)
	return ""
}

func (d *document) recurrence(rule, start, length string, zone *time.Location) *Recurrence {
	if zone == nil {
		d.fail("spec.timeZone", "timeZone is missing; expected the time zone of start, such as Europe/Berlin")
		return nil
	}
	first, ok := d.moment("spec.start", start, zone)
	r := &Recurrence{
		Rule:   d.required("spec.rrule", rule, "a rule such as FREQ=WEEKLY;BYDAY=SU"),
		Start:  first.In(zone),
		Length: d.requiredLength("spec.duration", length, "how long it lasts"),
	}
	if !ok || r.Rule == "" {
		return r
	}
	if strings.Contains(r.Rule, "DTSTART") || strings.ContainsAny(r.Rule, "\n\r") {
		d.fail("spec.rrule", "rrule says when it starts; expected that in start alone")
		return r
	}
	parsed, err := r.rule(first)
	switch {
	case err != nil:
		d.fail("spec.rrule", "rrule is %s and cannot be read (%s); expected a rule such as FREQ=WEEKLY;BYDAY=SU", quote(rule), whyNoRule(err))
	case parsed.OrigOptions.Freq > rrule.HOURLY:
		d.fail("spec.rrule", "rrule is %s; expected a frequency of HOURLY, DAILY, WEEKLY, MONTHLY or YEARLY", quote(rule))
	default:
		err := guard(func() error { r.between(first, first.AddDate(1, 0, 0)); return nil })
		if err != nil {
			d.fail("spec.rrule", "rrule is %s and cannot be reckoned with; expected a rule such as FREQ=WEEKLY;BYDAY=SU", quote(rule))
		}
	}
	return r
}

// whyNoRule is what is wrong with a rule, without the names of Go's functions.
func whyNoRule(err error) string {
	if number := new(strconv.NumError); errors.As(err, &number) {
		return quote(number.Num) + " is no number"
	}
	return oneLine(err.Error())
}
