package plugin

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/grafana/grafana-plugin-sdk-go/backend"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/export"
)

// maxExport bounds a file: more than the catalogue of a thousand SLOs takes.
const maxExport = 32 << 20

// exporters are the roles that may export. Files hold PromQL, and what the confidential
// catalogue defines, which viewers must not see.
var exporters = []string{"Admin", "Editor"}

// export answers with what the catalogue defines as a file in one of the formats.
func (d *Datasource) export(w http.ResponseWriter, r *http.Request) {
	format := r.PathValue("format")
	refuse := func(status int, message string) {
		writeJSON(w, status, map[string]string{"message": message})
	}
	user := backend.UserFromContext(r.Context())
	switch {
	case user == nil || !slices.Contains(exporters, user.Role):
		refuse(http.StatusForbidden, "exports hold PromQL and are for the roles Editor and Admin")
		return
	case !slices.Contains(export.Formats, format):
		refuse(http.StatusNotFound, fmt.Sprintf("there is no export %q; expected one of %v", format, export.Formats))
		return
	}
	file, err := export.Write(d.catalog(), format, d.settings.uid)
	switch {
	case err != nil:
		refuse(http.StatusInternalServerError, "the catalogue cannot be written as "+format)
		return
	case len(file.Text) > maxExport:
		refuse(http.StatusRequestEntityTooLarge, fmt.Sprintf("the file would have %d MiB; expected at most %d", len(file.Text)>>20, maxExport>>20))
		return
	}
	w.Header().Set("Content-Type", "application/yaml")
	w.Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", file.Name))
	_, _ = w.Write([]byte(file.Text))
}
