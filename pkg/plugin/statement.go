package plugin

import (
	"fmt"
	"math"
	"strings"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/impact"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// statement answers with sentences, one for each promise, in a column for each
// audience.
func (a *answer) statement(groups []*group) {
	rows := a.rows(groups)
	var slos, titles, services, promises, executive []string
	statuses := make([]*float64, len(rows))
	for i, r := range rows {
		slos = append(slos, r.labels["slo"])
		titles = append(titles, r.title)
		services = append(services, r.labels["service"])
		promises = append(promises, promiseText(r))
		statuses[i] = nullable(r.value("status"))
		executive = append(executive, executiveWords(r))
	}
	frame := data.NewFrame("statement",
		data.NewField("slo", nil, slos).SetConfig(&data.FieldConfig{DisplayNameFromDS: "SLO"}),
		data.NewField("title", nil, titles).SetConfig(&data.FieldConfig{DisplayNameFromDS: "Name"}),
		data.NewField("service", nil, services).SetConfig(&data.FieldConfig{DisplayNameFromDS: "Service"}),
		data.NewField("promise", nil, promises).SetConfig(&data.FieldConfig{DisplayNameFromDS: "What we promised"}),
		data.NewField("status", nil, statuses).SetConfig(field("status", "", nil, 0)),
		data.NewField("executive", nil, executive).SetConfig(&data.FieldConfig{DisplayNameFromDS: "How it went"}),
	)
	a.frames = data.Frames{frame}
}

// executiveWords says whether a promise was kept and what it cost, to somebody who
// knows the business and not the system. Every clause stands for one figure.
func executiveWords(r row) string {
	m := r.members[0]
	period := "the last " + spokenWindow(m.objective.Window())
	if m.err != nil {
		return "Cannot tell: this could not be evaluated."
	}
	if !r.Measured {
		return "Cannot tell: there is no data for " + period + "."
	}
	events, failed := "requests", "failed"
	if m.slo.Agreement != nil {
		events, failed = m.slo.Agreement.Events, m.slo.Agreement.Failed
	}
	happened := fmt.Sprintf("in %s, %s of %s %s %s", period, writeCount(r.Events.Bad()), writeCount(r.Events.Total), events, failed)
	allowed := fmt.Sprintf("our promise of %s allows %s", writeTarget(r.Target), writeCount(math.Floor(r.Allowed+1e-9))) // half a failure is not allowed
	var sentences []string
	switch r.Status {
	case slo.Met, slo.AtRisk:
		verdict := "Kept"
		if r.Status == slo.AtRisk {
			verdict = "Kept, but at risk"
		}
		sentences = append(sentences,
			fmt.Sprintf("%s: %s; %s.", verdict, happened, allowed),
			fmt.Sprintf("%s of the failures that it allows are left.", writeShare(r.BudgetRemaining.Value)))
	case slo.Missed:
		sentences = append(sentences, fmt.Sprintf("Missed: %s; %s. That is %s as many as it allows.", happened, allowed, times(r.BudgetConsumed.Value)))
	case slo.CannotTell:
		if !r.SLI.Known {
			return "Cannot tell: " + r.why() + "."
		}
		sentences = append(sentences, fmt.Sprintf("Cannot tell: %s. As far as we know, %s; %s.", r.why(), happened, allowed))
	}
	return strings.Join(append(sentences, moneyWords(r)...), " ")
}

// moneyWords says what failures cost; nothing where nobody said what an event is
// worth or nothing failed.
func moneyWords(r row) []string {
	if r.loss == nil || r.loss.Gross.High == 0 {
		return nil
	}
	currency := only(r.currencies())
	words := "These failures cost about " + writeMoneyRange(r.loss.Gross, currency)
	if excess := r.loss.Excess; excess.Base > 0 && r.Status == slo.Missed {
		words += fmt.Sprintf(", %s more than the promise accepts", writeMoney(excess.Base, currency))
	}
	return []string{words + "."}
}

// why says why there is no verdict. Other warnings, such as one about money, are no
// reason for that.
func (r row) why() string {
	var causes []string
	for _, w := range r.Report.Warnings {
		causes = append(causes, w.Text)
	}
	return reasons(causes)
}

// reasons are warnings as one clause.
func reasons(warnings []string) string { return strings.Join(warnings, "; ") }

// times writes a factor: 2.8 times.
func times(factor float64) string {
	if factor >= 10 {
		return thousands(math.Round(factor)) + " times"
	}
	return fmt.Sprintf("%.1f times", factor)
}

// writeShare writes a share in whole percent, as the panels beside it show it.
func writeShare(share float64) string { return fmt.Sprintf("%.0f%%", share*100) }

// writeTarget writes a target as somebody would say it: 99.9%.
func writeTarget(target float64) string {
	return fmt.Sprintf("%g%%", math.Round(target*100*1e6)/1e6)
}

// spokenWindow is a window in words: 28 days.
func spokenWindow(w slo.Window) string {
	text := w.String()
	number, unit := text[:len(text)-1], text[len(text)-1:]
	word := map[string]string{"d": "day", "h": "hour", "m": "minute"}[unit]
	if number == "1" {
		return word
	}
	return number + " " + word + "s"
}

// currencySymbols are written before the amount; other currencies by their code.
var currencySymbols = map[string]string{"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "INR": "₹", "KRW": "₩", "ILS": "₪", "BRL": "R$"}

// writeMoney writes an amount with two significant figures.
func writeMoney(amount float64, currency string) string {
	symbol, ok := currencySymbols[currency]
	if !ok && currency != "" {
		symbol = currency + " "
	}
	rounded := significantly(amount, 2)
	switch {
	case math.Abs(rounded) >= 1e6:
		return symbol + significant(rounded/1e6, 2) + " million"
	case math.Abs(rounded) >= 10:
		return symbol + thousands(rounded)
	}
	return symbol + fmt.Sprintf("%.2f", rounded)
}

// writeMoneyRange writes an amount with the range that it may lie in.
func writeMoneyRange(r impact.Range, currency string) string {
	low, base, high := writeMoney(r.Low, currency), writeMoney(r.Base, currency), writeMoney(r.High, currency)
	if low == base && base == high {
		return base
	}
	return fmt.Sprintf("%s (between %s and %s)", base, low, high)
}
