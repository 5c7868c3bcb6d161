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
	// refused is that the store works and does not want to answer: neither waiting nor
	// what was read before helps.
	refused bool
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
	if said := new(Error); errors.As(err, &said) {
		return said
	}
	say := func(words string) error { return &Error{words: words, cause: err} }
	refuse := func(words string) error { return &Error{words: words, cause: err, refused: true} }
	var (
		timeout   net.Error
		dns       *net.DNSError
		authority x509.UnknownAuthorityError
		hostname  x509.HostnameError
		op        *net.OpError
		api       *v1.Error
		status    statusError
		address   *url.Error
		busy      busyError
	)
	switch {
	case errors.Is(err, context.Canceled):
		return say("the query was cancelled")
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return say("Prometheus did not answer in time; a longer timeout can be set in the data source")
	case errors.As(err, &busy):
		return say(busy.Error())
	case errors.As(err, &dns):
		if !dns.IsNotFound {
			return say("the host name " + dns.Name + " cannot be looked up at the moment")
		}
		return say("there is no host " + dns.Name + "; check the URL of the data source")
	case errors.As(err, &authority):
		return say("the certificate of Prometheus is signed by an unknown authority; add its CA in the data source")
	case errors.As(err, &hostname):
		return say("the certificate of Prometheus is for another host name")
	case errors.As(err, &op):
		return say("cannot reach Prometheus: " + op.Err.Error())
	case errors.As(err, &api):
		words, refused := apiWords(api)
		if refused {
			return refuse(words)
		}
		return say(words)
	case errors.As(err, &status):
		words, refused := statusWords(strconv.Itoa(int(status)))
		if refused {
			return refuse(words)
		}
		return say(words)
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

// apiWords are words for what the API said, and whether it refused.
func apiWords(e *v1.Error) (words string, refused bool) {
	if m := httpStatus.FindStringSubmatch(e.Msg); m != nil {
		return statusWords(m[1])
	}
	switch e.Type {
	case v1.ErrTimeout:
		return "Prometheus gave up on the query: " + e.Msg, false
	case v1.ErrCanceled:
		return "Prometheus cancelled the query: " + e.Msg, false
	case v1.ErrBadResponse:
		return "the server at the URL does not answer like Prometheus; check the URL of the data source", false
	}
	return "Prometheus refused the query: " + e.Msg, true
}

// statusWords are words for an HTTP status, and whether it is a refusal.
func statusWords(code string) (words string, refused bool) {
	switch code {
	case "401", "403":
		return "Prometheus refused the credentials (HTTP " + code + ")", true
	case "404":
		return "there is no Prometheus API at the URL of the data source (HTTP 404)", false
	case "429":
		return "Prometheus is asked too much (HTTP 429)", false
	case "503":
		return "Prometheus is overloaded or not available (HTTP 503)", false
	}
	return "Prometheus answered with HTTP " + code, false
}
