package words

import (
	"math"
	"time"

	"golang.org/x/text/currency"
	"golang.org/x/text/number"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/impact"
)

// Figures of counts and of money: more would claim to know more than is known.
const (
	countFigures = 3
	moneyFigures = 2
)

// moneyStyle is where a language puts a currency's sign.
type moneyStyle struct {
	before, after string            // what stands between the sign and the amount; one of them is used
	signAfter     bool              // 1.200 €
	signs         map[string]string // by ISO 4217 code; others are written by their code
	scales        []scale           // words for large amounts; those of counts where there are none
	afterScale    string            // what stands between such a word and the sign
}

// signs are what most languages write.
var signs = map[string]string{"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "INR": "₹", "KRW": "₩", "ILS": "₪", "BRL": "R$"}

const nbsp = "\u00a0"

// Decimal is a number with at most so many decimals.
func (l *Language) Decimal(v float64, decimals int) string {
	return l.decimal(v, 0, decimals)
}

func (l *Language) decimal(v float64, least, most int) string {
	return l.printer.Sprint(number.Decimal(v, number.MinFractionDigits(least), number.MaxFractionDigits(most)))
}

// Count is a number of events or customers: whole, and with three significant figures
// where it is large.
func (l *Language) Count(n float64) string {
	text, _ := l.count(n)
	return text
}

// count also reports whether the number ends in a word, such as million.
func (l *Language) count(n float64) (string, bool) {
	if text, ok := l.scaled(l.scales, n, countFigures); ok {
		return text, true
	}
	if math.Abs(n) >= 10_000 {
		n = significantly(n, countFigures)
	}
	return l.decimal(math.Round(n), 0, 0), false
}

// scaled writes a large number with a word for its size.
func (l *Language) scaled(scales []scale, n float64, figures int) (string, bool) {
	rounded := significantly(n, figures)
	for _, s := range scales {
		if math.Abs(rounded) < s.unit || math.Abs(rounded) < 999_999 { // smaller ones are written out
			continue
		}
		word := s.many
		if math.Abs(rounded/s.unit) < s.manyFrom {
			word = s.one
		}
		return l.decimal(significantly(rounded/s.unit, figures), 0, figures) + word, true
	}
	return "", false
}

// CountOf is a number of things.
func (l *Language) CountOf(n float64, things string) string {
	text, word := l.count(n)
	if word && l.of != nil {
		return text + l.of(things)
	}
	return text + " " + things
}

// Percent is a ratio with at most so many decimals, rounded down: what is not quite
// all must not read as 100 %.
func (l *Language) Percent(ratio float64, decimals int) string {
	scale := math.Pow(10, float64(decimals+2))
	return l.percent(math.Floor(ratio*scale+1e-6)/scale, decimals)
}

// Share is a ratio in whole percent, as the panels beside it show it.
func (l *Language) Share(ratio float64) string { return l.percent(ratio, 0) }

// Probabilities below the first, and from the second on, would round to 0 and 100 %.
const (
	NearlyNever = 0.005
	NearlySure  = 0.995
)

// Chance is a probability in whole percent. Nothing that is foreseen is certain: none
// reads as 0 or 100 %.
func (l *Language) Chance(ratio float64) string {
	switch {
	case ratio < NearlyNever:
		return "< " + l.Share(0.01)
	case ratio >= NearlySure:
		return "> " + l.Share(0.99)
	}
	return l.Share(ratio)
}

// Target is a target as somebody would say it: 99.9 %.
func (l *Language) Target(target float64) string { return l.percent(target, 6) }

func (l *Language) percent(ratio float64, decimals int) string {
	return l.printer.Sprint(number.Percent(ratio, number.MaxFractionDigits(decimals)))
}

// Money is an amount with two significant figures in a currency, given by its ISO
// 4217 code; an empty code leaves the currency out.
func (l *Language) Money(amount float64, code string) string {
	scales, gap := l.money.scales, l.money.afterScale
	if scales == nil {
		scales, gap = l.scales, l.money.after
	}
	text, ok := l.scaled(scales, amount, moneyFigures)
	if !ok {
		text, gap = l.amount(significantly(amount, moneyFigures), code), l.money.after
	}
	sign, known := l.money.signs[code]
	switch {
	case code == "":
		return text
	case !known && !l.money.signAfter:
		return code + l.codeGap() + text
	case !known:
		return text + l.codeGap() + code
	case l.money.signAfter:
		return text + gap + sign
	}
	return sign + l.money.before + text
}

// amount writes small amounts with the currency's decimals, others without.
func (l *Language) amount(rounded float64, code string) string {
	if math.Abs(rounded) >= 10 {
		return l.decimal(rounded, 0, 0)
	}
	return l.decimal(rounded, minorDigits(code), minorDigits(code))
}

// codeGap is what stands between a currency's code and the amount.
func (l *Language) codeGap() string {
	if l.tag == "en" {
		return " "
	}
	return nbsp
}

// minorDigits is how many decimals a currency has: none for the yen.
func minorDigits(code string) int {
	unit, err := currency.ParseISO(code)
	if err != nil {
		return 2
	}
	digits, _ := currency.Standard.Rounding(unit)
	return digits
}

// MoneyRange is an amount with the range that it may lie in.
func (l *Language) MoneyRange(r impact.Range, code string) string {
	return l.between(l.Money(r.Low, code), l.Money(r.Base, code), l.Money(r.High, code))
}

// CountRange is a number with the range that it may lie in.
func (l *Language) CountRange(r impact.Range) string {
	return l.between(l.Count(r.Low), l.Count(r.Base), l.Count(r.High))
}

func (l *Language) between(low, base, high string) string {
	if low == base && base == high {
		return base
	}
	return l.fill("between", map[string]string{"base": base, "low": low, "high": high})
}

// Date is a day on the clock of the zone, with the month's name: figures alone mean
// one day to Americans and another one to Europeans.
func (l *Language) Date(t time.Time, zone *time.Location) string {
	t = t.In(zone)
	key := "date"
	if _, special := l.templates["date.first"]; special && t.Day() == 1 {
		key = "date.first"
	}
	return l.fill(key, map[string]string{
		"day": l.printer.Sprint(t.Day()), "month": l.months[t.Month()-1], "year": t.Format("2006"),
	})
}

// DateTime is an instant on the clock of the zone, with the zone's name.
func (l *Language) DateTime(t time.Time, zone *time.Location) string {
	return l.fill("datetime", map[string]string{"date": l.Date(t, zone), "time": t.In(zone).Format("15:04"), "zone": t.In(zone).Format("MST")})
}

// significantly rounds to so many significant figures.
func significantly(v float64, figures int) float64 {
	if v == 0 || math.IsInf(v, 0) || math.IsNaN(v) {
		return v
	}
	scale := math.Pow(10, float64(figures-1)-math.Floor(math.Log10(math.Abs(v))))
	return math.Round(v*scale) / scale
}
