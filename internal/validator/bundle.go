package validator

import (
	"encoding/json"
	"io/fs"
	"regexp"
	"strings"
)

// maxBundle is our own limit, in bytes: every dashboard with the plugin on it loads
// module.js.
const maxBundle = 250 * 1024

var amdDependencies = regexp.MustCompile(`define\(\s*(?:"[^"]*"\s*,\s*)?\[([^\]]*)\]`)

// bundle checks the frontend.
func (f *findings) bundle(dist fs.FS) {
	module, ok := readText(dist, "module.js")
	if !ok {
		f.errorf("missing-modulejs", "module.js is missing or empty")
		return
	}
	if !isFile(dist, "module.js.map") {
		f.errorf("js-map-not-found", "module.js.map is missing; reviewers read the sources in it")
	}
	switch match := amdDependencies.FindStringSubmatch(module); {
	case match == nil:
		f.errorf("not-amd", "module.js has no list of dependencies; expected define([...], ...), as Grafana loads AMD modules")
	case strings.Contains(match[1], "react/jsx-"):
		// Grafana shares it from 11.6.11, 12.0.10, 12.1.7 and 12.2.5 on, not before.
		f.errorf("jsx-runtime", "module.js depends on react/jsx-runtime, which older Grafana does not have; expected React.createElement")
	}
	if len(module) >= maxBundle {
		f.errorf("module-size", "module.js has %d bytes; expected less than %d", len(module), maxBundle)
	}
	walk(dist, ".", []string{".js"}, func(name string) {
		// React 18's internals in a bundle are what breaks plugins under React 19.
		if text, _ := read(dist, name); strings.Contains(text, "__SECRET_INTERNALS") {
			f.errorf("react-internals", "%s has __SECRET_INTERNALS, so a part of React is in it", name)
		}
	})
}

var (
	// notOurs are sources in the map that come from webpack or npm.
	notOurs = regexp.MustCompile(`^(external |webpack/|\.\./node_modules|\./node_modules/)`)
	// notCode are sources that webpack turns into modules without keeping their text.
	notCode = regexp.MustCompile(`\.(css|scss|sass|less|svg|json)(\?.*)?$`)
)

// sourceMap checks that module.js was built from the sources in src: the map has
// the text of each.
func (f *findings) sourceMap(dist, source fs.FS, m metadata) {
	text, ok := read(dist, "module.js.map")
	if !ok {
		return
	}
	var sources struct {
		Names []string `json:"sources"`
		Texts []string `json:"sourcesContent"`
	}
	if err := json.Unmarshal([]byte(text), &sources); err != nil {
		f.errorf("js-map-invalid", "module.js.map: %v", err)
		return
	}
	if len(sources.Names) == 0 || len(sources.Names) != len(sources.Texts) {
		f.errorf("js-map-invalid", "module.js.map has %d sources and the text of %d; expected the text of each", len(sources.Names), len(sources.Texts))
		return
	}
	for i, name := range sources.Names {
		name = strings.TrimLeft(strings.TrimPrefix(name, "webpack://"+m.ID), "/")
		if notOurs.MatchString(name) || notCode.MatchString(name) {
			continue
		}
		file := "src/" + strings.TrimPrefix(name, "./")
		if have, _ := read(source, file); unixLines(have) != unixLines(sources.Texts[i]) {
			f.errorf("js-map-no-match", "module.js was built from another %s", file)
		}
	}
}

func unixLines(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }
