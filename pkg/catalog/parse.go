package catalog

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	v1 "github.com/OpenSLO/go-sdk/pkg/openslo/v1"
)

// stakesVersion is the version of our own documents.
const stakesVersion = "stakes/v1"

// whatIsRead lists the versions that Parse reads with their kinds.
var whatIsRead = openSLOv1.version + ", " + openSLOAlpha.version + " and " + openSLOv2.version + " (" + list(openSLOKinds) + "), " + stakesVersion + " (" + list(stakesKinds) + "), " +
	slothVersion + " (" + slothKind + " or " + slothWindowsKind + ") or " + pyrraVersion + " (" + pyrraKind + ")"

// Source is a stream of YAML documents. Its name is what places are called after,
// such as "catalog".
type Source struct {
	Name, Text string
}

// Parse reads the YAML documents of one stream, as ParseAll does.
func Parse(source, text string) Catalog { return ParseAll(Source{source, text}) }

// ParseAll reads streams of YAML documents, which make one catalogue together.
func ParseAll(sources ...Source) Catalog { return Read(Input{Sources: sources}) }

// Input is what a catalogue is made of, in order: of two definitions with one name, the
// first one holds.
type Input struct {
	Sources []Source
	// Discovered are SLOs that other tools record. One that a document defines too is
	// that one SLO.
	Discovered []SLO
	// Problems are those of the way here, such as a source that could not be read.
	Problems []Problem
	// Partial says that there is more, which could not be read: that something is not
	// there means nothing then.
	Partial bool
}

// Read makes a catalogue. It never fails: what is wrong is in the problems of the
// catalogue, in the order of the documents and their lines. The same input always gives
// the same catalogue.
func Read(in Input) Catalog {
	var docs []*document
	for _, s := range in.Sources {
		docs = append(docs, documents(s.Name, s.Text)...)
	}
	r := reader{
		docs:        docs,
		partial:     in.Partial,
		claims:      make(map[identity]*document),
		sourceTypes: make(map[string]string),
		indicators:  make(map[string]Indicator),
		services:    make(map[string]string),
		conditions:  make(map[string]AlertCondition),
		policies:    make(map[string]AlertPolicy),
		values:      make(map[string]Value),
		currencies:  make(map[string]money),
	}
	for _, d := range r.docs {
		r.identify(d)
	}
	for _, kind := range inOrderOfUse {
		for _, d := range r.docs {
			if d.family == openSLO && d.kind == kind {
				r.readOpenSLO(d)
			}
		}
	}
	for _, d := range r.docs {
		if d.family == sloth && d.kind == slothWindowsKind {
			r.readSlothWindows(d)
		}
	}
	for _, d := range r.docs {
		switch {
		case d.family == sloth && d.kind == slothKind:
			r.readSloth(d)
		case d.family == pyrra:
			r.readPyrra(d)
		}
	}
	for _, s := range in.Discovered {
		r.adopt(s)
	}
	slices.SortFunc(r.slos, func(a, b SLO) int { return strings.Compare(a.Name, b.Name) })
	for _, kind := range stakesInOrderOfUse {
		r.readStakes(kind)
	}
	c := r.catalog()
	for _, p := range append(r.loose, in.Problems...) {
		c.addLoose(p)
	}
	return c
}

// addLoose adds a problem that is in no document: its source is listed for it.
func (c *Catalog) addLoose(p Problem) {
	c.Problems = append(c.Problems, p)
	for i := range c.Definitions {
		if d := &c.Definitions[i]; d.Place == p.Place && d.Name == "" {
			d.Problems++
			return
		}
	}
	c.Definitions = append(c.Definitions, Definition{Place: p.Place, Problems: 1})
}

// ProblemsOf are the problems of a definition.
func (c Catalog) ProblemsOf(d Definition) (all []Problem) {
	if d.Problems == 0 {
		return nil
	}
	for _, p := range c.Problems {
		if p.Source == d.Place.Source && p.Document == d.Place.Document {
			all = append(all, p)
		}
	}
	return all
}

