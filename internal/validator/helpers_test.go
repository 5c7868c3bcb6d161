package validator

import (
	"maps"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

const pluginJSON = `{
  "type": "datasource",
  "name": "Counts",
  "id": "acme-counts-datasource",
  "backend": true,
  "alerting": true,
  "executable": "gpx_counts",
  "includes": [{"type": "dashboard", "name": "Overview", "path": "dashboards/overview.json"}],
  "info": {
    "description": "Counts things. Reads them from a store.",
    "author": {"name": "Acme", "url": "https://acme.example"},
    "keywords": ["counts"],
    "logos": {"small": "img/small.svg", "large": "img/large.svg"},
    "links": [
      {"name": "documentation", "url": "https://acme.example/docs"},
      {"name": "repository", "url": "https://acme.example/code"},
      {"name": "license", "url": "https://acme.example/license"},
      {"name": "raise issue", "url": "https://acme.example/issues"}
    ],
    "screenshots": [{"name": "Overview", "path": "img/overview.png"}],
    "version": "1.2.3",
    "updated": "2027-06-30"
  },
  "dependencies": {"grafanaDependency": ">=11.6.0-0", "plugins": [{"id": "acme-map-panel", "name": "Map", "type": "panel"}]}
}`

const (
	svgFile  = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"><use xlink:href="#a"/></svg>`
	magefile = "package main\n\nimport _ \"github.com/grafana/grafana-plugin-sdk-go/build\"\n"
	goMain   = "package main\n\nfunc main() {}\n"
	goQuery  = "package plugin\n"
	tsModule = "export const one = 1;\n"
)

// built is a plugin without fault.
func built() fstest.MapFS {
	text := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s), Mode: 0o644} }
	elf := "\x7fELF\x02" + strings.Repeat("\x00", 13) + "\x3e\x00"
	return fstest.MapFS{
		"plugin.json":              text(pluginJSON),
		"README.md":                text("# Counts\n\nSee [the documentation](https://acme.example/docs \"docs\"), [below](#below) or [write](mailto:us@acme.example).\n"),
		"LICENSE":                  text(strings.Join(apacheParts, "\n\n") + "\nCopyright 2027 Acme\n"),
		"CHANGELOG.md":             text("## 1.2.3\n"),
		"module.js":                text(`define(["@grafana/data","react"],(a,b)=>{})`),
		"module.js.map":            text(sourceMapOf("./module.ts", tsModule)),
		"img/small.svg":            text(svgFile),
		"img/large.svg":            text(svgFile),
		"img/overview.png":         text("\x89PNG\r\n\x1a\n"),
		"dashboards/overview.json": text(`{"title": "Overview"}`),
		"gpx_counts_linux_amd64":   {Data: []byte(elf), Mode: 0o755},
		"gpx_counts_windows.exe":   text("MZ"),
		"go_plugin_build_manifest": text(sha256Hex(magefile) + ":Magefile.go\n" + sha256Hex(goMain) + ":pkg/main.go\n" + sha256Hex(goQuery) + ":pkg/plugin/query.go\n"),
	}
}

// sources is a source tree without fault, from which [built] was built.
func sources() fstest.MapFS {
	text := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s), Mode: 0o644} }
	return fstest.MapFS{
		"package.json":                      text(`{"version": "1.2.3"}`),
		"go.mod":                            text("module acme.example/counts\n\ngo 1.26\n\nrequire github.com/grafana/grafana-plugin-sdk-go v0.298.0\n"),
		"Magefile.go":                       text(magefile),
		".config/webpack/webpack.config.ts": text("// SCAFFOLDED BY `@grafana/create-plugin`"),
		"pkg/main.go":                       text(goMain),
		"pkg/plugin/query.go":               text(goQuery),
		"src/module.ts":                     text(tsModule),
		"node_modules/flat/flat.go":         text("package flat\n"),
	}
}

func sourceMapOf(name, text string) string {
	return `{"sources": ["webpack://acme-counts-datasource/external amd \"react\"", "webpack://acme-counts-datasource/` + name +
		`"], "sourcesContent": ["module.exports", ` + quoted(text) + `]}`
}

func quoted(text string) string { return `"` + strings.ReplaceAll(text, "\n", `\n`) + `"` }

// A change breaks something in a tree.
type change func(t *testing.T, tree fstest.MapFS)

func edit(name, old, new string) change {
	return func(t *testing.T, tree fstest.MapFS) {
		t.Helper()
		file := *tree[name]
		require.Contains(t, string(file.Data), old, "nothing to change in %s", name)
		file.Data = []byte(strings.Replace(string(file.Data), old, new, 1))
		tree[name] = &file
	}
}

func write(name, text string) change {
	return func(_ *testing.T, tree fstest.MapFS) {
		tree[name] = &fstest.MapFile{Data: []byte(text), Mode: 0o644}
	}
}

func remove(name string) change {
	return func(t *testing.T, tree fstest.MapFS) {
		t.Helper()
		require.Contains(t, tree, name)
		delete(tree, name)
	}
}

// breaking says that one change leads to one finding and no other.
type breaking struct {
	rule     string
	severity Severity
	change   change
	message  string // a part of it
}

func runBreaking(t *testing.T, valid func() fstest.MapFS, check func(fstest.MapFS) []Finding, cases []breaking) {
	t.Helper()
	require.Empty(t, check(valid()), "what is changed below must be right")
	for _, c := range cases {
		t.Run(c.rule+"/"+c.message, func(t *testing.T) {
			tree := maps.Clone(valid())
			c.change(t, tree)
			found := check(tree)
			require.Len(t, found, 1, "%v", found)
			require.Equal(t, c.rule, found[0].Rule)
			require.Equal(t, c.severity, found[0].Severity)
			require.Contains(t, found[0].Message, c.message)
		})
	}
}
