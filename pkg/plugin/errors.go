package plugin

import (
	"context"
	"errors"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/prom"
)

// badInput is what the one who asked can mend: a query, a setting, a definition.
type badInput struct{ error }

func (b badInput) Unwrap() error { return b.error }

func invalid(err error) error { return badInput{err} }

// outcome is what became of a query, in a word for the metrics.
func outcome(err error) string {
	switch {
	case err == nil:
		return "ok"
	case errors.As(err, new(badInput)), errors.As(err, new(prom.QueryError)):
		return "bad input"
	case errors.Is(err, context.Canceled):
		return "cancelled"
	case errors.As(err, new(*prom.Error)), errors.Is(err, context.DeadlineExceeded):
		return "store"
	}
	return "internal"
}

// failed is the response to a query that cannot be answered. What was asked of the
// store on the way, if anything, is in the frame for the query inspector.
func failed(err error, soFar *answer) backend.DataResponse {
	response := backend.DataResponse{Error: err, Status: backend.StatusInternal, ErrorSource: backend.ErrorSourcePlugin}
	var (
		input badInput
		query prom.QueryError
		store *prom.Error
		later unreadError
	)
	switch {
	case errors.As(err, &input), errors.As(err, &query):
		// Grafana counts as the plugin's own only what no user can mend.
		response.Status, response.ErrorSource = backend.StatusBadRequest, backend.ErrorSourceDownstream
	case errors.Is(err, context.DeadlineExceeded):
		response.Status, response.ErrorSource = backend.StatusTimeout, backend.ErrorSourceDownstream
	case errors.As(err, &store), errors.As(err, &later), errors.Is(err, context.Canceled):
		response.Status, response.ErrorSource = backend.StatusBadGateway, backend.ErrorSourceDownstream
	}
	if soFar != nil {
		response.Frames = data.Frames{{Meta: &data.FrameMeta{ExecutedQueryString: soFar.executed()}}}
	}
	return response
}
