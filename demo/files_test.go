package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/prometheus/common/model"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/stakes-slo/stakes-slo-datasource/internal/dashboards"
	"github.com/stakes-slo/stakes-slo-datasource/internal/grafanatest"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/catalog"
)

// Nothing in dashboards/, provisioning/ and examples/ is there without having been
// read: JSON and YAML parse, catalogues are free of problems, and every query of
// every dashboard and alert rule is answered with data by the built plugin.
func TestEveryFileIsReadAndEveryQueryAnswered(t *testing.T) {
	ctx, s, plugin := openShop(t, 2, embedded)
	queries := 0
	for _, file := range files(t) {
		content, err := os.ReadFile(file)
		require.NoError(t, err)
		t.Run(filepath.ToSlash(file[len(".."+string(filepath.Separator)):]), func(t *testing.T) {
			switch {
			case filepath.Ext(file) == ".md":
			case filepath.Ext(file) == ".json":
				queries += len(checkDashboard(ctx, t, plugin, content, s.End()))
			case filepath.Base(file) == "catalog.yaml", filepath.Base(filepath.Dir(file)) == "kinds":
				checkCatalog(t, string(content))
			case strings.Contains(file, "datasources"):
				checkDataSources(t, content)
			case strings.HasSuffix(filepath.ToSlash(file), "alerting/stakes.yaml"):
				queries += checkAlertRules(ctx, t, plugin, provisionedRules(t, content), s.End())
			case filepath.Ext(file) == ".tf":
				queries += checkTerraform(ctx, t, plugin, file, s.End())
			case strings.Contains(file, "helm"):
				checkHelmValues(t, content)
			case filepath.Ext(file) == ".yaml":
				require.NoError(t, yaml.Unmarshal(content, new(any)))
			default:
				t.Fatalf("a file that no test reads: %s", file)
			}
		})
	}
	require.Greater(t, queries, 20, "the dashboards' queries were found")
}

// files are all files of the folders that users copy from.
func files(t *testing.T) []string {
	var all []string
	for _, dir := range []string{"dashboards", "provisioning", "examples"} {
		err := filepath.WalkDir(filepath.Join("..", dir), func(path string, entry fs.DirEntry, err error) error {
			if err == nil && !entry.IsDir() {
				all = append(all, path)
			}
			return err
		})
		require.NoError(t, err)
	}
	return all
}

// target is a query of a panel, as it is saved.
type target struct {
	RefID     string `json:"refId"`
	QueryType string `json:"queryType"`
	Query     json.RawMessage
}

// transformation is what a panel makes of an answer: which columns it shows, for one.
type transformation struct {
	Options struct{ Include struct{ Names []string } }
}

func checkDashboard(ctx context.Context, t *testing.T, plugin *asker, content []byte, now time.Time) []target {
	if bytes.Contains(content, []byte("${DS_STAKES}")) {
		var err error
		content, err = dashboards.Provisioned(content, sourceUID)
		require.NoError(t, err)
	}
	var dashboard struct {
		Title  string
		UID    string
		Panels []struct {
			Title       string
			Description string
			Type        string
			Datasource  struct{ UID string }
			TimeFrom    string // a time range of the panel's own, such as 28d
			Targets     []target

			Transformations []transformation
		}
	}
	require.NoError(t, json.Unmarshal(content, &dashboard))
	require.NotEmpty(t, dashboard.Title)
	require.NotEmpty(t, dashboard.UID)
	var all []target
	for _, panel := range dashboard.Panels {
		if panel.Type == "text" {
			continue
		}
		require.NotEmpty(t, panel.Title)
		require.NotEmpty(t, panel.Description, "%s says in words what it shows", panel.Title)
		require.Equal(t, sourceUID, panel.Datasource.UID, panel.Title)
		require.NotEmpty(t, panel.Targets, panel.Title)
		for _, one := range panel.Targets {
			from := 24 * time.Hour
			if panel.TimeFrom != "" {
				own, err := model.ParseDuration(panel.TimeFrom)
				require.NoError(t, err, panel.Title)
				from = time.Duration(own)
			}
			has := answered(ctx, t, plugin, panel.Title, one, backend.TimeRange{From: now.Add(-from), To: now})
			for _, step := range panel.Transformations {
				for _, name := range step.Options.Include.Names {
					require.Contains(t, has, name, "a column of %s", panel.Title)
				}
			}
			all = append(all, one)
		}
	}
	return all
}

