package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

func at(t *testing.T, text string) time.Time {
	t.Helper()
	instant, err := time.Parse(time.RFC3339, text)
	require.NoError(t, err)
	return instant.UTC()
}

func TestCorrectionsOfAnSLO(t *testing.T) {
	all := example(t, "correction")["banking-works"].Corrections
	require.Len(t, all, 3)
	require.Equal(t, "broken-probe", all[0].Name)
	require.Equal(t, slo.CountGood, all[0].Effect)
	require.Equal(t, "The load balancer reported answers as errors.", all[0].Reason)
	require.Equal(t, "J. Weber", all[0].Author)
	require.Equal(t, "FREQ=WEEKLY;BYDAY=SU", all[1].Recurrence.Rule)
	require.Equal(t, "Europe/Berlin", all[1].Recurrence.Start.Location().String())
	require.Equal(t, 2*time.Hour, all[1].Recurrence.Length)
	require.Equal(t, slo.Exclude, all[1].Effect)
	require.Equal(t, "max(banking_maintenance) == 1", all[2].Mask)
	require.Empty(t, all[2].Between(at(t, "2026-01-01T00:00:00Z"), at(t, "2027-01-01T00:00:00Z")))
}

func TestOneOffCorrection(t *testing.T) {
	c := example(t, "correction")["banking-works"].Corrections[0]
	want := []slo.Correction{{
		Name: "broken-probe", From: at(t, "2026-03-03T08:00:00Z"), To: at(t, "2026-03-03T10:30:00Z"), Effect: slo.CountGood,
		Reason: "The load balancer reported answers as errors.", Author: "J. Weber",
	}}
	check := func(from, to string, want []slo.Correction) {
		t.Helper()
		got := c.Between(at(t, from), at(t, to))
		for i := range got {
			got[i].From, got[i].To = got[i].From.UTC(), got[i].To.UTC()
		}
		require.Equal(t, want, got)
	}
	check("2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z", want)
	check("2026-03-03T10:00:00Z", "2026-03-03T10:10:00Z", want) // whole, also for a part of it
	check("2026-03-03T10:30:00Z", "2026-03-04T00:00:00Z", nil)  // half-open at its end
	check("2026-03-01T00:00:00Z", "2026-03-03T08:00:00Z", nil)  // and at that of the question
}

// starts are when the occurrences between two instants begin.
func starts(t *testing.T, c Correction, from, to string) (all []string) {
	t.Helper()
	for _, o := range c.Between(at(t, from), at(t, to)) {
		all = append(all, o.From.Format(time.RFC3339))
		require.Equal(t, c.Recurrence.Length, o.To.Sub(o.From))
	}
	return all
}

func TestRecurringCorrectionKeepsItsLocalTime(t *testing.T) {
	c := example(t, "correction")["banking-works"].Corrections[1]
	// Two o'clock in Berlin is 01:00 UTC in winter and 00:00 in summer. On 29 March 2026
	// the clocks go from 2 to 3: what is at two o'clock then begins at three, 01:00 UTC.
	require.Equal(t, []string{"2026-03-22T01:00:00Z", "2026-03-29T01:00:00Z", "2026-04-05T00:00:00Z"},
		starts(t, c, "2026-03-20T00:00:00Z", "2026-04-06T00:00:00Z"))
	// On 25 October they go back from 3 to 2, and it is two o'clock twice: the first counts.
	require.Equal(t, []string{"2026-10-18T00:00:00Z", "2026-10-25T00:00:00Z", "2026-11-01T01:00:00Z"},
		starts(t, c, "2026-10-12T00:00:00Z", "2026-11-02T00:00:00Z"))
}

func TestRecurringCorrectionThatIsUnderWay(t *testing.T) {
	c := example(t, "correction")["banking-works"].Corrections[1]
	require.Equal(t, []string{"2026-01-04T01:00:00Z"}, starts(t, c, "2026-01-04T02:59:00Z", "2026-01-05T00:00:00Z"))
	require.Empty(t, starts(t, c, "2026-01-04T03:00:00Z", "2026-01-05T00:00:00Z"))
	require.Empty(t, starts(t, c, "2025-01-01T00:00:00Z", "2026-01-04T01:00:00Z"), "nothing before the first one")
}

