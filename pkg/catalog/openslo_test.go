package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// example is what an example defines, by the names of its SLOs.
func example(t *testing.T, name string) map[string]SLO {
	t.Helper()
	return defined(t, kind(t, name))
}

// defined is what a text without problems defines, by the names of its SLOs.
func defined(t *testing.T, text string) map[string]SLO {
	t.Helper()
	c := Parse("catalog", text)
	require.Empty(t, texts(c.Problems))
	found := make(map[string]SLO)
	for _, s := range c.SLOs {
		found[s.Name] = s
	}
	return found
}

func TestWaysOfMeasuring(t *testing.T) {
	indicator := func(name string, s SLO) Indicator { return s.Objectives[0].Indicator(s) }
	check := func(file, name string, want Indicator) {
		t.Helper()
		require.Equal(t, want, indicator(name, example(t, file)[name]))
	}
	check("good-and-bad", "mail-delivered", Indicator{
		Good: "sum(increase(mails_delivered_total[5m]))", Bad: "sum(increase(mails_bounced_total[5m]))",
	})
	check("raw", "partner-availability", Indicator{Raw: "partner:request_errors:ratio_rate5m", RawFailure: true})
	check("threshold", "orders-picked-up", Indicator{Threshold: "max(orders_queue_oldest_seconds)", Op: slo.LTE, Value: 60})
	check("freshness", "reports-fresh", Indicator{
		Threshold: "time() - max(reports_last_success_timestamp_seconds)", Op: slo.LTE, Value: 900, AbsentIsBad: true,
	})
	check("probe", "site-reachable", Indicator{Threshold: `avg(probe_success{job="site"})`, Op: slo.GTE, Value: 0.9})

	success := change(t, kind(t, "raw"), "rawType: failure", "rawType: success")
	require.Equal(t, Indicator{Raw: "partner:request_errors:ratio_rate5m"}, indicator("", defined(t, success)["partner-availability"]))
}

func TestSeveralThresholdsOnOneIndicator(t *testing.T) {
	s := example(t, "threshold")["orders-picked-up"]
	require.Equal(t, "soon", s.Objectives[0].Name)
	require.Equal(t, "within-an-hour", s.Objectives[1].Name)
	require.Equal(t, Indicator{Threshold: "max(orders_queue_oldest_seconds)", Op: slo.LT, Value: 3600}, s.Objectives[1].Indicator(s))
}

func TestOperators(t *testing.T) {
	for _, op := range slo.Ops {
		s := defined(t, change(t, kind(t, "probe"), "op: gte", "op: "+string(op)))["site-reachable"]
		require.Equal(t, op, s.Objectives[0].Op)
	}
}

func TestMethods(t *testing.T) {
	by := func(file, name string) slo.Objective { return example(t, file)[name].Objectives[0].Objective }
	require.Equal(t, slo.Occurrences, by("probe", "site-reachable").Method())

	minutes := by("timeslices", "login-minutes")
	require.Equal(t, slo.Timeslices, minutes.Method())
	require.Equal(t, time.Minute, minutes.SliceLength())
	want, err := slo.Rolling(28 * 24 * time.Hour)
	require.NoError(t, err)
	objective, err := slo.NewObjective(0.999, want)
	require.NoError(t, err)
	objective, err = objective.Sliced(slo.Timeslices, time.Minute, 0.95)
	require.NoError(t, err)
	require.Equal(t, objective, minutes)

	ratios := by("raw", "partner-availability")
	require.Equal(t, slo.RatioTimeslices, ratios.Method())
	require.Equal(t, 5*time.Minute, ratios.SliceLength())
}

