package catalog

import (
	"encoding/json"
	"reflect"
	"regexp"
	"slices"
)

// stakesInOrderOfUse are the kinds of stakes/v1 such that what others refer to comes
// first.
var stakesInOrderOfUse = []string{"Value", "Agreement", "Correction", "Incident", "Policy", "Risk", "Contract", "Response", "Journey"}

var stakesKinds = slices.Sorted(slices.Values(stakesInOrderOfUse))

// header is what all documents of stakes/v1 have in common.
type header struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Metadata   struct {
		Name string `json:"name"`
	} `json:"metadata"`
}

// readStakes reads the documents of one kind, in their order.
func (r *reader) readStakes(kind string) {
	read := r.readers()[kind]
	for _, d := range r.docs {
		if d.family == stakes && d.kind == kind {
			read(d)
		}
	}
}

// readers read a document of each kind and give what it says to the SLOs.
func (r *reader) readers() map[string]func(*document) {
	return map[string]func(*document){
		"Value": reading(func(d *document, doc valueDocument) {
			v := d.value(doc)
			r.attach(d, doc.Spec.Select, oneCurrency(r, d, v.Currency), func(s *SLO) { s.Values = append(s.Values, v) })
			if d.ok() {
				r.values[d.name] = v
			}
		}),
		"Agreement": reading(func(d *document, doc agreementDocument) {
			r.attachAgreement(d, doc.Spec.Select, d.agreement(doc))
		}),
		"Correction": reading(func(d *document, doc correctionDocument) {
			c := d.correction(doc)
			r.attach(d, doc.Spec.Select, nil, func(s *SLO) { s.Corrections = append(s.Corrections, c) })
		}),
		"Incident": reading(func(d *document, doc incidentDocument) {
			i := d.incident(doc)
			if doc.Spec.Select != nil {
				r.attach(d, *doc.Spec.Select, oneCurrency(r, d, i.Currency), func(s *SLO) { s.Incidents = append(s.Incidents, i) })
			}
			if d.ok() {
				r.incidents = append(r.incidents, i)
			}
		}),
		"Policy": reading(func(d *document, doc policyDocument) {
			p := d.budgetPolicy(doc)
			r.attach(d, doc.Spec.Select, onePerSLO(d, func(s *SLO) *Policy { return s.Policy }), func(s *SLO) { s.Policy = &p })
		}),
		"Risk": reading(func(d *document, doc riskDocument) {
			risk := d.risk(doc)
			check := oneCurrency(r, d, risk.Currency)
			if risk.CostPerIncident == nil {
				check = nil
			}
			r.attach(d, doc.Spec.Select, check, func(s *SLO) { s.Risks = append(s.Risks, risk) })
		}),
		"Contract": reading(func(d *document, doc contractDocument) {
			r.attachContract(d, doc.Spec.Select, d.contract(doc))
		}),
		"Response": reading(func(d *document, doc responseDocument) {
			response := d.response(doc)
			one, currency := onePerSLO(d, func(s *SLO) *Response { return s.Response }), oneCurrency(r, d, response.Currency)
			r.attach(d, doc.Spec.Select, func(all []*SLO) { one(all); currency(all) }, func(s *SLO) { s.Response = &response })
		}),
		"Journey": reading(func(d *document, doc journeyDocument) {
			if j := r.journey(d, doc); d.ok() {
				r.journeys = append(r.journeys, j)
			}
		}),
	}
}

// reading is a reader of documents of one type.
func reading[T any](read func(d *document, doc T)) func(*document) {
	return func(d *document) {
		if doc, ok := decodeStakes[T](d); ok {
			read(d, doc)
		}
	}
}

// decodeStakes reads a document strictly; ok is false where that leaves nothing
// to look at.
func decodeStakes[T any](d *document) (doc T, ok bool) {
	if doc, ok = decode[T](d); !ok {
		return doc, false
	}
	switch {
	case d.name == "":
		d.fail("metadata.name", "name is missing; expected a name for this %s", d.kind)
	case !validName.MatchString(d.name):
		d.fail("metadata.name", "%s", notAName("name", d.name))
	}
	return doc, true
}

// decode reads a document that has the shape of a Go type.
func decode[T any](d *document) (doc T, ok bool) {
	before := d.errors()
	d.shape("", d.root, reflect.TypeFor[T]())
	if d.errors() > before {
		return doc, false
	}
	text, err := json.Marshal(plain(d.root, d.misspelt))
	if err == nil {
		err = json.Unmarshal(text, &doc)
	}
	if err != nil {
		d.fail("", "this %s cannot be read: %v", d.kind, err)
		return doc, false
	}
	return doc, true
}

var (
	validName     = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$`)
	validCurrency = regexp.MustCompile(`^[A-Z]{3}$`)
	validLabel    = regexp.MustCompile(`^[a-zA-Z_][a-zA-Z0-9_]*$`)
)