func TestRules(t *testing.T) {
	rule := func(rule string) Correction {
		t.Helper()
		text := change(t, kind(t, "correction"), "rrule: FREQ=WEEKLY;BYDAY=SU", "rrule: "+rule)
		return defined(t, text)["banking-works"].Corrections[1]
	}
	// The last Friday of a month, from 4 January: 30 January, 27 February, 27 March.
	require.Equal(t, []string{"2026-01-30T01:00:00Z", "2026-02-27T01:00:00Z", "2026-03-27T01:00:00Z"},
		starts(t, rule("FREQ=MONTHLY;BYDAY=-1FR"), "2026-01-01T00:00:00Z", "2026-04-01T00:00:00Z"))
	require.Equal(t, []string{"2026-01-04T01:00:00Z", "2026-01-05T01:00:00Z"},
		starts(t, rule("RRULE:FREQ=DAILY;COUNT=2"), "2026-01-01T00:00:00Z", "2026-04-01T00:00:00Z"))
	require.Equal(t, []string{"2026-01-04T01:00:00Z", "2026-01-11T01:00:00Z"},
		starts(t, rule("FREQ=WEEKLY;UNTIL=20260117T235959Z"), "2026-01-01T00:00:00Z", "2026-04-01T00:00:00Z"))
	require.Empty(t, starts(t, rule("FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30"), "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"), "30 February")
}

func TestOccurrencesAreBounded(t *testing.T) {
	text := change(t, kind(t, "correction"), "rrule: FREQ=WEEKLY;BYDAY=SU", "rrule: FREQ=HOURLY")
	c := defined(t, text)["banking-works"].Corrections[1]
	require.Len(t, c.Between(at(t, "2026-01-01T00:00:00Z"), at(t, "2100-01-01T00:00:00Z")), maxOccurrences)
}

