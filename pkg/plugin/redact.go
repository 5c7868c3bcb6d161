package plugin

import (
	"encoding/base64"
	"errors"
	"net/url"
	"strings"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
)

// leastSecret is how long a secret is at least that is looked for: shorter ones are in
// every other word.
const leastSecret = 4

// secretsOf replaces the secrets of a data source's settings. Nothing of ours writes them
// anywhere; but a server may send them back in its words for what went wrong.
func secretsOf(s backend.DataSourceInstanceSettings) *strings.Replacer {
	var pairs []string
	hide := func(secret string) {
		if len(secret) >= leastSecret {
			pairs = append(pairs, secret, "…")
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
	if len(pairs) == 0 {
		return nil
	}
	return strings.NewReplacer(pairs...)
}

// redacted is an answer without secrets.
func (d *Datasource) redacted(response backend.DataResponse) backend.DataResponse {
	if d.secrets == nil {
		return response
	}
	if response.Error != nil {
		if text := d.secrets.Replace(response.Error.Error()); text != response.Error.Error() {
			response.Error = errors.New(text)
		}
	}
	for _, frame := range response.Frames {
		if frame.Meta == nil {
			continue
		}
		frame.Meta.ExecutedQueryString = d.secrets.Replace(frame.Meta.ExecutedQueryString)
		for i, notice := range frame.Meta.Notices {
			frame.Meta.Notices[i].Text = d.secrets.Replace(notice.Text)
		}
		if custom, ok := frame.Meta.Custom.(map[string]any); ok {
			if warnings, ok := custom["warnings"].([]string); ok {
				for i, text := range warnings {
					warnings[i] = d.secrets.Replace(text)
				}
			}
		}
	}
	return response
}
