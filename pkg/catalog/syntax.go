package catalog

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// parseYAML reads the one document that the lines hold. The tree is nil where
// there is nothing but comments.
func parseYAML(lines []string) (tree *yaml.Node, err error) {
	defer func() {
		if r := recover(); r != nil {
			tree, err = nil, fmt.Errorf("%v", r)
		}
	}()
	decoder := yaml.NewDecoder(strings.NewReader(strings.Join(lines, "\n")))
	var first, more yaml.Node
	switch err := decoder.Decode(&first); {
	case errors.Is(err, io.EOF):
		return nil, nil
	case err != nil:
		return nil, err
	}
	// What follows the document is only looked at when it is asked for.
	switch err := decoder.Decode(&more); {
	case errors.Is(err, io.EOF):
		return &first, nil
	case err != nil:
		return nil, err
	}
	return nil, errors.New("did not find expected <document start>")
}

// searchBytes is how much text [syntaxProblem] may parse to find a line: about
// a tenth of a second.
const searchBytes = 4 << 20

// syntaxProblem is the line, counted from 1, and the message of a YAML error.
//
// The parser names the line where the enclosing block begins or where it gave up.
// The line to look at is the one behind the longest beginning that still parses:
// for a quote that is never closed, this is where it opens.
func syntaxProblem(lines []string, err error) (int, string) {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	reported := 1
	if m := reportedLine.FindStringSubmatch(text); m != nil {
		text = text[len(m[0]):]
		reported, _ = strconv.Atoi(m[1])
	}
	line, budget, size := 0, searchBytes, 0
	for _, l := range lines {
		size += len(l) + 1
	}
	for k := len(lines) - 1; k >= 0 && line == 0; k-- {
		size -= len(lines[k]) + 1
		if budget -= size; budget < 0 {
			line = reported
		} else if _, err := parseYAML(lines[:k]); err == nil {
			line = k + 1
		}
	}
	return min(max(line, 1), len(lines)), "this is not valid YAML: " + inPlainWords(text)
}

var reportedLine = regexp.MustCompile(`^line (\d+): `)

// inPlainWords says what a message of the YAML parser means to whoever wrote the
// text; messages that it does not know stay as they are.
func inPlainWords(message string) string {
	for _, w := range yamlWords {
		if strings.Contains(message, w.message) {
			return w.words
		}
	}
	return oneLine(message)
}

var yamlWords = []struct{ message, words string }{
	{"mapping values are not allowed", `a ":" stands where no key is expected; check the indentation, and put quotes around a text that contains ": "`},
	{"did not find expected key", `expected "key: value" with the indentation of the lines around it`},
	{"did not find expected '-' indicator", `expected another "- item" with the indentation of the list`},
	{"could not find expected ':'", `expected ":" after a key`},
	{"did not find expected ',' or ']'", `a list that opens with "[" is not closed; expected "," or "]"`},
	{"did not find expected ',' or '}'", `a mapping that opens with "{" is not closed; expected "," or "}"`},
	{"found a tab character", "a tab indents this line; expected spaces"},
	{"found character that cannot start any token", "a text cannot start like this; expected spaces instead of tabs, and quotes around a text that starts with %, @ or `"},
	{"found unexpected end of stream", "a quote is opened and never closed"},
	{"found unexpected document indicator", "a quote is opened and never closed"},
	{"found unknown escape character", `a text in double quotes has a backslash that means nothing; expected \\, or single quotes`},
	{"did not find expected whitespace or line break", "expected a space or the end of the line"},
	{"did not find expected alphabetic or numeric character", "expected a name after & or *, or quotes around a text that starts with one of them"},
	{"unknown anchor", "an alias (*name) names nothing; expected an anchor (&name) before it in the same document"},
	{"did not find expected node content", "expected a value"},
	{"block sequence entries are not allowed", `a "- item" stands where no list is expected; expected it on a line of its own`},
	{"did not find expected <document start>", "something follows the end of the document; check the indentation"},
	{"control characters are not allowed", "there is a control character, which YAML does not allow"},
	{"UTF-8", "there are bytes that are not UTF-8 text"},
}
