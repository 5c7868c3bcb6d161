package plugin

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/forecast"
)

// assume takes over the scenarios that are asked about: one, or each.
func (q *question) assume(kind queryType, name, failures string) error {
	q.scenarios = []forecast.Scenario{{}}
	if !kind.Scenario || name == "" {
		return nil
	}
	chosen, ok := find(scenarios, name)
	if !ok {
		return fmt.Errorf("there is no scenario %q; expected one of %s", name, names(scenarios))
	}
	own, err := ownScenario(failures)
	switch {
	case !chosen.Failures:
		q.scenarios[0].Kind = chosen.kind
		return nil
	case err != nil:
		return err
	case name != eachScenario && failures == "":
		return fmt.Errorf("a scenario of your own needs failures: a share of all events such as 0.5 %%, or a multiple of the share of the lookback such as 2x")
	case name != eachScenario:
		q.scenarios[0] = own
		return nil
	case q.format != formatTable:
		return fmt.Errorf("the scenario %q fills a table; lines have one scenario at a time", name)
	}
	q.scenarios = nil
	for _, s := range scenarios {
		switch {
		case !s.Failures:
			q.scenarios = append(q.scenarios, forecast.Scenario{Kind: s.kind})
		case s.Name != eachScenario && failures != "":
			q.scenarios = append(q.scenarios, own)
		}
	}
	return nil
}

// ownPattern is a number, with a decimal point or comma, and what it is of.
var ownPattern = regexp.MustCompile(`^([0-9]+(?:[.,][0-9]+)?) *(%|x|×)$`)

// ownScenario reads how many fail from now on: a share in percent, or a multiple of the
// share of the lookback. Empty is none.
func ownScenario(failures string) (forecast.Scenario, error) {
	if failures == "" {
		return forecast.Scenario{}, nil
	}
	parts := ownPattern.FindStringSubmatch(strings.TrimSpace(failures))
	if parts == nil {
		return forecast.Scenario{}, fmt.Errorf("failures %q are neither a share of all events such as 0.5 %% nor a multiple of the share of the lookback such as 2x", failures)
	}
	number, err := strconv.ParseFloat(strings.Replace(parts[1], ",", ".", 1), 64)
	if err != nil {
		return forecast.Scenario{}, fmt.Errorf("failures %q: %w", failures, err)
	}
	switch {
	case parts[2] != "%":
		return forecast.OwnFactor(number), nil
	case number > 100:
		return forecast.Scenario{}, fmt.Errorf("failures %q are more than all events; expected a share of at most 100 %%", failures)
	}
	return forecast.OwnRatio(number / 100), nil
}

// scenarioTitle is what people call a scenario.
func scenarioTitle(s forecast.Scenario) string {
	i := slices.IndexFunc(scenarios, func(known scenario) bool { return known.kind == s.Kind })
	return scenarios[i].Title // every kind has one
}