// adopt takes an SLO that was discovered: as one more, or as where that of a document is
// recorded.
func (r *reader) adopt(s SLO) {
	for i := range r.slos {
		o := &r.slos[i]
		if o.Name == s.Name || o.Service == s.Service && o.Recorded == "" && slices.Contains(s.aliases, o.Name) {
			if o.Place.Document > 0 {
				o.Recorded = s.Origin
				return
			}
		}
	}
	id := identity{openSLO, "SLO", s.Name}
	d := &document{place: s.Place, kind: "SLO", name: s.Name, family: discovered}
	switch first := r.claims[id]; {
	case first == nil:
		r.claims[id] = d
		r.docs, r.slos = append(r.docs, d), append(r.slos, s)
	case first.family == discovered:
		message := fmt.Sprintf("the name of the SLO %s is taken (%s); expected a name that no other SLO has", quote(s.Name), first.place)
		r.loose = append(r.loose, Problem{Place: s.Place, Message: message, Severity: Error})
	case first.family == string(s.Origin) && !slices.ContainsFunc(r.slos, func(o SLO) bool { return o.Name == s.Name }):
		// The tool can read its document although Stakes cannot, as with plugins.
		s.Place = first.place
		r.slos = append(r.slos, s)
	}
	// Else a document of somebody else defines it, with problems of its own.
}

// inOrderOfUse are OpenSLO's kinds such that what others refer to comes first.
var inOrderOfUse = []string{
	"DataSource", "SLI", "AlertCondition", "AlertNotificationTarget", "AlertPolicy", "SLO", "Service",
}

// reader is what Parse knows of a stream so far.
type reader struct {
	docs        []*document
	partial     bool                   // there is more than the documents
	loose       []Problem              // that are in no document
	claims      map[identity]*document // the first document of each name, good or bad
	sourceTypes map[string]string      // of good DataSources, by name
	indicators  map[string]Indicator   // of good SLIs, by name
	services    map[string]string      // display name by name
	conditions  map[string]AlertCondition
	policies    map[string]AlertPolicy
	// slothWindows are the catalogues of windows that Sloth's SLOs are alerted on over.
	slothWindows []slothWindows
	slos         []SLO            // the good ones
	values       map[string]Value // good ones, by name
	currencies   map[string]money // by the name of the SLO
	incidents    []Incident       // the good ones
	journeys     []Journey        // the good ones
}

func (r *reader) readOpenSLO(d *document) {
	written, read := d.decodeOpenSLO()
	if read == nil {
		return
	}
	keep := func() {}
	switch o := read.(type) {
	case v1.DataSource:
		if o.Spec.Type != "" && !isPrometheus(o.Spec.Type) {
			d.warn("spec.type", "type is %s, and SLIs of this DataSource cannot be read; expected Prometheus or one of its kind", quote(o.Spec.Type))
		}
		keep = func() { r.sourceTypes[d.name] = o.Spec.Type }
	case v1.SLI:
		indicator := r.indicator(d, "spec", o.Spec)
		keep = func() { r.indicators[d.name] = indicator }
	case v1.AlertCondition:
		condition := d.condition("spec", d.name, o.Spec)
		keep = func() { r.conditions[d.name] = condition }
	case v1.AlertPolicy:
		policy := r.policy(d, "spec", o.Metadata, o.Spec)
		keep = func() { r.policies[d.name] = policy }
	case v1.SLO:
		s := r.slo(d, o)
		keep = func() { r.slos = append(r.slos, s) }
	case v1.Service:
		keep = func() { r.services[d.name] = orName(o.Metadata.DisplayName, d.name) }
	}
	d.validateOpenSLO(written)
	if d.ok() {
		keep()
	}
}

func (r *reader) catalog() Catalog {
	slices.SortFunc(r.journeys, func(a, b Journey) int { return strings.Compare(a.Name, b.Name) })
	c := Catalog{SLOs: r.slos, Journeys: r.journeys, Incidents: r.incidents}
	for _, s := range r.slos {
		r.services[s.Service] = orName(r.services[s.Service], s.Service)
	}
	for _, name := range slices.Sorted(maps.Keys(r.services)) {
		c.Services = append(c.Services, Service{Name: name, DisplayName: r.services[name]})
	}
	for _, d := range r.docs {
		c.Definitions = append(c.Definitions, d.definition())
		c.Problems = append(c.Problems, d.problems...)
	}
	return c
}

// orName is the display name, or the name where that is blank.
func orName(displayName, name string) string {
	if strings.TrimSpace(displayName) == "" {
		return name
	}
	return displayName
}