func TestCalendarWindows(t *testing.T) {
	bounds := func(s SLO, at string) (from, to string) {
		t.Helper()
		instant, err := time.Parse(time.RFC3339, at)
		require.NoError(t, err)
		window := s.Objectives[0].Window()
		require.True(t, window.IsCalendar())
		start, _ := window.Bounds(instant)
		return start.UTC().Format(time.RFC3339), window.End(instant).UTC().Format(time.RFC3339)
	}
	invoices := example(t, "calendar")
	// Berlin is one hour ahead of UTC in winter and two in summer: March 2026 there is
	// from 28 February 23:00 to 31 March 22:00.
	from, to := bounds(invoices["invoices-monthly"], "2026-03-15T00:00:00Z")
	require.Equal(t, []string{"2026-02-28T23:00:00Z", "2026-03-31T22:00:00Z"}, []string{from, to})
	from, to = bounds(invoices["invoices-fiscal-year"], "2026-03-15T00:00:00Z")
	require.Equal(t, []string{"2025-06-30T22:00:00Z", "2026-06-30T22:00:00Z"}, []string{from, to})

	for duration, want := range map[string][2]string{
		"1d": {"2026-05-12T22:00:00Z", "2026-05-13T22:00:00Z"},
		"1w": {"2026-05-06T22:00:00Z", "2026-05-13T22:00:00Z"}, // 1 January was a Thursday; so is 14 May
		"2M": {"2026-04-30T22:00:00Z", "2026-06-30T22:00:00Z"}, // from January: May and June
		"1Q": {"2026-03-31T22:00:00Z", "2026-06-30T22:00:00Z"},
		"1Y": {"2025-12-31T23:00:00Z", "2026-12-31T23:00:00Z"},
	} {
		text := change(t, kind(t, "calendar"), "duration: 1M", "duration: "+duration)
		from, to := bounds(defined(t, text)["invoices-monthly"], "2026-05-13T12:00:00Z")
		require.Equal(t, want, [2]string{from, to}, duration)
	}
}

func TestWhatIsWrongWithACalendar(t *testing.T) {
	runChangesOf(t, kind(t, "calendar"), []oneChange{
		{
			name: "hours", old: "duration: 1M", new: "duration: 12h", at: "duration: 12h", path: "spec.timeWindow[0].duration",
			message: `duration is "12h", and its calendar does not reckon in hours or minutes; expected a number of days, weeks, months, quarters or years, such as 1M`,
		},
		{
			name: "no months", old: "duration: 1M", new: "duration: 0M", at: "duration: 0M", path: "spec.timeWindow[0].duration",
			message: "a calendar window of 0 months; expected 1 to 1000",
		},
		{
			name: "zone that is none", old: "2026-01-01 00:00:00\n        timeZone: Europe/Berlin", new: "2026-01-01 00:00:00\n        timeZone: Europe/Bonn",
			at: "Europe/Bonn", path: "spec.timeWindow[0].calendar.timeZone",
			message: `timeZone is "Europe/Bonn", which is no time zone; expected a name such as Europe/Berlin or UTC`,
		},
		{
			name: "zone of whatever machine", old: "2026-01-01 00:00:00\n        timeZone: Europe/Berlin", new: "2026-01-01 00:00:00\n        timeZone: Local",
			at: "timeZone: Local", path: "spec.timeWindow[0].calendar.timeZone",
			message: `timeZone is "Local", which is no time zone; expected a name such as Europe/Berlin or UTC`,
		},
		{
			name: "no zone", old: "2026-01-01 00:00:00\n        timeZone: Europe/Berlin", new: "2026-01-01 00:00:00",
			at: "calendar:", path: "spec.timeWindow[0].calendar.timeZone",
			message: "timeZone is missing; expected a name such as Europe/Berlin or UTC",
		},
		{
			name: "no start", old: "        startTime: 2026-01-01 00:00:00\n", new: "",
			at: "calendar:", path: "spec.timeWindow[0].calendar.startTime",
			message: "startTime is missing; expected when a period starts, such as 2026-01-01 00:00:00",
		},
		{
			name: "start on a day alone", old: "2026-01-01 00:00:00", new: "2026-01-01",
			at: "startTime: 2026-01-01", path: "spec.timeWindow[0].calendar.startTime",
			message: `startTime is "2026-01-01"; expected a form such as 2026-01-01 00:00:00 or 2026-01-01T00:00:00Z`,
		},
		{
			name: "start within a minute", old: "2026-01-01 00:00:00", new: "2026-01-01 00:00:30",
			at: "startTime: 2026-01-01", path: "spec.timeWindow[0].calendar.startTime",
			message: "a calendar window that starts at 00:00:30; expected a whole minute",
		},
	})
}

