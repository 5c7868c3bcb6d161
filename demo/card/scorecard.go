package card

import (
	"errors"
	"fmt"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"
)

// Scorecard is the answer to the query type "scorecard".
type Scorecard struct {
	From, To time.Time // the window that was counted
	Currency string    // ISO 4217, empty if no row has money
	Rows     []Row
}

// Row is one promise. Numbers the plugin cannot know are nil.
type Row struct {
	SLO, Objective, Service string
	Promise, Owner, Reason  string
	Status                  Status
	SLI, Target             *float64 // ratios
	BudgetRemaining         *float64 // share of the budget, below zero when overspent
	BurnRate                *float64 // 1 spends exactly the budget in one window
	Good, Bad, Total        *float64 // events
	Loss, LossLow, LossHigh *float64 // money
}

// Status is the verdict, as the plugin numbers it.
type Status int

const (
	Met Status = iota
	AtRisk
	Missed
	CannotTell
)

func (s Status) String() string {
	switch s {
	case Met:
		return "kept"
	case AtRisk:
		return "at risk"
	case Missed:
		return "missed"
	}
	return "cannot tell"
}

// ReadScorecard takes the first frame of an answer apart.
func ReadScorecard(frames data.Frames) (Scorecard, error) {
	if len(frames) == 0 {
		return Scorecard{}, errors.New("the scorecard has no frame")
	}
	t := newTable(frames[0])
	if !t.has("slo") || !t.has("status") {
		return Scorecard{}, fmt.Errorf("the scorecard's fields are %v, without slo and status", t.names())
	}
	card := Scorecard{Currency: t.currency("loss")}
	card.From, card.To = windowOf(frames[0])
	for i := range t.rows {
		row := Row{
			SLO:             t.text("slo", i),
			Objective:       t.text("objective", i),
			Service:         t.text("service", i),
			Promise:         t.text("promise", i),
			Owner:           t.text("owner", i),
			Reason:          t.text("reason", i),
			Status:          CannotTell,
			SLI:             t.number("sli", i),
			Target:          t.number("target", i),
			BudgetRemaining: t.number("budget_remaining", i),
			BurnRate:        t.number("burn_rate", i),
			Good:            t.number("good_events", i),
			Bad:             t.number("bad_events", i),
			Total:           t.number("total_events", i),
			Loss:            t.number("loss", i),
			LossLow:         t.number("loss_low", i),
			LossHigh:        t.number("loss_high", i),
		}
		if status := t.number("status", i); status != nil {
			row.Status = Status(*status)
		}
		card.Rows = append(card.Rows, row)
	}
	return card, nil
}

// windowOf reads which window was counted; zero times if the answer does not say.
func windowOf(f *data.Frame) (from, to time.Time) {
	if f.Meta == nil {
		return from, to
	}
	custom, _ := f.Meta.Custom.(map[string]any)
	instant := func(name string) time.Time {
		if ms, ok := custom[name].(float64); ok {
			return time.UnixMilli(int64(ms)).UTC()
		}
		return time.Time{}
	}
	return instant("from"), instant("to")
}
