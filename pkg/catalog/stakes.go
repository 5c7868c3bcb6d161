package catalog

import (
	"encoding/json"
	"reflect"
	"regexp"
	"strings"
	"time"
)

// stakesKinds are the kinds of stakes/v1 that this version reads.
var stakesKinds = []string{"Value", "Agreement"}

// header is what all documents of stakes/v1 have in common.
type header struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Metadata   struct {
		Name string `json:"name"`
	} `json:"metadata"`
}

type valueDocument struct {
	header
	Spec struct {
		Select       selection `json:"select"`
		Currency     string    `json:"currency"`
		PerEvent     any       `json:"perEvent"`     // see amounts.go
		NotRecovered any       `json:"notRecovered"` // see amounts.go
		SetBy        string    `json:"setBy"`
		Expires      string    `json:"expires"`
	} `json:"spec"`
}

type agreementDocument struct {
	header
	Spec struct {
		Select       selection `json:"select"`
		Promise      string    `json:"promise"`
		Events       string    `json:"events"`
		Failed       string    `json:"failed"`
		Owner        string    `json:"owner"`
		Stakeholders []string  `json:"stakeholders"`
	} `json:"spec"`
}

func (r *reader) readStakes(d *document) {
	switch d.kind {
	case "Value":
		if doc, ok := decodeStakes[valueDocument](d); ok {
			r.attachValue(d, doc.Spec.Select, d.value(doc))
		}
	case "Agreement":
		if doc, ok := decodeStakes[agreementDocument](d); ok {
			r.attachAgreement(d, doc.Spec.Select, d.agreement(doc))
		}
	}
}

// decodeStakes reads a document strictly; ok is false where that leaves nothing
// to look at.
func decodeStakes[T any](d *document) (doc T, ok bool) {
	before := len(d.problems)
	d.shape("", d.root, reflect.TypeFor[T]())
	if len(d.problems) > before {
		return doc, false
	}
	text, err := json.Marshal(plain(d.root))
	if err == nil {
		err = json.Unmarshal(text, &doc)
	}
	if err != nil {
		d.fail("", "this %s cannot be read: %v", d.kind, err)
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

var (
	validName     = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$`)
	validCurrency = regexp.MustCompile(`^[A-Z]{3}$`)
)

func (d *document) value(doc valueDocument) Value {
	spec := doc.Spec
	if spec.Currency != "" && !validCurrency.MatchString(spec.Currency) {
		d.fail("spec.currency", "currency is %s; expected three capital letters, such as EUR", quote(spec.Currency))
	}
	if _, err := time.Parse(time.DateOnly, spec.Expires); spec.Expires != "" && err != nil {
		d.fail("spec.expires", "expires is %s; expected a date such as 2027-06-30", quote(spec.Expires))
	}
	return Value{
		Name:         d.name,
		Currency:     spec.Currency,
		PerEvent:     d.perEvent("spec.perEvent"),
		NotRecovered: d.notRecovered("spec.notRecovered"),
		SetBy:        spec.SetBy,
		Expires:      spec.Expires,
		Place:        d.place,
	}
}

func (d *document) agreement(doc agreementDocument) Agreement {
	spec := doc.Spec
	if strings.TrimSpace(spec.Promise) == "" {
		d.fail("spec.promise", "promise is missing; expected what customers are promised, in their words")
	}
	if strings.TrimSpace(spec.Events) == "" {
		spec.Events = "requests"
	}
	if strings.TrimSpace(spec.Failed) == "" {
		spec.Failed = "failed"
	}
	return Agreement{
		Name:         d.name,
		Promise:      strings.TrimSpace(spec.Promise),
		Events:       strings.TrimSpace(spec.Events),
		Failed:       strings.TrimSpace(spec.Failed),
		Owner:        spec.Owner,
		Stakeholders: spec.Stakeholders,
		Place:        d.place,
	}
}