func TestWhatIsWrongWithTimeSlices(t *testing.T) {
	runChangesOf(t, kind(t, "timeslices"), []oneChange{
		{
			name: "no length", old: "      timeSliceWindow: 1m\n", new: "", at: "- target: 0.999", path: "spec.objectives[0].timeSliceWindow",
			message: "timeSliceWindow is missing; expected how long a time slice is, such as 5m",
		},
		{
			name: "no target", old: "      timeSliceTarget: 0.95\n", new: "", at: "- target: 0.999", path: "spec.objectives[0].timeSliceTarget",
			message: "timeSliceTarget is missing; expected the ratio from which a time slice is good, such as 0.95",
		},
		{
			name: "target in percent", old: "timeSliceTarget: 0.95", new: "timeSliceTarget: 95", at: "timeSliceTarget: 95", path: "spec.objectives[0].timeSliceTarget",
			message: "timeSliceTarget is 95; expected a ratio above 0 and up to 1, such as 0.95",
		},
		{
			name: "target of nothing", old: "timeSliceTarget: 0.95", new: "timeSliceTarget: 0", at: "timeSliceTarget: 0", path: "spec.objectives[0].timeSliceTarget",
			message: "timeSliceTarget is 0; expected a ratio above 0 and up to 1, such as 0.95",
		},
		{
			name: "length that does not divide a day", old: "timeSliceWindow: 1m", new: "timeSliceWindow: 7m", at: "timeSliceWindow: 7m", path: "spec.objectives[0].timeSliceWindow",
			message: "time slices of 7m; expected whole minutes that divide a day, such as 1m or 5m",
		},
		{
			name: "length in months", old: "timeSliceWindow: 1m", new: "timeSliceWindow: 1M", at: "timeSliceWindow: 1M", path: "spec.objectives[0].timeSliceWindow",
			message: `timeSliceWindow is "1M"; expected a number of minutes, hours, days or weeks, such as 1h`,
		},
		{
			name: "target of slices whose ratio counts", old: "budgetingMethod: Timeslices", new: "budgetingMethod: RatioTimeslices",
			at: "timeSliceTarget", path: "spec.objectives[0].timeSliceTarget", severity: Warning,
			message: "timeSliceTarget is given; expected it only with the budgetingMethod Timeslices",
		},
	})
}

func TestWhatIsWrongWithAThreshold(t *testing.T) {
	runChangesOf(t, kind(t, "threshold"), []oneChange{
		{
			name: "no operator", old: "      op: lte\n", new: "", at: "- displayName: Soon", path: "spec.objectives[0].op",
			message: "op is missing; a thresholdMetric needs one of lt, lte, gt or gte",
		},
		{
			name: "operator that is none", old: "op: lte", new: "op: le", at: "op: le", path: "spec.objectives[0].op",
			message: `op is "le"; expected lt, lte, gt or gte`,
		},
		{
			name: "no value", old: "      value: 60\n", new: "", at: "- displayName: Soon", path: "spec.objectives[0].value",
			message: "value is missing; a thresholdMetric needs the number that it is compared with",
		},
		{
			name: "value with a unit", old: "value: 60", new: "value: 60s", at: "value: 60s", path: "spec.objectives[0].value",
			message: `value is the text "60s"; expected a number`,
		},
	})
	text := change(t, kind(t, "freshness"), "      thresholdMetric:", "      ratioMetric: {counter: true, raw: {metricSource: {type: Prometheus, spec: {query: up}}}, rawType: success}\n      thresholdMetric:")
	require.Equal(t, []string{
		"catalog, document 1, line 15, spec.indicator.spec: ratioMetric and thresholdMetric are both given; expected one of them",
	}, texts(Parse("catalog", text).Problems))
}

