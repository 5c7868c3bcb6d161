// Package dashboards makes the provisioned dashboards of the importable ones.
//
// Grafana asks for the data source when a dashboard is imported and puts it in
// place of the input ${DS_STAKES}. It does not do so for dashboards from files, which
// need the data source's own uid.
package dashboards

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// UID is the uid of the data source that provisioning/datasources defines.
const UID = "stakes"

// input is what stands for the data source in an importable dashboard.
const input = "${DS_STAKES}"

// Provisioned is an importable dashboard with a data source's uid in place of its
// input.
func Provisioned(importable []byte, uid string) ([]byte, error) {
	if !bytes.Contains(importable, []byte(input)) {
		return nil, fmt.Errorf("the dashboard has no input %s", input)
	}
	var dashboard map[string]json.RawMessage
	if err := json.Unmarshal(bytes.ReplaceAll(importable, []byte(input), []byte(uid)), &dashboard); err != nil {
		return nil, err
	}
	delete(dashboard, "__inputs")
	delete(dashboard, "__requires")
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(dashboard)
	return out.Bytes(), err
}
