package shop

import (
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/prometheus/model/value"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

const window = 28 * 24 * time.Hour

// scraped is a sample as the tests keep it.
type scraped struct {
	at    int64
	value float64
}

// lived is a shop at its end.
func lived(o Options) *Shop {
	s := New(o)
	s.Advance(s.End(), func(*Series, int64, float64) {})
	return s
}

// run lets a shop live to its end and returns its samples per series.
func run(o Options) (*Shop, map[*Series][]scraped) {
	s := New(o)
	samples := map[*Series][]scraped{}
	s.Advance(s.End(), func(series *Series, at int64, v float64) {
		samples[series] = append(samples[series], scraped{at, v})
	})
	return s, samples
}

// increase counts what happened in [from, to) by the samples alone: a fall is a
// restart, a birth starts from zero, a staleness marker says nothing.
func increase(samples []scraped, from, to time.Time) float64 {
	var last, sum float64
	for _, s := range samples {
		if value.IsStaleNaN(s.value) {
			continue
		}
		grown := s.value - last
		if grown < 0 {
			grown = s.value
		}
		if s.at >= from.UnixMilli() && s.at < to.UnixMilli() {
			sum += grown
		}
		last = s.value
	}
	return sum
}

// at parses an instant.
func at(t *testing.T, text string) time.Time {
	t.Helper()
	instant, err := time.Parse(time.RFC3339, text)
	require.NoError(t, err)
	return instant
}

// targets reads them from the example catalogue, by name of SLO.
func targets(t *testing.T) map[string]float64 {
	t.Helper()
	text, err := os.ReadFile("../../examples/shop/catalog.yaml")
	require.NoError(t, err)
	found := map[string]float64{}
	decoder := yaml.NewDecoder(strings.NewReader(string(text)))
	for {
		var doc struct {
			Kind     string
			Metadata struct{ Name string }
			Spec     struct {
				Objectives []struct{ Target float64 }
			}
		}
		if decoder.Decode(&doc) != nil {
			return found
		}
		if doc.Kind == "SLO" {
			found[doc.Metadata.Name] = doc.Spec.Objectives[0].Target
		}
	}
}

// wilson is the 95 % interval of a ratio.
func wilson(c Counts) (low, high float64) {
	const z = 1.96
	n, p := float64(c.Total), float64(c.Good)/float64(c.Total)
	centre := (p + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	return centre - half, centre + half
}
