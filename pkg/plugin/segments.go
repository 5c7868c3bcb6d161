package plugin

import (
	"context"
	"slices"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/catalog"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/impact"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/prom"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// segment is a group of an assessment's events, by the labels that its indicator's
// queries are summed by: one tier or region, one customer.
type segment struct {
	labels   map[string]string
	evidence slo.Evidence
	ledger   *impact.Ledger // nil where nobody said what its events are worth
}

// tellApart fetches the segments of an assessment where the question needs them: they
// are worth different amounts, each is a customer, or one may be badly off while all
// together do well.
func (a assessor) tellApart(ctx context.Context, out *assessment, corrections []slo.Correction) error {
	if out.group != nil || !a.needsSegments(out.promise) {
		return nil
	}
	indicator := out.indicator()
	labels, err := prom.GroupLabels(indicator)
	if err != nil || len(labels) == 0 {
		return nil // there are no groups; whoever needs them says so
	}
	out.stakes.labels = labels
	grouped, err := a.session.Groups(ctx, indicator, out.events.Timeline.Grid(), a.span.complete, a.settings.maxGroups)
	if err == nil {
		err = a.alike(out.events.Reading, grouped.Reading)
	}
	if err != nil {
		return err
	}
	out.queries = append(out.queries, grouped.Queries...)
	out.stakes.leftOut = grouped.LeftOut
	for _, g := range grouped.Groups {
		one := segment{labels: g.Labels}
		if one.evidence, err = slo.Gather(out.objective, g.Timeline, corrections); err != nil {
			return err
		}
		out.stakes.segments = append(out.stakes.segments, one)
	}
	return nil
}

func (a assessor) needsSegments(p promise) bool {
	q := a.question
	if q.queryType == typeImpact && q.format == formatTable {
		return true
	}
	return slices.ContainsFunc(p.slo.Values, func(v catalog.Value) bool {
		return v.ByLabel != nil && q.needsMoney() || v.Customers != nil && v.Customers.Label != "" && q.needsCustomers()
	})
}

// hidden are the segments that miss the promise while all events together keep it, and
// how many segments there are.
func (a assessment) hidden(r slo.Report) (missed []impact.Segment, of int) {
	var all []impact.Segment
	for _, s := range a.stakes.segments {
		report := slo.Judge(s.evidence, a.objective, slo.Moment{At: r.To, AsOf: r.To}, a.rules())
		one := impact.Segment{Name: groupName(s.labels), Status: report.Status}
		if s.ledger != nil {
			if loss, ok := s.ledger.Loss(a.objective.InForce(r.To), r.From, r.To); ok {
				one.Loss = loss.Gross
			}
		}
		all = append(all, one)
	}
	return impact.Hidden(all, r.Status), len(all)
}
