// Command gpx_stakes_slo is the backend of the Stakes data source, which Grafana
// starts.
package main

import (
	"os"

	"github.com/grafana/grafana-plugin-sdk-go/backend/datasource"
	"github.com/grafana/grafana-plugin-sdk-go/backend/log"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/plugin"
)

func main() {
	if err := datasource.Manage(plugin.ID, plugin.NewDatasource, datasource.ManageOpts{}); err != nil {
		log.DefaultLogger.Error("Stakes stopped", "error", err)
		os.Exit(1)
	}
}
