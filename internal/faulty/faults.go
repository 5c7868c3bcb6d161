package faulty

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"time"
)

func newReader(body []byte) io.Reader { return bytes.NewReader(body) }

// Status answers everything with an HTTP status, a body and headers in pairs.
func Status(status int, body string, headers ...string) Fault {
	return func(w http.ResponseWriter, _ *http.Request, _ http.HandlerFunc) {
		for i := 0; i+1 < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// APIError answers everything as Prometheus' API does where it refuses.
func APIError(status int, kind, message string) Fault {
	body, _ := json.Marshal(map[string]string{"status": "error", "errorType": kind, "error": message})
	return Status(status, string(body), "Content-Type", "application/json")
}

// CutBody sends half of every answer and hangs up.
func CutBody(w http.ResponseWriter, r *http.Request, pass http.HandlerFunc) {
	answer := record(r, pass)
	header(w, answer)
	w.Header().Set("Content-Length", fmt.Sprint(answer.Body.Len()))
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes()[:answer.Body.Len()/2])
	flush(w)
	panic(http.ErrAbortHandler)
}

// SlowHeaders begins no answer until the asker has gone.
func SlowHeaders(_ http.ResponseWriter, r *http.Request, _ http.HandlerFunc) { wait(r) }

// SlowBody sends half of every answer and then nothing until the asker has gone.
func SlowBody(w http.ResponseWriter, r *http.Request, pass http.HandlerFunc) {
	answer := record(r, pass)
	header(w, answer)
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes()[:answer.Body.Len()/2])
	flush(w)
	wait(r)
}

func wait(r *http.Request) {
	select {
	case <-r.Context().Done():
	case <-time.After(30 * time.Second): // longer than any test waits
	}
}

// OnlyPromQL is a store without remote read.
func OnlyPromQL(then Fault) Fault {
	return func(w http.ResponseWriter, r *http.Request, pass http.HandlerFunc) {
		if strings.HasSuffix(r.URL.Path, "/read") {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		then(w, r, pass)
	}
}

// Where is a fault of some requests only, by their path and, of PromQL queries, form.
func Where(hit func(path string, form url.Values) bool, then Fault) Fault {
	return func(w http.ResponseWriter, r *http.Request, pass http.HandlerFunc) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		form, _ := url.ParseQuery(string(body))
		r.Body = io.NopCloser(newReader(body))
		if hit(r.URL.Path, form) {
			then(w, r, pass)
			return
		}
		pass(w, r)
	}
}

// Empty is a store that knows nothing.
func Empty() Fault {
	return OnlyPromQL(func(w http.ResponseWriter, r *http.Request, pass http.HandlerFunc) {
		rewritten(w, r, pass, func(answer *Answer) { answer.Data.Result = []map[string]json.RawMessage{} })
	})
}

// Answer is an answer of Prometheus' query API.
type Answer struct {
	Status   string   `json:"status"`
	Warnings []string `json:"warnings,omitempty"`
	Data     struct {
		ResultType string                       `json:"resultType"`
		Result     []map[string]json.RawMessage `json:"result"`
	} `json:"data"`
}

// Rewritten changes the answers to PromQL queries; there is no remote read.
func Rewritten(change func(*Answer)) Fault {
	return OnlyPromQL(func(w http.ResponseWriter, r *http.Request, pass http.HandlerFunc) { rewritten(w, r, pass, change) })
}

// rewritten changes answers that are series; others are as they are.
func rewritten(w http.ResponseWriter, r *http.Request, pass http.HandlerFunc, change func(*Answer)) {
	answer := record(r, pass)
	header(w, answer)
	body := answer.Body.Bytes()
	var got Answer
	if json.Unmarshal(body, &got) == nil && (got.Data.ResultType == "matrix" || got.Data.ResultType == "vector") {
		change(&got)
		body, _ = json.Marshal(got)
	}
	w.Header().Del("Content-Length")
	w.WriteHeader(answer.Code)
	_, _ = w.Write(body)
}

// Twice has every series twice in an answer.
func Twice(a *Answer) { a.Data.Result = append(a.Data.Result, a.Data.Result...) }

// OutOfOrder turns the samples of every series around.
func OutOfOrder(a *Answer) {
	for _, series := range a.Data.Result {
		var values []json.RawMessage
		if json.Unmarshal(series["values"], &values) != nil {
			continue
		}
		for i, k := 0, len(values)-1; i < k; i, k = i+1, k-1 {
			values[i], values[k] = values[k], values[i]
		}
		series["values"], _ = json.Marshal(values)
	}
}

// Partial warns as Thanos does where a store behind it did not answer.
func Partial(a *Answer) {
	a.Warnings = append(a.Warnings, "No StoreAPIs matched for this query")
}

// record has the store answer into memory.
func record(r *http.Request, pass http.HandlerFunc) *httptest.ResponseRecorder {
	r.Header.Del("Accept-Encoding") // what is cut or changed is plain
	answer := httptest.NewRecorder()
	pass(answer, r)
	return answer
}

func header(w http.ResponseWriter, answer *httptest.ResponseRecorder) {
	for name, values := range answer.Header() {
		w.Header()[name] = values
	}
}

func flush(w http.ResponseWriter) {
	if f, ok := w.(http.Flusher); ok {
		f.Flush()
	}
}
