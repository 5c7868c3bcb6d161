package catalog

import (
	"time"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// Contract is a promise to one customer that costs credit when it is broken, judged
// by calendar months in the contract's time zone.
type Contract struct {
	Name      string
	Customer  string // confidential
	Fee       float64
	Currency  string   // ISO 4217; empty means the data source's own
	Every     slo.Unit // the fee is paid by: slo.Month or slo.Year
	TimeZone  *time.Location
	Objective string // of the SLO; empty where it has only one
	Tiers     []Tier // at least one, from the highest Below to the lowest
	Place     Place
}

// MonthlyFee is the fee of one month.
func (c Contract) MonthlyFee() float64 {
	if c.Every == slo.Year {
		return c.Fee / 12
	}
	return c.Fee
}

// Tier is the credit for a month whose SLI is below a ratio. Of several, the one with
// the lowest ratio holds.
type Tier struct {
	Below  float64 // ratio in (0, 1)
	Credit float64 // share of the month's fee, in (0, 1]
}

type contractDocument struct {
	header
	Spec struct {
		Select    selection `json:"select"`
		Objective string    `json:"objective"`
		Customer  string    `json:"customer"`
		Fee       *feeSpec  `json:"fee"`
		TimeZone  string    `json:"timeZone"`
		Tiers     []tier    `json:"tiers"`
	} `json:"spec"`
}

type feeSpec struct {
	Amount   *float64 `json:"amount"`
	Currency string   `json:"currency"`
	Every    string   `json:"every"`
}

type tier struct {
	Below  *float64 `json:"below"`
	Credit *float64 `json:"credit"`
}

// feePeriods are the calendar periods that a fee is paid for.
var feePeriods = []string{string(slo.Month), string(slo.Year)}

func (d *document) contract(doc contractDocument) Contract {
	spec := doc.Spec
	c := Contract{
		Name:      d.name,
		Customer:  d.required("spec.customer", spec.Customer, "whom the contract is with"),
		Objective: spec.Objective,
		Tiers:     d.tiers("spec.tiers", spec.Tiers),
		Place:     d.place,
	}
	c.TimeZone, _ = d.zone("spec.timeZone", spec.TimeZone)
	if spec.Fee == nil {
		d.fail("spec.fee", "fee is missing; expected what the customer pays, such as {amount: 2500, currency: EUR, every: month}")
		return c
	}
	d.oneOf("spec.fee.every", spec.Fee.Every, feePeriods)
	c.Fee = d.requiredNumber("spec.fee.amount", spec.Fee.Amount, positive)
	c.Currency = d.currency("spec.fee.currency", spec.Fee.Currency)
	c.Every = slo.Unit(spec.Fee.Every)
	return c
}

// tiers reads the steps of the credit: the lower the SLI, the more of it.
func (d *document) tiers(path string, given []tier) []Tier {
	if len(given) == 0 {
		d.fail(path, "tiers is missing or empty; expected at least one, such as {below: 0.999, credit: 0.1}")
	}
	var tiers []Tier
	for i, g := range given {
		at := index(path, i)
		t := Tier{
			Below:  d.requiredNumber(at+".below", g.Below, properRatio),
			Credit: d.requiredNumber(at+".credit", g.Credit, someShare),
		}
		if i > 0 && !d.reportedWithin(at) && !d.reportedWithin(index(path, i-1)) {
			if t.Below >= tiers[i-1].Below {
				d.fail(at+".below", "below is not lower than in the tier before; expected the tiers from the highest to the lowest")
			}
			if t.Credit <= tiers[i-1].Credit {
				d.fail(at+".credit", "credit is not higher than in the tier before; expected more credit for a lower SLI")
			}
		}
		tiers = append(tiers, t)
	}
	return tiers
}
