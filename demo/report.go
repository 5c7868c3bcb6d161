package main

import (
	"context"
	"time"

	"github.com/stakes-slo/stakes-slo-datasource/demo/card"
	"github.com/stakes-slo/stakes-slo-datasource/demo/shop"
)

// report asks the plugin and prints its answers next to the truth.
func (d *demo) report(ctx context.Context, s *shop.Shop) error {
	health, err := d.plugin.health(ctx)
	if err != nil {
		return err
	}
	d.say("Plugin      %s", health)

	asked := time.Now()
	scorecard, err := d.plugin.scorecard(ctx, s.End())
	if err != nil {
		return err
	}
	took := since(asked)
	statements, err := d.plugin.statements(ctx, s.End())
	if err != nil {
		return err
	}

	from, to := scorecard.From, scorecard.To
	if to.IsZero() {
		from, to = s.End().Add(-window), s.End()
	}
	truth := s.Truth().Between(from, to)
	d.say("\nPromises of the 28 days to %s UTC (answered in %s)\n", to.UTC().Format("2 January 2006, 15:04"), took)
	scorecard.Print(d.out, truth)
	d.say("\n%s", scorecard.Verdict(truth))
	d.say("Orders worth %s € failed at checkout; the catalogue says what share of them was lost for good.",
		card.Thousands(int64(s.Truth().Lost(from, to))))
	d.say("\nIn words\n")
	card.PrintStatements(d.out, statements)
	return nil
}
