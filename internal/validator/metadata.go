package validator

import (
	"encoding/json"
	"io/fs"
	"regexp"
	"slices"
	"strings"
)

// metadata is plugin.json. It has every field that Grafana's schema knows, so that
// a field that is not here is one that the schema forbids.
type metadata struct {
	Schema       string       `json:"$schema"`
	ID           string       `json:"id"`
	Type         string       `json:"type"`
	Name         string       `json:"name"`
	Backend      bool         `json:"backend"`
	Executable   string       `json:"executable"`
	Alerting     bool         `json:"alerting"`
	Info         info         `json:"info"`
	Includes     []include    `json:"includes"`
	Dependencies dependencies `json:"dependencies"`

	// No rule looks at these.
	Annotations               bool   `json:"annotations"`
	AutoEnabled               bool   `json:"autoEnabled"`
	BuildMode                 string `json:"buildMode"`
	BuiltIn                   bool   `json:"builtIn"`
	Category                  string `json:"category"`
	DocsPath                  string `json:"docsPath"`
	EnterpriseFeatures        any    `json:"enterpriseFeatures"`
	Extensions                any    `json:"extensions"`
	HideFromList              bool   `json:"hideFromList"`
	IAM                       any    `json:"iam"`
	Languages                 any    `json:"languages"`
	Logs                      bool   `json:"logs"`
	Metrics                   bool   `json:"metrics"`
	Mixed                     bool   `json:"mixed"`
	MultiValueFilterOperators bool   `json:"multiValueFilterOperators"`
	PascalName                string `json:"pascalName"`
	Preload                   bool   `json:"preload"`
	QueryOptions              any    `json:"queryOptions"`
	Roles                     any    `json:"roles"`
	Routes                    any    `json:"routes"`
	SkipDataQuery             bool   `json:"skipDataQuery"`
	State                     string `json:"state"`
	Streaming                 bool   `json:"streaming"`
	Suggestions               bool   `json:"suggestions"`
	Tracing                   bool   `json:"tracing"`
}

type info struct {
	Author struct {
		Name  string `json:"name"`
		Email string `json:"email"`
		URL   string `json:"url"`
	} `json:"author"`
	Build       any      `json:"build"`
	Description string   `json:"description"`
	Keywords    []string `json:"keywords"`
	Links       []link   `json:"links"`
	Logos       struct {
		Small string `json:"small"`
		Large string `json:"large"`
	} `json:"logos"`
	Screenshots []struct {
		Name string `json:"name"`
		Path string `json:"path"`
	} `json:"screenshots"`
	Updated string `json:"updated"`
	Version string `json:"version"`
}

type link struct {
	Name   string `json:"name"`
	URL    string `json:"url"`
	Target string `json:"target"`
}

type include struct {
	Type string `json:"type"`
	Name string `json:"name"`
	Path string `json:"path"`

	Action     string `json:"action"`
	AddToNav   bool   `json:"addToNav"`
	Component  string `json:"component"`
	DefaultNav bool   `json:"defaultNav"`
	Icon       string `json:"icon"`
	Role       string `json:"role"`
	UID        string `json:"uid"`
}

type dependencies struct {
	GrafanaDependency string `json:"grafanaDependency"`
	Plugins           []struct {
		ID   string `json:"id"`
		Name string `json:"name"`
		Type string `json:"type"`
	} `json:"plugins"`

	Extensions     any    `json:"extensions"`
	GrafanaVersion string `json:"grafanaVersion"`
}

// metadata reads plugin.json; ok is false where there is nothing to look at.
func (f *findings) metadata(dist fs.FS) (m metadata, ok bool) {
	text, ok := read(dist, "plugin.json")
	if !ok {
		f.errorf("missing-metadata", "plugin.json is missing; expected it at the top of the plugin")
		return m, false
	}
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		f.errorf("invalid-metadata", "plugin.json: %v", err)
		return m, false
	}
	strict := json.NewDecoder(strings.NewReader(text))
	strict.DisallowUnknownFields()
	if err := strict.Decode(new(metadata)); err != nil {
		f.errorf("invalid-metadata", "plugin.json: %v; expected only fields of Grafana's schema", err)
	}
	return m, true
}

var (
	validID      = regexp.MustCompile(`^[0-9a-z]+-([0-9a-z]+-)?(app|panel|datasource)$`) // as in the schema
	pluginTypes  = []string{"app", "datasource", "panel"}
	includeTypes = []string{"dashboard", "page", "panel", "datasource"}
)

// identity checks id, type and name.
func (f *findings) identity(m metadata) {
	for _, field := range []struct{ name, value string }{{"id", m.ID}, {"type", m.Type}, {"name", m.Name}} {
		if field.value == "" {
			f.errorf("invalid-metadata", "plugin.json: %s is missing", field.name)
		}
	}
	if m.Type != "" && !slices.Contains(pluginTypes, m.Type) {
		f.errorf("invalid-metadata", "plugin.json: type is %q; expected app, datasource or panel", m.Type)
	}
	if m.ID == "" {
		return
	}
	if !validID.MatchString(m.ID) {
		f.errorf("invalid-metadata", "plugin.json: id is %q; expected org-name-type in lower-case letters and digits", m.ID)
		return
	}
	parts := strings.Split(m.ID, "-")
	if len(parts) < 3 {
		f.errorf("invalid-id-format", "plugin.json: id is %q; expected three parts, org-name-type", m.ID)
	}
	if m.Type != "" && parts[len(parts)-1] != m.Type {
		f.errorf("plugin-type-suffix", "plugin.json: id is %q; expected it to end in its type, %q", m.ID, m.Type)
	}
	if m.ID == m.Name {
		f.errorf("human-friendly-name", "plugin.json: name is the id, %q; expected a name for people", m.ID)
	}
}
