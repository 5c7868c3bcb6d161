package catalog

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// fail records what hides the document's definition, in the line of the path or,
// where there is nothing at the path, of its nearest parent.
func (d *document) fail(path, format string, args ...any) {
	_, line := d.find(path)
	d.failAt(line, path, format, args...)
}

func (d *document) failAt(line int, path, format string, args ...any) {
	d.report(Error, line, path, fmt.Sprintf(format, args...))
}

// warn records what does not hide the definition.
func (d *document) warn(path, format string, args ...any) {
	_, line := d.find(path)
	d.report(Warning, line, path, fmt.Sprintf(format, args...))
}

// accept keeps OpenSLO's own rules from complaining about the property at a path.
func (d *document) accept(path string) { d.accepted = append(d.accepted, path) }

func (d *document) report(severity Severity, line int, path, message string) {
	place := d.place
	place.Line = line
	d.problems = append(d.problems, Problem{Place: place, Path: path, Message: oneLine(message), Severity: severity})
}

// errors is how many of the document's problems hide its definition.
func (d *document) errors() (n int) {
	for _, p := range d.problems {
		if p.Severity == Error {
			n++
		}
	}
	return n
}

// ok reports whether the document defines something.
func (d *document) ok() bool {
	return d.root != nil && !slices.ContainsFunc(d.problems, func(p Problem) bool { return p.Severity == Error })
}

// reported says whether there is a problem with the property at the path or an error
// in one that contains it.
func (d *document) reported(path string) bool {
	return slices.ContainsFunc(d.problems, func(p Problem) bool {
		rest, within := strings.CutPrefix(path, p.Path)
		return within && (rest == "" || p.Severity == Error && (rest[0] == '.' || rest[0] == '['))
	})
}

// definition is the document's entry in the list of what was read; its problems
// are put into the order of their lines.
func (d *document) definition() Definition {
	if d.dialect == openSLOAlpha {
		for i := range d.problems {
			d.problems[i].Path = d.alphaPath(d.problems[i].Path)
		}
	}
	slices.SortStableFunc(d.problems, func(a, b Problem) int { return cmp.Compare(a.Line, b.Line) })
	return Definition{Kind: d.kind, Name: d.name, Place: d.place, Problems: len(d.problems)}
}

// oneLine is a text with its line breaks turned into spaces.
func oneLine(s string) string { return strings.Join(strings.FieldsFunc(s, isBreak), " ") }

func isBreak(r rune) bool {
	return strings.ContainsRune("\n\r\v\f\u0085\u2028\u2029", r)
}

// quote is a name from a document as messages show it: in quotes, cut where it is long.
func quote(s string) string {
	const most = 60
	if runes := []rune(s); len(runes) > most {
		s = string(runes[:most-1]) + "…"
	}
	return strconv.Quote(s)
}

// list is names in words: "a, b or c".
func list(names []string) string {
	if n := len(names); n > 1 {
		return strings.Join(names[:n-1], ", ") + " or " + names[n-1]
	}
	return strings.Join(names, "")
}
