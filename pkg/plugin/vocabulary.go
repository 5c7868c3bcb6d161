package plugin

import (
	"slices"
	"strings"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// The words that queries are made of. The editor shows these texts, so that there
// is one place for them.

// The query types.
const (
	typeNumber    = "number"
	typeSeries    = "series"
	typeScorecard = "scorecard"
	typeHistory   = "history"
	typeForecast  = "forecast"
	typeAlert     = "alert"
	typeIncidents = "incidents"
	typeImpact    = "impact"
	typeStatement = "statement"
	typeCatalog   = "catalog"
	typeJourney   = "journey"
	typeContracts = "contracts"

	typePriorities = "priorities"
	typeRisks      = "risks"
	typeReview     = "review"
	typeWhatIf     = "whatif"
)

// The forms of an answer.
const (
	formatTable   = "table"
	formatSeries  = "series"
	formatNumbers = "numbers"
)

// How the members of a group are put together.
const (
	poolEvents = "events"
	poolWorst  = "worst"
)

var pools = []option{
	{poolEvents, "All events", "The events of all members added up; a busy one weighs more than a quiet one."},
	{poolWorst, "Worst member", "The figures of the member that is doing worst."},
}

// The groupings.
const (
	bySLO     = "slo"
	byGroup   = "group"
	byService = "service"
	byOwner   = "owner"
	byJourney = "journey"
)

// queryType is a question that can be asked, and what matters to it.
type queryType struct {
	Name      string `json:"name"`
	Question  string `json:"question"`
	Words     string `json:"words"`
	Alertable bool   `json:"alertable"`
	Select    bool   `json:"select"`
	Measures  bool   `json:"measures"`
	By        bool   `json:"by"`
	Lookback  bool   `json:"lookback"`
	Window    bool   `json:"window"`
	Audience  bool   `json:"audience"`
	Period    bool   `json:"period"`
	Pool      bool   `json:"pool"`
	Locale    bool   `json:"locale"`
	Scenario  bool   `json:"scenario"`
	Horizon   bool   `json:"horizon"`
	Targets   bool   `json:"targets"`
	Cost      bool   `json:"cost"`
	// Formats are the forms that the answer can have, the usual one first; none where
	// there is only one.
	Formats       []option `json:"formats,omitempty"`
	Visualization string   `json:"visualization"`
}

var queryTypes = []queryType{
	{Name: typeNumber, Question: "How are we doing now?", Words: "One number for each measure, at the end of the time range.", Alertable: true, Select: true, Measures: true, By: true, Pool: true, Lookback: true, Window: true, Visualization: "stat"},
	{Name: typeSeries, Question: "How has it been over time?", Words: "Each measure as a line over the time range. Every point looks back over the whole window of the promise.", Alertable: true, Select: true, Measures: true, By: true, Pool: true, Lookback: true, Window: true, Visualization: "timeseries"},
	{Name: typeScorecard, Question: "Which promises do we keep?", Words: "A table with one row for each promise: what was promised, whether it was kept, what is left and what failures cost.", Select: true, By: true, Pool: true, Lookback: true, Window: true, Visualization: "table"},
	{Name: typeHistory, Question: "Did we keep it, period by period?", Words: "Each promise by calendar day, week, month, quarter or year: kept or missed against the target that was in force.", Select: true, Period: true, Formats: []option{
		{formatTable, "Table", "One row for each promise and period."},
		{formatSeries, "Series", "A point for each period, for the panels State timeline, Status history and Heatmap."},
	}, Visualization: "table"},
	{Name: typeForecast, Question: "Where is this heading?", Words: "How much budget will be left, how likely a miss is, and when the budget is gone or back. Never without its band.", Select: true, Lookback: true, Window: true, Scenario: true, Horizon: true, Formats: []option{
		{formatSeries, "Series", "Lines ahead of now, with bands that hold half and four fifths of all futures."},
		{formatTable, "Table", "One row for each promise: probability of a miss, when the budget is gone, when it is back."},
	}, Visualization: "timeseries"},
	{Name: typeAlert, Question: "Should somebody be called?", Words: "Whether the budget burns too fast, for each severity: 1 yes, 0 no, empty where the data cannot tell.", Alertable: true, Select: true, Window: true, Formats: []option{
		{formatNumbers, "Numbers", "One number for each promise and severity, for alert rules."},
		{formatTable, "Table", "One row for each pair of lookbacks: its factor, what it costs, and how soon it fires."},
	}, Visualization: "stat"},
	{Name: typeIncidents, Question: "When did it go wrong?", Words: "Each episode in which a budget burnt: when, how many events failed and what that cost. Also for annotations.", Select: true, Visualization: "table"},
	{Name: typeImpact, Question: "What did it cost, and whom did it hurt?", Words: "What failures cost in the window, what of that was accepted, what stayed away besides, and how many customers met it. Always with its range.", Select: true, By: true, Lookback: true, Window: true, Formats: []option{
		{formatTable, "Table", "One row for each promise or group, with whose assumption the amounts rest on."},
		{formatSeries, "Series", "What each step of the time range cost, for bars that add up."},
	}, Visualization: "table"},
	{Name: typeStatement, Question: "What does that mean, in words?", Words: "A sentence for each promise that needs no knowledge of the system.", Select: true, Window: true, Audience: true, Locale: true, Visualization: "table"},
	{Name: typeJourney, Question: "Do customers get through?", Words: "Each journey and its steps: how many customers get to the end, at least and at most, and how much of the failures and of the loss each step is to answer for.", Select: true, Window: true, Visualization: "table"},
	{Name: typeContracts, Question: "What do we owe customers?", Words: "Each contract in its own calendar month: credit so far and to be expected, and how much may still fail before the next tier.", Select: true, Lookback: true, Visualization: "table"},
	{Name: typePriorities, Question: "What should we fix first?", Words: "One list of all promises by the money that is at stake: what a miss would cost and how likely it is, what is being lost now, credits, declared incidents and risks. With the reason in a sentence, and whether the order holds by low and by high assumptions.", Select: true, Lookback: true, Window: true, Horizon: true, Locale: true, Visualization: "table"},
	{Name: typeRisks, Question: "What may go wrong, and how badly?", Words: "What was declared to go wrong now and then: bad minutes and money a year, as a share of the budget and against what happened in the time range; and what it would save if it came half as often, was noticed in half the time or repaired in half the time.", Select: true, Window: true, Visualization: "table"},
	{Name: typeReview, Question: "What should we talk about?", Words: "Each promise as it was agreed: who owns it, when it is to be looked at again, what of it does not hold any more, and what its policy says now.", Select: true, Lookback: true, Window: true, Locale: true, Visualization: "table"},
	{Name: typeWhatIf, Question: "What if we promised more, or less?", Words: "Each promise with other targets, and with other latencies where its histogram tells: how often it would have been met, how many alerts there would have been, what it accepts to lose and what moving to it is worth.", Select: true, Window: true, Targets: true, Cost: true, Locale: true, Visualization: "table"},
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
	Ahead    bool   `json:"ahead"`    // looks ahead: known for now only
	Instant  bool   `json:"instant"`  // reckoned for one instant, not over time

	Customers bool `json:"-"` // depends on how failures become customers
}

var measures = []measure{
	{Name: "sli", Title: "SLI", Unit: "ratio", Words: "Share of all events in the window that were good."},
	{Name: "target", Title: "Target", Unit: "ratio", Words: "Share of events that was promised to be good."},
	{Name: "budget_consumed", Title: "Error budget consumed", Unit: "ratio of the budget", Words: "Failures as a share of those that the promise allows; above 100 % the promise is broken."},
	{Name: "budget_remaining", Title: "Error budget remaining", Unit: "ratio of the budget", Words: "What is left of the failures that the promise allows; negative when overspent."},
	{Name: "budget_remaining_events", Title: "Failures left", Unit: "events", Words: "How many more events may fail; negative when overspent."},
	{Name: "budget_remaining_minutes", Title: "Minutes left", Unit: "minutes", Words: "How long everything may fail at the traffic of the lookback; negative when overspent.", Lookback: true},
	{Name: "budget_consumed_to_date", Title: "Error budget consumed, to date", Unit: "ratio of the budget", Words: "Failures as a share of those that the promise allows for the events so far. Differs from the budget of the whole window in a calendar period that is not over."},
	{Name: "budget_remaining_to_date", Title: "Error budget remaining, to date", Unit: "ratio of the budget", Words: "What is left of the failures that the promise allows for the events so far."},
	{Name: "burn_rate", Title: "Burn rate", Unit: "×", Words: "How fast failures spend the budget over the lookback; at 1 the budget lasts exactly one window.", Lookback: true},
	{Name: "miss_probability", Title: "Probability of a miss", Unit: "ratio", Words: "How likely the promise is broken at the end of its window: of a calendar period at its end, of a rolling window one window ahead.", Ahead: true},
	{Name: "good_events", Title: "Good events", Unit: "events", Words: "Events in the window that were good."},
	{Name: "bad_events", Title: "Bad events", Unit: "events", Words: "Events in the window that failed."},
	{Name: "total_events", Title: "Total events", Unit: "events", Words: "All events in the window."},
	{Name: "loss", Title: "Loss", Unit: "money", Words: "What the failures in the window cost: failures × value of an event × share that never came back.", Money: true},
	{Name: "loss_accepted", Title: "Accepted loss", Unit: "money", Words: "What as many failures as the promise allows would have cost: the loss that was agreed to.", Money: true},
	{Name: "loss_excess", Title: "Excess loss", Unit: "money", Words: "Loss beyond the accepted loss.", Money: true},
	{Name: "budget_remaining_value", Title: "Error budget remaining, in money", Unit: "money", Words: "What the failures that are left to the promise would cost: accepted loss − loss; negative when overspent.", Money: true},
	{Name: "loss_rate", Title: "Loss per hour", Unit: "money per hour", Words: "What failures cost per hour, over the lookback.", Lookback: true, Money: true},
	{Name: "loss_slow", Title: "Loss to waiting", Unit: "money", Words: "What good events cost that took longer than some customers wait. It is no part of the loss.", Money: true},
	{Name: "loss_missing_demand", Title: "Loss of missing demand", Unit: "money", Words: "What customers would have brought who stayed away while others were hurt: no counter shows them. It stands beside the loss and is no part of it.", Money: true, Instant: true},
	{Name: "customers_affected", Title: "Customers affected", Unit: "customers", Words: "How many customers met more failures than the promise allows.", Customers: true},
	{Name: "customer_minutes", Title: "Customer-minutes lost", Unit: "minutes", Words: "The time that customers lost: customers at work × share of failures × minutes.", Customers: true, Instant: true},
	{Name: "coverage", Title: "Coverage", Unit: "ratio", Words: "Share of the window in which there was data."},
	{Name: "sli_low", Title: "SLI, lower bound", Unit: "ratio", Words: "Lower end of the 95 % interval of the SLI (Wilson)."},
	{Name: "sli_high", Title: "SLI, upper bound", Unit: "ratio", Words: "Upper end of the 95 % interval of the SLI (Wilson)."},
	{Name: "sli_uncorrected", Title: "SLI, uncorrected", Unit: "ratio", Words: "The SLI as it was measured, where corrections changed it."},
	{Name: "budget_remaining_uncorrected", Title: "Error budget remaining, uncorrected", Unit: "ratio of the budget", Words: "What would be left without corrections, where there were any."},
	{Name: "forgiven_events", Title: "Forgiven failures", Unit: "events", Words: "Failures that corrections took out or counted as good."},
	{Name: "policy_state", Title: "State of the policy", Unit: "0 to number of states", Words: "Which state of its error budget policy the promise is in: 0 is the gravest, and the number after the last one stands for none. Empty where the data cannot tell.", Lookback: true},
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
	{byGroup, "Group", "Each promise by the labels that its query is summed by: one tenant, one region at a time."},
	{byService, "Service", "The events of a service's promises added up; its status is that of the worst."},
	{byOwner, "Owner", "The events of an owner's promises added up; its status is that of the worst."},
	{byJourney, "Journey", "What customers do from beginning to end: the share of journeys that succeed, counted where something counts them; its status is that of the worst step."},
}

var periods = []option{
	{string(slo.Day), "Day", "From midnight to midnight in the data source's time zone."},
	{string(slo.Week), "Week", "From the day that weeks start on."},
	{string(slo.Month), "Month", "Calendar months."},
	{string(slo.Quarter), "Quarter", "From January, April, July and October on."},
	{string(slo.Year), "Year", "Calendar years."},
}

// The audiences of statements.
const (
	audienceExecutive = "executive"
	audienceProduct   = "product"
	audienceEngineer  = "engineer"
)

var audiences = []option{
	{audienceExecutive, "Executive", "Whether it was kept, what it cost and what lies ahead, in plain words."},
	{audienceProduct, "Product", "How much room the promise leaves, how fast it is used up, and what was agreed to do."},
	{audienceEngineer, "Engineer", "The figures: SLI, budget, burn rate, coverage, forecast."},
}

// locales are the languages that sentences are written in.
var locales = []option{
	{"en", "English", "Sentences, numbers, money and dates in English."},
	{"de", "Deutsch", "Sätze, Zahlen, Geld und Daten auf Deutsch."},
	{"fr", "Français", "Phrases, nombres, montants et dates en français."},
	{"es", "Español", "Frases, números, importes y fechas en español."},
	{"pt", "Português", "Frases, números, valores e datas em português."},
	{"ja", "日本語", "文章・数値・金額・日付を日本語で表示します。"},
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

// alertables are the query types that an alert rule can evaluate.
func alertables() string {
	text := names(slices.DeleteFunc(slices.Clone(queryTypes), func(t queryType) bool { return !t.Alertable }))
	i := strings.LastIndex(text, ", ")
	return text[:i] + " or " + text[i+2:]
}

func names[T named](list []T) string {
	all := make([]string, len(list))
	for i, entry := range list {
		all[i] = entry.name()
	}
	return strings.Join(all, ", ")
}