func TestWhatIsWrongWithACorrection(t *testing.T) {
	runChangesOf(t, kind(t, "correction"), []oneChange{
		{
			name: "no time", old: "  mask: max(banking_maintenance) == 1\n", new: "", at: "spec:\n  select:\n    service: [banking]\n  effect", path: "spec",
			message: "no time is given; expected from and to, or rrule with start and duration, or mask",
		},
		{
			name: "two forms of time", old: "  mask: max", new: "  from: 2026-03-03T09:00:00Z\n  mask: max", at: "spec:\n  select:\n    service: [banking]\n  from", path: "spec",
			message: "several forms of time are given; expected from and to, or rrule with start and duration, or mask",
		},
		{
			name: "no end", old: "  to: 2026-03-03T11:30:00+01:00\n", new: "", at: "spec:\n  select:\n    slo: [banking-works]\n  from", path: "spec.to",
			message: "to is missing; expected a time such as 2026-11-27T18:00:00Z",
		},
		{
			name: "end before the start", old: "to: 2026-03-03T11:30", new: "to: 2026-03-03T08:30", at: "to: 2026", path: "spec.to",
			message: "to is not after from; expected a later time",
		},
		{
			name: "local time without a zone", old: "from: 2026-03-03T09:00:00+01:00", new: "from: 2026-03-03 09:00", at: "from: 2026", path: "spec.from",
			message: `from is "2026-03-03 09:00", which does not say in which time zone; expected an offset as in 2026-11-27T18:00:00+01:00, or a timeZone beside it`,
		},
		{
			name: "time that is none", old: "from: 2026-03-03T09:00:00+01:00", new: "from: Tuesday", at: "from: Tuesday", path: "spec.from",
			message: `from is "Tuesday"; expected a time such as 2026-11-27T18:00:00Z`,
		},
		{
			name: "time that nobody has data of", old: "from: 2026-03-03T09:00:00+01:00", new: "from: 0001-03-03T09:00:00Z", at: "from: 0001", path: "spec.from",
			message: `from is "0001-03-03T09:00:00Z"; expected a time between the years 1970 and 2200`,
		},
		{
			name: "rule that is none", old: "FREQ=WEEKLY;BYDAY=SU", new: "every Sunday", at: "rrule", path: "spec.rrule",
			message: `rrule is "every Sunday" and cannot be read (wrong format); expected a rule such as FREQ=WEEKLY;BYDAY=SU`,
		},
		{
			name: "number of a rule in words", old: "FREQ=WEEKLY;BYDAY=SU", new: "FREQ=WEEKLY;COUNT=many", at: "rrule", path: "spec.rrule",
			message: `rrule is "FREQ=WEEKLY;COUNT=many" and cannot be read ("many" is no number); expected a rule such as FREQ=WEEKLY;BYDAY=SU`,
		},
		{
			name: "month that is none", old: "FREQ=WEEKLY;BYDAY=SU", new: "FREQ=YEARLY;BYMONTH=13", at: "rrule", path: "spec.rrule",
			message: `rrule is "FREQ=YEARLY;BYMONTH=13" and cannot be read (bymonth must be between 1 and 12); expected a rule such as FREQ=WEEKLY;BYDAY=SU`,
		},
		{
			name: "rule that goes by the minute", old: "FREQ=WEEKLY;BYDAY=SU", new: "FREQ=MINUTELY", at: "rrule", path: "spec.rrule",
			message: `rrule is "FREQ=MINUTELY"; expected a frequency of HOURLY, DAILY, WEEKLY, MONTHLY or YEARLY`,
		},
		{
			name: "rule with a start of its own", old: "FREQ=WEEKLY;BYDAY=SU", new: "FREQ=WEEKLY;DTSTART=20260101T000000Z", at: "rrule", path: "spec.rrule",
			message: "rrule says when it starts; expected that in start alone",
		},
		{
			name: "no rule", old: "  rrule: FREQ=WEEKLY;BYDAY=SU\n", new: "", at: "spec:\n  select:\n    service: [banking]\n  start", path: "spec.rrule",
			message: "rrule is missing; expected a rule such as FREQ=WEEKLY;BYDAY=SU",
		},
		{
			name: "no start", old: "  start: 2026-01-04 02:00 # the first one, local time\n", new: "", at: "spec:\n  select:\n    service: [banking]\n  rrule", path: "spec.start",
			message: "start is missing; expected a time such as 2026-11-27T18:00:00Z",
		},
		{
			name: "no duration", old: "  duration: 2h\n", new: "", at: "spec:\n  select:\n    service: [banking]\n  rrule", path: "spec.duration",
			message: "duration is missing; expected how long it lasts, such as 10m",
		},
		{
			name: "duration that is none", old: "duration: 2h", new: "duration: 2 hours", at: "duration: 2 hours", path: "spec.duration",
			message: `duration is "2 hours"; expected a duration such as 10m, 1h30m or 2d`,
		},
		{
			name: "no time zone", old: "  timeZone: Europe/Berlin\n", new: "", at: "spec:\n  select:\n    service: [banking]\n  rrule", path: "spec.timeZone",
			message: "timeZone is missing; expected the time zone of start, such as Europe/Berlin",
		},
		{
			name: "time zone that is none", old: "timeZone: Europe/Berlin", new: "timeZone: CEST", at: "timeZone:", path: "spec.timeZone",
			message: `timeZone is "CEST", which is no time zone; expected a name such as Europe/Berlin or UTC`,
		},
		{
			name: "mask that does not parse", old: "mask: max(banking_maintenance) == 1", new: "mask: max(banking_maintenance == 1", at: "mask:", path: "spec.mask",
			message: "mask is not valid PromQL: unclosed left parenthesis",
		},
		{
			name: "effect that is none", old: "effect: count-as-good #", new: "effect: count-good #", at: "effect: count-good", path: "spec.effect",
			message: `effect is "count-good" (did you mean "count-as-good"?); expected exclude or count-as-good`,
		},
		{
			name: "no effect", old: "  effect: count-as-good # the requests count, and none of them as bad\n", new: "", at: "spec:\n  select:\n    slo: [banking-works]\n  from", path: "spec.effect",
			message: "effect is missing; expected exclude or count-as-good",
		},
		{
			name: "no reason", old: "  reason: The load balancer reported answers as errors.\n", new: "", at: "spec:\n  select:\n    slo: [banking-works]\n  from", path: "spec.reason",
			message: "reason is missing; expected why this time counts otherwise",
		},
		{
			name: "no author", old: "  author: J. Weber\n", new: "", at: "spec:\n  select:\n    slo: [banking-works]\n  from", path: "spec.author",
			message: "author is missing; expected who says so",
		},
		{
			name: "no select", old: "  select:\n    slo: [banking-works]\n", new: "", at: "spec:\n  from", path: "spec.select",
			message: "select is missing or empty; expected which SLOs this Correction is about, by slo, service or labels",
		},
		{
			name: "unknown field", old: "  author: J. Weber\n", new: "  author: J. Weber\n  auther: me\n", at: "auther", path: "spec.auther",
			message: `spec has no field "auther" (did you mean "author"?); expected select, from, to, rrule, start, duration, timeZone, mask, effect, reason or author`,
		},
	})
}
