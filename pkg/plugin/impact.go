package plugin

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/impact"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// needsStakes reports whether the answer is about all that is at stake.
func (q question) needsStakes() bool {
	return q.queryType == typeScorecard || q.queryType == typeStatement ||
		q.queryType == typeImpact && q.format == formatTable
}

// needsCustomers reports whether the answer depends on who was hurt.
func (q question) needsCustomers() bool {
	return q.needsStakes() || slices.ContainsFunc(q.measures, func(m measure) bool { return m.Customers })
}

// needsMissing reports whether the answer depends on who stayed away.
func (q question) needsMissing() bool {
	return q.needsStakes() || slices.ContainsFunc(q.measures, func(m measure) bool { return m.Name == "loss_missing_demand" })
}

// needsSlow reports whether the answer depends on how long customers waited.
func (q question) needsSlow() bool {
	return q.queryType == typeImpact && q.format == formatTable || slices.ContainsFunc(q.measures, func(m measure) bool { return m.Name == "loss_slow" })
}

// needsMinutes reports whether the answer depends on the time that customers lost.
func (q question) needsMinutes() bool {
	return q.queryType == typeImpact || slices.ContainsFunc(q.measures, func(m measure) bool { return m.Name == "customer_minutes" })
}

// byStep reports a question about each step of the time range, without any window.
func (q question) byStep() bool { return q.queryType == typeImpact && q.format == formatSeries }

// costs are what else is at stake for a group at an instant. What is not known is nil.
type costs struct {
	rate, missing, slow *impact.Range // money an hour; money; money
	customers           *impact.Range
	names               []string // of customers; confidential
	minutes             slo.Number
}

// addStakes adds what else is at stake for members of a group.
func (f *figures) addStakes(g *group, members []member, at time.Time, q question) {
	var people []hurt
	var said []string
	var missing, slow sum
	for _, alike := range ofOneWorth(members) {
		var rates []impact.Range
		var absent sum
		for _, m := range alike {
			if q.needsLookback() && m.ledger != nil {
				if rate, ok := m.ledger.Rate(at.Add(-q.lookback), at); ok {
					rates = append(rates, rate)
				}
			}
			if q.needsMissing() && m.ledger != nil {
				said = append(said, absent.most(m.missing(at))...)
			}
		}
		if len(rates) > 0 {
			f.rate = plus(f.rate, impact.UnionOf(rates...))
		}
		missing.join(absent)
	}
	for _, m := range members {
		if q.needsSlow() && m.waits() {
			said = append(said, slow.add(m.slowLoss(m.report.From, at))...)
		}
		if who := m.customers(at); who.known {
			people, said = append(people, who), append(said, who.warnings...)
		}
		if q.needsMinutes() {
			minutes, warned := m.customerMinutes(at)
			f.minutes, said = plusNumber(f.minutes, minutes), append(said, warned...)
		}
	}
	f.missing, f.slow = missing.total(), slow.total()
	if f.loss == nil { // several currencies, or none
		f.rate, f.missing, f.slow = nil, nil, nil
	}
	said = append(said, f.addCustomers(people)...)
	if q.queryType == typeImpact || len(q.measures) > 0 { // others show no ranges that assumptions would explain
		f.warnings = append(f.warnings, said...)
	}
}

// sum adds up amounts; it is unknown where one of them is.
type sum struct {
	amount  *impact.Range
	unknown bool
}

// add adds an amount and hands its warnings on.
func (s *sum) add(r impact.Range, warnings []string, known bool) []string {
	s.amount = plus(s.amount, r)
	s.unknown = s.unknown || !known
	return warnings
}

// most keeps the larger amount, and hands its warnings on: who stayed away from one
// service is missed by each of its promises, and lost once.
func (s *sum) most(r impact.Range, warnings []string, known bool) []string {
	if s.amount == nil || r.Base > s.amount.Base {
		s.amount = &r
	}
	s.unknown = s.unknown || !known
	return warnings
}

// join adds another sum, if anything is in it.
func (s *sum) join(o sum) {
	if o.amount != nil {
		s.add(*o.amount, nil, !o.unknown)
	}
}

func (s *sum) total() *impact.Range {
	if s.unknown {
		return nil
	}
	return s.amount
}

// plus is a sum that begins with nothing.
func plus(sum *impact.Range, r impact.Range) *impact.Range {
	if sum != nil {
		r = sum.Add(r)
	}
	return &r
}

// plusNumber is the sum of what is known of two numbers.
func plusNumber(a, b slo.Number) slo.Number {
	return slo.Number{Value: a.Value + b.Value, Known: a.Known || b.Known}
}

// addCustomers puts the customers of several promises together. Those with names are
// counted once; of others nobody knows whether they are the same, so that there are at
// least as many as of one promise and at most all of them.
func (f *figures) addCustomers(people []hurt) (warnings []string) {
	if len(people) == 0 {
		return nil
	}
	number := people[0].number
	named := people[0].byName
	for _, who := range people[1:] {
		number.Low, number.Base = max(number.Low, who.number.Low), max(number.Base, who.number.Base)
		number.High += who.number.High
		named = named && who.byName
	}
	for _, who := range people {
		for _, name := range who.names {
			if !slices.Contains(f.names, name) {
				f.names = append(f.names, name)
			}
		}
	}
	switch {
	case named:
		number = impact.Exactly(float64(len(f.names)))
	case len(people) > 1:
		warnings = []string{"customers of several promises may be the same: those of the one with the most are counted"}
	}
	f.customers = &number
	return warnings
}

