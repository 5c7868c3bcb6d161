package prom

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"regexp"
	"strconv"

	v1 "github.com/prometheus/client_golang/api/prometheus/v1"
	"github.com/prometheus/common/model"
)

// Error is a failure of the store, or of the way to it, in words for the reader.
// The words hold no URL and no body of a response: these may carry secrets.
type Error struct {
	words string
	cause error
}

func (e *Error) Error() string { return e.words }

func (e *Error) Unwrap() error { return e.cause }

// QueryError is a query that cannot be used as it is written, which whoever wrote it
// can mend.
type QueryError struct{ error }

func (e QueryError) Unwrap() error { return e.error }

var httpStatus = regexp.MustCompile(`^(?:client|server) error: (\d{3})`)

// inWords says what went wrong between us and the store.
func inWords(err error) error {
	say := func(words string) error { return &Error{words: words, cause: err} }
	var (
		timeout   net.Error
		dns       *net.DNSError
		authority x509.UnknownAuthorityError
		hostname  x509.HostnameError
		op        *net.OpError
		api       *v1.Error
		status    statusError
		address   *url.Error
	)
	switch {
	case errors.Is(err, context.Canceled):
		return say("the query was cancelled")
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return say("Prometheus did not answer in time; a longer timeout can be set in the data source")
	case errors.As(err, &dns):
		return say("there is no host " + dns.Name + "; check the URL of the data source")
	case errors.As(err, &authority):
		return say("the certificate of Prometheus is signed by an unknown authority; add its CA in the data source")
	case errors.As(err, &hostname):
		return say("the certificate of Prometheus is for another host name")
	case errors.As(err, &op):
		return say("cannot reach Prometheus: " + op.Err.Error())
	case errors.As(err, &api):
		return say(apiWords(api))
	case errors.As(err, &status):
		return say(statusWords(strconv.Itoa(int(status))))
	case errors.As(err, &address):
		return say("cannot reach Prometheus: " + address.Err.Error())
	case errors.Is(err, io.ErrUnexpectedEOF):
		return say("the answer of Prometheus was cut off")
	}
	// Its own text may quote the answer.
	return say("the answer of Prometheus cannot be read")
}

// wrongType says that a result is of a type that Prometheus would not have given.
func wrongType(got model.Value, want string) error {
	return &Error{words: fmt.Sprintf("the server at the URL answered with a %s; expected a %s", got.Type(), want)}
}

func apiWords(e *v1.Error) string {
	if m := httpStatus.FindStringSubmatch(e.Msg); m != nil {
		return statusWords(m[1])
	}
	switch e.Type {
	case v1.ErrTimeout:
		return "Prometheus gave up on the query: " + e.Msg
	case v1.ErrCanceled:
		return "Prometheus cancelled the query: " + e.Msg
	case v1.ErrBadResponse:
		return "the server at the URL does not answer like Prometheus; check the URL of the data source"
	}
	return "Prometheus refused the query: " + e.Msg
}

func statusWords(code string) string {
	switch code {
	case "401", "403":
		return "Prometheus refused the credentials (HTTP " + code + ")"
	case "404":
		return "there is no Prometheus API at the URL of the data source (HTTP 404)"
	}
	return "Prometheus answered with HTTP " + code
}
