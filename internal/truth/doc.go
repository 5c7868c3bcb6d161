// Package truth simulates a shop that knows what it lost, to hold the estimates of
// package impact against.
//
// Every customer is followed one by one: they come, or are kept away by an outage;
// their order goes through, or fails, and then they try again some time later or
// never do. The shop writes down each order that was lost for good. The estimator
// sees what a store would hold, good and total events per slice, and what the
// business assumes about the value of an order and about those who come back, with
// the ranges that it gives. It sees nothing of the rest.
package truth
