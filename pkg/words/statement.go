package words

import (
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// String is the statement as text.
func (s Statement) String() string {
	var text strings.Builder
	for i, one := range s {
		if i > 0 && !strings.HasSuffix(s[i-1].Text, "。") { // no space follows that stop
			text.WriteString(" ")
		}
		text.WriteString(one.Text)
	}
	return text.String()
}

// Executive says whether a promise was kept and what it cost, to somebody who knows
// the business and not the system.
func (l *Language) Executive(f Facts) Statement {
	w := l.speaker(f)
	switch {
	case f.Failed:
		w.say("not-evaluated")
		w.declared()
		return w.said
	case !f.Report.Measured:
		w.say("no-data")
		w.declared()
		return w.said
	case f.Report.Status == slo.CannotTell && !f.Report.SLI.Known:
		w.say("cannot-tell")
		w.declared()
		return w.said
	}
	switch f.Report.Status {
	case slo.Missed:
		w.say("verdict")
		w.say("times-as-many")
	case slo.CannotTell:
		w.say("cannot-tell-yet")
	default:
		w.say("verdict")
		w.say("left")
	}
	w.money()
	w.ahead()
	return w.said
}

// Product says how much room a promise leaves, to somebody who decides what is built
// next.
func (l *Language) Product(f Facts) Statement {
	w := l.speaker(f)
	if !w.begin("product", "product-yet") {
		w.declared()
		return w.said
	}
	switch r := f.Report; {
	case !r.BudgetRemaining.Known:
	case r.BudgetRemaining.Value < 0:
		w.say("over")
	default:
		w.say("may-fail")
	}
	w.sayIf(f.Report.BurnRate.Known && f.Lookback > 0, "pace")
	w.money()
	w.ahead()
	w.sayIf(f.Policy != "", "policy")
	return w.said
}

// Engineer says the figures, to somebody who looks after the system.
func (l *Language) Engineer(f Facts) Statement {
	w := l.speaker(f)
	if !w.begin("engineer-verdict", "engineer") {
		return w.said
	}
	if f.Report.Status != slo.CannotTell {
		w.say("engineer")
	}
	w.sayIf(f.Report.BudgetConsumed.Known, "budget")
	w.sayIf(f.Report.BurnRate.Known && f.Lookback > 0, "burn")
	w.say("coverage")
	w.sayIf(f.Miss.Known, "engineer-miss")
	w.sayIf(!f.Exhausted.IsZero(), "engineer-exhausted")
	w.sayIf(!f.Recovers.IsZero(), "engineer-recovers")
	w.sayIf(f.Policy != "", "policy")
	return w.said
}

// speaker says sentences about facts.
type speaker struct {
	language *Language
	facts    Facts
	words    map[string]string
	said     Statement
}

// begin says the sentence about the SLI, which there is one of with a verdict and one
// without, or that nothing can be said; false then.
func (w *speaker) begin(sure, unsure string) bool {
	switch r := w.facts.Report; {
	case w.facts.Failed:
		w.say("not-evaluated")
		return false
	case !r.Measured:
		w.say("no-data")
		return false
	case !r.SLI.Known:
		w.say("cannot-tell")
		return false
	case r.Status == slo.CannotTell:
		w.say("cannot-tell")
		w.say(unsure)
	default:
		w.say(sure)
	}
	return true
}

// money says what failures cost; nothing where nobody said what an event is worth or
// nothing failed.
func (w *speaker) money() {
	f := w.facts
	switch {
	case !f.Priced || f.Loss.Gross.High == 0:
	case f.Loss.Excess.Base > 0 && f.Report.Status == slo.Missed:
		w.say("cost-more")
	default:
		w.say("cost")
	}
	w.sayIf(f.CustomersKnown && f.Customers.High > 0, "customers")
	w.sayIf(f.MissingKnown && f.Missing.High > 0, "missing")
	w.declared()
}

// declared says what no counter shows; it is known without any data.
func (w *speaker) declared() { w.sayIf(w.facts.Declared > 0, "declared") }

// ahead says what is to be expected.
func (w *speaker) ahead() {
	f := w.facts
	w.sayIf(f.Miss.Known && f.Report.Status != slo.Missed, "miss")
	w.sayIf(!f.Exhausted.IsZero() && f.Report.Status != slo.Missed, "exhausted")
	w.sayIf(!f.Recovers.IsZero() && f.Report.Status == slo.Missed, "recovers")
}

func (w *speaker) sayIf(when bool, key string) {
	if when {
		w.say(key)
	}
}

// say adds a sentence, with the figures that its places stand for.
func (w *speaker) say(key string) {
	var from []string
	for _, place := range places(w.language.templates[key]) {
		if m := measures[place]; !slices.Contains(from, m) {
			from = append(from, m)
		}
	}
	w.said = append(w.said, Sentence{Text: w.language.fill(key, w.words), From: from})
}

// speaker writes all figures that are known.
func (l *Language) speaker(f Facts) *speaker {
	if f.Zone == nil {
		f.Zone = time.UTC
	}
	if f.Window == 0 {
		f.Since = f.Report.From
	}
	words := l.figures(f)
	maps.Copy(words, l.stakes(f))
	maps.Copy(words, l.instants(f))
	return &speaker{language: l, facts: f, words: words}
}

// figures are those of the report.
func (l *Language) figures(f Facts) map[string]string {
	r := f.Report
	events, failed := l.named(f)
	return map[string]string{
		"verdict":     l.templates[verdicts[r.Status]],
		"during":      l.during("during", f),
		"for":         l.during("for", f),
		"bad":         l.Count(r.Counts.Bad()),
		"total":       l.Count(r.Counts.Total),
		"totalEvents": l.CountOf(r.Counts.Total, events),
		"events":      events,
		"failed":      failed,
		"target":      l.Target(r.Target),
		"allowed":     l.allowed(f),
		"limit":       l.Count(math.Floor(r.Allowed + 1e-9)),
		"sli":         l.Percent(r.SLI.Value, decimalsOf(r.Target)),
		"coverage":    l.Percent(r.Coverage, 1),
		"remaining":   l.Share(r.BudgetRemaining.Value),
		"consumed":    l.Share(r.BudgetConsumed.Value),
		"times":       l.times(r.BudgetConsumed.Value),
		"left":        l.Count(math.Floor(r.Allowed - r.Counts.Bad() + 1e-9)),
		"over":        l.Count(math.Ceil(r.Counts.Bad() - r.Allowed - 1e-9)),
		"burn":        l.times(r.BurnRate.Value),
		"why":         l.why(r.Warnings, r.Coverage),
	}
}

// stakes are what failures cost and whom they reached.
func (l *Language) stakes(f Facts) map[string]string {
	return map[string]string{
		"loss":         l.MoneyRange(f.Loss.Gross, f.Currency),
		"excess":       l.Money(f.Loss.Excess.Base, f.Currency),
		"customers":    l.CountRange(f.Customers),
		"missing":      l.MoneyRange(f.Missing, f.Currency),
		"declared":     l.Count(float64(f.Declared)),
		"declaredCost": l.MoneyRange(f.DeclaredCost, f.Currency),
		"miss":         l.Chance(f.Miss.Value),
		"policy":       f.Policy,
	}
}

// instants are those that are known.
func (l *Language) instants(f Facts) map[string]string {
	words := map[string]string{}
	if f.Lookback > 0 {
		words["lookback"] = l.span("during", f.Lookback)
	}
	if !f.Exhausted.IsZero() {
		words["exhausted"], words["exhaustedAt"] = l.Date(f.Exhausted, f.Zone), l.DateTime(f.Exhausted, f.Zone)
	}
	if !f.Recovers.IsZero() {
		words["recovers"], words["recoversAt"] = l.Date(f.Recovers, f.Zone), l.DateTime(f.Recovers, f.Zone)
	}
	return words
}

var verdicts = map[slo.Status]string{slo.Met: "met", slo.AtRisk: "at-risk", slo.Missed: "missed", slo.CannotTell: "cannot-tell-word"}

// allowed is how many failures the whole window allows, half a failure not being
// allowed; with the last day of a calendar window that is not over, since its budget is
// that of what is expected until then.
func (l *Language) allowed(f Facts) string {
	count := l.Count(math.Floor(f.Report.Allowed + 1e-9))
	if f.Window > 0 || !f.Report.End.After(f.Report.To) {
		return count
	}
	last := f.Report.End.Add(-time.Nanosecond)
	return l.fill("allowed.by", map[string]string{"allowed": count, "date": l.Date(last, f.Zone)})
}

// The words that stand for events where nobody chose any, or chose what everybody says.
// Every language has its own for these.
const (
	defaultEvents = "requests"
	defaultFailed = "failed"
)

// named are the words for what is counted and for its failing: those of the agreement
// for events, and our own for slices of time.
func (l *Language) named(f Facts) (events, failed string) {
	key := ""
	if f.Report.Method == slo.Timeslices || f.Report.Method == slo.RatioTimeslices {
		key = "slices."
		events, failed = l.slices(f.Slice), ""
	} else {
		events, failed = f.Events, f.FailedWord
	}
	if events == "" || events == defaultEvents {
		events = l.templates["events"]
	}
	if failed == "" || failed == defaultFailed {
		failed = l.templates[key+"failed"]
		if l.one(math.Round(f.Report.Counts.Bad())) {
			failed = l.templates[key+"failed.one"]
		}
	}
	return events, failed
}

// slices are slices of time of a length.
func (l *Language) slices(length time.Duration) string {
	if length <= time.Minute {
		return l.templates["slices.one"]
	}
	return l.fill("slices", map[string]string{"n": l.Decimal(length.Minutes(), 1)})
}

// during is the window in words.
func (l *Language) during(kind string, f Facts) string {
	if !f.Since.IsZero() {
		return l.fill("since", map[string]string{"date": l.Date(f.Since, f.Zone)})
	}
	return l.span(kind, f.Window)
}

// span is a length of time that ends now, in the largest unit that divides it.
func (l *Language) span(kind string, d time.Duration) string {
	n, unit := d/time.Minute, "minute"
	switch {
	case d > 0 && d%(24*time.Hour) == 0:
		n, unit = d/(24*time.Hour), "day"
	case d > 0 && d%time.Hour == 0:
		n, unit = d/time.Hour, "hour"
	}
	if n == 1 {
		return l.fill(kind+"."+unit, nil)
	}
	return l.fill(kind+"."+unit+"s", map[string]string{"n": l.Decimal(float64(n), 0)})
}

// times writes a factor: 2.8, and whole from 10 on.
func (l *Language) times(factor float64) string {
	if math.Abs(factor) >= 10 {
		return l.Decimal(math.Round(factor), 0)
	}
	return l.decimal(factor, 1, 1)
}

// why says why there is no verdict, by the kinds of warnings. A kind that this language
// has no words for is given in the warning's own.
func (l *Language) why(warnings []slo.Warning, coverage float64) string {
	var causes []string
	for _, w := range warnings {
		text := w.Text
		if _, ok := l.templates["why."+string(w.Kind)]; ok {
			text = l.fill("why."+string(w.Kind), map[string]string{"coverage": l.Percent(coverage, 1)})
		}
		causes = append(causes, text)
	}
	if len(causes) == 0 {
		return l.templates["why"]
	}
	return strings.Join(causes, "; ")
}

// decimalsOf is how many decimals an SLI in percent needs to be told from a target.
func decimalsOf(target float64) int {
	if !(target > 0 && target < 1) {
		return 1
	}
	return max(1, int(math.Ceil(-math.Log10(1-target)-1e-9))-1)
}
