package slotest

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/impact"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// command is an unindented line with the indented ones that belong to it.
type command struct {
	line int
	text string
	body []bodyLine
}

type bodyLine struct {
	line int
	text string
}

func parseCommands(script string) ([]command, error) {
	var commands []command
	for i, raw := range strings.Split(script, "\n") {
		text, _, _ := strings.Cut(raw, "#")
		indented := strings.HasPrefix(text, " ") || strings.HasPrefix(text, "\t")
		text = strings.TrimSpace(text)
		switch {
		case text == "":
		case !indented:
			commands = append(commands, command{line: i + 1, text: text})
		case len(commands) == 0:
			return nil, fmt.Errorf("line %d: indented line without a command above it", i+1)
		default:
			last := &commands[len(commands)-1]
			last.body = append(last.body, bodyLine{line: i + 1, text: text})
		}
	}
	return commands, nil
}

func parseLoad(args []string, body []bodyLine) (Load, error) {
	if len(args) != 1 {
		return Load{}, fmt.Errorf("load needs a step, such as load 1m")
	}
	step, err := slo.ParseDuration(args[0])
	if err != nil {
		return Load{}, err
	}
	series := map[string][]slo.Number{}
	for _, b := range body {
		name, values, _ := strings.Cut(b.text, " ")
		if series[name], err = expand(values); err != nil {
			return Load{}, fmt.Errorf("line %d: %w", b.line, err)
		}
	}
	load := Load{Step: step, Total: series["total"], Other: series["good"]}
	if bad, ok := series["bad"]; ok {
		load.Bad, load.Other = true, bad
	}
	if step.Hours()*float64(len(load.Total)) > longest.Hours() {
		return Load{}, fmt.Errorf("load reaches over more than %s", slo.FormatDuration(longest))
	}
	if len(series) != 2 || load.Total == nil || load.Other == nil {
		return Load{}, fmt.Errorf("load needs total and one of good and bad")
	}
	// The second counter is quiet where it says nothing, and absent where total is.
	for len(load.Other) < len(load.Total) {
		load.Other = append(load.Other, slo.Known(0))
	}
	return load, nil
}

// Limits of a scenario, so that a slip of the pen does not take all memory.
const (
	longest    = 20 * 365 * 24 * time.Hour // of what is loaded and asked about
	mostValues = 500_000                   // of one series, and of one question
)

// expand reads Prometheus' expanding notation.
func expand(text string) ([]slo.Number, error) {
	var values []slo.Number
	for _, word := range strings.Fields(text) {
		head, times, repeated := strings.Cut(word, "x")
		n := 0
		if repeated {
			var err error
			if n, err = strconv.Atoi(times); err != nil || n < 0 {
				return nil, fmt.Errorf("%q: expected a count after x", word)
			}
		}
		if n > mostValues || len(values)+n > mostValues {
			return nil, fmt.Errorf("%q: more than %d values", word, mostValues)
		}
		if head == "" {
			return nil, fmt.Errorf("%q: expected a, axn, a+bxn, _ or _xn", word)
		}
		if head == "_" {
			values = append(values, make([]slo.Number, max(n, 1))...)
			continue
		}
		start, delta := head, "0"
		if i := strings.IndexAny(head[1:], "+-"); i >= 0 {
			start, delta = head[:i+1], head[i+1:]
		}
		a, err1 := strconv.ParseFloat(start, 64)
		b, err2 := strconv.ParseFloat(delta, 64)
		if err1 != nil || err2 != nil {
			return nil, fmt.Errorf("%q: expected a, axn, a+bxn, _ or _xn", word)
		}
		for i := range n + 1 {
			values = append(values, slo.Known(a+float64(i)*b))
		}
	}
	return values, nil
}

func parseSLO(args []string, origin time.Time) (SLO, error) {
	if len(args) == 0 {
		return SLO{}, fmt.Errorf("slo needs a name")
	}
	s := SLO{Name: args[0], NotRecovered: impact.Exactly(1), Requests: 1, Method: slo.Occurrences}
	for _, arg := range args[1:] {
		key, value, _ := strings.Cut(arg, "=")
		var err error
		switch key {
		case "target":
			s.Target, err = strconv.ParseFloat(value, 64)
		case "window":
			s.Window = value
		case "zone":
			s.Zone = value
		case "method":
			s.Method = slo.Method(value)
		case "slice":
			s.Slice, err = slo.ParseDuration(value)
		case "slice_target":
			s.SliceTarget, err = strconv.ParseFloat(value, 64)
		case "history":
			s.History, err = parseHistory(value, origin)
		case "value":
			s.Value = new(impact.Range)
			*s.Value, err = parseRange(value)
		case "not_recovered":
			s.NotRecovered, err = parseRange(value)
		case "requests_per_order":
			s.Requests, err = strconv.ParseFloat(value, 64)
		case "customers":
			s.Customers, err = strconv.ParseFloat(value, 64)
		default:
			err = fmt.Errorf("slo has no %q", key)
		}
		if err != nil {
			return SLO{}, err
		}
	}
	if s.Value == nil && (s.Requests != 1 || s.Customers != 0) {
		return SLO{}, fmt.Errorf("slo %s has requests_per_order or customers without a value, which one document says", s.Name)
	}
	return s, nil
}