func TestWhatIsWrongWithARawRatio(t *testing.T) {
	runChangesOf(t, kind(t, "raw"), []oneChange{
		{
			name: "no type", old: "        rawType: failure # or success\n", new: "", at: "ratioMetric:", path: "spec.indicator.spec.ratioMetric.rawType",
			message: "rawType is missing; OpenSLO requires it",
		},
		{
			name: "type that is none", old: "rawType: failure", new: "rawType: error", at: "rawType: error", path: "spec.indicator.spec.ratioMetric.rawType",
			message: `rawType is "error"; expected one of: success, failure`,
		},
		{
			name: "a total beside it", old: "        raw:\n", new: "        total: {metricSource: {type: Prometheus, spec: {query: up}}}\n        raw:\n",
			at: "ratioMetric:", path: "spec.indicator.spec.ratioMetric",
			message: "raw is given beside good, bad or total; expected it alone",
		},
		{
			name: "PromQL that does not parse", old: "query: partner:request_errors:ratio_rate5m", new: "query: sum(up", at: "sum(up",
			path: "spec.indicator.spec.ratioMetric.raw.metricSource.spec.query", message: "query is not valid PromQL: unclosed left parenthesis",
		},
	})
}

func TestCompositeSLO(t *testing.T) {
	s := example(t, "composite")["seats-and-maps"]
	require.True(t, s.Composite())
	require.Equal(t, Indicator{}, s.Indicator)
	require.Equal(t, "seats-requests", s.Objectives[0].Name)
	require.InDelta(t, 3, s.Objectives[0].Weight, 0)
	require.Equal(t, Indicator{
		Bad: `sum(increase(seats_requests_total{code=~"5.."}[5m]))`, Total: "sum(increase(seats_requests_total[5m]))",
	}, s.Objectives[0].Indicator(s))
	require.Equal(t, "maps", s.Objectives[1].Name)
	require.InDelta(t, 1, s.Objectives[1].Weight, 0)
	require.Equal(t, Indicator{Threshold: "max(seat_map_age_seconds)", Op: slo.LT, Value: 300}, s.Objectives[1].Indicator(s))
	require.False(t, example(t, "probe")["site-reachable"].Composite())
}

func TestAnnotationsOfACompositeSLO(t *testing.T) {
	text := change(t, kind(t, "composite"), "  displayName: One can choose a seat\n", "  displayName: One can choose a seat\n  annotations: {stakes/absent: bad}\n")
	s := defined(t, text)["seats-and-maps"]
	require.True(t, s.Objectives[1].Indicator(s).AbsentIsBad)
	require.False(t, s.Objectives[0].Indicator(s).AbsentIsBad, "which counts events")
}

func TestWhatIsWrongWithACompositeSLO(t *testing.T) {
	runChangesOf(t, kind(t, "composite"), []oneChange{
		{
			name: "one without an indicator", old: "    - indicatorRef: seats-requests\n      target", new: "    - target", at: "- target: 0.999", path: "spec.objectives[0]",
			message: "indicator is missing; expected an indicator, or an indicatorRef with the name of an SLI",
		},
		{
			name: "two indicators in one", old: "- displayName: Maps", new: "- displayName: Maps\n      indicatorRef: seats-requests", at: "- displayName: Maps", path: "spec.objectives[1]",
			message: "indicator and indicatorRef are both given; expected one of them",
		},
		{
			name: "SLI that is not there", old: "indicatorRef: seats-requests", new: "indicatorRef: seat-requests", at: "indicatorRef:", path: "spec.objectives[0].indicatorRef",
			message: `indicatorRef "seat-requests" names no SLI document (did you mean "seats-requests"?); expected the name of one in this catalogue`,
		},
		{
			name: "weight of nothing", old: "compositeWeight: 3", new: "compositeWeight: 0", at: "compositeWeight", path: "spec.objectives[0].compositeWeight",
			message: "compositeWeight is 0; expected a number above 0",
		},
	})
}