// stake is a figure about money or customers under the name of its measure, or of one
// of its bounds.
func (f figures) stake(name string) slo.Number {
	if name == "customer_minutes" {
		return f.minutes
	}
	of := func(r *impact.Range, bound string) slo.Number {
		switch {
		case r == nil:
			return slo.Number{}
		case bound == "_low":
			return slo.Known(r.Low)
		case bound == "_high":
			return slo.Known(r.High)
		}
		return slo.Known(r.Base)
	}
	ranges := map[string]*impact.Range{"loss_rate": f.rate, "loss_missing_demand": f.missing, "loss_slow": f.slow, "customers_affected": f.customers}
	if f.loss != nil {
		remaining := f.loss.Remaining()
		ranges["loss"], ranges["loss_accepted"], ranges["loss_excess"] = &f.loss.Gross, &f.loss.Accepted, &f.loss.Excess
		ranges["budget_remaining_value"] = &remaining
	}
	for _, bound := range []string{"_low", "_high"} {
		if base, ok := strings.CutSuffix(name, bound); ok {
			return of(ranges[base], bound)
		}
	}
	return of(ranges[name], "")
}

// impact answers what failures cost and whom they hurt, as a table or step by step.
func (a *answer) impact(groups []*group) {
	if a.question.format == formatSeries {
		a.impactSeries(groups)
		return
	}
	a.impactTable(groups)
}

// impactRow is a group with its figures and what its customers may not see.
type impactRow struct {
	row
	hidden []string // groups that miss the promise which all together keep
}

// impactMeasures are the numeric columns of an impact table, in order; those with
// bounds have three columns.
var impactMeasures = []struct {
	name   string
	bounds bool
}{
	{"status", false}, {"bad_events", false}, {"loss", true}, {"loss_accepted", true}, {"loss_excess", true},
	{"budget_remaining_value", true}, {"loss_rate", true}, {"loss_slow", true}, {"loss_missing_demand", true},
	{"customers_affected", true}, {"customer_minutes", false},
}

func (a *answer) impactTable(groups []*group) {
	rows := pick(groups, a.impactRow)
	t := newTable("impact")
	bySLO := a.question.by == bySLO || a.question.by == byGroup
	if bySLO {
		t.text("slo", "SLO", pick(rows, func(r impactRow) string { return r.labels["slo"] }))
		if slices.ContainsFunc(rows, func(r impactRow) bool { return r.labels["objective"] != "" }) {
			t.text("objective", "Objective", pick(rows, func(r impactRow) string { return r.labels["objective"] }))
		}
		t.text("title", "Name", pick(rows, func(r impactRow) string { return r.title }))
		t.text("service", "Service", pick(rows, func(r impactRow) string { return r.labels["service"] }))
	} else {
		grouping, _ := find(groupings, a.question.by)
		t.text(a.question.by, grouping.Title, pick(rows, func(r impactRow) string { return r.title }))
	}
	currencies := currenciesOf(groups)
	for _, m := range impactMeasures {
		bounds := []string{""}
		if m.bounds {
			bounds = []string{"", "_low", "_high"}
		}
		for _, bound := range bounds {
			values := pick(rows, func(r impactRow) slo.Number { return r.value(m.name + bound) })
			config := field(m.name+bound, only(currencies), values, 0)
			explainMoney(config, values, groups)
			t.number(m.name+bound, values, config)
		}
	}
	t.text("customers", "Which customers", pick(rows, func(r impactRow) string { return someOf(r.names) }))
	t.text("hidden", "Misses it, unseen", pick(rows, func(r impactRow) string { return someOf(r.hidden) }))
	if len(currencies) > 1 {
		t.text("currency", "Currency", pick(rows, func(r impactRow) string { return only(r.currencies()) }))
	}
	a.assumptions(t, rows)
	t.text("reason", "Note", pick(rows, func(r impactRow) string { return reasons(r.warnings) }))
	a.frames = data.Frames{t.Frame}
}

// impactRow judges a group, and points out what its total hides.
func (a *answer) impactRow(g *group) impactRow {
	r := impactRow{row: row{g, g.figures(a.span.to, a.span.to, a.question)}}
	for _, m := range g.members {
		if m.err != nil || !g.countsEventsOf(m) {
			continue
		}
		missed, of := m.hidden(m.report(a.span.to, a.span.to, a.question))
		for _, segment := range missed {
			r.hidden = append(r.hidden, segment.Name)
		}
		if len(missed) > 0 { // their names may be those of customers
			r.warnings = append(r.warnings, fmt.Sprintf("%d of %d groups miss the promise, which all of them together keep", len(missed), of))
		}
	}
	a.rest(r.figures)
	a.warn(g, r.warnings)
	return r
}

