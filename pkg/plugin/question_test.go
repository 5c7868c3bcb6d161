package plugin

import (
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/stretchr/testify/require"
)

// valid is a query that uses everything.
const valid = `{"query":{"version":1,"select":{"slo":["orders"],"service":["checkout"],"journey":[],"labels":{"tier":"gold","team":["a","b"]}},` +
	`"measures":["sli","loss","sli"],"by":"service","lookback":"30m","window":"7d","audience":"executive"}}`

func decoded(text string) (question, error) {
	return decode(backend.DataQuery{RefID: "A", QueryType: typeNumber, JSON: []byte(text), MaxDataPoints: 7, Interval: time.Minute}, false, settings{zone: time.UTC})
}

func TestAQueryIsReadAsItIsSaved(t *testing.T) {
	q, err := decoded(valid)
	require.NoError(t, err)
	require.Equal(t, typeNumber, q.queryType)
	require.Equal(t, []string{"orders"}, q.slos)
	require.Equal(t, []string{"checkout"}, q.services)
	require.Equal(t, map[string]values{"tier": {"gold"}, "team": {"a", "b"}}, q.labels)
	require.Equal(t, []string{"sli", "loss"}, measureNames(q), "twice the same is once")
	require.Equal(t, byService, q.by)
	require.Equal(t, 30*time.Minute, q.lookback)
	require.Equal(t, 7*24*time.Hour, q.window.Duration())
	require.Equal(t, 7, q.maxPoints)
	require.Equal(t, time.Minute, q.interval)
}

func measureNames(q question) (all []string) {
	for _, m := range q.measures {
		all = append(all, m.Name)
	}
	return all
}

// A public dashboard and an old rule may know nothing of our query.
func TestWhatIsMissingHasADefault(t *testing.T) {
	for _, text := range []string{``, `{}`, `{"query":{}}`, `{"query":null}`, `{"query":{"version":1,"select":{}}}`, `{"refId":"A","datasource":{"uid":"x"}}`} {
		q, err := decode(backend.DataQuery{RefID: "A", JSON: []byte(text)}, true, settings{zone: time.UTC})
		require.NoError(t, err, text)
		require.Equal(t, typeSeries, q.queryType)
		require.Equal(t, []string{"budget_remaining"}, measureNames(q))
		require.Equal(t, bySLO, q.by)
		require.Equal(t, time.Hour, q.lookback)
		require.Nil(t, q.window)
		require.Empty(t, q.slos)
	}
}

func TestWhatIsWrongWithAQueryIsNamed(t *testing.T) {
	check := func(old, new, want string) {
		t.Helper()
		require.Equal(t, 1, strings.Count(valid, old), "%s must stand once", old)
		_, err := decoded(strings.Replace(valid, old, new, 1))
		require.EqualError(t, err, want)
	}
	check(`"version":1`, `"version":2`, "query version 2 is newer than this version of Stakes, which knows version 1")
	check(`"by":"service"`, `"by":"team"`, `answers cannot be grouped by "team"; expected one of slo, group, service, owner, journey`)
	check(`"executive"`, `"poets"`, `there are no statements for the audience "poets"; expected one of executive, product, engineer`)
	check(`"sli","loss"`, `"sli","uptime"`, `there is no measure "uptime"; expected one of `+names(measures))
	check(`"30m"`, `"soon"`, `lookback: "soon" is not a duration; expected a form such as 5m, 1h30m or 28d`)
	check(`"30m"`, `"-5m"`, `lookback: "-5m" is not a duration; expected a form such as 5m, 1h30m or 28d`)
	check(`"30m"`, `"90s"`, "lookback 90s is not a whole number of minutes of at least 1m")
	check(`"30m"`, `"30s"`, "lookback 30s is not a whole number of minutes of at least 1m")
	check(`"7d"`, `"7 days"`, `window: "7 days" is not a duration; expected a form such as 5m, 1h30m or 28d`)
	check(`"7d"`, `"90s"`, "window: window 90s is not a whole number of minutes of at least 1m")

	_, err := decode(backend.DataQuery{RefID: "A", QueryType: "graph"}, false, settings{zone: time.UTC})
	require.EqualError(t, err, `there is no query type "graph"; expected one of `+names(queryTypes))
	_, err = decode(backend.DataQuery{RefID: "A", TimeRange: backend.TimeRange{From: noon, To: noon.Add(-time.Second)}}, false, settings{zone: time.UTC})
	require.EqualError(t, err, "the time range ends before it starts")
	for _, text := range []string{`{"query":[]}`, `{"query":{"select":{"labels":{"tier":5}}}}`, `{"query":`, `nonsense`} {
		_, err = decode(backend.DataQuery{RefID: "B", JSON: []byte(text)}, false, settings{zone: time.UTC})
		require.ErrorContains(t, err, "query B cannot be read: ", text)
	}
}

// A variable that nobody replaced is one, wherever it stands and however written.
func TestAVariableThatWasNotReplacedIsNamed(t *testing.T) {
	places := []string{`"orders"`, `"checkout"`, `"gold"`, `"b"`, `"loss"`, `"service"}`, `"30m"`, `"7d"`, `"executive"`}
	for _, place := range places {
		text := valid
		if place == `"service"}` { // the value of by, not the key of select
			text, place = strings.Replace(text, `"by":"service"`, `"by":"BY"`, 1), `"BY"`
		}
		require.Equal(t, 1, strings.Count(text, place), place)
		for _, variable := range []string{"$slo", "${slo}", "${slo:raw}", "[[slo]]"} {
			_, err := decoded(strings.Replace(text, place, `"x-`+variable+`"`, 1))
			require.EqualError(t, err, "the variable "+variable+" was not replaced: dashboard variables do not exist in alert rules and public dashboards", place)
		}
	}
	_, err := decoded(strings.Replace(valid, `"orders"`, `"costs $"`, 1))
	require.NoError(t, err, "a dollar alone is no variable")
}
