package plugin

import "github.com/stakes-slo/stakes-slo-datasource/pkg/impact"

// priced is a promise with what its failures cost.
type priced struct {
	assessment
	loss impact.Loss
}

// together is the loss of promises, and whether some of it may be lost once and counted twice.
func together(lost []priced) (total impact.Loss, shared bool) {
	for _, alike := range ofOneWorth(lost) {
		total = total.Add(impact.Union(pick(alike, func(p priced) impact.Loss { return p.loss })...))
		shared = shared || len(alike) > 1
	}
	return total, shared
}

// maybeTheSame says why the low end of money is lower than the sum of low ends.
const maybeTheSame = "failures of several promises of one service may be the same events: their money is added up, and its low end is that of the promise that lost most"

// ofOneWorth puts members together whose failures may be the same events: promises about
// one service whose events are worth the same. Different groups have different events.
func ofOneWorth[M interface{ worth() string }](members []M) (sets [][]M) {
	at := map[string]int{}
	for _, m := range members {
		key := m.worth()
		i, ok := at[key]
		if !ok || key == "" {
			i = len(sets)
			at[key], sets = i, append(sets, nil)
		}
		sets[i] = append(sets[i], m)
	}
	return sets
}

// worth tells promises apart whose failures cannot be the same events; it is empty where
// nobody said what an event is worth.
func (a assessment) worth() string {
	if len(a.slo.Values) == 0 {
		return ""
	}
	key := a.slo.Service + "\x00" + groupName(a.group)
	for _, v := range a.slo.Values {
		key += "\x00" + v.Name
	}
	return key
}
