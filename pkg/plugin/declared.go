package plugin

import (
	"cmp"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/catalog"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/impact"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// declaredIn are the declared incidents of which some lies in an interval.
func declaredIn(all []catalog.Incident, i slo.Interval) []catalog.Incident {
	var inside []catalog.Incident
	for _, in := range all {
		if in.Interval.Overlap(i).Length() > 0 {
			inside = append(inside, in)
		}
	}
	return inside
}

// unattached are the declared incidents that are about no SLO.
func unattached(c catalog.Catalog) []catalog.Incident {
	var all []catalog.Incident
	for _, in := range c.Incidents {
		if !in.Selects {
			all = append(all, in)
		}
	}
	return all
}

// everything reports an answer about all SLOs that there are: one that selects nothing, or
// names each of them.
func (a *answer) everything() bool {
	return len(distinct(pick(a.assessments, func(one assessment) string { return one.slo.Name }))) == len(a.catalog.SLOs)
}

// moneyCurrency is the currency of all money that documents name about a promise; the
// catalogue has checked that there is one only. Contracts may have their own.
func (p promise) moneyCurrency(otherwise string) string {
	for _, v := range p.slo.Values {
		return cmp.Or(v.Currency, otherwise)
	}
	for _, in := range p.slo.Incidents {
		return cmp.Or(in.Currency, otherwise)
	}
	for _, r := range p.slo.Risks {
		if r.CostPerIncident != nil {
			return cmp.Or(r.Currency, otherwise)
		}
	}
	for _, c := range p.slo.Contracts {
		return cmp.Or(c.Currency, otherwise)
	}
	return otherwise
}

// rangeOf is an amount of the catalogue.
func rangeOf(m catalog.MoneyRange) impact.Range { return impact.Range(m) }
