package validator

import (
	"archive/zip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

func checkDist(tree fstest.MapFS) []Finding { return CheckDist(tree) }

func manifest(old, new string) change { return edit("plugin.json", old, new) }

func TestEachRuleOnPluginJSONCanFail(t *testing.T) {
	runBreaking(t, built, checkDist, []breaking{
		{"missing-metadata", Error, remove("plugin.json"), "plugin.json is missing"},
		{"invalid-metadata", Error, manifest(`"type": "datasource",`, `"type": 7,`), "cannot unmarshal number"},
		{"invalid-metadata", Error, manifest(`"backend"`, `"backdoor": true, "backend"`), `unknown field "backdoor"`},
		{"invalid-metadata", Error, manifest(`"type": "datasource",`, ``), "type is missing"},
		{"invalid-metadata", Error, manifest(`"name": "Counts",`, ``), "name is missing"},
		{"invalid-metadata", Error, manifest(`"id": "acme-counts-datasource",`, ``), "id is missing"},
		{"invalid-metadata", Error, manifest(`"id": "acme-counts-datasource"`, `"id": "Acme_counts-datasource"`), `id is "Acme_counts-datasource"`},
		{"invalid-metadata", Error, manifest(`"updated": "2027-06-30"`, `"updated": "%TODAY%"`), `info.updated is "%TODAY%"`},
		{"invalid-metadata", Error, manifest(`"type": "dashboard"`, `"type": "picture"`), `the type "picture"`},
		{"invalid-metadata", Error, manifest(`https://acme.example/docs`, `docs`), `the link documentation is "docs"`},
		{"invalid-metadata", Error, manifest(`https://acme.example"}`, `acme.example"}`), `the author's url is "acme.example"`},
		{"invalid-metadata", Error, manifest(`"acme-map-panel"`, `"map"`), `dependencies.plugins has "map"`},
		{"invalid-id-format", Error, manifest(`"acme-counts-datasource"`, `"counts-datasource"`), `id is "counts-datasource"`},
		{"plugin-type-suffix", Error, manifest(`"acme-counts-datasource"`, `"acme-counts-panel"`), `expected it to end in its type`},
		{"human-friendly-name", Error, manifest(`"Counts"`, `"acme-counts-datasource"`), "expected a name for people"},
		{"wrong-plugin-version", Error, manifest(`1.2.3`, `%VERSION%`), `info.version is "%VERSION%"`},
		{"wrong-plugin-version", Error, manifest(`1.2.3`, `1.2`), `info.version is "1.2"`},
		{"empty-keywords", Error, manifest(`["counts"]`, `[]`), "info.keywords is empty"},
		{"empty-description", Warning, manifest(`Counts things. Reads them from a store.`, ``), "info.description is empty"},
		{"long-description", Warning, manifest(`Counts things.`, `Counts. Things.`), "more than two sentences"},
		{"missing-link", Warning, manifest(`"license"`, `"licence"`), `no "license"`},
		{"missing-author", Warning, manifest(`"name": "Acme", `, ``), "info.author has no name"},
		{"invalid-grafana-dependency", Error, manifest(`>=11.6.0-0`, `eleven`), `is "eleven"`},
		{"invalid-grafana-dependency", Error, manifest(`>=11.6.0-0`, ``), `is ""`},
		{"depends-on-patch-releases", Warning, manifest(`>=11.6.0-0`, `11.6.x`), `is "11.6.x"`},
		{"depends-on-single-release", Warning, manifest(`>=11.6.0-0`, `11.6.0`), `is "11.6.0"`},
		{"circular-dependency", Error, manifest(`"acme-map-panel"`, `"acme-counts-datasource"`), "the plugin itself"},
	})
}

func TestEachRuleOnFilesCanFail(t *testing.T) {
	runBreaking(t, built, checkDist, []breaking{
		{"dist", Error, write("dist/notes.md", "a"), "dist is inside"},
		{"nested-plugin-id-in-non-app", Error, write("other/plugin.json", "{}"), "other/plugin.json"},

		{"logos", Error, manifest(`"small": "img/small.svg", `, ``), "info.logos.small"},
		{"logos", Error, manifest(`, "large": "img/large.svg"`, ``), "info.logos.large"},
		{"path-not-exists", Error, remove("img/small.svg"), "the small logo img/small.svg"},
		{"path-not-exists", Error, remove("img/overview.png"), "the screenshot img/overview.png"},
		{"path-not-exists", Error, remove("dashboards/overview.json"), "the dashboard dashboards/overview.json"},
		{"path-not-exists", Error, manifest(`"img/overview.png"`, `""`), "a screenshot has no path"},
		{"path-not-exists", Error, manifest(`"img/large.svg"`, `"img"`), "the large logo img does not exist"},
		{"invalid-relative-path", Error, manifest(`"img/large.svg"`, `"./img/large.svg"`), "./img/large.svg"},
		{"invalid-relative-path", Error, manifest(`"img/overview.png"`, `"/img/overview.png"`), "/img/overview.png"},
		{"invalid-relative-path", Error, manifest(`"img/overview.png"`, `"https://acme.example/overview.png"`), "https://acme.example"},
		{"screenshots", Warning, manifest(`{"name": "Overview", "path": "img/overview.png"}`, ``), "info.screenshots is empty"},
		{"screenshots-image-type", Error, write("img/overview.png", "GIF89a"), "img/overview.png is image/gif"},
		{"screenshots-image-type", Error, manifest(`img/overview.png`, `README.md`), "README.md: expected"},
		{"unsafe-svg-file", Error, edit("img/small.svg", `<use`, `<script/><use`), "the element script"},
		{"unsafe-svg-file", Error, edit("img/small.svg", `<use`, `<foreignObject/><use`), "the element foreignObject"},
		{"unsafe-svg-file", Error, edit("img/small.svg", `<use`, `<use onClick="a()"`), "the event handler onClick"},
		{"unsafe-svg-file", Error, edit("img/small.svg", `#a`, `https://acme.example`), "a link to https://acme.example"},
		{"unsafe-svg-file", Error, edit("img/small.svg", `</svg>`, ``), "broken XML"},
		{"invalid-dashboard", Error, write("dashboards/overview.json", "title: Overview"), "dashboards/overview.json: invalid"},
		{"invalid-dashboard", Error, write("dashboards/overview.json", "{}"), "dashboards/overview.json has no title"},

		{"missing-readme", Error, remove("README.md"), "README.md"},
		{"missing-readme", Error, write("README.md", " \n"), "README.md"},
		{"template-readme", Error, edit("README.md", "Counts", "Grafana Data Source Plugin Template"), "README.md"},
		{"readme-comment", Warning, edit("README.md", "# Counts", "<!-- to\ndo --># Counts"), "README.md"},
		{"placeholder", Error, edit("README.md", "# Counts", "# Counts %VERSION%"), "%VERSION%"},
		{"developer-jargon", Warning, edit("README.md", "# Counts", "# Counts with nodejs"), "nodejs"},
		{"relative-link", Error, edit("README.md", "https://acme.example/docs", "docs/README.md"), "docs/README.md"},
		{"license-not-provided", Error, remove("LICENSE"), "LICENSE"},
		{"license-not-valid", Error, write("LICENSE", "Licensed under the Apache License, Version 2.0"), "LICENSE"},
		{"license-with-generic-text", Warning, edit("LICENSE", "2027", "{yyyy}"), "{yyyy}"},
		{"license-with-generic-text", Warning, edit("LICENSE", "Acme", "{name of\n copyright owner}"), "{name of copyright owner}"},
		{"missing-changelog", Warning, remove("CHANGELOG.md"), "CHANGELOG.md"},

		{"missing-modulejs", Error, remove("module.js"), "module.js"},
		{"js-map-not-found", Error, remove("module.js.map"), "module.js.map"},
		{"not-amd", Error, write("module.js", "export const plugin = 1"), "module.js"},
		{"jsx-runtime", Error, edit("module.js", `"react"`, `"react","react/jsx-runtime"`), "react/jsx-runtime"},
		{"module-size", Error, edit("module.js", "{}", strings.Repeat(" ", maxBundle)), "256041 bytes; expected less than 256000"},
		{"react-internals", Error, write("12.js", "a.__SECRET_INTERNALS_DO_NOT_USE"), "12.js"},

		{"alerting-without-backend", Error, manifest(`"backend": true`, `"backend": false`), "alerting is true and backend is not"},
		{"backend-binary-missing", Error, manifest(`"backend": true,
  "alerting": true,`, ``), `executable is "gpx_counts" and backend is not true`},
		{"backend-binary-missing", Error, manifest(`"executable": "gpx_counts",`, ``), "executable is missing"},
		{"backend-binary-missing", Error, manifest(`"gpx_counts"`, `"gpx_other"`), "no binaries gpx_other_*"},
		{"backend-binary-not-linux-amd64", Error, remove("gpx_counts_linux_amd64"), "gpx_counts_linux_amd64 is missing"},
		{"backend-binary-not-linux-amd64", Error, edit("gpx_counts_linux_amd64", "\x3e", "\xb7"), "not a 64-bit ELF file"},
		{"binary-executable-permissions", Error, func(_ *testing.T, tree fstest.MapFS) {
			binary := *tree["gpx_counts_linux_amd64"]
			binary.Mode = 0o775
			tree["gpx_counts_linux_amd64"] = &binary
		}, "gpx_counts_linux_amd64 has the mode 0775"},
		{"backend-debug-file-present", Error, write("standalone.txt", "1"), "standalone.txt"},
		{"backend-debug-file-present", Error, write("debug/pid.txt", "1"), "debug/pid.txt"},
	})
}

func TestASVGScreenshotIsAnImage(t *testing.T) {
	tree := built()
	manifest(`"img/overview.png"`, `"img/small.svg"`)(t, tree)
	require.Empty(t, CheckDist(tree))
}

func TestAnArchiveHoldsOneDirectoryNamedAfterThePlugin(t *testing.T) {
	const root = "acme-counts-datasource/"
	check := func(entries fstest.MapFS) []Finding {
		t.Helper()
		path := filepath.Join(t.TempDir(), "plugin.zip")
		file, err := os.Create(path)
		require.NoError(t, err)
		archive := zip.NewWriter(file)
		for name, entry := range entries {
			header := &zip.FileHeader{Name: name}
			header.SetMode(entry.Mode)
			w, err := archive.CreateHeader(header)
			require.NoError(t, err)
			_, err = w.Write(entry.Data)
			require.NoError(t, err)
		}
		require.NoError(t, archive.Close())
		require.NoError(t, file.Close())
		return CheckZip(path)
	}
	below := func(root string) fstest.MapFS {
		tree := fstest.MapFS{}
		for name, file := range built() {
			tree[root+name] = file
		}
		return tree
	}
	runBreaking(t, func() fstest.MapFS { return below(root) }, check, []breaking{
		{"empty-archive", Error, func(_ *testing.T, tree fstest.MapFS) { clear(tree) }, "empty"},
		{"more-than-one-dir", Error, write("other/README.md", "a"), "acme-counts-datasource, other"},
		{"no-root-dir", Error, func(_ *testing.T, tree fstest.MapFS) {
			clear(tree)
			tree["README.md"] = &fstest.MapFile{Mode: 0o644}
		}, "README.md"},
		{"no-ident-root-dir", Error, func(_ *testing.T, tree fstest.MapFS) {
			clear(tree)
			for name, file := range below("counts/") {
				tree[name] = file
			}
		}, "the directory counts; expected the plugin's id, acme-counts-datasource"},
		{"archive-path", Error, write(root+"../../etc/passwd", "a"), "../../etc/passwd"},
		{"missing-changelog", Warning, remove(root + "CHANGELOG.md"), "CHANGELOG.md"},
		{"binary-executable-permissions", Error, func(_ *testing.T, tree fstest.MapFS) {
			tree[root+"gpx_counts_linux_amd64"].Mode = 0o644
		}, "0644"},
	})

	missing := CheckZip(filepath.Join(t.TempDir(), "missing.zip"))
	require.Len(t, missing, 1)
	require.Equal(t, "archive", missing[0].Rule)
}
