package catalog

import (
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// Value says what an event is worth, as the business sees it.
type Value struct {
	Name     string
	Currency string // ISO 4217; empty means the data source's own
	// PerEvent is the money that one event is worth, at least 0. Where ByLabel is
	// given, it is the worth of events with any other value of the label.
	PerEvent AmountRange
	ByLabel  *LabelAmounts // nil where all events are worth the same
	// RequestsPerOrder is how many requests make one event that is worth PerEvent, at
	// least 1: money lost is that of failed requests divided by it.
	RequestsPerOrder float64
	NotRecovered     ShareRange    // of failures that nobody makes up for by trying again, in [0, 1]
	Abandonment      []Abandonment // of events that are good and slow; may be empty
	Customers        *Customers    // nil where nobody says how many are hurt
	SetBy            string        // who answers for the assumption
	SetOn            string        // YYYY-MM-DD, or empty
	Expires          string        // YYYY-MM-DD, or empty; the last day on which it holds
	Source           string        // where the figures come from
	Place            Place
}

// AmountRange is money per event: a low, a base and a high estimate.
type AmountRange struct {
	Low, Base, High Amount
}

// Amount is money per event, either a constant or PromQL that gives one series.
type Amount struct {
	Constant float64 // used where PromQL is empty; not negative
	PromQL   string
}

// ShareRange is a share in [0, 1] with Low <= Base <= High.
type ShareRange struct {
	Low, Base, High float64
}

// LabelAmounts is what an event is worth by the value of a label of the indicator's
// series, such as the tier of the customer.
type LabelAmounts struct {
	Label  string
	Values map[string]AmountRange // at least one
}

// Abandonment says that, of the events slower than a duration, a share is given up by
// customers and lost, though they are answered.
type Abandonment struct {
	Above time.Duration
	Share float64 // in [0, 1]
}

// Customers says how failed events become customers, in one of three ways.
type Customers struct {
	Label string // of the indicator's series, one value for each customer; or empty

	UniqueUsers     string  // PromQL for the users of a slice; or empty
	RequestsPerUser float64 // that each of them makes in a slice, at least 1; 0 without UniqueUsers

	PerEvent float64 // customers for each failed event, above 0; or 0
}

type valueDocument struct {
	header
	Spec struct {
		Select           selection      `json:"select"`
		Currency         string         `json:"currency"`
		PerEvent         any            `json:"perEvent"` // see amounts.go
		RequestsPerOrder *float64       `json:"requestsPerOrder"`
		NotRecovered     any            `json:"notRecovered"` // see amounts.go
		Abandonment      []abandonment  `json:"abandonment"`
		Customers        *customersSpec `json:"customers"`
		SetBy            string         `json:"setBy"`
		SetOn            string         `json:"setOn"`
		Expires          string         `json:"expires"`
		Source           string         `json:"source"`
	} `json:"spec"`
}

type abandonment struct {
	Above string   `json:"above"`
	Share *float64 `json:"share"`
}

type customersSpec struct {
	Label           string   `json:"label"`
	UniqueUsers     string   `json:"uniqueUsers"`
	RequestsPerUser *float64 `json:"requestsPerUser"`
	PerEvent        *float64 `json:"perEvent"`
}

func (d *document) value(doc valueDocument) Value {
	spec := doc.Spec
	v := Value{
		Name:             d.name,
		Currency:         d.currency("spec.currency", spec.Currency),
		RequestsPerOrder: d.optional("spec.requestsPerOrder", spec.RequestsPerOrder, 1, atLeastOne),
		NotRecovered:     d.notRecovered("spec.notRecovered"),
		Abandonment:      d.abandonment("spec.abandonment", spec.Abandonment),
		Customers:        d.customers("spec.customers", spec.Customers),
		SetBy:            spec.SetBy,
		SetOn:            spec.SetOn,
		Expires:          spec.Expires,
		Source:           spec.Source,
		Place:            d.place,
	}
	v.PerEvent, v.ByLabel = d.worth("spec.perEvent")
	set, end := d.date("spec.setOn", spec.SetOn), d.date("spec.expires", spec.Expires)
	if !set.IsZero() && !end.IsZero() && end.Before(set) {
		d.fail("spec.expires", "expires is before setOn; expected a later date")
	}
	return v
}

// worth reads money per event, alike for all or by a label.
func (d *document) worth(path string) (AmountRange, *LabelAmounts) {
	n, _ := d.find(path)
	_, table := member(n, "perLabel")
	if table == nil {
		return d.perEvent(path), nil
	}
	for i := 0; i < len(n.Content); i += 2 {
		if name := n.Content[i].Value; name != "perLabel" {
			d.fail(dot(path, name), "%s is given beside perLabel; expected it among the values of perLabel", name)
		}
	}
	path += ".perLabel"
	fields := []string{"label", "values", "otherwise"}
	if table.Kind != yaml.MappingNode {
		d.fail(path, "perLabel is %s; expected a mapping with %s", describe(table), list(fields))
		return AmountRange{}, nil
	}
	for i := 0; i < len(table.Content); i += 2 {
		if name := table.Content[i].Value; !slices.Contains(fields, name) {
			d.fail(dot(path, name), "perLabel has no field %s%s; expected %s", quote(name), didYouMean(name, fields), list(fields))
		}
	}
	by := &LabelAmounts{Label: scalar(table, "label"), Values: make(map[string]AmountRange)}
	d.label(path+".label", by.Label)
	_, values := member(table, "values")
	if values == nil || values.Kind != yaml.MappingNode || len(values.Content) == 0 {
		d.fail(path+".values", "values is %s; expected what an event is worth by the label's value, such as {gold: 50, silver: 20}", describe(values))
		return AmountRange{}, nil
	}
	for i := 0; i < len(values.Content); i += 2 {
		value := values.Content[i].Value
		by.Values[value] = d.perEvent(dot(path+".values", value))
	}
	if _, otherwise := member(table, "otherwise"); isNull(otherwise) {
		d.fail(path+".otherwise", "otherwise is missing; expected what an event with another %s is worth, such as 0", by.Label)
		return AmountRange{}, by
	}
	return d.perEvent(path + ".otherwise"), by
}

// label checks the name of a label.
func (d *document) label(path, name string) {
	if !validLabel.MatchString(name) {
		n, _ := d.find(path)
		d.fail(path, "label is %s; expected the name of a label, such as tier", describe(n))
	}
}

// abandonment reads a curve: the slower, the more is lost.
func (d *document) abandonment(path string, given []abandonment) []Abandonment {
	var curve []Abandonment
	for i, g := range given {
		at := index(path, i)
		point := Abandonment{
			Above: d.requiredLength(at+".above", g.Above, "a duration from which events are given up"),
			Share: d.requiredNumber(at+".share", g.Share, bounds{func(v float64) bool { return v >= 0 && v <= 1 }, "a share between 0 and 1, such as 0.05"}),
		}
		if i > 0 && !d.reportedWithin(at) && !d.reportedWithin(index(path, i-1)) {
			before := curve[i-1]
			if point.Above <= before.Above {
				d.fail(at+".above", "above is not longer than in the point before; expected the durations to rise")
			}
			if point.Share < before.Share {
				d.fail(at+".share", "share is lower than in the point before; expected slower events to be given up at least as often")
			}
		}
		curve = append(curve, point)
	}
	return curve
}

// customers reads the one way in which customers are counted.
func (d *document) customers(path string, given *customersSpec) *Customers {
	if given == nil {
		return nil
	}
	var ways []string
	for _, way := range []string{"label", "uniqueUsers", "perEvent"} {
		if n, _ := d.find(dot(path, way)); !isNull(n) {
			ways = append(ways, way)
		}
	}
	if len(ways) != 1 {
		ways = append(ways, "nothing to count by")[:max(len(ways), 1)]
		d.fail(path, "customers has %s; expected one of label, uniqueUsers (with requestsPerUser) and perEvent", strings.Join(ways, " and "))
		return nil
	}
	c := &Customers{Label: given.Label, UniqueUsers: d.optionalPromQL(path+".uniqueUsers", given.UniqueUsers)}
	switch ways[0] {
	case "label":
		d.label(path+".label", given.Label)
	case "uniqueUsers":
		c.RequestsPerUser = d.requiredNumber(path+".requestsPerUser", given.RequestsPerUser, atLeastOne)
	default:
		c.PerEvent = d.requiredNumber(path+".perEvent", given.PerEvent, positive)
	}
	if given.RequestsPerUser != nil && ways[0] != "uniqueUsers" {
		d.fail(path+".requestsPerUser", "requestsPerUser is given without uniqueUsers; expected both")
	}
	return c
}
