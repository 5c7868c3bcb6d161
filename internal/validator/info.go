package validator

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/mod/semver"
)

// namedLinks are the links that Grafana shows in places of their own.
var namedLinks = []string{"documentation", "repository", "license", "raise issue"}

var (
	buildDate   = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)
	sentenceEnd = regexp.MustCompile(`[.!?](\s|$)`)
)

// info checks what the catalogue shows about the plugin.
func (f *findings) info(m metadata) {
	if !semver.IsValid("v"+m.Info.Version) || strings.Count(m.Info.Version, ".") < 2 {
		f.errorf("wrong-plugin-version", "plugin.json: info.version is %q; expected a semantic version such as 1.2.3", m.Info.Version)
	}
	if !buildDate.MatchString(m.Info.Updated) {
		f.errorf("invalid-metadata", "plugin.json: info.updated is %q; expected a date such as 2027-06-30", m.Info.Updated)
	}
	if len(m.Info.Keywords) == 0 {
		f.errorf("empty-keywords", "plugin.json: info.keywords is empty; expected words that the plugin is found by")
	}
	switch d := strings.TrimSpace(m.Info.Description); {
	case d == "":
		f.warnf("empty-description", "plugin.json: info.description is empty; expected one or two sentences")
	case len(sentenceEnd.FindAllString(d, -1)) > 2:
		f.warnf("long-description", "plugin.json: info.description has more than two sentences")
	}
	f.links(m)
}

func (f *findings) links(m metadata) {
	var names []string
	for _, l := range m.Info.Links {
		names = append(names, strings.ToLower(l.Name))
		f.absolute("link "+l.Name, l.URL)
	}
	for _, name := range namedLinks {
		if !slices.Contains(names, name) {
			f.warnf("missing-link", "plugin.json: info.links has no %q", name)
		}
	}
	if m.Info.Author.Name == "" {
		f.warnf("missing-author", "plugin.json: info.author has no name")
	}
	if m.Info.Author.URL != "" {
		f.absolute("author's url", m.Info.Author.URL)
	}
}

func (f *findings) absolute(what, address string) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
		f.errorf("invalid-metadata", "plugin.json: the %s is %q; expected an address that starts with https://", what, address)
	}
}

// The pattern is that of Grafana's schema.
var (
	version    = `([0-9]+)(\.[0-9x\*]+)?(\.[0-9x\*]+)?(-[0-9A-Za-z-.]+)?`
	comparator = `(<=|>=|<|>|=|~|\^)?` + version + `(\s(<=|>=|<|=>)?` + version + `)?`
	validRange = regexp.MustCompile(`^` + comparator + `(\s\|\|\s` + comparator + `)*$`)

	oneMinor   = regexp.MustCompile(`^[0-9]+\.[0-9]+\.x$`)
	oneRelease = regexp.MustCompile(`^[0-9]+\.[0-9]+\.[0-9]+$`)
)

func (f *findings) dependencies(m metadata) {
	switch wanted := m.Dependencies.GrafanaDependency; {
	case !validRange.MatchString(wanted):
		f.errorf("invalid-grafana-dependency", "plugin.json: dependencies.grafanaDependency is %q; expected a range such as >=11.6.0-0", wanted)
	case oneMinor.MatchString(wanted):
		f.warnf("depends-on-patch-releases", "plugin.json: dependencies.grafanaDependency is %q, which is one minor version of Grafana", wanted)
	case oneRelease.MatchString(wanted):
		f.warnf("depends-on-single-release", "plugin.json: dependencies.grafanaDependency is %q, which is one release of Grafana", wanted)
	}
	for _, p := range m.Dependencies.Plugins {
		switch {
		case !validID.MatchString(p.ID) || p.Name == "" || !slices.Contains(pluginTypes, p.Type):
			f.errorf("invalid-metadata", "plugin.json: dependencies.plugins has %q; expected id, name and type of a plugin", p.ID)
		case p.ID == m.ID:
			f.errorf("circular-dependency", "plugin.json: dependencies.plugins has the plugin itself")
		}
	}
}
