package plugin

import (
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/backend/tracing"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
)

// A trace shows each hop of a query. What hops are asked for is not in it.
func TestEachHopIsASpan(t *testing.T) {
	spans := tracetest.NewSpanRecorder()
	before := tracing.DefaultTracer()
	tracing.InitDefaultTracer(trace.NewTracerProvider(trace.WithSpanProcessor(spans)).Tracer("test"))
	t.Cleanup(func() { tracing.InitDefaultTracer(before) })
	ds := open(t, shop(t), catalogue(t), nil)
	require.NoError(t, ask(t, ds, typeNumber, ordersOnly).Error)
	names := map[string]int{}
	for _, span := range spans.Ended() {
		names[span.Name()]++
		for _, attribute := range span.Attributes() {
			require.NotContains(t, attribute.Value.String(), "orders_total", span.Name())
		}
	}
	for _, hop := range []string{"stakes.decode", "stakes.run", "stakes.frames"} {
		require.Equal(t, 1, names[hop], hop)
	}
	require.Positive(t, names["HTTP Outgoing Request"], "what was asked of the store")
}