func TestTrust(t *testing.T) {
	s := example(t, "trust")["refunds-work"]
	require.Equal(t, Rules{MinCoverage: 0.95, AtRiskBelow: 0.5, MinEvents: 100, MinFailures: 10}, s.Rules)
	require.Equal(t, slo.Rules{MinCoverage: 0.95, AtRiskBelow: 0.5, MinEvents: 100}, s.Rules.Or(slo.DefaultRules))
	require.Equal(t, slo.DefaultRules, Rules{}.Or(slo.DefaultRules))
}

func TestAlertPolicies(t *testing.T) {
	text := change(t, kind(t, "alerts"), "  displayName: Bookings work\n", "  displayName: Bookings work\n  annotations: {stakes/minFailures: \"7\"}\n")
	s := defined(t, text)["bookings-work"]
	page := slo.AlertWindow{Severity: "page", Long: time.Hour, Short: time.Hour, Factor: 14.4, MinBad: 7, AtFactor: true, After: 5 * time.Minute}
	ticket := slo.AlertWindow{Severity: "ticket", Long: 24 * time.Hour, Short: 24 * time.Hour, Factor: 2, MinBad: 7}
	require.Equal(t, []slo.AlertWindow{page, ticket}, s.AlertWindows)

	require.Len(t, s.AlertPolicies, 2)
	wake, open := s.AlertPolicies[0], s.AlertPolicies[1]
	require.Equal(t, "wake-somebody", wake.Name)
	require.Equal(t, "Wake somebody", wake.DisplayName)
	require.True(t, wake.WhenBreaching)
	require.Equal(t, "fast-burn", wake.Conditions[0].Name)
	require.Equal(t, slo.GTE, wake.Conditions[0].Op)
	require.Equal(t, 5*time.Minute, wake.Conditions[0].After)
	require.Equal(t, "open-a-ticket", open.DisplayName)
	require.Equal(t, "slow-burn", open.Conditions[0].Name)
	require.Equal(t, slo.GT, open.Conditions[0].Op)
	require.Zero(t, open.Conditions[0].After)
}

func TestOperatorsOfBurnRates(t *testing.T) {
	for given, want := range map[slo.Op]slo.Op{slo.GT: slo.GT, slo.GTE: slo.GTE, slo.LT: slo.GT, slo.LTE: slo.GTE} {
		c := Parse("catalog", change(t, kind(t, "alerts"), "op: gt\n", "op: "+string(given)+"\n"))
		require.Equal(t, want, c.SLOs[0].AlertPolicies[1].Conditions[0].Op)
	}
}

func TestTemplateOfAWindowInOpenSLO(t *testing.T) {
	s := defined(t, change(t, kind(t, "raw"), "query: partner:request_errors:ratio_rate5m", "query: avg_over_time(partner_errors:ratio[{{.window}}])"))["partner-availability"]
	require.Equal(t, "avg_over_time(partner_errors:ratio[5m])", s.Indicator.Raw)
}

func TestPolicyThatIsSilentWhenTheBudgetBurns(t *testing.T) {
	text := change(t, kind(t, "alerts"), "  displayName: Wake somebody\nspec:\n  alertWhenBreaching: true\n", "spec:\n  alertWhenResolved: true\n")
	c := Parse("catalog", text)
	require.Equal(t, []string{
		"catalog, document 2, line 20, spec.alertWhenBreaching: alertWhenBreaching is not true, so that no burn rate fires this alert; expected alertWhenBreaching: true",
	}, texts(c.Problems))
	require.Len(t, c.SLOs[0].AlertPolicies, 2)
	require.Len(t, c.SLOs[0].AlertWindows, 1, "the other policy's")
}

