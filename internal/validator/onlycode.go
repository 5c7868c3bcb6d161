package validator

import "strings"

// onlyCode is a TypeScript file with blanks for the comments and the contents of
// strings, every other byte where it was. Code inside of template strings stays.
//
// It does not know regular expressions and the text between JSX tags. A quote there
// is taken for one only if another follows on its line, so that an apostrophe hides
// at most the rest of its line. A backtick there would hide more; write \x60.
func onlyCode(text string) string {
	s := scanner{text: text, out: []byte(text)}
	s.code(false)
	return string(s.out)
}

type scanner struct {
	text string
	at   int
	out  []byte
}

// code goes through code, up to the } that ends it where it is inside of a template.
func (s *scanner) code(inTemplate bool) {
	for depth := 0; s.at < len(s.text); {
		rest := s.text[s.at:]
		switch {
		case strings.HasPrefix(rest, "//"):
			s.blank(through(rest, 2, "\n"))
		case strings.HasPrefix(rest, "/*"):
			s.blank(through(rest, 2, "*/"))
		case rest[0] == '\'' || rest[0] == '"':
			s.quoted(rest)
		case rest[0] == '`':
			s.at++
			s.template()
		case rest[0] == '}' && inTemplate && depth == 0:
			s.at++
			return
		default:
			switch rest[0] {
			case '{':
				depth++
			case '}':
				depth--
			}
			s.at++
		}
	}
}

// quoted goes through a string, which ends on its line.
func (s *scanner) quoted(rest string) {
	for i := 1; i < len(rest) && rest[i] != '\n'; i++ {
		switch rest[i] {
		case '\\':
			i++
		case rest[0]:
			s.at++
			s.blank(i - 1)
			s.at++
			return
		}
	}
	s.at++
}

// template goes through a template string, from behind its first backtick.
func (s *scanner) template() {
	for s.at < len(s.text) {
		rest := s.text[s.at:]
		switch {
		case rest[0] == '`':
			s.at++
			return
		case strings.HasPrefix(rest, "${"):
			s.at += 2
			s.code(true)
		case rest[0] == '\\':
			s.blank(min(2, len(rest)))
		default:
			s.blank(1)
		}
	}
}

// blank replaces the next n bytes; lines stay lines.
func (s *scanner) blank(n int) {
	for range n {
		if s.out[s.at] != '\n' {
			s.out[s.at] = ' '
		}
		s.at++
	}
}

// through is the length of the text up to and with the first ending from a position
// on, or of all of it.
func through(text string, from int, ending string) int {
	if i := strings.Index(text[from:], ending); i >= 0 {
		return from + i + len(ending)
	}
	return len(text)
}
