package plugin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/backend/instancemgmt"
	"github.com/grafana/grafana-plugin-sdk-go/backend/tracing"
	"github.com/grafana/grafana-plugin-sdk-go/config"
	"golang.org/x/sync/errgroup"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/catalog"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/prom"
)

// ID is the plugin's id, the same as in plugin.json.
const ID = "stakes-slo-datasource"

var (
	_ backend.QueryDataHandler      = (*Datasource)(nil)
	_ backend.CheckHealthHandler    = (*Datasource)(nil)
	_ backend.CallResourceHandler   = (*Datasource)(nil)
	_ instancemgmt.InstanceDisposer = (*Datasource)(nil)
)

// Datasource is one configured data source. It is made anew when its settings
// change.
type Datasource struct {
	backend.CallResourceHandler
	settings   settings
	library    *library
	store      *prom.Store
	transports []*http.Transport
	sessions   sharedSession
	foreseen   foreseen
	refreshed  pause
	secrets    *strings.Replacer // nil where there are none
	// misconfigured is why there is no store. Resources work all the same: the
	// config page validates a catalogue before there is a URL.
	misconfigured error
}

// NewDatasource makes a data source of its settings.
func NewDatasource(ctx context.Context, s backend.DataSourceInstanceSettings) (instancemgmt.Instance, error) {
	d := &Datasource{}
	d.settings, d.misconfigured = parseSettings(s)
	d.secrets = secretsOf(s, d.settings.queryParams)
	d.CallResourceHandler = d.resources()
	var parts []*part
	if d.misconfigured == nil {
		parts = d.connect(ctx, s)
	}
	d.library = newLibrary(d.settings.catalogs, parts...)
	return d, nil
}

// connect makes the store, and the parts of the catalogue that are read from elsewhere.
func (d *Datasource) connect(ctx context.Context, s backend.DataSourceInstanceSettings) (parts []*part) {
	client, transport, err := newHTTPClient(ctx, s, d.settings)
	if err != nil {
		d.misconfigured = fmt.Errorf("the data source's connection settings: %w", err)
		return nil
	}
	d.transports = append(d.transports, transport)
	var options []prom.Option
	if d.settings.maxSamples > 0 {
		options = append(options, prom.MaxSamples(d.settings.maxSamples))
	}
	if d.store, err = prom.NewStore(d.settings.url, client, d.settings.cacheSize, options...); err != nil {
		d.misconfigured = fmt.Errorf("the data source's %w", err)
		return nil
	}
	if len(d.settings.addresses) > 0 {
		stranger, transport, err := newStranger(ctx, s)
		if err != nil {
			d.misconfigured = fmt.Errorf("the data source's connection settings: %w", err)
			return nil
		}
		d.transports = append(d.transports, transport)
		store, _ := url.Parse(d.settings.url) // which was checked
		for i, u := range d.settings.addresses {
			a := &address{name: fmt.Sprintf("address %d", i+1), url: u, store: store, own: client, other: stranger}
			parts = append(parts, d.discreet(a.part()))
		}
	}
	if len(d.settings.discover) > 0 {
		found := &discovery{store: d.store, tools: d.settings.discover}
		parts = append(parts, d.discreet(found.part(!d.settings.discoverSaid)))
	}
	return parts
}

// catalog is the catalogue as it is.
func (d *Datasource) catalog() catalog.Catalog { return d.library.now().Catalog }

// Dispose lets go of what is kept and closes idle connections, and those of queries that still run once they are
// done.
func (d *Datasource) Dispose() {
	d.library.end()
	if d.store != nil {
		d.sessions.forget()
		d.store.Forget()
	}
	closeSoon(d.transports...)
}

// QueryData answers every query of a request; one that fails, fails alone.
func (d *Datasource) QueryData(ctx context.Context, req *backend.QueryDataRequest) (*backend.QueryDataResponse, error) {
	now := time.Now()
	session := d.session(now)
	response := backend.NewQueryDataResponse()
	var (
		mu    sync.Mutex
		group errgroup.Group
	)
	group.SetLimit(concurrency(ctx))
	for _, q := range req.Queries {
		group.Go(func() error {
			answer := d.redacted(d.answerQuery(ctx, session, q, fromAlert(req), now))
			mu.Lock()
			defer mu.Unlock()
			response.Responses[q.RefID] = answer
			return nil
		})
	}
	return response, group.Wait()
}

