package plugin

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
)

// leastSecret is how long a secret is at least that is looked for: shorter ones are in
// every other word.
const leastSecret = 4

// secretsOf replaces the secrets of a data source's settings and of the query parameters
// that they add to requests. Nothing of ours writes them
// anywhere; but a server may send them back in its words for what went wrong.
func secretsOf(s backend.DataSourceInstanceSettings, params url.Values) *strings.Replacer {
	var secrets []string
	hide := func(secret string) {
		if len(secret) >= leastSecret {
			secrets = append(secrets, secret)
		}
	}
	if u, err := url.Parse(s.URL); err == nil && u.User != nil {
		password, _ := u.User.Password()
		hide(password)
		hide(base64.StdEncoding.EncodeToString([]byte(u.User.Username() + ":" + password)))
	}
	for key, secret := range s.DecryptedSecureJSONData {
		if key == "catalog" { // no credential, and nowhere as a whole
			continue
		}
		hide(strings.TrimSpace(secret))
		if key == "basicAuthPassword" {
			hide(base64.StdEncoding.EncodeToString([]byte(s.BasicAuthUser + ":" + secret)))
		}
	}
	for name, values := range params {
		for _, value := range values {
			if credentialName.MatchString(name) || longToken.MatchString(value) {
				hide(value)
				hide(url.QueryEscape(value)) // as servers quote the request
			}
		}
	}
	if len(secrets) == 0 {
		return nil
	}
	// Of secrets that begin alike, the longest is looked for first.
	slices.SortFunc(secrets, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	var pairs []string
	for _, secret := range slices.Compact(secrets) {
		pairs = append(pairs, secret, "…")
	}
	return strings.NewReplacer(pairs...)
}

// Of the query parameters that the settings add to requests, these are credentials:
// those with a telling name, and those that look like a token (RFC 6750, section 2.1).
// Others, such as dedup=true, are words that may stand in any sentence.
var (
	credentialName = regexp.MustCompile(`(?i)token|key|secret|pass|auth|sig|cred|jwt|session`)
	longToken      = regexp.MustCompile(`^[A-Za-z0-9._~+/-]{16,}=*$`)
)

// clean is a text without secrets.
func (d *Datasource) clean(text string) string {
	if d.secrets == nil {
		return text
	}
	return d.secrets.Replace(text)
}

// cleanError is an error without secrets; nil where there is none.
func (d *Datasource) cleanError(err error) error {
	if err == nil {
		return nil
	}
	if text := d.clean(err.Error()); text != err.Error() {
		return errors.New(text)
	}
	return err
}

// discreet is a part of the catalogue whose errors, which are problems of the catalogue
// then, hold no secrets.
func (d *Datasource) discreet(p *part) *part {
	read := p.read
	p.read = func(ctx context.Context) (copied, error) {
		got, err := read(ctx)
		return got, d.cleanError(err)
	}
	return p
}

// redacted is an answer without secrets.
func (d *Datasource) redacted(response backend.DataResponse) backend.DataResponse {
	if d.secrets == nil {
		return response
	}
	response.Error = d.cleanError(response.Error)
	for _, frame := range response.Frames {
		if frame.Meta == nil {
			continue
		}
		frame.Meta.ExecutedQueryString = d.clean(frame.Meta.ExecutedQueryString)
		for i, notice := range frame.Meta.Notices {
			frame.Meta.Notices[i].Text = d.clean(notice.Text)
		}
		if custom, ok := frame.Meta.Custom.(map[string]any); ok {
			if warnings, ok := custom["warnings"].([]string); ok {
				for i, text := range warnings {
					warnings[i] = d.clean(text)
				}
			}
		}
	}
	return response
}
