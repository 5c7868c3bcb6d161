package plugin

import "strings"

// The words that queries are made of. The editor shows these texts, so that there
// is one place for them.

// The query types.
const (
	typeNumber    = "number"
	typeSeries    = "series"
	typeScorecard = "scorecard"
	typeStatement = "statement"
	typeCatalog   = "catalog"
)

// The groupings.
const (
	bySLO     = "slo"
	byService = "service"
	byOwner   = "owner"
)

// queryType is a question that can be asked, and what matters to it.
type queryType struct {
	Name          string `json:"name"`
	Question      string `json:"question"`
	Words         string `json:"words"`
	Alertable     bool   `json:"alertable"`
	Select        bool   `json:"select"`
	Measures      bool   `json:"measures"`
	By            bool   `json:"by"`
	Lookback      bool   `json:"lookback"`
	Window        bool   `json:"window"`
	Audience      bool   `json:"audience"`
	Visualization string `json:"visualization"`
}

var queryTypes = []queryType{
	{Name: typeNumber, Question: "How are we doing now?", Words: "One number for each measure, at the end of the time range.", Alertable: true, Select: true, Measures: true, By: true, Lookback: true, Window: true, Visualization: "stat"},
	{Name: typeSeries, Question: "How has it been over time?", Words: "Each measure as a line over the time range. Every point looks back over the whole window of the promise.", Alertable: true, Select: true, Measures: true, By: true, Lookback: true, Window: true, Visualization: "timeseries"},
	{Name: typeScorecard, Question: "Which promises do we keep?", Words: "A table with one row for each promise: what was promised, whether it was kept, what is left and what failures cost.", Select: true, By: true, Lookback: true, Window: true, Visualization: "table"},
	{Name: typeStatement, Question: "What does that mean, in words?", Words: "A sentence for each promise that needs no knowledge of the system.", Select: true, Window: true, Audience: true, Visualization: "table"},
	{Name: typeCatalog, Question: "What is defined?", Words: "Every document of the catalogue, where it stands and what is wrong with it.", Visualization: "table"},
}

// measure is a figure that can be asked for.
type measure struct {
	Name     string `json:"name"`
	Title    string `json:"title"`
	Unit     string `json:"unit"`
	Words    string `json:"words"`
	Lookback bool   `json:"lookback"` // depends on the lookback
	Money    bool   `json:"money"`    // depends on what an event is worth
}

var measures = []measure{
	{Name: "sli", Title: "SLI", Unit: "ratio", Words: "Share of all events in the window that were good."},
	{Name: "target", Title: "Target", Unit: "ratio", Words: "Share of events that was promised to be good."},
	{Name: "budget_consumed", Title: "Error budget consumed", Unit: "ratio of the budget", Words: "Failures as a share of those that the promise allows; above 100 % the promise is broken."},
	{Name: "budget_remaining", Title: "Error budget remaining", Unit: "ratio of the budget", Words: "What is left of the failures that the promise allows; negative when overspent."},
	{Name: "burn_rate", Title: "Burn rate", Unit: "×", Words: "How fast failures spend the budget over the lookback; at 1 the budget lasts exactly one window.", Lookback: true},
	{Name: "good_events", Title: "Good events", Unit: "events", Words: "Events in the window that were good."},
	{Name: "bad_events", Title: "Bad events", Unit: "events", Words: "Events in the window that failed."},
	{Name: "total_events", Title: "Total events", Unit: "events", Words: "All events in the window."},
	{Name: "loss", Title: "Loss", Unit: "money", Words: "What the failures in the window cost: failures × value of an event × share that never came back.", Money: true},
	{Name: "loss_accepted", Title: "Accepted loss", Unit: "money", Words: "What as many failures as the promise allows would have cost: the loss that was agreed to.", Money: true},
	{Name: "loss_excess", Title: "Excess loss", Unit: "money", Words: "Loss beyond the accepted loss.", Money: true},
	{Name: "coverage", Title: "Coverage", Unit: "ratio", Words: "Share of the window in which there was data."},
	{Name: "sli_low", Title: "SLI, lower bound", Unit: "ratio", Words: "Lower end of the 95 % interval of the SLI (Wilson)."},
	{Name: "sli_high", Title: "SLI, upper bound", Unit: "ratio", Words: "Upper end of the 95 % interval of the SLI (Wilson)."},
	{Name: "status", Title: "Status", Unit: "0 to 3", Words: "0 kept, 1 at risk, 2 missed, 3 cannot tell."},
}

// option is one of a few choices.
type option struct {
	Name  string `json:"name"`
	Title string `json:"title"`
	Words string `json:"words"`
}

var groupings = []option{
	{bySLO, "SLO", "Each promise by itself."},
	{byService, "Service", "The events of a service's promises added up; its status is that of the worst."},
	{byOwner, "Owner", "The events of an owner's promises added up; its status is that of the worst."},
}

var audiences = []option{
	{"executive", "Executive", "What was promised, whether it was kept and what it cost, in plain words."},
}

type named interface{ name() string }

func (q queryType) name() string { return q.Name }
func (m measure) name() string   { return m.Name }
func (o option) name() string    { return o.Name }

func find[T named](list []T, name string) (T, bool) {
	for _, entry := range list {
		if entry.name() == name {
			return entry, true
		}
	}
	var none T
	return none, false
}

func names[T named](list []T) string {
	all := make([]string, len(list))
	for i, entry := range list {
		all[i] = entry.name()
	}
	return strings.Join(all, ", ")
}
