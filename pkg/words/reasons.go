package words

import (
	"time"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/impact"
)

// Reason says why a promise has its place among priorities: by the part of its score
// that weighs most, and whether other assumptions would move it.
func (l *Language) Reason(p impact.Priority) string {
	key := "reason." + string(p.Cause)
	if p.Cause == impact.ByMiss && p.Miss.Value == 1 {
		key = "reason.missed"
	}
	text := l.fill(key, map[string]string{
		"cost":    l.MoneyRange(p.Excess, p.Currency),
		"miss":    l.Chance(p.Miss.Value),
		"perHour": l.MoneyRange(p.PerHour, p.Currency),
		"amount":  l.MoneyRange(p.Amount, p.Currency),
	})
	if p.Stable {
		return text
	}
	return Statement{{Text: text}, {Text: l.fill("reason.unstable", map[string]string{
		"best":  l.Count(float64(min(p.Place, p.PlaceLow, p.PlaceHigh))),
		"worst": l.Count(float64(max(p.Place, p.PlaceLow, p.PlaceHigh))),
	})}}.String()
}

// Unranked is why a promise has no place among priorities.
type Unranked string

// Why a promise has no place among priorities.
const (
	NoValue    Unranked = "no-value"    // nobody said what an event is worth
	NotKnown   Unranked = "not-known"   // what failures cost could not be found out
	SameEvents Unranked = "same-events" // a stricter promise about the same events has one
)

// Unranked says why a promise has no place among priorities.
func (l *Language) Unranked(why Unranked) string { return l.fill("reason."+string(why), nil) }

// Finding says what a review found, with days on the clock of the zone.
func (l *Language) Finding(f impact.Finding, zone *time.Location) string {
	return l.fill("finding."+string(f.Kind), map[string]string{"about": f.About, "date": l.Date(f.Since, zone)})
}

// Felt says whether customers feel an indicator. A better metric is higher, or lower; one
// that gets better while the indicator gets worse is said to do so.
func (l *Language) Felt(f impact.Felt, higher bool) string {
	switch {
	case f.Feeling == impact.DoesNotMove:
		return l.fill("felt.does-not-move", nil)
	case f.Feeling != impact.Moves:
		return l.fill("cannot-tell-word", nil)
	case f.Wrongly(higher):
		return l.fill("felt.wrongly", nil)
	}
	return l.fill("felt.moves", nil)
}

// Worth says whether a candidate for a target is worth its cost; empty where nobody asked.
func (l *Language) Worth(w impact.Worth) string {
	if w == impact.NotAsked || w == "" {
		return ""
	}
	return l.fill("worth."+string(w), nil)
}
