package plugin

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/catalog"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// probed is how many SLOs a health check counts events of.
const probed = 20

// CheckHealth proves the way that queries take: it asks Prometheus to calculate,
// then counts the last hour of events of each SLO.
func (d *Datasource) CheckHealth(ctx context.Context, _ *backend.CheckHealthRequest) (*backend.CheckHealthResult, error) {
	result, err := d.health(ctx)
	if err == nil {
		result.Message = d.clean(result.Message)
		result.JSONDetails = []byte(d.clean(string(result.JSONDetails)))
	}
	return result, err
}

func (d *Datasource) health(ctx context.Context) (*backend.CheckHealthResult, error) {
	if d.misconfigured != nil {
		return unhealthy(capital(d.misconfigured.Error()), ""), nil
	}
	now := time.Now()
	if err := d.store.Ping(ctx, now); err != nil {
		return unhealthy(capital(err.Error()), ""), nil
	}
	took := time.Since(now).Round(time.Millisecond)
	server := "Prometheus"
	if version := d.store.Version(ctx); version != "" {
		server += " " + version
	}
	message := fmt.Sprintf("%s answered in %s. ", server, took)
	books := d.library.anew(ctx)
	elsewhere := ""
	if len(books.parts) > 0 {
		elsewhere = " " + books.told(time.Now())
	}
	if len(books.SLOs) == 0 && len(books.Problems) == 0 {
		return healthy(message+"The catalogue is empty: define an SLO to go on."+elsewhere, ""), nil
	}
	problems := make([]string, len(books.Problems))
	for i, p := range books.Problems {
		problems[i] = p.String()
	}
	details := strings.Join(problems, "\n")
	if len(books.SLOs) == 0 {
		return unhealthy(message+"No SLO is defined: "+problems[0]+"."+elsewhere, details), nil
	}
	seen, asked, err := d.probe(ctx, books.SLOs, now)
	if err != nil {
		return unhealthy(message+capital(err.Error())+".", details), nil
	}
	message += fmt.Sprintf("%s, %s with data in the last hour.", plural(len(books.SLOs), "SLO"), ofAsked(seen, asked, len(books.SLOs)))
	message += books.recorded() + elsewhere
	if len(problems) > 0 {
		message += fmt.Sprintf(" %s in the catalogue, the first: %s.", plural(len(problems), "problem"), problems[0])
	}
	return healthy(message, details), nil
}

// probe counts the last hour of the first SLOs' events and returns how many of
// them had any data, and how many were asked.
func (d *Datasource) probe(ctx context.Context, slos []catalog.SLO, now time.Time) (seen, asked int, err error) {
	session := d.session(now)
	complete := now.Add(-d.settings.delay)
	to := slo.Floor(complete, time.Minute)
	grid, err := slo.CoverWindows(to, to, time.Minute, time.Hour)
	if err != nil {
		return 0, 0, err
	}
	for _, s := range slos[:min(probed, len(slos))] {
		events, err := session.Events(ctx, indicatorOf(s.Objectives[0].Indicator(s)), grid, complete)
		if err != nil {
			return 0, 0, fmt.Errorf("SLO %s: %w", s.Name, err)
		}
		if events.Kept != nil {
			return 0, 0, fmt.Errorf("SLO %s: %w", s.Name, events.Kept.Cause)
		}
		asked++
		if events.Timeline.Sum(grid.Start(), grid.End()).Observed > 0 {
			seen++
		}
	}
	return seen, asked, nil
}

// recorded says how many SLOs each of the tools records; empty where nothing was discovered.
func (s *shelf) recorded() string {
	var parts []string
	for _, tool := range catalog.Tools {
		n := 0
		for _, o := range s.SLOs {
			if o.Recorded == tool {
				n++
			}
		}
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d by %s", n, tool.Title()))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return " Recorded in the store: " + strings.Join(parts, ", ") + "."
}

func ofAsked(seen, asked, all int) string {
	if asked < all {
		return fmt.Sprintf("%d of the first %d", seen, asked)
	}
	return fmt.Sprintf("%d", seen)
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

func capital(text string) string {
	if text == "" {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

func healthy(message, details string) *backend.CheckHealthResult {
	return healthResult(backend.HealthStatusOk, message, details)
}

func unhealthy(message, details string) *backend.CheckHealthResult {
	return healthResult(backend.HealthStatusError, message, details)
}

func healthResult(status backend.HealthStatus, message, details string) *backend.CheckHealthResult {
	result := &backend.CheckHealthResult{Status: status, Message: message}
	if details != "" {
		// The config page shows the verbose message on demand.
		result.JSONDetails, _ = json.Marshal(map[string]string{"message": message, "verboseMessage": details})
	}
	return result
}
