package store

import (
	"fmt"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/config"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/scrape"
)

// pages stands for the scraped metrics pages, from which /api/v1/metadata takes
// type and help of every metric.
var pages = onePage{described(
	scrape.MetricMetadata{
		MetricFamily: "shop_http_requests_total",
		Type:         model.MetricTypeCounter,
		Help:         "Requests answered, by service, pod, kind of customer and status code.",
	},
	scrape.MetricMetadata{
		MetricFamily: "shop_http_request_duration_seconds",
		Type:         model.MetricTypeHistogram,
		Help:         "How long requests took.",
		Unit:         "seconds",
	},
	scrape.MetricMetadata{
		MetricFamily: "shop_order_value_euros",
		Type:         model.MetricTypeSummary,
		Help:         "What successful checkouts were worth.",
		Unit:         "euros",
	},
)}

type onePage struct{ target *scrape.Target }

func (p onePage) TargetsActive() map[string][]*scrape.Target {
	return map[string][]*scrape.Target{"shop": {p.target}}
}

func (onePage) TargetsDropped() map[string][]*scrape.Target { return nil }
func (onePage) TargetsDroppedCounts() map[string]int        { return nil }
func (onePage) ScrapePoolConfig(name string) (*config.ScrapeConfig, error) {
	return nil, fmt.Errorf("scrape pool %q has no configuration: its samples are generated", name)
}

func described(metrics ...scrape.MetricMetadata) *scrape.Target {
	address := model.LabelSet{model.AddressLabel: "shop:8080", model.SchemeLabel: "http", model.MetricsPathLabel: "/metrics"}
	target := scrape.NewTarget(labels.FromStrings("job", "shop", "instance", "shop:8080"), &config.ScrapeConfig{}, address, address)
	target.SetMetadataStore(metadata(metrics))
	return target
}

// metadata is a list of described metrics.
type metadata []scrape.MetricMetadata

func (m metadata) ListMetadata() []scrape.MetricMetadata { return m }
func (m metadata) LengthMetadata() int                   { return len(m) }

func (m metadata) GetMetadata(name string) (scrape.MetricMetadata, bool) {
	for _, one := range m {
		if one.MetricFamily == name {
			return one, true
		}
	}
	return scrape.MetricMetadata{}, false
}

func (m metadata) SizeMetadata() int {
	size := 0
	for _, one := range m {
		size += len(one.MetricFamily) + len(one.Help) + len(one.Unit)
	}
	return size
}
