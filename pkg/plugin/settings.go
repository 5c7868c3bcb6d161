package plugin

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // machines without a tz database have calendars too

	"github.com/grafana/grafana-plugin-sdk-go/backend"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/catalog"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/prom"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// settings are what the data source is configured with, beyond what every HTTP
// data source has.
type settings struct {
	url         string
	uid         string        // of the data source, by which alert rules ask it
	httpMethod  string        // POST or GET
	scrape      time.Duration // how far apart samples are
	delay       time.Duration // how far behind now the data is complete
	queryParams url.Values    // added to every request
	catalogs    []catalog.Source
	addresses   []*url.URL       // where more of the catalogue is fetched from
	discover    []catalog.Origin // whose SLOs are discovered in the store
	// discoverSaid says that the settings name them; else nobody asked for it.
	discoverSaid bool
	currency     string // ISO 4217; empty where none is set
	zone         *time.Location
	weekStart    time.Weekday
	maxGroups    int   // groups of one indicator that are told apart
	maxSamples   int64 // samples that are read for one counter; zero for as many as is usual
	cacheSize    int64 // bytes of memory for slices that were counted
	// ownCredentials says that requests carry credentials of the user who asks, so
	// that two users may not share an answer.
	ownCredentials bool
}

// defaultDelay leaves a scrape that is under way the time to arrive.
const defaultDelay = time.Minute

// defaultScrape is Prometheus' own default.
const defaultScrape = time.Minute

// defaultMaxGroups is more than a panel can show and less than a browser can bear.
const defaultMaxGroups = 100

var weekdays = map[string]time.Weekday{
	"": time.Monday, "monday": time.Monday, "tuesday": time.Tuesday, "wednesday": time.Wednesday, "thursday": time.Thursday,
	"friday": time.Friday, "saturday": time.Saturday, "sunday": time.Sunday,
}

