package prom

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/common/model"
)

// Sample is the value of a series at an instant.
type Sample struct {
	Labels map[string]string // with __name__ where there is one
	Value  float64
}

// Newest is what a query gives at an instant, sorted by labels. Series whose value is
// no number are left out. With [ErrPartial] comes what a store gave that says that data is
// missing.
func (s *Store) Newest(ctx context.Context, query string, at time.Time) ([]Sample, error) {
	trace := &Trace{}
	vector, err := s.vector(ctx, trace, query, at)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(vector, func(a, b *model.Sample) int { return strings.Compare(a.Metric.String(), b.Metric.String()) })
	all := make([]Sample, 0, len(vector))
	for _, one := range vector {
		if v := float64(one.Value); math.IsNaN(v) || math.IsInf(v, 0) {
			continue
		}
		labels := make(map[string]string, len(one.Metric))
		for name, value := range one.Metric {
			labels[string(name)] = string(value)
		}
		all = append(all, Sample{Labels: labels, Value: float64(one.Value)})
	}
	if Partial(trace.Warnings()) {
		return all, ErrPartial
	}
	return all, nil
}

// Rule is a query that the store records the result of, or alerts by.
type Rule struct {
	Name   string // of the metric or the alert
	Alert  bool
	Labels map[string]string // that the rule gives to what it makes
	Query  string
}

// maxRules is how many bytes of rules are read: some ten thousand of them.
const maxRules = 32 << 20

// Rules are the rules that the store evaluates, as far as somebody wants them.
func (s *Store) Rules(ctx context.Context, wanted func(Rule) bool) ([]Rule, error) {
	release, err := s.slot(ctx)
	if err != nil {
		return nil, err
	}
	defer release()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.rules, http.NoBody)
	if err != nil {
		return nil, inWords(err)
	}
	response, err := s.remote.client.Do(request)
	if err != nil {
		return nil, inWords(err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return nil, inWords(statusError(response.StatusCode))
	}
	var answer struct {
		Data struct {
			Groups []struct {
				Rules []struct {
					Type   string            `json:"type"`
					Name   string            `json:"name"`
					Query  string            `json:"query"`
					Labels map[string]string `json:"labels"`
				} `json:"rules"`
			} `json:"groups"`
		} `json:"data"`
	}
	if err := json.NewDecoder(io.LimitReader(response.Body, maxRules)).Decode(&answer); err != nil {
		return nil, inWords(err)
	}
	var all []Rule
	for _, group := range answer.Data.Groups {
		for _, rule := range group.Rules {
			if one := (Rule{rule.Name, rule.Type == "alerting", rule.Labels, rule.Query}); wanted(one) {
				all = append(all, one)
			}
		}
	}
	return all, nil
}

// presentAtATime is how many queries one query asks for.
const presentAtATime = 50

// Present says of each of some queries whether it gave anything within a length of time
// before an instant.
func (s *Store) Present(ctx context.Context, queries []string, within time.Duration, at time.Time) ([]bool, error) {
	present := make([]bool, len(queries))
	for from := 0; from < len(queries); from += presentAtATime {
		var parts []string
		for i, query := range queries[from:min(from+presentAtATime, len(queries))] {
			parts = append(parts, fmt.Sprintf(`label_replace(group(last_over_time((%s)[%s:%s])), "i", "%d", "", "")`, query, seconds(within), seconds(5*fine), from+i))
		}
		found, err := s.Newest(ctx, strings.Join(parts, " or "), at)
		if err != nil {
			return nil, err
		}
		for _, one := range found {
			if i, err := strconv.Atoi(one.Labels["i"]); err == nil && i >= 0 && i < len(present) {
				present[i] = true
			}
		}
	}
	return present, nil
}