// chosen are values for the variables of the dashboards.
var chosen = strings.NewReplacer("$slo", "checkout-availability", "$journey", "buy-something", `["$service"]`, "[]")

// answered asks a saved query and returns the names of its columns, as a public dashboard does: without any frontend.
// Only variables are replaced, which the frontend does.
func answered(ctx context.Context, t *testing.T, plugin *asker, panel string, one target, asked backend.TimeRange) (columns []string) {
	var query bytes.Buffer
	require.NoError(t, json.Compact(&query, one.Query))
	body, err := json.Marshal(map[string]any{"refId": one.RefID, "queryType": one.QueryType, "query": json.RawMessage(chosen.Replace(query.String()))})
	require.NoError(t, err)
	response, err := plugin.QueryData(ctx, &backend.QueryDataRequest{PluginContext: plugin.source, Queries: []backend.DataQuery{{
		RefID: one.RefID, QueryType: one.QueryType, JSON: body, MaxDataPoints: 500, Interval: time.Hour,
		TimeRange: asked,
	}}})
	require.NoError(t, err)
	answer := response.Responses[one.RefID]
	require.NoError(t, answer.Error, panel)
	require.NoError(t, grafanatest.ReadBack(answer.Frames), panel)
	rows := 0
	for _, frame := range answer.Frames {
		rows += frame.Rows()
		for _, field := range frame.Fields {
			if field.Config != nil {
				columns = append(columns, field.Config.DisplayNameFromDS)
			}
		}
	}
	require.Positive(t, rows, "%s shows nothing", panel)
	return columns
}

// alertRule is an alert rule as files define it; alertStep is one of its queries and
// expressions.
type (
	alertRule struct {
		Title        string
		NoDataState  string `yaml:"noDataState"`
		ExecErrState string `yaml:"execErrState"`
		Data         []alertStep
	}
	alertStep struct {
		DatasourceUID string `yaml:"datasourceUid"`
		Model         map[string]any
	}
)

// provisionedRules are the alert rules of a provisioning file.
func provisionedRules(t *testing.T, content []byte) (all []alertRule) {
	var file struct{ Groups []struct{ Rules []alertRule } }
	require.NoError(t, yaml.Unmarshal(content, &file))
	for _, group := range file.Groups {
		all = append(all, group.Rules...)
	}
	return all
}

// checkAlertRules asks the queries of alert rules as Grafana's alerting does, and makes
// sure that no rule takes missing data for an answer.
func checkAlertRules(ctx context.Context, t *testing.T, plugin *asker, rules []alertRule, now time.Time) (queries int) {
	for _, rule := range rules {
		require.Equal(t, []string{"KeepLast", "KeepLast"}, []string{rule.NoDataState, rule.ExecErrState}, rule.Title)
		for _, one := range rule.Data {
			if one.DatasourceUID != sourceUID {
				continue
			}
			queries++
			body, err := json.Marshal(one.Model)
			require.NoError(t, err)
			response, err := plugin.QueryData(ctx, &backend.QueryDataRequest{PluginContext: plugin.source, Headers: map[string]string{"FromAlert": "true"}, Queries: []backend.DataQuery{{
				RefID: "A", QueryType: one.Model["queryType"].(string), JSON: body, MaxDataPoints: 43200, Interval: time.Second,
				TimeRange: backend.TimeRange{From: now.Add(-time.Hour), To: now},
			}}})
			require.NoError(t, err)
			require.NoError(t, response.Responses["A"].Error, rule.Title)
			instances, err := grafanatest.Alert(response.Responses["A"].Frames)
			require.NoError(t, err, rule.Title)
			require.NotEmpty(t, instances, rule.Title)
		}
	}
	require.Positive(t, queries)
	return queries
}

