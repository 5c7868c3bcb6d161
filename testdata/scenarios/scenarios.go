// Package scenarios holds the scenarios that the core and the plugin must agree on.
package scenarios

import "embed"

// Files are the scenario files.
//
//go:embed *.slo
var Files embed.FS
