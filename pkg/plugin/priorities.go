package plugin

import (
	"cmp"
	"slices"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/catalog"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/forecast"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/impact"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/words"
)

// usualHorizon is how far priorities look ahead where nobody says how far.
const usualHorizon = 28 * 24 * time.Hour

// contender is a promise, or a declared incident that is about none, that asks for a
// place among priorities. Amounts that are not known are nil.
type contender struct {
	slo, objective, title, service, owner string

	currency                                 string
	status, miss                             slo.Number
	excess, rate, credits, declared, perYear *impact.Range
	accepted                                 *impact.Range // of the rate, what the promise accepts

	unranked words.Unranked // why it has no place; empty where it has one
	failed   bool           // it could not be evaluated
	notes    []string
	place    *impact.Priority
}

// priorities answers with one list across all promises, the costliest first; those that
// cannot be ranked come last, with the reason. Amounts in different currencies cannot be
// held against each other: each has a list of its own.
func (a *answer) priorities(assessments []assessment) error {
	all, err := a.contenders(assessments)
	if err != nil {
		return err
	}
	if a.everything() {
		all = append(all, a.harm()...)
	}
	var ranked, unranked []*contender
	currencies := currenciesByUse(all)
	for _, currency := range currencies {
		list, err := a.rank(all, currency, len(currencies) > 1)
		if err != nil {
			return err
		}
		ranked = append(ranked, list...)
	}
	for _, c := range all {
		if c.place == nil {
			unranked = append(unranked, c)
		}
	}
	a.frames = data.Frames{a.priorityTable(append(ranked, unranked...))}
	return nil
}

// currenciesByUse are the currencies of those that can be ranked, the one of the most
// first.
func currenciesByUse(all []*contender) []string {
	uses := map[string]int{}
	var currencies []string
	for _, c := range all {
		if !c.canBeRanked() {
			continue
		}
		if uses[c.currency] == 0 {
			currencies = append(currencies, c.currency)
		}
		uses[c.currency]++
	}
	slices.SortFunc(currencies, func(x, y string) int { return cmp.Or(cmp.Compare(uses[y], uses[x]), cmp.Compare(x, y)) })
	return currencies
}

// canBeRanked reports whether anything is known of what is at stake, in money.
func (c *contender) canBeRanked() bool {
	return c.unranked == "" && (c.rate != nil || c.excess != nil || c.credits != nil || c.declared != nil || c.perYear != nil)
}

// lookahead is the time that money at stake is reckoned over.
func (a *answer) lookahead() time.Duration { return cmp.Or(a.question.horizon, usualHorizon) }

// rank gives places to those with amounts in a currency, which may be one of several.
func (a *answer) rank(all []*contender, currency string, several bool) ([]*contender, error) {
	byName := map[string]*contender{}
	var needs []impact.Need
	for _, c := range all {
		if !c.canBeRanked() || c.currency != currency {
			continue
		}
		need := impact.Need{
			Name: c.title + "\x00" + c.slo + "\x00" + c.objective, Currency: currency, Miss: c.miss,
			Excess: orNothing(c.excess), PerHour: orNothing(c.rate), Accepted: orNothing(c.accepted), Credits: orNothing(c.credits),
			Declared: orNothing(c.declared), Risks: orNothing(c.perYear),
		}
		byName[need.Name] = c
		needs = append(needs, need)
	}
	p, err := impact.Prioritise(needs, a.lookahead())
	if err != nil {
		return nil, err
	}
	within := func(text string) string {
		if several {
			return "in " + currency + ": " + text
		}
		return text
	}
	var ranked []*contender
	for _, one := range p.List {
		c := byName[one.Name]
		c.place = &one
		ranked = append(ranked, c)
	}
	if len(ranked) > 1 {
		text := "the order is the same by all low and by all high assumptions"
		if !p.Stable {
			text = "the order depends on the assumptions: by the low or the high ones, some promises stand in another place"
		}
		a.notice(data.NoticeSeverityInfo, within(text))
	}
	for _, w := range p.Warnings {
		a.notice(data.NoticeSeverityWarning, within(w.Text))
	}
	return ranked, nil
}

func orNothing(r *impact.Range) impact.Range {
	if r == nil {
		return impact.Range{}
	}
	return *r
}

