package catalog

import (
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Paths name the properties of a document as OpenSLO's SDK does:
// "spec.objectives[0].target", and "metadata.labels.['a.b']" for a key that has
// one of the characters that paths are made of.

// dot is the path of a member of what is at a path.
func dot(path, key string) string {
	if key == "" || strings.ContainsAny(key, ".[]' \t\n\r") {
		key = "['" + pathEscapes.Replace(key) + "']"
	}
	if path == "" {
		return key
	}
	return path + "." + key
}

// index is the path of an item of the list at a path.
func index(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }

var (
	pathEscapes   = strings.NewReplacer("'", `\'`, "\n", `\n`, "\t", `\t`, "\r", `\r`)
	pathUnescapes = strings.NewReplacer(`\'`, "'", `\n`, "\n", `\t`, "\t", `\r`, "\r")
)

// steps are the keys and indexes of a path. Indexes keep their bracket: "[0]".
func steps(path string) []string {
	var found []string
	for path != "" {
		path = strings.TrimPrefix(path, ".")
		end := strings.IndexAny(path, ".[")
		switch {
		case strings.HasPrefix(path, "['"):
			if end = strings.Index(path, "']"); end < 0 {
				return append(found, path)
			}
			found = append(found, pathUnescapes.Replace(path[2:end]))
			path = path[end+2:]
			continue
		case strings.HasPrefix(path, "["):
			end = strings.IndexByte(path, ']') + 1
		}
		if end <= 0 {
			return append(found, path)
		}
		found = append(found, path[:end])
		path = path[end:]
	}
	return found
}

// leaf is the name that a path ends with: "target" for "spec.objectives[0].target",
// "objectives[0]" for its parent, "the document" for an empty path.
func leaf(path string) string {
	all := steps(path)
	name := ""
	for i := len(all) - 1; i >= 0; i-- {
		name = all[i] + name
		if !strings.HasPrefix(all[i], "[") {
			return name
		}
	}
	return "the document"
}

// find returns the node at a path, nil where there is none, and the line of the
// last step of the path that exists.
func (d *document) find(path string) (*yaml.Node, int) {
	n, line := d.root, d.place.Line
	for _, step := range steps(path) {
		key, value := member(n, step)
		if i, err := strconv.Atoi(strings.Trim(step, "[]")); key == nil && err == nil && step[0] == '[' &&
			n != nil && n.Kind == yaml.SequenceNode && i < len(n.Content) {
			key, value = n.Content[i], n.Content[i]
		}
		if key == nil {
			return nil, line
		}
		n, line = value, key.Line
	}
	return n, line
}
