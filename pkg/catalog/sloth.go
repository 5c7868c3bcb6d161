package catalog

import (
	"regexp"
	"strings"
	"time"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// slothPeriod is what Sloth takes for the time window where it is not started with
// another one; its documents of SLOs do not say.
const slothPeriod = 30 * 24 * time.Hour

// slothNames are the names that the two forms of Sloth's documents, a file and a
// resource of Kubernetes, have for the same things.
type slothNames struct {
	root                                string // path to what both have, with its dot
	plugins, errorRatio, errors, totals string
	page, ticket                        string
}

var (
	slothFileWords = &slothNames{"", "slo_plugins", "error_ratio_query", "error_query", "total_query", "page_alert", "ticket_alert"}
	slothWords     = &slothNames{"spec.", "sloPlugins", "errorRatioQuery", "errorQuery", "totalQuery", "pageAlert", "ticketAlert"}
)

func (n *slothNames) at(field string) string { return n.root + field }

func (n *slothNames) service(d *document) string {
	service, _ := d.find(n.at("service"))
	return textOf(service)
}

// slothFile is a file that Sloth generates rules from; slothResource says the same in
// other names.
type slothFile struct {
	Version string `json:"version"`
	slothFileGroup
}

type slothFileGroup struct {
	Service string `json:"service"`
	Labels  any    `json:"labels"`
	Plugins any    `json:"slo_plugins"`
	SLOs    []struct {
		Name        string   `json:"name"`
		Description string   `json:"description"`
		Objective   *float64 `json:"objective"`
		Plugins     any      `json:"plugins"`
		Labels      any      `json:"labels"`
		SLI         struct {
			Raw *struct {
				ErrorRatio string `json:"error_ratio_query"`
			} `json:"raw"`
			Events *struct {
				Errors string `json:"error_query"`
				Total  string `json:"total_query"`
			} `json:"events"`
			Plugin *struct {
				ID      string `json:"id"`
				Options any    `json:"options"`
			} `json:"plugin"`
		} `json:"sli"`
		Alerting struct {
			Name        string `json:"name"`
			Labels      any    `json:"labels"`
			Annotations any    `json:"annotations"`
			Page        struct {
				Disable     bool `json:"disable"`
				Labels      any  `json:"labels"`
				Annotations any  `json:"annotations"`
			} `json:"page_alert"`
			Ticket struct {
				Disable     bool `json:"disable"`
				Labels      any  `json:"labels"`
				Annotations any  `json:"annotations"`
			} `json:"ticket_alert"`
		} `json:"alerting"`
	} `json:"slos"`
}

type slothResource struct {
	APIVersion string     `json:"apiVersion"`
	Kind       string     `json:"kind"`
	Metadata   any        `json:"metadata"`
	Spec       slothGroup `json:"spec"`
	Status     any        `json:"status"`
}

type slothGroup struct {
	Service string `json:"service"`
	Labels  any    `json:"labels"`
	Plugins any    `json:"sloPlugins"`
	SLOs    []struct {
		Name        string   `json:"name"`
		Description string   `json:"description"`
		Objective   *float64 `json:"objective"`
		Plugins     any      `json:"plugins"`
		Labels      any      `json:"labels"`
		SLI         struct {
			Raw *struct {
				ErrorRatio string `json:"errorRatioQuery"`
			} `json:"raw"`
			Events *struct {
				Errors string `json:"errorQuery"`
				Total  string `json:"totalQuery"`
			} `json:"events"`
			Plugin *struct {
				ID      string `json:"id"`
				Options any    `json:"options"`
			} `json:"plugin"`
		} `json:"sli"`
		Alerting struct {
			Name        string `json:"name"`
			Labels      any    `json:"labels"`
			Annotations any    `json:"annotations"`
			Page        struct {
				Disable     bool `json:"disable"`
				Labels      any  `json:"labels"`
				Annotations any  `json:"annotations"`
			} `json:"pageAlert"`
			Ticket struct {
				Disable     bool `json:"disable"`
				Labels      any  `json:"labels"`
				Annotations any  `json:"annotations"`
			} `json:"ticketAlert"`
		} `json:"alerting"`
	} `json:"slos"`
}

// readSloth reads all SLOs of a document of Sloth's; a bad one does not hide the others.
func (r *reader) readSloth(d *document) {
	var group slothGroup
	if d.words == slothFileWords {
		file, ok := decodeForeign[slothFile](d)
		if !ok {
			return
		}
		group = slothGroup(file.slothFileGroup)
	} else {
		resource, ok := decodeForeign[slothResource](d)
		if !ok {
			return
		}
		group = resource.Spec
	}
	if d.required(d.words.at("service"), group.Service, "the service that the SLOs belong to") == "" {
		return
	}
	path := d.words.at("slos")
	if len(group.SLOs) == 0 {
		d.fail(path, "slos is missing or empty; expected at least one")
	}
	shared := d.scalars(d.words.at("labels"))
	for i := range group.SLOs {
		at := index(path, i)
		s := d.slothSLO(at, group, i, r.ofSloth())
		for key, value := range shared {
			if _, own := s.Labels[key]; !own {
				s.Labels[key] = value
			}
		}
		if !d.errorWithin(at) && !d.errorWithin(d.words.at("labels")) {
			r.slos = append(r.slos, s)
		}
	}
}

func (d *document) slothSLO(at string, group slothGroup, i int, windows slothWindows) SLO {
	given := group.SLOs[i]
	name := d.required(at+".name", given.Name, "a name, such as requests-availability")
	s := SLO{
		Name:        group.Service + "-" + name,
		DisplayName: group.Service + "-" + name,
		Description: given.Description,
		Service:     group.Service,
		Labels:      d.scalars(at + ".labels"),
		Origin:      FromSloth,
		Place:       d.place,
	}
	_, s.Place.Line = d.find(at)
	sli := at + ".sli"
	switch {
	case howMany(given.SLI.Events != nil, given.SLI.Raw != nil, given.SLI.Plugin != nil) != 1:
		d.fail(sli, "sli has none or several of events, raw and plugin; expected one of them")
	case given.SLI.Events != nil:
		s.Indicator.Bad = d.windowed(sli+".events."+d.words.errors, given.SLI.Events.Errors)
		s.Indicator.Total = d.windowed(sli+".events."+d.words.totals, given.SLI.Events.Total)
	case given.SLI.Raw != nil:
		s.Indicator.Raw = d.windowed(sli+".raw."+d.words.errorRatio, given.SLI.Raw.ErrorRatio)
		s.Indicator.RawFailure = true
	default:
		d.fail(sli+".plugin", "the queries of the plugin %s are in its code and not in this document; expected events or raw, or the discovery of what Sloth records of it (discover)", quote(given.SLI.Plugin.ID))
	}
	if given.Objective == nil {
		d.fail(at+".objective", "objective is missing; expected a percentage such as 99.9")
	} else if ratio, ok := d.percentage(at+".objective", *given.Objective); ok {
		window, _ := slo.Rolling(windows.period)
		objective, err := slo.NewObjective(ratio, window)
		if err != nil {
			d.fail(at+".objective", "%v", err)
		}
		s.Objectives = []Objective{{Objective: objective}}
	}
	policy := AlertPolicy{
		Name:        orName(given.Alerting.Name, s.Name),
		DisplayName: orName(given.Alerting.Name, s.Name),
		Labels:      d.scalars(at + ".alerting.labels"),
		Annotations: d.scalars(at + ".alerting.annotations"),
		Place:       s.Place,
	}
	for _, w := range windows.alerts {
		if w.Severity == "page" && !given.Alerting.Page.Disable || w.Severity == "ticket" && !given.Alerting.Ticket.Disable {
			policy.Conditions = append(policy.Conditions, burnRate(w))
		}
	}
	s.withPolicy(policy)
	return s
}

// howMany is how many of some things are so.
func howMany(all ...bool) (n int) {
	for _, b := range all {
		if b {
			n++
		}
	}
	return n
}

// slothWindow is the place in Sloth's queries that every window is written into.
var slothWindow = regexp.MustCompile(`\{\{-?\s*\.window\s*-?\}\}`)

// windowed is PromQL with a window of five minutes in the place of Sloth's template.
// Stakes counts over windows of its own.
func (d *document) windowed(path, text string) string {
	// As long as the template, so that problems are found where they are.
	padded := slothWindow.ReplaceAllStringFunc(text, func(template string) string {
		return "5m" + strings.Repeat(" ", len(template)-len("5m"))
	})
	d.promQL(path, padded)
	return strings.TrimSpace(slothWindow.ReplaceAllString(text, "5m"))
}
