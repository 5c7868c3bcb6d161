package plugin

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/internal/promtest"
)

// stakesShop is the shop, with what only the tests of tables look at:
//
//	visits    20 a minute, of which one fails every two minutes: 1200 and 30 an hour
func stakesShop(t testing.TB) string {
	t.Helper()
	return promtest.InProcess(t, append(shopSeries(t),
		scraped(t, `visits_total 300+20x480`),
		scraped(t, `visits_done_total 200 220 239`+everyOtherMinute()),
	))
}

// everyOtherMinute are the visits that got through after the first two minutes.
func everyOtherMinute() string {
	var b strings.Builder
	done := 239
	for i := range 478 {
		done += 20 - i%2
		b.WriteString(" " + strconv.Itoa(done))
	}
	return b.String()
}

// stakesCatalogue is the shop's catalogue with journeys, contracts and all else.
func stakesCatalogue(t testing.TB) string {
	t.Helper()
	text, err := os.ReadFile("testdata/stakes.yaml")
	require.NoError(t, err)
	return catalogue(t) + "\n---\n" + string(text)
}

func openStakes(t testing.TB) *Datasource {
	t.Helper()
	ds := open(t, stakesShop(t), stakesCatalogue(t), nil)
	require.Empty(t, ds.catalog().Problems)
	return ds
}
