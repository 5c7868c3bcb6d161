package plugin

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/catalog"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/impact"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// needsPages reports whether the answer tells when somebody would have been called about
// a promise.
func (q question) needsPages(p promise) bool {
	return len(p.alertWindows()) > 0 && (q.queryType == typeWhatIf || q.queryType == typeReview && p.slo.Response != nil)
}

// pageSeverity is that of the alerts that call somebody, whatever the time of day.
const pageSeverity = "page"

// calls are the alerts that would have fired over a time, and what answering them costs.
type calls struct {
	known    bool                     // the promise has alerts, and something of the time was seen
	alerts   int                      // of all severities
	pages    []time.Time              // those that call somebody: all where no severity is called page
	lasted   map[string]time.Duration // how long each severity would have fired
	response *impact.Response
	currency string // of the response
}

// calls are the alerts of an objective on evidence that would have fired in the time range
// of the question.
func (a *answer) calls(p promise, e slo.Evidence, o slo.Objective) calls {
	windows := p.alertWindows()
	if !a.question.needsPages(p) || e.Units == nil || e.Units.Sum(a.span.from, a.span.to).Observed == 0 {
		return calls{}
	}
	out := calls{known: true, lasted: map[string]time.Duration{}}
	paging := slices.ContainsFunc(windows, func(w slo.AlertWindow) bool { return w.Severity == pageSeverity })
	for _, f := range slo.Firings(e, o, a.span.from, a.span.to, windows, p.rules()) {
		out.lasted[f.Severity] += f.Length()
		if f.Before {
			continue
		}
		out.alerts++
		if !paging || f.Severity == pageSeverity {
			out.pages = append(out.pages, f.From)
		}
	}
	if r := p.slo.Response; r != nil {
		if response, err := teamOf(*r).Respond(out.pages); err == nil { // the catalogue has checked it
			out.response, out.currency = &response, r.Currency
			if out.currency == "" {
				out.currency = a.currency
			}
		}
	}
	return out
}

// teamOf is who answers by a document of the catalogue.
func teamOf(r catalog.Response) impact.Team {
	return impact.Team{
		People: impact.Exactly(r.People), Minutes: impact.Exactly(r.MinutesPerPage), PerHour: impact.Range(r.CostPerHour),
		Zone: r.TimeZone, NightFrom: r.NightFrom, NightTo: r.NightTo, NightFactor: r.NightFactor,
	}
}

// always says of which severities an alert would have fired for most of a time: that few
// began then says nothing good. It is empty where there are none.
func (c calls) always(over time.Duration) string {
	var all []string
	for _, severity := range slices.Sorted(maps.Keys(c.lasted)) {
		if share := c.lasted[severity].Seconds() / over.Seconds(); share >= mostOfTheTime {
			all = append(all, fmt.Sprintf("%s for %s of the time", severity, writeRatio(share, 0)))
		}
	}
	if all == nil {
		return ""
	}
	return "its alerts would fire without an end, and few begin: " + strings.Join(all, ", ")
}

// mostOfTheTime is the share of a time from which on an alert that fires is no alert.
const mostOfTheTime = 0.5

// The figures of calls; unknown where nobody knows whether there were any.

func (c calls) count(of func(calls) int) slo.Number {
	if !c.known {
		return slo.Number{}
	}
	return slo.Known(float64(of(c)))
}

func (c calls) answered(of func(impact.Response) float64) slo.Number {
	if c.response == nil {
		return slo.Number{}
	}
	return slo.Known(of(*c.response))
}

func (c calls) money(of func(impact.Response) impact.Range) *impact.Range {
	if c.response == nil {
		return nil
	}
	money := of(*c.response)
	return &money
}

// addCalls adds columns of what an objective costs the team that keeps it.
func addCalls[R any](t table, rows []R, of func(R) calls, currency string) {
	count := func(name, title string, n func(calls) int) {
		t.number(name, pick(rows, func(r R) slo.Number { return of(r).count(n) }), titled(title, "none", 0))
	}
	count("alerts", "Alerts in the time range", func(c calls) int { return c.alerts })
	count("pages", "Pages among them", func(c calls) int { return len(c.pages) })
	t.number("pages_night", pick(rows, func(r R) slo.Number {
		return of(r).answered(func(r impact.Response) float64 { return float64(r.NightPages) })
	}), titled("Pages at night", "none", 0))
	t.number("response_hours", pick(rows, func(r R) slo.Number {
		return of(r).answered(func(r impact.Response) float64 { return r.PersonHours.Base })
	}), titled("Hours of people", "h", 1))
	t.money("response", "Cost of response", currency, pick(rows, func(r R) *impact.Range { return of(r).money(func(r impact.Response) impact.Range { return r.Money }) }))
	t.money("response_night", "Cost of response, at night", currency, pick(rows, func(r R) *impact.Range {
		return of(r).money(func(r impact.Response) impact.Range { return r.NightMoney })
	}))
}
