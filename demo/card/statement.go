package card

import (
	"errors"

	"github.com/grafana/grafana-plugin-sdk-go/data"
)

// Statement is what an executive is told about one SLO.
type Statement struct{ SLO, Executive string }

// ReadStatements takes the first frame of the query type "statement" apart.
func ReadStatements(frames data.Frames) ([]Statement, error) {
	if len(frames) == 0 {
		return nil, errors.New("the statement has no frame")
	}
	t := newTable(frames[0])
	var all []Statement
	for i := range t.rows {
		all = append(all, Statement{SLO: t.text("slo", i), Executive: t.text("executive", i)})
	}
	return all, nil
}
