package promtest

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/util/teststorage"
	"github.com/stretchr/testify/require"
)

// InProcess starts Prometheus' query engine over the given series, behind as much
// of its HTTP API as queries need, and returns the address. It offers no remote
// read.
func InProcess(t testing.TB, all []Series) string { return inProcess(t, all, nil) }

// InProcessWithRemoteRead is InProcess with remote read.
func InProcessWithRemoteRead(t testing.TB, all []Series) string {
	return inProcess(t, all, serveRemoteRead(t, all))
}

func inProcess(t testing.TB, all []Series, remoteRead http.HandlerFunc) string {
	t.Helper()
	db := teststorage.New(t)
	app := db.Appender(t.Context())
	for _, s := range all {
		lbls := labels.FromMap(s.Labels)
		for _, sample := range s.Samples {
			require.NoError(t, store(app, lbls, sample))
		}
	}
	require.NoError(t, app.Commit())
	engine := newEngine()
	run := func(w http.ResponseWriter, r *http.Request, query promql.Query, err error) {
		if err != nil {
			answerError(w, err)
			return
		}
		defer query.Close()
		result := query.Exec(r.Context())
		if result.Err != nil {
			answerError(w, result.Err)
			return
		}
		answer(w, result.Value)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/api/v1/query", func(w http.ResponseWriter, r *http.Request) {
		query, err := engine.NewInstantQuery(r.Context(), db, nil, r.FormValue("query"), instant(r.FormValue("time")))
		run(w, r, query, err)
	})
	mux.HandleFunc("/api/v1/query_range", func(w http.ResponseWriter, r *http.Request) {
		start, end := instant(r.FormValue("start")), instant(r.FormValue("end"))
		step, _ := strconv.ParseFloat(r.FormValue("step"), 64)
		interval := time.Duration(step * float64(time.Second))
		if end.Sub(start)/interval > 11_000 {
			answerError(w, fmt.Errorf("exceeded maximum resolution of 11,000 points per timeseries"))
			return
		}
		query, err := engine.NewRangeQuery(r.Context(), db, nil, r.FormValue("query"), start, end, interval)
		run(w, r, query, err)
	})
	if remoteRead != nil {
		mux.HandleFunc("/api/v1/read", remoteRead)
	}
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

func store(app storage.Appender, l labels.Labels, s Sample) (err error) {
	switch {
	case s.Histogram == nil:
		_, err = app.Append(0, l, s.At.UnixMilli(), s.Value)
	case s.Float:
		_, err = app.AppendHistogram(0, l, s.At.UnixMilli(), nil, s.Histogram.ToFloat(nil))
	default:
		_, err = app.AppendHistogram(0, l, s.At.UnixMilli(), s.Histogram.Copy(), nil)
	}
	return err
}

func instant(seconds string) time.Time {
	s, _ := strconv.ParseFloat(seconds, 64)
	return time.UnixMilli(int64(math.Round(s * 1000)))
}

func answer(w http.ResponseWriter, value parser.Value) {
	var result any
	switch v := value.(type) {
	case promql.Scalar:
		result = point(v.T, v.V)
	case promql.Vector:
		list := []any{}
		for _, s := range v {
			list = append(list, map[string]any{"metric": s.Metric.Map(), "value": point(s.T, s.F)})
		}
		result = list
	case promql.Matrix:
		list := []any{}
		for _, s := range v {
			points := make([]any, len(s.Floats))
			for i, f := range s.Floats {
				points[i] = point(f.T, f.F)
			}
			list = append(list, map[string]any{"metric": s.Metric.Map(), "values": points})
		}
		result = list
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"status": "success", "data": map[string]any{"resultType": value.Type(), "result": result}})
}

func point(ms int64, v float64) any {
	return []any{float64(ms) / 1000, strconv.FormatFloat(v, 'f', -1, 64)}
}

func answerError(w http.ResponseWriter, err error) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusBadRequest)
	_ = json.NewEncoder(w).Encode(map[string]any{"status": "error", "errorType": "bad_data", "error": err.Error()})
}
