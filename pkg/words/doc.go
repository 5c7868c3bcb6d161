// Package words says what was found out in sentences, and writes numbers, money and
// dates, in six languages.
//
// A sentence is a template whose places are fields of [Facts]: each clause stands for
// one figure, and [Sentence] names them. The same facts always give the same words.
// Numbers and percentages are written as CLDR says (golang.org/x/text); money is not,
// because that library puts every currency's sign before the amount, and knows no
// dates.
//
// It imports the standard library, packages slo and impact, and golang.org/x/text,
// reads no clock and does no I/O.
package words
