package catalog

import (
	"strconv"
	"strings"

	"github.com/OpenSLO/go-sdk/pkg/openslo"
	"go.yaml.in/yaml/v3"
)

// Documents of openslo/v1alpha are turned into those of openslo/v1, which can say all
// that they say, before they are read. Lines stay those of the document, and so do the
// paths of its problems.

// openSLOAlpha is the dialect of documents that were written in openslo/v1alpha.
var openSLOAlpha = func() *dialect {
	d := *openSLOv1
	d.version = string(openslo.VersionV1alpha)
	return &d
}()

// alphaKinds are the kinds that openslo/v1alpha has.
var alphaKinds = []string{"SLO", "Service"}

// fromAlpha turns the document into one of openslo/v1.
func (d *document) fromAlpha() {
	_, version := member(d.root, "apiVersion")
	version.Value = openSLOv1.version
	_, spec := member(d.root, "spec")
	if d.kind != "SLO" || spec == nil || spec.Kind != yaml.MappingNode {
		return
	}
	if key, windows := member(spec, "timeWindows"); key != nil {
		key.Value = "timeWindow"
		each(windows, func(_ int, w *yaml.Node) { alphaWindow(w) })
	}
	if _, indicator := member(spec, "indicator"); indicator != nil {
		if metric, threshold := member(indicator, "thresholdMetric"); metric != nil {
			alphaMetric(threshold)
			withSpec(indicator, "thresholdMetric", d.name)
		}
	}
	_, objectives := member(spec, "objectives")
	each(objectives, func(i int, o *yaml.Node) {
		key, ratio := member(o, "ratioMetrics")
		if key == nil || ratio.Kind != yaml.MappingNode {
			return
		}
		for _, metric := range []string{"good", "bad", "total"} {
			_, m := member(ratio, metric)
			alphaMetric(m)
		}
		if counter, _ := member(ratio, "incremental"); counter != nil {
			counter.Value = "counter"
		}
		key.Value = "ratioMetric"
		indicator := mapping(key)
		indicator.Content = []*yaml.Node{key, ratio}
		remove(o, "ratioMetric")
		add(o, text(key, "indicator"), indicator)
		withSpec(indicator, "ratioMetric", d.name+"-"+strconv.Itoa(i)) // which is Sloth's name for it
	})
	// The indicator of an only objective is that of the SLO.
	if objectives != nil && len(objectives.Content) == 1 {
		if key, indicator := member(objectives.Content[0], "indicator"); key != nil {
			remove(objectives.Content[0], "indicator")
			add(spec, key, indicator)
			d.moved = true
		}
	}
}

// alphaWindow turns a count of units into a duration. Without a calendar, a window is a
// rolling one.
func alphaWindow(w *yaml.Node) {
	key, unit := member(w, "unit")
	_, count := member(w, "count")
	if key != nil && count != nil {
		letters := map[string]string{"minute": "m", "hour": "h", "day": "d", "week": "w", "month": "M", "quarter": "Q", "year": "Y"}
		letter, known := letters[strings.ToLower(unit.Value)]
		if !known {
			letter = " " + unit.Value
		}
		remove(w, "unit")
		remove(w, "count")
		add(w, text(key, "duration"), text(count, count.Value+letter))
	}
	calendar, _ := member(w, "calendar")
	if rolling, _ := member(w, "isRolling"); rolling == nil && calendar == nil && w.Kind == yaml.MappingNode {
		yes := text(w, "true")
		yes.Tag = "!!bool"
		add(w, text(w, "isRolling"), yes)
	}
}

// alphaMetric turns a query and its source into a metric of openslo/v1.
func alphaMetric(m *yaml.Node) {
	if m == nil || m.Kind != yaml.MappingNode {
		return
	}
	source := mapping(m)
	if key, value := member(m, "source"); key != nil {
		key.Value = "type"
		add(source, key, value)
		remove(m, "type")
	}
	remove(m, "queryType") // which is PromQL where the source is Prometheus
	if key, value := member(m, "query"); key != nil {
		spec := mapping(key)
		add(spec, key, value)
		remove(m, "query")
		add(source, text(key, "spec"), spec)
	}
	add(m, text(m, "metricSource"), source)
}

// withSpec puts a member of an inline indicator into its spec, and gives it a name.
func withSpec(indicator *yaml.Node, metric, name string) {
	key, value := member(indicator, metric)
	inner := mapping(key)
	inner.Content = []*yaml.Node{key, value}
	remove(indicator, metric)
	add(indicator, text(key, "spec"), inner)
	metadata := mapping(key)
	add(metadata, text(key, "name"), text(key, name))
	add(indicator, text(key, "metadata"), metadata)
}

// alphaPath is a path of openslo/v1 as openslo/v1alpha has it.
func (d *document) alphaPath(path string) string {
	if rest, found := strings.CutPrefix(path, "spec.indicator.spec.ratioMetric"); found && d.moved {
		path = "spec.objectives[0].ratioMetrics" + rest
	}
	for _, names := range [][2]string{
		{".indicator.spec.ratioMetric", ".ratioMetrics"}, {".indicator.spec.thresholdMetric", ".indicator.thresholdMetric"},
		{".metricSource.spec.query", ".query"}, {".metricSource.type", ".source"}, {".metricSource", ""}, {"spec.timeWindow", "spec.timeWindows"},
	} {
		path = strings.Replace(path, names[0], names[1], 1)
	}
	return path
}

func each(list *yaml.Node, do func(int, *yaml.Node)) {
	if list == nil || list.Kind != yaml.SequenceNode {
		return
	}
	for i, item := range list.Content {
		do(i, item)
	}
}

// mapping is an empty mapping in the place of another node, and text a text.
func mapping(at *yaml.Node) *yaml.Node {
	return &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Line: at.Line, Column: at.Column}
}

func text(at *yaml.Node, value string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: value, Line: at.Line, Column: at.Column}
}

func add(to, key, value *yaml.Node) { to.Content = append(to.Content, key, value) }

func remove(from *yaml.Node, name string) {
	for i := 0; i+1 < len(from.Content); i += 2 {
		if from.Content[i].Value == name {
			from.Content = append(from.Content[:i:i], from.Content[i+2:]...)
			return
		}
	}
}
