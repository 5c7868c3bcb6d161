package plugin

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"
)

// newHTTPClient is the SDK's client with the data source's authentication, TLS,
// headers and time-outs, and its transport, which alone can close idle connections.
func newHTTPClient(ctx context.Context, s backend.DataSourceInstanceSettings, own settings) (*http.Client, *http.Transport, error) {
	opts, err := s.HTTPClientOptions(ctx)
	if err != nil {
		return nil, nil, err
	}
	opts.ForwardHTTPHeaders = true // cookies and OAuth tokens that the settings allow
	var transport *http.Transport
	opts.ConfigureTransport = func(_ httpclient.Options, t *http.Transport) { transport = t }
	opts.Middlewares = slices.Concat([]httpclient.Middleware{requestForm(own.httpMethod, own.queryParams)}, httpclient.DefaultMiddlewares(), []httpclient.Middleware{ownEncoding()})
	client, err := httpclient.New(opts)
	if err != nil {
		return nil, nil, err
	}
	client.CheckRedirect = sameServer
	return client, transport, nil
}

var errRedirected = errors.New("the server at the URL redirects to another address; set that address as the URL of the data source")

// sameServer follows redirects to the same server only, or to it by TLS: the data
// source's credentials go along with every request, whoever it is sent to.
func sameServer(req *http.Request, via []*http.Request) error {
	from, to := via[0].URL, req.URL
	same := from.Scheme == to.Scheme && from.Host == to.Host
	upgraded := from.Scheme == "http" && to.Scheme == "https" && from.Hostname() == to.Hostname()
	if !same && !upgraded || len(via) > 5 {
		return errRedirected
	}
	return nil
}

// ownEncoding leaves the compression of answers to the transport. Grafana forwards the
// headers of the browser that asks for a resource; the transport would hand on what
// was compressed for the browser as it is. What is not to be compressed stays so.
func ownEncoding() httpclient.Middleware {
	return httpclient.MiddlewareFunc(func(_ httpclient.Options, next http.RoundTripper) http.RoundTripper {
		return httpclient.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
			if req.Header.Get("Accept-Encoding") != "identity" {
				req.Header.Del("Accept-Encoding")
			}
			return next.RoundTrip(req)
		})
	})
}

// requestForm adds the data source's own query parameters to every request, and
// asks by GET where the data source wants it: Prometheus' client asks by POST.
func requestForm(method string, params url.Values) httpclient.Middleware {
	return httpclient.MiddlewareFunc(func(_ httpclient.Options, next http.RoundTripper) http.RoundTripper {
		return httpclient.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
			toGet := method == http.MethodGet && req.Header.Get("Content-Type") == "application/x-www-form-urlencoded"
			if len(params) == 0 && !toGet {
				return next.RoundTrip(req)
			}
			req = req.Clone(req.Context())
			query := req.URL.Query()
			if toGet && req.Body != nil {
				body, err := io.ReadAll(req.Body)
				if err != nil {
					return nil, err
				}
				form, err := url.ParseQuery(string(body))
				if err != nil {
					return nil, err
				}
				for key, values := range form {
					query[key] = append(query[key], values...)
				}
				req.Method, req.Body, req.GetBody, req.ContentLength = http.MethodGet, nil, nil, 0
				req.Header.Del("Content-Type")
			}
			for key, values := range params {
				query[key] = values
			}
			req.URL.RawQuery = query.Encode()
			return next.RoundTrip(req)
		})
	})
}
