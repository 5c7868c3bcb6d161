// Package impact turns failed events into money.
//
// Every amount is a [Range]: what an event is worth and how many failures are
// lost for good are assumptions, and an answer that hides how far they reach
// claims more than is known. Nothing is rounded here.
//
// It imports the standard library, package slo and gonum's distributions only, reads
// no clock and does no I/O. Every formula is in docs/formulas.md.
package impact
