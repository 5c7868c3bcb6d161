package plugin

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/catalog"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/prom"
)

// What those who write a catalogue ask for: names to complete, and what an SLO would
// have said. Both read the store at will, so they are for those who may write.

const (
	// maxNames is how many metrics, and how many labels, are offered.
	maxNames = 5000
	// namesPatience is how long somebody who types waits for a name.
	namesPatience = 10 * time.Second
	// maxPreviewed is how many SLOs of a text are tried.
	maxPreviewed = 20
	// previewPatience is how long somebody waits for a preview.
	previewPatience = 30 * time.Second
)

// workshop offers the resources of this file.
func (d *Datasource) workshop(mux *http.ServeMux) {
	mux.HandleFunc("GET /outline", func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, http.StatusOK, catalog.Outlines()) })
	mux.HandleFunc("GET /names", forEditors(d.names))
	mux.HandleFunc("POST /preview", forEditors(d.preview))
}

// names are the metrics and labels that the store holds, bounded.
func (d *Datasource) names(w http.ResponseWriter, r *http.Request) {
	if d.store == nil { // where there is no store yet, there are no names
		writeJSON(w, http.StatusOK, prom.Names{Metrics: []string{}, Labels: []string{}})
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), namesPatience)
	defer cancel()
	names, err := d.store.Names(ctx, time.Now(), maxNames)
	if err != nil {
		writeJSON(w, http.StatusBadGateway, map[string]string{"message": d.clean(err.Error())})
		return
	}
	writeJSON(w, http.StatusOK, names)
}

// preview says what the SLOs of a catalogue that is not saved yet would have said over
// their windows until now. It knows the posted text only: what the confidential
// documents say stays where it is.
func (d *Datasource) preview(w http.ResponseWriter, r *http.Request) {
	text, ok := postedCatalog(w, r)
	if !ok {
		return
	}
	if d.store == nil {
		writeJSON(w, http.StatusConflict, map[string]string{"message": capital(d.misconfigured.Error())})
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), previewPatience)
	defer cancel()
	said, err := d.said(ctx, text, time.Now())
	if err != nil {
		writeJSON(w, http.StatusBadRequest, map[string]string{"message": d.clean(capital(err.Error()))})
		return
	}
	writeJSON(w, http.StatusOK, said)
}

// saying is what one SLO would have said.
type saying struct {
	SLO     string `json:"slo"`
	Title   string `json:"title"`
	Said    string `json:"said"`    // in words that need no knowledge of the system
	Figures string `json:"figures"` // what an engineer is told
}

// sayings are what the SLOs of a catalogue would have said, and how many were left out.
type sayings struct {
	SLOs []saying `json:"slos"`
	Left int      `json:"left"`
	// Warnings are what the answer warns of, such as too few events.
	Warnings []string `json:"warnings"`
}

// said asks a catalogue for the statements of its SLOs.
func (d *Datasource) said(ctx context.Context, text string, now time.Time) (sayings, error) {
	draft, err := d.draft(ctx, text)
	if err != nil {
		return sayings{}, err
	}
	defer draft.Dispose()
	var names []string
	for _, s := range catalog.Parse("catalog", text).SLOs {
		names = append(names, s.Name)
	}
	left := max(0, len(names)-maxPreviewed)
	q, err := decode(backend.DataQuery{QueryType: typeStatement, TimeRange: backend.TimeRange{From: now.Add(-time.Hour), To: now}}, false, d.settings)
	if err != nil {
		return sayings{}, err
	}
	q.slos = names[:len(names)-left]
	answer, err := draft.run(ctx, d.store.NewPrivateSession(d.settings.scrape), q, now)
	if err != nil {
		return sayings{}, err
	}
	result := sayings{SLOs: []saying{}, Left: left, Warnings: []string{}}
	for _, n := range answer.notices {
		if n.Severity == data.NoticeSeverityWarning {
			result.Warnings = append(result.Warnings, d.clean(n.Text))
		}
	}
	for _, frame := range answer.frames {
		for row := range frame.Fields[0].Len() {
			text := func(name string) string {
				field, _ := frame.FieldByName(name)
				said, _ := field.At(row).(string)
				return said
			}
			result.SLOs = append(result.SLOs, saying{text("slo"), text("title"), text(audienceExecutive), text(audienceEngineer)})
		}
	}
	return result, nil
}

// draft is a data source that has the given text for its catalogue, and nothing else:
// no confidential documents, and none that are found elsewhere. It counts as this one does.
func (d *Datasource) draft(ctx context.Context, text string) (*Datasource, error) {
	jsonData, err := json.Marshal(map[string]any{"catalog": text, "discover": []string{}})
	if err != nil {
		return nil, err
	}
	instance, err := NewDatasource(ctx, backend.DataSourceInstanceSettings{Type: ID, URL: d.settings.url, JSONData: jsonData})
	if err != nil {
		return nil, err
	}
	draft := instance.(*Datasource)
	draft.settings = d.settings
	return draft, nil
}

// postedCatalog reads {"catalog": "…"}; ok is false where it has answered already.
func postedCatalog(w http.ResponseWriter, r *http.Request) (text string, ok bool) {
	var body struct {
		Catalog string `json:"catalog"`
	}
	if r.Body == nil { // as of a request without any, unlike in an HTTP server
		r.Body = http.NoBody
	}
	read, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxCatalog))
	if err == nil {
		err = json.Unmarshal(read, &body)
	}
	if err != nil {
		writeJSON(w, http.StatusBadRequest, map[string]string{"message": fmt.Sprintf(`expected {"catalog": "…"} of at most %d MiB`, maxCatalog>>20)})
		return "", false
	}
	return body.Catalog, true
}
