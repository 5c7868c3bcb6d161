package promtest

import (
	"fmt"
	"sort"
	"strings"
	"time"

	"github.com/prometheus/prometheus/model/histogram"
)

// Series is a time series with its samples, in order of time.
type Series struct {
	Labels  map[string]string // with __name__
	Samples []Sample
}

// Sample is a value at an instant, which Prometheus keeps to the millisecond.
type Sample struct {
	At    time.Time
	Value float64
	// Histogram is a native histogram in place of the value; in-process only.
	Histogram *histogram.Histogram
	// Float has the histogram kept as one of floating-point numbers.
	Float bool
}

// openMetrics writes series in the format that promtool makes blocks of.
func openMetrics(all []Series) string {
	byName := map[string][]Series{}
	for _, s := range all {
		byName[s.Labels["__name__"]] = append(byName[s.Labels["__name__"]], s)
	}
	names := make([]string, 0, len(byName))
	for name := range byName {
		names = append(names, name)
	}
	sort.Strings(names)
	var b strings.Builder
	for _, name := range names {
		fmt.Fprintf(&b, "# TYPE %s unknown\n", name)
		for _, s := range byName[name] {
			id := name + "{" + labelText(s.Labels) + "}"
			for _, sample := range s.Samples {
				fmt.Fprintf(&b, "%s %v %.3f\n", id, sample.Value, float64(sample.At.UnixMilli())/1000)
			}
		}
	}
	b.WriteString("# EOF\n")
	return b.String()
}

func labelText(labels map[string]string) string {
	var parts []string
	for key, value := range labels {
		if key != "__name__" {
			parts = append(parts, fmt.Sprintf("%s=%q", key, value))
		}
	}
	sort.Strings(parts)
	return strings.Join(parts, ",")
}
