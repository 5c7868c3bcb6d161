package words

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// Language is one of the languages that Stakes speaks; made by [In].
type Language struct {
	tag       string
	printer   *message.Printer
	templates map[string]string
	months    [12]string
	scales    []scale // the largest first
	money     moneyStyle
	// of joins a number that ends in a word with what it counts: "1,2 million de".
	of func(noun string) string
	// one reports whether so many, rounded, take the singular of a verb.
	one func(n float64) bool
}

// scale is a word for a large number.
type scale struct {
	unit      float64 // numbers of at least this and of at least a million, by rounding too, are written with the word
	one, many string  // with the space before them
	manyFrom  float64 // so many units take the plural; 1 for none of them the singular
}

// tags are the languages, as the tables know them. The first one stands in for all
// others.
var tags = []string{"en", "de", "fr", "es", "pt", "ja"}

var tables = map[string]func() *Language{
	"en": english, "de": german, "fr": french, "es": spanish, "pt": portuguese, "ja": japanese,
}

// Tags are the languages that sentences are written in, by their BCP 47 tags.
func Tags() []string { return slices.Clone(tags) }

// In is the language that a BCP 47 tag such as "de" or "pt-BR" names, as Grafana's
// users set it; an empty tag is English. Other languages are refused.
func In(tag string) (*Language, error) {
	name, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(tag, "_", "-")), "-")
	if name == "" {
		name = "en"
	}
	table, ok := tables[name]
	if !ok {
		return nil, fmt.Errorf("language %q is not spoken here; expected one of %s", tag, strings.Join(tags, ", "))
	}
	l := table()
	l.tag = name
	l.printer = message.NewPrinter(language.MustParse(name))
	return l, nil
}

// Tag is the language's BCP 47 tag.
func (l *Language) Tag() string { return l.tag }

// fill puts words into the places of a template. A place that nothing is known for is
// a mistake of ours.
func (l *Language) fill(key string, places map[string]string) string {
	text, ok := l.templates[key]
	if !ok {
		panic("no template " + key + " in " + l.tag)
	}
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(text, "{")
		out.WriteString(before)
		if !found {
			return out.String()
		}
		name, after, _ := strings.Cut(rest, "}")
		value, ok := places[name]
		if !ok {
			panic("no value for {" + name + "} of " + key)
		}
		out.WriteString(value)
		text = after
	}
}

// places are the names of the places of a template.
func places(template string) []string {
	var names []string
	for _, part := range strings.Split(template, "{")[1:] {
		name, _, _ := strings.Cut(part, "}")
		names = append(names, name)
	}
	return names
}
