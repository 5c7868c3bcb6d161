// Package forecast says how much of an error budget will be consumed at every
// future instant, and how sure that is.
//
// It holds three opinions. Failures are a background that is always there and
// episodes that begin, last and end: an average of both is what never happens.
// What a short history cannot tell widens the band, by drawing the learnt figures
// anew for every simulated future. And what the window already holds is known: of
// a rolling window the errors that age out leave, so that only the future is
// uncertain.
//
// The answer is a distribution: of consumed budget, hence of the instants at which
// the budget is gone or back, and of a miss. It is made by simulation with fixed
// draws, so that the same events and the same now give the same answer, and an
// answer a minute later differs by what happened in that minute alone.
//
// The package imports the standard library and package slo only, reads no clock and
// does no I/O. All ratios are in [0, 1]; consumed budget is a ratio of the budget,
// above 1 where it is overspent; nothing is clamped or rounded.
package forecast
