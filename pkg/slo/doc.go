// Package slo is the arithmetic of service level objectives: counts of good and
// total events per slice of time in, a verdict on a promise out.
//
// The package holds three opinions. Counts stay counts as long as possible, and
// a ratio is formed once, at the end: averages of ratios weigh a quiet night like
// a busy noon. What was not measured is neither zero nor good: it lowers the
// coverage, and below a threshold there is no verdict. Nothing is clamped or
// rounded: an overspent budget is negative.
//
// It imports the standard library only, reads no clock and does no I/O. All
// ratios are in [0, 1]; all intervals of time are half-open, [from, to).
package slo
