// Package grafanatest reads frames as Grafana does: by the data plane's own
// reader, and by the rules of its alert engine.
package grafanatest
