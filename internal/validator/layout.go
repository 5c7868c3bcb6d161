package validator

import (
	"encoding/json"
	"io/fs"
	"slices"
	"strings"
)

// layout checks for files that must not be in a plugin.
func (f *findings) layout(dist fs.FS) {
	if info, err := fs.Stat(dist, "dist"); err == nil && info.IsDir() {
		f.errorf("dist", "dist is inside of the plugin; expected its files at the top")
	}
	walk(dist, ".", []string{"/plugin.json"}, func(name string) {
		f.errorf("nested-plugin-id-in-non-app", "%s is a plugin inside of the plugin; only apps may have these", name)
	})
}

// includes checks the dashboards that come with the plugin.
func (f *findings) includes(dist fs.FS, m metadata) {
	for _, i := range m.Includes {
		if !slices.Contains(includeTypes, i.Type) {
			f.errorf("invalid-metadata", "plugin.json: includes has the type %q; expected one of %s", i.Type, strings.Join(includeTypes, ", "))
		}
		if i.Type != "dashboard" || !f.path(dist, "dashboard", i.Path) {
			continue
		}
		var dashboard struct {
			Title string `json:"title"`
		}
		text, _ := read(dist, i.Path)
		if err := json.Unmarshal([]byte(text), &dashboard); err != nil {
			f.errorf("invalid-dashboard", "%s: %v; expected a dashboard as JSON", i.Path, err)
		} else if dashboard.Title == "" {
			f.errorf("invalid-dashboard", "%s has no title; expected a dashboard as Grafana exports it", i.Path)
		}
	}
}

// path checks a path in plugin.json, which is relative to plugin.json; ok says that
// there is such a file.
func (f *findings) path(dist fs.FS, what, name string) (ok bool) {
	switch {
	case strings.TrimSpace(name) == "":
		f.errorf("path-not-exists", "plugin.json: a %s has no path", what)
	case strings.HasPrefix(name, ".") || strings.HasPrefix(name, "/") || strings.Contains(name, "://"):
		f.errorf("invalid-relative-path", "plugin.json: the path of a %s is %q; expected it relative to plugin.json, without a leading . or /", what, name)
	case !isFile(dist, name):
		f.errorf("path-not-exists", "plugin.json: the %s %s does not exist", what, name)
	default:
		return true
	}
	return false
}
