package plugin

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/catalog"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/prom"
)

// keptFor is for how long SLOs are kept that the store records no more: rules that fail
// to load take all of them away at once.
const keptFor = 24 * time.Hour

// discovery finds the SLOs that other tools record in the store.
type discovery struct {
	store *prom.Store
	tools []catalog.Origin

	last    copied
	found   time.Time       // when it last found any
	ruled   time.Time       // when the store last gave its rules
	present map[string]bool // totals that the store was seen to have
}

// part is the discovery as a part of the catalogue.
func (d *discovery) part(quiet bool) *part {
	return &part{name: "the discovery", quiet: quiet, read: d.read}
}

// read asks the store by one query and, where that finds SLOs, for its rules, which say
// what is counted. A store that never gave them has the ratios alone. Where it gave them
// before, and data or rules of it are missing now, nothing is concluded from that for a day: an
// SLO that vanished would take its alerts along.
func (d *discovery) read(ctx context.Context) (copied, error) {
	now := time.Now()
	series, err := d.store.Newest(ctx, catalog.DiscoveryQuery(d.tools), now)
	if inPart := errors.Is(err, prom.ErrPartial); err != nil && !(inPart && len(d.last.slos) == 0) {
		return copied{}, err
	}
	found := catalog.Found{Split: prom.CountedRatio}
	for _, s := range series {
		found.Series = append(found.Series, catalog.FoundSeries(s))
	}
	if len(series) > 0 {
		rules, err := d.store.Rules(ctx, func(r prom.Rule) bool { return catalog.IsRuleOfTool(r.Name, r.Labels) })
		switch {
		case ctx.Err() != nil:
			return copied{}, err
		case err == nil:
			d.ruled = now
		case len(d.last.slos) > 0 && now.Sub(d.ruled) < keptFor:
			return copied{}, fmt.Errorf("the store does not give its rules any more: %w", err)
		}
		for _, r := range rules {
			found.Rules = append(found.Rules, catalog.FoundRule(r))
		}
	}
	var out copied
	out.slos, out.problems = catalog.Discover(d.tools, found)
	if absent, err := d.absent(ctx, out.slos, now); err != nil {
		return copied{}, err
	} else if len(absent) > 0 {
		found.Split = func(ratio string) (part, total string, rest, ok bool) {
			part, total, rest, ok = prom.CountedRatio(ratio)
			return part, total, rest, ok && !absent[total]
		}
		out.slos, out.problems = catalog.Discover(d.tools, found)
	}
	switch {
	case len(out.slos) > 0:
		d.found = now
	case len(d.last.slos) > 0 && now.Sub(d.found) < keptFor:
		return copied{}, fmt.Errorf("the store records no SLO any more; those that it recorded are kept for a day")
	}
	out.same = reflect.DeepEqual(out.slos, d.last.slos) && reflect.DeepEqual(out.problems, d.last.problems)
	d.last = copied{slos: out.slos, problems: out.problems}
	return out, nil
}

// absent are the counters that rules count and the store does not have: whoever records
// may throw away what it records of. What was there once is not asked for again.
func (d *discovery) absent(ctx context.Context, slos []catalog.SLO, now time.Time) (map[string]bool, error) {
	if d.present == nil {
		d.present = map[string]bool{}
	}
	var totals []string
	for _, s := range slos {
		if total := s.Indicator.Total; total != "" && !d.present[total] {
			totals = append(totals, total)
		}
	}
	there, err := d.store.Present(ctx, totals, time.Hour, now)
	if query := (*prom.Error)(nil); errors.As(err, &query) && ctx.Err() == nil {
		return nil, nil // a store that cannot say is taken to have them
	}
	absent := map[string]bool{}
	for i, total := range totals {
		if err == nil && there[i] {
			d.present[total] = true
		} else {
			absent[total] = true
		}
	}
	return absent, err
}
