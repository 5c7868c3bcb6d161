package plugin

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/catalog"
)

// maxAddresses is how many addresses a catalogue may be read from.
const maxAddresses = 20

// maxHops is how many redirects are followed.
const maxHops = 5

// address is where documents of the catalogue are fetched from.
type address struct {
	name  string
	url   *url.URL
	store *url.URL // that credentials are for
	// own asks with the data source's credentials, and other without.
	own, other *http.Client

	etag, modified string // of the last good copy
	good           bool   // there is one, which defines something
}

// part is the address as a part of the catalogue.
func (a *address) part() *part {
	shown := *a.url
	shown.RawQuery, shown.Fragment = "", ""
	return &part{name: a.name, where: shown.String(), read: a.read}
}

// read fetches the documents. A copy that defines nothing takes no good one's place.
func (a *address) read(ctx context.Context) (copied, error) {
	response, err := a.get(ctx)
	if err != nil {
		return copied{}, err
	}
	defer func() { _ = response.Body.Close() }()
	switch media, _, _ := mime.ParseMediaType(response.Header.Get("Content-Type")); {
	case response.StatusCode == http.StatusNotModified && a.good:
		return copied{same: true}, nil
	case response.StatusCode != http.StatusOK:
		return copied{}, fmt.Errorf("the server answers with HTTP %d; expected YAML documents", response.StatusCode)
	case media == "text/html":
		return copied{}, fmt.Errorf("the server answers with a web page; expected YAML documents")
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, maxCatalog+1))
	switch {
	case err != nil:
		return copied{}, fetchWords(err)
	case len(body) > maxCatalog:
		return copied{}, fmt.Errorf("there are more than %d MiB; expected less", maxCatalog>>20)
	case !utf8.Valid(body):
		return copied{}, fmt.Errorf("what the server answers is no text; expected YAML documents")
	}
	text := string(body)
	read, defined := catalog.Parse(a.name, text), false
	for _, d := range read.Definitions {
		defined = defined || !slices.ContainsFunc(read.Problems, func(p catalog.Problem) bool {
			return p.Severity == catalog.Error && p.Document == d.Place.Document
		})
	}
	switch {
	case len(read.Definitions) == 0:
		return copied{}, fmt.Errorf("there are no documents; expected at least one")
	case !defined && a.good:
		return copied{}, fmt.Errorf("none of the documents defines anything any more, the first because of line %d: %s", read.Problems[0].Line, read.Problems[0].Message)
	}
	a.etag, a.modified, a.good = response.Header.Get("ETag"), response.Header.Get("Last-Modified"), defined
	return copied{text: text, barren: !defined}, nil
}

// get asks for the documents and follows redirects: nowhere but where the scheme is the same, and
// with credentials only to the store's own origin.
func (a *address) get(ctx context.Context) (*http.Response, error) {
	at := a.url
	for range maxHops + 1 {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), http.NoBody)
		if err != nil {
			return nil, fetchWords(err)
		}
		request.Header.Set("Accept", "application/yaml, text/yaml, text/plain, */*;q=0.5")
		if a.good && a.etag != "" {
			request.Header.Set("If-None-Match", a.etag)
		} else if a.good && a.modified != "" {
			request.Header.Set("If-Modified-Since", a.modified)
		}
		client := *a.other
		if origin(at) == origin(a.store) {
			client = *a.own
		}
		client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		response, err := client.Do(request)
		if err != nil {
			return nil, fetchWords(err)
		}
		to, err := response.Location()
		if redirects := []int{301, 302, 303, 307, 308}; err != nil || !slices.Contains(redirects, response.StatusCode) {
			return response, nil
		}
		_, _ = io.CopyN(io.Discard, response.Body, 4096)
		_ = response.Body.Close()
		if to.Scheme != at.Scheme {
			return nil, fmt.Errorf("the server redirects from %s to %s; expected the address that it leads to", at.Scheme, to.Scheme)
		}
		at = to
	}
	return nil, fmt.Errorf("the server redirects more than %d times", maxHops)
}

// origin is what credentials are for: scheme, host and port.
func origin(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return u.Scheme + "://" + strings.ToLower(u.Hostname()) + ":" + port
}

// fetchWords says why something could not be fetched. It holds nothing that the server sent.
func fetchWords(err error) error {
	var (
		timeout   net.Error
		dns       *net.DNSError
		authority x509.UnknownAuthorityError
		hostname  x509.HostnameError
		op        *net.OpError
	)
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return errors.New("the server did not answer in time")
	case errors.As(err, &dns):
		return errors.New("there is no host " + dns.Name)
	case errors.As(err, &authority):
		return errors.New("the server's certificate is signed by an unknown authority; add its CA in the data source")
	case errors.As(err, &hostname):
		return errors.New("the server's certificate is for another host name")
	case errors.As(err, &op):
		return fmt.Errorf("the server cannot be reached: %w", op.Err)
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return errors.New("the answer was cut off")
	}
	return errors.New("the answer cannot be read")
}

// checkAddress says what is wrong with an address of the catalogue.
func checkAddress(i int, text string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(text))
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return nil, fmt.Errorf("the data source's catalogUrls[%d] is no HTTP address; expected a form such as https://example.com/slos.yaml", i)
	case u.User != nil:
		return nil, fmt.Errorf("the data source's catalogUrls[%d] holds a user or a password, which everybody who sees a dashboard could read; expected an address without", i)
	}
	return u, nil
}

// newStranger is a client for other origins than the store's. It goes the way that the
// settings say (proxy, time-outs, authorities that are trusted) and carries nothing that is meant for
// the store: no credentials, headers, cookies or client certificates. Nor does it
// leave out the check of certificates, even where the store's are not checked.
func newStranger(ctx context.Context, s backend.DataSourceInstanceSettings) (*http.Client, *http.Transport, error) {
	full, err := s.HTTPClientOptions(ctx)
	if err != nil {
		return nil, nil, err
	}
	var transport *http.Transport
	opts := httpclient.Options{
		Timeouts: full.Timeouts, ProxyOptions: full.ProxyOptions, Labels: full.Labels,
		ConfigureTransport: func(_ httpclient.Options, t *http.Transport) { transport = t },
	}
	if full.TLS != nil {
		opts.TLS = &httpclient.TLSOptions{CACertificate: full.TLS.CACertificate, MinVersion: full.TLS.MinVersion, MaxVersion: full.TLS.MaxVersion}
	}
	client, err := httpclient.New(opts)
	return client, transport, err
}

// closeSoon closes idle connections now and later, those of reads that are under way.
func closeSoon(transports ...*http.Transport) {
	for _, later := range []time.Duration{0, time.Second, 10 * time.Second, time.Minute} {
		for _, t := range transports {
			if t != nil {
				time.AfterFunc(later, t.CloseIdleConnections)
			}
		}
	}
}
