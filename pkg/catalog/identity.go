package catalog

import (
	"slices"

	"go.yaml.in/yaml/v3"
)

// identity is what no two documents of a stream may have in common.
// Versions of one family have their names in common.
type identity struct{ family, kind, name string }

// The families of documents.
const (
	openSLO = "openslo"
	stakes  = "stakes"
	// discovered is the family of what stands for an SLO that no document defines.
	discovered = "discovered"
)

// identify finds out what a document says it is, and forgets the version of one
// that cannot be read further.
func (r *reader) identify(d *document) {
	if d.root == nil {
		return
	}
	if d.root.Kind != yaml.MappingNode {
		d.fail("", "this document is %s; expected a mapping with apiVersion, kind, metadata and spec", describe(d.root))
		return
	}
	name, _ := d.find("metadata.name")
	d.kind, d.name = scalar(d.root, "kind"), textOf(name)
	version := scalar(d.root, "apiVersion")
	family, kinds := openSLO, openSLOKinds
	switch version {
	case openSLOv1.version:
		d.dialect = openSLOv1
	case openSLOv2.version:
		d.dialect = openSLOv2
	case openSLOAlpha.version:
		d.dialect, kinds = openSLOAlpha, alphaKinds
	case stakesVersion:
		family, kinds = stakes, stakesKinds
	default:
		if !r.identifyForeign(d, version) {
			d.unknownVersion(version)
		}
		return
	}
	switch {
	case d.kind == "":
		d.fail("kind", "kind is missing; expected %s", list(kinds))
		return
	case !slices.Contains(kinds, d.kind):
		d.fail("kind", "kind %s is not one of %s that this version of Stakes reads%s; expected %s",
			quote(d.kind), version, didYouMean(d.kind, kinds), list(kinds))
		return
	}
	d.family = family
	if d.dialect == openSLOAlpha {
		d.fromAlpha()
	}
	r.claim(d)
}

func (d *document) unknownVersion(version string) {
	if given := scalar(d.root, "version"); version == "" && given != "" {
		d.fail("version", "version %s is not read by this version of Stakes%s; expected %s", quote(given), didYouMean(given, []string{slothFileVersion}), slothFileVersion)
		return
	}
	if groups, _ := member(d.root, "groups"); groups != nil || d.kind == "PrometheusRule" {
		d.fail("", "these are rules, such as Sloth and Pyrra make, and no definitions; expected what they were made of, or the discovery of what they record (discover)")
		return
	}
	if version == "" {
		d.fail("apiVersion", "apiVersion is missing; expected %s", whatIsRead)
		return
	}
	d.fail("apiVersion", "apiVersion %s is not read by this version of Stakes%s; expected %s",
		quote(version), didYouMean(version, []string{openSLOv1.version, openSLOv2.version, stakesVersion, slothVersion, pyrraVersion}), whatIsRead)
}

// claim keeps a name for the first document that has it.
func (r *reader) claim(d *document) { r.claimAt(d, "metadata.name") }

// claimAt keeps a name that stands at a path.
func (r *reader) claimAt(d *document, path string) {
	id := identity{d.family, d.kind, d.name}
	first := r.claims[id]
	switch {
	case d.name == "":
	case first == nil:
		r.claims[id] = d
	default:
		d.fail(path, "the name of the %s %s is taken (%s); expected a name that no other %s has",
			d.kind, quote(d.name), first.place, d.kind)
	}
}

// claimant is the first document of a kind and name, nil where there is none.
func (r *reader) claimant(kind, name string) *document {
	return r.claims[identity{openSLO, kind, name}]
}

// namesOf are the names of all OpenSLO documents of a kind, good or bad.
func (r *reader) namesOf(kind string) []string { return r.namesIn(openSLO, kind) }

func (r *reader) namesIn(family, kind string) []string {
	var names []string
	for id := range r.claims {
		if id.family == family && id.kind == kind {
			names = append(names, id.name)
		}
	}
	slices.Sort(names)
	return names
}

// scalar is the text of a member, empty where there is none.
func scalar(n *yaml.Node, name string) string {
	_, value := member(n, name)
	return textOf(value)
}

func textOf(n *yaml.Node) string {
	if isNull(n) || n.Kind != yaml.ScalarNode {
		return ""
	}
	return n.Value
}
