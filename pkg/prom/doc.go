// Package prom counts events in a Prometheus-compatible store.
//
// It counts counters' own values and not what PromQL makes of them, which is exact
// where increase() is not: a series that is born inside a window counts from zero,
// what lies before and after a gap in scraping is joined, a restart loses nothing,
// and nothing is extrapolated. It reads every sample where the store offers remote
// read, and elsewhere the last value of every series in each slice of time.
// docs/counting.md has the rules and their limits.
//
// Intervals are half-open. PromQL's ranges hold their end: a slice [from, to) is
// read at to - 1ms.
//
// It is the only package that speaks to the store, and the only importer of
// Prometheus' client.
package prom
