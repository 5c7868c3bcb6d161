package plugin

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/catalog"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/impact"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// promisesOfContracts are the promises as their contracts judge them. To ask about
// contracts where there are none is a mistake.
func promisesOfContracts(selected []promise) ([]promise, error) {
	all, err := underContract(selected)
	if err == nil && len(all) == 0 {
		return nil, fmt.Errorf("no SLO that is selected has a contract; a document of the kind Contract adds one")
	}
	return all, err
}

// underContract are the promises as their contracts judge them: by calendar months in
// the contract's time zone.
func underContract(selected []promise) ([]promise, error) {
	var all []promise
	for _, p := range selected {
		for _, c := range p.slo.Contracts {
			if c.Objective != "" && c.Objective != p.name {
				continue
			}
			month, err := slo.CalendarOf(slo.Month, c.TimeZone, time.Monday)
			if err != nil {
				return nil, err
			}
			one := p
			if one.objective, err = p.objective.Over(month); err != nil {
				return nil, err
			}
			one.contract = &c
			all = append(all, one)
		}
	}
	return all, nil
}

// due is what a contract comes to at an instant.
type due struct {
	*group
	*catalog.Contract
	slo.Report
	month       string
	currency    string
	tier        string // that the credit to date is due by
	toDate      slo.Number
	expected    slo.Number // credit at the month's end
	probability slo.Number // of any credit at all
	headroom    *impact.Headroom
	warnings    []string
}

// contracts answers with a row for each contract. Names of customers are in its cells
// only.
func (a *answer) contracts(assessments []assessment) error {
	var all []due
	for _, one := range assessments {
		_, g := newGroup(bySLO, one)
		g.members = []assessment{one}
		if one.err != nil {
			a.warn(g, one.warnings)
			continue
		}
		d, err := a.due(one)
		if err != nil {
			return err
		}
		d.group = g
		a.rest(figures{Report: d.Report})
		a.warn(g, d.warnings)
		all = append(all, d)
	}
	slices.SortStableFunc(all, func(x, y due) int {
		return cmp.Or(cmp.Compare(y.expected.Value, x.expected.Value), cmp.Compare(x.Contract.Name, y.Contract.Name))
	})
	a.frames = data.Frames{contractTable(all)}
	return nil
}

// due judges one contract at the end of the time range.
func (a *answer) due(one assessment) (due, error) {
	at := a.span.to
	contract, err := termsOf(*one.contract)
	if err != nil {
		return due{}, fmt.Errorf("contract %s: %w", one.contract.Name, err)
	}
	r := one.report(at, at, a.question)
	start, _ := one.objective.Window().Bounds(at)
	d := due{
		Contract: one.contract, Report: r, currency: cmp.Or(one.contract.Currency, a.currency),
		month:  start.In(one.contract.TimeZone).Format("2006-01"),
		toDate: contract.CreditToDate(r.Counts), warnings: slices.Concat(one.warnings, texts(r.Warnings)),
	}
	if !r.Measured {
		d.toDate = slo.Number{}
	}
	if d.toDate.Known {
		_, tier := contract.Credit(r.SLI.Value)
		d.tier = tierWords(tier)
	}
	perMinute := 0.0
	if r.RecentTime > 0 {
		perMinute = r.Recent.Total / r.RecentTime.Minutes()
	}
	if room, known := contract.Headroom(r.Counts, r.Expected, perMinute); known && r.Measured {
		d.headroom = &room
	}
	return d, a.expect(&d, one, contract)
}

// expect adds the credit that is to be expected at the month's end. At the very end
// nothing is left to expect.
func (a *answer) expect(d *due, one assessment, contract impact.Contract) error {
	if !d.End.After(d.To) {
		d.expected = d.toDate
		if d.toDate.Known {
			d.probability = slo.Known(math.Ceil(min(1, d.toDate.Value)))
		}
		return nil
	}
	f, err := one.ahead(a.span.to, a.question, a.zone)
	if err != nil {
		return invalid(fmt.Errorf("%s: %w", one.slo.Name, err))
	}
	d.warnings = append(d.warnings, texts(f.Warnings)...)
	if !f.ProbabilityOfSLIBelow(one.objective.Target()).Known {
		return nil
	}
	expected, tiers, err := contract.ExpectedCredit(func(sli float64) float64 { return f.ProbabilityOfSLIBelow(sli).Value })
	if err != nil {
		return err
	}
	d.expected, d.probability = slo.Known(expected), slo.Known(0)
	for _, t := range tiers {
		d.probability.Value += t.Probability
	}
	return nil
}