// parseRange reads "10" or "5..10..20".
func parseRange(text string) (impact.Range, error) {
	parts := strings.Split(text, "..")
	if len(parts) == 1 {
		parts = []string{text, text, text}
	}
	if len(parts) != 3 {
		return impact.Range{}, fmt.Errorf("%q: expected 10 or 5..10..20", text)
	}
	var v [3]float64
	for i, p := range parts {
		var err error
		if v[i], err = strconv.ParseFloat(p, 64); err != nil {
			return impact.Range{}, err
		}
	}
	return impact.Range{Low: v[0], Base: v[1], High: v[2]}, nil
}

// parseHistory reads "0.9,31d:0.99": a target from the beginning and later ones.
func parseHistory(text string, origin time.Time) ([]slo.TargetChange, error) {
	var changes []slo.TargetChange
	for _, word := range strings.Split(text, ",") {
		when, target, later := strings.Cut(word, ":")
		change := slo.TargetChange{From: origin.AddDate(-1, 0, 0)}
		if !later {
			target = when
		} else if at, err := instant(when, origin); err != nil {
			return nil, err
		} else {
			change.From = at
		}
		var err error
		if change.Target, err = strconv.ParseFloat(target, 64); err != nil {
			return nil, err
		}
		changes = append(changes, change)
	}
	return changes, nil
}

// parseCorrection reads "exclude FROM TO REASON".
func parseCorrection(args []string, origin time.Time) (slo.Correction, error) {
	if len(args) < 4 {
		return slo.Correction{}, fmt.Errorf("expected correct exclude FROM TO REASON, or correct count-as-good FROM TO REASON")
	}
	from, err := instant(args[1], origin)
	if err != nil {
		return slo.Correction{}, err
	}
	to, err := instant(args[2], origin)
	return slo.Correction{From: from, To: to, Effect: slo.Effect(args[0]), Reason: strings.Join(args[3:], " "), Author: "operations"}, err
}

// parseQuestion reads what follows one of the words that ask.
func parseQuestion(kind Kind, args []string, slos map[string]SLO, origin time.Time) (Question, error) {
	if len(args) == 0 {
		return Question{}, fmt.Errorf("expected the name of an slo")
	}
	s, ok := slos[args[0]]
	if !ok {
		return Question{}, fmt.Errorf("no slo %q was defined", args[0])
	}
	q := Question{Kind: kind, SLO: s, Lookback: time.Hour, Origin: origin}
	options := args[1:]
	if kind == History {
		if len(options) < 2 || options[0] != "by" {
			return q, fmt.Errorf("expected history NAME by UNIT from A to B")
		}
		q.By, options = slo.Unit(options[1]), options[2:]
	}
	options, err := q.parseTime(options)
	switch length := q.To.Sub(q.From); {
	case err != nil:
	case length > longest || q.To.Sub(q.Origin) > longest:
		err = fmt.Errorf("%s asks about more than %s", kind, slo.FormatDuration(longest))
	case q.Step > 0 && length/q.Step > mostValues:
		err = fmt.Errorf("%s asks for more than %d values", kind, mostValues)
	}
	for _, option := range options {
		key, value, _ := strings.Cut(option, "=")
		switch {
		case err != nil:
		case key == "lookback":
			q.Lookback, err = slo.ParseDuration(value)
		case key == "window":
			q.Window = value
		default:
			err = fmt.Errorf("%s has no %q", kind, option)
		}
	}
	return q, err
}

// parseTime reads "at TIME", "from A to B" or "from A to B step S", and returns what
// comes after.
func (q *Question) parseTime(words []string) (after []string, err error) {
	single := q.Kind == Eval || q.Kind == Alert
	switch {
	case single && len(words) >= 2 && words[0] == "at":
		q.To, err = instant(words[1], q.Origin)
		q.From = q.To
		return words[2:], err
	case len(words) >= 4 && words[0] == "from" && words[2] == "to" && q.Kind != Alert:
		if q.From, err = instant(words[1], q.Origin); err != nil {
			return nil, err
		}
		if q.To, err = instant(words[3], q.Origin); err != nil || q.Kind != Eval {
			return words[4:], err
		}
		if len(words) >= 6 && words[4] == "step" {
			q.Step, err = slo.ParseDuration(words[5])
			return words[6:], err
		}
	}
	return nil, fmt.Errorf("expected at TIME, or from A to B (step S)")
}

func instant(text string, origin time.Time) (time.Time, error) {
	if text == "0" {
		return origin, nil
	}
	d, err := slo.ParseDuration(text)
	return origin.Add(d), err
}