// contenders are the promises with what is at stake with each. What several of them have
// in common counts at the first one: the events of several objectives at the strictest, a
// declared incident and what a risk costs besides at the first promise that they are
// about.
func (a *answer) contenders(assessments []assessment) ([]*contender, error) {
	var promises, contracts []assessment
	for _, one := range assessments {
		if one.contract != nil {
			contracts = append(contracts, one)
		} else {
			promises = append(promises, one)
		}
	}
	every := &group{members: promises}
	taken := map[string]string{} // what has been counted, and with which promise
	var all []*contender
	for _, g := range groupBy(bySLO, promises) {
		m := g.members[0]
		c := &contender{
			slo: m.slo.Name, objective: m.name, title: g.title, service: m.slo.Service, owner: m.slo.Owner(),
			currency: m.moneyCurrency(a.currency), status: slo.Known(float64(slo.CannotTell)),
		}
		all = append(all, c)
		if !every.countsEventsOf(m) {
			c.unranked = words.SameEvents
		}
		a.promised(c, g, m)
		if c.unranked == words.SameEvents {
			continue
		}
		c.declare(m, a.span.to, taken)
		c.risk(m, a.span.to, taken)
		for _, one := range contracts {
			if one.slo.Name == m.slo.Name && (m.own.Own == nil || one.name == m.name) {
				if err := a.owe(c, one); err != nil {
					return nil, err
				}
			}
		}
		c.explain(m)
		a.journeysOf(c, m)
		a.warn(g, c.notes)
	}
	return all, nil
}

// promised fills in what the promise itself says: its verdict, what a miss and what
// failures cost now.
func (a *answer) promised(c *contender, g *group, m assessment) {
	at := a.span.to
	f := g.figures(at, at, a.question)
	a.rest(f)
	c.notes = append(c.notes, f.warnings...)
	if m.err != nil {
		c.failed = true
		return
	}
	c.status = slo.Known(float64(f.Status))
	ahead, err := m.ahead(at, a.question, a.zone)
	if err != nil {
		ahead = forecast.Forecast{}
	}
	c.miss = ahead.MissProbability
	if f.loss != nil && f.Counts.Total > 0 {
		c.excess = excessOf(f.Report, *f.loss, ahead)
	}
	if f.Status == slo.Missed {
		c.miss = slo.Known(1)
	}
	c.rate, c.accepted = f.rate, m.acceptedRate(f.rate, at.Add(-a.question.lookback), at)
}

// acceptedRate is what of the money lost per hour between two instants the promise
// accepts: as much as if the share of events failed that may fail.
func (m assessment) acceptedRate(rate *impact.Range, from, to time.Time) *impact.Range {
	if rate == nil || m.ledger == nil {
		return nil
	}
	loss, known := m.ledger.Loss(m.objective.InForce(to), from, to)
	observed := m.evidence.Events.Sum(from, to).Observed
	if !known || observed <= 0 {
		return nil
	}
	accepted := loss.Accepted.Scale(1 / observed.Hours())
	return &accepted
}

// excessOf is the money lost beyond what is accepted if the promise is missed. One that
// is not missed yet is expected to be overspent, where it is, by the mean of all futures
// in which it is. One that is missed has lost its excess already; or it will have lost
// more by the end of the window that lies ahead.
//
// Futures are told in budgets. A budget of the whole window is worth what is accepted so
// far, times the events expected in all for each so far. It is nil where nothing is
// foreseen of a promise that is not missed.
func excessOf(r slo.Report, loss impact.Loss, ahead forecast.Forecast) *impact.Range {
	whole := loss.Accepted.Scale(r.Expected / r.Counts.Total)
	over, miss := ahead.ExpectedOverspend(), ahead.MissProbability
	known := over.Known && miss.Known
	switch {
	case r.Status == slo.Missed && known:
		coming := whole.Scale(over.Value)
		return &impact.Range{Low: max(loss.Excess.Low, coming.Low), Base: max(loss.Excess.Base, coming.Base), High: max(loss.Excess.High, coming.High)}
	case r.Status == slo.Missed:
		return &loss.Excess
	case !known:
		return nil
	case miss.Value == 0:
		return &impact.Range{}
	}
	excess := whole.Scale(over.Value / miss.Value)
	return &excess
}

