// Package plugintest runs a built plugin binary the way Grafana does: as a child
// process that shakes hands over go-plugin and then answers over gRPC.
//
// It proves what tests inside the process cannot: that the binary starts, that
// its standard output stays clean, that it speaks Grafana's protocol version,
// and that requests and frames survive the way through protobuf and Arrow. Tests
// of the binary and the demo use it; the plugin itself does not.
package plugintest
