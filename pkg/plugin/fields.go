package plugin

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/words"
)

// The colours of verdicts can be told apart by colour-blind readers too (Okabe and
// Ito 2008); text always stands beside them.
const (
	green  = "#009E73"
	orange = "#E69F00"
	red    = "#D55E00"
	grey   = "#8E8E8E"
)

// statusWords are the verdicts in the words of a stakeholder.
var statusWords = map[slo.Status]string{
	slo.Met: "Kept", slo.AtRisk: "At risk", slo.Missed: "Missed", slo.CannotTell: "Cannot tell",
}

var statusColors = map[slo.Status]string{slo.Met: green, slo.AtRisk: orange, slo.Missed: red, slo.CannotTell: grey}

// field is how a measure looks: unit, decimals, thresholds and what its values
// mean. values are those that will be shown, which decide how many decimals say
// something; target is the strictest one among them.
func field(name, currency string, values []slo.Number, target float64) *data.FieldConfig {
	config := &data.FieldConfig{NoValue: "no data"}
	if m, ok := find(measures, name); ok {
		config.DisplayNameFromDS, config.Description = m.Title, m.Words
	} else if m, bound := boundOf(name); bound != "" {
		config.DisplayNameFromDS = m.Title + ", " + bound
	}
	switch name {
	case "sli", "target", "sli_low", "sli_high", "sli_uncorrected":
		config.Unit = "percentunit"
		config.SetDecimals(targetDecimals(target))
		if name == "sli" && target > 0 && target < 1 {
			config.Thresholds = thresholds(-1, red, target, green)
		}
	case "coverage":
		config.Unit = "percentunit"
		config.SetDecimals(1)
		config.Thresholds = thresholds(-1, red, slo.DefaultRules.MinCoverage, green)
	case "budget_consumed", "budget_consumed_to_date":
		config.Unit = "percentunit"
		config.SetDecimals(0)
		config.Thresholds = thresholds(-1, green, 1-slo.DefaultRules.AtRiskBelow, orange, 1, red)
	case "budget_remaining", "budget_remaining_to_date", "budget_remaining_uncorrected":
		config.Unit = "percentunit"
		config.SetDecimals(0)
		config.Thresholds = thresholds(lowestRemaining(target), red, 0, orange, slo.DefaultRules.AtRiskBelow, green)
	case "burn_rate":
		config.Unit = "suffix: ×"
		config.SetDecimals(1)
		config.Thresholds = thresholds(-1, green, 1, orange, 10, red)
	case "miss_probability":
		ofChance(config)
		config.Thresholds = thresholds(-1, green, 0.2, orange, 0.5, red)
	case "good_events", "bad_events", "total_events", "forgiven_events":
		config.Unit = "short"
	case "budget_remaining_events":
		config.Unit = "short"
		config.Thresholds = thresholds(lowest(values), red, 0, green)
	case "budget_remaining_minutes":
		config.Unit = "m"
		config.SetDecimals(0)
		config.Thresholds = thresholds(lowest(values), red, 0, green)
	case "customers_affected", "customers_affected_low", "customers_affected_high", "customer_minutes":
		config.Unit = "short"
		config.NoValue = "not known"
	case "policy_state":
		config.SetDecimals(0)
		config.NoValue = "not known"
	case "status":
		config.SetDecimals(0)
		config.NoValue = statusWords[slo.CannotTell]
		mapper := data.ValueMapper{}
		for status, words := range statusWords {
			mapper[strconv.Itoa(int(status))] = data.ValueMappingResult{Text: words, Color: statusColors[status], Index: int(status)}
		}
		config.Mappings = data.ValueMappings{mapper}
		config.Thresholds = thresholds(-1, green, 1, orange, 2, red, 3, grey)
	}
	if strings.HasPrefix(name, "loss") || strings.HasPrefix(name, "budget_remaining_value") {
		config.Unit = currencyUnit(currency)
		config.SetDecimals(moneyDecimals(values))
		config.NoValue = noWorth
	}
	switch name {
	case "budget_remaining_value":
		config.Thresholds = thresholds(lowest(values), red, 0, green)
	case "loss_missing_demand", "loss_slow":
		config.NoValue = "not known"
	}
	return config
}

// ofChance makes a column one of chances, in whole percent. Nothing that is foreseen is
// certain: no chance reads 0 or 100 %.
func ofChance(config *data.FieldConfig) *data.FieldConfig {
	config.Unit = "percentunit"
	config.SetDecimals(0)
	between := func(from, to float64, text string) data.RangeValueMapper {
		low, high := data.ConfFloat64(from), data.ConfFloat64(to)
		return data.RangeValueMapper{From: &low, To: &high, Result: data.ValueMappingResult{Text: text}}
	}
	config.Mappings = data.ValueMappings{between(0, math.Nextafter(words.NearlyNever, 0), "< 1 %"), between(words.NearlySure, 1, "> 99 %")}
	return config
}

