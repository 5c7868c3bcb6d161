package validator

import (
	"io/fs"
	"regexp"
	"strings"
)

// A tsRule is a pattern that the frontend's code must not have.
type tsRule struct {
	name     string
	severity Severity
	pattern  *regexp.Regexp
	// anywhere is set where comments and strings count too, as they do in the
	// validator where its rule is a regular expression and not a piece of code.
	anywhere bool
	expected string
}

var tsRules = []tsRule{
	{
		name: "code-rules-backend-datasource-should-not-implement-testdatasource", severity: Error,
		pattern:  regexp.MustCompile(`\btestDatasource\s*\(`),
		expected: "the backend's CheckHealth to answer Save & test",
	},
	{
		name: "code-rules-no-api-ds-query-endpoint", severity: Error, anywhere: true,
		pattern:  regexp.MustCompile(`/api/ds/query`),
		expected: "the data source's query()",
	},
	{
		name: "code-rules-no-direct-css-imports", severity: Error, anywhere: true,
		pattern:  regexp.MustCompile(`(?:\bimport\b[^;'"\x60]*|\brequire\(\s*)['"][^'"]*\.(?:css|scss|less)['"]`),
		expected: "styles by emotion's css()",
	},
	{
		name: "code-rules-no-direct-css-imports", severity: Error,
		pattern:  regexp.MustCompile(`<Global\b|\bimport\s*\{[^}]*\bGlobal\b[^}]*\}\s*from\b`),
		expected: "styles by emotion's css()",
	},
	{
		name: "code-rules-native-browser-dialogs", severity: Error,
		pattern:  regexp.MustCompile(`(?:\bwindow\.|\bglobalThis\.|(?:^|[^.\w$]))(?:alert|confirm|prompt)\s*\(`),
		expected: "a dialog of @grafana/ui",
	},
	{
		name: "code-rules-window-properties", severity: Error, anywhere: true,
		pattern:  regexp.MustCompile(`window\.(?:grafanaBootData|grafanaRuntime|__grafanaSceneContext)`),
		expected: "@grafana/runtime",
	},
	{
		name: "code-rules-topnav-toggle", severity: Error,
		pattern:  regexp.MustCompile(`featureToggles\.topnav\b`),
		expected: "the code for when it is on",
	},
	{
		name: "code-rules-access-old-react-internals", severity: Warning, anywhere: true,
		pattern:  regexp.MustCompile(`__SECRET_INTERNALS`),
		expected: "React's public API",
	},
	{
		// The validator allows console.error and console.warn; its reviewers ask about them.
		name: "code-rules-console-logging", severity: Warning,
		pattern:  regexp.MustCompile(`\bconsole\.\w+\s*\(`),
		expected: "no output on the console",
	},
	{
		name: "code-rules-ts-ignore-suppress", severity: Warning, anywhere: true,
		pattern:  regexp.MustCompile(`@ts-(?:ignore|expect-error)`),
		expected: "types that are right",
	},
	{
		name: "code-rules-deprecated-gf-form-css-classes", severity: Warning, anywhere: true,
		pattern:  regexp.MustCompile(`gf-form`),
		expected: "components of @grafana/ui",
	},
	{
		name: "code-rules-direct-window-location-access", severity: Warning,
		pattern:  regexp.MustCompile(`\bwindow\.location\b`),
		expected: "locationService of @grafana/runtime",
	},
}

var (
	tsTest     = regexp.MustCompile(`\.(test|spec)\.tsx?$`)
	windowOpen = regexp.MustCompile(`\bwindow\.open\s*\(`)
)

// typeScript checks the frontend's code. Tests are not looked at, as in the validator.
func (f *findings) typeScript(source fs.FS) {
	walk(source, "src", []string{".ts", ".tsx"}, func(name string) {
		if tsTest.MatchString(name) {
			return
		}
		text, _ := read(source, name)
		code := onlyCode(text)
		for _, rule := range tsRules {
			where := code
			if rule.anywhere {
				where = text
			}
			for _, at := range rule.pattern.FindAllStringIndex(where, -1) {
				f.inTypeScript(rule, name, text, at)
			}
		}
		for _, at := range windowOpen.FindAllStringIndex(code, -1) {
			call := text[at[0] : at[1]+closing(code[at[1]:])]
			if !strings.Contains(call, "noopener") || !strings.Contains(call, "noreferrer") {
				rule := tsRule{name: "code-rules-window-open-without-noopener", severity: Error, expected: `"noopener,noreferrer"`}
				f.inTypeScript(rule, name, text, at)
			}
		}
	})
}

func (f *findings) inTypeScript(rule tsRule, name, text string, at []int) {
	found := strings.TrimSpace(text[at[0]:at[1]])
	start := at[1] - len(found) // what led to the match may be on the line above
	line := 1 + strings.Count(text[:start], "\n")
	if rule.severity == Error {
		f.errorf(rule.name, "%s:%d: %s; expected %s", name, line, found, rule.expected)
	} else {
		f.warnf(rule.name, "%s:%d: %s; expected %s", name, line, found, rule.expected)
	}
}

// closing is the length of the code up to the parenthesis that closes the one just
// before it.
func closing(code string) int {
	depth := 1
	for i, c := range code {
		switch c {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return len(code)
}