// termsOf is a contract of the catalogue with the fee of one month.
func termsOf(c catalog.Contract) (impact.Contract, error) {
	return impact.NewContract(c.MonthlyFee(), pick(c.Tiers, func(t catalog.Tier) impact.Tier { return impact.Tier(t) })...)
}

// tierWords is a tier as somebody would say it; empty for none.
func tierWords(t impact.Tier) string {
	if t == (impact.Tier{}) {
		return ""
	}
	return fmt.Sprintf("below %s: %s of the fee", english.Target(t.Below), writeShare(t.Credit))
}

func contractTable(all []due) *data.Frame {
	currency := only(distinct(pick(all, func(d due) string { return d.currency })))
	money := func(name, title string, of func(due) slo.Number) (string, []slo.Number, *data.FieldConfig) {
		values := pick(all, of)
		return name, values, titled(title, currencyUnit(currency), moneyDecimals(values))
	}
	room := func(of func(impact.Headroom) slo.Number) []slo.Number {
		return pick(all, func(d due) slo.Number {
			if d.headroom == nil {
				return slo.Number{}
			}
			return of(*d.headroom)
		})
	}
	strictest := 0.0
	for _, d := range all {
		for _, t := range d.Tiers {
			strictest = max(strictest, t.Below)
		}
	}
	t := newTable("contracts")
	t.text("contract", "Contract", pick(all, func(d due) string { return d.Contract.Name }))
	t.text("customer", "Customer", pick(all, func(d due) string { return d.Customer }))
	t.text("slo", "SLO", pick(all, func(d due) string { return d.labels["slo"] }))
	t.text("title", "Name", pick(all, func(d due) string { return d.title }))
	t.text("month", "Month", pick(all, func(d due) string { return d.month }))
	t.time("end", "Ends", pick(all, func(d due) time.Time { return d.End }))
	t.number(money("fee", "Fee of the month", func(d due) slo.Number { return slo.Known(d.MonthlyFee()) }))
	t.number("sli", pick(all, func(d due) slo.Number { return d.SLI }), titled("SLI so far", "percentunit", targetDecimals(strictest)))
	t.text("tier", "Credit now", pick(all, func(d due) string { return d.tier }))
	t.number(money("credit", "Credit so far", func(d due) slo.Number { return d.toDate }))
	t.number(money("credit_expected", "Credit to be expected", func(d due) slo.Number { return d.expected }))
	t.number("credit_probability", pick(all, func(d due) slo.Number { return d.probability }), ofChance(titled("Chance of any credit", "percentunit", 0)))
	t.text("next", "Next tier", pick(all, func(d due) string {
		if d.headroom == nil {
			return ""
		}
		return tierWords(d.headroom.Tier)
	}))
	t.number("headroom", room(func(h impact.Headroom) slo.Number { return slo.Known(h.Events) }), titled("Failures left until then", "short", 0))
	t.number("headroom_minutes", room(func(h impact.Headroom) slo.Number { return h.Minutes }), titled("Minutes of outage left until then", "m", 0))
	t.number("headroom_now", room(func(h impact.Headroom) slo.Number { return h.ToDate }), titled("Failures left if the month ended now", "short", 0))
	if currency == "" {
		t.text("currency", "Currency", pick(all, func(d due) string { return d.currency }))
	}
	t.text("zone", "Time zone", pick(all, func(d due) string { return d.TimeZone.String() }))
	t.text("reason", "Note", pick(all, func(d due) string { return reasons(d.warnings) }))
	return t.Frame
}

// distinct are the different texts, in order, without the empty one.
func distinct(all []string) []string {
	var seen []string
	for _, s := range all {
		if s != "" && !slices.Contains(seen, s) {
			seen = append(seen, s)
		}
	}
	return seen
}
