package plugin

import (
	"strings"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/catalog"
)

// definitions answers with a table of every document of the catalogue. It asks
// nothing of the store.
func (d *Datasource) definitions() *answer {
	a := newAnswer(question{queryType: typeCatalog}, span{}, time.UTC, nil)
	all := d.catalog.Definitions
	var kinds, names, sources, problems []string
	var documents, lines []int64
	for _, definition := range all {
		kinds = append(kinds, definition.Kind)
		names = append(names, definition.Name)
		sources = append(sources, definition.Place.Source)
		documents = append(documents, int64(definition.Place.Document))
		lines = append(lines, int64(definition.Place.Line))
		problems = append(problems, problemsOf(d.catalog, definition))
	}
	titled := func(name, title string, values any) *data.Field {
		return data.NewField(name, nil, values).SetConfig(&data.FieldConfig{DisplayNameFromDS: title})
	}
	a.frames = data.Frames{data.NewFrame("catalog",
		titled("kind", "Kind", kinds), titled("name", "Name", names), titled("source", "Source", sources),
		titled("document", "Document", documents), titled("line", "Line", lines), titled("problems", "Problems", problems))}
	return a
}

// problemsOf are the problems of one document, as one text.
func problemsOf(c catalog.Catalog, d catalog.Definition) string {
	var all []string
	for _, p := range c.Problems {
		if p.Source == d.Place.Source && p.Document == d.Place.Document {
			all = append(all, p.String())
		}
	}
	return strings.Join(all, "; ")
}
