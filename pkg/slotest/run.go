package slotest

import (
	"embed"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// MeasureNames are the names that an expectation may use.
var MeasureNames = []string{
	"sli", "target", "budget_consumed", "budget_remaining", "burn_rate",
	"good_events", "bad_events", "total_events",
	"loss", "loss_low", "loss_high", "loss_accepted", "loss_excess",
	"budget_remaining_value", "loss_rate", "customers_affected",
	"coverage", "sli_low", "sli_high", "status",
	"budget_consumed_to_date", "budget_remaining_to_date", "budget_remaining_events", "budget_remaining_minutes",
	"sli_uncorrected", "budget_remaining_uncorrected", "forgiven_events",
}

// tableNames are the names of values in answers that are tables. Times are hours after
// the scenario's origin.
var tableNames = map[Kind][]string{
	Eval:      MeasureNames,
	History:   {"start", "end", "sli", "target", "bad_events", "total_events", "budget_consumed", "budget_remaining", "coverage", "status", "over"},
	Incidents: {"start", "end", "bad_events", "total_events", "share", "peak", "ongoing"},
	Alert:     {"page", "ticket", "factor", "share", "burn_long", "burn_short", "firing"},
}

// RunFiles runs every scenario file against an engine.
func RunFiles(t *testing.T, files embed.FS, engine Engine) {
	t.Helper()
	entries, err := files.ReadDir(".")
	if err != nil || len(entries) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	for _, entry := range entries {
		t.Run(strings.TrimSuffix(entry.Name(), ".slo"), func(t *testing.T) {
			script, err := files.ReadFile(entry.Name())
			if err != nil {
				t.Fatal(err)
			}
			for _, problem := range Run(string(script), engine) {
				t.Errorf("%s:%v", entry.Name(), problem)
			}
		})
	}
}

// Run runs one scenario and returns what is wrong, each with its line. A scenario
// that asks nothing is wrong.
func Run(script string, engine Engine) []error {
	commands, err := parseCommands(script)
	if err != nil {
		return []error{err}
	}
	var (
		origin      = Origin
		load        Load
		slos        = map[string]SLO{}
		corrections []slo.Correction
		evals       int
		wrong       []error
	)
	for _, c := range commands {
		words := strings.Fields(c.text)
		var errs []error
		switch words[0] {
		case "load":
			load, err = parseLoad(words[1:], c.body)
			load.Origin = origin
			errs = append(errs, err)
		case "origin":
			origin, err = time.Parse(time.RFC3339, strings.Join(words[1:], " "))
			errs = append(errs, err)
		case "correct":
			correction, err := parseCorrection(words[1:], origin)
			corrections = append(corrections, correction)
			errs = append(errs, err)
		case "slo":
			s, err := parseSLO(words[1:], origin)
			s.Corrections = corrections
			slos[s.Name] = s
			errs = append(errs, err)
		case "clear":
			load, slos, corrections = Load{}, map[string]SLO{}, nil
		case string(Eval), string(History), string(Incidents), string(Alert):
			evals++
			errs = append(errs, ask(Kind(words[0]), words[1:], c.body, load, slos, origin, engine)...)
		default:
			errs = append(errs, fmt.Errorf("unknown command %q", words[0]))
		}
		for _, err := range errs {
			if err != nil {
				wrong = append(wrong, fmt.Errorf("%d: %w", c.line, err))
			}
		}
	}
	if evals == 0 && len(wrong) == 0 {
		wrong = append(wrong, errors.New("1: a scenario without an eval checks nothing"))
	}
	return wrong
}

func ask(kind Kind, args []string, body []bodyLine, load Load, slos map[string]SLO, origin time.Time, engine Engine) []error {
	q, err := parseQuestion(kind, args, slos, origin)
	if err != nil {
		return []error{err}
	}
	if len(body) == 0 {
		return []error{fmt.Errorf("an %s without expectations checks nothing", kind)}
	}
	for _, b := range body {
		if name := strings.Fields(b.text)[0]; slices.Contains(tableNames[kind], name) {
			q.MeasureNames = append(q.MeasureNames, name)
		}
	}
	answer, err := engine.Eval(load, q)
	return compare(tableNames[kind], body, answer, err)
}

// compare checks an answer, or the error in its place, against expectations.
func compare(known []string, body []bodyLine, answer Answer, failed error) []error {
	var wrong []error
	warned := slices.Clone(answer.Warnings)
	expectFailure := false
	for _, b := range body {
		words := strings.Fields(b.text)
		rest := strings.TrimSpace(strings.TrimPrefix(b.text, words[0]))
		var err error
		switch {
		case words[0] == "fail":
			expectFailure = true
			if failed == nil || !strings.Contains(failed.Error(), rest) {
				err = fmt.Errorf("expected an error with %q, got %v", rest, failed)
			}
		case words[0] == "warn":
			i := slices.IndexFunc(warned, func(w string) bool { return strings.Contains(w, rest) })
			if i < 0 {
				err = fmt.Errorf("expected a warning with %q, got %q", rest, warned)
			} else {
				warned = slices.Delete(warned, i, i+1)
			}
		case !slices.Contains(known, words[0]):
			err = fmt.Errorf("there is no measure %q", words[0])
		case failed == nil:
			err = compareValues(words[0], words[1:], answer.Values[words[0]])
		}
		if err != nil {
			wrong = append(wrong, fmt.Errorf("line %d: %w", b.line, err))
		}
	}
	if failed != nil && !expectFailure {
		wrong = append(wrong, fmt.Errorf("unexpected error: %w", failed))
	}
	for _, w := range warned {
		wrong = append(wrong, fmt.Errorf("unexpected warning: %s", w))
	}
	return wrong
}

func compareValues(name string, want []string, got []slo.Number) error {
	if len(want) != len(got) {
		return fmt.Errorf("%s: expected %d values, got %d", name, len(want), len(got))
	}
	for i, w := range want {
		expected := slo.Number{}
		if w != "nodata" && w != "_" {
			v, err := strconv.ParseFloat(w, 64)
			if err != nil {
				return fmt.Errorf("%s: %q is neither a number nor nodata", name, w)
			}
			expected = slo.Known(v)
		}
		if !equal(expected, got[i]) {
			return fmt.Errorf("%s: value %d: expected %s, got %s", name, i+1, write(expected), write(got[i]))
		}
	}
	return nil
}

// tolerance is relative; it covers what adding up floating-point numbers loses.
const tolerance = 1e-9

func equal(a, b slo.Number) bool {
	if !a.Known || !b.Known {
		return a.Known == b.Known
	}
	return math.Abs(a.Value-b.Value) <= tolerance*max(1, math.Abs(a.Value), math.Abs(b.Value))
}

func write(n slo.Number) string {
	if !n.Known {
		return "nodata"
	}
	return strconv.FormatFloat(n.Value, 'g', -1, 64)
}
