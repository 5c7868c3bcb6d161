package prom

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Rules record, every RecordedEvery, by how many events an indicator grew in the last
// five minutes of the clock that are complete: in RecordedMetric, with the label
// definition, which tells the indicator by what it counts, and kind, which is good, bad
// or total. Where raw samples are too many to be read, sums of these are read instead.
//
// What is recorded at an instant is the growth in [A - 5m, A), A being the last multiple
// of five minutes that was at least RecordedDelay ago: whenever in its five minutes a
// rule runs, it records the same. So sums of slices are as exact at their edges as
// counting is.
const (
	RecordedMetric = "stakes_slice_events"
	RecordedEvery  = 5 * time.Minute
	// RecordedDelay leaves scrapes that are under way, and what is sent on, the time to
	// arrive.
	RecordedDelay = time.Minute
)

// recordedLag is how long after the beginning of five minutes at the earliest, and
// after their end at the latest, what they hold is recorded.
const recordedLag = RecordedDelay + RecordedEvery

// The kinds of what is recorded beside events.
const (
	kindSeen   = "seen"   // above 0 where there was any series, else 0
	kindRan    = "ran"    // 1: rules ran, and could tell births from what was there before
	kindShared = "shared" // a process has series of several groups
)

// kindsOfEvents are those of an indicator's expressions, in their order.
var kindsOfEvents = []string{"total", "good", "bad"}

// SliceRules are the rules that record an indicator's slices.
type SliceRules struct {
	// Definition tells the indicator by what it counts, whatever it is called.
	Definition string
	Rules      []SliceRule // in the order in which they are to run
	of         *compiled
}

// Over is PromQL for about how many events of a kind (total, good or bad) there were in a
// time until now: by the store's own increase, which misses the first value of a counter
// that is born in it.
func (r SliceRules) Over(events string, length time.Duration) string {
	over := "[" + seconds(length) + "]"
	expr := ""
	for _, t := range r.of.expressions()[slices.Index(kindsOfEvents, events)].terms {
		function := map[kind]string{counterGrowth: "increase", sampleSum: "sum_over_time", sampleCount: "count_over_time"}[t.kind]
		sum := "sum(" + function + "(" + t.selector + over + "))"
		if expr != "" && !t.bucket {
			sum = "(" + sum + " or vector(0))"
		}
		switch {
		case t.sign < 0:
			expr += " - " + sum
		case expr != "":
			expr += " + " + sum
		default:
			expr = sum
		}
	}
	return expr
}

// SliceRule is one of them.
type SliceRule struct {
	Labels map[string]string
	Expr   string
}

// Has reports whether events of a kind (total, good or bad) are recorded.
func (r SliceRules) Has(events string) bool {
	return r.of.expressions()[slices.Index(kindsOfEvents, events)].written != ""
}

// OfBuckets reports whether events of a kind are those of a histogram's bucket, which is
// there as soon as its process is: where it is not, nothing is known of them.
func (r SliceRules) OfBuckets(events string) bool {
	return slices.ContainsFunc(r.of.expressions()[slices.Index(kindsOfEvents, events)].terms, func(t term) bool { return t.bucket })
}

// RulesFor are the rules that record an indicator's slices. The error says in a sentence
// why there are none, where its events cannot be counted by rules; it is a [QueryError]
// where they cannot be counted at all.
func RulesFor(ind Indicator) (SliceRules, error) {
	c, err := compileIndicator(ind)
	if err != nil {
		return SliceRules{}, QueryError{err}
	}
	if err := c.recordable(); err != nil {
		return SliceRules{}, err
	}
	w := ruleWriter{c, c.definition()}
	return SliceRules{Definition: w.definition, Rules: w.all(), of: c}, nil
}

// ruleLabels are those that rules write, which groups cannot have too.
var ruleLabels = []string{"slo", "definition", "kind", "term"}

// recordable is nil for an indicator whose events rules can count.
func (c *compiled) recordable() error {
	switch c.method {
	case Counted:
	case RatioOnly:
		return fmt.Errorf("its ratio does not tell how many events there were")
	case Checked:
		return fmt.Errorf("its value is compared once per scrape, which rules do not know of")
	default:
		return fmt.Errorf("its queries are no plain sums of counters, and are evaluated as they are written")
	}
	for _, x := range c.expressions() {
		if slices.ContainsFunc(x.terms, term.ofHistogram) {
			return fmt.Errorf("rules cannot count what a native histogram grew by")
		}
	}
	for _, label := range c.by {
		if slices.Contains(ruleLabels, label) {
			return fmt.Errorf("it is grouped by %s, which is a label of the rules' own", label)
		}
	}
	return nil
}

// definitionVersion changes when rules record something else than before.
const definitionVersion = "1"

