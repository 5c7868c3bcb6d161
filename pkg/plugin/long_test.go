package plugin

import (
	"os"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/internal/promtest"
)

// late is when the questions of these tests are asked: two hours before the end of
// February by the clock of London.
var late = time.Date(2026, time.February, 28, 22, 0, 0, 0, time.UTC)

// longShop is what happened from the beginning of the year on, seen every two minutes:
//
//	calls  10 a minute, 100,800 in a week. On 20 January from 3:00 to 3:30 half of them
//	       fail, 150; on 10 February from 10:00 to 12:00 all of them do, 1200.
//	mails  1 a minute, of which none fails.
func longShop(t testing.TB) string {
	t.Helper()
	from := time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)
	calls, failed := series("calls_total"), series("calls_failed_total")
	mails, lost := series("mails_total"), series("mails_failed_total")
	n, bad, sent := 500.0, 10.0, 70.0
	for at := from; !at.After(late.Add(time.Hour)); at = at.Add(2 * time.Minute) {
		for s, v := range map[*promtest.Series]float64{&calls: n, &failed: bad, &mails: sent, &lost: 3} {
			s.Samples = append(s.Samples, promtest.Sample{At: at, Value: v})
		}
		n, sent = n+20, sent+2
		switch { // what happens until the next sample
		case within(at, 1, 20, 3*60, 30):
			bad += 10
		case within(at, 2, 10, 10*60, 120):
			bad += 20
		}
	}
	return promtest.InProcess(t, []promtest.Series{calls, failed, mails, lost})
}

func series(name string) promtest.Series {
	return promtest.Series{Labels: map[string]string{"__name__": name, "instance": "a"}}
}

// within reports an instant in so many minutes from a minute of a day on.
func within(at time.Time, month time.Month, day, minute, minutes int) bool {
	start := time.Date(2026, month, day, 0, minute, 0, 0, time.UTC)
	return !at.Before(start) && at.Before(start.Add(time.Duration(minutes)*time.Minute))
}

func longCatalogue(t testing.TB) string {
	t.Helper()
	text, err := os.ReadFile("testdata/long.yaml")
	require.NoError(t, err)
	return string(text)
}

func openLong(t testing.TB, catalog string) *Datasource {
	t.Helper()
	ds := open(t, longShop(t), catalog, map[string]any{"timeInterval": "2m"})
	require.Empty(t, ds.catalog().Problems)
	return ds
}

// recall asks a question about all that came before an instant, from a number of days
// before it on.
func recall(t testing.TB, ds *Datasource, queryType, text string, days int, end time.Time) data.Frames {
	t.Helper()
	response := recallAll(t, ds, queryType, text, days, end)
	require.NoError(t, response.Error)
	return response.Frames
}

func recallAll(t testing.TB, ds *Datasource, queryType, text string, days int, end time.Time) backend.DataResponse {
	t.Helper()
	q := query("A", queryType, text)
	q.TimeRange = backend.TimeRange{From: end.AddDate(0, 0, -days), To: end}
	return askAll(t, ds, nil, q)["A"]
}
