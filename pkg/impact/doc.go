// Package impact turns failed events into money.
//
// Every amount is a [Range]: what an event is worth and how many failures are
// lost for good are assumptions, and an answer that hides how far they reach
// claims more than is known. Nothing is rounded here.
//
// It imports the standard library and package slo only.
package impact
