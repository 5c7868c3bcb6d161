// Package prom counts events in a Prometheus-compatible store.
//
// It reads what every such store gives, the last value of each counter in each
// slice of time, and takes the differences itself. That is exact where PromQL's
// increase() is not: a series that is born inside a window counts from zero, what
// lies before and after a gap in scraping is joined, and nothing is extrapolated.
// Slices in which a counter restarted are read sample by sample.
//
// Intervals are half-open: a slice [from, to) is read at to - 1ms, since a range
// in PromQL holds its end.
//
// It is the only package that speaks to the store, and the only importer of
// Prometheus' client.
package prom