// assumptions adds columns that say who set what an event is worth, when, and whether it
// holds.
func (a *answer) assumptions(t table, rows []impactRow) {
	var by, on, until []string
	ages, expired := make([]slo.Number, len(rows)), make([]bool, len(rows))
	today := a.span.complete.In(a.zone).Format(time.DateOnly)
	for i, r := range rows {
		var setBy, setOn, expires []string
		for _, m := range r.members {
			for _, v := range m.slo.Values {
				setBy, setOn, expires = append(setBy, v.SetBy), append(setOn, v.SetOn), append(expires, v.Expires)
				expired[i] = expired[i] || v.Expires != "" && today > v.Expires
			}
		}
		by, on, until = append(by, join(setBy)), append(on, oldest(setOn)), append(until, oldest(expires))
		if set, err := time.ParseInLocation(time.DateOnly, on[i], a.zone); err == nil {
			ages[i] = slo.Known(max(0, a.span.complete.Sub(set).Hours()/24))
		}
	}
	t.text("setBy", "Assumed by", by)
	t.text("setOn", "Assumed on", on)
	t.number("age", ages, titled("Days since then", "none", 0))
	t.text("expires", "Holds until", until)
	t.flag("expired", "Expired", expired)
}

// join lists different texts that are not empty.
func join(all []string) string {
	var different []string
	for _, text := range all {
		if text != "" && !slices.Contains(different, text) {
			different = append(different, text)
		}
	}
	return strings.Join(different, ", ")
}

// oldest is the first of some dates; those that are empty are left out.
func oldest(dates []string) string {
	first := ""
	for _, date := range dates {
		if date != "" && (first == "" || date < first) {
			first = date
		}
	}
	return first
}

// someOf lists the first names, and how many more there are.
func someOf(names []string) string {
	const most = 10
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}

// groupName is what a group is called: the values of its labels.
func groupName(labels map[string]string) string {
	var values []string
	for _, name := range slices.Sorted(maps.Keys(labels)) {
		values = append(values, cmp.Or(labels[name], nobody))
	}
	return strings.Join(values, ", ")
}

// bars are the steps of the time range; the first and the last one are as long as the range
// has of them.
func (s span) bars() []slo.Interval {
	edges := []time.Time{s.head}
	for _, at := range s.instants() {
		if at.After(s.head) && at.Before(s.tail) {
			edges = append(edges, at)
		}
	}
	var all []slo.Interval
	for i, at := range append(edges, s.tail)[1:] {
		all = append(all, slo.Interval{From: edges[i], To: at})
	}
	return all
}

// impactSeries has what each step of the time range cost, at the step's start: bars
// that add up to the loss of the range.
func (a *answer) impactSeries(groups []*group) {
	a.frameType = data.FrameTypeTimeSeriesMulti
	bars := a.span.bars()
	starts := pick(bars, func(bar slo.Interval) time.Time { return bar.From })
	for _, g := range groups {
		steps := pick(bars, g.costIn)
		whole := g.costIn(slo.Interval{From: bars[0].From, To: bars[len(bars)-1].To})
		a.rest(whole)
		a.warn(g, whole.warnings)
		for _, name := range []string{"loss", "loss_low", "loss_high"} {
			values := pick(steps, func(f figures) slo.Number { return f.value(name) })
			labels := g.labels.Copy()
			labels["measure"] = name
			value := data.NewField(name, labels, pick(values, nullable))
			value.Config = field(name, only(g.currencies()), values, 0)
			explainMoney(value.Config, values, slices.Repeat([]*group{g}, len(values)))
			value.Config.DisplayNameFromDS = g.title + ": " + value.Config.DisplayNameFromDS
			value.Config.Interval = float64(a.span.step.Milliseconds())
			a.frames = append(a.frames, data.NewFrame(name, data.NewField("time", nil, starts), value))
		}
	}
}

// costIn is what the failures of a group's members cost in an interval.
func (g *group) costIn(i slo.Interval) figures {
	out := figures{Report: slo.Report{From: i.From, To: i.To, Coverage: 1}}
	var lost []priced
	for _, m := range g.members {
		out.warnings = append(out.warnings, m.warnings...)
		if m.err != nil {
			out.Coverage = 0
			continue
		}
		if !g.countsEventsOf(m) {
			continue
		}
		tally := m.evidence.Events.Sum(i.From, i.To)
		out.Events = out.Events.Add(tally.Counts)
		if length := i.Length() - tally.Excluded; length > 0 {
			out.Coverage = min(out.Coverage, tally.Observed.Seconds()/length.Seconds())
		}
		if loss, ok := m.lossIn(i); ok {
			lost = append(lost, priced{m, loss})
		}
	}
	total, shared := together(lost)
	if shared {
		out.warnings = append(out.warnings, maybeTheSame)
	}
	switch {
	case len(g.currencies()) > 1:
		out.warnings = append(out.warnings, "losses in different currencies are not added up")
	case len(lost) > 0:
		out.loss = &total
	}
	return out
}
