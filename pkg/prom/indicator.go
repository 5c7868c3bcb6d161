package prom

import (
	"fmt"
	"slices"
	"strings"
)

// Indicator tells good events from all of them by PromQL. What is not given is
// empty. It is given in one of three ways: as counts, by Total with one of Good and
// Bad, or by Good with Bad; as a ratio, by Raw; or as checks of a value, by
// Threshold.
type Indicator struct {
	Good, Bad, Total string

	// Raw is a ratio in [0, 1] that somebody has computed already, of successes or,
	// with RawFailure, of failures. Its events are not known: every minute in which it
	// has a value weighs the same.
	Raw        string
	RawFailure bool

	// Threshold is a value that is good where Op Value holds: Op is lt, lte, gt or gte.
	// Every check, one for each scrape interval, is an event.
	Threshold string
	Op        string
	Value     float64

	// AbsentIsBad makes a check, or a minute of a ratio, count as failed where the
	// query gives nothing while the store is fed: see docs/counting.md.
	AbsentIsBad bool
}

// The ways in which events are counted.
const (
	Counted   = "counted"    // differences of the counters' own values
	AsWritten = "as-written" // the queries evaluated as they stand, once per slice
	Checked   = "checked"    // a value compared once per scrape interval
	RatioOnly = "ratio-only" // a ratio averaged over minutes; its events are not known
	Recorded  = "recorded"   // sums of the growth that rules recorded
)

// compiled is an indicator with its queries understood.
type compiled struct {
	Indicator
	total, good, bad expression // those that are given have written set
	method           string
	by               []string // the labels that make groups
	byErr            error    // why there are no groups
	tag              string   // keeps what is counted apart from what the same queries give elsewhere
	fromRaw          bool     // what rules recorded is not asked for
}

// compileIndicator understands all of an indicator's queries. They are counted
// only if all of them can be: a count and an estimate do not make a ratio.
func compileIndicator(ind Indicator) (*compiled, error) {
	u := indicatorsRead.of(ind, func() compiling {
		c, err := understand(ind)
		return compiling{c, err}
	})
	if u.err != nil {
		return nil, u.err
	}
	own := *u.compiled // who counts may change it
	for _, x := range own.expressions() {
		x.terms = slices.Clone(x.terms)
	}
	return &own, nil
}

// compiling is an indicator understood, or why it cannot be.
type compiling struct {
	*compiled
	err error
}

func understand(ind Indicator) (*compiled, error) {
	c := &compiled{Indicator: ind}
	ways := 0
	for _, given := range []bool{ind.Good != "" || ind.Bad != "" || ind.Total != "", ind.Raw != "", ind.Threshold != ""} {
		if given {
			ways++
		}
	}
	var err error
	switch {
	case ways > 1:
		return nil, fmt.Errorf("an indicator is given in several ways; expected one of good, bad and total events, a raw ratio, or a threshold")
	case ind.Raw != "":
		err = c.compileRaw()
	case ind.Threshold != "":
		err = c.compileThreshold()
	default:
		err = c.compileCounts()
	}
	return c, err
}

// compileCounts understands queries for numbers of events.
func (c *compiled) compileCounts() error {
	if (c.Good == "" || c.Bad == "") && (c.Total == "" || c.Good == "" && c.Bad == "") {
		return fmt.Errorf("an indicator needs two of good, bad and total events")
	}
	if c.AbsentIsBad {
		return fmt.Errorf("an indicator of events cannot count absence as bad; expected a threshold or a raw ratio")
	}
	c.method = Counted
	given := c.expressions()
	for i, query := range []string{c.Total, c.Good, c.Bad} {
		if query == "" {
			continue
		}
		x, err := compile(query)
		if err != nil {
			return err
		}
		if i == 0 && bareGauge(query) {
			x.terms[0].kind = sampleCount // up as a total is the number of checks
		}
		if x.terms == nil {
			c.method = AsWritten
		}
		*given[i] = x
	}
	if c.method == AsWritten {
		for _, x := range given {
			if x.written == "" || x.terms == nil {
				continue
			}
			if err := x.readAsWritten(); err != nil {
				return err
			}
			if x.onlyCounted() && x.window == 0 {
				return fmt.Errorf("PromQL %s is counted by its samples and the other query of the indicator cannot be; expected both in one way, such as sum_over_time of one and count_over_time of the other", x.written)
			}
		}
	}
	c.group()
	return nil
}

// expressions are the total, the good and the bad events, in this order.
func (c *compiled) expressions() []*expression {
	return []*expression{&c.total, &c.good, &c.bad}
}

// group finds the labels that make groups: those that the indicator's queries are
// all grouped by.
func (c *compiled) group() {
	first := ""
	for _, x := range c.expressions() {
		if x.written == "" {
			continue
		}
		by, err := groupingOf(x.written)
		switch {
		case err != nil:
			c.byErr = err
			return
		case first == "":
			first, c.by = x.written, by
		case !slices.Equal(c.by, by):
			c.byErr = fmt.Errorf("PromQL %s is grouped by %s and PromQL %s by %s; expected the same labels", first, listed(c.by), x.written, listed(by))
			return
		}
	}
}

func listed(labels []string) string {
	if len(labels) == 0 {
		return "nothing"
	}
	return strings.Join(labels, ", ")
}

// GroupLabels are the labels that an indicator's events are grouped by, sorted: those
// of sum by (...) around its queries. There are none where it has no groups.
func GroupLabels(ind Indicator) ([]string, error) {
	c, err := compileIndicator(ind)
	if err != nil {
		return nil, QueryError{err}
	}
	if c.byErr != nil {
		return nil, QueryError{c.byErr}
	}
	return slices.Clone(c.by), nil
}
