package validator

import (
	"io/fs"
	"regexp"
	"strings"
)

func (f *findings) documents(dist fs.FS) {
	if text, ok := readText(dist, "README.md"); ok {
		f.readme(text)
	} else {
		f.errorf("missing-readme", "README.md is missing or empty; the catalogue shows it")
	}
	if text, ok := readText(dist, "LICENSE"); ok {
		f.license(text)
	} else {
		f.errorf("license-not-provided", "LICENSE is missing or empty")
	}
	if _, ok := readText(dist, "CHANGELOG.md"); !ok {
		f.warnf("missing-changelog", "CHANGELOG.md is missing or empty; the catalogue shows it")
	}
}

var (
	templateReadme = regexp.MustCompile(`(?i)Grafana (Panel|Data Source|Datasource|App|Data Source Backend) Plugin Template`)
	htmlComment    = regexp.MustCompile(`(?s)<!--.*?-->`)
	placeholder    = regexp.MustCompile(`%(VERSION|TODAY|PLUGIN_ID)%`)
	markdownLink   = regexp.MustCompile(`\[.+?\]\((.+?)\)`)
	jargon         = regexp.MustCompile(`yarn|nodejs`)
)

func (f *findings) readme(text string) {
	if templateReadme.MatchString(text) {
		f.errorf("template-readme", "README.md is the template's; expected a description of the plugin")
	}
	if htmlComment.MatchString(text) {
		f.warnf("readme-comment", "README.md has an HTML comment")
	}
	if p := placeholder.FindString(text); p != "" {
		f.errorf("placeholder", "README.md has %s; expected the build to replace it", p)
	}
	if word := jargon.FindString(text); word != "" {
		f.warnf("developer-jargon", "README.md says %q; expected documentation for users", word)
	}
	for _, match := range markdownLink.FindAllStringSubmatch(text, -1) {
		target := strings.TrimSpace(match[1])
		if !regexp.MustCompile(`^(#|mailto:|https?://)`).MatchString(target) {
			f.errorf("relative-link", "README.md links to %s; expected an address that starts with https://, as there are no other files beside it in the catalogue", target)
		}
	}
}

// apacheParts are in every copy of the Apache License 2.0. A notice that only
// refers to the licence has the first two at most.
var apacheParts = []string{
	"Apache License", "Version 2.0, January 2004",
	"TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION",
	"1. Definitions.", "2. Grant of Copyright License.", "3. Grant of Patent License.",
	"4. Redistribution.", "5. Submission of Contributions.", "6. Trademarks.",
	"7. Disclaimer of Warranty.", "8. Limitation of Liability.", "9. Accepting Warranty or Additional Liability.",
	"END OF TERMS AND CONDITIONS",
}

// license checks for the Apache License 2.0, the one this plugin is under; the
// catalogue also accepts MIT, BSD and the version 3 GNU licences.
func (f *findings) license(text string) {
	normal := strings.Join(strings.Fields(text), " ")
	for _, part := range apacheParts {
		if !strings.Contains(normal, part) {
			f.errorf("license-not-valid", "LICENSE does not have %q; expected the Apache License 2.0", part)
			return
		}
	}
	for _, generic := range []string{"{yyyy}", "{name of copyright owner}", "[yyyy]", "[name of copyright owner]"} {
		if strings.Contains(normal, generic) {
			f.warnf("license-with-generic-text", "LICENSE has %s; expected who holds the copyright since when", generic)
			return
		}
	}
}