// declare adds the declared incidents of the promise's window.
func (c *contender) declare(m assessment, at time.Time, taken map[string]string) {
	from, to := m.objective.Window().Bounds(at)
	for _, in := range declaredIn(m.slo.Incidents, slo.Interval{From: from, To: to}) {
		if with, ok := taken["incident "+in.Name]; ok {
			c.note("what a declared incident cost is counted with " + with)
			continue
		}
		taken["incident "+in.Name] = c.title
		c.declared = plus(c.declared, rangeOf(in.Cost))
	}
}

// risk adds what risks cost in a year: minutes in which the promise's own events fail,
// and what each incident costs besides.
func (c *contender) risk(m assessment, at time.Time, taken map[string]string) {
	var each impact.Range
	valued := false
	if !c.failed {
		each, valued = m.perMinute(at)
	}
	for _, r := range m.slo.Risks {
		if _, ok := taken["risk "+r.Name+" of "+m.slo.Name]; ok { // by another objective
			continue
		}
		taken["risk "+r.Name+" of "+m.slo.Name] = c.title
		if r.CostPerIncident != nil {
			if with, ok := taken["risk "+r.Name]; ok {
				c.note("what incidents of a risk cost besides is counted with " + with)
				r.CostPerIncident = nil
			}
			taken["risk "+r.Name] = c.title
		}
		switch {
		case !valued && r.CostPerIncident == nil:
			c.note("what the minutes of a risk cost is not known and left out")
			continue
		case !valued:
			c.note("only what incidents of a risk cost besides is counted, and not their minutes")
		}
		c.perYear = plus(c.perYear, riskOf(r, each).PerYearMoney())
	}
}

// owe adds the credits that a contract makes to be expected at its month's end.
func (a *answer) owe(c *contender, one assessment) error {
	if one.err != nil {
		c.note("the credit of a contract is not known and left out")
		return nil
	}
	months := *a // a month ends when it ends, whatever horizon is asked about
	months.question.horizon = 0
	d, err := months.due(one)
	if err != nil {
		return err
	}
	switch {
	case d.currency != c.currency && d.expected.Value != 0:
		c.note("the credit of a contract is in another currency and left out")
	case !d.expected.Known:
		c.note("the credit of a contract is not known and left out")
	case d.currency == c.currency:
		c.credits = plus(c.credits, impact.Exactly(d.expected.Value))
	}
	return nil
}

// explain says what is missing of a promise's amounts, or why it has no place.
func (c *contender) explain(m assessment) {
	failures := c.excess != nil || c.rate != nil
	switch {
	case c.failed:
	case !failures && len(m.slo.Values) == 0 && !c.canBeRanked():
		c.unranked = words.NoValue
	case !failures && !c.canBeRanked():
		c.unranked = words.NotKnown
	case !failures && len(m.slo.Values) == 0:
		c.note("nobody said what one of its events is worth: its failures are left out")
	case !failures:
		c.note("what its failures cost is not known and left out")
	case c.rate == nil:
		c.note("what is being lost now is not known and left out")
	case c.excess == nil:
		c.note("what a miss would cost is not known and left out")
	}
}

// journeysOf says what else is known of the step of a journey. Where one Value is that of
// several steps, an order that fails at two of them is counted at both.
func (a *answer) journeysOf(c *contender, m assessment) {
	for _, j := range a.catalog.Journeys {
		if !slices.ContainsFunc(j.Steps, m.is) {
			continue
		}
		if len(m.slo.Values) == 0 && j.Value != nil {
			c.note("it is a step of the journey " + j.DisplayName + ", whose loss is divided among its steps where journeys are asked about")
		}
		for _, s := range j.Steps {
			i := slices.IndexFunc(a.catalog.SLOs, func(o catalog.SLO) bool { return o.Name == s.SLO && o.Name != m.slo.Name })
			if i >= 0 && slices.ContainsFunc(a.catalog.SLOs[i].Values, func(v catalog.Value) bool {
				return slices.ContainsFunc(m.slo.Values, func(own catalog.Value) bool { return own.Name == v.Name })
			}) {
				c.note("the same events are valued at several steps of the journey " + j.DisplayName + ": the amounts of these steps overlap")
			}
		}
	}
}

func (c *contender) note(text string) {
	if !slices.Contains(c.notes, text) {
		c.notes = append(c.notes, text)
	}
}

