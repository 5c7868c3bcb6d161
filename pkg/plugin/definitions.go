package plugin

import (
	"strings"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/catalog"
)

// definitions answers with a table of every document of the catalogue, and of every SLO that
// was discovered. What was read from elsewhere has the time of the copy that is used.
func (d *Datasource) definitions(books *shelf) *answer {
	a := newAnswer(question{queryType: typeCatalog}, span{}, time.UTC, nil)
	var read []*time.Time
	var kinds, names, sources, problems []string
	var documents, lines []int64
	for _, definition := range books.Definitions {
		kinds = append(kinds, definition.Kind)
		names = append(names, definition.Name)
		sources = append(sources, definition.Place.Source)
		documents = append(documents, int64(definition.Place.Document))
		lines = append(lines, int64(definition.Place.Line))
		problems = append(problems, problemsOf(books.Catalog, definition))
		read = append(read, books.readAt(definition.Place.Source))
	}
	titled := func(name, title string, values any) *data.Field {
		return data.NewField(name, nil, values).SetConfig(&data.FieldConfig{DisplayNameFromDS: title})
	}
	a.frames = data.Frames{data.NewFrame("catalog",
		titled("kind", "Kind", kinds), titled("name", "Name", names), titled("source", "Source", sources),
		titled("document", "Document", documents), titled("line", "Line", lines), titled("problems", "Problems", problems), titled("read", "Read", read))}
	return a
}

// problemsOf are the problems of one document, as one text.
func problemsOf(c catalog.Catalog, d catalog.Definition) string {
	var all []string
	for _, p := range c.ProblemsOf(d) {
		all = append(all, p.String())
	}
	return strings.Join(all, "; ")
}

// readAt is when the copy of a source was read; nil for documents of the settings.
func (s *shelf) readAt(source string) *time.Time {
	for _, p := range s.parts {
		if (p.name == source || p.slos > 0 && catalog.IsDiscovered(source)) && !p.at.IsZero() {
			return &p.at
		}
	}
	return nil
}
