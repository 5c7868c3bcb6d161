package catalog

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSyntaxErrors(t *testing.T) {
	check := func(text, line, message string) {
		t.Helper()
		before, after := service+"a\n---\n", "\n---\n"+service+"b\n"
		c := Parse("catalog", before+text+after)
		require.Len(t, c.Problems, 1)
		p := c.Problems[0]
		require.Equal(t, "this is not valid YAML: "+message, p.Message)
		require.Equal(t, lineOf(t, before+text, line), p.Line, "expected the line of %q", line)
		require.Equal(t, Place{Source: "catalog", Document: 2, Line: p.Line}, p.Place)
		require.Len(t, c.Services, 2, "the documents around it are there")
		require.Equal(t, Definition{Place: Place{"catalog", 2, 6}, Problems: 1}, c.Definitions[1])
	}
	const unclosed = "a quote is opened and never closed"
	const indentation = `expected "key: value" with the indentation of the lines around it`
	check("x:\n  y: 1\n z: 2", " z: 2", indentation)
	check("x: 1\ny 2\nz: 3", "y 2", `expected ":" after a key`)
	check("x: 1\nq: \"sum(up\nz: 3", "q:", unclosed)
	check("x: 1\nq: 'sum(up\nz: 3", "q:", unclosed)
	check("x: 1\nq: \"sum(up\nz: \"3\"", "q:", indentation)
	check("x: 1\nq: a: b", "q:", `a ":" stands where no key is expected; check the indentation, and put quotes around a text that contains ": "`)
	check("x:\n\ty: 1", "\ty", "a text cannot start like this; expected spaces instead of tabs, and quotes around a text that starts with %, @ or `")
	check("x: 1\ny: [a, b\nz: 3", "y:", `a list that opens with "[" is not closed; expected "," or "]"`)
	check("x: 1\ny: {a: b\nz: 3", "y:", `a mapping that opens with "{" is not closed; expected "," or "}"`)
	check("x: 1\ny: @a", "y:", "a text cannot start like this; expected spaces instead of tabs, and quotes around a text that starts with %, @ or `")
	check("x: 1\ny: \"a\\d\"", "y:", `a text in double quotes has a backslash that means nothing; expected \\, or single quotes`)
	check("x: 1\ny: *nobody", "y:", "an alias (*name) names nothing; expected an anchor (&name) before it in the same document")
	check("x:\n  - a\n  b: 1", "  b: 1", "expected another \"- item\" with the indentation of the list")
	check("{x: 1}\ny: 2", "y: 2", "something follows the end of the document; check the indentation")
	check("x: 1\ny: a\x00b", "y:", "there is a control character, which YAML does not allow")
	check("x: 1\ny: a\xffb", "y:", "there are bytes that are not UTF-8 text")
}

func TestSyntaxErrorInALongDocument(t *testing.T) {
	var text strings.Builder
	for text.Len() < searchBytes/10 {
		text.WriteString("- a text that goes on for a while\n")
	}
	text.WriteString("- \"never closed\n")
	wrong := strings.Count(text.String(), "\n")
	for range 100 {
		text.WriteString("- more\n")
	}
	c := Parse("catalog", text.String())
	require.Len(t, c.Problems, 1)
	require.InDelta(t, wrong, c.Problems[0].Line, 1, "the parser's own line, where looking closer takes too long")
}