// location is a time zone of the tz database; UTC where none is named. "browser" and
// "Local" are no zones: alert rules have no browser, and the server is anywhere.
func location(name string) (*time.Location, error) {
	if name == "" {
		return time.UTC, nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil || name == "Local" {
		return nil, fmt.Errorf("the data source's timezone is %q; expected a name of the tz database, such as Europe/Berlin", name)
	}
	return zone, nil
}

// window reads a window: a duration, or a unit of the calendar in the data source's
// time zone.
func (s settings) window(text string) (slo.Window, error) {
	if slices.Contains(slo.Units, slo.Unit(text)) {
		return slo.CalendarOf(slo.Unit(text), s.zone, s.weekStart)
	}
	return slo.ParseWindow(text)
}

var currencyCode = regexp.MustCompile(`^[A-Z]{3}$`)

func parseSettings(s backend.DataSourceInstanceSettings) (settings, error) {
	var raw struct {
		HTTPMethod            string    `json:"httpMethod"`
		TimeInterval          string    `json:"timeInterval"`
		QueryDelay            string    `json:"queryDelay"`
		CustomQueryParameters string    `json:"customQueryParameters"`
		Catalog               string    `json:"catalog"`
		CatalogURLs           []string  `json:"catalogUrls"`
		Discover              *[]string `json:"discover"`
		Currency              string    `json:"currency"`
		CacheSize             int64     `json:"cacheSize"`
		Timezone              string    `json:"timezone"`
		WeekStart             string    `json:"weekStart"`
		MaxGroups             int       `json:"maxGroups"`
		MaxSamples            int64     `json:"maxSamples"`

		OAuthPassThru bool     `json:"oauthPassThru"`
		KeepCookies   []string `json:"keepCookies"`
	}
	if len(s.JSONData) > 0 {
		if err := json.Unmarshal(s.JSONData, &raw); err != nil {
			return settings{}, fmt.Errorf("the data source's jsonData cannot be read: %w", err)
		}
	}
	parsed := settings{
		url: s.URL, uid: s.UID, httpMethod: raw.HTTPMethod, currency: raw.Currency,
		scrape: defaultScrape, delay: defaultDelay,
		cacheSize: raw.CacheSize,
		catalogs: []catalog.Source{
			{Name: "catalog", Text: raw.Catalog},
			// Grafana gives jsonData to everybody who sees a dashboard, and this to nobody.
			{Name: "confidential catalog", Text: s.DecryptedSecureJSONData["catalog"]},
		},
		ownCredentials: raw.OAuthPassThru || len(raw.KeepCookies) > 0,
	}
	if parsed.httpMethod == "" {
		parsed.httpMethod = "POST"
	}
	if parsed.httpMethod != "POST" && parsed.httpMethod != "GET" {
		return parsed, fmt.Errorf("the data source's httpMethod is %q; expected POST or GET", raw.HTTPMethod)
	}
	var err error
	if parsed.addresses, err = addresses(raw.CatalogURLs); err != nil {
		return parsed, err
	}
	if err := parsed.discovery(raw.Discover); err != nil {
		return parsed, err
	}
	if raw.TimeInterval != "" {
		if parsed.scrape, err = slo.ParseDuration(raw.TimeInterval); err != nil {
			return parsed, fmt.Errorf("the data source's scrape interval (timeInterval): %w", err)
		}
	}
	if raw.QueryDelay != "" && raw.QueryDelay != "0" && raw.QueryDelay != "0s" {
		if parsed.delay, err = slo.ParseDuration(raw.QueryDelay); err != nil {
			return parsed, fmt.Errorf("the data source's queryDelay: %w", err)
		}
	} else if raw.QueryDelay != "" {
		parsed.delay = 0
	}
	if parsed.queryParams, err = url.ParseQuery(raw.CustomQueryParameters); err != nil {
		return parsed, fmt.Errorf("the data source's customQueryParameters are no query parameters; expected a form such as max_source_resolution=5m&dedup=true")
	}
	switch {
	case raw.CacheSize == 0:
		parsed.cacheSize = prom.DefaultCacheSize
	case raw.CacheSize < 0:
		return parsed, fmt.Errorf("the data source's cacheSize is %d; expected bytes of memory, such as 67108864", raw.CacheSize)
	}
	if parsed.zone, err = location(raw.Timezone); err != nil {
		return parsed, err
	}
	day, ok := weekdays[strings.ToLower(raw.WeekStart)]
	if !ok {
		return parsed, fmt.Errorf("the data source's weekStart is %q; expected a day such as monday or sunday", raw.WeekStart)
	}
	parsed.weekStart = day
	switch {
	case raw.MaxGroups == 0:
		parsed.maxGroups = defaultMaxGroups
	case raw.MaxGroups < 0:
		return parsed, fmt.Errorf("the data source's maxGroups is %d; expected a number of groups, such as 100", raw.MaxGroups)
	default:
		parsed.maxGroups = raw.MaxGroups
	}
	if parsed.maxSamples = raw.MaxSamples; raw.MaxSamples < 0 {
		return parsed, fmt.Errorf("the data source's maxSamples is %d; expected a number of samples, such as 100000000", raw.MaxSamples)
	}
	if raw.Currency != "" && !currencyCode.MatchString(raw.Currency) {
		return parsed, fmt.Errorf("the data source's currency is %q; expected an ISO 4217 code such as EUR", raw.Currency)
	}
	if s.URL == "" {
		return parsed, fmt.Errorf("the data source has no URL; expected the address of Prometheus, such as http://localhost:9090")
	}
	u, err := url.Parse(s.URL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return parsed, fmt.Errorf("the data source's URL is no HTTP address; expected a form such as http://localhost:9090")
	}
	return parsed, nil
}

// addresses are where more of the catalogue is fetched from.
func addresses(given []string) ([]*url.URL, error) {
	if len(given) > maxAddresses {
		return nil, fmt.Errorf("the data source's catalogUrls has %d addresses; expected at most %d", len(given), maxAddresses)
	}
	var all []*url.URL
	for i, text := range given {
		u, err := checkAddress(i, text)
		if err != nil {
			return nil, err
		}
		all = append(all, u)
	}
	return all, nil
}

// discovery reads whose SLOs are discovered. Where nothing is said, it is everybody's,
// unless the store wants the credentials of the user who asks: nobody does then.
func (s *settings) discovery(given *[]string) error {
	if given == nil {
		if !s.ownCredentials {
			s.discover = catalog.Tools
		}
		return nil
	}
	s.discoverSaid = true
	for _, name := range *given {
		tool := catalog.Origin(name)
		if !slices.Contains(catalog.Tools, tool) {
			return fmt.Errorf("the data source's discover has %q; expected sloth, pyrra or grafana", name)
		}
		if !slices.Contains(s.discover, tool) {
			s.discover = append(s.discover, tool)
		}
	}
	return nil
}
