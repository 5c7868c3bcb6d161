// Package backtest judges the forecast: it walks a series of demand through time
// under many random failure processes, asks the forecast and simpler methods at
// instants along the way, never showing them the future, and compares what they said
// with what came.
//
// Processes and demand are of two sets. The forecast's constants were chosen on the
// tuning set alone; the verdict is on the hold-out set, whose demand, families of
// failure and seeds are others.
package backtest