// definition names what an indicator counts, and by which labels: 64 bits of a digest,
// so that what rules of another definition recorded is never taken for it.
func (c *compiled) definition() string {
	parts := []string{definitionVersion, strings.Join(c.by, ",")}
	for i, x := range c.expressions() {
		if x.written == "" {
			continue
		}
		parts = append(parts, kindsOfEvents[i])
		for _, t := range x.terms {
			parts = append(parts, fmt.Sprint(t.sign, " ", t.key()))
		}
	}
	sum := sha256.Sum256([]byte(strings.Join(parts, "\n")))
	return hex.EncodeToString(sum[:8])
}

// recordedSelector selects what was recorded of a definition.
func recordedSelector(definition, kind string) string {
	return fmt.Sprintf("%s{definition=%q,kind=%q}", RecordedMetric, definition, kind)
}

type ruleWriter struct {
	*compiled
	definition string
}

func (w ruleWriter) all() []SliceRule {
	rules := []SliceRule{
		w.rule(kindSeen, "count("+w.anySeries()+") or vector(0)"),
		w.rule(kindRan, "count(last_over_time("+recordedSelector(w.definition, kindSeen)+"[1d])) > bool 0"),
	}
	if len(w.by) > 0 {
		rules = append(rules, w.rule(kindShared, w.groupsOfAProcess()+" > 1"))
	}
	for i, x := range w.expressions() {
		if slices.ContainsFunc(x.terms, func(t term) bool { return t.bucket }) {
			rules = append(rules, w.rule(kindsOfEvents[i], w.together(x.terms)))
			continue
		}
		for k, t := range x.terms {
			rule := w.rule(kindsOfEvents[i], w.events(t))
			if len(x.terms) > 1 {
				rule.Labels["term"] = fmt.Sprint(k + 1)
			}
			rules = append(rules, rule)
		}
	}
	return rules
}

// together are the events of terms of which one is a histogram's bucket: in one rule, so
// that nothing is recorded where the bucket is not there. Other counters may not be born
// yet, and are recorded each by itself.
func (w ruleWriter) together(terms []term) string {
	expr := w.events(terms[0])
	for _, t := range terms[1:] {
		expr += " + " + w.events(t)
	}
	return expr
}

// rule records an expression as it was at the last multiple of five minutes that was
// RecordedDelay ago: the steps of a subquery are multiples of their length.
func (w ruleWriter) rule(kind, expr string) SliceRule {
	return SliceRule{
		Labels: map[string]string{"definition": w.definition, "kind": kind},
		Expr:   "last_over_time((" + expr + ")[5m:5m] offset 1m)",
	}
}

// Ranges end a millisecond before their instant, so that they are half-open.
const (
	lastFive   = "[5m] offset 1ms"
	fiveBefore = "[5m] offset 5m1ms"
	dayBefore  = "[1d] offset 5m1ms"
)

// anySeries are all series of the indicator.
func (w ruleWriter) anySeries() string {
	var all []string
	for _, x := range w.expressions() {
		for _, t := range x.terms {
			if one := "last_over_time(" + t.selector + lastFive + ")"; !slices.Contains(all, one) {
				all = append(all, one)
			}
		}
	}
	return strings.Join(all, " or ")
}

// groupsOfAProcess is how many groups the process has that has most: where that is more
// than one, a group is watched whenever any is.
func (w ruleWriter) groupsOfAProcess() string {
	var process []string
	for _, label := range processLabels {
		process = append(process, string(label))
	}
	both := slices.Clone(process)
	for _, label := range w.by {
		if !slices.Contains(both, label) {
			both = append(both, label)
		}
	}
	return fmt.Sprintf("max(count by (%s) (count by (%s) (%s)))", strings.Join(process, ", "), strings.Join(both, ", "), w.anySeries())
}

// events are the events of a term in the last five minutes.
func (w ruleWriter) events(t term) string {
	var one string
	switch t.kind {
	case sampleCount:
		one = "count_over_time(" + t.selector + lastFive + ")"
	case sampleSum:
		one = "sum_over_time(" + t.selector + lastFive + ")"
	default:
		one = w.grown(t.selector)
	}
	one = "(" + one + ") < Inf" // and no NaN
	sum := "sum(" + one + ")"
	if len(w.by) > 0 {
		sum = "sum by (" + strings.Join(w.by, ", ") + ") (" + one + ")"
	}
	if t.sign < 0 {
		return "-1 * " + sum
	}
	return sum
}

// grown is what each series of a counter grew by: the difference to its last value of a
// day. Where it fell, its process started anew, and it counts from its highest value
// before and from zero. Where there was none, it was born and counts whole, if anything
// of the indicator was there before.
func (w ruleWriter) grown(selector string) string {
	now := "last_over_time(" + selector + lastFive + ")"
	return "(" + now + " - last_over_time(" + selector + dayBefore + ") >= 0)" +
		" or (" + now + " + clamp_min(max_over_time(" + selector + lastFive + ") - last_over_time(" + selector + fiveBefore + "), 0))" +
		" or (" + now + " and on () (max_over_time(" + recordedSelector(w.definition, kindSeen) + "[1d]) > 0))"
}
