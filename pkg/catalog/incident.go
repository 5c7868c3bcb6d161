package catalog

import (
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// Incident is harm that no counter shows and that somebody declares: a breach, a loss
// of data, a fine.
type Incident struct {
	Name        string
	Description string // never empty
	Kind        string // breach, data-loss, fine, outage or other
	Interval    slo.Interval
	Cost        MoneyRange
	Currency    string     // ISO 4217; empty means the data source's own
	Customers   slo.Number // who were hurt, at least 0
	Source      string     // who says so: a report, a ticket; never empty
	// Selects says whether the incident is about certain SLOs, which then have it too.
	Selects bool
	Place   Place
}

// MoneyRange is money: a low, a base and a high estimate, 0 <= Low <= Base <= High.
type MoneyRange struct {
	Low, Base, High float64
}

type incidentDocument struct {
	header
	Spec struct {
		Select      *selection `json:"select"`
		Description string     `json:"description"`
		Kind        string     `json:"kind"`
		Start       string     `json:"start"`
		End         string     `json:"end"`
		TimeZone    string     `json:"timeZone"`
		Cost        any        `json:"cost"` // see amounts.go
		Currency    string     `json:"currency"`
		Customers   *float64   `json:"customers"`
		Source      string     `json:"source"`
	} `json:"spec"`
}

var incidentKinds = []string{"breach", "data-loss", "fine", "outage", "other"}

func (d *document) incident(doc incidentDocument) Incident {
	spec := doc.Spec
	d.oneOf("spec.kind", spec.Kind, incidentKinds)
	return Incident{
		Name:        d.name,
		Description: d.required("spec.description", spec.Description, "what happened"),
		Kind:        spec.Kind,
		Interval: d.interval("spec", "start", "end", [2]string{spec.Start, spec.End},
			d.optionalZone("spec.timeZone", spec.TimeZone)),
		Cost:      d.money("spec.cost", "what it cost"),
		Currency:  d.currency("spec.currency", spec.Currency),
		Customers: d.known("spec.customers", spec.Customers, notNegative),
		Source:    d.required("spec.source", spec.Source, "who says so, such as a report"),
		Selects:   spec.Select != nil,
		Place:     d.place,
	}
}
