package plugin

import (
	"slices"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/impact"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// Parts of an answer about risks.
const (
	allRisks = "All risks"
	oneRisk  = "Risk"
)

// riskZones are where windows begin and end in a question about risks: alerts look back
// over even slices from the beginning of the time range on.
func (s span) riskZones(p promise) []slo.Zone {
	zones := []slo.Zone{{From: slo.Floor(s.from.Add(-longestLookback(p.alertWindows())), s.slice), To: s.to, Step: s.slice}}
	if w := p.objective.Window(); !w.IsCalendar() { // at the end of each incident
		zones = append(zones, slo.Zone{From: s.from.Add(-w.Duration()), To: s.to.Add(-w.Duration()), Step: s.slice})
	}
	return zones
}

// hazard is one row of an answer about risks: a risk of a promise, or all of them
// together. What is not known is nil or not known.
type hazard struct {
	*group
	part, risk, description string

	perYear, detect, repair, users slo.Number // as declared; minutes
	minutes, budget                *impact.Range
	stacked                        slo.Number // share of the budget of this and all larger ones
	tooMuch                        bool
	money, incidentCost            *impact.Range // a year; what incidents cost besides is part of it

	// What is saved in a year.
	halfFrequency, halfDetect, halfRepair                *impact.Range // minutes
	halfFrequencyMoney, halfDetectMoney, halfRepairMoney *impact.Range

	seen     *sighted // what happened; for all risks together
	currency string
	notes    []string
}

// sighted is what a ledger of incidents says about a promise.
type sighted struct {
	impact.Observed            // how often
	smaller         int        // incidents of the ledger that are too small to count
	noticed         int        // incidents that an alert would have told of
	detect, repair  slo.Number // minutes, in the mean of those that are over
	minutes         slo.Number // bad minutes a year
	calibration     string
	declared        int // incidents that no counter shows
	declaredCost    *impact.Range
}

// risks answers what may go wrong with each promise, held against its budget and against
// what happened in the time range. Risks are an SLO's: several objectives about the same
// events have them once, at the strictest.
func (a *answer) risks(groups []*group) error {
	every := &group{}
	for _, g := range groups {
		every.members = append(every.members, g.members...)
	}
	costs := map[string]string{} // of risks, and with which promise they were counted
	listed := map[string]bool{}  // SLOs
	var rows []hazard
	for _, g := range groups {
		m := g.members[0]
		if listed[m.slo.Name] || !every.countsEventsOf(m) {
			continue
		}
		listed[m.slo.Name] = true
		own, err := a.hazards(g, m, costs)
		if err != nil {
			return err
		}
		rows = append(rows, own...)
	}
	if len(rows) == 0 {
		a.notice(data.NoticeSeverityWarning, "no SLO that is selected has a risk; a document of the kind Risk adds one")
	}
	a.frames = data.Frames{a.riskTable(rows)}
	return nil
}

// hazards are the rows of a promise: all of its risks together, and each. There is none
// where nobody declared a risk and nothing happened, as far as is known.
func (a *answer) hazards(g *group, m assessment, costs map[string]string) ([]hazard, error) {
	seen := a.sight(m)
	if len(m.slo.Risks) == 0 && (seen == nil || seen.Incidents+seen.declared == 0) {
		return nil, nil
	}
	a.rest(m.since(a.span.from, a.span.to))
	all := hazard{group: g, part: allRisks, seen: seen, currency: m.moneyCurrency(a.currency), notes: slices.Clone(m.warnings)}
	var each impact.Range
	valued := false
	if m.err == nil {
		each, valued = m.perMinute(a.span.to)
	}
	var risks []impact.Risk
	var rows []hazard
	shared := map[string]string{}
	for _, r := range m.slo.Risks {
		if r.CostPerIncident != nil {
			if with, ok := costs[r.Name]; ok {
				shared[r.Name] = "what each incident costs besides is counted with " + with
				r.CostPerIncident = nil
			} else {
				costs[r.Name] = g.title
			}
		}
		risks = append(risks, riskOf(r, each))
	}
	assessed, err := impact.AssessRisks(risks, m.objective.InForce(a.span.to))
	if err != nil {
		return nil, err
	}
	for _, one := range assessed {
		row := hazardOf(one, valued)
		row.group, row.currency = g, all.currency
		for _, r := range m.slo.Risks {
			if r.Name == one.Name {
				row.description = r.Description
			}
		}
		if text := shared[one.Name]; text != "" {
			row.notes = append(row.notes, text)
		}
		rows = append(rows, row)
		all.add(row, one.Risk)
	}
	if len(rows) > 0 {
		all.weigh()
	}
	switch {
	case len(rows) == 0:
		all.notes = append(all.notes, "incidents happened, and nobody declared a risk")
	case !valued && len(m.slo.Values) == 0:
		all.notes = append(all.notes, "nobody said what one of its events is worth: what bad minutes cost is not known")
	case !valued:
		all.notes = append(all.notes, "what bad minutes cost is not known")
	}
	if seen != nil && len(rows) > 0 {
		seen.calibration = calibrationWords[impact.Risk{PerYear: impact.Exactly(all.perYear.Value)}.Calibrate(seen.Observed)]
	}
	if seen != nil && seen.smaller > 0 {
		all.notes = append(all.notes, "smaller incidents that no alert would have told of are not counted: "+writeCount(float64(seen.smaller)))
	}
	if m.err == nil && seen == nil {
		all.notes = append(all.notes, "nothing was seen in the time range to hold risks against")
	}
	a.warn(g, all.notes)
	return append([]hazard{all}, rows...), nil
}

// hazardOf is the row of a risk. Its money is not known where nobody knows what a minute
// is worth, even where it is known what its incidents cost besides.
func hazardOf(one impact.Assessed, valued bool) hazard {
	h := hazard{
		part: oneRisk, risk: one.Name,
		perYear: slo.Known(one.PerYear.Base), detect: slo.Known(one.Detect.Base), repair: slo.Known(one.Repair.Base), users: slo.Known(one.Users.Base),
		minutes: &one.BadMinutes, budget: &one.Budget, stacked: slo.Known(one.Stacked), tooMuch: one.Red,
		halfFrequency: &one.HalfFrequency, halfDetect: &one.HalfDetect, halfRepair: &one.HalfRepair,
	}
	if one.PerIncident != (impact.Range{}) {
		besides := one.PerYear.Times(one.PerIncident)
		h.incidentCost = &besides
	}
	if valued {
		saved := func(minutes impact.Range) *impact.Range {
			money := minutes.Times(one.PerMinute)
			return &money
		}
		half := one.Money.Scale(0.5)
		h.money, h.halfFrequencyMoney = &one.Money, &half
		h.halfDetectMoney, h.halfRepairMoney = saved(one.HalfDetect), saved(one.HalfRepair)
	}
	return h
}

// add adds a risk to all of a promise.
func (h *hazard) add(row hazard, r impact.Risk) {
	// Means of times are those of incidents: what happens often weighs more.
	h.detect = plusNumber(h.detect, slo.Known(r.PerYear.Base*r.Detect.Base))
	h.repair = plusNumber(h.repair, slo.Known(r.PerYear.Base*r.Repair.Base))
	h.perYear = plusNumber(h.perYear, row.perYear)
	for _, part := range []struct{ sum, one **impact.Range }{
		{&h.minutes, &row.minutes}, {&h.budget, &row.budget}, {&h.money, &row.money}, {&h.incidentCost, &row.incidentCost},
		{&h.halfFrequency, &row.halfFrequency}, {&h.halfDetect, &row.halfDetect}, {&h.halfRepair, &row.halfRepair},
		{&h.halfFrequencyMoney, &row.halfFrequencyMoney}, {&h.halfDetectMoney, &row.halfDetectMoney}, {&h.halfRepairMoney, &row.halfRepairMoney},
	} {
		if *part.one != nil {
			*part.sum = plus(*part.sum, **part.one)
		}
	}
}

// weigh finishes the row of all risks: together they may take all of the budget.
func (h *hazard) weigh() {
	h.detect, h.repair = over(h.detect, h.perYear.Value), over(h.repair, h.perYear.Value)
	h.stacked, h.tooMuch = slo.Known(h.budget.Base), h.budget.Base > 1
}

// sight is what happened to a promise in the time range: its incidents, and when its
// alerts would have told of them. It is nil where nothing was seen.
func (a *answer) sight(m assessment) *sighted {
	if m.err != nil {
		return nil
	}
	from, to := a.span.from, a.span.to
	watched := m.evidence.Events.Sum(from, to).Observed
	before := from.Add(-longestLookback(m.alertWindows())) // what goes on at the beginning began before it
	incidents := slo.Incidents(m.evidence, m.objective, before, to, slo.DefaultIncidentRule)
	incidents = slices.DeleteFunc(incidents, func(in slo.Incident) bool { return in.From.Before(from) })
	out := &sighted{}
	var told []impact.Happened
	bad, grave := 0.0, 0
	firings := callsOf(m, from, to)
	for _, in := range incidents {
		if in.Events.Total > 0 {
			bad += in.Length().Minutes() * in.Events.Bad() / in.Events.Total
		}
		i := slices.IndexFunc(firings, func(f slo.Firing) bool { return f.To.After(in.From) && !f.From.After(in.To) })
		if i >= 0 || in.Share.Known && in.Share.Value >= graveShare {
			grave++
		}
		if i < 0 {
			continue
		}
		out.noticed++
		if !in.Ongoing {
			known := laterOf(firings[i].From, in.From)
			told = append(told, impact.Happened{Detect: known.Sub(in.From), Repair: in.To.Sub(known)})
		}
	}
	var err error
	if out.Observed, err = impact.Observe(make([]impact.Happened, grave), watched); err != nil { // nothing was watched
		return nil
	}
	out.smaller = len(incidents) - grave
	out.minutes = slo.Known(bad / watched.Minutes() * impact.MinutesPerYear)
	if times, err := impact.Observe(told, watched); err == nil {
		out.detect, out.repair = times.Detect, times.Repair
	}
	for _, in := range declaredIn(m.slo.Incidents, slo.Interval{From: from, To: to}) {
		out.declared++
		out.declaredCost = plus(out.declaredCost, rangeOf(in.Cost))
	}
	return out
}

// graveShare is the share of the budget from which on an incident counts as one that a
// risk is about, though no alert would have told of it. The ledger begins at a hundredth
// of the budget, where a service that always fails a little has one every other day:
// nobody means those by a risk.
const graveShare = 0.1

// callsOf are the alerts of a promise that would have called somebody, in order of time:
// those of the severity page, or all where none is called so.
func callsOf(m assessment, from, to time.Time) []slo.Firing {
	windows := m.alertWindows()
	if slices.ContainsFunc(windows, func(w slo.AlertWindow) bool { return w.Severity == pageSeverity }) {
		windows = slices.DeleteFunc(windows, func(w slo.AlertWindow) bool { return w.Severity != pageSeverity })
	}
	if len(windows) == 0 {
		return nil
	}
	return slo.Firings(m.evidence, m.objective, from, to, windows, m.rules())
}

// calibrationWords say how a declared frequency stands to what happened.
var calibrationWords = map[impact.Calibration]string{
	impact.Agrees:       "agrees with what happened",
	impact.Optimistic:   "too few: more happened than declared",
	impact.Pessimistic:  "too many: less happened than declared",
	impact.NotYetTested: "too short a time to say",
}

func (a *answer) riskTable(rows []hazard) *data.Frame {
	currencies := distinct(pick(rows, func(h hazard) string { return h.currency }))
	currency := only(currencies)
	base := func(of func(hazard) *impact.Range) []slo.Number {
		return pick(rows, func(h hazard) slo.Number {
			return partOf(of(h), func(r impact.Range) float64 { return r.Base })
		})
	}
	seen := func(of func(*sighted) slo.Number) []slo.Number {
		return pick(rows, func(h hazard) slo.Number {
			if h.seen == nil {
				return slo.Number{}
			}
			return of(h.seen)
		})
	}
	bare := func(title, unit string, decimals uint16) *data.FieldConfig {
		config := titled(title, unit, decimals)
		config.NoValue = ""
		return config
	}
	t := newTable("risks")
	t.text("slo", "SLO", pick(rows, func(h hazard) string { return h.labels["slo"] }))
	if slices.ContainsFunc(rows, func(h hazard) bool { return h.labels["objective"] != "" }) {
		t.text("objective", "Objective", pick(rows, func(h hazard) string { return h.labels["objective"] }))
	}
	t.text("title", "Name", pick(rows, func(h hazard) string { return h.title }))
	t.text("service", "Service", pick(rows, func(h hazard) string { return h.labels["service"] }))
	t.text("part", "Part", pick(rows, func(h hazard) string { return h.part }))
	t.text("risk", "Risk", pick(rows, func(h hazard) string { return h.risk }))
	t.text("description", "What may happen", pick(rows, func(h hazard) string { return h.description }))
	t.number("bad_minutes", base(func(h hazard) *impact.Range { return h.minutes }), bare("Bad minutes a year", "m", 0))
	t.number("budget", base(func(h hazard) *impact.Range { return h.budget }), bare("Share of the budget", "percentunit", 0))
	t.number("stacked", pick(rows, func(h hazard) slo.Number { return h.stacked }), bare("With all larger ones", "percentunit", 0))
	t.flag("too_much", "Too much", pick(rows, func(h hazard) bool { return h.tooMuch }))
	t.money("money", "Cost a year", currency, pick(rows, func(h hazard) *impact.Range { return h.money }))
	for i, f := range t.Fields[len(t.Fields)-3:] {
		f.Config.NoValue = []string{"not known", "", ""}[i]
	}
	money := func(name, title string, of func(hazard) *impact.Range) {
		values := base(of)
		t.number(name, values, bare(title, currencyUnit(currency), moneyDecimals(values)))
	}
	money("incident_cost", "Of that, besides failures", func(h hazard) *impact.Range { return h.incidentCost })
	t.number("per_year", pick(rows, func(h hazard) slo.Number { return h.perYear }), bare("Incidents a year, declared", "none", 1))
	t.number("per_year_seen", seen(func(s *sighted) slo.Number { return slo.Known(s.PerYear.Base) }), bare("Incidents a year, seen", "none", 1))
	t.number("per_year_seen_low", seen(func(s *sighted) slo.Number { return slo.Known(s.PerYear.Low) }), bare("Incidents a year, at least (80 %)", "none", 1))
	t.number("per_year_seen_high", seen(func(s *sighted) slo.Number { return slo.Known(s.PerYear.High) }), bare("Incidents a year, at most (80 %)", "none", 1))
	t.text("calibration", "Declared against seen", pick(rows, func(h hazard) string {
		if h.seen == nil {
			return ""
		}
		return h.seen.calibration
	}))
	t.number("detect", pick(rows, func(h hazard) slo.Number { return h.detect }), bare("Minutes to detect, declared", "m", 0))
	t.number("detect_seen", seen(func(s *sighted) slo.Number { return s.detect }), bare("Minutes to detect, by the alerts", "m", 0))
	t.number("repair", pick(rows, func(h hazard) slo.Number { return h.repair }), bare("Minutes to repair, declared", "m", 0))
	t.number("repair_seen", seen(func(s *sighted) slo.Number { return s.repair }), bare("Minutes to repair, seen", "m", 0))
	t.number("users", pick(rows, func(h hazard) slo.Number { return h.users }), bare("Share of users", "percentunit", 0))
	t.number("incidents", seen(func(s *sighted) slo.Number { return slo.Known(float64(s.Incidents)) }), bare("Incidents in the time range", "none", 0))
	t.number("noticed", seen(func(s *sighted) slo.Number { return slo.Known(float64(s.noticed)) }), bare("Of these, alerted", "none", 0))
	t.number("bad_minutes_seen", seen(func(s *sighted) slo.Number { return s.minutes }), bare("Bad minutes a year, seen", "m", 0))
	t.number("half_frequency", base(func(h hazard) *impact.Range { return h.halfFrequency }), bare("Minutes saved, half as often", "m", 0))
	t.number("half_detect", base(func(h hazard) *impact.Range { return h.halfDetect }), bare("Minutes saved, detected in half the time", "m", 0))
	t.number("half_repair", base(func(h hazard) *impact.Range { return h.halfRepair }), bare("Minutes saved, repaired in half the time", "m", 0))
	money("half_frequency_money", "Saved a year, half as often", func(h hazard) *impact.Range { return h.halfFrequencyMoney })
	money("half_detect_money", "Saved a year, detected in half the time", func(h hazard) *impact.Range { return h.halfDetectMoney })
	money("half_repair_money", "Saved a year, repaired in half the time", func(h hazard) *impact.Range { return h.halfRepairMoney })
	t.number("declared", seen(func(s *sighted) slo.Number { return slo.Known(float64(s.declared)) }), bare("Declared incidents in the time range", "none", 0))
	money("declared_cost", "Their cost, as declared", func(h hazard) *impact.Range {
		if h.seen == nil {
			return nil
		}
		return h.seen.declaredCost
	})
	if len(currencies) > 1 {
		t.text("currency", "Currency", pick(rows, func(h hazard) string { return h.currency }))
	}
	t.text("reason", "Note", pick(rows, func(h hazard) string { return reasons(h.notes) }))
	return t.Frame
}
