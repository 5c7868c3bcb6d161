package docs

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// panel is what matters here of a dashboard's panel.
type panel struct {
	Title   string
	Panels  []panel
	Targets []struct {
		QueryType string
		Query     struct{ Measures []string }
	}
	Transformations []struct {
		ID      string
		Options struct{ Include struct{ Names []string } }
	}
}

// shown are the only columns that a panel shows, by their titles; none where it shows
// all.
func (p panel) shown() []string {
	for _, t := range p.Transformations {
		if t.ID == "filterFieldsByName" {
			return t.Options.Include.Names
		}
	}
	return nil
}

// figure is a column of numbers.
type figure struct{ name, title string }

// figuresOf are the columns of numbers that a query type answers with, as recorded in
// pkg/plugin.
func figuresOf(t *testing.T, queryType string) []figure {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", "pkg", "plugin", "testdata", queryType+"*.jsonc"))
	require.NoError(t, err)
	require.NotEmpty(t, files, "no answer to a %s is recorded", queryType)
	var all []figure
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		var answer struct {
			Frames []struct {
				Schema struct {
					Fields []struct {
						Name, Type string
						Config     struct {
							DisplayName string `json:"displayNameFromDS"`
						}
					}
				}
			}
		}
		require.NoError(t, json.Unmarshal(regexp.MustCompile(`(?m)^//.*$`).ReplaceAll(text, nil), &answer), file)
		for _, frame := range answer.Frames {
			for _, f := range frame.Schema.Fields {
				if f.Type == "number" {
					all = append(all, figure{f.Name, f.Config.DisplayName})
				}
			}
		}
	}
	return all
}

// figures are the names of all figures that panels show.
func figures(t *testing.T, panels []panel) []string {
	t.Helper()
	var all []string
	for _, p := range panels {
		all = append(all, figures(t, p.Panels)...)
		for _, target := range p.Targets {
			all = append(all, target.Query.Measures...)
			if len(target.Query.Measures) > 0 || target.QueryType == "" {
				continue
			}
			for _, f := range figuresOf(t, target.QueryType) {
				if shown := p.shown(); shown == nil || slices.Contains(shown, f.title) || slices.Contains(shown, f.name) {
					all = append(all, f.name)
				}
			}
		}
	}
	return all
}

// Whoever looks at a figure of the dashboard for stakeholders finds its formula.
func TestEveryFigureOnPromisesHasAFormula(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "dashboards", "promises.json"))
	require.NoError(t, err)
	var dashboard struct{ Panels []panel }
	require.NoError(t, json.Unmarshal(text, &dashboard))
	formulas, err := os.ReadFile(filepath.Join("..", "..", "docs", "formulas.md"))
	require.NoError(t, err)
	all := figures(t, dashboard.Panels)
	require.Greater(t, len(all), 10)
	for _, name := range all {
		base := strings.TrimSuffix(strings.TrimSuffix(name, "_low"), "_high")
		require.True(t, strings.Contains(string(formulas), "`"+name+"`") || strings.Contains(string(formulas), "`"+base+"`"), "docs/formulas.md has no formula of %s", name)
	}
}
