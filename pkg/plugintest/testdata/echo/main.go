// Echo is a plugin that repeats what it is told; the tests of plugintest build it.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/backend/datasource"
	"github.com/grafana/grafana-plugin-sdk-go/backend/instancemgmt"
	"github.com/grafana/grafana-plugin-sdk-go/data"
)

type echo struct {
	settings backend.DataSourceInstanceSettings
}

func newEcho(_ context.Context, s backend.DataSourceInstanceSettings) (instancemgmt.Instance, error) {
	return &echo{settings: s}, nil
}

func (e *echo) CheckHealth(context.Context, *backend.CheckHealthRequest) (*backend.CheckHealthResult, error) {
	return &backend.CheckHealthResult{
		Status:  backend.HealthStatusOk,
		Message: fmt.Sprintf("%s %s %d secret", e.settings.URL, e.settings.JSONData, len(e.settings.DecryptedSecureJSONData)),
	}, nil
}

func (e *echo) QueryData(_ context.Context, req *backend.QueryDataRequest) (*backend.QueryDataResponse, error) {
	answer := backend.NewQueryDataResponse()
	for _, q := range req.Queries {
		frame := data.NewFrame(q.QueryType, data.NewField("json", nil, []string{string(q.JSON)}))
		answer.Responses[q.RefID] = backend.DataResponse{Frames: data.Frames{frame}}
	}
	return answer, nil
}

func (e *echo) CallResource(_ context.Context, _ *backend.CallResourceRequest, sender backend.CallResourceResponseSender) error {
	if err := sender.Send(&backend.CallResourceResponse{Status: 200, Body: []byte("part one, ")}); err != nil {
		return err
	}
	return sender.Send(&backend.CallResourceResponse{Body: []byte("part two")})
}

func main() {
	if err := datasource.Manage("echo-datasource", newEcho, datasource.ManageOpts{}); err != nil {
		os.Exit(1)
	}
}
