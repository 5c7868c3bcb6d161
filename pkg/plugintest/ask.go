package plugintest

import (
	"context"
	"errors"
	"io"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/genproto/pluginv2"
	"google.golang.org/grpc"
)

// maxAnswer is Grafana's own limit on one answer of a plugin, in bytes.
const maxAnswer = 1 << 30

// QueryData asks queries. A query that fails does so in its own response.
func (p *Plugin) QueryData(ctx context.Context, req *backend.QueryDataRequest) (*backend.QueryDataResponse, error) {
	answer, err := p.data.QueryData(ctx, backend.ToProto().QueryDataRequest(req), grpc.MaxCallRecvMsgSize(maxAnswer))
	if err != nil {
		return nil, err
	}
	return backend.FromProto().QueryDataResponse(answer)
}

// CheckHealth is what "Save & test" does.
func (p *Plugin) CheckHealth(ctx context.Context, req *backend.CheckHealthRequest) (*backend.CheckHealthResult, error) {
	protoCtx := backend.ToProto().PluginContext(req.PluginContext)
	answer, err := p.diagnostics.CheckHealth(ctx, healthRequest(protoCtx, req.Headers))
	if err != nil {
		return nil, err
	}
	return backend.FromProto().CheckHealthResponse(answer), nil
}

// CollectMetrics are the metrics of the plugin, as Grafana's own endpoint
// /metrics/plugins/ shows them.
func (p *Plugin) CollectMetrics(ctx context.Context) (string, error) {
	answer, err := p.diagnostics.CollectMetrics(ctx, &pluginv2.CollectMetricsRequest{})
	if err != nil {
		return "", err
	}
	return string(answer.GetMetrics().GetPrometheus()), nil
}

// CallResource asks the plugin's own HTTP routes. The parts of an answer that
// comes in several are joined; status and headers are those of the first.
func (p *Plugin) CallResource(ctx context.Context, req *backend.CallResourceRequest) (*backend.CallResourceResponse, error) {
	stream, err := p.resource.CallResource(ctx, backend.ToProto().CallResourceRequest(req))
	if err != nil {
		return nil, err
	}
	var whole *backend.CallResourceResponse
	for {
		part, err := stream.Recv()
		switch {
		case errors.Is(err, io.EOF) && whole != nil:
			return whole, nil
		case errors.Is(err, io.EOF):
			return nil, errors.New("the plugin ended its answer before it began")
		case err != nil:
			return nil, err
		}
		next := backend.FromProto().CallResourceResponse(part)
		if whole == nil {
			whole = next
			continue
		}
		whole.Body = append(whole.Body, next.Body...)
	}
}
