package forecast

import "fmt"

// Kind tells scenarios apart.
type Kind string

// The futures that can be asked about.
const (
	// Expected is the forecast proper: what the history makes likely, with an episode
	// under way lasting as long as such episodes do.
	Expected Kind = ""

	// AsNow holds the share of failures of the lookback for good.
	AsNow Kind = "as-now"

	// Typical is an ordinary stretch of this history: its background and its
	// episodes, without the one that is under way.
	Typical Kind = "typical"

	// IncidentStops is the best case: the episode under way ends now and none follows;
	// only the background goes on.
	IncidentStops Kind = "incident-stops"

	// IncidentGoesOn is the worst of the ordinary: the episode under way lasts to the
	// horizon. Without one it is what is expected.
	IncidentGoesOn Kind = "incident-goes-on"

	// Own is a share of failures that the user gives, as such or as a multiple of the
	// one of the lookback.
	Own Kind = "own"
)

// Scenario says what the future is like. The zero Scenario is [Expected].
type Scenario struct {
	Kind Kind

	// Of [Own], exactly one: Ratio is the share of events that fail, in [0, 1]; Factor
	// multiplies the share of the lookback, and is at least 0.
	Ratio, Factor float64

	// ByFactor says that Factor is what counts, so that a ratio of 0 can be asked for.
	ByFactor bool
}

// OwnRatio is the scenario in which the given share of all events fails.
func OwnRatio(ratio float64) Scenario { return Scenario{Kind: Own, Ratio: ratio} }

// OwnFactor is the scenario in which failures go on at a multiple of the present share.
func OwnFactor(factor float64) Scenario {
	return Scenario{Kind: Own, Factor: factor, ByFactor: true}
}

func (s Scenario) check() error {
	switch s.Kind {
	case Expected, AsNow, Typical, IncidentStops, IncidentGoesOn:
		return nil
	case Own:
		if s.ByFactor && !(s.Factor >= 0) {
			return fmt.Errorf("factor %v of a scenario is not 0 or more", s.Factor)
		}
		if !s.ByFactor && !(s.Ratio >= 0 && s.Ratio <= 1) {
			return fmt.Errorf("failure ratio %v of a scenario is not in [0, 1]", s.Ratio)
		}
		return nil
	}
	return fmt.Errorf("scenario %q is unknown; expected one of %s, %s, %s, %s, %s", s.Kind, AsNow, Typical, IncidentStops, IncidentGoesOn, Own)
}
