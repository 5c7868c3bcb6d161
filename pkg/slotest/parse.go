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
	if len(series) != 2 || load.Total == nil || load.Other == nil {
		return Load{}, fmt.Errorf("load needs total and one of good and bad")
	}
	// The second counter is quiet where it says nothing, and absent where total is.
	for len(load.Other) < len(load.Total) {
		load.Other = append(load.Other, slo.Known(0))
	}
	return load, nil
}

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

func parseSLO(args []string) (SLO, error) {
	if len(args) == 0 {
		return SLO{}, fmt.Errorf("slo needs a name")
	}
	s := SLO{Name: args[0], NotRecovered: impact.Exactly(1)}
	for _, arg := range args[1:] {
		key, value, _ := strings.Cut(arg, "=")
		var err error
		switch key {
		case "target":
			s.Target, err = strconv.ParseFloat(value, 64)
		case "window":
			s.Window = value
		case "value":
			s.Value = new(impact.Range)
			*s.Value, err = parseRange(value)
		case "not_recovered":
			s.NotRecovered, err = parseRange(value)
		default:
			err = fmt.Errorf("slo has no %q", key)
		}
		if err != nil {
			return SLO{}, err
		}
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

func parseQuestion(args []string, slos map[string]SLO) (Question, error) {
	if len(args) < 3 {
		return Question{}, fmt.Errorf("expected eval NAME at TIME, or eval NAME from A to B step S")
	}
	s, ok := slos[args[0]]
	if !ok {
		return Question{}, fmt.Errorf("no slo %q was defined", args[0])
	}
	q := Question{SLO: s, Lookback: time.Hour}
	options := args[3:]
	var err error
	switch {
	case args[1] == "at":
		q.To, err = instant(args[2])
		q.From = q.To
	case args[1] == "from" && len(args) >= 7 && args[3] == "to" && args[5] == "step":
		options = args[7:]
		if q.From, err = instant(args[2]); err != nil {
			return q, err
		}
		if q.To, err = instant(args[4]); err != nil {
			return q, err
		}
		q.Step, err = slo.ParseDuration(args[6])
	default:
		err = fmt.Errorf("expected at TIME, or from A to B step S")
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
			err = fmt.Errorf("eval has no %q", option)
		}
	}
	return q, err
}

func instant(text string) (time.Time, error) {
	d, err := slo.ParseDuration(text)
	return Origin.Add(d), err
}