// What money says where it is not known: that nobody has said what an event is worth,
// or nothing but that, where somebody has and there is no data.
const (
	noWorth  = "no value set"
	notKnown = "not known"
)

// explainMoney corrects what a field of money says of what is not known, where somebody
// has said what an event is worth. groups are those of the values.
func explainMoney(config *data.FieldConfig, values []slo.Number, groups []*group) {
	if config.NoValue != noWorth {
		return
	}
	for i, v := range values {
		if !v.Known && groups[i].priced() {
			config.NoValue = notKnown
		}
	}
}

// priced says whether somebody has said what an event of a group is worth.
func (g *group) priced() bool {
	if g.route != nil && g.route.Value != nil {
		return true
	}
	return slices.ContainsFunc(g.members, func(m assessment) bool { return len(m.slo.Values) > 0 })
}

// greyUnknown makes what is not known grey: Grafana would colour it like the lowest
// number, which is green where fewer is better.
func greyUnknown(frame *data.Frame) {
	for _, f := range frame.Fields {
		if f.Config != nil && f.Config.NoValue != "" && f.Type().Numeric() {
			f.Config.Mappings = append(slices.Clone(f.Config.Mappings), data.SpecialValueMapper{
				Match: data.SpecialValueNull, Result: data.ValueMappingResult{Color: grey},
			})
		}
	}
}

// boundOf is the measure that a name is the low or high end of.
func boundOf(name string) (m measure, bound string) {
	for _, bound := range []string{"low", "high"} {
		if base, ok := strings.CutSuffix(name, "_"+bound); ok {
			if m, ok := find(measures, base); ok {
				return m, bound
			}
		}
	}
	return measure{}, ""
}

// thresholds alternates colours and the values from which the next colour holds.
//
// The first colour holds from lowest on, which the measure cannot fall below. One
// would expect minus infinity there; but that becomes null in JSON, and Grafana then
// puts its own base colour, green, in front: an overspent budget would be green. Nor
// may it be too low, or Grafana's filled regions run into each other.
func thresholds(lowest float64, steps ...any) *data.ThresholdsConfig {
	config := &data.ThresholdsConfig{Mode: data.ThresholdsModeAbsolute}
	from := lowest
	for _, step := range steps {
		switch s := step.(type) {
		case string:
			config.Steps = append(config.Steps, data.NewThreshold(from, s, ""))
		case int:
			from = float64(s)
		case float64:
			from = s
		}
	}
	return config
}

// lowestRemaining is below the budget that remains when everything fails,
// 1 - 1 / (1 - target).
func lowestRemaining(target float64) float64 {
	if target <= 0 || target >= 1 {
		return -1e6
	}
	return math.Floor(-1 / (1 - target))
}

// lowest is below all of some numbers and below zero.
func lowest(values []slo.Number) float64 {
	least := 0.0
	for _, v := range values {
		if v.Known {
			least = min(least, v.Value)
		}
	}
	return math.Floor(least) - 1
}

// targetDecimals are the decimals of a percentage that is compared with a target:
// one more than the target has, at least two.
func targetDecimals(target float64) uint16 {
	text := strconv.FormatFloat(math.Round(target*100*1e8)/1e8, 'f', -1, 64)
	_, decimals, _ := strings.Cut(text, ".")
	return uint16(max(2, min(len(decimals)+1, 6)))
}

// moneyDecimals makes Grafana's short currency formats, such as €1.2K, show about
// two significant figures of the largest amount: more would claim more than is
// known.
func moneyDecimals(values []slo.Number) uint16 {
	largest := 0.0
	for _, v := range values {
		if v.Known {
			largest = max(largest, math.Abs(v.Value))
		}
	}
	for largest >= 1000 {
		largest /= 1000
	}
	switch {
	case largest == 0 || largest >= 9.95:
		return 0
	case largest >= 0.995:
		return 1
	}
	return 2
}

// grafanaCurrencies are those that Grafana has a symbol and a format for.
const grafanaCurrencies = " USD GBP EUR JPY RUB UAH BRL DKK ISK NOK SEK CZK CHF PLN BTC ZAR INR KRW IDR PHP VND TRY MYR XPF BGN PYG UYU ILS "

func currencyUnit(code string) string {
	switch {
	case code == "":
		return "short"
	case strings.Contains(grafanaCurrencies, " "+code+" "):
		return "currency" + code
	}
	return "currency:" + code + " "
}

// nullable is a number for a frame: nil where it is unknown, or not finite, which
// Grafana alerting would take as firing.
func nullable(n slo.Number) *float64 {
	if !n.Known || math.IsNaN(n.Value) || math.IsInf(n.Value, 0) {
		return nil
	}
	return &n.Value
}

// only is the single entry of a list, or nothing.
func only(list []string) string {
	if len(list) == 1 {
		return list[0]
	}
	return ""
}
