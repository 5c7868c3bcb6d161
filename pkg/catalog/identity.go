package catalog

import (
	"slices"

	"github.com/OpenSLO/go-sdk/pkg/openslo"
	"go.yaml.in/yaml/v3"
)

// identity is what no two documents of a stream may have in common.
// Versions of one family have their names in common.
type identity struct{ family, kind, name string }

// The families of documents.
const (
	openSLO = "openslo"
	stakes  = "stakes"
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
	r.claim(d)
}

func (d *document) unknownVersion(version string) {
	if given := scalar(d.root, "version"); version == "" && given != "" {
		d.fail("version", "version %s is not read by this version of Stakes%s; expected %s", quote(given), didYouMean(given, []string{slothFileVersion}), slothFileVersion)
		return
	}
	if version == "" {
		d.fail("apiVersion", "apiVersion is missing; expected %s", whatIsRead)
		return
	}
	if version == string(openslo.VersionV1alpha) {
		d.fail("apiVersion", "apiVersion %s is not read by this version of Stakes; expected %s, which came after it", quote(version), openSLOv1.version)
		return
	}
	d.fail("apiVersion", "apiVersion %s is not read by this version of Stakes%s; expected %s",
		quote(version), didYouMean(version, []string{openSLOv1.version, openSLOv2.version, stakesVersion, slothVersion, pyrraVersion}), whatIsRead)
}

// claim keeps a name for the first document that has it.
func (r *reader) claim(d *document) {
	id := identity{d.family, d.kind, d.name}
	first := r.claims[id]
	switch {
	case d.name == "":
	case first == nil:
		r.claims[id] = d
	default:
		d.fail("metadata.name", "the name of the %s %s is taken (%s); expected a name that no other %s has",
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