func checkCatalog(t *testing.T, text string) {
	parsed := catalog.Parse("catalog", text)
	require.Empty(t, parsed.Problems)
	require.NotEmpty(t, parsed.SLOs)
}

// checkDataSources makes sure that a provisioned data source has the uid of the
// dashboards and a catalogue without problems, after Grafana has replaced $$ by $.
func checkDataSources(t *testing.T, content []byte) {
	var file struct {
		Datasources []struct {
			UID      string
			Type     string
			JSONData struct {
				Catalog string `yaml:"catalog"`
			} `yaml:"jsonData"`
		}
	}
	require.NoError(t, yaml.Unmarshal(content, &file))
	found := false
	for _, source := range file.Datasources {
		if source.Type != pluginID {
			continue
		}
		found = true
		require.Equal(t, sourceUID, source.UID)
		want, err := os.ReadFile(filepath.Join("..", "examples", "shop", "catalog.yaml"))
		require.NoError(t, err)
		require.Equal(t, string(want), strings.ReplaceAll(source.JSONData.Catalog, "$$", "$"), "the shop's catalogue, as in examples/shop")
	}
	require.True(t, found, "no data source of Stakes")
}

// checkHelmValues makes sure that what the values mount is what the folders hold.
func checkHelmValues(t *testing.T, content []byte) {
	var values struct {
		Plugins []string
		Grafana struct {
			Plugins map[string]string
		} `yaml:"grafana.ini"`
		Mounts []struct {
			ConfigMap string `yaml:"configMap"`
			MountPath string `yaml:"mountPath"`
		} `yaml:"extraConfigmapMounts"`
	}
	require.NoError(t, yaml.Unmarshal(content, &values))
	require.Equal(t, pluginID, values.Grafana.Plugins["allow_loading_unsigned_plugins"])
	require.Len(t, values.Plugins, 1)
	require.True(t, strings.HasSuffix(values.Plugins[0], ";"+pluginID), values.Plugins[0])
	folders, err := os.ReadDir(filepath.Join("..", "provisioning"))
	require.NoError(t, err)
	require.Len(t, values.Mounts, len(folders))
	for _, mount := range values.Mounts {
		folder := strings.TrimPrefix(mount.MountPath, "/etc/grafana/provisioning/")
		require.DirExists(t, filepath.Join("..", "provisioning", folder))
		require.Contains(t, string(content), "kubectl create configmap "+mount.ConfigMap, "the values say how to make it")
		require.Contains(t, string(content), "--from-file=provisioning/"+folder)
	}
}

// The variants of the demo for Docker are files of services that name each other right.
func TestComposeFilesFitTogether(t *testing.T) {
	type compose struct {
		Services map[string]struct {
			Image       string
			Command     string
			NetworkMode string `yaml:"network_mode"`
		}
	}
	read := func(name string) (c compose) {
		content, err := os.ReadFile(filepath.Join("..", name))
		require.NoError(t, err)
		require.NoError(t, yaml.Unmarshal(content, &c))
		return c
	}
	base, variant := read("docker-compose.yaml"), read("docker-compose.victoriametrics.yaml")
	for name, service := range variant.Services {
		_, overrides := base.Services[name]
		require.True(t, overrides || service.Image != "", "%s is neither new nor of the base", name)
		if shares, ok := strings.CutPrefix(service.NetworkMode, "service:"); ok {
			require.Contains(t, base.Services, shares)
		}
	}
	source, err := os.ReadFile(filepath.Join("..", "provisioning", "datasources", "stakes.yaml"))
	require.NoError(t, err)
	address := "http://127.0.0.1:9090"
	require.Contains(t, string(source), "url: "+address)
	require.Contains(t, base.Services["shop"].Command, "-port 9090")
	require.Contains(t, variant.Services["shop"].Command, "-store "+address)
	require.Contains(t, variant.Services["victoriametrics"].Command, "-httpListenAddr=127.0.0.1:9090")
}
