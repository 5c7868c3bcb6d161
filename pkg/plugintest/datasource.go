package plugintest

import (
	"encoding/json"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/config"
	"github.com/grafana/grafana-plugin-sdk-go/genproto/pluginv2"
)

// DataSource is a data source as someone configured it in Grafana.
type DataSource struct {
	PluginID string
	UID      string
	URL      string
	JSONData map[string]any
	Secure   map[string]string
	Updated  time.Time // a later time makes the plugin build a new instance

	BasicAuthUser string // empty for no basic authentication
	// Role is that of the user who asks; empty for no user, as in an alert rule or a
	// public dashboard.
	Role string
}

// Context is what Grafana sends along with every request to the data source.
func (d DataSource) Context() (backend.PluginContext, error) {
	settings := d.JSONData
	if settings == nil {
		settings = map[string]any{}
	}
	jsonData, err := json.Marshal(settings)
	if err != nil {
		return backend.PluginContext{}, err
	}
	var user *backend.User
	if d.Role != "" {
		user = &backend.User{Login: "someone", Name: "Someone", Role: d.Role}
	}
	return backend.PluginContext{
		OrgID:    1,
		User:     user,
		PluginID: d.PluginID,
		DataSourceInstanceSettings: &backend.DataSourceInstanceSettings{
			ID:                      1,
			UID:                     d.UID,
			Type:                    d.PluginID,
			Name:                    d.UID,
			URL:                     d.URL,
			BasicAuthEnabled:        d.BasicAuthUser != "",
			BasicAuthUser:           d.BasicAuthUser,
			JSONData:                jsonData,
			DecryptedSecureJSONData: d.Secure,
			Updated:                 d.Updated,
		},
		GrafanaConfig: config.NewGrafanaCfg(map[string]string{}),
	}, nil
}

// healthRequest fills a gap: the SDK converts every request but this one.
func healthRequest(ctx *pluginv2.PluginContext, headers map[string]string) *pluginv2.CheckHealthRequest {
	return &pluginv2.CheckHealthRequest{PluginContext: ctx, Headers: headers}
}
