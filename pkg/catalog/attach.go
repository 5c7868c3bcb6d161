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
		if r.claimant("SLO", name) == nil {
			known = false
			d.warn(index(path+".slo", i), "select names the SLO %s, which no document defines%s; expected the name of an SLO in this catalogue",
				quote(name), didYouMean(name, r.namesOf("SLO")))
		}
	}
	for i, name := range s.Service {
		if services := r.serviceNames(); !slices.Contains(services, name) {
			known = false
			d.warn(index(path+".service", i), "select names the service %s, which no SLO belongs to%s; expected the service of an SLO in this catalogue",
				quote(name), didYouMean(name, services))
		}
	}
	if len(found) == 0 && known && !r.hasBadSLO() {
		d.warn(path, "select matches no SLO; expected members that at least one SLO has all of")
	}
	return found
}

// serviceNames are the services that SLO documents name, good or bad.
func (r *reader) serviceNames() []string {
	var names []string
	for _, d := range r.docs {
		if name, _ := d.find("spec.service"); d.kind == "SLO" && textOf(name) != "" {
			names = append(names, textOf(name))
		}
	}
	return names
}

// hasBadSLO says whether an SLO document has errors. A selection that matches
// nothing may have meant that one, and it is the errors that want attention.
func (r *reader) hasBadSLO() bool {
	return slices.ContainsFunc(r.docs, func(d *document) bool { return d.kind == "SLO" && !d.ok() })
}

// attachValue gives a value to the SLOs that it selects, all or none of them. What
// else is wrong with the document comes before a conflict with others.
func (r *reader) attachValue(d *document, s selection, v Value) {
	slos := r.selected(d, s)
	for _, o := range slos {
		if d.ok() && len(o.Values) > 0 && o.Values[0].Currency != v.Currency {
			first := o.Values[0]
			d.fail("spec.currency", "Value %s is in %s and Value %s (%s) is in %s, and both select the SLO %s; expected one currency per SLO",
				quote(v.Name), currency(v), quote(first.Name), first.Place, currency(first), quote(o.Name))
		}
	}
	if !d.ok() {
		return
	}
	for _, o := range slos {
		o.Values = append(o.Values, v)
	}
}

func currency(v Value) string {
	if v.Currency == "" {
		return "the data source's currency"
	}
	return v.Currency
}

// attachAgreement gives an agreement to the SLOs that it selects, all or none of
// them, like [reader.attachValue].
func (r *reader) attachAgreement(d *document, s selection, a Agreement) {
	slos := r.selected(d, s)
	var taken []string
	for _, o := range slos {
		if d.ok() && o.Agreement != nil {
			taken = append(taken, fmt.Sprintf("%s by Agreement %s (%s)", quote(o.Name), quote(o.Agreement.Name), o.Agreement.Place))
		}
	}
	if len(taken) > 0 {
		d.fail("spec.select", "Agreement %s selects SLOs that have an agreement already: %s; expected one Agreement per SLO",
			quote(a.Name), strings.Join(taken, ", "))
	}
	if !d.ok() {
		return
	}
	for _, o := range slos {
		o.Agreement = &a
	}
}
