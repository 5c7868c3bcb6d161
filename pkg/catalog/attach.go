package catalog

import (
	"fmt"
	"slices"
	"strings"
)

// selection says which SLOs a document is about: those that match all of its
// members. A member that is not given or empty matches every SLO.
type selection struct {
	SLO     []string          `json:"slo"`     // any of these names
	Service []string          `json:"service"` // any of these services
	Labels  map[string]string `json:"labels"`  // all of these
}

func (s selection) matches(o SLO) bool {
	if len(s.SLO) > 0 && !slices.Contains(s.SLO, o.Name) {
		return false
	}
	if len(s.Service) > 0 && !slices.Contains(s.Service, o.Service) {
		return false
	}
	for key, want := range s.Labels {
		if !slices.Contains(o.LabelValues(key), want) {
			return false
		}
	}
	return true
}

// selected are the SLOs that a document is about, by name. A document that selects
// nothing by mistake is told so.
func (r *reader) selected(d *document, s selection) []*SLO {
	const path = "spec.select"
	if len(s.SLO)+len(s.Service)+len(s.Labels) == 0 {
		d.fail(path, "select is missing or empty; expected which SLOs this %s is about, by slo, service or labels", d.kind)
		return nil
	}
	var found []*SLO
	for i := range r.slos {
		if s.matches(r.slos[i]) {
			found = append(found, &r.slos[i])
		}
	}
	known := true
	for i, name := range s.SLO {
		if r.claimant("SLO", name) == nil && !r.partial {
			known = false
			d.warn(index(path+".slo", i), "select names the SLO %s, which no document defines%s; expected the name of an SLO in this catalogue",
				quote(name), didYouMean(name, r.namesOf("SLO")))
		}
	}
	for i, name := range s.Service {
		if services := r.serviceNames(); !slices.Contains(services, name) && !r.partial {
			known = false
			d.warn(index(path+".service", i), "select names the service %s, which no SLO belongs to%s; expected the service of an SLO in this catalogue",
				quote(name), didYouMean(name, services))
		}
	}
	if len(found) == 0 && known && !r.partial && !r.hasBadSLO() {
		d.warn(path, "select matches no SLO; expected members that at least one SLO has all of")
	}
	return found
}

// serviceNames are the services that SLO documents name, good or bad.
func (r *reader) serviceNames() []string {
	var names []string
	for _, d := range r.docs {
		path := "spec.service"
		switch {
		case d.kind == slothKind && d.family == sloth:
			path = d.words.at("service")
		case !d.definesSLOs():
			continue
		case d.dialect != nil:
			path = "spec." + d.dialect.service
		}
		if name, _ := d.find(path); textOf(name) != "" {
			names = append(names, textOf(name))
		}
	}
	for _, s := range r.slos {
		names = append(names, s.Service)
	}
	return names
}

// hasBadSLO says whether an SLO document has errors. A selection that matches
// nothing may have meant that one, and it is the errors that want attention.
func (r *reader) hasBadSLO() bool {
	return slices.ContainsFunc(r.docs, func(d *document) bool { return d.definesSLOs() && !d.ok() })
}

// definesSLOs says whether a document is one of those that SLOs are in.
func (d *document) definesSLOs() bool {
	return d.kind == "SLO" && d.dialect != nil || d.family == sloth && d.kind == slothKind || d.family == pyrra
}

// attach gives what a document defines to the SLOs that it selects, all or none of
// them. What else is wrong with the document comes before a conflict with others, which
// a check finds; it may be nil.
func (r *reader) attach(d *document, s selection, check func([]*SLO), give func(*SLO)) {
	slos := r.selected(d, s)
	if d.ok() && check != nil {
		check(slos)
	}
	if !d.ok() {
		return
	}
	for _, o := range slos {
		give(o)
	}
}

// oneCurrency checks that all money about an SLO is in one currency, and remembers it.
func oneCurrency(r *reader, d *document, code string) func([]*SLO) {
	return func(slos []*SLO) {
		for _, o := range slos {
			first, found := r.currencies[o.Name]
			if !found || first.code == code {
				continue
			}
			d.fail("spec.currency", "%s %s is in %s and %s %s (%s) is in %s, and both select the SLO %s; expected one currency per SLO",
				d.kind, quote(d.name), currency(code), first.document.kind, quote(first.document.name), first.document.place, currency(first.code), quote(o.Name))
		}
		if !d.ok() {
			return
		}
		for _, o := range slos {
			if _, found := r.currencies[o.Name]; !found {
				r.currencies[o.Name] = money{code, d}
			}
		}
	}
}

// money is the currency of an SLO and the first document that has one for it.
type money struct {
	code     string
	document *document
}

func currency(code string) string {
	if code == "" {
		return "the data source's currency"
	}
	return code
}

// named is what an SLO can have once only.
type named interface {
	*Agreement | *Policy | *Response
}

// nameOf is the name and the place of what an SLO has.
func nameOf[T named](of T) (string, Place) {
	switch o := any(of).(type) {
	case *Agreement:
		return o.Name, o.Place
	case *Policy:
		return o.Name, o.Place
	case *Response:
		return o.Name, o.Place
	}
	return "", Place{}
}

// onePerSLO checks that none of the SLOs has such a document already.
func onePerSLO[T named](d *document, of func(*SLO) T) func([]*SLO) {
	return func(slos []*SLO) {
		var taken []string
		for _, o := range slos {
			if has := of(o); has != nil {
				name, place := nameOf(has)
				taken = append(taken, fmt.Sprintf("%s by %s %s (%s)", quote(o.Name), d.kind, quote(name), place))
			}
		}
		if len(taken) > 0 {
			kind := strings.ToLower(d.kind)
			d.fail("spec.select", "%s %s selects SLOs that have %s %s already: %s; expected one %s per SLO",
				d.kind, quote(d.name), article(kind), kind, strings.Join(taken, ", "), d.kind)
		}
	}
}

// attachAgreement gives an agreement to the SLOs that it selects, and the targets that
// it remembers to their objectives.
func (r *reader) attachAgreement(d *document, s selection, a Agreement) {
	objectives := make(map[*SLO][]Objective)
	one := onePerSLO(d, func(s *SLO) *Agreement { return s.Agreement })
	r.attach(d, s, func(slos []*SLO) {
		one(slos)
		for _, o := range slos {
			objectives[o] = d.withHistory(o, a.TargetHistory)
		}
	}, func(o *SLO) {
		o.Agreement, o.Objectives = &a, objectives[o]
	})
}

// attachContract gives a contract to the one SLO that it selects.
func (r *reader) attachContract(d *document, s selection, c Contract) {
	r.attach(d, s, func(slos []*SLO) {
		if len(slos) > 1 {
			d.fail("spec.select", "Contract %s selects %s; expected one, for the credit is that of one promise", quote(c.Name), count(len(slos), "SLO"))
			return
		}
		for _, o := range slos {
			if !hasObjective(o, c.Objective) {
				d.fail("spec.objective", "%s; expected %s", whichObjective(o, c.Objective), objectivesOf(o))
			}
		}
	}, func(o *SLO) {
		o.Contracts = append(o.Contracts, c)
	})
}

// count is a number of things in words: "1 step", "3 steps".
func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
