// Package export writes what a catalogue defines in the words of others, so that whoever
// uses Stakes can leave it again, and so that rulers do work for it: rules of Prometheus,
// Mimir and Thanos, alert rules of Grafana, documents of OpenSLO. A catalogue goes in and
// text comes out; what a format has no words for is in its notes, and at its top.
package export
