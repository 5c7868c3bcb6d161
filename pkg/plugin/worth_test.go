package plugin

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/catalog"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/impact"
)

// Promises of one service about orders may see the same orders; those of another service,
// about events of another worth, in another group, or of no known worth do not.
func TestEventsOfOneWorthMayBeTheSame(t *testing.T) {
	promised := func(service string, group map[string]string, values ...string) assessment {
		var worth []catalog.Value
		for _, name := range values {
			worth = append(worth, catalog.Value{Name: name})
		}
		return assessment{promise: promise{slo: catalog.SLO{Service: service, Values: worth}}, group: group}
	}
	eu := map[string]string{"region": "eu"}
	all := []assessment{
		promised("shop", nil, "order"), promised("shop", nil, "order"), promised("other", nil, "order"),
		promised("shop", nil, "visit"), promised("shop", eu, "order"), promised("shop", nil), promised("shop", nil),
	}
	require.Equal(t, [][]assessment{all[0:2], all[2:3], all[3:4], all[4:5], all[5:6], all[6:7]}, ofOneWorth(all))
}

// Who stayed away from a service is missed by each of its promises: of 100 and 300 euros
// the 300 were lost, and with 50 of another service 350. If one of them cannot be told, nobody knows.
func TestWhoStayedAwayIsLostOnce(t *testing.T) {
	var one, other, all sum
	require.Equal(t, []string{"few"}, one.most(impact.Exactly(100), []string{"few"}, true))
	one.most(impact.Exactly(300), nil, true)
	one.most(impact.Exactly(200), nil, true)
	other.most(impact.Exactly(50), nil, true)
	all.join(sum{})
	require.Nil(t, all.total())
	all.join(one)
	all.join(other)
	require.Equal(t, impact.Exactly(350), *all.total())
	other.most(impact.Range{}, nil, false)
	all.join(other)
	require.Nil(t, all.total())
}
