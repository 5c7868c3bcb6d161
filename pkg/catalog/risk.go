package catalog

import "time"

// Risk is something that goes wrong now and then, as somebody expects it to.
type Risk struct {
	Name             string
	Description      string // never empty
	IncidentsPerYear float64
	TimeToDetect     time.Duration // from the start of an incident, at least 0
	TimeToRepair     time.Duration // from its detection, above 0
	ShareOfUsers     float64       // who are hurt, in (0, 1]
	// CostPerIncident is money that comes on top of failed events; nil where nobody says.
	CostPerIncident *MoneyRange
	Currency        string // ISO 4217; empty means the data source's own
	Place           Place
}

type riskDocument struct {
	header
	Spec struct {
		Select           selection `json:"select"`
		Description      string    `json:"description"`
		IncidentsPerYear *float64  `json:"incidentsPerYear"`
		TimeToDetect     string    `json:"timeToDetect"`
		TimeToRepair     string    `json:"timeToRepair"`
		ShareOfUsers     *float64  `json:"shareOfUsers"`
		CostPerIncident  any       `json:"costPerIncident"` // see amounts.go
		Currency         string    `json:"currency"`
	} `json:"spec"`
}

func (d *document) risk(doc riskDocument) Risk {
	spec := doc.Spec
	risk := Risk{
		Name:             d.name,
		Description:      d.required("spec.description", spec.Description, "what goes wrong"),
		IncidentsPerYear: d.requiredNumber("spec.incidentsPerYear", spec.IncidentsPerYear, positive),
		TimeToRepair:     d.requiredLength("spec.timeToRepair", spec.TimeToRepair, "how long it takes to repair"),
		ShareOfUsers:     d.requiredNumber("spec.shareOfUsers", spec.ShareOfUsers, someShare),
		Currency:         d.currency("spec.currency", spec.Currency),
		Place:            d.place,
	}
	if spec.TimeToDetect != "0" && spec.TimeToDetect != "0m" && spec.TimeToDetect != "0s" {
		risk.TimeToDetect = d.requiredLength("spec.timeToDetect", spec.TimeToDetect, "how long it takes to notice")
	}
	if n, _ := d.find("spec.costPerIncident"); !isNull(n) {
		cost := d.money("spec.costPerIncident", "what an incident costs")
		risk.CostPerIncident = &cost
	}
	return risk
}
