package plugin

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/stretchr/testify/require"
)

// What anybody may ask is bounded, and what is beyond is refused with a sentence.
func TestQuestionsAreBounded(t *testing.T) {
	ds, heard := openSilent(t, catalogue(t))
	over := func(queryType, text string, length time.Duration) backend.DataResponse {
		q := query("A", queryType, text)
		q.TimeRange.From = q.TimeRange.To.Add(-length)
		q.MaxDataPoints, q.Interval = 1_000_000_000, time.Millisecond
		return askAll(t, ds, nil, q)["A"]
	}
	const year = 365 * 24 * time.Hour
	for queryType, text := range map[string]string{
		typeNumber: `{"select":{"slo":["orders"]},"window":"36y"}`,
		typeSeries: `{"select":{"slo":["orders"]},"window":"36y"}`,
	} {
		require.ErrorContains(t, over(queryType, text, time.Hour).Error, "are too many to count", queryType)
	}
	require.ErrorContains(t, over(typeSeries, `{"select":{"slo":["orders"]},"window":"1h","lookback":"1m"}`, 20*year).Error, "are too many to count")
	require.ErrorContains(t, over(typeIncidents, `{"select":{"slo":["orders"]}}`, 60*year).Error, "are too many to count")
	require.ErrorContains(t, over(typeForecast, `{"horizon":"93d"}`, time.Hour).Error, "horizon 93d is not between")
	require.ErrorContains(t, over(typeNumber, `{"select":{"slo":["`+strings.Repeat("x", maxQuery)+`"]}}`, time.Hour).Error, "bytes; expected at most")
	targets := make([]string, maxTargets+1)
	for i := range targets {
		targets[i] = fmt.Sprintf("%q", fmt.Sprintf("99.%02d", i))
	}
	require.ErrorContains(t, over(typeWhatIf, `{"targets":[`+strings.Join(targets, ",")+`]}`, time.Hour).Error, "51 targets are too many to compare; expected at most 50")
	require.Empty(t, heard.asked, "and Prometheus is not asked for it")

	response := over(typeSeries, `{"select":{"slo":["orders"]},"measures":["total_events"]}`, 30*24*time.Hour)
	require.NoError(t, response.Error)
	for _, frame := range response.Frames {
		require.LessOrEqual(t, frame.Rows(), maxSeriesPoints+1)
	}
}
