// Package grafana starts a real Grafana with the plugin, one data source and the
// repository's dashboards: a local binary where there is one, a container
// otherwise. All it writes is in a temporary directory, and it ends with Close.
package grafana
