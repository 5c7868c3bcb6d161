package export

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/catalog"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/prom"
)

// The formats.
const (
	Prometheus = "prometheus" // recording and alerting rules, for Prometheus and vmalert
	Mimir      = "mimir"      // the same for Mimir's ruler, as mimirtool loads them
	Thanos     = "thanos"     // the same for Thanos Rule
	Grafana    = "grafana"    // provisioned alert rules on questions to Stakes
	OpenSLO    = "openslo"    // definitions in OpenSLO v1
)

// Formats are all formats, in the order in which people are shown them.
var Formats = []string{Prometheus, Mimir, Thanos, Grafana, OpenSLO}

// File is an export.
type File struct {
	Name  string // such as stakes-prometheus.yaml
	Text  string // YAML, with the notes as comments at its top
	Notes []string
}

// Write writes a catalogue in one of the formats. datasource is the uid of the data
// source that alert rules of Grafana ask.
func Write(c catalog.Catalog, format, datasource string) (File, error) {
	w := &writer{}
	var text string
	var err error
	switch format {
	case Prometheus:
		text, err = encoded(ruleFile{Groups: w.groups(c)})
	case Mimir:
		text, err = encoded(ruleFile{Namespace: "stakes", Groups: w.groups(c)})
	case Thanos:
		groups := w.groups(c)
		for i := range groups {
			// What only some of the stores know is no number: it would be recorded for good.
			groups[i].PartialResponse = "abort"
		}
		text, err = encoded(ruleFile{Groups: groups})
	case Grafana:
		text, err = encoded(w.grafana(c, datasource))
	case OpenSLO:
		text, w.notes, err = c.OpenSLO()
	default:
		return File{}, fmt.Errorf("there is no export %q; expected %s", format, strings.Join(Formats, ", "))
	}
	return File{Name: "stakes-" + format + ".yaml", Text: head(format, len(c.SLOs), w.notes) + text, Notes: w.notes}, err
}

// titles say what a file is and how it is loaded.
var titles = map[string]string{
	Prometheus: "Rules for Prometheus (rule_files) and vmalert (-rule)",
	Mimir:      "Rules for Mimir's ruler: mimirtool rules load stakes-mimir.yaml",
	Thanos:     "Rules for Thanos Rule (--rule-file)",
	Grafana:    "Alert rules for Grafana (provisioning/alerting), which ask Stakes",
	OpenSLO:    "Definitions in OpenSLO v1",
}

// head is the comment at the top of a file.
func head(format string, slos int, notes []string) string {
	text := fmt.Sprintf("# %s.\n# Written by Stakes of %d SLOs; docs/exports.md says how to load it, and how exact it is.\n", titles[format], slos)
	if len(notes) > 0 {
		text += "#\n# What it leaves out:\n"
	}
	for _, note := range notes {
		text += "# - " + strings.ReplaceAll(note, "\n", " ") + "\n"
	}
	return text
}

// writer collects notes.
type writer struct{ notes []string }

// note notes what is lost, once.
func (w *writer) note(format string, args ...any) {
	if text := fmt.Sprintf(format, args...); !slices.Contains(w.notes, text) {
		w.notes = append(w.notes, text)
	}
}

func encoded(document any) (string, error) {
	var out strings.Builder
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	err := encoder.Encode(document)
	return out.String(), err
}

// IndicatorOf is an indicator of the catalogue as it is counted.
func IndicatorOf(i catalog.Indicator) prom.Indicator {
	return prom.Indicator{
		Good: i.Good, Bad: i.Bad, Total: i.Total, Raw: i.Raw, RawFailure: i.RawFailure,
		Threshold: i.Threshold, Op: string(i.Op), Value: i.Value, AbsentIsBad: i.AbsentIsBad,
	}
}