// answerQuery answers one query. A panic becomes the query's own error.
func (d *Datasource) answerQuery(ctx context.Context, session *prom.Session, q backend.DataQuery, alert bool, now time.Time) (response backend.DataResponse) {
	defer func() {
		if p := recover(); p != nil {
			backend.Logger.FromContext(ctx).Error("Query panicked", "refId", q.RefID, "panic", p, "stack", string(debug.Stack()))
			response = failed(fmt.Errorf("an internal error; the plugin's log has the details"), nil)
		}
	}()
	if d.misconfigured != nil {
		return failed(invalid(d.misconfigured), nil)
	}
	began := time.Now()
	_, decoding := tracing.DefaultTracer().Start(ctx, "stakes.decode")
	question, err := decode(q, alert, d.settings)
	decoding.End()
	if err != nil {
		return failed(invalid(err), nil)
	}
	defer func() {
		how := outcome(response.Error)
		prom.CountAnswer(question.queryType, how)
		backend.Logger.FromContext(ctx).Debug("Answered a query", "refId", q.RefID, "queryType", question.queryType,
			"alert", alert, "outcome", how, "frames", len(response.Frames), "took", time.Since(began).Round(time.Millisecond).String())
	}()
	running, span := tracing.DefaultTracer().Start(ctx, "stakes.run")
	answer, err := d.run(running, session, question, now)
	span.End()
	if caught := new(prom.Panic); errors.As(err, &caught) {
		backend.Logger.FromContext(ctx).Error("Query panicked", "refId", q.RefID, "details", caught.Details)
	}
	if err != nil {
		return failed(err, answer)
	}
	_, framing := tracing.DefaultTracer().Start(ctx, "stakes.frames")
	defer framing.End()
	return answer.response()
}

// run answers a question: the one place that knows every query type.
func (d *Datasource) run(ctx context.Context, session *prom.Session, q question, now time.Time) (*answer, error) {
	books := d.library.current(ctx, now)
	if q.queryType == typeCatalog {
		return d.definitions(books), nil
	}
	if err := books.unread(); err != nil {
		return nil, err
	}
	if q.alerting && len(q.slos) == 0 {
		if err := books.incomplete(); err != nil {
			return nil, err
		}
	}
	promises, err := choose(books.Catalog, q)
	if err != nil {
		return nil, invalid(err)
	}
	span, err := planSpan(q, promises, d.settings, now)
	if err != nil {
		return nil, invalid(err)
	}
	assessor := assessor{session: session, settings: d.settings, span: span, question: q, now: now, foreseen: &d.foreseen}
	assessments, err := assessor.assess(ctx, promises)
	if err != nil {
		return newAnswer(q, span, d.settings.zone, assessments), err
	}
	answer := newAnswer(q, span, d.settings.zone, assessments)
	answer.catalog, answer.currency, answer.now = books.Catalog, d.settings.currency, now
	answer.admit(books)
	if q.needsForecast() && q.queryType != typeContracts { // contracts look ahead in months of their own
		answer.foreseeAll(assessments)
	}
	groups := groupsOf(books.Catalog, q, assessments)
	switch q.queryType {
	case typeNumber:
		answer.number(groups)
	case typeSeries:
		answer.series(groups)
	case typeScorecard:
		answer.scorecard(groups)
	case typeHistory:
		err = answer.history(groups)
	case typeForecast:
		err = answer.forecast(groups)
	case typeAlert:
		answer.alert(groups)
	case typeIncidents:
		answer.incidents(groups)
	case typeImpact:
		answer.impact(groups)
	case typeJourney:
		err = answer.journey(groups)
	case typeContracts:
		err = answer.contracts(assessments)
	case typePriorities:
		err = answer.priorities(assessments)
	case typeWhatIf:
		err = answer.whatif(groups)
	case typeRisks:
		err = answer.risks(groups)
	case typeReview:
		answer.review(groups)
	case typeStatement:
		answer.statement(groups)
	}
	answer.explainJourneys(groups)
	return answer, err
}

func concurrency(ctx context.Context) int {
	if n, err := config.GrafanaConfigFromContext(ctx).ConcurrentQueryCount(); err == nil && n > 0 {
		return n
	}
	return 10
}

// fromAlert reports a request of Grafana alerting; Grafana sets this header as is.
func fromAlert(req *backend.QueryDataRequest) bool { return req.Headers["FromAlert"] == "true" }
