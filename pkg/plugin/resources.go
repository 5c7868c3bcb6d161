package plugin

import (
	"encoding/json"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/backend/resource/httpadapter"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/catalog"
)

// maxCatalog is how much text the validation takes, in bytes.
const maxCatalog = catalog.MaxText

// resources are what the editors ask for. Every viewer of a dashboard may call them,
// except those for editors: they read, are bounded, and hold no query and no value of
// an event.
func (d *Datasource) resources() backend.CallResourceHandler {
	mux := http.NewServeMux()
	get := func(path string, answer func() any) {
		mux.HandleFunc("GET /"+path, func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, http.StatusOK, answer()) })
	}
	list := func(path string, of func(catalog.Catalog) any) {
		mux.HandleFunc("GET /"+path, func(w http.ResponseWriter, r *http.Request) {
			writeJSON(w, http.StatusOK, of(d.library.current(r.Context(), time.Now()).Catalog))
		})
	}
	get("vocabulary", func() any {
		return map[string]any{"queryTypes": queryTypes, "measures": measures, "by": groupings, "audiences": audiences, "periods": periods, "pools": pools, "scenarios": scenarios, "locales": locales}
	})
	list("slos", listSLOs)
	list("services", listServices)
	list("labels", listLabels)
	list("journeys", listJourneys)
	mux.HandleFunc("POST /validate", forEditors(validate))
	mux.HandleFunc("POST /refresh", forEditors(d.refresh))
	mux.HandleFunc("GET /export/{format}", d.export)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		writeJSON(w, http.StatusNotFound, map[string]string{"message": "there is no resource " + r.Method + " " + r.URL.Path})
	})
	d.workshop(mux)
	return httpadapter.New(mux)
}

// forEditors refuses who may only look: what is work for the plugin or for Prometheus is
// for those who edit. Grafana names the role of who asks in the browser; where nobody does,
// the request is Grafana's own.
func forEditors(answer http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if user := backend.UserFromContext(r.Context()); user != nil && user.Role != "Editor" && user.Role != "Admin" {
			writeJSON(w, http.StatusForbidden, map[string]string{"message": "this is for editors and administrators"})
			return
		}
		answer(w, r)
	}
}

func listSLOs(c catalog.Catalog) any {
	type objective struct {
		Name   string  `json:"name"`
		Target float64 `json:"target"`
		Window string  `json:"window"`
	}
	type entry struct {
		Name        string            `json:"name"`
		DisplayName string            `json:"displayName"`
		Service     string            `json:"service"`
		Owner       string            `json:"owner"`
		Labels      map[string]string `json:"labels"`
		Objectives  []objective       `json:"objectives"`
		Journeys    []string          `json:"journeys"` // names of those that it is a step of
	}
	list := make([]entry, 0, len(c.SLOs))
	for _, s := range c.SLOs {
		e := entry{Name: s.Name, DisplayName: s.DisplayName, Service: s.Service, Owner: s.Owner(), Labels: s.Labels, Journeys: []string{}}
		for _, j := range c.Journeys {
			if slices.ContainsFunc(j.Steps, func(step catalog.Step) bool { return step.SLO == s.Name }) {
				e.Journeys = append(e.Journeys, j.Name)
			}
		}
		if e.Labels == nil {
			e.Labels = map[string]string{}
		}
		for _, o := range s.Objectives {
			e.Objectives = append(e.Objectives, objective{o.Name, o.Target(), o.Window().String()})
		}
		list = append(list, e)
	}
	return list
}

func listServices(c catalog.Catalog) any {
	type entry struct {
		Name        string `json:"name"`
		DisplayName string `json:"displayName"`
	}
	list := make([]entry, 0, len(c.Services))
	for _, s := range c.Services {
		list = append(list, entry{s.Name, s.DisplayName})
	}
	return list
}

// listLabels are the labels of SLOs with the values that they have.
func listLabels(c catalog.Catalog) any {
	labels := map[string][]string{}
	for _, s := range c.SLOs {
		for key := range s.Labels {
			for _, value := range s.LabelValues(key) {
				if !slices.Contains(labels[key], value) {
					labels[key] = append(labels[key], value)
				}
			}
		}
	}
	for _, values := range labels {
		slices.Sort(values)
	}
	return labels
}

// validate reads a catalogue that is not saved yet and says what is wrong with it.
func validate(w http.ResponseWriter, r *http.Request) {
	text, ok := postedCatalog(w, r)
	if !ok {
		return
	}
	type problem struct {
		Document int    `json:"document"`
		Line     int    `json:"line"`
		Path     string `json:"path"`
		Message  string `json:"message"`
		Severity string `json:"severity"`
	}
	parsed := catalog.Parse("catalog", text)
	problems := make([]problem, 0, len(parsed.Problems))
	for _, p := range parsed.Problems {
		problems = append(problems, problem{p.Document, p.Line, p.Path, p.Message, string(p.Severity)})
	}
	writeJSON(w, http.StatusOK, map[string]any{"problems": problems, "slos": len(parsed.SLOs)})
}

// refreshPause is how often history can be read anew on demand: reading is work for
// Prometheus.
const refreshPause = time.Minute

// refresh drops what was counted, so that the next question reads history anew.
func (d *Datasource) refresh(w http.ResponseWriter, _ *http.Request) {
	now := time.Now()
	if d.store == nil || !d.refreshed.allow(now) {
		writeJSON(w, http.StatusTooManyRequests, map[string]string{"message": "history was read anew within the last minute"})
		return
	}
	d.store.Forget()
	d.sessions.forget()
	d.library.expire()
	writeJSON(w, http.StatusOK, map[string]string{"message": "history is read anew with the next question"})
}

// pause allows something once in a while.
type pause struct {
	mu   sync.Mutex
	last time.Time
}

func (p *pause) allow(now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if now.Sub(p.last) < refreshPause {
		return false
	}
	p.last = now
	return true
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	text, err := json.Marshal(body)
	if err != nil {
		status, text = http.StatusInternalServerError, []byte(`{"message":"the answer cannot be written"}`)
	}
	w.WriteHeader(status)
	_, _ = w.Write(text)
}
