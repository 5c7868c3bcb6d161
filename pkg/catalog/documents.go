package catalog

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// document is one YAML document, or one item where a document is a list, on its
// way to a definition.
type document struct {
	place    Place
	lines    []string     // of the whole source
	root     *yaml.Node   // as [flatten] leaves it; nil where it cannot be read
	family   string       // whose document it is; empty where it is not read further
	dialect  *dialect     // of OpenSLO documents
	words    *slothNames  // of Sloth's documents
	lenient  bool         // are fields that nobody knows no errors
	misspelt []*yaml.Node // keys of fields that nobody knows, but for capital letters
	kind     string
	name     string
	problems []Problem
	accepted []string // paths where Stakes reads more than OpenSLO's own rules allow
	moved    bool     // of openslo/v1alpha: the indicator of the only objective is the SLO's
}

// Limits of a source: more than the largest catalogue that anybody keeps in one place.
const (
	// MaxText is how many bytes one source may have.
	MaxText      = 4 << 20
	maxDocuments = 10_000
)

// documents splits a stream. What cannot be read becomes a document without root
// and with a problem; documents without content are left out and not counted.
func documents(source, text string) []*document {
	if len(text) > MaxText {
		d := &document{place: Place{Source: source, Document: 1, Line: 1}}
		d.failAt(1, "", "this is %d bytes of text; expected at most %d", len(text), MaxText)
		return []*document{d}
	}
	text = strings.TrimPrefix(text, "\ufeff")
	text = strings.ReplaceAll(text, "\r\n", "\n")
	lines := strings.Split(strings.ReplaceAll(text, "\r", "\n"), "\n")
	var docs []*document
	add := func(line int) *document {
		d := &document{place: Place{Source: source, Document: len(docs) + 1, Line: line}, lines: lines}
		docs = append(docs, d)
		return d
	}
	items := func(list *yaml.Node) {
		for _, item := range list.Content {
			if len(docs) >= maxDocuments-1 {
				return
			}
			add(item.Line).root = item
		}
	}
	for _, c := range chunks(lines) {
		if len(docs) >= maxDocuments-1 {
			add(c.from+c.content+1).failAt(c.from+c.content+1, "", "there are more than %d documents; what follows is not read", maxDocuments-1)
			return docs
		}
		tree, err := parseYAML(lines[c.from:c.to])
		if err != nil {
			line, message := syntaxProblem(lines[c.from:c.to], err)
			add(c.from+c.content+1).failAt(c.from+line, "", "%s", message)
			continue
		}
		root, problem := flatten(tree, c.from, c.to)
		switch {
		case problem != nil:
			add(root.Line).failAt(problem.line, "", "%s", problem.message)
		case isNull(root):
		case root.Kind == yaml.SequenceNode:
			items(root)
		case itemsOf(root) != nil:
			items(itemsOf(root))
		default:
			add(root.Line).root = root
		}
	}
	return docs
}

// itemsOf are the documents of a list as Kubernetes writes it; nil where a document is
// no such list.
func itemsOf(root *yaml.Node) *yaml.Node {
	_, items := member(root, "items")
	if items == nil || items.Kind != yaml.SequenceNode || !strings.HasSuffix(scalar(root, "kind"), "List") {
		return nil
	}
	return items
}

// chunk is the lines [from, to) of one document; content is how many of them come
// before the first one that says something.
type chunk struct{ from, to, content int }

// chunks finds the documents in the lines of a stream. YAML gives the markers
// "---" and "..." their meaning at the start of a line only, but there always,
// in texts too; so no line inside an indented block ever splits.
func chunks(lines []string) []chunk {
	var found []chunk
	from := 0
	end := func(to int) {
		content := slices.IndexFunc(lines[from:to], hasContent)
		if content >= 0 {
			found = append(found, chunk{from: from, to: to, content: content})
		}
		from = to
	}
	for i, line := range lines {
		if isMarker(line, "---") {
			end(i)
		}
		if isMarker(line, "...") {
			end(i)
			from = i + 1
		}
	}
	end(len(lines))
	return found
}

func isMarker(line, marker string) bool {
	rest, found := strings.CutPrefix(line, marker)
	return found && (rest == "" || rest[0] == ' ' || rest[0] == '\t')
}

// hasContent tells lines that say something from blank ones, comments, directives
// and bare document markers.
func hasContent(line string) bool {
	if isMarker(line, "---") {
		line = line[len("---"):]
	}
	trimmed := strings.TrimSpace(line)
	return trimmed != "" && trimmed[0] != '#' && line[0] != '%'
}