func TestWhatIsWrongWithAlerts(t *testing.T) {
	runChangesOf(t, kind(t, "alerts"), []oneChange{
		{
			name: "policy that is not there", old: "alertPolicyRef: wake-somebody", new: "alertPolicyRef: wake-anybody", at: "alertPolicyRef", path: "spec.alertPolicies[0].alertPolicyRef", severity: Warning,
			message: `alertPolicyRef "wake-anybody" names no AlertPolicy document (did you mean "wake-somebody"?); expected the name of one in this catalogue`,
		},
		{
			name: "burn rate that the target does not allow", old: "- target: 0.999", new: "- target: 0.93", at: "- alertPolicyRef", path: "spec.alertPolicies[0]", severity: Warning,
			message: `AlertPolicy "wake-somebody" fires at a burn rate of 14.4, and even if everything fails it is 14.3 here; expected a lower threshold`,
		},
		{
			name: "alert on a budget that is kept", old: "op: gt\n", new: "op: lt\n", at: "op: lt", path: "spec.alertPolicies[1].spec.conditions[0].spec.condition.op", severity: Warning,
			message: "op lt would alert while the error budget is kept, and is read as gt; expected gt or gte",
		},
		{
			name: "no burn at all", old: "threshold: 2", new: "threshold: 0", at: "threshold: 0", path: "spec.alertPolicies[1].spec.conditions[0].spec.condition.threshold",
			message: "threshold is 0; expected a burn rate above 0, such as 14.4",
		},
		{
			name: "lookback in months", old: "lookbackWindow: 1d", new: "lookbackWindow: 1M", at: "lookbackWindow: 1M", path: "spec.alertPolicies[1].spec.conditions[0].spec.condition.lookbackWindow",
			message: `lookbackWindow is "1M"; expected a number of minutes, hours, days or weeks, such as 1h`,
		},
		{
			name: "lookback of nothing", old: "lookbackWindow: 1d", new: "lookbackWindow: 0d", at: "lookbackWindow: 0d", path: "spec.alertPolicies[1].spec.conditions[0].spec.condition.lookbackWindow",
			message: `lookbackWindow is "0d"; expected a number of minutes, hours, days or weeks, such as 1h`,
		},
	})
}

func TestAlertsThatReferToProblems(t *testing.T) {
	text := change(t, kind(t, "alerts"), "threshold: 14.4", "threshold: -1")
	require.Equal(t, []string{
		"catalog, document 1, line 12, spec.condition.threshold: threshold is -1; expected a burn rate above 0, such as 14.4",
		`catalog, document 2, line 24, spec.conditions[0].conditionRef: conditionRef names the AlertCondition "fast-burn", which has problems itself (catalog, document 1, line 3); expected one without`,
		`catalog, document 3, line 58, spec.alertPolicies[0].alertPolicyRef: alertPolicyRef names the AlertPolicy "wake-somebody", which has problems itself (catalog, document 2, line 16); expected one without`,
	}, texts(Parse("catalog", text).Problems))
}

func TestNextVersionOfOpenSLO(t *testing.T) {
	flights := example(t, "openslo-v2alpha")
	found := flights["flights-found"]
	require.Equal(t, "flights-found", found.DisplayName, "that version has no display names")
	require.Equal(t, "flights", found.Service)
	require.Equal(t, map[string]string{"tier": "gold"}, found.Labels)
	require.Equal(t, Indicator{
		Good: `sum(increase(flight_searches_total{result="found"}[5m]))`, Total: "sum(increase(flight_searches_total[5m]))",
	}, found.Indicator)
	require.Equal(t, slo.Timeslices, found.Objectives[0].Method())
	require.Equal(t, "week", found.Objectives[0].Window().String())
	fast := flights["flights-fast"]
	require.Equal(t, Indicator{Threshold: "avg(flight_search_seconds)", Op: slo.LTE, Value: 2}, fast.Objectives[0].Indicator(fast))
	require.Equal(t, []slo.AlertWindow{{Severity: "ticket", Long: 24 * time.Hour, Short: 24 * time.Hour, Factor: 3, AtFactor: true}}, fast.AlertWindows)
}

