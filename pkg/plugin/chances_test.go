package plugin

import (
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/stretchr/testify/require"
)

// Two hundred futures of which none misses are not a promise that none will: a chance of
// 0.3 % must not read 0 %, nor one of 99.9 % 100 %. Half a percent and 99.4 % are said as they are.
func TestNoChanceReadsAsCertainty(t *testing.T) {
	ds := openLong(t, agreedCatalogue(t))
	for queryType, text := range map[string]string{
		typeNumber: `{"measures":["miss_probability"]}`, typeScorecard: `{}`, typeForecast: `{"format":"table"}`, typePriorities: `{}`,
	} {
		seen := 0
		for _, frame := range recall(t, ds, queryType, text, 1, never) {
			for _, f := range frame.Fields {
				if f.Name != "miss_probability" && f.Name != "exhaustion_probability" && f.Labels["measure"] != "miss_probability" {
					continue
				}
				seen++
				for value, want := range map[float64]string{0: "< 1 %", 0.003: "< 1 %", 0.005: "", 0.5: "", 0.994: "", 0.999: "> 99 %", 1: "> 99 %"} {
					require.Equal(t, want, saidOf(f, value), "%v in %s of %s", value, f.Name, queryType)
				}
			}
		}
		require.Positive(t, seen, queryType)
	}
}

// saidOf is what Grafana writes instead of a number; nothing where it writes the number.
func saidOf(f *data.Field, value float64) string {
	for _, m := range f.Config.Mappings {
		if r, ok := m.(data.RangeValueMapper); ok && value >= float64(*r.From) && value <= float64(*r.To) {
			return r.Result.Text
		}
	}
	return ""
}