// harm are the declared incidents that are about no SLO, of as long a time back as
// priorities look ahead.
func (a *answer) harm() []*contender {
	recent := slo.Interval{From: a.span.to.Add(-a.lookahead()), To: a.span.to}
	var all []*contender
	for _, in := range declaredIn(unattached(a.catalog), recent) {
		cost := rangeOf(in.Cost)
		all = append(all, &contender{
			title: in.Description, currency: cmp.Or(in.Currency, a.currency), miss: slo.Known(0),
			declared: &cost, notes: []string{"declared, and about no promise"},
		})
	}
	return all
}

// why is the reason for a contender's place, or for having none.
func (c *contender) why(l *words.Language) string {
	switch {
	case c.place != nil:
		return l.Reason(*c.place)
	case c.unranked != "":
		return l.Unranked(c.unranked)
	}
	return l.Unranked(words.NotKnown)
}

func (a *answer) priorityTable(all []*contender) *data.Frame {
	currency := only(distinct(pick(all, func(c *contender) string {
		if c.place == nil {
			return ""
		}
		return c.currency
	})))
	placed := func(of func(*impact.Priority) float64) []slo.Number {
		return pick(all, func(c *contender) slo.Number {
			if c.place == nil {
				return slo.Number{}
			}
			return slo.Known(of(c.place))
		})
	}
	t := newTable("priorities")
	t.number("place", placed(func(p *impact.Priority) float64 { return float64(p.Place) }), titled("Place", "none", 0))
	t.text("slo", "SLO", pick(all, func(c *contender) string { return c.slo }))
	if slices.ContainsFunc(all, func(c *contender) bool { return c.objective != "" }) {
		t.text("objective", "Objective", pick(all, func(c *contender) string { return c.objective }))
	}
	t.text("title", "Name", pick(all, func(c *contender) string { return c.title }))
	t.text("service", "Service", pick(all, func(c *contender) string { return c.service }))
	t.text("owner", "Owner", pick(all, func(c *contender) string { return c.owner }))
	t.text("why", "Why", pick(all, func(c *contender) string { return c.why(a.question.language) }))
	t.money("at_stake", "At stake within "+slo.FormatDuration(a.lookahead()), currency, pick(all, func(c *contender) *impact.Range {
		if c.place == nil {
			return nil
		}
		return &c.place.AtStake
	}))
	t.number("status", pick(all, func(c *contender) slo.Number { return c.status }), field("status", "", nil, 0))
	t.number("miss_probability", pick(all, func(c *contender) slo.Number { return c.miss }), field("miss_probability", "", nil, 0))
	for _, part := range []struct {
		name, title string
		of          func(*contender) *impact.Range
	}{
		{"excess", "Beyond what is accepted, if missed", func(c *contender) *impact.Range { return c.excess }},
		{"loss_rate", "Loss per hour", func(c *contender) *impact.Range { return c.rate }},
		{"loss_rate_accepted", "Of that, accepted", func(c *contender) *impact.Range { return c.accepted }},
		{"credits", "Credits to be expected", func(c *contender) *impact.Range { return c.credits }},
		{"declared", "Declared incidents", func(c *contender) *impact.Range { return c.declared }},
		{"risks", "Risks, a year", func(c *contender) *impact.Range { return c.perYear }},
	} {
		values := pick(all, func(c *contender) slo.Number {
			return partOf(part.of(c), func(r impact.Range) float64 { return r.Base })
		})
		config := titled(part.title, currencyUnit(currency), moneyDecimals(values))
		config.NoValue = "not known"
		t.number(part.name, values, config)
	}
	t.number("place_low", placed(func(p *impact.Priority) float64 { return float64(p.PlaceLow) }), titled("Place by low assumptions", "none", 0))
	t.number("place_high", placed(func(p *impact.Priority) float64 { return float64(p.PlaceHigh) }), titled("Place by high assumptions", "none", 0))
	t.flag("stable", "Same place by all", pick(all, func(c *contender) bool { return c.place != nil && c.place.Stable }))
	if currency == "" {
		t.text("currency", "Currency", pick(all, func(c *contender) string {
			if c.place == nil {
				return ""
			}
			return c.currency
		}))
	}
	t.text("reason", "Note", pick(all, func(c *contender) string { return reasons(c.notes) }))
	return t.Frame
}
