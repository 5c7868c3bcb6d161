package grafana

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"text/template"

	"go.yaml.in/yaml/v3"
)

// Settings say what Grafana shows. All paths are absolute.
type Settings struct {
	Port       int // on 127.0.0.1; a free one if it is taken
	PluginID   string
	PluginDir  string         // where the plugin is built: plugin.json, module.js, binary
	Dashboards string         // directory of dashboards as JSON; may not exist
	SourceUID  string         // of the data source
	SourceURL  string         // the Prometheus it reads
	JSONData   map[string]any // the rest of its settings
}

// User and Password of the only account.
const (
	User     = "admin"
	Password = "admin"
)

// config keeps Grafana to itself: it loads this plugin, calls nobody, and lets
// nobody in without the password.
var config = template.Must(template.New("grafana.ini").Parse(`
[paths]
data = {{.Dir}}/data
logs = {{.Dir}}/logs
plugins = {{.Dir}}/plugins
provisioning = {{.Dir}}/provisioning
[server]
http_addr = 127.0.0.1
http_port = {{.Port}}
[security]
admin_user = ` + User + `
admin_password = ` + Password + `
disable_gravatar = true
[auth.anonymous]
enabled = false
[plugins]
allow_loading_unsigned_plugins = {{.PluginID}}
plugin_admin_enabled = false
preinstall_disabled = true
public_key_retrieval_disabled = true
[plugin.{{.PluginID}}]
path = {{.PluginDir}}
[analytics]
reporting_enabled = false
check_for_updates = false
check_for_plugin_updates = false
feedback_links_enabled = false
[news]
news_feed_enabled = false
[snapshots]
external_enabled = false
[log]
mode = console
level = warn
`))

// write puts the configuration and what Grafana provisions into a directory.
func (s Settings) write(dir string) error {
	provisioning := filepath.Join(dir, "provisioning")
	for _, sub := range []string{"data", "logs", "plugins", "provisioning/datasources", "provisioning/dashboards",
		"provisioning/alerting", "provisioning/plugins"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o755); err != nil {
			return err
		}
	}
	var ini bytes.Buffer
	if err := config.Execute(&ini, struct {
		Settings
		Dir string
	}{s, dir}); err != nil {
		return err
	}
	if err := os.WriteFile(configFile(dir), ini.Bytes(), 0o644); err != nil {
		return err
	}
	if err := writeYAML(filepath.Join(provisioning, "datasources", "stakes.yaml"), s.dataSources()); err != nil {
		return err
	}
	if _, err := os.Stat(s.Dashboards); err != nil {
		return nil // no dashboards to show
	}
	return writeYAML(filepath.Join(provisioning, "dashboards", "stakes.yaml"), s.dashboardProviders())
}

func configFile(dir string) string { return filepath.Join(dir, "grafana.ini") }

func (s Settings) dataSources() any {
	return map[string]any{
		"apiVersion": 1,
		"datasources": []any{map[string]any{
			"name":      "Stakes",
			"type":      s.PluginID,
			"uid":       s.SourceUID,
			"access":    "proxy",
			"url":       s.SourceURL,
			"isDefault": true,
			"jsonData":  escaped(s.JSONData),
		}},
	}
}

func (s Settings) dashboardProviders() any {
	return map[string]any{
		"apiVersion": 1,
		"providers": []any{map[string]any{
			"name":            "stakes",
			"type":            "file",
			"folder":          "Stakes",
			"allowUiUpdates":  true,
			"disableDeletion": true,
			"options":         map[string]any{"path": s.Dashboards},
		}},
	}
}

// escaped doubles dollars, which provisioning would take for variables.
func escaped(jsonData map[string]any) map[string]any {
	safe := map[string]any{}
	for name, v := range jsonData {
		if text, ok := v.(string); ok {
			v = strings.ReplaceAll(text, "$", "$$")
		}
		safe[name] = v
	}
	return safe
}

func writeYAML(path string, document any) error {
	text, err := yaml.Marshal(document)
	if err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o644)
}
