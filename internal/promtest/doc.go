// Package promtest gives tests a Prometheus that holds just the samples that they
// say: Prometheus' own engine in the test's process, or the real server.
package promtest
