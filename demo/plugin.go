package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/stakes-slo/stakes-slo-datasource/demo/card"
	"github.com/stakes-slo/stakes-slo-datasource/internal/dashboards"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/plugintest"
)

// sourceUID is the data source's, in the demo's own questions and in Grafana: the
// one that the provisioned dashboards read.
const sourceUID = dashboards.UID

// window is that of every SLO in the example catalogue.
const window = 28 * 24 * time.Hour

// settings of the data source, besides its URL.
func settings(catalog string) map[string]any {
	return map[string]any{
		"catalog":      catalog,
		"currency":     "EUR",
		"timeInterval": "60s",
		"httpMethod":   "POST",
	}
}

// asker is the running plugin and the data source it is asked about.
type asker struct {
	*plugintest.Plugin
	source backend.PluginContext
}

// startPlugin runs a binary and lets it read the store at a URL.
func startPlugin(path, url, catalog string, logs io.Writer) (*asker, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("no plugin binary at %s: build it with `mage build`, or name another one with -plugin", path)
	}
	source, err := plugintest.DataSource{
		PluginID: pluginID,
		UID:      sourceUID,
		URL:      url,
		JSONData: settings(catalog),
		Updated:  time.Now(),
	}.Context()
	if err != nil {
		return nil, err
	}
	plugin, err := plugintest.Start(path, logs)
	if err != nil {
		return nil, err
	}
	return &asker{Plugin: plugin, source: source}, nil
}

// health is the message of "Save & test".
func (a *asker) health(ctx context.Context) (string, error) {
	result, err := a.CheckHealth(ctx, &backend.CheckHealthRequest{PluginContext: a.source})
	if err != nil {
		return "", err
	}
	if result.Status != backend.HealthStatusOk {
		return "", fmt.Errorf("the plugin is not healthy: %s", result.Message)
	}
	return result.Message, nil
}

func (a *asker) scorecard(ctx context.Context, now time.Time) (card.Scorecard, error) {
	frames, err := a.ask(ctx, "scorecard", now)
	if err != nil {
		return card.Scorecard{}, err
	}
	return card.ReadScorecard(frames)
}

func (a *asker) statements(ctx context.Context, now time.Time) ([]card.Statement, error) {
	frames, err := a.ask(ctx, "statement", now)
	if err != nil {
		return nil, err
	}
	return card.ReadStatements(frames)
}

// ask puts one question about the 28 days before now.
func (a *asker) ask(ctx context.Context, queryType string, now time.Time) (data.Frames, error) {
	const refID = "A"
	question, err := json.Marshal(map[string]any{
		"refId":     refID,
		"queryType": queryType,
		"query":     map[string]any{"version": 1},
	})
	if err != nil {
		return nil, err
	}
	answer, err := a.QueryData(ctx, &backend.QueryDataRequest{
		PluginContext: a.source,
		Queries: []backend.DataQuery{{
			RefID:         refID,
			QueryType:     queryType,
			TimeRange:     backend.TimeRange{From: now.Add(-window), To: now},
			Interval:      time.Minute,
			MaxDataPoints: 1000,
			JSON:          question,
		}},
	})
	if err != nil {
		return nil, fmt.Errorf("ask for %s: %w", queryType, err)
	}
	response, answered := answer.Responses[refID]
	if !answered {
		return nil, errors.New("the plugin did not answer the question " + queryType)
	}
	if response.Error != nil {
		return nil, fmt.Errorf("ask for %s: %w", queryType, response.Error)
	}
	return response.Frames, nil
}
