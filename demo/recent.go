package main

import (
	"strings"
	"time"
)

// declaredOn is the day of the incident that the example catalogue declares.
const declaredOn = "2026-09-14"

// recent is the example catalogue with its declared incident moved into the shop's last
// weeks: the file has a day of its own, and the shop's days end now.
func recent(catalog string, end time.Time) string {
	return strings.ReplaceAll(catalog, declaredOn, end.AddDate(0, 0, -9).UTC().Format(time.DateOnly))
}