func TestWhatIsWrongInTheNextVersionOfOpenSLO(t *testing.T) {
	runChangesOf(t, kind(t, "openslo-v2alpha"), []oneChange{
		{
			name: "SLI that is not there", old: "sliRef: flight-searches", new: "sliRef: flight-search", at: "sliRef:", path: "spec.sliRef",
			message: `sliRef "flight-search" names no SLI document (did you mean "flight-searches"?); expected the name of one in this catalogue`,
		},
		{
			name: "no SLI", old: "  sliRef: flight-searches\n", new: "", at: "spec:\n  description: Searches", path: "spec",
			message: "sli is missing; expected an sli, or an sliRef with the name of an SLI",
		},
		{
			name: "word of the other version", old: "  sliRef: flight-searches\n", new: "  indicatorRef: flight-searches\n", at: "indicatorRef:", path: "spec.indicatorRef",
			message: `spec has no field "indicatorRef"; expected description, serviceRef, sli, sliRef, budgetingMethod, timeWindow, objectives or alertPolicies`,
		},
		{
			name: "data source of another type", old: "type: Prometheus", new: "type: Datadog", at: "type: Datadog", path: "spec.sli.spec.thresholdMetric.dataSourceSpec.type",
			message: `type is "Datadog"; expected Prometheus`,
		},
		{
			name: "no data source", old: "        dataSourceSpec:\n          type: Prometheus\n          connectionDetails: {}\n", new: "", at: "thresholdMetric:", path: "spec.sli.spec.thresholdMetric",
			message: "dataSourceRef is missing; expected the name of a DataSource of type Prometheus, or a dataSourceSpec of type Prometheus",
		},
		{
			name: "PromQL that does not parse", old: "query: avg(flight_search_seconds)", new: "query: avg(flight_search_seconds", at: "avg(flight", path: "spec.sli.spec.thresholdMetric.spec.query",
			message: "query is not valid PromQL: unclosed left parenthesis",
		},
		{
			name: "no service", old: "  serviceRef: flights\n  sliRef", new: "  sliRef", at: "spec:\n  description: Searches", path: "spec.serviceRef",
			message: "serviceRef is missing; OpenSLO requires it",
		},
	})
}

func TestDataSourceThatIsNotThereInTheNextVersionOfOpenSLO(t *testing.T) {
	text := change(t, kind(t, "openslo-v2alpha"), "good:\n      dataSourceRef: flights-mimir", "good:\n      dataSourceRef: flight-mimir")
	require.Equal(t, []string{
		`catalog, document 2, line 19, spec.ratioMetric.good.dataSourceRef: dataSourceRef "flight-mimir" names no DataSource document (did you mean "flights-mimir"?); expected the name of one in this catalogue, or a dataSourceSpec of type Prometheus`,
		`catalog, document 3, line 36, spec.sliRef: sliRef names the SLI "flight-searches", which has problems itself (catalog, document 2, line 11); expected an SLI without`,
	}, texts(Parse("catalog", text).Problems))
}

func TestVersionsOfOpenSLOHaveTheirNamesInCommon(t *testing.T) {
	text := change(t, kind(t, "openslo-v2alpha"), "  name: flights-found\n", "  name: site-reachable\n") + "---\n" + kind(t, "probe")
	problems := texts(Parse("catalog", text).Problems)
	require.Len(t, problems, 1)
	require.Contains(t, problems[0], `the name of the SLO "site-reachable" is taken`)
}
