// Package slotest is the scenario language of Stakes: what was measured, a
// question, and the expected answer under it, as text. README.md describes it.
//
// A scenario runs against anything that implements [Engine]: the pure core, and
// the whole plugin with a Prometheus behind it. A difference between the two is a
// bug in what lies between them. Only tests import this package.
package slotest
