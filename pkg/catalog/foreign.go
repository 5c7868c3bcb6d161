package catalog

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// The families of documents that other tools read: Sloth's and Pyrra's. Their files are
// read as they are, and what only matters to the tool itself is left alone. Fields that
// nobody knows are warnings, since the tools themselves do not mind them.
const (
	sloth = "sloth"
	pyrra = "pyrra"

	slothFileVersion = "prometheus/v1" // in the field version
	slothVersion     = "sloth.slok.dev/v1"
	slothKind        = "PrometheusServiceLevel"
	pyrraVersion     = "pyrra.dev/v1alpha1"
	pyrraKind        = "ServiceLevelObjective"
)

// Origin is the tool that an SLO was written for.
type Origin string

// The origins of SLOs.
const (
	FromOpenSLO Origin = openSLO
	FromSloth   Origin = sloth // Name is what Sloth calls sloth_id
	FromPyrra   Origin = pyrra // Name is what Pyrra calls slo
)

// identifyForeign finds out what a document of another tool says it is; it is false for
// a document of none.
func (r *reader) identifyForeign(d *document, version string) bool {
	var kinds []string
	switch {
	case version == "" && scalar(d.root, "version") == slothFileVersion:
		d.kind, d.name, d.words = slothKind, scalar(d.root, "service"), slothFileWords
		d.family, kinds = sloth, []string{slothKind}
	case version == slothVersion:
		d.family, kinds, d.words = sloth, []string{slothKind, slothWindowsKind}, slothWords
	case version == pyrraVersion:
		d.family, kinds = pyrra, []string{pyrraKind}
	default:
		return false
	}
	if !slices.Contains(kinds, d.kind) {
		d.family = ""
		d.fail("kind", "kind %s is not one of %s that this version of Stakes reads%s; expected %s",
			quote(d.kind), version, didYouMean(d.kind, kinds), list(kinds))
		return true
	}
	switch {
	case d.kind == slothKind:
		slos, _ := d.find(d.words.at("slos"))
		for i := 0; slos != nil && slos.Kind == yaml.SequenceNode && i < len(slos.Content); i++ {
			if name := scalar(slos.Content[i], "name"); name != "" {
				r.claimSLO(d, index(d.words.at("slos"), i)+".name", d.words.service(d)+"-"+name)
			}
		}
	case d.family == pyrra:
		r.claimSLO(d, "metadata.name", d.name)
	}
	return true
}

// claimSLO keeps the name of an SLO for the first document that has it, whatever tool
// that was written for.
func (r *reader) claimSLO(d *document, path, name string) {
	id := identity{openSLO, "SLO", name}
	switch first := r.claims[id]; {
	case name == "":
	case first == nil:
		r.claims[id] = d
	default:
		d.fail(path, "the name of the SLO %s is taken (%s); expected a name that no other SLO has", quote(name), first.place)
	}
}

// decodeForeign reads a document of another tool; ok is false where that leaves nothing
// to look at.
func decodeForeign[T any](d *document) (doc T, ok bool) {
	d.lenient = true
	return decode[T](d)
}

// errorWithin says whether there is an error with the property at a path or with
// something that it contains: one bad SLO of a document does not hide the others.
func (d *document) errorWithin(path string) bool {
	return slices.ContainsFunc(d.problems, func(p Problem) bool {
		rest, within := strings.CutPrefix(p.Path, path)
		return within && p.Severity == Error && (rest == "" || rest[0] == '.' || rest[0] == '[')
	})
}

// scalars are the plain values of the mapping at a path, as they are written.
func (d *document) scalars(path string) map[string]string {
	found := make(map[string]string)
	n, _ := d.find(path)
	if isNull(n) {
		return found
	}
	if n.Kind != yaml.MappingNode {
		d.fail(path, "%s is %s; expected a mapping", leaf(path), describe(n))
		return found
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if key, value := n.Content[i].Value, n.Content[i+1]; value.Kind != yaml.ScalarNode {
			d.fail(dot(path, key), "%s is %s; expected a text", key, describe(value))
		} else if !isNull(value) {
			found[key] = value.Value
		}
	}
	return found
}

// percentage is a target in percent as a ratio; ok is false where there is none. 0 is
// no percentage that leaves something to promise, and 100 leaves no budget.
func (d *document) percentage(path string, percent float64) (float64, bool) {
	switch {
	case percent == 100:
		d.fail(path, "%s 100 leaves no error budget; expected a percentage below 100, such as 99.9", leaf(path))
		return 0, false
	case !(percent > 0 && percent < 100):
		d.fail(path, "%s %v is not a percentage between 0 and 100, such as 99.9", leaf(path), percent)
		return 0, false
	case percent < 1:
		d.warn(path, "%s %v means that less than 1 %% of the events must be good; expected a percentage such as 99.9", leaf(path), percent)
	}
	return shift(percent, -2), true
}

// withPolicy gives an SLO the burn rates that another tool alerts at. Without any, it
// alerts of nothing.
func (s *SLO) withPolicy(p AlertPolicy) {
	for _, c := range p.Conditions {
		s.AlertWindows = append(s.AlertWindows, c.AlertWindow)
	}
	s.AlertsOff = len(p.Conditions) == 0
	if s.AlertsOff {
		return
	}
	p.WhenBreaching = true
	s.AlertPolicies = []AlertPolicy{p}
}

// burnRate is a condition of another tool's alerts.
func burnRate(w slo.AlertWindow) AlertCondition {
	return AlertCondition{Name: slo.FormatDuration(w.Long), AlertWindow: w, Op: slo.GT}
}
