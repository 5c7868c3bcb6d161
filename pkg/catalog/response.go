package catalog

import "time"

// Response is what it costs a team to answer the alerts of an SLO.
type Response struct {
	Name           string
	People         float64 // who answer one page, at least 1
	MinutesPerPage float64 // of each of them, above 0
	CostPerHour    MoneyRange
	Currency       string // ISO 4217; empty means the data source's own
	// NightFrom and NightTo are the time of day in TimeZone between which a page costs
	// NightFactor times as much; equal where there is no night. Night may span midnight.
	NightFrom, NightTo time.Duration // since midnight, in [0, 24h)
	NightFactor        float64       // at least 1
	TimeZone           *time.Location
	Place              Place
}

// IsNight says whether an instant is at night.
func (r Response) IsNight(at time.Time) bool {
	local := at.In(r.TimeZone)
	since := time.Duration(local.Hour())*time.Hour + time.Duration(local.Minute())*time.Minute
	if r.NightFrom <= r.NightTo {
		return r.NightFrom <= since && since < r.NightTo
	}
	return since >= r.NightFrom || since < r.NightTo
}

type responseDocument struct {
	header
	Spec struct {
		Select         selection `json:"select"`
		People         *float64  `json:"people"`
		MinutesPerPage *float64  `json:"minutesPerPage"`
		CostPerHour    any       `json:"costPerHour"` // see amounts.go
		Currency       string    `json:"currency"`
		NightFrom      string    `json:"nightFrom"`
		NightTo        string    `json:"nightTo"`
		NightFactor    *float64  `json:"nightFactor"`
		TimeZone       string    `json:"timeZone"`
	} `json:"spec"`
}

func (d *document) response(doc responseDocument) Response {
	spec := doc.Spec
	r := Response{
		Name:           d.name,
		People:         d.optional("spec.people", spec.People, 1, atLeastOne),
		MinutesPerPage: d.requiredNumber("spec.minutesPerPage", spec.MinutesPerPage, positive),
		CostPerHour:    d.money("spec.costPerHour", "what an hour of one of them costs"),
		Currency:       d.currency("spec.currency", spec.Currency),
		NightFactor:    d.optional("spec.nightFactor", spec.NightFactor, 1, atLeastOne),
		TimeZone:       time.UTC,
		Place:          d.place,
	}
	if spec.NightFrom == "" && spec.NightTo == "" {
		if spec.NightFactor != nil {
			d.fail("spec.nightFactor", "nightFactor is given and there is no night; expected nightFrom and nightTo beside it")
		}
		return r
	}
	r.TimeZone, _ = d.zone("spec.timeZone", spec.TimeZone)
	r.NightFrom, r.NightTo = d.timeOfDay("spec.nightFrom", spec.NightFrom), d.timeOfDay("spec.nightTo", spec.NightTo)
	if r.NightFrom == r.NightTo && !d.reported("spec.nightFrom") && !d.reported("spec.nightTo") {
		d.fail("spec.nightTo", "nightTo is the same as nightFrom; expected another time of day")
	}
	return r
}
